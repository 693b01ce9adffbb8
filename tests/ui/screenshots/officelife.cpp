// The part of Office that happens now.
#include "admin/administration.h"
#include "ui/screenshots/office.h"

#include <QNetworkReply>
#include <QTest>

using namespace std::chrono_literals;
using namespace Qt::StringLiterals;

namespace gatehouse::screenshots {

namespace {

// As a program asks that works on code.
constexpr auto conversation = R"({"model":"%1","stream":true,"temperature":0.2,"messages":[
{"role":"system","content":"You help with the project in /home/alice/harbour. Answer briefly. Change files with the tools that you are given, one change a call."},
{"role":"user","content":"The test tst_tides fails since yesterday: `expected 3.2, got 3.19`. Please find out why."},
{"role":"assistant","content":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"read_file","arguments":"{\"path\":\"src/tides.cpp\",\"from\":40,\"to\":96}"}}]},
{"role":"tool","tool_call_id":"call_1","content":"double levelAt(const Station &station, qint64 time)\n{\n    const double phase = std::fmod(time, station.period) / station.period;\n    return station.mean + station.range * std::cos(2 * pi * phase);\n}"},
{"role":"assistant","content":"The level is no longer rounded to a tenth before it is compared: `levelAt` lost its call of `rounded()` in the last change."},
{"role":"user","content":"Right. Put it back, and tell me in two sentences which other callers depended on it."}],
"tools":[{"type":"function","function":{"name":"read_file","description":"Reads lines of a file.","parameters":{"type":"object","properties":{"path":{"type":"string"},"from":{"type":"integer"},"to":{"type":"integer"}},"required":["path"]}}}]})";

} // namespace

domain::Channel &Office::channel(const QString &name)
{
    const auto found =
        std::find_if(m_channels.begin(), m_channels.end(), [&name](const domain::Channel &each) {
            return each.name == name;
        });
    if (found == m_channels.end())
        qFatal("There is no channel %s.", qPrintable(name));
    return *found;
}

void Office::rest(const QString &name, relay::HealthEvent event, std::chrono::milliseconds time)
{
    const admin::Foundation &base = m_fixture.administration().foundation;
    domain::Settings::Relay settings = base.publisher.catalog()->settings().relay;
    settings.breakerRest = time;
    settings.maxRest = time;
    const domain::Channel &rested = channel(name);
    QList<domain::ChannelKey> keys = rested.keys;
    if (keys.isEmpty())
        keys.append(domain::ChannelKey());
    for (const domain::ChannelKey &key : std::as_const(keys)) {
        for (int i = 0; i < settings.breakerFailures; ++i)
            base.health.report(rested.id,
                               key.id,
                               event,
                               settings,
                               event == relay::HealthEvent::RateLimited ? std::optional(time)
                                                                        : std::nullopt);
    }
}

void Office::refuse(const QString &name, protocol::ErrorClass reason)
{
    rest(name, relay::HealthEvent::KeyRefused, 20min);
    for (const domain::ChannelKey &key : std::as_const(channel(name).keys))
        m_fixture.administration().statistics.keyRefused(
            {.channel = channel(name).id,
             .key = key.id,
             .error = {.status = 401,
                       .message = base::Message::verbatim(u"Invalid Authentication"_s),
                       .kind = reason}});
}

void Office::renewHealth()
{
    relay::ChannelHealth &health = m_fixture.administration().foundation.health;
    for (const domain::Channel &each : std::as_const(m_channels))
        health.forget(each.id);
    rest(u"DeepSeek"_s, relay::HealthEvent::Failure, 161s);
    rest(u"SiliconFlow"_s, relay::HealthEvent::RateLimited, 38s);
    refuse(u"Moonshot (Kimi)"_s, protocol::ErrorClass::Authentication);
    refuse(u"xAI"_s, protocol::ErrorClass::OutOfCredit);
    const domain::ChannelId tested = channel(u"LM Studio (office)"_s).id;
    m_fixture.administration().statistics.setTesting(tested, false);
    m_fixture.administration().statistics.setTesting(tested, true);
}

void Office::sendChat(const domain::Token &token, const QByteArray &client, const QByteArray &model)
{
    QNetworkRequest request(QUrl(m_fixture.url() + u"/v1/chat/completions"_s));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setHeader(QNetworkRequest::UserAgentHeader, client);
    request.setRawHeader("Authorization", "Bearer sk-" + token.key.reveal());
    QNetworkReply *reply = m_network.post(request, QByteArray(conversation).replace("%1", model));
    QObject::connect(reply, &QNetworkReply::readyRead, reply, [reply] { reply->readAll(); });
}

void Office::beginRequests()
{
    const domain::Token &laptop = m_tokens.at(0);
    const domain::Token &server = m_tokens.at(4);
    sendChat(server, "codex_cli_rs/0.60.1 (Debian 12; x86_64)", "qwen3:8b");
    sendChat(laptop, "claude-cli/2.0.55 (external, cli)", "llama3.2:3b");
    sendChat(server, "codex_cli_rs/0.60.1 (Debian 12; x86_64)", "llama3.2:3b");
    const admin::StatisticsService &statistics = m_fixture.administration().statistics;
    if (!QTest::qWaitFor([&] { return statistics.live().inFlight == 2; }, 20'000))
        qWarning("The requests are not being served.");
}

} // namespace gatehouse::screenshots
