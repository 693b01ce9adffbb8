#pragma once

#include "domain/catalog.h"
#include "secrets/tokenkey.h"

#include <QByteArray>

namespace gatehouse::support {

// What the token of a TestCatalog is called by, without the "sk-".
inline const QByteArray testKey("testkey0123456789abcdefghijklmnopqrstuvwxyzABCDE");

inline QByteArray hashOf(const QByteArray &key)
{
    return secrets::viewOf(secrets::tokenKeyHash(key)).toByteArray();
}

// The content of a catalog with one user and one token of hers, both rich, numbered 1, to which a test
// adds what it is about.
class TestCatalog
{
public:
    TestCatalog()
    {
        content.users = {
            {.id = {1}, .username = QStringLiteral("ann"), .balance = {1'000'000'000}}};
        content.tokens = {{.id = {1},
                           .userId = {1},
                           .name = QStringLiteral("laptop"),
                           .keyHash = hashOf(testKey),
                           .balance = {1'000'000'000}}};
    }

    // With one key, of the number id * 10. The reference holds until the next channel is added.
    domain::Channel &addChannel(qint64 id,
                                const QByteArray &baseUrl = "http://127.0.0.1:9",
                                const QStringList &models = {QStringLiteral("small")},
                                int type = domain::provider::openAi)
    {
        content.channels.push_back(
            {.id = {id},
             .type = type,
             .name = QStringLiteral("channel-%1").arg(id),
             .baseUrl = QString::fromUtf8(baseUrl),
             .keys = {{.id = id * 10,
                       .secret = base::Secret("provider-key-" + QByteArray::number(id))}},
             .models = models});
        return content.channels.back();
    }

    domain::User &user() { return content.users.front(); }
    domain::Token &token() { return content.tokens.front(); }
    domain::Settings &settings() { return content.settings; }
    // In dollars a million tokens.
    void setPrice(const QByteArray &model, double input, double output)
    {
        content.prices.push_back(
            {.model = model,
             .tokens = {.input = domain::UnitPrice::fromDollarsPerMillion(input),
                        .output = domain::UnitPrice::fromDollarsPerMillion(output)}});
    }
    void setPricePerCall(const QByteArray &model, domain::Quota charge)
    {
        constexpr qint64 picoDollarsPerUnit = 2'000'000;
        content.prices.push_back({.model = model, .perCall = {charge.units * picoDollarsPerUnit}});
    }

    std::shared_ptr<const domain::Catalog> build() const { return domain::Catalog::build(content); }

    domain::CatalogContent content{};
};

} // namespace gatehouse::support
