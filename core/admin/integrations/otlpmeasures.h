#pragma once

#include "admin/integrations/otlpattributes.h"

#include <array>
#include <map>
#include <mutex>

namespace gatehouse::admin {

// Sums up the requests of the ledger in the histograms of OpenTelemetry's conventions for generative AI,
// from begin() on. May be called from any thread; one mutex, held for the additions or for a copy.
class OtlpMeasures
{
public:
    // Of each instrument; what has no place of its own is summed up together.
    static constexpr size_t mostSeries = 500;

    // Forgets what was counted. `now`: milliseconds since 1970, UTC.
    void begin(qint64 now);
    // The channels have changed.
    void forgetChannels();
    // Those that isMeasured() names.
    void note(const domain::UsageRecord &record, const ChannelOf &channelOf);

    // An ExportMetricsServiceRequest in JSON with all that was counted since begin(); empty: nothing was.
    QByteArray body(const OtlpResource &resource, qint64 now) const;

private:
    enum Instrument {
        OperationDuration,
        TokenUsage,
        TimeToFirstChunk,
        RequestDuration,
        TimeToFirstToken,
        TimePerOutputToken,
    };
    static constexpr size_t instruments = 6;

    // The attributes of one series.
    struct Series
    {
        bool isOverflow = false; // of all that have no place of their own, without attributes
        QByteArray operation{};
        QString provider{};
        QString model{};
        QString address{};
        int port = 0;
        qint64 channel = 0;
        QByteArray errorType{};
        QByteArray tokenType{};

        bool operator<(const Series &other) const;
        QJsonArray attributes() const;
    };
    struct Histogram
    {
        std::vector<quint64> counts{}; // of each bucket alone
        quint64 count = 0;
        double sum = 0;
    };

    struct Description;
    static const std::array<Description, instruments> &descriptions();
    using Histograms = std::map<Series, Histogram>;

    Series seriesOf(const domain::UsageRecord &record, const domain::Channel *channel);
    void noteAttempts(const domain::UsageRecord &record, const ChannelOf &channelOf);
    void noteRequest(const domain::UsageRecord &record, const domain::Channel *channel);
    void add(Instrument instrument, const Series &series, double value);
    static QJsonArray
    points(Instrument instrument, const Histograms &histograms, qint64 begunAt, qint64 now);

    mutable std::mutex m_mutex;
    qint64 m_begunAt = 0;
    std::array<Histograms, instruments> m_histograms{};
    std::map<qint64, Series> m_providers{}; // what all series of a channel have in common
};

// One that holds nothing, to learn whether the receiver takes metrics.
QByteArray testMetricsBody(const OtlpResource &resource);

} // namespace gatehouse::admin
