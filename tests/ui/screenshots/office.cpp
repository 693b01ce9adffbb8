#include "ui/screenshots/office.h"

#include "admin/administration.h"
#include "storage/ledger/ledgerbatch.h"
#include "storage/statement.h"
#include "storage/traffic/uptimerepository.h"
#include "ui/screenshots/officesamples.h"

#include <QDateTime>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::screenshots {

namespace {

constexpr qint64 secondsPerDay = 86'400;
constexpr int requestsOfTheMonth = 10'000;

domain::Quota quota(double dollars)
{
    return {static_cast<qint64>(dollars * static_cast<double>(domain::Quota::perDollar))};
}

qint64 nowInSeconds()
{
    return QDateTime::currentSecsSinceEpoch();
}

// What was given and spent of it, since the requests of the month have changed it.
base::Result<> setBalances(storage::Database &database, const QList<domain::Token> &tokens)
{
    for (qsizetype i = 0; i < tokens.size(); ++i) {
        const TokenSample &sample = tokenSamples()[static_cast<size_t>(i)];
        const auto stored =
            storage::execute(database,
                             u"UPDATE tokens SET balance = :balance, used = :used WHERE id = :id"_s,
                             {{u":balance"_s, quota(std::max(0.0, sample.dollars)).units},
                              {u":used"_s, quota(sample.used).units},
                              {u":id"_s, tokens.at(i).id.value}});
        if (!stored)
            return base::fail(stored.error());
        if (sample.lastUsedDays < 0)
            continue;
        const auto used =
            storage::execute(database,
                             u"UPDATE tokens SET accessed_at = :time WHERE id = :id"_s,
                             {{u":time"_s, nowInSeconds() - sample.lastUsedDays * secondsPerDay},
                              {u":id"_s, tokens.at(i).id.value}});
        if (!used)
            return base::fail(used.error());
    }
    return {};
}

// On a connection of its own, since the ledger's batches are transactions themselves.
void storeLedger(const storage::DatabaseOptions &options,
                 const std::vector<domain::UsageRecord> &records)
{
    const auto database = storage::Database::open(options, storage::Database::Access::ReadWrite);
    if (!database)
        qFatal("The ledger could not be opened: %s",
               qPrintable(database.error().message.english()));
    std::vector<storage::LedgerEntry> entries;
    for (const domain::UsageRecord &record : records)
        entries.push_back({record, {}});
    if (const auto stored = storage::LedgerBatch::of(**database).store(entries); !stored)
        qFatal("The ledger was not stored: %s", qPrintable(stored.error().message.english()));
}

// The gateway was off for a while in the night.
base::Result<> setUptimes(storage::Database &database, qint64 now)
{
    constexpr qint64 hour = 3'600'000;
    storage::UptimeRepository uptimes(database);
    for (const auto &[since, until] :
         {std::pair(now - 31 * 24 * hour, now - 21 * hour / 2), {now - 9 * hour, now}}) {
        const base::Result<qint64> id = uptimes.begin(since);
        if (!id)
            return base::fail(id.error());
        if (base::Result<> prolonged = uptimes.prolong(*id, until); !prolonged)
            return prolonged;
    }
    return {};
}

} // namespace

Office::Office(support::WindowFixture &fixture)
    : m_fixture(fixture)
{}

void Office::fill()
{
    addUsers();
    addTokens();
    addChannels();
    addTraffic();
    m_fixture.waitFor(m_fixture.administration().publisher.publish());
    renewHealth();
}

void Office::addUsers()
{
    struct UserSample
    {
        const char *name = "";
        const char *displayName = "";
        domain::Role role = domain::Role::User;
        double dollars = 0;
    };
    constexpr UserSample samples[]{{"alice", "Alice Bergström", domain::Role::Administrator, 120},
                                   {"bob", "Bob", domain::Role::User, 24},
                                   {"chen-wei", "陈伟", domain::Role::User, 40},
                                   {"build", "Build server", domain::Role::User, 60},
                                   {"intern", "Intern", domain::Role::User, 0}};
    auto &users = m_fixture.administration().users;
    for (const UserSample &sample : samples) {
        const domain::User user =
            m_fixture.wait(users.create(m_fixture.services().actor,
                                        {.username = QString::fromUtf8(sample.name),
                                         .password = base::Secret(QByteArray("sample-password-1")),
                                         .displayName = QString::fromUtf8(sample.displayName),
                                         .role = sample.role,
                                         .balance = quota(sample.dollars)}));
        m_users.insert(user.username, user);
    }
    m_fixture.wait(users.change(m_fixture.services().actor,
                                m_users.value(u"intern"_s).id,
                                {.status = domain::UserStatus::Disabled}));
}

void Office::addTokens()
{
    for (const TokenSample &sample : tokenSamples()) {
        const domain::User owner = m_users.value(QString::fromUtf8(sample.owner));
        domain::Token token{.name = QString::fromUtf8(sample.name),
                            .status = sample.enabled ? domain::TokenStatus::Enabled
                                                     : domain::TokenStatus::Disabled,
                            .balance = quota(std::max(0.0, sample.dollars)),
                            .unlimited = sample.dollars < 0,
                            .capture = domain::TokenCapture::All};
        if (sample.daysLeft != 0)
            token.expiresAt = nowInSeconds() + sample.daysLeft * secondsPerDay;
        m_tokens.append(m_fixture.wait(m_fixture.administration().tokenManager.create(
            m_fixture.services().actor, owner.id, token)));
        m_tokenTraffic.push_back({.id = m_tokens.last().id,
                                  .owner = owner.id,
                                  .ownerName = owner.username.toUtf8(),
                                  .name = sample.name,
                                  .client = sample.client,
                                  .models = sample.models,
                                  .share = sample.share,
                                  .sessions = sample.sessions});
    }
}

void Office::addChannels()
{
    auto &service = m_fixture.administration().channels;
    for (const ChannelSample &sample : channelSamples()) {
        domain::Channel channel{.type = sample.type,
                                .name = QString::fromUtf8(sample.name),
                                .models = QString::fromUtf8(sample.models).split(u' '),
                                .priority = sample.priority,
                                .weight = sample.weight,
                                .note = QString::fromUtf8(sample.note)};
        if (sample.type == domain::provider::azure)
            channel.baseUrl = u"https://contoso-sweden.openai.azure.com"_s;
        // The requests that are being served go to the Echo provider, which takes its time.
        if (sample.type == domain::provider::echo)
            channel.modelMapping.insert(u"llama3.2:3b"_s, u"echo-gap-2s-long-900"_s);
        for (int i = 0; i < sample.keys; ++i)
            channel.keys.append(
                {.secret =
                     base::Secret(QByteArray("sk-sample-") + QByteArray::number(sample.type)
                                  + QByteArray("-abcdef-") + QByteArray::number(7919 * (i + 3)))});
        channel = m_fixture.wait(service.create({channel})).front();
        m_channels.append(channel);
        OfficeChannel traffic = sample.traffic;
        traffic.id = channel.id;
        traffic.key = channel.keys.isEmpty() ? 0 : channel.keys.first().id;
        traffic.name = sample.name;
        m_channelTraffic.push_back(traffic);
        if (sample.milliseconds > 0)
            m_fixture.waitFor(
                service.recordTest(channel.id, nowInSeconds() - 1'500, sample.milliseconds));
        if (sample.balance >= 0)
            m_fixture.waitFor(service.recordBalance(
                channel.id, {sample.balance, sample.type == 36 ? "CNY" : "USD"}));
    }
    m_fixture.wait(service.change(m_channels.last().id, [](domain::Channel &channel) {
        channel.status = domain::ChannelStatus::DisabledByHand;
        return base::Result<>();
    }));
}

void Office::addTraffic()
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    OfficeTraffic traffic(m_channelTraffic, m_tokenTraffic, now);
    const std::vector<domain::UsageRecord> records = traffic.records(requestsOfTheMonth);
    auto &storage = m_fixture.administration().foundation.storage;
    storeLedger(storage.options(), records);
    m_fixture.waitFor(
        storage.write([now](storage::Database &database) { return setUptimes(database, now); }));
    m_fixture.waitFor(storage.write([tokens = m_tokens](storage::Database &database) {
        return setBalances(database, tokens);
    }));
    const admin::StatisticsService &statistics = m_fixture.administration().statistics;
    const bool known = QTest::qWaitFor(
        [&] {
            const admin::RollUpProgress progress = statistics.progress();
            return progress.total > 0 && progress.done >= progress.total;
        },
        60'000);
    if (!known)
        qFatal("The traffic was not summed up.");
}

} // namespace gatehouse::screenshots
