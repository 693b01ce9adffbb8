#include "protocol/capabilities/builtincapabilities.h"

#include "base/logging.h"
#include "protocol/capabilities/capabilitytable.h"

#include <QFile>

// A static library's resources are linked only if something names them, outside of any namespace.
static void initializeCapabilityResource()
{
    Q_INIT_RESOURCE(capabilities);
}

namespace gatehouse::protocol {

using namespace Qt::StringLiterals;

namespace {

// The program works without the table; whatever it would tell is then unknown.
CapabilityTable builtInTable()
{
    initializeCapabilityResource();
    QFile file(u":/capabilities/capabilities.json"_s);
    const bool isOpen = file.open(QIODevice::ReadOnly);
    base::Result<CapabilityTable> table = readCapabilities(isOpen ? file.readAll() : QByteArray());
    if (table)
        return std::move(*table);
    qCWarning(base::lcApp).noquote() << table.error().message.english() << table.error().detail;
    return {};
}

const domain::ModelCapabilities *entryOf(const CapabilityTable::Models &models,
                                         const QByteArray &name)
{
    const auto found = models.constFind(name);
    return found == models.constEnd() ? nullptr : &*found;
}

} // namespace

BuiltinCapabilities::BuiltinCapabilities() = default;
BuiltinCapabilities::~BuiltinCapabilities() = default;

std::optional<domain::ModelCapabilities> BuiltinCapabilities::find(QByteArrayView priceProvider,
                                                                   QByteArrayView model) const
{
    const QByteArray name = capabilityName(model);
    if (name.isEmpty())
        return std::nullopt;
    const CapabilityTable &known = table();
    const auto own = priceProvider.isEmpty()
                         ? known.providers.constEnd()
                         : known.providers.constFind(priceProvider.toByteArray());
    for (const QByteArray &each : {name, familyName(name)}) {
        if (own != known.providers.constEnd()) {
            if (const domain::ModelCapabilities *found = entryOf(*own, each))
                return *found;
        }
        if (const domain::ModelCapabilities *found = entryOf(known.models, each))
            return *found;
    }
    return std::nullopt;
}

const CapabilityTable &BuiltinCapabilities::table() const
{
    std::call_once(m_once,
                   [this] { m_table = std::make_unique<const CapabilityTable>(builtInTable()); });
    return *m_table;
}

} // namespace gatehouse::protocol
