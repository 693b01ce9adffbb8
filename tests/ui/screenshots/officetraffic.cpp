#include "ui/screenshots/officetraffic.h"

#include "domain/attemptnote.h"
#include "support/pricedrecord.h"

#include <QDateTime>

#include <cmath>
#include <cstring>

namespace gatehouse::screenshots {

namespace {

constexpr qint64 minute = 60'000;
constexpr qint64 day = 24 * 60 * minute;
constexpr int days = 30;

struct Model
{
    const char *name = "";
    const char *channel = ""; // that is tried first
    const char *next = "";    // that serves when it fails
    double input = 0;         // dollars a million tokens
    double output = 0;
    double prompt = 0;          // tokens, the median
    double firstByte = 0;       // milliseconds, the median
    double tokensPerSecond = 0; // 0: it answers at once
};

constexpr std::array models{
    Model{"claude-sonnet-4-5", "Anthropic – team", "OpenRouter", 3, 15, 21'000, 640, 71},
    Model{"claude-opus-4-5", "Anthropic – team", "OpenRouter", 5, 25, 34'000, 1'080, 48},
    Model{"claude-haiku-4-5", "Anthropic – team", "OpenRouter", 1, 5, 2'300, 410, 130},
    Model{"gpt-5.1", "OpenAI", "OpenRouter", 1.25, 10, 7'600, 1'240, 62},
    Model{"gpt-5.1-codex", "OpenAI", "OpenRouter", 1.25, 10, 16'000, 1'390, 65},
    Model{"gpt-5-mini", "OpenAI", "OpenRouter", 0.25, 2, 1'900, 640, 110},
    Model{"text-embedding-3-small", "OpenAI", "", 0.02, 0, 5'200, 190, 0},
    Model{"gemini-2.5-pro", "Google Gemini", "OpenRouter", 1.25, 10, 9'100, 730, 82},
    Model{"gemini-2.5-flash", "Google Gemini", "OpenRouter", 0.3, 2.5, 3'000, 390, 180},
    Model{"deepseek-chat", "DeepSeek", "OpenRouter", 0.27, 1.1, 3'600, 1'700, 38},
    Model{"qwen3-max", "Alibaba Qwen", "", 0, 0, 2'800, 520, 55},
    Model{"llama-3.3-70b", "Groq", "", 0.59, 0.79, 1'900, 140, 260},
    Model{"glm-4.6", "SiliconFlow", "", 0.6, 2.2, 4'100, 770, 44},
    Model{"kimi-k2", "Moonshot (Kimi)", "SiliconFlow", 0.6, 2.5, 3'900, 690, 42},
    Model{"qwen3:8b", "Ollama (local)", "LM Studio (office)", 0, 0, 640, 180, 34},
    Model{"gemma-3-27b", "LM Studio (office)", "", 0, 0, 900, 420, 21}};

const Model &modelOf(const char *name)
{
    const auto found = std::find_if(models.begin(), models.end(), [name](const Model &model) {
        return std::strcmp(model.name, name) == 0;
    });
    return found == models.end() ? models.front() : *found;
}

bool isLocal(const Model &model)
{
    return std::strchr(model.name, ':') || std::strncmp(model.name, "gemma", 5) == 0;
}

// How much is going on at a time of the day, 0 to 1.
double activity(qint64 time, qint64 now)
{
    // The office is at work now, whatever the clock says.
    const double hours = static_cast<double>(time - now) / 3'600'000.0;
    const double hour = std::fmod(std::fmod(hours, 24.0) + 24.0 + 14.6, 24.0);
    const auto age = static_cast<int>(-hours / 24.0);
    const double work = std::exp(-std::pow((hour - 14.0) / 3.9, 2));
    return (age % 7 >= 5 ? 0.3 : 1.0) * (0.04 + 0.96 * work);
}

} // namespace

OfficeTraffic::OfficeTraffic(std::vector<OfficeChannel> channels,
                             std::vector<OfficeToken> tokens,
                             qint64 now)
    : m_channels(std::move(channels))
    , m_tokens(std::move(tokens))
    , m_now(now)
{}

std::vector<domain::UsageRecord> OfficeTraffic::records(int count)
{
    std::vector<domain::UsageRecord> records;
    for (const qint64 time : times(count)) {
        const OfficeToken &token = drawToken();
        const auto model =
            static_cast<qsizetype>(popular(static_cast<size_t>(token.models.size())));
        records.push_back(record(time, token, token.models.at(model)));
    }
    addLastHour(records);
    std::stable_sort(records.begin(), records.end(), [](const auto &left, const auto &right) {
        return left.createdAt < right.createdAt;
    });
    return records;
}

// The last days weigh more: the office has come to like it.
std::vector<qint64> OfficeTraffic::times(int count)
{
    std::vector<double> weights;
    double sum = 0;
    const qint64 begin = m_now - days * day;
    for (qint64 time = begin; time < m_now - 60 * minute; time += minute) {
        const double age = static_cast<double>(m_now - time) / static_cast<double>(day);
        const double growth = 0.35 + 1.4 * std::exp(-age / 4.0);
        // The computer was off for a while in the night.
        const double hours = age * 24.0;
        const bool off = hours > 9.2 && hours < 10.5;
        weights.push_back(off ? 0 : growth * activity(time, m_now));
        sum += weights.back();
    }
    std::vector<qint64> result;
    double due = 0;
    for (size_t i = 0; i < weights.size(); ++i) {
        due += weights[i] / sum * count;
        while (static_cast<double>(result.size()) + 1 <= due)
            result.push_back(begin + static_cast<qint64>(i) * minute
                             + static_cast<qint64>(uniform() * minute));
    }
    return result;
}

// Each channel as busy as it is said to be, so that its strip of minutes has something to show.
void OfficeTraffic::addLastHour(std::vector<domain::UsageRecord> &records)
{
    for (const Model &model : models) {
        const OfficeChannel *first = channel(model.channel);
        if (!first || first->busy <= 0)
            continue;
        const auto served =
            std::count_if(models.begin(), models.end(), [&model](const Model &each) {
                return std::strcmp(each.channel, model.channel) == 0;
            });
        for (int i = 0; i < 60; ++i) {
            const double expected = first->busy / static_cast<double>(served);
            const int requests = std::poisson_distribution(expected)(m_random);
            for (int j = 0; j < requests; ++j) {
                const qint64 time =
                    m_now - i * minute - static_cast<qint64>((0.1 + 0.9 * uniform()) * minute);
                const auto fits = [&model](const OfficeToken &token) {
                    return token.models.contains(model.name) && token.share > 0;
                };
                const auto token = std::find_if(m_tokens.begin(), m_tokens.end(), fits);
                records.push_back(
                    record(time, token == m_tokens.end() ? drawToken() : *token, model.name));
            }
        }
    }
}

domain::UsageRecord
OfficeTraffic::record(qint64 time, const OfficeToken &token, const char *modelName)
{
    const Model &model = modelOf(modelName);
    const double drawn = uniform();
    domain::UsageRecord record{.requestId = "01KB" + QByteArray::number(time, 36).toUpper()
                                            + QByteArray::number(++m_number, 36).toUpper(),
                               .createdAt = time,
                               .userId = token.owner,
                               .username = token.ownerName,
                               .tokenId = token.id,
                               .tokenName = token.name,
                               .model = model.name,
                               .providerModel = model.name,
                               .group = "default",
                               .operation = model.tokensPerSecond > 0 ? "chat" : "embeddings",
                               .tokenIsUnlimited = true,
                               .stream = model.tokensPerSecond > 0 && drawn < 0.9,
                               .httpStatus = 200,
                               .clientAddress = drawn < 0.4 ? "127.0.0.1" : "192.168.1.34",
                               .client = token.client};
    if (token.sessions > 0) {
        const qint64 part = time / (90 * minute) % token.sessions;
        record.session = "session-" + QByteArray::number(0x3f1a + part * 77 + token.id.value, 16);
    }
    setUsage(record, modelName);
    setChannel(record, modelName);
    return record;
}

void OfficeTraffic::setChannel(domain::UsageRecord &record, const char *modelName)
{
    const Model &model = modelOf(modelName);
    const OfficeChannel *first = channel(model.channel);
    const OfficeChannel *next = channel(model.next);
    if (!first)
        return;
    record.channelId = first->id;
    record.channelKeyId = first->key;
    const bool lately = record.createdAt > m_now - first->lately * minute;
    const bool fails = uniform() < (lately ? first->failingLately : first->failing);
    if (fails && next && uniform() < 0.45) {
        record.channelId = next->id;
        record.channelKeyId = next->key;
        record.attempts = 2;
        if (std::strcmp(model.next, "OpenRouter") == 0)
            record.providerModel = QByteArray(model.name).split('-').front() + '/' + model.name;
        addAttempts(record, first);
        return;
    }
    if (fails) {
        record.kind = domain::RecordKind::Failure;
        record.end = domain::EndReason::Failed;
        record.usage = {};
        record.cost = {};
        record.charge = {};
        record.firstByteMilliseconds = -1;
        record.httpStatus = first->status;
        record.errorCode = first->error;
        record.content = first->message;
        record.attempts = uniform() < 0.5 ? 3 : 1;
    } else {
        setOutcome(record);
    }
    addAttempts(record, nullptr);
}

// What clients do themselves.
void OfficeTraffic::setOutcome(domain::UsageRecord &record)
{
    const double drawn = uniform();
    if (drawn < 0.012) {
        record.httpStatus = 499;
        record.end = domain::EndReason::ClientGone;
        record.errorCode = "client_gone";
        record.usage.output /= 3;
    } else if (drawn < 0.018) {
        record.kind = domain::RecordKind::Failure;
        record.end = domain::EndReason::Failed;
        record.httpStatus = 400;
        record.errorCode = "provider_refused_request";
        record.content = "max_tokens: 128000 is more than the model allows (64000).";
        record.usage = {};
        record.cost = {};
        record.charge = {};
        record.firstByteMilliseconds = -1;
        record.elapsedMilliseconds = 340;
    }
}

void OfficeTraffic::setUsage(domain::UsageRecord &record, const char *modelName)
{
    const Model &model = modelOf(modelName);
    const auto input = static_cast<qint64>(spread(model.prompt, 0.7));
    const qint64 output =
        model.tokensPerSecond > 0 ? static_cast<qint64>(spread(420, 0.9)) + 12 : 0;
    const bool caches = model.prompt > 5'000 && model.output > 0 && uniform() < 0.86;
    record.usage = {.input = input,
                    .cacheRead = caches ? static_cast<qint64>(static_cast<double>(input) * 0.9) : 0,
                    .cacheWrite = caches && uniform() < 0.5 ? input / 14 : 0,
                    .output = output,
                    .source = domain::UsageSource::Provider};
    support::setCost(record, model.input, model.output);
    record.unpriced = model.input <= 0 && !isLocal(model);
    record.firstByteMilliseconds = static_cast<qint64>(spread(model.firstByte, 0.35)) + 1;
    const double generating =
        model.tokensPerSecond > 0 ? static_cast<double>(output) * 1000 / model.tokensPerSecond : 5;
    record.elapsedMilliseconds =
        record.firstByteMilliseconds + static_cast<qint64>(spread(generating, 0.15)) + 1;
}

void OfficeTraffic::addAttempts(domain::UsageRecord &record, const OfficeChannel *left)
{
    std::vector<domain::AttemptNote> notes;
    qint64 start = 190;
    if (left) {
        const qint64 wait = 300'000 + static_cast<qint64>(uniform() * 1'100'000);
        notes.push_back({.channel = left->id,
                         .key = left->key,
                         .startedAt = start,
                         .connectedAt = start + 184'000,
                         .sentAt = start + 184'600,
                         .answeredAt = start + 184'600 + wait,
                         .endedAt = start + 185'000 + wait,
                         .tls = true,
                         .status = left->status,
                         .errorCode = left->error,
                         .message = left->message});
        start += 185'400 + wait;
        record.elapsedMilliseconds += start / 1000;
        record.firstByteMilliseconds += start / 1000;
    }
    const bool failed = record.kind == domain::RecordKind::Failure;
    const qint64 first = record.firstByteMilliseconds > 0 ? record.firstByteMilliseconds * 1000
                                                          : record.elapsedMilliseconds * 1000;
    notes.push_back({.channel = record.channelId,
                     .key = record.channelKeyId,
                     .startedAt = start,
                     .connectedAt = start + 400,
                     .sentAt = start + 900,
                     .answeredAt = std::max(start + 1'000, first - 2'000),
                     .begunAt = failed ? -1 : std::max(start + 1'000, first),
                     .endedAt = record.elapsedMilliseconds * 1000,
                     .reused = true,
                     .tls = true,
                     .status = failed ? record.httpStatus : 200,
                     .errorCode = failed ? record.errorCode : QByteArray(),
                     .message = failed ? record.content : QByteArray()});
    record.attemptLog = domain::attemptLog(notes);
}

const OfficeChannel *OfficeTraffic::channel(const char *name) const
{
    const auto found =
        std::find_if(m_channels.begin(), m_channels.end(), [name](const OfficeChannel &each) {
            return std::strcmp(each.name, name) == 0;
        });
    return found == m_channels.end() ? nullptr : &*found;
}

const OfficeToken &OfficeTraffic::drawToken()
{
    double left = uniform();
    for (const OfficeToken &token : m_tokens) {
        left -= token.share;
        if (left < 0)
            return token;
    }
    return m_tokens.front();
}

double OfficeTraffic::spread(double median, double sigma)
{
    return std::lognormal_distribution(std::log(median), sigma)(m_random);
}

// The first ones most often.
size_t OfficeTraffic::popular(size_t count)
{
    const double drawn = std::exponential_distribution(2.6)(m_random);
    return std::min(count - 1, static_cast<size_t>(drawn * static_cast<double>(count)));
}

} // namespace gatehouse::screenshots
