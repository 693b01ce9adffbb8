#include "traffic/linewindow.h"

#include <QHash>

#include <algorithm>

namespace gatehouse::ui {

using admin::TrafficLine;

int LineWindow::keptLines() const
{
    int kept = 0;
    for (const Block &block : m_blocks)
        kept += static_cast<int>(block.lines.size());
    return kept;
}

void LineWindow::renumber(size_t from)
{
    int start = from == 0 ? 0 : m_blocks[from - 1].start + m_blocks[from - 1].size();
    for (size_t i = from; i < m_blocks.size(); ++i) {
        m_blocks[i].start = start;
        start += m_blocks[i].size();
    }
    m_size = start;
}

size_t LineWindow::blockAt(int place) const
{
    const auto after = std::upper_bound(
        m_blocks.begin(), m_blocks.end(), place, [](int wanted, const Block &block) {
            return wanted < block.start;
        });
    return static_cast<size_t>(after - m_blocks.begin()) - 1;
}

void LineWindow::append(std::vector<TrafficLine> lines)
{
    if (lines.empty())
        return;
    const bool fits = !m_blocks.empty() && m_blocks.back().isKept()
                      && m_blocks.back().size() + static_cast<int>(lines.size()) <= blockSize;
    if (!fits)
        m_blocks.push_back({});
    Block &block = m_blocks.back();
    for (TrafficLine &line : lines) {
        block.entries.push_back({line.id, line.record.cost});
        block.lines.push_back(std::move(line));
    }
    renumber(m_blocks.size() - 1);
}

void LineWindow::prepend(std::vector<TrafficLine> lines)
{
    while (std::ssize(lines) > blockSize) {
        const auto rest = lines.end() - blockSize;
        prepend({std::make_move_iterator(rest), std::make_move_iterator(lines.end())});
        lines.erase(rest, lines.end());
    }
    if (lines.empty())
        return;
    const bool fits = !m_blocks.empty() && m_blocks.front().isKept()
                      && m_blocks.front().size() + static_cast<int>(lines.size()) <= blockSize;
    if (!fits)
        m_blocks.insert(m_blocks.begin(), Block());
    Block &block = m_blocks.front();
    std::vector<Entry> entries;
    for (const TrafficLine &line : lines)
        entries.push_back({line.id, line.record.cost});
    block.entries.insert(block.entries.begin(), entries.begin(), entries.end());
    block.lines.insert(block.lines.begin(),
                       std::make_move_iterator(lines.begin()),
                       std::make_move_iterator(lines.end()));
    renumber(0);
}

void LineWindow::clear()
{
    m_blocks.clear();
    m_size = 0;
}

const TrafficLine *LineWindow::at(int place) const
{
    if (place < 0 || place >= m_size)
        return nullptr;
    const Block &block = m_blocks[blockAt(place)];
    return block.isKept() ? &block.lines[static_cast<size_t>(place - block.start)] : nullptr;
}

int LineWindow::placeOf(const QByteArray &requestId) const
{
    for (const Block &block : m_blocks) {
        for (size_t i = 0; i < block.lines.size(); ++i) {
            if (block.lines[i].record.requestId == requestId)
                return block.start + static_cast<int>(i);
        }
    }
    return -1;
}

void LineWindow::setCaptured(int place, bool captured)
{
    Block &block = m_blocks[blockAt(place)];
    if (block.isKept())
        block.lines[static_cast<size_t>(place - block.start)].hasCapture = captured;
}

void LineWindow::setBookmarked(int place, bool bookmarked)
{
    Block &block = m_blocks[blockAt(place)];
    if (block.isKept())
        block.lines[static_cast<size_t>(place - block.start)].bookmarked = bookmarked;
}

admin::TrafficTotals LineWindow::sum(int first, int last) const
{
    admin::TrafficTotals totals;
    int place = std::max(0, first);
    const int end = std::min(m_size - 1, last);
    while (place <= end) {
        const Block &block = m_blocks[blockAt(place)];
        const int until = std::min(end, block.start + block.size() - 1);
        for (int i = place - block.start; i <= until - block.start; ++i)
            totals.cost.nanoDollars += block.entries[static_cast<size_t>(i)].cost.nanoDollars;
        totals.requests += until - place + 1;
        place = until + 1;
    }
    return totals;
}

std::optional<LineWindow::Gap> LineWindow::gap(int first, int last) const
{
    int place = std::max(0, first);
    const int end = std::min(m_size - 1, last);
    while (place <= end) {
        const Block &block = m_blocks[blockAt(place)];
        if (!block.isKept()) {
            return Gap{.first = block.start,
                       .count = block.size(),
                       .from = {.before = block.entries.front().id + 1,
                                .floor = block.entries.back().id - 1}};
        }
        place = block.start + block.size();
    }
    return std::nullopt;
}

// Newer lines may have come meanwhile, so that the block is found by its ids.
void LineWindow::fill(const Gap &gap, const std::vector<TrafficLine> &lines)
{
    const auto found = std::find_if(m_blocks.begin(), m_blocks.end(), [&gap](const Block &block) {
        return !block.isKept() && block.entries.front().id + 1 == gap.from.before;
    });
    if (found == m_blocks.end())
        return;
    QHash<qint64, const TrafficLine *> known;
    for (const TrafficLine &line : lines)
        known.insert(line.id, &line);
    found->lines.reserve(found->entries.size());
    for (const Entry &entry : found->entries) {
        const TrafficLine *line = known.value(entry.id);
        found->lines.push_back(line ? *line : TrafficLine{.id = entry.id});
    }
}

void LineWindow::keepNear(int first, int last)
{
    for (Block &block : m_blocks) {
        const bool isNear =
            block.start + block.size() > first - margin && block.start < last + margin;
        if (!isNear && block.isKept())
            block.lines = {};
    }
}

} // namespace gatehouse::ui
