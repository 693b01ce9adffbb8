#include "domain/attemptnote.h"
#include "storage/databasefile.h"
#include "storage/ledger/ledgerbatch.h"
#include "storage/repositories/channelrepository.h"
#include "storage/repositories/tokenrepository.h"
#include "storage/repositories/userrepository.h"
#include "storage/traffic/rollup.h"
#include "storage/transaction.h"
#include "support/markingsealer.h"
#include "support/pricedrecord.h"

#include <QCoreApplication>
#include <QCryptographicHash>
#include <QDateTime>

#include <cmath>
#include <cstdio>
#include <random>

using namespace gatehouse;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 millisecondsPerDay = 86'400'000;
constexpr qint64 days = 30;

struct Model
{
    const char *name;
    double input; // dollars a million tokens
    double output;
    double firstByte; // milliseconds, the median
    double tokensPerSecond;
};

constexpr Model models[]{
    {"claude-sonnet-4-5", 3, 15, 900, 70},
    {"claude-opus-4-5", 5, 25, 1'500, 45},
    {"claude-haiku-4-5", 1, 5, 500, 130},
    {"gpt-5.1", 1.25, 10, 1'100, 60},
    {"gpt-5.1-codex", 1.25, 10, 1'400, 65},
    {"gpt-5-mini", 0.25, 2, 600, 110},
    {"gpt-4o-mini", 0.15, 0.6, 450, 90},
    {"gemini-2.5-pro", 1.25, 10, 1'200, 80},
    {"gemini-2.5-flash", 0.3, 2.5, 400, 180},
    {"deepseek-chat", 0.27, 1.1, 1'800, 35},
    {"deepseek-reasoner", 0.55, 2.19, 2'600, 30},
    {"qwen3-max", 0, 0, 1'000, 50},
    {"llama-3.3-70b", 0.6, 0.8, 300, 250},
    {"mistral-large", 2, 6, 700, 60},
    {"kimi-k2", 0.6, 2.5, 1'300, 40},
    {"text-embedding-3-small", 0.02, 0, 120, 0},
};

struct Client
{
    const char *name;
    const char *operation;
    bool hasSessions;
};

constexpr Client clients[]{
    {"Claude Code", "messages", true},
    {"Codex", "responses", true},
    {"OpenAI Python", "chat", false},
    {"Cherry Studio", "chat", false},
    {"Open WebUI", "chat", false},
    {"", "chat", false},
};

// Requests of one time, drawn as they come in an office: some models, channels and tokens are used
// much more than others, by day more than by night.
class Traffic
{
public:
    explicit Traffic(int channels, std::vector<qint64> tokens, std::vector<qint64> users)
        : m_channels(channels)
        , m_tokens(std::move(tokens))
        , m_users(std::move(users))
    {}

    domain::UsageRecord at(qint64 time, qint64 number)
    {
        const size_t token = popular(m_tokens.size());
        const Model &model = models[popular(std::size(models))];
        const Client &client = clients[popular(std::size(clients))];
        domain::UsageRecord record{
            .requestId = requestId(time, number),
            .createdAt = time,
            .userId = {m_users[token % m_users.size()]},
            .username = "user-" + QByteArray::number(static_cast<qint64>(token % m_users.size())),
            .tokenId = {m_tokens[token]},
            .tokenName = "token-" + QByteArray::number(static_cast<qint64>(token)),
            .channelId = {1 + static_cast<qint64>(popular(static_cast<size_t>(m_channels)))},
            .model = model.name,
            .providerModel = QByteArray(model.name).append(chance(0.1) ? "-latest" : ""),
            .group = "default",
            .operation = client.operation,
            .stream = chance(0.8),
            .attempts = chance(0.03) ? 2 : 1,
            .httpStatus = 200,
            .clientAddress =
                QByteArray("192.168.1.").append(QByteArray::number(qint64(popular(200)) + 2)),
            .client = client.name};
        // A session of a token lasts for about half an hour.
        if (client.hasSessions)
            record.session =
                QCryptographicHash::hash(
                    QByteArray(record.tokenName).append(QByteArray::number(time / 1'800'000)),
                    QCryptographicHash::Md5)
                    .toHex();
        setUsage(record, model);
        setOutcome(record);
        setAttempts(record);
        return record;
    }

    bool chance(double share) { return std::uniform_real_distribution(0.0, 1.0)(m_random) < share; }

private:
    double spread(double median, double sigma)
    {
        return std::lognormal_distribution(std::log(median), sigma)(m_random);
    }

    // The first ones most often.
    size_t popular(size_t count)
    {
        const double drawn = std::exponential_distribution(5.0)(m_random);
        return std::min(count - 1, static_cast<size_t>(drawn * static_cast<double>(count)));
    }

    void setUsage(domain::UsageRecord &record, const Model &model)
    {
        const qint64 input = static_cast<qint64>(spread(3'000, 1.1));
        const qint64 output = model.output > 0 ? static_cast<qint64>(spread(350, 0.9)) : 0;
        record.usage = {.input = input,
                        .cacheRead = chance(0.6) ? input * 7 / 10 : 0,
                        .cacheWrite = chance(0.2) ? input / 10 : 0,
                        .output = output,
                        .source = domain::UsageSource::Provider};
        support::setCost(record, model.input, model.output);
        record.unpriced = model.input == 0;
        record.firstByteMilliseconds = static_cast<qint64>(spread(model.firstByte, 0.5));
        const double generating = model.tokensPerSecond > 0
                                      ? static_cast<double>(output) * 1000 / model.tokensPerSecond
                                      : 5;
        record.elapsedMilliseconds =
            record.firstByteMilliseconds + static_cast<qint64>(spread(generating + 1, 0.2));
    }

    // As the gateway makes them: rising with time, 26 characters.
    static QByteArray requestId(qint64 time, qint64 number)
    {
        return QByteArray::number(time, 32).toUpper().rightJustified(10, '0') + "7Q4M2K9XA"
               + QByteArray::number(number, 32).toUpper().rightJustified(7, '0');
    }

    void setAttempts(domain::UsageRecord &record)
    {
        std::vector<domain::AttemptNote> notes;
        qint64 begin = 350;
        const qint64 end = record.elapsedMilliseconds * 1'000;
        for (int left = record.attempts; left > 1; --left) {
            const domain::ChannelId other{1 + static_cast<qint64>(popular(size_t(m_channels)))};
            notes.push_back({.channel = other,
                             .startedAt = begin,
                             .connectedAt = begin + 120,
                             .sentAt = begin + 300,
                             .answeredAt = end / 4,
                             .endedAt = end / 4 + 200,
                             .reused = true,
                             .status = 503,
                             .errorCode = "provider_overloaded",
                             .message = "Overloaded"});
            begin = end / 4 + 400;
        }
        notes.push_back({.channel = record.channelId,
                         .startedAt = begin,
                         .connectedAt = begin + 90,
                         .sentAt = begin + 260,
                         .answeredAt = std::max(begin, record.firstByteMilliseconds * 1'000 - 500),
                         .begunAt = record.firstByteMilliseconds < 0
                                        ? -1
                                        : record.firstByteMilliseconds * 1'000,
                         .endedAt = end,
                         .reused = chance(0.9),
                         .tls = true,
                         .status = record.httpStatus == 499 ? 200 : record.httpStatus,
                         .errorCode = record.errorCode});
        record.attemptLog = domain::attemptLog(notes);
    }

    void setOutcome(domain::UsageRecord &record)
    {
        const double drawn = std::uniform_real_distribution(0.0, 1.0)(m_random);
        if (drawn < 0.97)
            return;
        if (drawn < 0.975) {
            record.httpStatus = 499;
            record.end = domain::EndReason::ClientGone;
            record.errorCode = "client_gone";
            return;
        }
        record.kind = domain::RecordKind::Failure;
        record.end = domain::EndReason::Failed;
        record.usage = {};
        record.cost = {};
        record.charge = {};
        record.firstByteMilliseconds = -1;
        const bool clientsMistake = drawn < 0.985;
        record.httpStatus = clientsMistake ? 400 : chance(0.3) ? 429 : chance(0.5) ? 502 : 503;
        record.errorCode = clientsMistake             ? "provider_refused_request"
                           : record.httpStatus == 429 ? "provider_rate_limited"
                           : record.httpStatus == 502 ? "provider_fault"
                                                      : "provider_overloaded";
    }

    std::mt19937 m_random{2026};
    const int m_channels;
    const std::vector<qint64> m_tokens;
    const std::vector<qint64> m_users;
};

// How much is going on at a time of the day, 0 to 1.
double activity(qint64 time)
{
    const QDateTime moment = QDateTime::fromMSecsSinceEpoch(time, Qt::UTC);
    const double hour = moment.time().hour() + moment.time().minute() / 60.0;
    const double day = std::exp(-std::pow((hour - 14.5) / 4.5, 2));
    return (moment.date().dayOfWeek() > 5 ? 0.35 : 1.0) * (0.06 + 0.94 * day);
}

// When the requests come, by rising time, the last one just before `now`.
std::vector<qint64> timesOf(qint64 count, qint64 now)
{
    constexpr qint64 step = 60'000;
    std::vector<double> weights;
    double sum = 0;
    for (qint64 time = now - days * millisecondsPerDay; time < now; time += step) {
        weights.push_back(activity(time));
        sum += weights.back();
    }
    std::vector<qint64> times;
    times.reserve(static_cast<size_t>(count));
    double due = 0;
    for (size_t minute = 0; minute < weights.size(); ++minute) {
        due += weights[minute] / sum * static_cast<double>(count);
        const qint64 start = now - days * millisecondsPerDay + static_cast<qint64>(minute) * step;
        const auto these = static_cast<qint64>(due) - std::ssize(times);
        for (qint64 i = 0; i < these; ++i)
            times.push_back(start + step * i / these);
    }
    return times;
}

bool fail(const char *what, const base::Error &error)
{
    std::fprintf(
        stderr, "%s: %s %s\n", what, qPrintable(error.message.english()), qPrintable(error.detail));
    return false;
}

std::optional<domain::UserId> insertUser(storage::Database &database, domain::User user)
{
    user.balance = {1'000'000'000'000};
    const auto id = storage::UserRepository(database).insert(user, "none");
    if (!id) {
        fail("A user was not stored", id.error());
        return std::nullopt;
    }
    return *id;
}

bool insertChannels(storage::Database &database, const storage::KeySealer &sealer, int count)
{
    QStringList names;
    for (const Model &model : models)
        names.append(QString::fromLatin1(model.name));
    storage::ChannelRepository channels(database, sealer);
    for (int i = 0; i < count; ++i) {
        const auto id = channels.insert({.type = domain::provider::ollama,
                                         .name = u"Channel %1"_s.arg(i + 1),
                                         .baseUrl = u"http://127.0.0.1:9"_s,
                                         .models = names,
                                         .priority = i % 10});
        if (!id)
            return fail("A channel was not stored", id.error());
    }
    return true;
}

bool fill(storage::Database &database, qint64 lines, int channels, qint64 now)
{
    const support::MarkingSealer sealer;
    if (!insertChannels(database, sealer, channels))
        return false;
    std::vector<qint64> users;
    if (storage::UserRepository(database).count().value_or(0) == 0)
        insertUser(database, {.username = u"root"_s, .role = domain::Role::Root});
    for (int i = 0; i < 20; ++i) {
        const auto user = insertUser(database, {.username = u"user-%1"_s.arg(i)});
        if (!user)
            return false;
        users.push_back(user->value);
    }
    std::vector<qint64> tokens;
    for (int i = 0; i < 60; ++i) {
        const QByteArray key = "bench-" + QByteArray::number(i);
        const auto token =
            storage::TokenRepository(database, sealer)
                .insert({.userId = {users[static_cast<size_t>(i) % users.size()]},
                         .name = u"token-%1"_s.arg(i),
                         .key = base::Secret(key),
                         .keyHash = QCryptographicHash::hash(key, QCryptographicHash::Sha256),
                         .createdAt = now / 1000,
                         .balance = {1'000'000'000'000}});
        if (!token)
            return fail("A token was not stored", token.error());
        tokens.push_back(token->value);
    }
    Traffic traffic(channels, tokens, users);
    std::vector<storage::LedgerEntry> entries;
    constexpr size_t batch = 5'000;
    qint64 number = 0;
    const std::vector<qint64> times = timesOf(lines, now);
    for (const qint64 time : times) {
        entries.push_back({traffic.at(time, ++number), {}});
        if (entries.size() < batch && number < std::ssize(times))
            continue;
        if (const auto stored = storage::LedgerBatch::of(database).store(entries); !stored)
            return fail("The ledger was not stored", stored.error());
        entries.clear();
    }
    std::printf("%lld lines, %d channels\n", static_cast<long long>(number), channels);
    return true;
}

// What the window reads: the running program has summed up long ago what is in its ledger.
bool sumUp(storage::Database &database, qint64 now)
{
    while (true) {
        auto chunk = storage::readRollUpChunk(database, {.lines = 100'000, .now = now});
        if (!chunk)
            return fail("The ledger was not summed up", chunk.error());
        for (const storage::RollUpSlice &slice : chunk->slices) {
            auto transaction = storage::Transaction::begin(database);
            if (!transaction)
                return fail("The sums were not stored", transaction.error());
            const auto stored = storage::storeRollUpSlice(database, slice).and_then([&](bool) {
                return transaction->commit();
            });
            if (!stored)
                return fail("The sums were not stored", stored.error());
        }
        if (chunk->reachesEnd)
            return true;
    }
}

} // namespace

// Fills a SQLite database with realistic traffic of 30 days:
//     generate_ledger [--not-summed-up] FILE [LINES] [CHANNELS] [END]
// FILE is made if it is not there. END is where the traffic ends, in milliseconds since 1970; now, if
// it is left out. The same END gives the same database. The channels lead nowhere and the tokens have
// no usable key. --not-summed-up: without the sums that the window shows, which are then made by the
// program at its start, or by bench_statistics.
int main(int argumentCount, char **arguments)
{
    QCoreApplication application(argumentCount, arguments);
    QStringList given = QCoreApplication::arguments();
    const bool summedUp = given.removeAll(u"--not-summed-up"_s) == 0;
    if (given.size() < 2) {
        std::fprintf(stderr,
                     "Usage: generate_ledger [--not-summed-up] FILE [LINES] [CHANNELS] [END]\n");
        return 64;
    }
    storage::DatabaseOptions options;
    options.path = given.at(1);
    if (const auto prepared = storage::prepareDatabase(options); !prepared) {
        fail("The database cannot be used", prepared.error());
        return 1;
    }
    auto database = storage::Database::open(options, storage::Database::Access::ReadWrite);
    if (!database) {
        fail("The database cannot be opened", database.error());
        return 1;
    }
    const qint64 lines = given.size() > 2 ? given.at(2).toLongLong() : 1'000'000;
    const int channels = given.size() > 3 ? given.at(3).toInt() : 100;
    const qint64 end =
        given.size() > 4 ? given.at(4).toLongLong() : QDateTime::currentMSecsSinceEpoch();
    const bool done =
        fill(**database, lines, channels, end) && (!summedUp || sumUp(**database, end));
    return done ? 0 : 1;
}
