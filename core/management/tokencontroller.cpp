#include "management/tokencontroller.h"

#include "management/tokenjson.h"

using namespace Qt::StringLiterals;

namespace gatehouse::management {

using base::Result;
using domain::Token;
using domain::TokenId;

namespace {

storage::TokenOrder orderFrom(const QString &name)
{
    if (name == u"remain_quota"_s)
        return storage::TokenOrder::Balance;
    if (name == u"used_quota"_s)
        return storage::TokenOrder::Used;
    return storage::TokenOrder::NewestFirst;
}

} // namespace

void TokenController::addTo(Router &router)
{
    const auto add = [&router](QByteArray method, QByteArray path, bool hasBody, Handler handler) {
        router.add({.method = std::move(method),
                    .pattern = std::move(path),
                    .policy = Policy::signedIn(),
                    .handler = std::move(handler),
                    .hasBody = hasBody});
    };
    add("GET", "/api/token", false, [this](const Call &call) { return list(call); });
    add("GET", "/api/token/search", false, [this](const Call &call) { return search(call); });
    add("GET", "/api/token/:id", false, [this](const Call &call) { return find(call); });
    add("POST", "/api/token", true, [this](const Call &call) { return create(call); });
    add("PUT", "/api/token", true, [this](const Call &call) { return change(call); });
    add("DELETE", "/api/token/:id", false, [this](const Call &call) { return remove(call); });
}

QJsonArray TokenController::listJson(const std::vector<Token> &tokens) const
{
    const KeyView view =
        m_admin.settings.current().accounting.maskKeys ? KeyView::Masked : KeyView::Whole;
    QJsonArray array;
    for (const Token &token : tokens)
        array.append(tokenJson(token, view, m_admin.foundation.now()));
    return array;
}

Response TokenController::list(const Call &call)
{
    const auto page = call.page();
    if (!page)
        return responded(page.error());
    return respond(m_admin.tokens.list(call.actor(), orderFrom(call.text(u"order"_s)), *page),
                   [this](const std::vector<Token> &tokens) { return listJson(tokens); });
}

Response TokenController::search(const Call &call)
{
    return respond(m_admin.tokens.search(call.actor(), call.text(u"keyword"_s)),
                   [this](const std::vector<Token> &tokens) { return listJson(tokens); });
}

Response TokenController::find(const Call &call)
{
    const Result<qint64> id = call.id();
    if (!id)
        return responded(id.error());
    return respond(m_admin.tokens.find(call.actor(), TokenId{*id}),
                   [now = m_admin.foundation.now()](const Token &token) {
                       return tokenJson(token, KeyView::Whole, now);
                   });
}

Response TokenController::create(const Call &call)
{
    Token token;
    if (Result<> read = readToken(call.body, token, m_admin.foundation.now()); !read)
        return responded(read.error());
    return respond(m_admin.tokens.create(call.actor(), std::move(token)),
                   [now = m_admin.foundation.now()](const Token &made) {
                       return tokenJson(made, KeyView::Whole, now);
                   });
}

Response TokenController::change(const Call &call)
{
    const auto id = call.reader().integer(u"id");
    const auto status = call.reader().integer(u"status");
    if (!id || !status)
        return responded(id ? status.error() : id.error());
    const TokenId token{id->value_or(0)};
    const auto shown = [now = m_admin.foundation.now()](const Token &changed) {
        return tokenJson(changed, KeyView::Whole, now);
    };
    if (!call.text(u"status_only"_s).isEmpty()) {
        const auto wanted = std::clamp<qint64>(status->value_or(0), 0, 100);
        return respond(
            m_admin.tokens.setStatus(call.actor(), token, static_cast<domain::TokenStatus>(wanted)),
            shown);
    }
    const auto edit = [body = call.body, now = m_admin.foundation.now()](Token &edited) {
        return readToken(body, edited, now);
    };
    return respond(m_admin.tokens.change(call.actor(), token, edit), shown);
}

Response TokenController::remove(const Call &call)
{
    const Result<qint64> id = call.id();
    if (!id)
        return responded(id.error());
    return respond(m_admin.tokens.remove(call.actor(), TokenId{*id}));
}

} // namespace gatehouse::management
