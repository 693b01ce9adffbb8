#pragma once

#include "base/message.h"
#include "base/secret.h"
#include "domain/providertype.h"

#include <QList>
#include <QMap>
#include <QString>

#include <optional>
#include <vector>

namespace gatehouse::admin {

// The environment in which names within a file are looked up.
using Variables = QMap<QString, QString>;

// What a configuration says of one account with a provider, in the words of this program.
struct ProviderEntry
{
    struct Model
    {
        QString name{};     // what clients ask for
        QString provider{}; // what the provider calls it
    };

    QString name{};   // empty: one is made
    QString origin{}; // where it stands in the file
    domain::Dialect dialect = domain::Dialect::OpenAi;
    int type = 0;      // of the domain's; 0: dialect and address tell
    QString address{}; // as a client of the provider has it; empty: the type's own
    base::Secret key{};
    QString missing{}; // the variable that was to hold the key, and is not set
    QString organization{};
    QString apiVersion{};
    QList<Model> models{};
    std::vector<base::Message> notes{};
};

// Where calls go: a type, and its address if that is not the type's own.
struct ProviderPlace
{
    int type = 0;
    QString baseUrl{};
};

// The place of what a client of the provider has for its address: such as https://host/v1, to which an OpenAI
// client adds "/chat/completions", or the address of an operation as a whole. Nothing: it is no address.
std::optional<ProviderPlace> placeOf(const ProviderEntry &entry);

// A text that may stand for a variable of the environment. The variables that this program itself is set up
// with are never given out, under whatever prefix: a file could have them sent anywhere.
struct Looked
{
    QString value{};
    QString variable{}; // which it is the value of; empty: it stood there itself
    bool isMissing() const { return !variable.isEmpty() && value.isEmpty(); }
};
Looked lookedUp(const QString &variable, const Variables &variables);

} // namespace gatehouse::admin
