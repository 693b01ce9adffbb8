#pragma once

#include "admin/channels/channeladdress.h"
#include "base/result.h"
#include "base/secret.h"
#include "domain/outgoingproxies.h"

#include <QElapsedTimer>
#include <QMetaType>
#include <QUrl>

#include <chrono>
#include <stop_token>
#include <vector>

namespace gatehouse::admin {

// How often and how long an export is tried.
struct OtlpPatience
{
    // Requests that end within it are sent together.
    std::chrono::milliseconds gathering{5'000};
    std::chrono::milliseconds answer{10'000};
    // Between two tries, give or take a fifth; there is one try more than pauses.
    std::vector<std::chrono::milliseconds> pauses{std::chrono::milliseconds(1'000),
                                                  std::chrono::milliseconds(2'000),
                                                  std::chrono::milliseconds(4'000),
                                                  std::chrono::milliseconds(8'000),
                                                  std::chrono::milliseconds(16'000)};
    // That the receiver may ask for with Retry-After; beyond it the export is given up.
    std::chrono::milliseconds longestPause{60'000};
    // For what is left when the program ends.
    std::chrono::milliseconds farewell{2'000};
};

// One export, as a value for a worker.
struct OtlpOrder
{
    QUrl url{};             // with the path of what is sent
    base::Secret headers{}; // as in OTEL_EXPORTER_OTLP_HEADERS
    QByteArray body{};      // JSON, not packed
    OtlpPatience patience{};
    OwnAddress isOwnAddress{};
    domain::OutgoingProxies proxies{}; // of the environment
};

struct OtlpDelivery
{
    int status = 0; // of the answer that was a success
    int tries = 0;
    qint64 rejected = 0; // spans or points that the receiver did not take
    QString message{};   // what it said of them, or of what it took; cut to a line
};

// With /v1/traces or /v1/metrics behind its path.
QUrl tracesUrl(const QUrl &endpoint);
QUrl metricsUrl(const QUrl &endpoint);

// Lines of a head, each with its line end, out of "name=value,name=value", where values may be
// percent-encoded. Empty: there are none. Refuses what is no field, and fields that the protocol sets. The
// lines are as secret as the text.
base::Result<QByteArray> otlpHeaderLines(const base::Secret &headers);

// Refuses an address that leads back to this gateway.
base::Result<> checkOtlpTarget(const QUrl &endpoint, const OwnAddress &isOwnAddress);

// How long to wait before the next try: about `pause`, but no less than the receiver asked for.
std::chrono::milliseconds pauseBefore(std::chrono::milliseconds pause,
                                      std::chrono::milliseconds asked);

// Posts it, packed with gzip, until it is taken, its tries are used up or a further one is of no use: only
// 429, 502, 503 and 504 and failures of the network are worth one. Called in a thread of a pool, where
// it waits; ends at once on a stop request, and after one more try on a `hurry` request.
base::Result<OtlpDelivery>
exportByOtlp(const OtlpOrder &order, const std::stop_token &hurry, const std::stop_token &stop);

// Whether a minute has passed since it last said so, so that the log is not filled with one trouble.
bool isTimeToTell(QElapsedTimer &sinceTold);

} // namespace gatehouse::admin
