#pragma once

#include "widgets/buttons.h"

#include <QUrl>

namespace gatehouse::ui {

// A link to a page of the web, opened in the person's browser; its tool tip is the address. Without
// an address it is hidden.
class WebLink : public LinkButton
{
    Q_OBJECT

public:
    explicit WebLink(const QString &text, QWidget *parent = nullptr);

    void setUrl(const QUrl &url);
    const QUrl &url() const { return m_url; }

private:
    QUrl m_url{};
};

} // namespace gatehouse::ui
