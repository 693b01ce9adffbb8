#pragma once

#include "domain/usage.h"

#include <optional>

namespace simdjson::dom {
class element;
}

namespace gatehouse::protocol {

// Anthropic tells its figures in parts: those of message_start stand until message_delta brings
// others, which replace them and are not added. A figure that is null or absent changes nothing.
struct AnthropicFigures
{
    std::optional<qint64> input{};
    std::optional<qint64> cacheRead{};
    std::optional<qint64> cacheCreation{};
    std::optional<qint64> fiveMinutes{};
    std::optional<qint64> oneHour{};
    std::optional<qint64> output{};
    std::optional<qint64> thinking{};
    bool anomalous = false;

    // True if the object told any figure. Where a sum cannot be true, all stay as they were, but for
    // `anomalous`.
    bool read(simdjson::dom::element usageObject);
    domain::Usage usage() const;
};

} // namespace gatehouse::protocol
