#include "channels/channelorder.h"

#include <algorithm>
#include <limits>
#include <optional>

namespace gatehouse::ui {

using admin::ChannelPriority;

namespace {

constexpr qint64 step = 10; // leaves room between two

// Where the moved ones come to stand. Absent: nothing is on that side.
struct Gap
{
    std::optional<qint64> above{};
    std::optional<qint64> below{};
};

std::optional<qint64> nextHigher(const std::vector<ChannelPriority> &rest, qint64 priority)
{
    std::optional<qint64> found;
    for (const ChannelPriority &one : rest) {
        if (one.priority > priority)
            found = std::min(found.value_or(one.priority), one.priority);
    }
    return found;
}

std::optional<qint64> nextLower(const std::vector<ChannelPriority> &rest, qint64 priority)
{
    std::optional<qint64> found;
    for (const ChannelPriority &one : rest) {
        if (one.priority < priority)
            found = std::max(found.value_or(one.priority), one.priority);
    }
    return found;
}

// Makes room below `above` for as many values as are wanted, where there is too little: all from there
// on move up together.
void widen(std::vector<ChannelPriority> &rest, Gap &gap, qint64 wanted)
{
    if (!gap.above || !gap.below || *gap.above - *gap.below > wanted)
        return;
    const qint64 from = *gap.above;
    const qint64 shift = *gap.below + step * (wanted + 1) - from;
    for (ChannelPriority &one : rest) {
        if (one.priority >= from)
            one.priority += shift;
    }
    *gap.above += shift;
}

// The `index`th of `count` values within the gap, from above.
qint64 valueIn(const Gap &gap, qint64 index, qint64 count)
{
    if (gap.above && gap.below)
        return *gap.above - (*gap.above - *gap.below) * (index + 1) / (count + 1);
    return gap.below ? *gap.below + step * (count - index) : *gap.above - step * (index + 1);
}

bool isInPlace(const QList<int> &moved, int before)
{
    return moved.isEmpty()
           || (moved.back() - moved.front() + 1 == moved.size() && before >= moved.front()
               && before <= moved.back() + 1);
}

} // namespace

std::vector<ChannelPriority>
reordered(const std::vector<ChannelPriority> &shown, const QList<int> &moved, int before)
{
    if (isInPlace(moved, before))
        return {};
    // Far from the ends of the numbers, so that there is room on every side.
    constexpr qint64 farthest = std::numeric_limits<qint64>::max() / 4;
    std::vector<ChannelPriority> rest;
    std::vector<ChannelPriority> taken;
    qsizetype place = 0; // among the rest
    for (int row = 0; row < static_cast<int>(shown.size()); ++row) {
        ChannelPriority one = shown[static_cast<size_t>(row)];
        one.priority = std::clamp(one.priority, -farthest, farthest);
        if (moved.contains(row)) {
            taken.push_back(one);
            continue;
        }
        rest.push_back(one);
        if (row < before)
            ++place;
    }
    if (rest.empty())
        return {};
    Gap gap;
    if (place > 0)
        gap.above = rest[static_cast<size_t>(place - 1)].priority;
    if (place < static_cast<qsizetype>(rest.size()))
        gap.below = rest[static_cast<size_t>(place)].priority;

    std::vector<qint64> tiers; // of those that are moved, the highest first
    for (const ChannelPriority &one : taken) {
        if (tiers.empty() || tiers.back() != one.priority)
            tiers.push_back(one.priority);
    }
    const bool joins = gap.above && gap.above == gap.below;
    const bool staysWithin = joins && tiers.size() == 1 && tiers.front() == *gap.above;
    if (staysWithin) {
        if (before <= moved.front())
            gap.above = nextHigher(rest, *gap.below);
        else
            gap.below = nextLower(rest, *gap.above);
    }
    if (joins && !staysWithin) {
        for (ChannelPriority &one : taken)
            one.priority = *gap.above;
    } else {
        const auto count = static_cast<qint64>(tiers.size());
        widen(rest, gap, count);
        for (ChannelPriority &one : taken) {
            const auto tier = std::find(tiers.begin(), tiers.end(), one.priority) - tiers.begin();
            one.priority = valueIn(gap, tier, count);
        }
    }

    std::vector<ChannelPriority> changes;
    for (const std::vector<ChannelPriority> &part : {taken, rest}) {
        for (const ChannelPriority &one : part) {
            const auto former =
                std::find_if(shown.begin(), shown.end(), [&one](const ChannelPriority &each) {
                    return each.channel == one.channel;
                });
            if (former->priority != one.priority)
                changes.push_back(one);
        }
    }
    return changes;
}

DropPlace dropPlace(const std::vector<ChannelPriority> &shown, const QList<int> &moved, int before)
{
    const DropPlace there{.first = before, .last = before};
    if (isInPlace(moved, before))
        return there;
    const auto count = static_cast<int>(shown.size());
    const auto priorityOf = [&shown](int row) { return shown[static_cast<size_t>(row)].priority; };
    int above = before - 1; // of those that stay
    while (above >= 0 && moved.contains(above))
        --above;
    int below = before;
    while (below < count && moved.contains(below))
        ++below;
    const bool joins = above >= 0 && below < count && priorityOf(above) == priorityOf(below);
    if (!joins)
        return there;
    const qint64 tier = priorityOf(below);
    DropPlace group{.first = above, .last = below + 1};
    while (group.first > 0 && priorityOf(group.first - 1) == tier)
        --group.first;
    while (group.last < count && priorityOf(group.last) == tier)
        ++group.last;
    const bool leaves =
        std::all_of(moved.begin(), moved.end(), [&](int row) { return priorityOf(row) == tier; });
    if (!leaves)
        return group;
    const int edge = before <= moved.front() ? group.first : group.last;
    return {.first = edge, .last = edge};
}

} // namespace gatehouse::ui
