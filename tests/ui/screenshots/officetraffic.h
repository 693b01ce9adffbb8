#pragma once

#include "domain/usagerecord.h"

#include <QList>

#include <random>

namespace gatehouse::screenshots {

// A channel of the office as its traffic knows it.
struct OfficeChannel
{
    domain::ChannelId id{};
    qint64 key = 0;
    const char *name = "";
    double failing = 0;       // the share of its requests
    double failingLately = 0; // … within the last `lately` minutes
    int lately = 0;
    double busy = 0;  // requests a minute within the last hour
    int status = 503; // that its failures have
    const char *error = "provider_overloaded";
    const char *message = ""; // that came with them
};

// A token of the office with the program that uses it.
struct OfficeToken
{
    domain::TokenId id{};
    domain::UserId owner{};
    QByteArray ownerName{};
    QByteArray name{};
    const char *client = "";
    QList<const char *> models{}; // the first ones most often
    double share = 0;             // of all requests
    int sessions = 0;             // of its last hours
};

// The requests of an office in thirty days, the same for each call but for the time: by day more than
// by night, some models more than others, some channels with errors.
class OfficeTraffic
{
public:
    OfficeTraffic(std::vector<OfficeChannel> channels, std::vector<OfficeToken> tokens, qint64 now);

    // By rising time, about `count` of them and those of the last hour.
    std::vector<domain::UsageRecord> records(int count);

private:
    domain::UsageRecord record(qint64 time, const OfficeToken &token, const char *model);
    void setChannel(domain::UsageRecord &record, const char *model);
    void setUsage(domain::UsageRecord &record, const char *model);
    void setOutcome(domain::UsageRecord &record);
    void addAttempts(domain::UsageRecord &record, const OfficeChannel *left);
    void addLastHour(std::vector<domain::UsageRecord> &records);
    std::vector<qint64> times(int count);
    const OfficeChannel *channel(const char *name) const;
    const OfficeToken &drawToken();
    double uniform() { return std::uniform_real_distribution(0.0, 1.0)(m_random); }
    double spread(double median, double sigma);
    size_t popular(size_t count);

    const std::vector<OfficeChannel> m_channels;
    const std::vector<OfficeToken> m_tokens;
    const qint64 m_now;
    std::mt19937 m_random{2026};
    int m_number = 0;
};

} // namespace gatehouse::screenshots
