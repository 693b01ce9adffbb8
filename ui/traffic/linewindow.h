#pragma once

#include "admin/traffic/traffic.h"

#include <optional>
#include <vector>

namespace gatehouse::ui {

// The requests of one list, the newest first. Of each its id and its cost are known; whole lines are
// kept near what is looked at and read again when they come back into sight, so that a list of a
// million takes no more than 16 MB.
class LineWindow
{
public:
    static constexpr int blockSize = 200;
    // So many places before and behind those that are looked at stay.
    static constexpr int margin = 4'000;

    // Lines that are not kept: `count` places from `first` on, and how to read them again.
    struct Gap
    {
        int first = 0;
        int count = 0;
        admin::TrafficCursor from{};
    };

    int size() const { return m_size; }
    // So many whole lines are kept.
    int keptLines() const;
    // At the end, older than all that are there; at the beginning, newer.
    void append(std::vector<admin::TrafficLine> lines);
    void prepend(std::vector<admin::TrafficLine> lines);
    void clear();

    // Null: it is not kept at the moment.
    const admin::TrafficLine *at(int place) const;
    // Of those that are kept; -1: there is none of that id.
    int placeOf(const QByteArray &requestId) const;
    void setCaptured(int place, bool captured);
    void setBookmarked(int place, bool bookmarked);
    // Requests and cost of the places from `first` to `last`.
    admin::TrafficTotals sum(int first, int last) const;

    // What is to be read first for the places from `first` to `last`; nothing: all is kept.
    std::optional<Gap> gap(int first, int last) const;
    // Those that are missing in `lines` are gone from the ledger; empty lines stand for them.
    void fill(const Gap &gap, const std::vector<admin::TrafficLine> &lines);
    // Lets go of what is far from the places `first` to `last`.
    void keepNear(int first, int last);

private:
    struct Entry
    {
        qint64 id = 0;
        domain::Cost cost{};
    };
    struct Block
    {
        std::vector<Entry> entries{};
        std::vector<admin::TrafficLine> lines{}; // as many, or none
        int start = 0;

        int size() const { return static_cast<int>(entries.size()); }
        bool isKept() const { return !lines.empty(); }
    };

    size_t blockAt(int place) const;
    void renumber(size_t from);

    std::vector<Block> m_blocks{};
    int m_size = 0;
};

} // namespace gatehouse::ui
