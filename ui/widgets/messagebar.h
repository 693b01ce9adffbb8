#pragma once

#include "theme/palette.h"
#include "widgets/livetext.h"

#include <QWidget>

#include <functional>
#include <vector>

class QHBoxLayout;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QToolButton;

namespace gatehouse::ui {

struct MessageAction
{
    LiveText text{};
    std::function<void()> run{};
};

// Something that a person should know about a page, with what to do.
struct Message
{
    QString id{}; // another one of the same id takes its place
    Tone tone = Tone::Caution;
    LiveText subject{}; // stands first, in bold; may be empty
    LiveText text{};
    std::vector<MessageAction> actions{};
    QString details{}; // what one reads on demand, and copies for support; never a secret
    bool closable = true;
    bool lasting = false; // says how something is: told again, it keeps its place
};

// The bar under a page's header in place of message boxes. Shows one message, the worst first and
// among equals the latest, and says how many more there are. Hidden while there is none.
class MessageBar : public QWidget
{
    Q_OBJECT

public:
    explicit MessageBar(QWidget *parent = nullptr);

    void showMessage(Message message);
    void removeMessage(const QString &id);
    bool hasMessage(const QString &id) const;
    int messageCount() const { return static_cast<int>(m_messages.size()); }
    // The one that is shown; empty: none.
    QString shownId() const;

signals:
    // The person closed it.
    void dismissed(const QString &id);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    void setTexts();
    void retranslate();
    QStringList textsOfActions(const Message &message) const;
    void setActions(const Message &message);
    void run(size_t action);
    void showDetails();
    void setDetailsTexts();
    void applyLook();
    void announce(const Message &message);
    void showNext();

    std::vector<Message> m_messages{}; // the one that is shown stands first
    QString m_announced{};
    QStringList m_actionTexts{}; // of the buttons there are, behind the message's id
    QLabel *m_icon = nullptr;
    QLabel *m_text = nullptr;
    QWidget *m_actions = nullptr;
    QHBoxLayout *m_actionLayout = nullptr;
    QPushButton *m_more = nullptr;
    QPushButton *m_details = nullptr; // checked: they are shown
    QWidget *m_detailsArea = nullptr;
    QPlainTextEdit *m_detailsText = nullptr;
    QPushButton *m_copyDetails = nullptr;
    QString m_detailsId{}; // of the message that they are of
    QToolButton *m_close = nullptr;
};

} // namespace gatehouse::ui
