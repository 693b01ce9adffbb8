#include "relay/exchange/answerdetails.h"

#include "http/shorttext.h"

namespace gatehouse::relay {

namespace {

using DetailText = http::ShortText<128>;

// In milliseconds, as https://www.w3.org/TR/server-timing/ wants it.
void addDuration(DetailText &text, QByteArrayView name, qint64 microseconds)
{
    if (microseconds < 0)
        return;
    constexpr qint64 perMillisecond = 1'000;
    constexpr qint64 perDigit = 10;
    text << (text.isEmpty() ? "" : ", ") << name << ";dur=" << microseconds / perMillisecond << ".";
    text.padded(microseconds % perMillisecond / perDigit, 2);
}

} // namespace

void addAnswerDetails(const AnswerDetails &details, http::Headers &target)
{
    if (details.channel.value > 0)
        target.add("X-Gatehouse-Channel", (DetailText() << details.channel.value).text());
    if (details.attempts > 0)
        target.add("X-Gatehouse-Attempts", (DetailText() << details.attempts).text());
    if (!details.model.isEmpty())
        target.add("X-Gatehouse-Model", details.model);
    DetailText timing;
    addDuration(timing, "gw", details.gateway);
    addDuration(timing, "upstream", details.upstream);
    addDuration(timing, "ttft", details.firstByte);
    if (!timing.isEmpty())
        target.add("Server-Timing", timing.text());
}

} // namespace gatehouse::relay
