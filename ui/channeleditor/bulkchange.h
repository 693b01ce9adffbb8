#pragma once

#include "domain/channel.h"

#include <optional>

namespace gatehouse::ui {

// What a person wants of several channels at once. What is absent or empty stays as each of them has
// it.
struct BulkChange
{
    std::optional<bool> enabled{};
    std::optional<qint64> priority{};
    std::optional<int> weight{};
    std::optional<QStringList> groups{};
    std::optional<QString> proxy{}; // as Channel::proxy has it
    std::optional<std::chrono::milliseconds> wholeTime{};
    std::optional<int> concurrentRequests{};
    std::optional<int> requestsPerMinute{};
    std::optional<qint64> tokensPerMinute{};
    std::optional<qint64> priceRatioMillionths{};
    QStringList addedModels{};
    QStringList removedModels{};
    QStringList addedTags{};
    QStringList removedTags{};

    bool isEmpty() const { return *this == BulkChange(); }
    void applyTo(domain::Channel &channel) const;
    bool operator==(const BulkChange &) const = default;
};

} // namespace gatehouse::ui
