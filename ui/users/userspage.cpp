#include "users/userspage.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "admin/outcome.h"
#include "admin/traffic/traffic.h"
#include "charts/budgetbar.h"
#include "domain/filterquery.h"
#include "groups/groupsdialog.h"
#include "users/groupdelegate.h"
#include "users/userbulkdialog.h"
#include "users/userdialog.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/emptystate.h"
#include "widgets/format.h"
#include "widgets/pageheader.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tabledelegate.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"
#include "widgets/undostack.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::outcomeOf;

namespace {

constexpr int columnsVersion = 3;

} // namespace

UsersPage::UsersPage(const Services &services, QWidget *parent)
    : ListPage(PageId::Users, services, parent)
    , m_commands(services)
    , m_model(new UserTable(
          UserColumns::columns(),
          [](const admin::UserListing &row) { return row.user.id.value; },
          this))
{
    m_model->setDimmed([](const admin::UserListing &row) { return !row.user.isEnabled(); });
    makeActions();
    build();
    texts().add([this] { setTexts(); });
    updateActions();
}

void UsersPage::makeActions()
{
    m_add = addPageAction({.name = "users.add",
                           .icon = u"user-plus"_s,
                           .shortcut = QKeySequence::New,
                           .text = [] { return tr("&Add user"); }},
                          [this] { openDialog({}); });
    m_edit =
        addSeveral({.name = "users.edit", .icon = u"pencil"_s, .text = [] { return tr("&Edit…"); }},
                   [this] { edit(); });
    addSingle(
        {.name = "users.tokens", .icon = u"key-round"_s, .text = [] { return tr("Show &tokens"); }},
        [this] {
            emit navigationRequested(PageId::Tokens,
                                     domain::wholeTerm(u"owner"_s, selection().front().username));
        });
    addSingle({.name = "users.traffic",
               .icon = u"activity"_s,
               .text = [] { return tr("Vie&w traffic"); }},
              [this] {
                  // By number: requests keep the name of their time.
                  const QString id = u"#%1"_s.arg(selection().front().id.value);
                  emit navigationRequested(PageId::Traffic, domain::exactTerm(u"user"_s, id));
              });
    addSeparatorAction();
    for (const int dollars : {5, 20}) {
        addSeveral({.name = dollars == 5 ? "users.topUp5" : "users.topUp20",
                    .text = [dollars] { return tr("Top up by $%1").arg(dollars); }},
                   [this, dollars] { topUp({dollars * domain::Quota::perDollar}); });
    }
    addSingle({.name = "users.signOut",
               .icon = u"log-out"_s,
               .text = [] { return tr("Si&gn out everywhere…"); }},
              [this] { askSignOut(); });
    addSeparatorAction();
    m_toggle = addSeveral({.name = "users.toggle",
                           .icon = u"power"_s,
                           .shortcut = QKeySequence(Qt::Key_Space),
                           .text = [] { return tr("Enable or &disable"); }},
                          [this] { toggle(); });
    addSeveral({.name = "users.delete",
                .icon = u"trash-2"_s,
                .shortcut = QKeySequence::Delete,
                .text = [] { return tr("De&lete"); }},
               [this] { remove(); });
    addPageAction(
        {.name = "users.groups", .icon = u"users"_s, .text = [] { return tr("Gro&ups…"); }},
        [this] { GroupsDialog::openOver(this, services()); });
    addFilterActions();
    addExport("users.exportList", u"users"_s);
    addPageAction({.name = "users.refresh",
                   .icon = u"refresh-cw"_s,
                   .shortcut = QKeySequence::Refresh,
                   .text = [] { return tr("Re&fresh"); }},
                  [this] { fetch(); });
}

void UsersPage::build()
{
    setTable(m_model);
    view()->setItemDelegateForColumn(
        m_model->columnOf(u"balance"_s),
        new BudgetBarDelegate(UserColumns::budgetRole,
                              view(),
                              {&TableDelegate::paintGround, &TableDelegate::textColor}));
    view()->setItemDelegateForColumn(m_model->columnOf(u"group"_s),
                                     new GroupDelegate([this] { return m_groups; }, view()));
    view()->remember(services().state, u"users"_s, columnsVersion);
    view()->setCommit([this](const QModelIndex &source, const QVariant &value) {
        return m_commands.setCell(
            m_model->row(source.row()).user, m_model->traits(source.column()).key, value);
    });
    bindToTable(m_toggle);
    for (QAction *action : actionsForSeveral())
        footer()->addBulkAction(action);
    header()->addPrimary(m_add);
    setBody(list());
}

void UsersPage::setTexts()
{
    header()->setTitle(tr("Users"));
    field()->setPlaceholderText(tr("Filter, e.g. group:vip cost:>5"));
    field()->setAccessibleName(tr("Filter"));
    view()->setAccessibleName(tr("Users"));
    m_model->retranslate();
    emptyState()->setIcon(u"users"_s);
    emptyState()->setTexts(tr("No users yet"),
                           tr("Each user has a budget and tokens of their own."));
    emptyState()->setActions(m_add);
    updateFooter();
}

void UsersPage::fetch()
{
    view()->setLoading(true);
    // The groups first: by then they can be offered for each user who is shown.
    admin::whenDone(services().administration.groups.list(),
                    this,
                    [this](const base::Result<std::vector<domain::Group>> &groups) {
                        if (groups) {
                            m_groups.clear();
                            for (const domain::Group &group : *groups)
                                m_groups.append(QString::fromUtf8(group.name));
                        }
                        fetchUsers();
                    });
}

void UsersPage::fetchUsers()
{
    admin::whenDone(
        services().administration.users.listings(services().actor),
        this,
        [this](const base::Result<std::vector<admin::UserListing>> &users) { show(users); });
}

void UsersPage::show(const base::Result<std::vector<admin::UserListing>> &users)
{
    view()->setLoading(false);
    if (!wasRead(users))
        return;
    m_model->setRows(*users);
    header()->setCount(static_cast<qint64>(users->size()));
    showRows();
}

QList<domain::User> UsersPage::selection() const
{
    QList<domain::User> users;
    for (const QModelIndex &row : view()->selectedSourceRows())
        users.append(m_model->row(row.row()).user);
    return users;
}

void UsersPage::updateActions()
{
    ListPage::updateActions();
    const auto count = static_cast<int>(view()->selectedSourceRows().size());
    m_edit->setText(count > 1 ? tr("&Edit %n…", nullptr, count) : tr("&Edit…"));
}

void UsersPage::updateFooter()
{
    const auto selected = static_cast<int>(view()->selectedSourceRows().size());
    const int shown = filter()->rowCount();
    const int all = m_model->rowCount();
    if (selected == 0)
        footer()->setSelection(QString(), tr("%n users", nullptr, all));
    else
        footer()->setSelection(tr("%n selected", nullptr, selected));
    footer()->setBulkVisible(selected > 0);
    domain::Quota month;
    for (const admin::UserListing &each : m_model->rows())
        month += each.charged30Days;
    QStringList totals;
    if (shown != all)
        totals.append(tr("%1 of %2 shown").arg(shown).arg(all));
    totals.append(tr("30 days: %1").arg(Format::money(month)));
    footer()->setTotals(totals.join(u" · "_s));
    emptyState()->setFiltered(all > 0 && shown == 0
                                  ? tr("No user matches %1.").arg(Format::quoted(field()->text()))
                                  : QString());
}

void UsersPage::edit()
{
    const QList<domain::User> selected = selection();
    if (selected.size() == 1)
        openDialog(selected.front());
    else if (!selected.isEmpty())
        editSeveral();
}

void UsersPage::editSeveral()
{
    const QList<domain::User> selected = selection();
    auto *dialog = new UserBulkDialog(services().actor, selected, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->offerGroups(m_groups);
    connect(dialog,
            &UserBulkDialog::confirmed,
            this,
            [this, dialog, selected](const UserBulkChange &change) {
                followDialog(m_commands.change(selected, change), dialog);
            });
    dialog->open();
}

void UsersPage::openDialog(std::optional<domain::User> user)
{
    auto *dialog = new UserDialog(services(), std::move(user), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &UserDialog::created, this, [this](const domain::User &made) {
        admin::UserService &users = services().administration.users;
        const admin::Actor actor = services().actor;
        services().undo.pushDone(
            {.text = [name = made.username] { return tr("Added %1").arg(Format::quoted(name)); },
             .redo = [&users, actor, id = made.id] { return outcomeOf(users.restore(actor, id)); },
             .undo = [&users, actor, id = made.id] { return users.remove(actor, id); }});
        fetchAndSelect(made.id.value);
    });
    connect(dialog, &UserDialog::changed, this, &UsersPage::pushChange);
    dialog->open();
}

void UsersPage::pushChange(const admin::StoredUser &change)
{
    m_commands.noteChanged(change);
    fetch();
}

// Disables if any of them is enabled, else enables all.
void UsersPage::toggle()
{
    QList<domain::User> selected = selection();
    const bool anyEnabled = std::any_of(selected.begin(),
                                        selected.end(),
                                        [](const domain::User &user) { return user.isEnabled(); });
    selected.removeIf(
        [anyEnabled](const domain::User &user) { return user.isEnabled() != anyEnabled; });
    follow(m_commands.setEnabled(selected, !anyEnabled));
}

void UsersPage::remove()
{
    follow(m_commands.remove(selection()));
}

void UsersPage::topUp(domain::Quota amount)
{
    follow(m_commands.topUp(selection(), amount));
}

void UsersPage::askSignOut()
{
    const domain::User user = selection().front();
    Confirmation::ask(
        this,
        {.title = tr("Sign out everywhere"),
         .heading = tr("Sign %1 out everywhere?").arg(Format::quoted(user.username)),
         .text = tr("All sessions of the user at the management API end, and the access token to "
                    "it is void; the user has to sign in again. This cannot be undone. The tokens "
                    "that programs use go on working."),
         .action = tr("Sign out everywhere")},
        [this, user] { signOut(user); });
}

void UsersPage::signOut(const domain::User &user)
{
    admin::whenDone(services().administration.users.signOutEverywhere(services().actor, user.id),
                    this,
                    [this, name = user.username](const base::Result<> &outcome) {
                        finish(outcome);
                        if (outcome) {
                            emit noticeRaised([name] {
                                return tr("%1 is signed out everywhere.").arg(Format::quoted(name));
                            });
                        }
                    });
}

} // namespace gatehouse::ui
