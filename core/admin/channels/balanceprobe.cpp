#include "admin/channels/balanceprobe.h"

#include "admin/channels/probebench.h"
#include "base/json.h"
#include "protocol/balance.h"
#include "relay/routing/targets.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::Message;
using base::Result;

namespace {

// Reads one answer and ends the loop.
class AnswerReader final : public upstream::StreamReceiver
{
public:
    explicit AnswerReader(QEventLoop &loop)
        : m_loop(loop)
    {}

    void headReceived(const http::ResponseHead &head) override { m_status = head.status; }
    void bodyReceived(QByteArrayView bytes) override
    {
        constexpr qsizetype most = 256 * 1024;
        m_body.append(bytes.first(std::min(bytes.size(), most - m_body.size())));
    }
    void batchEnded() override {}
    void completed() override
    {
        constexpr int ok = 200;
        if (m_status == ok) {
            outcome = base::parseJsonObject(m_body);
        } else {
            outcome = base::fail(
                ErrorCode::Unavailable,
                Message::tr("The provider answered %1 where it was asked for the balance.")
                    .arg(m_status));
        }
        m_loop.quit();
    }
    void failed(const upstream::Failure &failure) override
    {
        outcome = base::fail(ErrorCode::Unavailable, failure.message);
        m_loop.quit();
    }

    std::optional<Result<QJsonObject>> outcome{};

private:
    QEventLoop &m_loop;
    int m_status = 0;
    QByteArray m_body{};
};

const domain::ChannelKey *usableKey(const domain::Channel &channel)
{
    for (const domain::ChannelKey &key : channel.keys) {
        if (key.enabled)
            return &key;
    }
    return nullptr;
}

Result<upstream::Call>
callTo(const relay::CompiledChannel &target, const base::Secret &key, const QByteArray &path)
{
    protocol::ProviderAccount account = target.account;
    account.base = &target.base;
    const auto where = protocol::providerTarget(account, protocol::Operation::ListModels, {}, key);
    if (!where)
        return base::fail(where.error());
    // Base URLs are also written with the version at their end, which the paths have themselves.
    QByteArray root = target.base.path;
    if (root.endsWith("/v1") && path.startsWith("/v1/"))
        root.chop(3);
    upstream::Call call{.endpoint = target.endpoint};
    call.head = "GET " + root + path + " HTTP/1.1\r\nHost: " + where->hostHeader
                + "\r\nAccept-Encoding: identity\r\n";
    for (const auto &[name, value] : where->headers)
        call.head += name + ": " + value + "\r\n";
    call.head += "\r\n";
    return call;
}

Result<QJsonObject> ask(ProbeBench &bench, upstream::Call call)
{
    AnswerReader reader(bench.loop);
    upstream::Stream *stream = bench.client().send(std::move(call), reader);
    bench.loop.exec();
    if (reader.outcome)
        return *reader.outcome;
    stream->abort();
    return base::fail(ErrorCode::TimedOut,
                      Message::tr("The provider did not tell its balance in time."));
}

} // namespace

Result<domain::AccountBalance> probeBalance(const ProbeOrder &order, const std::stop_token &stop)
{
    const domain::CatalogChannel *channel = order.catalog->channel(order.channel);
    if (!channel)
        return base::fail(ErrorCode::NotFound, Message::tr("There is no such channel."));
    const int type = channel->channel.type;
    if (!protocol::tellsBalance(type)) {
        return base::fail(
            ErrorCode::InvalidInput,
            Message::tr("Providers of this type do not tell what is left on an account. See the "
                        "provider's own page."));
    }
    const domain::ChannelKey *key = usableKey(channel->channel);
    const auto target = relay::Targets::compile(*channel, order.catalog->settings().proxies);
    if (!key || !target->problem.isEmpty()) {
        return base::fail(
            ErrorCode::InvalidInput,
            key ? target->problem
                : Message::tr(
                    "The channel has no key that is enabled. Enable one, or enter another."));
    }
    ProbeBench bench(order.catalog->settings().tests.timeout, stop, [] {});
    const QDate today = QDateTime::currentDateTimeUtc().date();
    QList<QJsonObject> answers;
    while (const auto path = protocol::nextBalancePath(type, answers, today)) {
        const Result<QJsonObject> answer =
            callTo(*target, key->secret, *path).and_then([&bench](upstream::Call call) {
                return ask(bench, std::move(call));
            });
        if (!answer)
            return base::fail(answer.error());
        answers.append(*answer);
    }
    return protocol::balanceFrom(type, answers, QString::fromUtf8(target->base.host));
}

} // namespace gatehouse::admin
