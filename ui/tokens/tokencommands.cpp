#include "tokens/tokencommands.h"

#include "admin/administration.h"
#include "admin/outcome.h"
#include "widgets/budgettext.h"
#include "widgets/format.h"
#include "widgets/undostack.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::ChangedToken;
using admin::outcomeOf;
using domain::Token;
using domain::TokenId;
using domain::TokenStatus;

namespace {

using Changes = std::vector<ChangedToken>;

std::vector<TokenId> idsOf(const TokenCommands::Tokens &tokens)
{
    std::vector<TokenId> ids;
    for (const Token &token : tokens)
        ids.push_back(token.id);
    return ids;
}

// Takes a change back and makes it again, in turns. What a token is becomes what it was. Its balance
// changes by the opposite of what it was changed by the last time, unless it has begun anew since: what
// was spent meanwhile stays spent, and is not given again by redoing.
class Turning
{
public:
    Turning(admin::TokenManager &service, admin::Actor actor)
        : m_service(service)
        , m_actor(std::move(actor))
    {}

    // Of the change that is made first.
    admin::Answer<> keep(admin::Answer<Changes> answer) const
    {
        return outcomeOf(std::move(answer), m_last);
    }
    void keep(const ChangedToken &change) const { *m_last = {change}; }
    admin::Answer<> back() const
    {
        if (m_first->empty())
            *m_first = *m_last;
        return turn(*m_first);
    }
    admin::Answer<> forth() const
    {
        Changes reversed = *m_first;
        for (ChangedToken &change : reversed)
            std::swap(change.before, change.after);
        return turn(std::move(reversed));
    }

private:
    admin::Answer<> turn(Changes wanted) const
    {
        for (size_t i = 0; i < wanted.size(); ++i) {
            const ChangedToken &last = m_last->at(i);
            wanted[i].before.balance = last.before.balance;
            wanted[i].after.balance = last.after.balance;
            wanted[i].after.budget.resetsAt = last.after.budget.resetsAt;
        }
        return outcomeOf(m_service.undo(m_actor, std::move(wanted)), m_last);
    }

    admin::TokenManager &m_service;
    admin::Actor m_actor;
    std::shared_ptr<Changes> m_first = std::make_shared<Changes>();
    std::shared_ptr<Changes> m_last = std::make_shared<Changes>();
};

} // namespace

TokenCommands::TokenCommands(const Services &services)
    : m_services(services)
{}

admin::TokenManager &TokenCommands::manager() const
{
    return m_services.administration.tokenManager;
}

admin::Answer<> TokenCommands::perform(const LiveText &text, Change change)
{
    const Turning turning(manager(), m_services.actor);
    const auto isFirst = std::make_shared<bool>(true);
    return m_services.undo.push({.text = text,
                                 .redo =
                                     [change = std::move(change), turning, isFirst] {
                                         return std::exchange(*isFirst, false)
                                                    ? turning.keep(change())
                                                    : turning.forth();
                                     },
                                 .undo = [turning] { return turning.back(); }});
}

admin::Answer<>
TokenCommands::edit(const LiveText &text, const Tokens &tokens, admin::TokenEdit edit)
{
    return perform(text,
                   [&service = manager(),
                    actor = m_services.actor,
                    ids = idsOf(tokens),
                    edit = std::move(edit)] { return service.change(actor, ids, edit); });
}

admin::Answer<> TokenCommands::setEnabled(const Tokens &tokens, bool enabled)
{
    const auto count = static_cast<int>(tokens.size());
    const auto text = [enabled, count] {
        return enabled ? tr("Enabled %n tokens", nullptr, count)
                       : tr("Disabled %n tokens", nullptr, count);
    };
    const TokenStatus status = enabled ? TokenStatus::Enabled : TokenStatus::Disabled;
    return perform(text,
                   [&service = manager(), actor = m_services.actor, ids = idsOf(tokens), status] {
                       return service.setStatus(actor, ids, status);
                   });
}

admin::Answer<> TokenCommands::rename(const Token &token, const QString &name)
{
    const QString wanted = name.trimmed();
    if (wanted == token.name)
        return admin::answered<void>({});
    if (wanted.isEmpty())
        return admin::refused<void>(base::ErrorCode::InvalidInput,
                                    base::Message::verbatim(tr("A token needs a name.")));
    return edit([former = token.name] { return tr("Renamed %1").arg(Format::quoted(former)); },
                {token},
                [wanted](Token &stored) {
                    stored.name = wanted;
                    return admin::validate(stored);
                });
}

admin::Answer<> TokenCommands::setLeft(const Token &token, const QString &typed)
{
    const base::Result<domain::Quota> left = BudgetText::amountFrom(typed);
    if (!left)
        return admin::refused<void>(left.error());
    return edit(
        [name = token.name] { return tr("Changed the budget of %1").arg(Format::quoted(name)); },
        {token},
        [left = *left](Token &stored) {
            stored.unlimited = false;
            stored.balance = left;
            if (stored.status == TokenStatus::Exhausted && left.units > 0)
                stored.status = TokenStatus::Enabled;
            return admin::validate(stored);
        });
}

admin::Answer<> TokenCommands::topUp(const Tokens &tokens, domain::Quota amount)
{
    const auto text =
        [count = static_cast<int>(tokens.size()), name = tokens.value(0).name, amount] {
            return count == 1
                       ? tr("Topped up %1 by %2").arg(Format::quoted(name), Format::money(amount))
                       : tr("Topped up %n tokens by %1", nullptr, count).arg(Format::money(amount));
        };
    return perform(text,
                   [&service = manager(), actor = m_services.actor, ids = idsOf(tokens), amount] {
                       return service.topUpAll(actor, ids, amount);
                   });
}

admin::Answer<> TokenCommands::change(const Tokens &tokens, const TokenBulkChange &change)
{
    const auto count = static_cast<int>(tokens.size());
    return edit([count] { return tr("Changed %n tokens", nullptr, count); },
                tokens,
                [change, now = m_services.administration.foundation.now()](
                    Token &stored) -> base::Result<> {
                    change.applyTo(stored, now);
                    return {};
                });
}

admin::Answer<> TokenCommands::remove(const Tokens &tokens)
{
    admin::TokenManager &service = manager();
    const admin::Actor actor = m_services.actor;
    const std::vector<TokenId> ids = idsOf(tokens);
    const auto text = [count = static_cast<int>(tokens.size()), name = tokens.value(0).name] {
        return count == 1 ? tr("Deleted %1").arg(Format::quoted(name))
                          : tr("Deleted %n tokens", nullptr, count);
    };
    return m_services.undo.push(
        {.text = text,
         .redo = [&service, actor, ids] { return service.remove(actor, ids); },
         .undo = [&service, actor, ids] { return service.restore(actor, ids); }});
}

void TokenCommands::noteCreated(const Tokens &created)
{
    admin::TokenManager &service = manager();
    const admin::Actor actor = m_services.actor;
    const std::vector<TokenId> ids = idsOf(created);
    const auto text = [count = static_cast<int>(created.size()), name = created.value(0).name] {
        return count == 1 ? tr("Created %1").arg(Format::quoted(name))
                          : tr("Created %n tokens", nullptr, count);
    };
    m_services.undo.pushDone(
        {.text = text,
         .redo = [&service, actor, ids] { return service.restore(actor, ids); },
         .undo = [&service, actor, ids] { return service.remove(actor, ids); }});
}

void TokenCommands::noteChanged(const Token &before, const Token &after)
{
    const Turning turning(manager(), m_services.actor);
    turning.keep(ChangedToken{.before = before, .after = after});
    m_services.undo.pushDone(
        {.text = [name = after.name] { return tr("Changed %1").arg(Format::quoted(name)); },
         .redo = [turning] { return turning.forth(); },
         .undo = [turning] { return turning.back(); }});
}

} // namespace gatehouse::ui
