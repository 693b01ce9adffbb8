#include "protocol/counting/bytepairencoding.h"

#include <algorithm>
#include <bit>
#include <functional>
#include <queue>
#include <string_view>

namespace gatehouse::protocol {

using namespace Qt::StringLiterals;

namespace {

// Longer ones, which no language has, are cut; each cut may cost one token too many.
constexpr qsizetype longestPiece = 8192;

// Two neighbours that may be joined into the token of this rank. It is out of date as soon as one of
// them was joined with another.
struct Join
{
    quint32 rank = 0;
    qsizetype begin = 0;
    qsizetype end = 0;

    // The lowest rank is on top of the queue, of equal ones the leftmost.
    bool operator<(const Join &other) const
    {
        return rank != other.rank ? rank > other.rank : begin > other.begin;
    }
};

// How many bytes of UTF-8 the UTF-16 text takes, which has no lone surrogates.
qsizetype lengthInUtf8(QStringView text)
{
    qsizetype length = 0;
    for (const QChar unit : text) {
        if (unit.isSurrogate())
            length += 2;
        else
            length += unit < u'\x80' ? 1 : unit < u'\x800' ? 2 : 3;
    }
    return length;
}

} // namespace

BytePairEncoding::BytePairEncoding(QByteArray ranks, const QString &pattern)
    : m_ranks(std::move(ranks))
    , m_pattern(pattern, QRegularExpression::UseUnicodePropertiesOption)
{}

base::Result<std::unique_ptr<const BytePairEncoding>> BytePairEncoding::make(QByteArray ranks,
                                                                             const QString &pattern)
{
    std::unique_ptr<BytePairEncoding> encoding(new BytePairEncoding(std::move(ranks), pattern));
    if (!encoding->m_pattern.isValid() || !encoding->indexRanks()) {
        return base::fail(base::ErrorCode::Internal,
                          base::Message::tr("The table of tokens is damaged."),
                          encoding->m_pattern.errorString());
    }
    encoding->m_pattern.optimize();
    return encoding;
}

bool BytePairEncoding::indexRanks()
{
    for (qsizetype position = 0; position < m_ranks.size();) {
        const qsizetype length = quint8(m_ranks[position]);
        if (length == 0 || position + 1 + length > m_ranks.size())
            return false;
        m_offsets.push_back(quint32(position));
        m_longest = std::max(m_longest, length);
        position += 1 + length;
    }

    m_slots.assign(std::bit_ceil(m_offsets.size() * 2 + 1), none);
    for (quint32 rank = 0; rank < m_offsets.size(); ++rank)
        m_slots[slotOf(token(rank))] = rank;

    for (int value = 0; value < 256; ++value) {
        const char byte = static_cast<char>(value);
        if (rankOf(QByteArrayView(&byte, 1)) == none)
            return false;
    }
    return true;
}

QByteArrayView BytePairEncoding::token(quint32 rank) const
{
    const qsizetype offset = m_offsets[rank];
    return QByteArrayView(m_ranks).sliced(offset + 1, quint8(m_ranks[offset]));
}

// The slot that holds the token, or the empty one where it would be.
size_t BytePairEncoding::slotOf(QByteArrayView wanted) const
{
    const size_t mask = m_slots.size() - 1;
    size_t slot = std::hash<std::string_view>{}({wanted.data(), size_t(wanted.size())}) & mask;
    while (m_slots[slot] != none && token(m_slots[slot]) != wanted)
        slot = (slot + 1) & mask;
    return slot;
}

quint32 BytePairEncoding::rankOf(QByteArrayView wanted) const
{
    return wanted.size() > m_longest ? none : m_slots[slotOf(wanted)];
}

qint64 BytePairEncoding::count(QByteArrayView utf8) const
{
    const QString text = QString::fromUtf8(utf8);
    const QByteArray valid = text.toUtf8();
    qint64 tokens = 0;
    qsizetype units = 0;
    qsizetype bytes = 0;
    while (units < text.size()) {
        const QRegularExpressionMatch match =
            m_pattern.match(text,
                            units,
                            QRegularExpression::NormalMatch,
                            QRegularExpression::AnchorAtOffsetMatchOption
                                | QRegularExpression::DontCheckSubjectStringMatchOption);
        // Where the engine gave up, the rest is one piece.
        const qsizetype length =
            match.capturedLength() > 0 ? match.capturedLength() : text.size() - units;
        const qsizetype size = lengthInUtf8(QStringView(text).sliced(units, length));
        for (qsizetype done = 0; done < size; done += longestPiece) {
            const qsizetype part = std::min(longestPiece, size - done);
            tokens += countPiece(QByteArrayView(valid).sliced(bytes + done, part));
        }
        units += length;
        bytes += size;
    }
    return tokens;
}

qint64 BytePairEncoding::countPiece(QByteArrayView piece) const
{
    if (rankOf(piece) != none)
        return 1;

    // Each part begins at its index and ends where the next one begins.
    const qsizetype size = piece.size();
    std::vector<qsizetype> end(static_cast<size_t>(size));
    std::vector<qsizetype> previous(static_cast<size_t>(size));
    std::vector<bool> begins(static_cast<size_t>(size), true);
    const auto endOf = [&end](qsizetype begin) -> qsizetype & { return end[size_t(begin)]; };
    std::priority_queue<Join> joins;
    const auto offer = [&](qsizetype begin) {
        if (begin < 0 || endOf(begin) == size)
            return;
        const qsizetype last = endOf(endOf(begin));
        const quint32 rank = rankOf(piece.sliced(begin, last - begin));
        if (rank != none)
            joins.push({rank, begin, last});
    };
    for (qsizetype index = 0; index < size; ++index) {
        endOf(index) = index + 1;
        previous[size_t(index)] = index - 1;
    }
    for (qsizetype index = 0; index < size; ++index)
        offer(index);

    qint64 parts = size;
    while (!joins.empty()) {
        const Join join = joins.top();
        joins.pop();
        if (!begins[size_t(join.begin)])
            continue;
        const qsizetype middle = endOf(join.begin);
        if (middle == size || endOf(middle) != join.end)
            continue;
        begins[size_t(middle)] = false;
        endOf(join.begin) = join.end;
        if (join.end < size)
            previous[size_t(join.end)] = join.begin;
        --parts;
        offer(previous[size_t(join.begin)]);
        offer(join.begin);
    }
    return parts;
}

} // namespace gatehouse::protocol
