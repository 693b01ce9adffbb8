#pragma once

#include "admin/traffic/conversation.h"
#include "inspector/inspectortab.h"

class QListView;

namespace gatehouse::ui {

class ConversationDelegate;
class ConversationModel;
class SecondaryLabel;

// What was said, message by message, in whatever dialect.
class ConversationTab : public CaptureTab
{
    Q_OBJECT

public:
    explicit ConversationTab(const Services &services, QWidget *parent = nullptr);

    QString title() const override;
    ConversationModel &model() const { return *m_model; }
    QListView *view() const { return m_view; }
    QString footerText() const;

protected:
    void read() override;
    void changeEvent(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void present(const admin::Conversation &conversation);
    void refreshFooter();
    void toggle(const QModelIndex &index);
    void openMenu(const QPoint &position);

    ConversationModel *const m_model;
    ConversationDelegate *const m_delegate;
    QListView *m_view = nullptr;
    SecondaryLabel *m_footer = nullptr;
    QString m_finishReason{};
    QString m_problem{};
};

} // namespace gatehouse::ui
