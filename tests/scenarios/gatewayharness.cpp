#include "scenarios/gatewayharness.h"

#include "storage/repositories/channelrepository.h"
#include "storage/repositories/tokenrepository.h"
#include "storage/repositories/userrepository.h"

#include <QTest>
#include <QThreadPool>
#include <QUrl>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::support {

namespace {

storage::DatabaseOptions patient(storage::DatabaseOptions options)
{
    options.busyTimeout = 200ms;
    return options;
}

template<typename T>
void require(const base::Result<T> &result)
{
    if (!result)
        qFatal("%s %s",
               qPrintable(result.error().message.english()),
               qPrintable(result.error().detail));
}

} // namespace

GatewayHarness::GatewayHarness()
    : m_threads(patient(m_database.options()))
    , m_ledger(std::make_unique<storage::LedgerWriter>(m_threads, clock))
    , m_captures(
          std::make_unique<storage::CaptureStore>(m_database.filePath(u"bodies.db"_s), clock))
    , m_shared{.clock = clock,
               .admission = m_admission,
               .health = m_health,
               .load = m_load,
               .ledger = *m_ledger,
               .events = m_events,
               .meter = m_meter,
               .spool = m_spool,
               .captures = m_captures.get(),
               .answers = &m_answers,
               .version = "1.2.3",
               .longestTurn = std::chrono::hours(24 * 365)}
{}

GatewayHarness::~GatewayHarness()
{
    m_gateway.reset();
    m_captures.reset();
    QThreadPool::globalInstance()->waitForDone();
    m_ledger.reset();
    m_threads.stop();
}

void GatewayHarness::start(gateway::GatewayOptions options)
{
    storage::Database &database = m_database.database();
    for (const domain::User &user : content.content.users)
        require(storage::UserRepository(database).insert(user, "hash"));
    for (const domain::Token &token : content.content.tokens)
        require(storage::TokenRepository(database, m_sealer).insert(token));
    for (const domain::Channel &channel : content.content.channels)
        require(storage::ChannelRepository(database, m_sealer).insert(channel));
    require(m_threads.start());

    const auto catalog = content.build();
    m_admission.publish(*catalog);
    m_answers.configure(catalog->settings().cache);
    storage::LedgerWriter *ledger = m_ledger.get();
    m_gateway = std::make_unique<gateway::Gateway>(
        m_shared,
        gateway::ReceiptRegistry{
            .add = [ledger](auto post) { return ledger->registerReceiver(std::move(post)); },
            .remove = [ledger](int receiver) { ledger->unregisterReceiver(receiver); }});
    QObject::connect(
        m_gateway.get(), &gateway::Gateway::stopped, m_gateway.get(), [this] { m_stopped = true; });
    if (options.listen.empty())
        options.listen = {{.port = 0}};
    if (options.threads == 0)
        options.threads = 2;
    options.dispatcher = qEnvironmentVariable("GATEHOUSE_DISPATCHER");
    require(m_gateway->start(options, catalog));
    m_port = static_cast<quint16>(QUrl(m_gateway->urls().constFirst()).port());
}

void GatewayHarness::publish()
{
    const auto catalog = content.build();
    m_admission.publish(*catalog);
    m_answers.configure(catalog->settings().cache);
    const QFuture<void> inForce = m_gateway->setCatalog(catalog);
    if (!QTest::qWaitFor([&] { return inForce.isFinished(); }, 30'000))
        qFatal("The gateway does not take a catalog.");
}

void GatewayHarness::stop(std::chrono::milliseconds grace)
{
    m_gateway->stop(grace);
}

std::unique_ptr<TestClient> GatewayHarness::chat(const QByteArray &members) const
{
    auto client = connect();
    client->send(post("/v1/chat/completions", chatBody(members), testKey));
    return client;
}

std::vector<domain::UsageRecord> GatewayHarness::rows()
{
    const auto stored = storage::UsageRepository(m_database.database()).list({}, {.limit = 10'000});
    require(stored);
    std::vector<domain::UsageRecord> all;
    for (auto row = stored->rbegin(); row != stored->rend(); ++row)
        all.push_back(row->record);
    return all;
}

qint64 GatewayHarness::storedBalance()
{
    const auto token = storage::TokenRepository(m_database.database(), m_sealer)
                           .find({1}, {1}, storage::Keys::Leave);
    require(token);
    return token->balance.units;
}

QByteArray chatBody(const QByteArray &members)
{
    return R"({"model":"small","messages":[{"role":"user","content":"hi"}])" + members + "}";
}

QByteArray chatDocument()
{
    return R"({"choices":[{"message":{"content":"Hello"},"finish_reason":"stop"}],"usage":)"
           R"({"prompt_tokens":10,"completion_tokens":5}})";
}

QByteArray chatChunk(const QByteArray &text)
{
    return R"(data: {"choices":[{"delta":{"content":")" + text + "\"}}]}\n\n";
}

QByteArrayList chatStream(int chunks)
{
    QByteArrayList events;
    for (int i = 0; i < chunks; ++i)
        events.append(chatChunk("part " + QByteArray::number(i)));
    events.append("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n");
    events.append("data: "
                  "{\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":5}}\n\n");
    return events << chatDone;
}

} // namespace gatehouse::support
