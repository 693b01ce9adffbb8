#include "groups/groupsdialog.h"

#include "admin/administration.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/dialogs/dialoglayout.h"
#include "widgets/format.h"
#include "widgets/naturalorder.h"
#include "widgets/secondarylabel.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tableview.h"
#include "widgets/undostack.h"

#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

const QString failureId = u"failure"_s;
const QString changeId = u"change"_s;

} // namespace

GroupsDialog::GroupsDialog(const Services &services, QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_commands(services)
    , m_table(new GroupTable(
          GroupColumns::columns(), [](const GroupRow &row) { return row.group.name; }, this))
{
    setWindowTitle(tr("Groups"));
    build();
    connect(&m_services.administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            &GroupsDialog::fetch);
    listenToUndo();
    fetch();
    review();
    m_view->setFocus();
}

void GroupsDialog::openOver(QWidget *parent, const Services &services)
{
    auto *dialog = new GroupsDialog(services, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void GroupsDialog::build()
{
    m_messages = new MessageBar(this);
    auto *help = new SecondaryLabel(tr("Each user is in one group. It decides which channels serve "
                                       "the user, and what the price of a request is multiplied "
                                       "by."),
                                    TextRole::Small,
                                    this);
    help->setWordWrap(true);
    m_view = new TableView(this);
    auto *sorted = new TableFilterModel(m_view);
    sorted->setSourceModel(m_table);
    m_view->setModel(sorted);
    m_view->setAccessibleName(tr("Groups"));
    m_view->setSelectionMode(QAbstractItemView::SingleSelection);
    m_view->setRowEditable(false); // name and factor are different matters
    m_view->setCommit([this](const QModelIndex &source, const QVariant &value) {
        return setCell(m_table->row(source.row()), m_table->traits(source.column()).key, value);
    });
    connect(m_view, &TableView::rowSelectionChanged, this, &GroupsDialog::review);
    connect(m_view, &TableView::commitFailed, this, [this](const base::Error &error) {
        m_messages->showMessage({.id = failureId, .text = error.message});
    });
    QLayout *line = makeNewLine();
    auto *footer = new DialogFooter(this);
    m_remove = new QPushButton(tr("&Remove"), this);
    m_remove->setAutoDefault(false);
    footer->addLeft(m_remove);
    footer->addButton(QDialogButtonBox::Close)->setAutoDefault(false);
    connect(m_remove, &QPushButton::clicked, this, &GroupsDialog::remove);
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);
    QVBoxLayout *content = layOut(this, footer, m_messages);
    content->setSpacing(Theme::px(8));
    content->addWidget(help);
    content->addWidget(m_view, 1);
    content->addLayout(line);
    resize(Theme::px(520), Theme::px(420));
}

QLayout *GroupsDialog::makeNewLine()
{
    m_name = new QLineEdit(this);
    auto *nameLabel = new QLabel(tr("&New group"), this);
    nameLabel->setBuddy(m_name);
    m_name->setAccessibleName(tr("Name of the new group"));
    m_factor = new QLineEdit(GroupCommands::factorText(domain::Group().ratioMillionths), this);
    m_factor->setMaximumWidth(Theme::px(80));
    m_factor->setAccessibleName(tr("Price factor of the new group"));
    auto *factorLabel = new QLabel(tr("Price &factor"), this);
    factorLabel->setBuddy(m_factor);
    m_add = new QPushButton(tr("&Add group"), this);
    m_add->setAutoDefault(false); // Enter in the table is no wish for a group
    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::px(8));
    line->addWidget(nameLabel);
    line->addWidget(m_name, 1);
    line->addWidget(factorLabel);
    line->addWidget(m_factor);
    line->addWidget(m_add);
    for (QLineEdit *field : {m_name, m_factor}) {
        connect(field, &QLineEdit::textChanged, this, &GroupsDialog::review);
        connect(field, &QLineEdit::returnPressed, m_add, &QPushButton::click);
    }
    connect(m_add, &QPushButton::clicked, this, &GroupsDialog::add);
    return line;
}

void GroupsDialog::fetch()
{
    admin::GroupService &groups = m_services.administration.groups;
    const auto read = admin::onSuccess(
        groups.list(), this, [this](const std::vector<domain::Group> &present) -> admin::Answer<> {
            return admin::onSuccess(
                m_services.administration.users.listings(m_services.actor),
                this,
                [this, present](const std::vector<admin::UserListing> &users) -> base::Result<> {
                    show(present, users);
                    return {};
                });
        });
    admin::whenDone(read, this, [this](const base::Result<> &outcome) {
        if (!outcome)
            m_messages->showMessage({.id = failureId, .text = outcome.error().message});
    });
}

void GroupsDialog::show(const std::vector<domain::Group> &groups,
                        const std::vector<admin::UserListing> &users)
{
    const auto catalog = m_services.administration.publisher.catalog();
    std::vector<GroupRow> rows;
    for (const domain::Group &group : groups) {
        GroupRow row{.group = group};
        for (const admin::UserListing &each : users) {
            if (each.user.group == group.name)
                row.users.append(each.user.username);
        }
        const QString name = QString::fromUtf8(group.name);
        if (catalog) {
            for (const auto &each : catalog->channels()) {
                if (each->channel.groups.contains(name))
                    row.channels.append(each->channel.name);
            }
        }
        sortNaturally(row.users);
        sortNaturally(row.channels);
        rows.push_back(std::move(row));
    }
    const std::optional<GroupRow> before = selected();
    m_table->setRows(std::move(rows));
    if (before && m_table->rowOf(before->group.name) < 0)
        m_view->clearSelection(); // which went on to the next group, that nobody chose
    if (const int row = m_wanted.isEmpty() ? -1 : m_table->rowOf(m_wanted); row >= 0) {
        m_view->selectSourceRow(row);
        m_wanted.clear();
    }
    review();
}

std::optional<GroupRow> GroupsDialog::selected() const
{
    const QModelIndexList rows = m_view->selectedSourceRows();
    return rows.size() == 1 ? std::optional(m_table->row(rows.front().row())) : std::nullopt;
}

void GroupsDialog::review()
{
    const base::Result<qint64> factor = GroupCommands::factorFrom(m_factor->text());
    const QString problem = factor ? QString() : factor.error().message.translated();
    setInvalid(m_factor, !factor);
    m_factor->setToolTip(problem);
    m_factor->setAccessibleDescription(problem);
    m_add->setEnabled(factor && !m_name->text().trimmed().isEmpty());
    const std::optional<GroupRow> row = selected();
    const bool stays = row && row->group.name == usualGroup;
    m_remove->setEnabled(row && !stays);
    m_remove->setToolTip(stays ? tr("The group %1 stays: new users are in it.")
                                     .arg(Format::quoted(QString::fromLatin1(usualGroup)))
                               : QString());
}

void GroupsDialog::add()
{
    const QString name = m_name->text().trimmed();
    const base::Result<qint64> factor = GroupCommands::factorFrom(m_factor->text());
    if (!factor || name.isEmpty())
        return;
    m_add->setEnabled(false);
    const domain::Group group{.name = name.toUtf8(), .ratioMillionths = *factor};
    admin::whenDone(m_commands.add({group}), this, [this, group](const base::Result<> &outcome) {
        if (outcome) {
            m_messages->removeMessage(failureId);
            m_wanted = group.name;
            m_name->clear();
            m_factor->setText(GroupCommands::factorText(domain::Group().ratioMillionths));
            m_name->setFocus();
            fetch();
        } else {
            m_messages->showMessage({.id = failureId, .text = outcome.error().message});
        }
        review();
    });
}

void GroupsDialog::remove()
{
    const std::optional<GroupRow> row = selected();
    if (!row)
        return;
    m_remove->setEnabled(false);
    follow(m_commands.remove(row->group));
}

// Says why it is refused, such as that users are in the group, and who they are.
void GroupsDialog::follow(const admin::Answer<> &answer)
{
    admin::whenDone(answer, this, [this](const base::Result<> &outcome) {
        if (outcome)
            m_messages->removeMessage(failureId);
        else
            m_messages->showMessage({.id = failureId, .text = outcome.error().message});
        fetch();
    });
}

admin::Answer<>
GroupsDialog::setCell(const GroupRow &row, const QString &column, const QVariant &value)
{
    if (column == u"name"_s) {
        return admin::onSuccess(
            m_commands.rename(row.group, value.toString()),
            this,
            [this, wanted = value.toString().trimmed().toUtf8()]() -> base::Result<> {
                m_wanted = wanted;
                fetch();
                return {};
            });
    }
    const base::Result<qint64> factor = GroupCommands::factorFrom(value.toString());
    if (!factor)
        return admin::refused<void>(factor.error());
    return m_commands.setFactor(row.group, *factor);
}

void GroupsDialog::listenToUndo()
{
    UndoStack &undo = m_services.undo;
    connect(
        new QShortcut(QKeySequence::Undo, this), &QShortcut::activated, &undo, &UndoStack::undo);
    connect(new QShortcut(QKeySequence(u"Ctrl+Shift+Z"_s), this),
            &QShortcut::activated,
            &undo,
            &UndoStack::redo);
    connect(&undo, &UndoStack::done, this, [this](const LiveText &text) {
        m_messages->removeMessage(failureId);
        tell(text, {{[] { return tr("Undo"); }, [this] { m_services.undo.undo(); }}});
    });
    connect(&undo, &UndoStack::undone, this, [this](const LiveText &text) {
        m_messages->removeMessage(failureId);
        tell([text] { return undoneText(text.text()); });
    });
    connect(&undo, &UndoStack::failed, this, [this](const LiveText &, const base::Error &error) {
        m_messages->removeMessage(changeId);
        m_messages->showMessage({.id = failureId, .tone = Tone::Failure, .text = error.message});
    });
}

void GroupsDialog::tell(const LiveText &text, std::vector<MessageAction> actions)
{
    m_messages->showMessage(
        {.id = changeId, .tone = Tone::Good, .text = text, .actions = std::move(actions)});
}

} // namespace gatehouse::ui
