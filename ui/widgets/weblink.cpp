#include "widgets/weblink.h"

#include "theme/plaintip.h"

#include <QDesktopServices>

namespace gatehouse::ui {

WebLink::WebLink(const QString &text, QWidget *parent)
    : LinkButton(parent)
{
    setText(text);
    hide();
    connect(this, &QPushButton::clicked, this, [this] { QDesktopServices::openUrl(m_url); });
}

void WebLink::setUrl(const QUrl &url)
{
    m_url = url;
    const QString address = url.toString();
    setToolTip(plainTip(address));
    setAccessibleDescription(address);
    setVisible(!url.isEmpty());
}

} // namespace gatehouse::ui
