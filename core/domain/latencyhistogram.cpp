#include "domain/latencyhistogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace gatehouse::domain {

namespace {

// So many buckets lie between a power of two and the next one.
constexpr int partsBits = 5;
constexpr int parts = 1 << partsBits;
constexpr int lastIndex = parts + (39 - partsBits) * parts + parts - 1;
constexpr quint64 mostCount = 1ULL << 60;

void appendNumber(QByteArray &bytes, quint64 number)
{
    while (number >= 0x80) {
        bytes.append(static_cast<char>((number & 0x7F) | 0x80));
        number >>= 7;
    }
    bytes.append(static_cast<char>(number));
}

// Takes the number off the front; nothing: there is none.
std::optional<quint64> takeNumber(QByteArrayView &bytes)
{
    quint64 number = 0;
    for (int shift = 0; shift < 63 && !bytes.isEmpty(); shift += 7) {
        const auto byte = static_cast<uchar>(bytes.front());
        bytes = bytes.sliced(1);
        number |= static_cast<quint64>(byte & 0x7F) << shift;
        if ((byte & 0x80) == 0)
            return number;
    }
    return std::nullopt;
}

} // namespace

int LatencyHistogram::indexOf(qint64 value)
{
    if (value < parts)
        return static_cast<int>(value);
    const int exponent = 63 - std::countl_zero(static_cast<quint64>(value));
    const int part = static_cast<int>((value >> (exponent - partsBits)) & (parts - 1));
    return parts + (exponent - partsBits) * parts + part;
}

qint64 LatencyHistogram::middleOf(int index)
{
    if (index < parts)
        return index;
    const int shift = (index - parts) / parts;
    const qint64 lower = static_cast<qint64>(parts + (index - parts) % parts) << shift;
    return lower + ((1LL << shift) - 1) / 2;
}

void LatencyHistogram::add(qint64 value, qint64 count)
{
    if (value >= 0 && count > 0)
        addTo(indexOf(std::min(value, largest)), count);
}

void LatencyHistogram::addTo(int index, qint64 count)
{
    const auto place = std::lower_bound(
        m_buckets.begin(), m_buckets.end(), index, [](const Bucket &bucket, int wanted) {
            return bucket.index < wanted;
        });
    if (place != m_buckets.end() && place->index == index)
        place->count += count;
    else
        m_buckets.insert(place, {index, count});
    m_count += count;
}

void LatencyHistogram::merge(const LatencyHistogram &other)
{
    if (other.m_buckets.size() <= 1) {
        for (const Bucket &bucket : other.m_buckets)
            addTo(bucket.index, bucket.count);
        return;
    }
    std::vector<Bucket> merged;
    merged.reserve(m_buckets.size() + other.m_buckets.size());
    auto own = m_buckets.cbegin();
    auto added = other.m_buckets.cbegin();
    while (own != m_buckets.cend() || added != other.m_buckets.cend()) {
        if (added == other.m_buckets.cend()
            || (own != m_buckets.cend() && own->index < added->index)) {
            merged.push_back(*own++);
        } else if (own == m_buckets.cend() || added->index < own->index) {
            merged.push_back(*added++);
        } else {
            merged.push_back({own->index, own->count + added->count});
            ++own;
            ++added;
        }
    }
    m_buckets = std::move(merged);
    m_count += other.m_count;
}

bool LatencyHistogram::mergeBytes(QByteArrayView bytes)
{
    LatencyHistogram read;
    int index = -1;
    while (!bytes.isEmpty()) {
        const std::optional<quint64> step = takeNumber(bytes);
        const std::optional<quint64> count = step ? takeNumber(bytes) : std::nullopt;
        if (!count || *count == 0 || *count > mostCount
            || *step >= static_cast<quint64>(lastIndex - index))
            return false;
        index += static_cast<int>(*step) + 1;
        read.m_buckets.push_back({index, static_cast<qint64>(*count)});
        read.m_count += static_cast<qint64>(*count);
        if (read.m_count > static_cast<qint64>(mostCount))
            return false;
    }
    merge(read);
    return true;
}

std::optional<qint64> LatencyHistogram::percentile(double share) const
{
    if (m_count == 0)
        return std::nullopt;
    const double wanted = std::ceil(std::clamp(share, 0.0, 1.0) * static_cast<double>(m_count));
    qint64 left = std::clamp<qint64>(static_cast<qint64>(wanted), 1, m_count);
    for (const Bucket &bucket : m_buckets) {
        left -= bucket.count;
        if (left <= 0)
            return middleOf(bucket.index);
    }
    return middleOf(m_buckets.back().index);
}

QByteArray LatencyHistogram::toBytes() const
{
    QByteArray bytes;
    int before = -1;
    for (const Bucket &bucket : m_buckets) {
        appendNumber(bytes, static_cast<quint64>(bucket.index - before - 1));
        appendNumber(bytes, static_cast<quint64>(bucket.count));
        before = bucket.index;
    }
    return bytes;
}

} // namespace gatehouse::domain
