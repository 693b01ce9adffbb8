#pragma once

#include "admin/people/userservice.h"
#include "groups/groupcolumns.h"
#include "groups/groupcommands.h"
#include "widgets/messagebar.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace gatehouse::ui {

class TableView;

// The groups of users with their price factors and who is in them: makes groups, changes their names and
// factors and removes them. Each change is stored at once and can be taken back here, as the window behind
// cannot be reached meanwhile.
class GroupsDialog : public QDialog
{
    Q_OBJECT

public:
    explicit GroupsDialog(const Services &services, QWidget *parent = nullptr);

    // Opens one over `parent`'s window.
    static void openOver(QWidget *parent, const Services &services);

private:
    void build();
    QLayout *makeNewLine();
    void fetch();
    void show(const std::vector<domain::Group> &groups,
              const std::vector<admin::UserListing> &users);
    void review();
    void add();
    void remove();
    void follow(const admin::Answer<> &answer);
    admin::Answer<> setCell(const GroupRow &row, const QString &column, const QVariant &value);
    void listenToUndo();
    void tell(const LiveText &text, std::vector<MessageAction> actions = {});
    std::optional<GroupRow> selected() const;

    const Services m_services;
    GroupCommands m_commands;
    GroupTable *m_table = nullptr;
    TableView *m_view = nullptr;
    MessageBar *m_messages = nullptr;
    QLineEdit *m_name = nullptr;
    QLineEdit *m_factor = nullptr;
    QPushButton *m_add = nullptr;
    QPushButton *m_remove = nullptr;
    QByteArray m_wanted{}; // to be selected as soon as it is there
};

} // namespace gatehouse::ui
