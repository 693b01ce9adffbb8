#pragma once

#include "domain/modelcapabilities.h"

#include <QByteArray>
#include <QByteArrayView>

#include <memory>
#include <mutex>
#include <optional>

namespace gatehouse::protocol {

struct CapabilityTable;

// What models can do, by the table that comes with the program: made from litellm
// (resources/capabilities). Any thread may ask. The table is read at the first question, once, which
// takes about a millisecond and half a megabyte.
class BuiltinCapabilities
{
public:
    BuiltinCapabilities();
    ~BuiltinCapabilities();
    BuiltinCapabilities(const BuiltinCapabilities &) = delete;
    BuiltinCapabilities &operator=(const BuiltinCapabilities &) = delete;

    // Through a provider, named as domain::ProviderType::priceProvider names it: what is known of the
    // model there, else what its maker says of it, else what those who serve it agree on. A release of
    // a day that is not in the table is taken for its family. nullopt: nothing is known.
    std::optional<domain::ModelCapabilities> find(QByteArrayView priceProvider,
                                                  QByteArrayView model) const;

    const CapabilityTable &table() const;

private:
    mutable std::once_flag m_once{};
    mutable std::unique_ptr<const CapabilityTable> m_table{};
};

} // namespace gatehouse::protocol
