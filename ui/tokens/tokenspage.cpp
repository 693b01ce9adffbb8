#include "tokens/tokenspage.h"

#include "admin/administration.h"
#include "admin/traffic/traffic.h"
#include "theme/icons.h"
#include "tokens/rotatedialog.h"
#include "tokens/tokendialog.h"
#include "tokens/tokensheet.h"
#include "widgets/clipboard.h"
#include "widgets/emptystate.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/pageheader.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"
#include "widgets/undostack.h"

#include <QMenu>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int columnsVersion = 3;
constexpr domain::Quota fiveDollars{5 * domain::Quota::perDollar};
constexpr domain::Quota twentyDollars{20 * domain::Quota::perDollar};

} // namespace

TokensPage::TokensPage(const Services &services, QWidget *parent)
    : Page(PageId::Tokens, services, parent)
    , m_commands(services)
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
    single({.name = "tokens.show",
            .icon = u"qr-code"_s,
            .text = [] { return tr("Show key and &QR code…"); }},
           [this] { showKey(); });
    single({.name = "tokens.copyName", .text = [] { return tr("Copy &name"); }},
           [this] { copyText(selection().front().token.name); });
    single(
        {.name = "tokens.rotate", .icon = u"refresh-cw"_s, .text = [] { return tr("&Rotate…"); }},
        [this] { rotate(); });
    m_endGrace = addPageAction(
        {.name = "tokens.endGrace", .text = [] { return tr("End the &grace period"); }},
        [this] { endGrace(); });
    several({.name = "tokens.topUp5", .text = [] { return tr("Top up by $&5"); }},
            [this] { topUp(fiveDollars); });
    several({.name = "tokens.topUp20", .text = [] { return tr("Top up by $&20"); }},
            [this] { topUp(twentyDollars); });
    single({.name = "tokens.resetUsage", .text = [] { return tr("Reset the &usage counter"); }},
           [this] { askToResetUsage(); });
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
    m_toggle = m_several.back();
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
    setFocusProxy(m_view);
    // Space means the rows only where they have the focus, since buttons take it as well.
    m_view->addAction(m_toggle);
    m_toggle->setShortcutContext(Qt::WidgetShortcut);
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
        return commitCell(source, value);
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

QList<domain::Token> TokensPage::selectedTokens() const
{
    QList<domain::Token> tokens;
    for (const admin::TokenListing &each : selection())
        tokens.append(each.token);
    return tokens;
}

void TokensPage::updateActions()
{
    const qsizetype selected = m_view ? m_view->selectedSourceRows().size() : 0;
    for (QAction *action : std::as_const(m_single))
        action->setEnabled(selected == 1);
    for (QAction *action : std::as_const(m_several))
        action->setEnabled(selected > 0);
    const bool inGrace = selected == 1 && isInGrace(selection().front().token);
    m_endGrace->setEnabled(inGrace);
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
        m_commands.noteCreated(made);
        m_wanted = made.id.value;
        fetch();
        openSheet(made, TokenSheet::Reason::Created);
    });
    connect(dialog,
            &TokenDialog::changed,
            this,
            [this](const domain::Token &before, const domain::Token &after) {
                m_commands.noteChanged(before, after);
                fetch();
            });
    dialog->open();
}

void TokensPage::openSheet(const domain::Token &token, TokenSheet::Reason reason)
{
    auto *sheet = new TokenSheet(services(), token, reason, this);
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
            m_commands.noteCreated(*made);
            m_wanted = made->id.value;
            fetch();
            openSheet(*made, TokenSheet::Reason::Created);
        });
}

void TokensPage::remove()
{
    if (const QList<domain::Token> selected = selectedTokens(); !selected.isEmpty())
        follow(m_commands.remove(selected));
}

// Disables if any of them is enabled, else enables all.
void TokensPage::toggle()
{
    const QList<domain::Token> selected = selectedTokens();
    const bool anyEnabled =
        std::any_of(selected.begin(), selected.end(), [](const domain::Token &token) {
            return token.status != domain::TokenStatus::Disabled;
        });
    if (!selected.isEmpty())
        follow(m_commands.setEnabled(selected, !anyEnabled));
}

void TokensPage::rotate()
{
    auto *dialog = new RotateDialog(services(), selection().front().token, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &RotateDialog::rotated, this, [this](const domain::Token &token) {
        fetch();
        openSheet(token, TokenSheet::Reason::Rotated);
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
    if (const QList<domain::Token> selected = selectedTokens(); !selected.isEmpty())
        follow(m_commands.topUp(selected, amount));
}

// Shows how a change went, and what there is then.
void TokensPage::follow(admin::Answer<> answer)
{
    answer.then(this, [this](const base::Result<> &outcome) {
        if (!outcome)
            showFailure(outcome.error());
        fetch();
    });
}

// It cannot be taken back, and is therefore asked for once more.
void TokensPage::askToResetUsage()
{
    const domain::Token token = selection().front().token;
    m_messages->showMessage(
        {.id = u"reset"_s,
         .tone = Tone::Caution,
         .subject = token.name,
         .text = tr("Its counter stands at %1 and begins anew. This cannot be undone; the traffic "
                    "stays.")
                     .arg(Format::money(token.used)),
         .actions = {{tr("Reset the counter"), [this, token] { resetUsage(token); }}}});
}

void TokensPage::resetUsage(const domain::Token &token)
{
    m_messages->removeMessage(u"reset"_s);
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

void TokensPage::endGrace()
{
    services()
        .administration.tokenManager.endGrace(services().actor, selection().front().token.id)
        .then(this, [this](const base::Result<> &outcome) {
            if (!outcome)
                return showFailure(outcome.error());
            emit noticeRaised(tr("The former key is void now."));
            fetch();
        });
}

// The key once more, with its code, for another device.
void TokensPage::showKey()
{
    const domain::Token token = selection().front().token;
    services()
        .administration.tokenManager.reveal(services().actor, token.id)
        .then(this, [this, token](const base::Result<base::Secret> &key) {
            if (!key)
                return showFailure(key.error());
            domain::Token shown = token;
            shown.key = base::Secret(key->reveal().mid(QByteArray("sk-").size()));
            openSheet(shown, TokenSheet::Reason::Shown);
        });
}

admin::Answer<> TokensPage::commitCell(const QModelIndex &source, const QVariant &value)
{
    const domain::Token token = m_model->row(source.row()).token;
    if (m_model->traits(source.column()).key == u"left"_s)
        return m_commands.setLeft(token, value.toString());
    return m_commands.rename(token, value.toString());
}

} // namespace gatehouse::ui
