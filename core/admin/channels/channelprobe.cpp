#include "admin/channels/channelprobe.h"

#include "admin/channels/modellist.h"
#include "admin/channels/probebench.h"
#include "base/redaction.h"
#include "protocol/errorbody.h"
#include "relay/exchange/attempt.h"
#include "relay/exchange/failureanswer.h"

#include <QElapsedTimer>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using protocol::Operation;
using State = ChannelTestOutcome::State;

namespace {

// What a model is for, as far as its name tells. Providers do not say it in one common way.
enum class Capability { Chat, Embeddings, Listing };

bool containsOneOf(const QString &name, const QStringList &words)
{
    return std::any_of(words.cbegin(), words.cend(), [&name](const QString &word) {
        return name.contains(word, Qt::CaseInsensitive);
    });
}

Capability capabilityOf(const QString &model)
{
    static const QStringList vectors{u"embed"_s, u"bge-"_s, u"m3e"_s, u"gte-"_s, u"e5-"_s};
    // Pictures and sound cost much: that the provider lists its models must do.
    static const QStringList costly{u"dall-e"_s,
                                    u"gpt-image"_s,
                                    u"flux"_s,
                                    u"imagen"_s,
                                    u"sdxl"_s,
                                    u"stable-diffusion"_s,
                                    u"cogview"_s,
                                    u"wanx"_s,
                                    u"whisper"_s,
                                    u"tts"_s,
                                    u"rerank"_s,
                                    u"midjourney"_s,
                                    u"sora"_s,
                                    u"veo-"_s};
    if (containsOneOf(model, vectors))
        return Capability::Embeddings;
    return containsOneOf(model, costly) ? Capability::Listing : Capability::Chat;
}

// These are served by the Responses API alone: platform.openai.com/docs/models.
bool needsResponses(const QString &model)
{
    return containsOneOf(model, {u"-codex"_s, u"o1-pro"_s, u"o3-pro"_s, u"-deep-research"_s});
}

struct Question
{
    Operation operation = Operation::ChatCompletions;
    QByteArray body{};
};

Question questionFor(const domain::CatalogChannel &channel, const QString &model)
{
    const QByteArray name = protocol::jsonString(model.toUtf8());
    const domain::Dialect dialect = channel.type->dialect;
    const bool vectors = capabilityOf(model) == Capability::Embeddings;
    if (dialect == domain::Dialect::Gemini) {
        if (vectors)
            return {Operation::EmbedContent, R"({"content":{"parts":[{"text":"hi"}]}})"};
        return {Operation::GenerateContent,
                R"({"contents":[{"role":"user","parts":[{"text":"hi"}]}],)"
                R"("generationConfig":{"maxOutputTokens":16}})"};
    }
    if (dialect == domain::Dialect::Anthropic) {
        return {Operation::Messages,
                R"({"model":)" + name
                    + R"(,"max_tokens":1,"messages":[{"role":"user","content":"hi"}]})"};
    }
    if (vectors)
        return {Operation::Embeddings, R"({"model":)" + name + R"(,"input":"hi"})"};
    if (needsResponses(model)) {
        return {Operation::Responses,
                R"({"model":)" + name + R"(,"input":"hi","max_output_tokens":16,"store":false})"};
    }
    // The newer models take the newer name of the limit alone.
    const bool isReasoning = model.startsWith("o1"_L1) || model.startsWith("o3"_L1)
                             || model.startsWith("o4"_L1) || model.startsWith("gpt-5"_L1);
    const QByteArray limit = isReasoning ? R"("max_completion_tokens":16)" : R"("max_tokens":1)";
    return {Operation::ChatCompletions,
            R"({"model":)" + name + "," + limit
                + R"(,"messages":[{"role":"user","content":"hi"}]})"};
}

QString stageOf(upstream::FailureKind kind)
{
    using upstream::FailureKind;
    switch (kind) {
    case FailureKind::Resolve:
        return u"resolve"_s;
    case FailureKind::ForbiddenAddress:
        return u"address"_s;
    case FailureKind::Connect:
    case FailureKind::ConnectTimeout:
        return u"connect"_s;
    case FailureKind::Proxy:
        return u"proxy"_s;
    case FailureKind::Tls:
        return u"tls"_s;
    case FailureKind::Send:
        return u"send"_s;
    case FailureKind::FirstByteTimeout:
        return u"wait"_s;
    case FailureKind::Stalled:
    case FailureKind::TotalTimeout:
    case FailureKind::Closed:
        return u"receive"_s;
    case FailureKind::Malformed:
    case FailureKind::TooLarge:
    case FailureKind::Encoding:
        return u"answer"_s;
    }
    return u"connect"_s;
}

// Providers and proxies repeat keys, also such as are no channel's.
base::Message withoutKeys(const base::Message &text)
{
    const QString masked = base::redacted(text.english());
    return masked == text.english() ? text : base::Message::verbatim(masked);
}

void noteProviderError(ProbeReport &report, const protocol::ProviderError &error)
{
    const bool understood = error.kind != protocol::ErrorClass::NotUnderstood;
    report.outcome.state = understood ? State::Refused : State::Failed;
    report.outcome.httpStatus = error.status;
    report.outcome.errorType = error.type;
    report.outcome.errorCode = error.code;
    report.outcome.text = error.message.isEmpty()
                              ? base::Message::tr("The provider gave no reason.")
                              : withoutKeys(error.message);
    if (understood)
        report.refusal = error.kind;
    else
        report.outcome.stage = u"answer"_s;
}

void noteFailure(ProbeReport &report, const relay::AttemptFailure &failure)
{
    if (failure.provider) {
        noteProviderError(report, *failure.provider);
        return;
    }
    report.outcome.state = State::Failed;
    if (failure.transport) {
        report.outcome.stage = stageOf(failure.transport->kind);
        report.outcome.text = withoutKeys(failure.transport->message);
    } else if (failure.local) {
        report.outcome.stage = u"prepare"_s;
        report.outcome.text = withoutKeys(failure.local->message);
    }
}

// Notes what an attempt brings, and ends the worker's event loop.
class Watcher final : public relay::AttemptObserver
{
public:
    Watcher(ProbeReport &report, QEventLoop &loop)
        : m_report(report)
        , m_loop(loop)
    {}

    void attemptBegan(const http::ResponseHead &, bool, qint64) override {}
    void attemptBytes(QByteArrayView) override {}
    void attemptEvent(const http::Event &, const protocol::EventFacts &) override {}
    void attemptBatchEnded() override {}
    void attemptFinished() override
    {
        m_report.outcome.state = State::Answered;
        m_loop.quit();
    }
    void attemptFailed(const relay::AttemptFailure &failure) override
    {
        noteFailure(m_report, failure);
        m_loop.quit();
    }

private:
    ProbeReport &m_report;
    QEventLoop &m_loop;
};

// Reads the provider's list of models: for what would cost too much to be tried.
class ListReader final : public upstream::StreamReceiver
{
public:
    ListReader(ProbeReport &report, QEventLoop &loop, domain::Dialect dialect, QByteArray secret)
        : m_report(report)
        , m_loop(loop)
        , m_dialect(dialect)
        , m_secret(std::move(secret))
    {}

    void headReceived(const http::ResponseHead &head) override { m_head = &head; }
    void bodyReceived(QByteArrayView bytes) override
    {
        constexpr qsizetype most = 4 * 1024 * 1024;
        m_body.append(bytes.first(std::min(bytes.size(), most - m_body.size())));
    }
    void batchEnded() override {}
    void completed() override
    {
        constexpr int ok = 200;
        if (m_head->status == ok && m_body.trimmed().startsWith('{')) {
            m_report.outcome.state = State::Answered;
            m_report.outcome.text =
                base::Message::tr("The provider listed its models; this one is too costly to try.");
            m_models = modelsInAnswer(m_body);
        } else {
            noteProviderError(m_report,
                              protocol::classify({.status = m_head->status,
                                                  .headers = &m_head->headers,
                                                  .body = m_body,
                                                  .dialect = m_dialect,
                                                  .secret = m_secret}));
            m_report.outcome.httpStatus = m_head->status; // not one that the relay would make of it
        }
        m_loop.quit();
    }
    void failed(const upstream::Failure &failure) override
    {
        noteFailure(m_report, {.transport = failure});
        m_loop.quit();
    }

    const std::optional<QStringList> &models() const { return m_models; }

private:
    ProbeReport &m_report;
    QEventLoop &m_loop;
    const domain::Dialect m_dialect;
    const QByteArray m_secret;
    const http::ResponseHead *m_head = nullptr;
    QByteArray m_body;
    std::optional<QStringList> m_models{};
};

base::Result<upstream::Call> listCall(const relay::CompiledChannel &target,
                                      const domain::ChannelKey *key)
{
    protocol::ProviderAccount account = target.account;
    account.base = &target.base;
    static const base::Secret none;
    const auto where =
        protocol::providerTarget(account, Operation::ListModels, {}, key ? key->secret : none);
    if (!where)
        return base::fail(where.error());
    upstream::Call call{.endpoint = target.endpoint};
    call.head = "GET " + where->path + " HTTP/1.1\r\nHost: " + where->hostHeader
                + "\r\nAccept-Encoding: identity\r\n";
    for (const auto &[name, value] : where->headers)
        call.head += name + ": " + value + "\r\n";
    call.head += "\r\n";
    return call;
}

// For a bench: the outcome where the provider let the time pass.
std::function<void()> noteTimeout(std::chrono::milliseconds timeout, ProbeReport &report)
{
    return [timeout, &report] {
        report.outcome.state = State::Failed;
        report.outcome.stage = u"wait"_s;
        report.outcome.text = base::Message::tr("The provider did not answer within %1 seconds.")
                                  .arg(timeout.count() / 1000);
    };
}

std::optional<QStringList> askForList(ProbeBench &bench,
                                      const relay::CompiledChannel &target,
                                      const domain::CatalogChannel &channel,
                                      const domain::ChannelKey *key,
                                      ProbeReport &report)
{
    base::Result<upstream::Call> call = listCall(target, key);
    if (!call) {
        noteFailure(report, {.local = call.error()});
        return std::nullopt;
    }
    ListReader reader(
        report, bench.loop, channel.type->dialect, key ? key->secret.reveal() : QByteArray());
    upstream::Stream *stream = bench.client().send(std::move(*call), reader);
    bench.loop.exec();
    if (report.outcome.state == State::NotTested || report.outcome.stage == "wait"_L1)
        stream->abort();
    return reader.models();
}

void ask(const ProbeOrder &order,
         const domain::CatalogChannel &channel,
         const std::stop_token &stop,
         ProbeReport &report)
{
    const QString model = report.outcome.model;
    const domain::ChannelKey *key = keyToTry(channel.channel, order.key);
    const auto target = relay::Targets::compile(channel, order.catalog->settings().proxies);
    const domain::Settings &settings = order.catalog->settings();
    if (!target->problem.isEmpty()) {
        noteFailure(report,
                    {.local = base::Error{base::ErrorCode::InvalidInput, target->problem, {}}});
        return;
    }
    const std::chrono::milliseconds timeout = settings.tests.timeout;
    ProbeBench bench(timeout, stop, noteTimeout(timeout, report));
    if (order.listing || capabilityOf(model) == Capability::Listing) {
        const auto models = askForList(bench, *target, channel, key, report);
        if (order.listing && models)
            report.outcome.text =
                base::Message::tr("The provider listed %1 models.").arg(models->size());
        return;
    }

    const Question question = questionFor(channel, model);
    http::SpoolBudget budget(0);
    http::BodySource body(budget);
    body.take(question.body);
    const base::Result<protocol::Peek> peek =
        protocol::peek(body.whole(), question.operation, model.toUtf8());
    if (!peek)
        return noteFailure(report, {.local = peek.error()});
    Watcher watcher(report, bench.loop);
    relay::Attempt attempt(bench.client(), bench.wheel(), watcher);
    domain::Settings::Relay limits = settings.relay;
    constexpr qint64 mostBytes = 4 * 1024 * 1024;
    limits.maxResponseBytes = mostBytes;
    const base::Result<> started = attempt.start({.route = {.channel = &channel, .key = key},
                                                  .target = target,
                                                  .peek = &*peek,
                                                  .body = &body,
                                                  .limits = &limits});
    if (!started)
        return noteFailure(report, {.local = started.error()});
    bench.loop.exec();
    if (report.outcome.httpStatus > 0)
        report.outcome.httpStatus = attempt.status(); // not one that the relay would make of it
    attempt.abort();
    const bool isChat = question.operation != Operation::Embeddings
                        && question.operation != Operation::EmbedContent;
    if (report.outcome.state == State::Answered && isChat && attempt.text().isEmpty()
        && attempt.finishReason().isEmpty()) {
        report.outcome.state = State::Failed;
        report.outcome.stage = u"answer"_s;
        report.outcome.text = base::Message::tr("The provider's answer holds no reply.");
    }
    if (report.outcome.state == State::Answered) {
        constexpr qsizetype shown = 200;
        const QString text = base::redacted(
            protocol::presentable(attempt.withoutSecrets(attempt.text()), {}, shown));
        report.outcome.text = text.isEmpty()
                                  ? base::Message::tr("The provider answered without a text.")
                                  : base::Message::verbatim(text);
    }
}

TestVerdict verdictOfRefusal(protocol::ErrorClass refusal)
{
    using protocol::ErrorClass;
    switch (refusal) {
    case ErrorClass::Authentication:
    case ErrorClass::Forbidden: // the request of a test is sound
        return TestVerdict::KeyRefused;
    case ErrorClass::OutOfCredit:
        return TestVerdict::NoCredit;
    case ErrorClass::RateLimited:
        return TestVerdict::RateLimited;
    case ErrorClass::ModelNotFound:
        return TestVerdict::UnknownModel;
    case ErrorClass::Overloaded:
    case ErrorClass::ServerFault:
        return TestVerdict::ProviderFault;
    case ErrorClass::NotUnderstood:
        return TestVerdict::NotUnderstood;
    case ErrorClass::ClientMistake:
    case ErrorClass::ContentRefused:
        break;
    }
    return TestVerdict::Refused;
}

} // namespace

const domain::ChannelKey *keyToTry(const domain::Channel &channel, qint64 wanted)
{
    for (const domain::ChannelKey &key : channel.keys) {
        if (wanted == 0 ? key.enabled : key.id == wanted)
            return &key;
    }
    return channel.keys.isEmpty() ? nullptr : &channel.keys.front();
}

ListingReport listModels(const ProbeOrder &order, const std::stop_token &stop)
{
    ListingReport listing;
    const domain::CatalogChannel *channel = order.catalog->channel(order.channel);
    if (!channel || !channel->type->relayable) {
        listing.text = base::Message::tr("This version does not serve providers of this type.");
        return listing;
    }
    QElapsedTimer timer;
    timer.start();
    ProbeReport report;
    const auto target = relay::Targets::compile(*channel, order.catalog->settings().proxies);
    if (target->problem.isEmpty()) {
        const std::chrono::milliseconds timeout = order.catalog->settings().tests.timeout;
        ProbeBench bench(timeout, stop, noteTimeout(timeout, report));
        const auto models =
            askForList(bench, *target, *channel, keyToTry(channel->channel, order.key), report);
        listing.answered = models.has_value();
        listing.models = models.value_or(QStringList());
    } else {
        report.outcome.text = target->problem;
    }
    const bool cancelled = report.outcome.state == State::NotTested && stop.stop_requested();
    if (!listing.answered && cancelled) {
        listing.text = base::Message::tr("The test was cancelled.");
    } else if (!listing.answered) {
        listing.text = report.outcome.succeeded() || report.outcome.text.isEmpty()
                           ? base::Message::tr("The provider’s answer is no list of models.")
                           : report.outcome.text;
    }
    listing.httpStatus = report.outcome.httpStatus;
    listing.refusal = report.refusal;
    listing.elapsed = std::chrono::milliseconds(timer.elapsed());
    return listing;
}

LocalAnswer
askLocally(const QString &url, std::chrono::milliseconds patience, const std::stop_token &stop)
{
    const QUrl address(url, QUrl::StrictMode);
    upstream::Endpoint endpoint{.tls = false,
                                .host = address.host().toUtf8(),
                                .port = static_cast<quint16>(address.port(80)),
                                .allowPrivateAddress = true};
    upstream::Call call{.endpoint =
                            std::make_shared<const upstream::Endpoint>(std::move(endpoint))};
    call.head = "GET " + address.path(QUrl::FullyEncoded).toUtf8()
                + " HTTP/1.1\r\nHost: " + address.authority().toUtf8()
                + "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n\r\n";
    ProbeReport report;
    ProbeBench bench(patience, stop, noteTimeout(patience, report));
    if (stop.stop_requested())
        return {};
    ListReader reader(report, bench.loop, domain::Dialect::OpenAi, {});
    upstream::Stream *stream = bench.client().send(std::move(call), reader);
    bench.loop.exec();
    if (report.outcome.state == State::NotTested || report.outcome.stage == "wait"_L1)
        stream->abort();
    return {.answered = reader.models().has_value(),
            .models = reader.models().value_or(QStringList())};
}

QString testModelOf(const domain::Channel &channel)
{
    if (!channel.testModel.isEmpty())
        return channel.testModel;
    for (const QString &model : channel.models) {
        if (capabilityOf(model) == Capability::Chat)
            return model;
    }
    return channel.models.isEmpty() ? QString() : channel.models.front();
}

ProbeReport probeChannel(const ProbeOrder &order, const std::stop_token &stop)
{
    ProbeReport report;
    report.outcome.channel = order.channel;
    const domain::CatalogChannel *channel = order.catalog->channel(order.channel);
    if (!channel) {
        report.outcome.text = base::Message::tr("This channel no longer exists.");
        return report;
    }
    report.outcome.channelName = channel->channel.name;
    if (!order.listing) {
        report.outcome.model = order.model.isEmpty() ? testModelOf(channel->channel) : order.model;
    }
    if (!channel->type->relayable) {
        report.outcome.text =
            base::Message::tr("This version does not serve providers of this type.");
        return report;
    }
    if (report.outcome.model.isEmpty() && !order.listing) {
        report.outcome.text =
            base::Message::tr("The channel has no model. Add one to test it with.");
        return report;
    }
    if (stop.stop_requested()) {
        report.outcome.text = base::Message::tr("The run was cancelled before this channel.");
        return report;
    }
    QElapsedTimer timer;
    timer.start();
    ask(order, *channel, stop, report);
    report.outcome.elapsed = std::chrono::milliseconds(timer.elapsed());
    if (report.outcome.state == State::NotTested && report.outcome.text.isEmpty())
        report.outcome.text = base::Message::tr("The test was cancelled.");
    const double slow = order.catalog->settings().tests.slowSeconds;
    report.outcome.slow = report.outcome.succeeded() && slow > 0
                          && double(report.outcome.elapsed.count()) > slow * 1000;
    return report;
}

TestVerdict verdictOf(const ProbeReport &report)
{
    const ChannelTestOutcome &outcome = report.outcome;
    switch (outcome.state) {
    case State::Answered:
        return outcome.slow ? TestVerdict::Slow : TestVerdict::Answered;
    case State::Refused:
        return verdictOfRefusal(report.refusal.value_or(protocol::ErrorClass::ClientMistake));
    case State::Failed:
        if (outcome.stage == "wait"_L1)
            return TestVerdict::TimedOut;
        if (outcome.stage == "answer"_L1 || outcome.stage == "internal"_L1)
            return TestVerdict::NotUnderstood;
        // Also where the connection broke before the answer was whole: there is none to understand.
        return TestVerdict::NotReached;
    case State::NotTested:
        break;
    }
    return TestVerdict::NotTested;
}

} // namespace gatehouse::admin
