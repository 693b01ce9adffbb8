#pragma once

#include "commands/resource.h"

namespace gatehouse::app {

const Resource &channelResource();
QStringList modelsOf(const QJsonObject &channel);

// Which channels are asked whether they answer, and what for.
struct ChannelTestChoice
{
    QStringList references{};        // empty: all of them
    bool isServingModelOnly = false; // of them, those that are enabled and offer `model`
    QString model{};                 // empty: each channel's own choice
};

// Tests channels side by side, and tells each outcome as it comes.
std::unique_ptr<Command>
makeChannelTest(const Options &options, const ChannelTestChoice &choice, bool json);

} // namespace gatehouse::app
