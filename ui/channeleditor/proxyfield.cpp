#include "channeleditor/proxyfield.h"

#include "theme/icons.h"

#include <QAction>
#include <QContextMenuEvent>
#include <QEvent>
#include <QMenu>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

ProxyField::ProxyField(QWidget *parent)
    : QLineEdit(parent)
    , m_reveal(addAction(icon(u"eye"_s, IconColor::Secondary), QLineEdit::TrailingPosition))
{
    setPlaceholderText(u"socks5://127.0.0.1:1080"_s);
    connect(m_reveal, &QAction::triggered, this, &ProxyField::reveal);
    connect(this, &QLineEdit::textChanged, this, &ProxyField::review);
    review();
}

QString ProxyField::proxy() const
{
    return hidesAccess() ? m_whole : text().trimmed();
}

void ProxyField::setProxy(const QString &proxy)
{
    const QUrl url(proxy);
    const bool hasAccess = !url.userInfo().isEmpty();
    m_whole = hasAccess ? proxy : QString();
    m_shown = hasAccess ? url.toString(QUrl::RemoveUserInfo) : QString();
    setText(hasAccess ? m_shown : proxy);
    review();
}

void ProxyField::reveal()
{
    if (hidesAccess())
        setText(std::exchange(m_whole, {}));
}

void ProxyField::review()
{
    m_reveal->setVisible(hidesAccess());
    m_reveal->setText(tr("Show user name and password"));
    m_reveal->setToolTip(
        hidesAccess() ? tr("Show user name and password. With another address they are dropped.")
                      : QString());
}

void ProxyField::changeEvent(QEvent *event)
{
    QLineEdit::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        review();
}

// The sign in the field is for the mouse alone.
void ProxyField::contextMenuEvent(QContextMenuEvent *event)
{
    QMenu *menu = createStandardContextMenu();
    menu->setAttribute(Qt::WA_DeleteOnClose);
    if (hidesAccess()) {
        menu->addSeparator();
        menu->addAction(m_reveal);
    }
    menu->popup(event->globalPos());
}

} // namespace gatehouse::ui
