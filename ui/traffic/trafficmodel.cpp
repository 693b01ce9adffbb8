#include "traffic/trafficmodel.h"

#include "traffic/trafficcolumns.h"

#include <algorithm>

namespace gatehouse::ui {

using admin::TrafficLine;

namespace {

// So many rows before and behind those that are looked at are read in advance.
constexpr int ahead = 400;
constexpr qsizetype mostFinished = 5'000;
// So many lists of what is being served may lack a request before its row goes: its line of the ledger
// is asked for half as often.
constexpr int patience = 4;

std::vector<ColumnTraits> traitsOf(const std::vector<Column<TrafficLine>> &columns)
{
    std::vector<ColumnTraits> traits;
    for (const Column<TrafficLine> &column : columns)
        traits.push_back(column.traits);
    return traits;
}

} // namespace

TrafficModel::TrafficModel(QObject *parent)
    : TableModelBase(traitsOf(TrafficColumns::columns()), parent)
    , m_columns(TrafficColumns::columns())
{
    reset(std::nullopt);
}

TrafficModel::~TrafficModel() = default;

void TrafficModel::setTexts()
{
    setTraits(traitsOf(TrafficColumns::columns()));
    retranslate();
}

int TrafficModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

TrafficModel::Section *TrafficModel::sectionOf(const QString &key) const
{
    return m_grouping ? m_byKey.value(key) : m_sections.front().get();
}

TrafficModel::Section *TrafficModel::sectionAt(int row) const
{
    if (row < runningCount() || row >= m_rows)
        return nullptr;
    const auto after = std::upper_bound(
        m_sections.begin(), m_sections.end(), row, [](int wanted, const auto &section) {
            return wanted < section->start;
        });
    return std::prev(after)->get();
}

// Sections begin where the one before ends; an empty one shares its row with the next.
void TrafficModel::renumber()
{
    int row = runningCount();
    for (size_t i = 0; i < m_sections.size(); ++i) {
        m_sections[i]->start = row;
        m_sections[i]->place = i;
        row += m_sections[i]->rows();
    }
    m_rows = row;
}

TrafficModel::Kind TrafficModel::kindAt(int row) const
{
    if (row < 0 || row >= m_rows)
        return Kind::None;
    if (row < runningCount())
        return Kind::Running;
    const Section *section = sectionAt(row);
    return section->group && row == section->start ? Kind::Group : Kind::Request;
}

const TrafficLine *TrafficModel::lineAt(int row) const
{
    if (row >= 0 && row < runningCount())
        return &m_running[static_cast<size_t>(row)];
    const Section *section = sectionAt(row);
    return section ? section->lines.at(row - section->start - section->header()) : nullptr;
}

const domain::TrafficGroup *TrafficModel::groupAt(int row) const
{
    return kindAt(row) == Kind::Group ? &*sectionAt(row)->group : nullptr;
}

int TrafficModel::rowOf(const QByteArray &requestId) const
{
    for (int row = 0; row < runningCount(); ++row) {
        if (m_running[static_cast<size_t>(row)].record.requestId == requestId)
            return row;
    }
    for (const auto &section : m_sections) {
        const int place = section->open ? section->lines.placeOf(requestId) : -1;
        if (place >= 0)
            return section->start + section->header() + place;
    }
    return -1;
}

int TrafficModel::rowOfGroup(const QString &key) const
{
    const Section *section = m_byKey.value(key);
    return section ? section->start : -1;
}

bool TrafficModel::isOpen(const QString &key) const
{
    const Section *section = m_byKey.value(key);
    return section && section->open;
}

QStringList TrafficModel::openGroups() const
{
    QStringList keys;
    for (const auto &section : m_sections) {
        if (section->group && section->open)
            keys.append(section->group->key);
    }
    return keys;
}

admin::TrafficTotals TrafficModel::sum(int first, int last) const
{
    admin::TrafficTotals totals;
    const auto add = [&totals](qint64 requests, domain::Cost cost) {
        totals.requests += requests;
        totals.cost.nanoDollars += cost.nanoDollars;
    };
    int row = std::max(first, 0);
    for (; row <= last && row < runningCount(); ++row)
        add(1, m_running[static_cast<size_t>(row)].record.cost);
    while (row <= last && row < m_rows) {
        const Section *section = sectionAt(row);
        if (section->group && row == section->start) {
            // The requests of an open group that are selected with it count once.
            const bool whole = section->open && section->lines.size() > 0 && row < last;
            if (!whole)
                add(section->group->requests, section->group->cost);
            ++row;
            continue;
        }
        const int begin = section->start + section->header();
        const int end = std::min(last, section->start + section->rows() - 1);
        const admin::TrafficTotals part = section->lines.sum(row - begin, end - begin);
        add(part.requests, part.cost);
        row = end + 1;
    }
    return totals;
}

int TrafficModel::keptLines() const
{
    int kept = 0;
    for (const auto &section : m_sections)
        kept += section->lines.keptLines();
    return kept;
}

void TrafficModel::reset(std::optional<domain::TrafficGrouping> grouping)
{
    beginResetModel();
    m_grouping = grouping;
    m_byKey.clear();
    m_sections.clear();
    m_finished.clear();
    if (!grouping)
        m_sections.push_back(std::make_unique<Section>());
    renumber();
    endResetModel();
}

void TrafficModel::append(const QString &group, const admin::TrafficPage &page)
{
    Section *section = sectionOf(group);
    if (!section)
        return;
    section->next = page.next;
    if (page.lines.empty())
        return;
    const int first = section->start + section->header() + section->lines.size();
    const int count = static_cast<int>(page.lines.size());
    if (section->lines.size() == 0) {
        for (const TrafficLine &line : page.lines)
            m_finished.insert(line.record.requestId);
        for (int row = runningCount() - 1; row >= 0; --row) {
            if (m_finished.contains(m_running[static_cast<size_t>(row)].record.requestId)) {
                removeRunning(row);
                return append(group, page);
            }
        }
    }
    if (section->open)
        beginInsertRows({}, first, first + count - 1);
    section->lines.append(page.lines);
    renumber();
    if (section->open)
        endInsertRows();
}

void TrafficModel::fill(const QString &group,
                        const LineWindow::Gap &gap,
                        const std::vector<TrafficLine> &lines)
{
    Section *section = sectionOf(group);
    if (!section)
        return;
    section->lines.fill(gap, lines);
    if (section->open && section->rows() > section->header())
        emit dataChanged(index(section->start + section->header(), 0),
                         index(section->start + section->rows() - 1, columnCount() - 1));
}

void TrafficModel::removeRunning(int row)
{
    beginRemoveRows({}, row, row);
    m_running.erase(m_running.begin() + row);
    renumber();
    endRemoveRows();
}

void TrafficModel::setRunning(const std::vector<TrafficLine> &running)
{
    QSet<QByteArray> present;
    for (const TrafficLine &line : running)
        present.insert(line.record.requestId);
    for (int row = runningCount() - 1; row >= 0; --row) {
        const QByteArray id = m_running[static_cast<size_t>(row)].record.requestId;
        if (present.contains(id)) {
            m_absent.remove(id);
        } else if (++m_absent[id] >= patience) {
            m_absent.remove(id);
            removeRunning(row);
        }
    }
    for (const TrafficLine &line : running) {
        if (m_finished.contains(line.record.requestId))
            continue;
        const auto found =
            std::find_if(m_running.begin(), m_running.end(), [&line](const TrafficLine &one) {
                return one.record.requestId == line.record.requestId;
            });
        if (found != m_running.end()) {
            const bool cancelling = found->running && found->running->cancelling;
            *found = line;
            found->running->cancelling = cancelling || line.running->cancelling;
            const int row = static_cast<int>(found - m_running.begin());
            emit dataChanged(index(row, 0), index(row, columnCount() - 1));
            continue;
        }
        const auto after =
            std::find_if(m_running.begin(), m_running.end(), [&line](const TrafficLine &one) {
                return one.startedAt() < line.startedAt();
            });
        const int row = static_cast<int>(after - m_running.begin());
        beginInsertRows({}, row, row);
        m_running.insert(after, line);
        renumber();
        endInsertRows();
    }
}

void TrafficModel::dropRunning(const std::function<bool(const TrafficLine &)> &which)
{
    for (int row = runningCount() - 1; row >= 0; --row) {
        const TrafficLine &line = m_running[static_cast<size_t>(row)];
        if (!which(line))
            continue;
        m_absent.remove(line.record.requestId);
        removeRunning(row);
    }
}

void TrafficModel::setCancelling(const QByteArray &requestId)
{
    for (TrafficLine &line : m_running) {
        if (line.record.requestId == requestId)
            line.running->cancelling = true;
    }
    if (m_rows > 0)
        refreshColumn(QStringLiteral("status"));
}

void TrafficModel::addNewer(const std::vector<TrafficLine> &lines)
{
    if (m_finished.size() > mostFinished)
        m_finished.clear();
    for (const TrafficLine &line : lines)
        m_finished.insert(line.record.requestId);
    if (m_grouping)
        addToGroups(lines);
    else
        addToList(lines);
}

// The row of a request moves from those that are served to the beginning of the ledger, so that what
// is selected stays selected.
bool TrafficModel::becomesFinished(const TrafficLine &line)
{
    const auto found =
        std::find_if(m_running.begin(), m_running.end(), [&line](const TrafficLine &one) {
            return one.record.requestId == line.record.requestId;
        });
    if (found == m_running.end())
        return false;
    const int row = static_cast<int>(found - m_running.begin());
    const int last = runningCount() - 1;
    const bool moves = row != last;
    if (moves)
        beginMoveRows({}, row, row, {}, last + 1);
    m_running.erase(found);
    m_sections.front()->lines.prepend({line});
    renumber();
    if (moves)
        endMoveRows();
    m_absent.remove(line.record.requestId);
    emit dataChanged(index(last, 0), index(last, columnCount() - 1));
    return true;
}

void TrafficModel::prependTo(Section &section, std::vector<TrafficLine> lines)
{
    if (lines.empty())
        return;
    const int first = section.start + section.header();
    if (section.open)
        beginInsertRows({}, first, first + static_cast<int>(lines.size()) - 1);
    section.lines.prepend(std::move(lines));
    renumber();
    if (section.open)
        endInsertRows();
}

void TrafficModel::addToList(const std::vector<TrafficLine> &lines)
{
    std::vector<TrafficLine> fresh; // the oldest first
    const auto flush = [this, &fresh] {
        std::reverse(fresh.begin(), fresh.end());
        prependTo(*m_sections.front(), std::exchange(fresh, {}));
    };
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        const bool runs =
            std::any_of(m_running.begin(), m_running.end(), [&line](const TrafficLine &one) {
                return one.record.requestId == line->record.requestId;
            });
        if (!runs) {
            fresh.push_back(*line);
            continue;
        }
        flush();
        becomesFinished(*line);
    }
    flush();
}

void TrafficModel::addToGroups(const std::vector<TrafficLine> &lines)
{
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        for (int row = runningCount() - 1; row >= 0; --row) {
            if (m_running[static_cast<size_t>(row)].record.requestId == line->record.requestId)
                removeRunning(row);
        }
        domain::TrafficGroup part{.key = domain::trafficGroupKey(*m_grouping, line->record)};
        part.name = *m_grouping == domain::TrafficGrouping::Channel ? line->channelName
                    : *m_grouping == domain::TrafficGrouping::Token
                        ? QString::fromUtf8(line->record.tokenName)
                        : part.key;
        part.add(line->id, line->record);
        Section *section = m_byKey.value(part.key);
        if (!section) {
            auto made = std::make_unique<Section>();
            made->group = part;
            made->open = false;
            made->next = admin::TrafficCursor{.before = part.newest + 1, .floor = part.oldest - 1};
            beginInsertRows({}, runningCount(), runningCount());
            m_byKey.insert(part.key, made.get());
            m_sections.insert(m_sections.begin(), std::move(made));
            renumber();
            endInsertRows();
            continue;
        }
        section->group->merge(part);
        const bool isRead = section->lines.size() > 0 || !section->next;
        if (isRead)
            prependTo(*section, {*line});
        else if (section->next)
            section->next->before = std::max(section->next->before, line->id + 1);
        emit dataChanged(index(section->start, 0), index(section->start, columnCount() - 1));
    }
}

void TrafficModel::mergeGroups(const std::vector<domain::TrafficGroup> &groups)
{
    std::vector<std::unique_ptr<Section>> fresh;
    for (const domain::TrafficGroup &group : groups) {
        Section *section = m_byKey.value(group.key);
        if (!section) {
            auto made = std::make_unique<Section>();
            made->group = group;
            made->open = false;
            made->next =
                admin::TrafficCursor{.before = group.newest + 1, .floor = group.oldest - 1};
            m_byKey.insert(group.key, made.get());
            fresh.push_back(std::move(made));
            continue;
        }
        section->group->merge(group);
        // Older lines have been found, which follow those that are there.
        if (section->next)
            section->next->floor = std::min(section->next->floor, group.oldest - 1);
        else
            section->next =
                admin::TrafficCursor{.before = group.newest + 1, .floor = group.oldest - 1};
        emit dataChanged(index(section->start, 0), index(section->start, columnCount() - 1));
    }
    if (fresh.empty())
        return;
    beginInsertRows({}, m_rows, m_rows + static_cast<int>(fresh.size()) - 1);
    std::move(fresh.begin(), fresh.end(), std::back_inserter(m_sections));
    renumber();
    endInsertRows();
}

void TrafficModel::setOpen(const QString &key, bool open)
{
    Section *section = m_byKey.value(key);
    if (!section || section->open == open)
        return;
    const int first = section->start + 1;
    const int count = section->lines.size();
    if (count > 0 && open)
        beginInsertRows({}, first, first + count - 1);
    else if (count > 0)
        beginRemoveRows({}, first, first + count - 1);
    section->open = open;
    renumber();
    if (count > 0 && open)
        endInsertRows();
    else if (count > 0)
        endRemoveRows();
    emit dataChanged(index(section->start, 0), index(section->start, columnCount() - 1));
}

void TrafficModel::setForgotten(const std::function<bool(const TrafficLine &)> &which)
{
    for (const auto &section : m_sections) {
        for (int place = 0; place < section->lines.size(); ++place) {
            const TrafficLine *line = section->lines.at(place);
            if (line && line->hasCapture && which(*line))
                section->lines.setCaptured(place, false);
        }
    }
    if (m_rows > 0)
        refreshColumn(QStringLiteral("bodies"));
}

void TrafficModel::setBookmarked(const QByteArrayList &requestIds, bool bookmarked)
{
    const QSet<QByteArray> changed(requestIds.begin(), requestIds.end());
    for (const auto &section : m_sections) {
        for (int place = 0; place < section->lines.size(); ++place) {
            const TrafficLine *line = section->lines.at(place);
            if (line && changed.contains(line->record.requestId))
                section->lines.setBookmarked(place, bookmarked);
        }
    }
    if (m_rows > 0)
        refreshColumn(QStringLiteral("bookmark"));
}

std::vector<TrafficModel::Wish> TrafficModel::look(int first, int last)
{
    std::vector<Wish> wishes;
    for (const auto &section : m_sections) {
        if (!section->open)
            continue;
        const int begin = section->start + section->header();
        const int size = section->lines.size();
        section->lines.keepNear(first - begin, last - begin);
        if (begin > last + ahead || begin + size < first - ahead)
            continue;
        const QString key = section->group ? section->group->key : QString();
        if (const auto gap =
                section->lines.gap(first - ahead / 2 - begin, last + ahead / 2 - begin))
            wishes.push_back({.group = key, .gap = gap});
        else if (section->next && begin + size <= last + ahead)
            wishes.push_back({.group = key, .from = *section->next});
    }
    return wishes;
}

Qt::ItemFlags TrafficModel::flags(const QModelIndex &index) const
{
    if (!holds(index))
        return Qt::NoItemFlags;
    return Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
}

QVariant TrafficModel::data(const QModelIndex &index, int role) const
{
    if (!holds(index))
        return {};
    const int row = index.row();
    const Kind kind = kindAt(row);
    if (role == kindRole)
        return static_cast<int>(kind);
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(traits(index.column()).alignmentOrUsual());
    if (kind == Kind::Group)
        return groupData(*sectionAt(row), index.column(), role);
    if (role == depthRole)
        return kind == Kind::Request && m_grouping ? 1 : 0;
    return lineData(lineAt(row), index.column(), role);
}

QVariant TrafficModel::lineData(const TrafficLine *line, int column, int role) const
{
    const Column<TrafficLine> &shown = m_columns[static_cast<size_t>(column)];
    if (!line || line->record.requestId.isEmpty()) {
        // Only its id is known: it is being read again, or is gone from the ledger.
        if (role == role::cell && column == 0)
            return QVariant::fromValue(Cell{.text = QStringLiteral("…"), .secondary = true});
        return role == role::cell ? QVariant::fromValue(Cell()) : QVariant();
    }
    switch (role) {
    case role::cell:
        return QVariant::fromValue(shown.cell(*line));
    case Qt::DisplayRole:
        return shown.cell(*line).text;
    case Qt::ToolTipRole:
        return shown.cell(*line).toolTip;
    case Qt::AccessibleTextRole:
        return shown.cell(*line).accessibleText();
    case role::sort:
        return shown.sort ? shown.sort(*line) : QVariant(shown.cell(*line).text);
    case role::json:
        return shown.other ? shown.other(*line, role) : QVariant();
    default:
        return {};
    }
}

QVariant TrafficModel::groupData(const Section &section, int column, int role) const
{
    const domain::TrafficGroup &group = *section.group;
    const QString &key = traits(column).key;
    switch (role) {
    case role::cell:
        return QVariant::fromValue(TrafficColumns::groupCell(*m_grouping, group, key));
    case titleRole:
        return QVariant::fromValue(TrafficColumns::groupTitle(*m_grouping, group));
    case openRole:
        return section.open;
    case Qt::DisplayRole:
        return TrafficColumns::groupCell(*m_grouping, group, key).text;
    case Qt::AccessibleTextRole: {
        const QString title = TrafficColumns::groupTitle(*m_grouping, group).accessibleText();
        const QString sum = TrafficColumns::groupCell(*m_grouping, group, key).accessibleText();
        if (column > 0)
            return sum;
        return section.open ? TrafficColumns::tr("%1, open").arg(title)
                            : TrafficColumns::tr("%1, closed").arg(title);
    }
    default:
        return {};
    }
}

} // namespace gatehouse::ui
