#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <vector>

namespace gatehouse::protocol {

// Picks members out of the outermost object of a document while it passes, for a document that is too
// long to be kept. It heeds nesting and strings, so that what only looks like such a member (in a text,
// or deeper) is passed over; whether the document is valid it does not tell. It takes time in
// proportion to the bytes and keeps no more than mostBytes of each member.
class PassingMembers
{
public:
    static constexpr qsizetype mostBytes = 16 * 1024;

    // The names outlive it; none is longer than longestName. Of several members of one name the first
    // that is not null counts.
    explicit PassingMembers(std::vector<QByteArrayView> names);

    PassingMembers(const PassingMembers &) = delete;
    PassingMembers &operator=(const PassingMembers &) = delete;

    void feed(QByteArrayView bytes);
    // An object of the members that have been found whole by now; those that were longer than
    // mostBytes are left out.
    QByteArray found() const;
    // The beginning of a member's value that is not in found(), though the member has come: it goes on,
    // or was too long.
    QByteArrayView partOf(QByteArrayView name) const;
    // It is not looked for any more.
    void forget(QByteArrayView name);

private:
    enum class Place { Before, Key, Colon, Value, Comma, Behind };
    enum class Progress { Absent, Open, Cut, Whole };

    struct Found
    {
        QByteArrayView name{};
        QByteArray value{};
        Progress progress = Progress::Absent;
    };

    static constexpr qsizetype longestName = 32;

    qsizetype readString(QByteArrayView bytes, qsizetype at);
    qsizetype skipPlain(QByteArrayView bytes, qsizetype at);
    void readStructure(char byte);
    void beginValue(char byte);
    void endValue();
    void keep(QByteArrayView bytes);

    std::vector<Found> m_found;
    Found *m_open = nullptr; // whose value is passing
    QByteArray m_key;
    Place m_place = Place::Before;
    qint64 m_depth = 0; // 1: within the outermost object
    bool m_isInString = false;
    bool m_isEscaped = false; // the next byte stands behind a backslash
};

} // namespace gatehouse::protocol
