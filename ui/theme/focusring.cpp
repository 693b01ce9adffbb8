#include "theme/focusring.h"

#include <QAbstractButton>
#include <QApplication>

namespace gatehouse::ui {

FocusRing::FocusRing(QObject *parent)
    : QObject(parent)
{
    connect(
        qApp, &QApplication::focusChanged, this, [this](QWidget *, QWidget *now) { follow(now); });
}

FocusRing::~FocusRing()
{
    delete m_frame;
}

void FocusRing::follow(QWidget *focused)
{
    const bool byMouse = QGuiApplication::mouseButtons() != Qt::NoButton;
    if (!qobject_cast<QAbstractButton *>(focused) || byMouse) {
        if (m_frame)
            m_frame->setWidget(nullptr);
        return;
    }
    if (!m_frame)
        m_frame = new QFocusFrame;
    m_frame->setWidget(focused);
}

} // namespace gatehouse::ui
