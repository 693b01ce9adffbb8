#pragma once

#include "base/result.h"
#include "domain/modelcapabilities.h"

#include <QByteArray>
#include <QDate>
#include <QHash>

namespace gatehouse::protocol {

// The table of resources/capabilities, as packaging/make-capabilities.py writes it.
struct CapabilityTable
{
    using Models = QHash<QByteArray, domain::ModelCapabilities>; // by capabilityName()

    Models models{};
    QHash<QByteArray, Models>
        providers{};      // what is different there, by domain::ProviderType::priceProvider
    QByteArray version{}; // of the package that it was made from
    QDate asOf{};
};

base::Result<CapabilityTable> readCapabilities(QByteArrayView json);

// The form of a model's name in the table: in lower case, without vendor and variant, and with a dash for
// every sign that providers write differently ("claude-sonnet-4.5"). Empty: it has none, since the part
// before the name is no vendor's that is known.
QByteArray capabilityName(QByteArrayView model);

// The name, of that form, without the day of a release or "-latest".
QByteArray familyName(const QByteArray &name);

} // namespace gatehouse::protocol
