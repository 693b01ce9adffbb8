#pragma once

#include <QByteArray>
#include <QByteArrayList>

#include <memory>
#include <optional>

namespace gatehouse::domain {

// Where a request stands in the trace of whoever made it, by W3C Trace Context.
struct TraceContext
{
    static constexpr unsigned char sampledFlag = 0x01;
    static constexpr unsigned char randomFlag = 0x02;

    QByteArray traceId{};    // 32 hexadecimal digits in lower case
    QByteArray parentId{};   // 16, of the span that asks
    unsigned char flags = 0; // those above, and no others
    QByteArray state{};      // what vendors keep in `tracestate`; empty: nothing

    // Whether whoever asks records its own span, by which those below it go.
    bool isSampled() const { return (flags & sampledFlag) != 0; }
    bool operator==(const TraceContext &) const = default;
};

// What of a request says how its answer is to be made, as far as traces tell it. What the body does
// not say, or not in the form of its dialect, is absent.
struct RequestParameters
{
    std::optional<double> temperature{};
    std::optional<double> topP{};
    std::optional<qint64> topK{};
    std::optional<qint64> seed{};
    std::optional<qint64> choices{}; // answers that are asked for
    QByteArrayList stopSequences{};

    bool operator==(const RequestParameters &) const = default;
};

// What traces tell of a request beyond its line in the ledger, which does not keep it.
struct RequestTrace
{
    std::optional<TraceContext> parent{}; // absent: the client named none that is valid
    std::shared_ptr<const RequestParameters> parameters{}; // null: they were not read
    std::optional<qint64> maxOutputTokens{};
    QByteArray responseId{};    // the provider's own of the answer; empty: not told
    QByteArray responseModel{}; // as the provider names it; empty: not told
};

} // namespace gatehouse::domain
