#include "widgets/page.h"

#include "theme/icons.h"
#include "widgets/actiontips.h"

#include <QAction>

#include <utility>

namespace gatehouse::ui {

Page::Page(PageId id, const Services &services, QWidget *parent)
    : QWidget(parent)
    , m_id(id)
    , m_services(services)
    , m_texts(new Translated(this))
{}

void Page::setActive(bool active)
{
    if (std::exchange(m_active, active) == active)
        return;
    if (active)
        activated();
    else
        deactivated();
}

QAction *Page::addPageAction(const ActionDescription &description, std::function<void()> run)
{
    auto *action = new QAction(this);
    action->setObjectName(QString::fromLatin1(description.name));
    if (!description.icon.isEmpty())
        action->setIcon(icon(description.icon));
    action->setShortcut(description.shortcut);
    action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_texts->add([action, text = description.text] {
        action->setText(text());
        action->setStatusTip(actionTip(action->objectName()));
    });
    connect(action, &QAction::triggered, this, std::move(run));
    addAction(action);
    m_actions.append(action);
    return action;
}

void Page::addSeparatorAction()
{
    auto *separator = new QAction(this);
    separator->setSeparator(true);
    m_actions.append(separator);
}

void Page::setJob(const QString &text)
{
    if (std::exchange(m_job, text) != text)
        emit jobChanged();
}

} // namespace gatehouse::ui
