#pragma once

#include "tokens/tokencolumns.h"
#include "tokens/tokencommands.h"
#include "tokens/tokensheet.h"
#include "widgets/page.h"

namespace gatehouse::ui {

class EmptyState;
class FilterField;
class MessageBar;
class PageHeader;
class TableFilterModel;
class TableFooter;
class TableView;

// The API keys of all users: what they may do, what they have spent, and all that is done with them.
class TokensPage : public Page
{
    Q_OBJECT

public:
    explicit TokensPage(const Services &services, QWidget *parent = nullptr);

    void setFilter(const QString &text) override;
    void showItem(qint64 item) override;
    void focusFilter() override;

protected:
    void activated() override;

private:
    void makeActions();
    void build();
    void connectTable();
    void setTexts();
    void fetch();
    void show(const base::Result<std::vector<admin::TokenListing>> &tokens);
    void updateActions();
    void updateFooter();
    void fillContextMenu(QMenu *menu);
    void showFailure(const base::Error &error);

    QList<admin::TokenListing> selection() const;
    QList<domain::Token> selectedTokens() const;
    void follow(admin::Answer<> answer);
    void create();
    void edit();
    void duplicate();
    void remove();
    void toggle();
    void rotate();
    void endGrace();
    void reveal();
    void showKey();
    void topUp(domain::Quota amount);
    void askToResetUsage();
    void resetUsage(const domain::Token &token);
    void openDialog(std::optional<domain::Token> token);
    void openSheet(const domain::Token &token, TokenSheet::Reason reason);
    admin::Answer<> commitCell(const QModelIndex &source, const QVariant &value);

    TokenCommands m_commands;
    TokenTable *m_model = nullptr;
    TableFilterModel *m_filter = nullptr;
    TableView *m_view = nullptr;
    PageHeader *m_header = nullptr;
    FilterField *m_field = nullptr;
    MessageBar *m_messages = nullptr;
    EmptyState *m_empty = nullptr;
    TableFooter *m_footer = nullptr;
    QAction *m_add = nullptr;
    QAction *m_toggle = nullptr;
    QAction *m_endGrace = nullptr;
    QList<QAction *> m_single{};  // need exactly one selected token
    QList<QAction *> m_several{}; // need at least one
    qint64 m_wanted = 0;          // to be selected as soon as it is there
};

} // namespace gatehouse::ui
