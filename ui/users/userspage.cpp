#include "users/userspage.h"

#include "admin/administration.h"
#include "admin/traffic/traffic.h"
#include "charts/budgetbar.h"
#include "users/userdialog.h"
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

constexpr int columnsVersion = 1;

template<typename T>
admin::Answer<> outcomeOf(admin::Answer<T> answer)
{
    return answer.then([](const base::Result<T> &result) -> base::Result<> {
        if (!result)
            return base::fail(result.error());
        return {};
    });
}

// What brings a user from how he was to how he shall be; the balance, which is spent from meanwhile,
// only if it was changed.
admin::UserChange changeTo(const domain::User &user, const domain::User &from)
{
    return {.username = user.username,
            .displayName = user.displayName,
            .email = user.email,
            .role = user.role == domain::Role::Root ? std::nullopt : std::optional(user.role),
            .group = user.group,
            .balance = user.balance == from.balance ? std::nullopt : std::optional(user.balance)};
}

} // namespace

UsersPage::UsersPage(const Services &services, QWidget *parent)
    : Page(PageId::Users, services, parent)
    , m_model(new UserTable(
          UserColumns::columns(),
          [](const admin::UserListing &row) { return row.user.id.value; },
          this))
{
    m_model->setDimmed([](const admin::UserListing &row) { return !row.user.isEnabled(); });
    makeActions();
    build();
    connectTable();
    texts().add([this] { setTexts(); });
    const auto follow = [this] {
        if (isActive())
            fetch();
    };
    admin::Administration &administration = this->services().administration;
    connect(&administration.publisher, &admin::CatalogPublisher::catalogChanged, this, follow);
    connect(&administration.statistics, &admin::StatisticsService::changed, this, follow);
    updateActions();
}

void UsersPage::makeActions()
{
    m_add = addPageAction({.name = "users.add",
                           .icon = u"user-plus"_s,
                           .shortcut = QKeySequence::New,
                           .text = [] { return tr("&Add user"); }},
                          [this] { openDialog({}); });
    const auto single = [this](const ActionDescription &description, std::function<void()> run) {
        m_single.append(addPageAction(description, std::move(run)));
    };
    single({.name = "users.edit", .icon = u"pencil"_s, .text = [] { return tr("&Edit…"); }},
           [this] { openDialog(selection().front()); });
    single(
        {.name = "users.tokens", .icon = u"key-round"_s, .text = [] { return tr("Show &tokens"); }},
        [this] {
            emit navigationRequested(PageId::Tokens,
                                     admin::trafficTerm(u"owner"_s, selection().front().username));
        });
    single({.name = "users.traffic",
            .icon = u"activity"_s,
            .text = [] { return tr("&View traffic"); }},
           [this] {
               emit navigationRequested(
                   PageId::Traffic, admin::trafficTerm(u"user"_s, selection().front().username));
           });
    addSeparatorAction();
    for (const int dollars : {5, 20}) {
        single({.name = dollars == 5 ? "users.topUp5" : "users.topUp20",
                .text = [dollars] { return tr("Top up by $%1").arg(dollars); }},
               [this, dollars] { topUp({dollars * domain::Quota::perDollar}); });
    }
    single({.name = "users.signOut",
            .icon = u"log-out"_s,
            .text = [] { return tr("&Sign out everywhere"); }},
           [this] { signOut(); });
    addSeparatorAction();
    m_several.append(addPageAction({.name = "users.toggle",
                                    .icon = u"power"_s,
                                    .shortcut = QKeySequence(Qt::Key_Space),
                                    .text = [] { return tr("Enable or &disable"); }},
                                   [this] { toggle(); }));
    m_toggle = m_several.back();
    m_several.append(addPageAction({.name = "users.delete",
                                    .icon = u"trash-2"_s,
                                    .shortcut = QKeySequence::Delete,
                                    .text = [] { return tr("De&lete"); }},
                                   [this] { remove(); }));
    addPageAction({.name = "users.refresh",
                   .icon = u"refresh-cw"_s,
                   .shortcut = QKeySequence::Refresh,
                   .text = [] { return tr("Re&fresh"); }},
                  [this] { fetch(); });
}

void UsersPage::build()
{
    m_header = new PageHeader(this);
    m_field = new FilterField(this);
    m_messages = new MessageBar(this);
    m_filter = new TableFilterModel(this);
    m_filter->setSourceModel(m_model);
    m_view = new TableView(this);
    m_view->setModel(m_filter);
    m_view->setItemDelegateForColumn(m_model->columnOf(u"balance"_s),
                                     new BudgetBarDelegate(UserColumns::budgetRole, m_view));
    m_view->remember(services().state, u"users"_s, columnsVersion);
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

void UsersPage::connectTable()
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
    connect(m_view, &TableView::rowActivated, this, [this](const QModelIndex &source) {
        openDialog(m_model->row(source.row()).user);
    });
    connect(m_view, &TableView::contextMenuRequested, this, [this](QMenu *menu) {
        menu->addActions(pageActions());
    });
}

void UsersPage::setTexts()
{
    m_header->setTitle(tr("Users"));
    m_field->setPlaceholderText(tr("Filter, e.g. group:vip cost:>5"));
    m_field->setAccessibleName(tr("Filter"));
    m_view->setAccessibleName(tr("Users"));
    m_model->retranslate();
    m_empty->setIcon(u"users"_s);
    m_empty->setTexts(tr("No users yet"), tr("Each user has a budget and tokens of their own."));
    m_empty->setActions(m_add);
    updateFooter();
}

void UsersPage::activated()
{
    fetch();
}

void UsersPage::setFilter(const QString &text)
{
    m_field->setFilter(text);
}

void UsersPage::focusFilter()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

void UsersPage::showItem(qint64 item)
{
    m_wanted = item;
    m_field->setFilter({});
    fetch();
}

void UsersPage::fetch()
{
    m_view->setLoading(true);
    services()
        .administration.users.listings(services().actor)
        .then(this,
              [this](const base::Result<std::vector<admin::UserListing>> &users) { show(users); });
}

void UsersPage::show(const base::Result<std::vector<admin::UserListing>> &users)
{
    m_view->setLoading(false);
    if (!users)
        return showFailure(users.error());
    m_model->setRows(*users);
    m_header->setCount(static_cast<qint64>(users->size()));
    if (const qint64 wanted = std::exchange(m_wanted, 0); wanted != 0) {
        if (const int row = m_model->rowOf(wanted); row >= 0)
            m_view->selectSourceRow(row);
    }
    updateActions();
    updateFooter();
}

void UsersPage::showFailure(const base::Error &error)
{
    m_messages->showMessage({.id = u"failure"_s, .tone = Tone::Failure, .text = error.message});
}

void UsersPage::finish(const base::Result<> &outcome)
{
    if (outcome)
        m_messages->removeMessage(u"failure"_s);
    else
        showFailure(outcome.error());
    fetch();
}

QList<domain::User> UsersPage::selection() const
{
    QList<domain::User> users;
    for (const QModelIndex &row : m_view->selectedSourceRows())
        users.append(m_model->row(row.row()).user);
    return users;
}

void UsersPage::updateActions()
{
    const qsizetype selected = m_view ? m_view->selectedSourceRows().size() : 0;
    for (QAction *action : std::as_const(m_single))
        action->setEnabled(selected == 1);
    for (QAction *action : std::as_const(m_several))
        action->setEnabled(selected > 0);
}

void UsersPage::updateFooter()
{
    if (!m_footer)
        return;
    const auto selected = static_cast<int>(m_view->selectedSourceRows().size());
    const int shown = m_filter->rowCount();
    const int all = m_model->rowCount();
    if (selected == 0)
        m_footer->setSelection(QString(), tr("%n users", nullptr, all));
    else
        m_footer->setSelection(tr("%n selected", nullptr, selected));
    m_footer->setBulkVisible(selected > 0);
    m_footer->setTotals(shown == all ? QString() : tr("%1 of %2 shown").arg(shown).arg(all));
    m_empty->setFiltered(all > 0 && shown == 0
                             ? tr("No user matches %1.").arg(Format::quoted(m_field->text()))
                             : QString());
}

void UsersPage::openDialog(std::optional<domain::User> user)
{
    auto *dialog = new UserDialog(services(), std::move(user), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &UserDialog::created, this, [this](const domain::User &made) {
        admin::UserService &users = services().administration.users;
        const admin::Actor actor = services().actor;
        services().undo.pushDone(
            {.text = tr("Added %1").arg(Format::quoted(made.username)),
             .redo = [&users, actor, id = made.id] { return outcomeOf(users.restore(actor, id)); },
             .undo = [&users, actor, id = made.id] { return users.remove(actor, id); }});
        m_wanted = made.id.value;
        fetch();
    });
    connect(dialog, &UserDialog::changed, this, &UsersPage::pushChange);
    dialog->open();
}

void UsersPage::pushChange(const domain::User &before, const domain::User &after)
{
    admin::UserService &users = services().administration.users;
    const admin::Actor actor = services().actor;
    const auto write = [&users, actor](const domain::User &wanted, const domain::User &from) {
        return outcomeOf(users.change(actor, wanted.id, changeTo(wanted, from)));
    };
    services().undo.pushDone({.text = tr("Changed %1").arg(Format::quoted(after.username)),
                              .redo = [write, before, after] { return write(after, before); },
                              .undo = [write, before, after] { return write(before, after); }});
    fetch();
}

// One command for each user, since some of them may be refused.
void UsersPage::toggle()
{
    const QList<domain::User> selected = selection();
    const bool anyEnabled = std::any_of(selected.begin(),
                                        selected.end(),
                                        [](const domain::User &user) { return user.isEnabled(); });
    admin::UserService &users = services().administration.users;
    const admin::Actor actor = services().actor;
    for (const domain::User &user : selected) {
        if (user.isEnabled() != anyEnabled)
            continue;
        const auto set = [&users, actor, id = user.id](bool enabled) {
            return outcomeOf(users.change(
                actor,
                id,
                {.status = enabled ? domain::UserStatus::Enabled : domain::UserStatus::Disabled}));
        };
        services()
            .undo
            .push({.text = anyEnabled ? tr("Disabled %1").arg(Format::quoted(user.username))
                                      : tr("Enabled %1").arg(Format::quoted(user.username)),
                   .redo = [set, anyEnabled] { return set(!anyEnabled); },
                   .undo = [set, anyEnabled] { return set(anyEnabled); }})
            .then(this, [this](const base::Result<> &outcome) { finish(outcome); });
    }
}

void UsersPage::remove()
{
    admin::UserService &users = services().administration.users;
    const admin::Actor actor = services().actor;
    for (const domain::User &user : selection()) {
        services()
            .undo
            .push({.text = tr("Deleted %1").arg(Format::quoted(user.username)),
                   .redo = [&users, actor, id = user.id] { return users.remove(actor, id); },
                   .undo = [&users,
                            actor,
                            id = user.id] { return outcomeOf(users.restore(actor, id)); }})
            .then(this, [this](const base::Result<> &outcome) { finish(outcome); });
    }
}

void UsersPage::topUp(domain::Quota amount)
{
    const domain::User user = selection().front();
    admin::UserService &users = services().administration.users;
    const admin::Actor actor = services().actor;
    const auto add = [&users, actor, id = user.id](domain::Quota units) {
        return outcomeOf(users.topUp(actor, id, units, {}));
    };
    // What was spent of it meanwhile stays spent.
    const auto takeBack = [&users, actor, id = user.id](domain::Quota units) {
        return outcomeOf(
            admin::onSuccess(users.find(actor, id), &users, [=, &users](const domain::User &found) {
                const domain::Quota left{qMax<qint64>(0, found.balance.units - units.units)};
                return users.change(actor, id, {.balance = left});
            }));
    };
    services()
        .undo
        .push(
            {.text =
                 tr("Topped up %1 by %2").arg(Format::quoted(user.username), Format::money(amount)),
             .redo = [add, amount] { return add(amount); },
             .undo = [takeBack, amount] { return takeBack(amount); }})
        .then(this, [this](const base::Result<> &outcome) { finish(outcome); });
}

void UsersPage::signOut()
{
    const domain::User user = selection().front();
    services()
        .administration.users.signOutEverywhere(services().actor, user.id)
        .then(this, [this, name = user.username](const base::Result<> &outcome) {
            finish(outcome);
            if (outcome)
                emit noticeRaised(tr("%1 is signed out everywhere.").arg(Format::quoted(name)));
        });
}

} // namespace gatehouse::ui
