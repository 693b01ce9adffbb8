#include "widgets/translated.h"

#include <QEvent>
#include <QWidget>

namespace gatehouse::ui {

Translated::Translated(QWidget *widget)
    : QObject(widget)
{
    widget->installEventFilter(this);
}

void Translated::add(std::function<void()> setTexts)
{
    setTexts();
    m_texts.push_back(std::move(setTexts));
}

bool Translated::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::LanguageChange) {
        for (const std::function<void()> &setTexts : m_texts)
            setTexts();
    }
    return QObject::eventFilter(watched, event);
}

} // namespace gatehouse::ui
