#include "relay/admission/caller.h"

#include "protocol/peek.h"

using namespace Qt::StringLiterals;

namespace gatehouse::relay {

namespace {

tl::unexpected<Refusal> refuse(int status, QByteArray code, base::Message message)
{
    return tl::unexpected(
        Refusal{.status = status, .code = std::move(code), .message = std::move(message)});
}

Admitted<> checkStatus(const domain::Token &token, qint64 now)
{
    constexpr int unauthorized = 401;
    switch (token.status) {
    case domain::TokenStatus::Enabled:
        break;
    case domain::TokenStatus::Expired:
        return refuse(unauthorized,
                      "token_expired",
                      base::Message::tr("This token has expired. Make a new one."));
    case domain::TokenStatus::Exhausted:
        // Its balance decides: it may have been filled since.
        break;
    case domain::TokenStatus::Disabled:
        return refuse(unauthorized,
                      "token_disabled",
                      base::Message::tr("This token is disabled. Its owner can enable it."));
    }
    if (token.expiresAt >= 0 && token.expiresAt <= now) {
        return refuse(unauthorized,
                      "token_expired",
                      base::Message::tr("This token has expired. Make a new one."));
    }
    return {};
}

// Takes as long whichever byte differs.
bool areEqual(QByteArrayView left, QByteArrayView right)
{
    if (left.size() != right.size())
        return false;
    unsigned char difference = 0;
    for (qsizetype i = 0; i < left.size(); ++i)
        difference = static_cast<unsigned char>(difference | (left[i] ^ right[i]));
    return difference == 0;
}

secrets::KeyHash hashOf(QByteArrayView key, KnownKey *known)
{
    if (!known)
        return secrets::tokenKeyHash(key);
    if (!areEqual(known->key, key)) {
        known->hash = secrets::tokenKeyHash(key);
        known->key = key.toByteArray();
    }
    return known->hash;
}

} // namespace

Admitted<Caller> identify(const domain::Catalog &catalog,
                          QByteArrayView key,
                          const QHostAddress &client,
                          qint64 now,
                          KnownKey *known)
{
    constexpr int unauthorized = 401;
    constexpr int forbidden = 403;
    const secrets::ClientKey sent = secrets::parseClientKey(key);
    if (sent.key.isEmpty()) {
        return refuse(unauthorized,
                      "missing_api_key",
                      base::Message::verbatim(
                          u"No API key was sent. Send one as \"Authorization: Bearer sk-…\"."_s));
    }
    const secrets::KeyHash hash = hashOf(sent.key, known);
    const domain::CatalogToken *found = catalog.tokenByHash(secrets::viewOf(hash));
    const bool byFormerKey = !found;
    if (byFormerKey) {
        found = catalog.tokenByFormerHash(secrets::viewOf(hash));
        if (found && found->token.formerValidUntil <= now) {
            return refuse(unauthorized,
                          "token_rotated",
                          base::Message::verbatim(
                              u"This key was replaced by a new one and is no longer valid."_s));
        }
    }
    if (!found) {
        return refuse(unauthorized,
                      "invalid_api_key",
                      base::Message::verbatim(
                          u"This API key is not known here. Check it, or make a new token."_s));
    }
    const Admitted<> admitted = mayEnter(*found, now);
    if (!admitted && admitted.error().status == unauthorized)
        return tl::unexpected(admitted.error());
    const QList<domain::AddressRange> &ranges = found->token.addressRanges;
    if (!ranges.isEmpty()
        && std::none_of(ranges.cbegin(), ranges.cend(), [&client](const auto &range) {
               return range.contains(client);
           })) {
        return refuse(forbidden,
                      "address_not_allowed",
                      base::Message::verbatim(u"This token may not be used from your address."_s));
    }
    if (!admitted)
        return tl::unexpected(admitted.error());
    if (sent.channel && found->user->role < domain::Role::Administrator) {
        return refuse(
            forbidden,
            "channel_choice_not_allowed",
            base::Message::verbatim(
                u"Only administrators can choose a channel. Leave out what follows the key."_s));
    }
    return Caller{.token = found, .pinnedChannel = sent.channel, .byFormerKey = byFormerKey};
}

Admitted<> mayEnter(const domain::CatalogToken &token, qint64 now)
{
    if (const Admitted<> valid = checkStatus(token.token, now); !valid)
        return valid;
    constexpr int forbidden = 403;
    if (!token.user->isEnabled()) {
        return refuse(
            forbidden,
            "user_disabled",
            base::Message::tr("The owner of this token is disabled. Ask an administrator."));
    }
    return {};
}

Admitted<> mayUse(const Caller &caller, const QByteArray &model)
{
    const domain::CatalogToken &token = *caller.token;
    if (token.models.isEmpty() || token.models.contains(model))
        return {};
    constexpr int forbidden = 403;
    return refuse(forbidden,
                  "model_not_allowed",
                  base::Message::tr(
                      "This token may not use the model \"%1\". GET /v1/models lists what it may.")
                      .arg(QString::fromUtf8(model)));
}

} // namespace gatehouse::relay
