#pragma once

#include "tokens/tokencolumns.h"
#include "tokens/tokencommands.h"
#include "tokens/tokensheet.h"
#include "widgets/table/listpage.h"

namespace gatehouse::ui {

class TokenDetail;

// The API keys of all users: what they may do, what they have spent, and all that is done with them.
class TokensPage : public ListPage
{
    Q_OBJECT

public:
    explicit TokensPage(const Services &services, QWidget *parent = nullptr);

    QList<QWidget *> panes() override;

protected:
    void fetch() override;
    int rowOf(qint64 item) const override { return m_model->rowOf(item); }
    void openRow(int) override { edit(); }
    void updateActions() override;
    void updateFooter() override;
    void selectionChanged() override;

private:
    void makeActions();
    void build();
    void setTexts();
    void show(const base::Result<std::vector<admin::TokenListing>> &tokens);

    QList<admin::TokenListing> selection() const;
    QList<domain::Token> selectedTokens() const;
    void create();
    void edit();
    void editSeveral();
    void duplicate();
    void remove();
    void toggle();
    void rotate();
    void askToEndGrace();
    void endGrace(domain::TokenId id);
    void reveal();
    void showKey();
    void topUp(domain::Quota amount);
    void askToResetUsage();
    void resetUsage(const domain::Token &token);
    void updateDetail();
    void fetchMonth();
    void openDialog(std::optional<domain::Token> token);
    TokenSheet *openSheet(const domain::Token &token, TokenSheet::Reason reason);
    void openSheets(QList<domain::Token> created);
    admin::Answer<> commitCell(const QModelIndex &source, const QVariant &value);

    TokenCommands m_commands;
    TokenTable *m_model = nullptr;
    TokenDetail *m_detail = nullptr;
    std::optional<domain::Cost> m_month{}; // of the requests of 30 days; absent: not known yet
    QAction *m_toggleDetail = nullptr;
    QAction *m_add = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_toggle = nullptr;
    QAction *m_endGrace = nullptr;
    QList<QAction *> m_topUps{};
};

} // namespace gatehouse::ui
