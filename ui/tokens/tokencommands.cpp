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

std::vector<TokenId> idsOf(const TokenCommands::Tokens &tokens)
{
    std::vector<TokenId> ids;
    for (const Token &token : tokens)
        ids.push_back(token.id);
    return ids;
}

} // namespace

TokenCommands::TokenCommands(const Services &services)
    : m_services(services)
{}

admin::TokenManager &TokenCommands::manager() const
{
    return m_services.administration.tokenManager;
}

// What was spent between the change and its undoing stays spent.
admin::Answer<> TokenCommands::perform(const QString &text, Change change)
{
    admin::TokenManager &service = manager();
    const auto changes = std::make_shared<std::vector<ChangedToken>>();
    return m_services.undo.push(
        {.text = text,
         .redo = [change = std::move(change), changes] { return outcomeOf(change(), changes); },
         .undo = [&service,
                  actor = m_services.actor,
                  changes] { return outcomeOf(service.undo(actor, *changes)); }});
}

admin::Answer<>
TokenCommands::edit(const QString &text, const Tokens &tokens, admin::TokenEdit edit)
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
    const QString text = enabled ? tr("Enabled %n tokens", nullptr, count)
                                 : tr("Disabled %n tokens", nullptr, count);
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
    return edit(tr("Renamed %1").arg(Format::quoted(token.name)), {token}, [wanted](Token &stored) {
        stored.name = wanted;
        return admin::validate(stored);
    });
}

admin::Answer<> TokenCommands::setLeft(const Token &token, const QString &typed)
{
    const std::optional<domain::Quota> left = BudgetText::amountFrom(typed);
    if (!left) {
        return admin::refused<void>(
            base::ErrorCode::InvalidInput,
            base::Message::verbatim(tr("Enter an amount in dollars, such as 12.50.")));
    }
    return edit(tr("Changed the budget of %1").arg(Format::quoted(token.name)),
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
    admin::TokenManager &service = manager();
    const auto add =
        [&service, actor = m_services.actor, ids = idsOf(tokens)](domain::Quota units) {
            admin::Answer<> last = admin::answered<void>({});
            for (const TokenId id : ids) {
                last = admin::onSuccess(last, &service, [&service, actor, id, units] {
                    return outcomeOf(service.topUp(actor, id, units));
                });
            }
            return last;
        };
    const QString text =
        tokens.size() == 1
            ? tr("Topped up %1 by %2")
                  .arg(Format::quoted(tokens.front().name), Format::money(amount))
            : tr("Topped up %n tokens by %1", nullptr, static_cast<int>(tokens.size()))
                  .arg(Format::money(amount));
    return m_services.undo.push({.text = text,
                                 .redo = [add, amount] { return add(amount); },
                                 .undo = [add, amount] { return add(-amount); }});
}

admin::Answer<> TokenCommands::remove(const Tokens &tokens)
{
    admin::TokenManager &service = manager();
    const admin::Actor actor = m_services.actor;
    const std::vector<TokenId> ids = idsOf(tokens);
    const QString text = tokens.size() == 1
                             ? tr("Deleted %1").arg(Format::quoted(tokens.front().name))
                             : tr("Deleted %n tokens", nullptr, static_cast<int>(tokens.size()));
    return m_services.undo.push(
        {.text = text,
         .redo = [&service, actor, ids] { return service.remove(actor, ids); },
         .undo = [&service, actor, ids] { return service.restore(actor, ids); }});
}

void TokenCommands::noteCreated(const Token &created)
{
    admin::TokenManager &service = manager();
    const admin::Actor actor = m_services.actor;
    m_services.undo.pushDone(
        {.text = tr("Created %1").arg(Format::quoted(created.name)),
         .redo = [&service, actor, id = created.id] { return service.restore(actor, {id}); },
         .undo = [&service, actor, id = created.id] { return service.remove(actor, {id}); }});
}

void TokenCommands::noteChanged(const Token &before, const Token &after)
{
    admin::TokenManager &service = manager();
    const auto bring = [&service, actor = m_services.actor](const Token &to, const Token &from) {
        return outcomeOf(service.undo(actor, {{.before = to, .after = from}}));
    };
    m_services.undo.pushDone({.text = tr("Changed %1").arg(Format::quoted(after.name)),
                              .redo = [bring, before, after] { return bring(after, before); },
                              .undo = [bring, before, after] { return bring(before, after); }});
}

} // namespace gatehouse::ui
