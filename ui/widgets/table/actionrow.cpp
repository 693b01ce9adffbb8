#include "widgets/table/actionrow.h"

#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/buttons.h"

#include <QAction>
#include <QEvent>
#include <QMenu>
#include <QPushButton>
#include <QStyle>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

ActionRow::ActionRow(QWidget *parent)
    : QWidget(parent)
    , m_more(makeToolButton(u"ellipsis"_s, tr("More"), this))
    , m_menu(new QMenu(this))
{
    m_more->setObjectName(u"moreActions"_s);
    m_more->setMinimumSize(Theme::px(28), Theme::px(22));
    m_more->setMenu(m_menu);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_more->hide();
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
    connect(m_menu, &QMenu::aboutToShow, this, [this] {
        m_menu->clear();
        m_menu->addActions(m_hidden);
    });
}

void ActionRow::addRowAction(QAction *action)
{
    m_entries.push_back({.action = action, .button = makeFlatButton(action, this)});
    setTabOrder(m_entries.back().button, m_more);
    // After the button has followed its action, which shows it.
    connect(action, &QAction::changed, this, [this] {
        updateGeometry();
        arrange();
    });
    updateGeometry();
    arrange();
}

int ActionRow::spacing() const
{
    return Theme::px(4);
}

QSize ActionRow::sizeHint() const
{
    int width = 0;
    int height = m_more->sizeHint().height();
    for (const Entry &entry : m_entries) {
        if (!entry.action->isVisible())
            continue;
        const QSize size = entry.button->sizeHint();
        width += size.width() + (width > 0 ? spacing() : 0);
        height = std::max(height, size.height());
    }
    return {width, height};
}

QSize ActionRow::minimumSizeHint() const
{
    return {std::min(m_more->sizeHint().width(), sizeHint().width()), sizeHint().height()};
}

void ActionRow::arrange()
{
    m_hidden.clear();
    const bool fits = sizeHint().width() <= width();
    const int room = fits ? width() : width() - m_more->sizeHint().width() - spacing();
    int left = 0;
    bool isFull = false;
    for (const Entry &entry : m_entries) {
        if (!entry.action->isVisible())
            continue;
        const QSize size = entry.button->sizeHint();
        isFull = isFull || left + size.width() > room;
        entry.button->setVisible(!isFull);
        if (isFull) {
            m_hidden.append(entry.action);
            continue;
        }
        const QRect place(left, (height() - size.height()) / 2, size.width(), size.height());
        entry.button->setGeometry(QStyle::visualRect(layoutDirection(), rect(), place));
        left += size.width() + spacing();
    }
    m_more->setVisible(!m_hidden.isEmpty());
    const QSize size = m_more->sizeHint();
    const QRect place(left, (height() - size.height()) / 2, size.width(), size.height());
    m_more->setGeometry(QStyle::visualRect(layoutDirection(), rect(), place));
}

void ActionRow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void ActionRow::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange) {
        m_more->setAccessibleName(tr("More"));
        m_more->setToolTip(plainTip(tr("More")));
    }
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        updateGeometry();
}

bool ActionRow::event(QEvent *event)
{
    // A button's text was changed, and with it what it takes.
    if (event->type() == QEvent::LayoutRequest) {
        updateGeometry();
        arrange();
    }
    return QWidget::event(event);
}

} // namespace gatehouse::ui
