#include "tokens/tokenspage.h"

#include "admin/administration.h"
#include "admin/traffic.h"
#include "theme/icons.h"
#include "tokens/rotatedialog.h"
#include "tokens/tokendialog.h"
#include "tokens/tokensheet.h"
#include "widgets/clipboard.h"
#include "widgets/emptystate.h"
#include "widgets/filterfield.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/pageheader.h"
#include "widgets/tablefiltermodel.h"
#include "widgets/tablefooter.h"
#include "widgets/tableview.h"
#include "widgets/uistate.h"
#include "widgets/undostack.h"

#include <QMenu>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int columnsVersion = 1;
constexpr domain::Quota fiveDollars{5 * domain::Quota::perDollar};
constexpr domain::Quota twentyDollars{20 * domain::Quota::perDollar};

// Of a change of several tokens only whether it went well.
template<typename T>
admin::Answer<> outcomeOf(admin::Answer<T> answer)
{
    return answer.then([](const base::Result<T> &result) -> base::Result<> {
        if (!result)
            return base::fail(result.error());
        return {};
    });
}

} // namespace

TokensPage::TokensPage(const Services &services, QWidget *parent)
    : Page(PageId::Tokens, services, parent)
    , m_model(new TokenTable(
          TokenColumns::columns(),
          [](const admin::TokenListing &row) { return row.token.id.value; },
          this))
{
    m_model->setDimmed([](const admin::TokenListing &row) {
        const TokenState state = stateOf(row.token, QDateTime::currentDateTime());
        return state == TokenState::Disabled || state == TokenState::Expired;
    });
    makeActions();
    build();
    connectTable();
    texts().add([this] { setTexts(); });
    connect(&this->services().administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            [this] {
                if (isActive())
                    fetch();
            });
    connect(&this->services().administration.statistics,
            &admin::StatisticsService::changed,
            this,
            [this] {
                if (isActive())
                    fetch();
            });
    updateActions();
}

void TokensPage::makeActions()
{
    const auto single = [this](const ActionDescription &description, std::function<void()> run) {
        m_single.append(addPageAction(description, std::move(run)));
    };
    const auto several = [this](const ActionDescription &description, std::function<void()> run) {
        m_several.append(addPageAction(description, std::move(run)));
    };
    m_add = addPageAction({.name = "tokens.add",
                           .icon = u"plus"_s,
                           .shortcut = QKeySequence::New,
                           .text = [] { return tr("&Create token"); }},
                          [this] { create(); });
    single({.name = "tokens.edit", .icon = u"pencil"_s, .text = [] { return tr("&Edit…"); }},
           [this] { edit(); });
    single({.name = "tokens.duplicate",
            .icon = u"copy"_s,
            .shortcut = QKeySequence(u"Ctrl+D"_s),
            .text = [] { return tr("D&uplicate…"); }},
           [this] { duplicate(); });
    addSeparatorAction();
    single({.name = "tokens.reveal", .icon = u"eye"_s, .text = [] { return tr("Copy the &key"); }},
           [this] { reveal(); });
    single(
        {.name = "tokens.rotate", .icon = u"refresh-cw"_s, .text = [] { return tr("&Rotate…"); }},
        [this] { rotate(); });
    single({.name = "tokens.topUp5", .text = [] { return tr("Top up by $&5"); }},
           [this] { topUp(fiveDollars); });
    single({.name = "tokens.topUp20", .text = [] { return tr("Top up by $&20"); }},
           [this] { topUp(twentyDollars); });
    single({.name = "tokens.resetUsage", .text = [] { return tr("Reset the &usage counter"); }},
           [this] { resetUsage(); });
    single({.name = "tokens.traffic",
            .icon = u"activity"_s,
            .text = [] { return tr("View &traffic"); }},
           [this] {
               const QString name = selection().front().token.name;
               emit navigationRequested(PageId::Traffic, admin::trafficTerm(u"token"_s, name));
           });
    addSeparatorAction();
    several({.name = "tokens.toggle",
             .icon = u"power"_s,
             .shortcut = QKeySequence(Qt::Key_Space),
             .text = [] { return tr("Enable or &disable"); }},
            [this] { toggle(); });
    several({.name = "tokens.delete",
             .icon = u"trash-2"_s,
             .shortcut = QKeySequence::Delete,
             .text = [] { return tr("De&lete"); }},
            [this] { remove(); });
    addPageAction({.name = "tokens.refresh",
                   .icon = u"refresh-cw"_s,
                   .shortcut = QKeySequence::Refresh,
                   .text = [] { return tr("Re&fresh"); }},
                  [this] { fetch(); });
}

void TokensPage::build()
{
    m_header = new PageHeader(this);
    m_field = new FilterField(this);
    m_messages = new MessageBar(this);
    m_filter = new TableFilterModel(this);
    m_filter->setSourceModel(m_model);
    m_view = new TableView(this);
    m_view->setModel(m_filter);
    m_view->setItemDelegateForColumn(m_model->columnOf(u"budget"_s),
                                     new BudgetBarDelegate(TokenColumns::budgetRole, m_view));
    m_view->remember(services().state, u"tokens"_s, columnsVersion);
    m_empty = new EmptyState(this);
    m_view->setEmptyState(m_empty);
    m_footer = new TableFooter(this);
    for (QAction *action : std::as_const(m_several))
        m_footer->addBulkAction(action);
    m_header->addFilter(m_field);
    m_header->addPrimary(m_add);
    QMenu *overflow = m_header->overflowMenu();
    connect(overflow, &QMenu::aboutToShow, this, [this, overflow] {
        overflow->clear();
        overflow->addActions(pageActions());
    });
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addWidget(m_messages);
    layout->addWidget(m_view, 1);
    layout->addWidget(m_footer);
}

void TokensPage::connectTable()
{
    m_field->setKeys(m_filter->keys());
    m_field->setProblem([this](const domain::FilterTerm &term) { return m_filter->problem(term); });
    m_field->setValues([this](const QString &key) { return m_filter->values(key); });
    connect(m_field, &FilterField::queryChanged, this, [this](const domain::FilterQuery &query) {
        m_filter->setQuery(query);
        updateFooter();
    });
    connect(m_empty, &EmptyState::filterCleared, this, [this] { m_field->setFilter({}); });
    connect(m_view, &TableView::rowSelectionChanged, this, [this] {
        updateActions();
        updateFooter();
    });
    connect(m_view, &TableView::rowActivated, this, [this](const QModelIndex &) { edit(); });
    connect(m_view, &TableView::contextMenuRequested, this, &TokensPage::fillContextMenu);
    connect(m_view, &TableView::commitFailed, this, &TokensPage::showFailure);
    m_view->setCommit([this](const QModelIndex &source, const QVariant &value) {
        return commitName(source, value);
    });
}

void TokensPage::setTexts()
{
    m_header->setTitle(tr("Tokens"));
    m_field->setPlaceholderText(tr("Filter, e.g. owner:bob expires:<7d"));
    m_field->setAccessibleName(tr("Filter"));
    m_view->setAccessibleName(tr("Tokens"));
    m_model->retranslate();
    m_empty->setIcon(u"key-round"_s);
    m_empty->setTexts(tr("No tokens yet"),
                      tr("A token is the key that a program uses to talk to the gateway."));
    m_empty->setActions(m_add);
    updateFooter();
}

void TokensPage::activated()
{
    fetch();
}

void TokensPage::setFilter(const QString &text)
{
    m_field->setFilter(text);
}

void TokensPage::focusFilter()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

void TokensPage::showItem(qint64 item)
{
    m_wanted = item;
    m_field->setFilter({});
    fetch();
}

void TokensPage::fetch()
{
    m_view->setLoading(true);
    services()
        .administration.tokenManager.list(services().actor)
        .then(this, [this](const base::Result<std::vector<admin::TokenListing>> &tokens) {
            show(tokens);
        });
}

void TokensPage::show(const base::Result<std::vector<admin::TokenListing>> &tokens)
{
    m_view->setLoading(false);
    if (!tokens)
        return showFailure(tokens.error());
    m_messages->removeMessage(u"failure"_s);
    m_model->setRows(*tokens);
    m_header->setCount(static_cast<qint64>(tokens->size()));
    m_header->setPrimaryEmphasised(!tokens->empty());
    if (const qint64 wanted = std::exchange(m_wanted, 0); wanted != 0) {
        if (const int row = m_model->rowOf(wanted); row >= 0)
            m_view->selectSourceRow(row);
    }
    updateActions();
    updateFooter();
}

void TokensPage::showFailure(const base::Error &error)
{
    m_messages->showMessage({.id = u"failure"_s, .tone = Tone::Failure, .text = error.message});
}

QList<admin::TokenListing> TokensPage::selection() const
{
    QList<admin::TokenListing> tokens;
    for (const QModelIndex &row : m_view->selectedSourceRows())
        tokens.append(m_model->row(row.row()));
    return tokens;
}

std::vector<domain::TokenId> TokensPage::selectedIds() const
{
    std::vector<domain::TokenId> ids;
    for (const admin::TokenListing &each : selection())
        ids.push_back(each.token.id);
    return ids;
}

void TokensPage::updateActions()
{
    const qsizetype selected = m_view ? m_view->selectedSourceRows().size() : 0;
    for (QAction *action : std::as_const(m_single))
        action->setEnabled(selected == 1);
    for (QAction *action : std::as_const(m_several))
        action->setEnabled(selected > 0);
}

void TokensPage::updateFooter()
{
    if (!m_footer)
        return;
    const QList<admin::TokenListing> selected = selection();
    domain::Quota spent;
    for (const admin::TokenListing &each : selected)
        spent += each.token.used;
    const int shown = m_filter->rowCount();
    const QDateTime now = QDateTime::currentDateTime();
    const auto active = std::count_if(
        m_model->rows().begin(), m_model->rows().end(), [&now](const admin::TokenListing &row) {
            const TokenState state = stateOf(row.token, now);
            return state == TokenState::Active || state == TokenState::NearlyUsed;
        });
    if (selected.isEmpty()) {
        m_footer->setSelection(
            QString(),
            tr("%1, %2").arg(tr("%n tokens", nullptr, m_model->rowCount()),
                             tr("%n active", nullptr, static_cast<int>(active))));
    } else {
        m_footer->setSelection(tr("%n selected", nullptr, static_cast<int>(selected.size())),
                               tr("%1 spent").arg(Format::money(spent)));
    }
    m_footer->setBulkVisible(!selected.isEmpty());
    m_footer->setTotals(shown == m_model->rowCount()
                            ? QString()
                            : tr("%1 of %2 shown").arg(shown).arg(m_model->rowCount()));
    m_empty->setFiltered(m_model->rowCount() > 0 && shown == 0
                             ? tr("No token matches %1.").arg(Format::quoted(m_field->text()))
                             : QString());
}

void TokensPage::fillContextMenu(QMenu *menu)
{
    menu->addActions(pageActions());
}

void TokensPage::openDialog(std::optional<domain::Token> token)
{
    auto *dialog = new TokenDialog(services(), std::move(token), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &TokenDialog::created, this, [this](const domain::Token &made) {
        m_wanted = made.id.value;
        fetch();
        openSheet(made, false);
    });
    connect(dialog,
            &TokenDialog::changed,
            this,
            [this](const domain::Token &before, const domain::Token &after) {
                admin::TokenManager &tokens = services().administration.tokenManager;
                const admin::Actor actor = services().actor;
                const auto write = [&tokens, actor](const domain::Token &wanted) {
                    return outcomeOf(tokens.change(
                        actor, {wanted.id}, [wanted](domain::Token &stored) -> base::Result<> {
                            const domain::Quota used = stored.used;
                            const base::Secret key = stored.key;
                            const QByteArray hash = stored.keyHash;
                            stored = wanted;
                            stored.used = used;
                            stored.key = key;
                            stored.keyHash = hash;
                            return {};
                        }));
                };
                services().undo.pushDone({.text = tr("Changed %1").arg(Format::quoted(after.name)),
                                          .redo = [write, after] { return write(after); },
                                          .undo = [write, before] { return write(before); }});
            });
    dialog->open();
}

void TokensPage::openSheet(const domain::Token &token, bool rotated)
{
    auto *sheet = new TokenSheet(services(), token, rotated, this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    sheet->open();
}

void TokensPage::create()
{
    openDialog({});
}

void TokensPage::edit()
{
    const QList<admin::TokenListing> selected = selection();
    if (selected.size() == 1)
        openDialog(selected.front().token);
}

// A new token with the same limits. It is made at once and can be edited and undone as any other.
void TokensPage::duplicate()
{
    const domain::Token source = selection().front().token;
    domain::Token copy = source;
    copy.id = {};
    copy.key = {};
    copy.keyHash.clear();
    copy.used = {};
    copy.formerKeyHash.clear();
    copy.formerValidUntil = 0;
    constexpr qsizetype longestName = 30;
    copy.name = tr("%1 (copy)").arg(source.name).left(longestName);
    services()
        .administration.tokenManager.create(services().actor, source.userId, copy)
        .then(this, [this](const base::Result<domain::Token> &made) {
            if (!made)
                return showFailure(made.error());
            m_wanted = made->id.value;
            fetch();
            openSheet(*made, false);
        });
}

void TokensPage::remove()
{
    const QList<admin::TokenListing> selected = selection();
    if (selected.isEmpty())
        return;
    const std::vector<domain::TokenId> ids = selectedIds();
    admin::TokenManager &tokens = services().administration.tokenManager;
    const admin::Actor actor = services().actor;
    const QString text = selected.size() == 1
                             ? tr("Deleted %1").arg(Format::quoted(selected.front().token.name))
                             : tr("Deleted %n tokens", nullptr, static_cast<int>(selected.size()));
    services()
        .undo
        .push({.text = text,
               .redo = [&tokens, actor, ids] { return tokens.remove(actor, ids); },
               .undo = [&tokens, actor, ids] { return tokens.restore(actor, ids); }})
        .then(this, [this](const base::Result<> &outcome) {
            if (!outcome)
                showFailure(outcome.error());
            fetch();
        });
}

// Disables if any of them is enabled, else enables all.
void TokensPage::toggle()
{
    const QList<admin::TokenListing> selected = selection();
    const bool anyEnabled =
        std::any_of(selected.begin(), selected.end(), [](const admin::TokenListing &each) {
            return each.token.status != domain::TokenStatus::Disabled;
        });
    setEnabled(!anyEnabled);
}

void TokensPage::setEnabled(bool enabled)
{
    const std::vector<domain::TokenId> ids = selectedIds();
    admin::TokenManager &tokens = services().administration.tokenManager;
    const admin::Actor actor = services().actor;
    const auto set = [&tokens, actor, ids](bool on) {
        return outcomeOf(tokens.setStatus(
            actor, ids, on ? domain::TokenStatus::Enabled : domain::TokenStatus::Disabled));
    };
    const auto count = static_cast<int>(ids.size());
    services()
        .undo
        .push({.text = enabled ? tr("Enabled %n tokens", nullptr, count)
                               : tr("Disabled %n tokens", nullptr, count),
               .redo = [set, enabled] { return set(enabled); },
               .undo = [set, enabled] { return set(!enabled); }})
        .then(this, [this](const base::Result<> &outcome) {
            if (!outcome)
                showFailure(outcome.error());
            fetch();
        });
}

void TokensPage::rotate()
{
    auto *dialog = new RotateDialog(services(), selection().front().token, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RotateDialog::rotated, this, [this](const domain::Token &token) {
        fetch();
        openSheet(token, true);
    });
    dialog->open();
}

void TokensPage::reveal()
{
    services()
        .administration.tokenManager.reveal(services().actor, selection().front().token.id)
        .then(this, [this](const base::Result<base::Secret> &key) {
            if (!key)
                return showFailure(key.error());
            copySecret(*key);
            emit noticeRaised(tr("The key is in the clipboard for 30 seconds."));
        });
}

void TokensPage::topUp(domain::Quota amount)
{
    const domain::Token token = selection().front().token;
    admin::TokenManager &tokens = services().administration.tokenManager;
    const admin::Actor actor = services().actor;
    const auto add = [&tokens, actor, id = token.id](domain::Quota units) {
        return outcomeOf(tokens.topUp(actor, id, units));
    };
    services()
        .undo
        .push({.text =
                   tr("Topped up %1 by %2").arg(Format::quoted(token.name), Format::money(amount)),
               .redo = [add, amount] { return add(amount); },
               .undo = [add, amount] { return add(-amount); }})
        .then(this, [this](const base::Result<> &outcome) {
            if (!outcome)
                showFailure(outcome.error());
            fetch();
        });
}

void TokensPage::resetUsage()
{
    const domain::Token token = selection().front().token;
    services()
        .administration.tokenManager.resetUsage(services().actor, token.id)
        .then(this, [this, name = token.name](const base::Result<domain::Quota> &former) {
            if (!former)
                return showFailure(former.error());
            emit noticeRaised(tr("The counter of %1 stood at %2 and begins anew.")
                                  .arg(Format::quoted(name), Format::money(*former)));
            fetch();
        });
}

admin::Answer<> TokensPage::commitName(const QModelIndex &source, const QVariant &value)
{
    const domain::Token token = m_model->row(source.row()).token;
    const QString wanted = value.toString().trimmed();
    if (wanted == token.name)
        return admin::answered<void>({});
    admin::TokenManager &tokens = services().administration.tokenManager;
    const admin::Actor actor = services().actor;
    const auto rename = [&tokens, actor, id = token.id](const QString &name) {
        return outcomeOf(tokens.change(actor, {id}, [name](domain::Token &stored) {
            stored.name = name;
            return admin::validate(stored);
        }));
    };
    return services().undo.push({.text = tr("Renamed %1").arg(Format::quoted(token.name)),
                                 .redo = [rename, wanted] { return rename(wanted); },
                                 .undo = [rename, name = token.name] { return rename(name); }});
}

} // namespace gatehouse::ui
