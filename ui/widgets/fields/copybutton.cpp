#include "widgets/fields/copybutton.h"

#include "theme/icons.h"
#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/clipboard.h"

namespace gatehouse::ui {

namespace {

constexpr int tickTime = 1500; // milliseconds

} // namespace

CopyButton::CopyButton(const QString &name, QWidget *parent)
    : QToolButton(parent)
{
    setAutoRaise(true);
    setFocusPolicy(Qt::TabFocus);
    setIcon(ui::icon(u"copy"));
    setIconSize({Theme::px(controlIcon), Theme::px(controlIcon)});
    setMinimumSize(Theme::px(24), Theme::px(24));
    setName(name);
    m_tick.setSingleShot(true);
    m_tick.setInterval(tickTime);
    connect(&m_tick, &QTimer::timeout, this, [this] { setIcon(ui::icon(u"copy")); });
    connect(this, &QToolButton::clicked, this, &CopyButton::copy);
}

void CopyButton::setName(const QString &name)
{
    setAccessibleName(name);
    setToolTip(plainTip(name));
}

void CopyButton::setCopiedText(const QString &text)
{
    m_text = text;
}

void CopyButton::setSecret(std::function<base::Secret()> secret)
{
    m_secret = std::move(secret);
}

void CopyButton::copy()
{
    if (m_secret)
        copySecret(m_secret());
    else
        copyText(m_text);
    setIcon(ui::icon(u"circle-check", IconColor::Good));
    m_tick.start();
    emit copied();
}

} // namespace gatehouse::ui
