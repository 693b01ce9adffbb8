#pragma once

#include "ui/screenshots/officetraffic.h"

#include <span>

namespace gatehouse::screenshots {

struct ChannelSample
{
    int type = 0;
    const char *name = "";
    const char *models = "";
    qint64 priority = 0;
    int weight = 1;
    int keys = 1;
    double balance = -1;  // yuan of DeepSeek, else dollars; below 0: not known
    int milliseconds = 0; // of its last test; 0: never tested
    OfficeChannel traffic{};
    const char *note = "";
};

struct TokenSample
{
    const char *owner = "";
    const char *name = "";
    const char *client = "";
    QList<const char *> models{};
    double share = 0;
    int sessions = 0;
    double dollars = -1;      // that may still be spent after the month; below 0: unlimited
    double used = 0;          // dollars
    qint64 daysLeft = 0;      // until it expires; 0: never
    qint64 lastUsedDays = -1; // ago; -1: see the requests, or never
    bool enabled = true;
};

std::span<const ChannelSample> channelSamples();
std::span<const TokenSample> tokenSamples();

} // namespace gatehouse::screenshots
