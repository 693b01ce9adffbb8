#pragma once

#include <QByteArray>

#include <optional>
#include <vector>

namespace gatehouse::domain {

// How often which values occurred, in buckets whose width grows with the value: a percentile is off
// by less than 2 %. Two histograms can be merged without loss, which is the only way by which the
// percentiles of a longer time may be had. Values are whole and not negative, such as milliseconds;
// those above `largest` count as that.
class LatencyHistogram
{
public:
    static constexpr qint64 largest = (1LL << 40) - 1;

    // Negative values are "none" and are not counted.
    void add(qint64 value, qint64 count = 1);
    void merge(const LatencyHistogram &other);
    // Merges what toBytes() gave. False: they are damaged, and nothing was changed.
    bool mergeBytes(QByteArrayView bytes);

    qint64 count() const { return m_count; }
    bool isEmpty() const { return m_count == 0; }
    // The value that `share` (0 to 1) of all values do not exceed; absent if there are none.
    std::optional<qint64> percentile(double share) const;

    // Two to four bytes for each bucket in use; empty for an empty histogram.
    QByteArray toBytes() const;

    bool operator==(const LatencyHistogram &) const = default;

private:
    struct Bucket
    {
        int index = 0;
        qint64 count = 0;

        bool operator==(const Bucket &) const = default;
    };

    void addTo(int index, qint64 count);
    static int indexOf(qint64 value);
    static qint64 middleOf(int index);

    std::vector<Bucket> m_buckets{}; // those in use, by rising index
    qint64 m_count = 0;
};

} // namespace gatehouse::domain
