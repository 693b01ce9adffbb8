#include "domain/settingbuilders.h"
#include "domain/settingtables.h"

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

using Kind = SettingDescriptor::Kind;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

SettingDescriptor tlsMode()
{
    return {.key = u"server.tls"_s,
            .kind = Kind::Choice,
            .description = words(QT_TRANSLATE_NOOP(
                "Settings",
                "How HTTPS is asked of other computers; without a certificate it is off. "
                "Programs on this computer may use it or plain HTTP")),
            .choices = {u"off"_s, u"own"_s, u"local"_s},
            .read =
                [](const Settings &s) {
                    switch (s.server.tlsMode) {
                    case TlsMode::Off:
                        return u"off"_s;
                    case TlsMode::LocalAuthority:
                        return u"local"_s;
                    case TlsMode::OwnCertificate:
                        break;
                    }
                    return u"own"_s;
                },
            .write =
                [](Settings &s, const QString &v) {
                    s.server.tlsMode = v == "off"_L1     ? TlsMode::Off
                                       : v == "local"_L1 ? TlsMode::LocalAuthority
                                                         : TlsMode::OwnCertificate;
                }};
}

SettingDescriptor routingStrategy()
{
    return {.key = u"relay.strategy"_s,
            .kind = Kind::Choice,
            .description = words(QT_TRANSLATE_NOOP(
                "Settings",
                "What decides between the channels of the highest priority that offer a model; a "
                "model may have its own choice")),
            .choices = strategyNames(),
            .read = [](const Settings &s) { return strategyName(s.relay.strategy); },
            .write =
                [](Settings &s, const QString &v) {
                    s.relay.strategy = strategyNamed(v).value_or(RoutingStrategy::PriorityWeight);
                }};
}

} // namespace

std::vector<SettingDescriptor> serverDescriptors()
{
    return {
        integer({u"server.threads"_s},
                0,
                256,
                words(QT_TRANSLATE_NOOP("Settings", "Gateway threads; 0: half the cores")),
                FIELD(server.threads)),
        span<seconds>(
            {u"server.grace_period"_s},
            0,
            3600,
            words(QT_TRANSLATE_NOOP("Settings", "How long open requests may go on after a stop")),
            FIELD(server.gracePeriod)),
        integer({u"server.max_connections"_s},
                0,
                1'000'000,
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Connections at one time; 0: 16,384, or fewer where the "
                                        "limit of open files is low")),
                FIELD(server.maxConnections)),
        text({u"server.listen"_s},
             words(QT_TRANSLATE_NOOP("Settings", "Addresses to listen on, such as 127.0.0.1:3000")),
             FIELD(server.listen)),
        text({u"server.allowed_hosts"_s},
             words(QT_TRANSLATE_NOOP("Settings",
                                     "Further host names under which the management API answers")),
             FIELD(server.allowedHosts)),
        text({u"server.allowed_networks"_s},
             words(QT_TRANSLATE_NOOP(
                 "Settings",
                 "Networks that clients may come from: local (this computer), lan (the local "
                 "network, too) or ranges of addresses; empty: everywhere. Others are refused with "
                 "403, whatever they ask for. This computer always may")),
             FIELD(server.allowedNetworks)),
        text({u"server.trusted_proxies"_s},
             words(
                 QT_TRANSLATE_NOOP("Settings", "Address ranges whose X-Forwarded-For is believed")),
             FIELD(server.trustedProxies)),
        text({u"server.cors_origins"_s},
             words(QT_TRANSLATE_NOOP(
                 "Settings",
                 "Origins of web pages that may use the relay from a browser, such as "
                 "https://chat.example.com; empty: none. A single * lets every page that holds a "
                 "token use it: prefer to name the origins. The management API is never opened")),
             FIELD(server.corsOrigins)),
        tlsMode(),
        path({u"server.tls_certificate"_s},
             words(QT_TRANSLATE_NOOP("Settings",
                                     "PEM file with the certificate chain; empty: no TLS")),
             FIELD(server.tlsCertificate)),
        path({u"server.tls_key"_s},
             words(QT_TRANSLATE_NOOP("Settings", "PEM file with the private key")),
             FIELD(server.tlsKey)),
    };
}

std::vector<SettingDescriptor> httpDescriptors()
{
    return {
        bytes({u"http.max_head_bytes"_s},
              1024,
              1024 * 1024,
              words(QT_TRANSLATE_NOOP("Settings", "Longest head of a request")),
              FIELD(http.maxHeadBytes)),
        integer({u"http.max_fields"_s},
                10,
                1000,
                words(QT_TRANSLATE_NOOP("Settings", "Most header fields of a request")),
                FIELD(http.maxFields)),
        bytes({u"http.max_target_bytes"_s},
              256,
              64 * 1024,
              words(QT_TRANSLATE_NOOP("Settings", "Longest request target")),
              FIELD(http.maxTargetBytes)),
        bytes({u"http.max_body_bytes"_s},
              1024,
              4 * gibibyte,
              words(QT_TRANSLATE_NOOP("Settings", "Longest body of a request")),
              FIELD(http.maxBodyBytes)),
        bytes({u"http.body_budget_bytes"_s},
              1024 * 1024,
              1024 * gibibyte,
              words(QT_TRANSLATE_NOOP("Settings", "All long bodies together, on disk")),
              FIELD(http.bodyMemoryBudget)),
        span<seconds>({u"http.tls_timeout"_s},
                      1,
                      600,
                      words(QT_TRANSLATE_NOOP("Settings",
                                              "Until the TLS handshake of a client must be done")),
                      FIELD(http.tlsTimeout)),
        span<seconds>(
            {u"http.head_timeout"_s},
            1,
            3600,
            words(QT_TRANSLATE_NOOP("Settings", "Until the head of a request must be there")),
            FIELD(http.headTimeout)),
        span<seconds>(
            {u"http.body_timeout"_s},
            1,
            3600,
            words(QT_TRANSLATE_NOOP(
                "Settings",
                "Until the body must be there, and longer by its size at the least rate")),
            FIELD(http.bodyTimeout)),
        bytes({u"http.min_bytes_per_second"_s},
              1,
              gibibyte,
              words(QT_TRANSLATE_NOOP("Settings", "Least rate of an upload")),
              FIELD(http.minBytesPerSecond)),
        span<seconds>({u"http.idle_timeout"_s},
                      1,
                      3600,
                      words(QT_TRANSLATE_NOOP("Settings", "How long an idle connection is kept")),
                      FIELD(http.idleTimeout)),
        span<seconds>(
            {u"http.write_timeout"_s},
            1,
            3600,
            words(QT_TRANSLATE_NOOP("Settings", "How long a client may take nothing of an answer")),
            FIELD(http.writeTimeout)),
        integer(
            {u"http.api_rate_limit"_s, {}, u"GLOBAL_API_RATE_LIMIT"_s},
            0,
            1'000'000,
            words(QT_TRANSLATE_NOOP(
                "Settings", "Management requests of one address in three minutes; 0: no limit")),
            FIELD(http.apiRequestsPerThreeMinutes)),
        integer({u"http.web_rate_limit"_s, {}, u"GLOBAL_WEB_RATE_LIMIT"_s},
                0,
                1'000'000,
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Requests of one address in three minutes for what neither "
                                        "the relay nor the management serves; 0: no limit")),
                FIELD(http.webRequestsPerThreeMinutes)),
        integer({u"http.connections_per_address"_s},
                0,
                1'000'000,
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Connections of one address at one time, but of trusted "
                                        "proxies; 0: no limit")),
                FIELD(http.connectionsPerAddress)),
    };
}

std::vector<SettingDescriptor> relayDescriptors()
{
    return {
        integer({u"relay.retries"_s, u"RetryTimes"_s},
                0,
                20,
                words(QT_TRANSLATE_NOOP("Settings", "Further attempts after a failed one")),
                FIELD(relay.retries)),
        text({u"relay.retry_statuses"_s},
             words(QT_TRANSLATE_NOOP(
                 "Settings",
                 "Status codes of providers after which another key or channel is tried, such as "
                 "429, 500-599; after others that are errors the client is told. Empty: after "
                 "everything but mistakes of the request itself. Without an answer another one is "
                 "always tried")),
             FIELD(relay.retryStatuses)),
        span<seconds>(
            {u"relay.connect_timeout"_s},
            1,
            600,
            words(QT_TRANSLATE_NOOP("Settings", "Until a provider must accept a connection")),
            FIELD(relay.connectTimeout)),
        span<seconds>({u"relay.first_byte_timeout"_s},
                      1,
                      7200,
                      words(QT_TRANSLATE_NOOP("Settings", "Until a provider must begin to answer")),
                      FIELD(relay.firstByteTimeout)),
        span<seconds>({u"relay.stall_timeout"_s},
                      1,
                      7200,
                      words(QT_TRANSLATE_NOOP(
                          "Settings", "How long a provider may be silent within an answer")),
                      FIELD(relay.stallTimeout)),
        span<seconds>(
            {u"relay.total_timeout"_s, {}, u"RELAY_TIMEOUT"_s},
            0,
            86400,
            words(QT_TRANSLATE_NOOP("Settings", "How long a request may take at all; 0: no limit")),
            FIELD(relay.totalTimeout)),
        span<seconds>({u"relay.keep_alive_interval"_s},
                      1,
                      600,
                      words(QT_TRANSLATE_NOOP(
                          "Settings", "After how long a silence a stream gets a sign of life")),
                      FIELD(relay.keepAliveInterval)),
        span<seconds>({u"relay.receipt_timeout"_s},
                      1,
                      600,
                      words(QT_TRANSLATE_NOOP(
                          "Settings", "How long the end of an answer waits for its ledger row")),
                      FIELD(relay.receiptTimeout)),
        bytes({u"relay.max_response_bytes"_s},
              1024,
              64 * gibibyte,
              words(QT_TRANSLATE_NOOP("Settings", "Longest answer of a provider")),
              FIELD(relay.maxResponseBytes)),
        bytes({u"relay.max_event_bytes"_s},
              1024,
              gibibyte,
              words(QT_TRANSLATE_NOOP("Settings", "Longest line of a stream")),
              FIELD(relay.maxEventBytes)),
        boolean(
            {u"relay.answer_details"_s},
            words(QT_TRANSLATE_NOOP(
                "Settings",
                "Tell clients in the head of each answer the number of the channel that served, "
                "how many attempts it took, the model if it is another one, and the times "
                "(X-Gatehouse-Channel, X-Gatehouse-Attempts, X-Gatehouse-Model, "
                "Server-Timing)")),
            FIELD(relay.answerDetails)),
        integer(
            {u"relay.breaker_failures"_s},
            1,
            1000,
            words(QT_TRANSLATE_NOOP("Settings", "Failures in a row after which a channel rests")),
            FIELD(relay.breakerFailures)),
        span<seconds>({u"relay.breaker_rest"_s},
                      1,
                      86400,
                      words(QT_TRANSLATE_NOOP("Settings",
                                              "How long a channel rests after repeated failures")),
                      FIELD(relay.breakerRest)),
        span<seconds>({u"relay.max_rest"_s},
                      1,
                      86400,
                      words(QT_TRANSLATE_NOOP("Settings",
                                              "The most that a provider's Retry-After is heeded")),
                      FIELD(relay.maxRest)),
        boolean({u"relay.disable_automatically"_s, u"AutomaticDisableChannelEnabled"_s},
                words(QT_TRANSLATE_NOOP(
                    "Settings", "Disable a channel whose provider refuses its key or its credit")),
                FIELD(relay.disableAutomatically)),
        boolean({u"relay.enable_automatically"_s, u"AutomaticEnableChannelEnabled"_s},
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Enable such a channel again when a test succeeds")),
                FIELD(relay.enableAutomatically)),
        text({u"relay.default_model"_s},
             words(QT_TRANSLATE_NOOP("Settings",
                                     "The model that serves requests which name no model, or the "
                                     "model \"default\"; empty: such requests are refused")),
             FIELD(relay.defaultModel)),
        routingStrategy(),
        boolean({u"relay.affinity"_s},
                words(QT_TRANSLATE_NOOP(
                    "Settings",
                    "Send the requests of a session to the channel and key that served it last, "
                    "where the provider has its prompt in the cache; a model may have its own "
                    "choice")),
                FIELD(relay.affinity)),
        span<minutes>(
            {u"relay.affinity_ttl"_s},
            1,
            60,
            words(QT_TRANSLATE_NOOP(
                "Settings",
                "How long after its last request a session keeps to its channel and key")),
            FIELD(relay.affinityTtl)),
        integer(
            {u"relay.affinity_entries"_s},
            100,
            1'000'000,
            words(QT_TRANSLATE_NOOP("Settings",
                                    "Sessions whose channel and key are remembered; beyond, the "
                                    "one that was silent for longest is forgotten")),
            FIELD(relay.affinityEntries)),
        integer({u"tests.parallel"_s},
                1,
                64,
                words(QT_TRANSLATE_NOOP("Settings", "Channel tests at one time")),
                FIELD(tests.parallel)),
        span<seconds>({u"tests.timeout"_s},
                      1,
                      600,
                      words(QT_TRANSLATE_NOOP("Settings", "How long a channel test may take")),
                      FIELD(tests.timeout)),
        span<minutes>({u"tests.interval"_s, {}, u"CHANNEL_TEST_FREQUENCY"_s},
                      0,
                      100'000,
                      words(QT_TRANSLATE_NOOP(
                          "Settings", "Time between scheduled tests of all channels; 0: none")),
                      FIELD(tests.interval)),
        number({u"tests.slow_seconds"_s, u"ChannelDisableThreshold"_s},
               0,
               600,
               words(QT_TRANSLATE_NOOP("Settings", "A slower test is reported as slow; 0: never")),
               FIELD(tests.slowSeconds)),
    };
}

} // namespace gatehouse::domain
