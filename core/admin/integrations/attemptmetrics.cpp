#include "admin/integrations/metricssnapshot.h"

namespace gatehouse::admin {

using CounterType = MetricsWriter::Type;

namespace {

void writeAnswers(MetricsWriter &writer, const MetricsSnapshot &of)
{
    writer.begin(
        "gatehouse_http_requests",
        CounterType::Counter,
        "Requests of clients with a valid key, by what they were answered. The route is the "
        "name of the operation.");
    for (const AnswerTotal &total : of.attempts.answers) {
        for (const auto &[code, count] : total.codes) {
            writer.value({{"protocol", total.protocol},
                          {"route", total.route},
                          {"code", QByteArray::number(code)}},
                         count);
        }
    }
    writer.begin("gatehouse_http_request_duration_seconds",
                 CounterType::Histogram,
                 "Time until the end of an answer, whatever it was.");
    for (const AnswerTotal &total : of.attempts.answers) {
        writer.histogram({{"protocol", total.protocol}, {"route", total.route}},
                         answerBounds,
                         total.elapsed.counts,
                         total.elapsed.seconds);
    }
    writer.begin("gatehouse_rejected",
                 CounterType::Counter,
                 "Requests for which no provider was asked, by why.");
    for (const auto &[reason, count] : of.attempts.rejected)
        writer.value({{"reason", reason}}, count);
    writer.begin("gatehouse_rate_limited",
                 CounterType::Counter,
                 "Requests that a limit kept from being served, by whose it was.");
    for (const auto &[scope, count] : of.attempts.rateLimited)
        writer.value({{"scope", scope}}, count);
}

void writeUpstream(MetricsWriter &writer, const MetricsSnapshot &of)
{
    const std::vector<AttemptTotal> &all = of.attempts.attempts;
    writer.begin("gatehouse_upstream_requests",
                 CounterType::Counter,
                 "Attempts at providers. The code is the provider's status, or a code of this "
                 "program where it did not answer.");
    for (const AttemptTotal &total : all) {
        const ChannelLabel label = of.label(total.channel);
        for (const auto &[code, count] : total.codes) {
            writer.value({{"channel_id", label.id},
                          {"channel", label.name},
                          {"provider", label.provider},
                          {"model", total.model},
                          {"code", code}},
                         count);
        }
    }
    writer.begin("gatehouse_upstream_retries",
                 CounterType::Counter,
                 "Attempts after which another one was made, by the channel that was left.");
    for (const RetryTotal &total : of.attempts.retries) {
        const ChannelLabel label = of.label(total.channel);
        writer.value({{"channel_id", label.id}, {"channel", label.name}, {"reason", total.reason}},
                     total.count);
    }
    writer.begin("gatehouse_upstream_duration_seconds",
                 CounterType::Histogram,
                 "How long attempts took that served.");
    for (const AttemptTotal &total : all) {
        const ChannelLabel label = of.label(total.channel);
        writer.histogram(
            {{"channel_id", label.id}, {"channel", label.name}, {"model", total.model}},
            answerBounds,
            total.elapsed.counts,
            total.elapsed.seconds);
    }
    writer.begin("gatehouse_time_per_output_token_seconds",
                 CounterType::Histogram,
                 "Time for each token after the first, of streams that succeeded.");
    for (const AttemptTotal &total : all) {
        const ChannelLabel label = of.label(total.channel);
        writer.histogram(
            {{"channel_id", label.id}, {"channel", label.name}, {"model", total.model}},
            tokenTimeBounds,
            total.perToken.counts,
            total.perToken.seconds);
    }
}

void writeRouting(MetricsWriter &writer, const MetricsSnapshot &of)
{
    constexpr std::array<QByteArrayView, 3> results{"miss", "hit", "spill"};
    writer.begin("gatehouse_gateway_overhead_seconds",
                 CounterType::Histogram,
                 "Time from the beginning of a request to its first attempt.");
    writer.histogram({}, overheadBounds, of.attempts.overhead.counts, of.attempts.overhead.seconds);
    writer.begin(
        "gatehouse_affinity",
        CounterType::Counter,
        "Requests of sessions: not known yet, kept with the channel that served them last, "
        "or sent elsewhere since that could not be used.");
    for (size_t i = 0; i < results.size(); ++i)
        writer.value({{"result", results.at(i)}}, of.attempts.affinity.at(i));
    writer.begin("gatehouse_circuit_transitions",
                 CounterType::Counter,
                 "How often keys of a channel came into a state: left alone (also where the "
                 "provider asked for it), on trial, in use again.");
    for (const relay::HealthTransitions &each : of.transitions) {
        const ChannelLabel label = of.label(each.channel);
        const auto write = [&](QByteArrayView state, quint64 count) {
            writer.value({{"channel_id", label.id}, {"channel", label.name}, {"to", state}}, count);
        };
        write("open", each.opened);
        write("half_open", each.halfOpened);
        write("closed", each.closed);
    }
}

} // namespace

ChannelLabel MetricsSnapshot::label(domain::ChannelId channel) const
{
    const auto found = channels.find(channel);
    if (found != channels.end())
        return found->second;
    // One that was deleted, or all that have no place of their own.
    return {.id = channel.isNull() ? QByteArray("__other__") : QByteArray::number(channel.value)};
}

void writeAttemptMetrics(MetricsWriter &writer, const MetricsSnapshot &of)
{
    writeAnswers(writer, of);
    writeUpstream(writer, of);
    writeRouting(writer, of);
}

} // namespace gatehouse::admin
