#pragma once

#include <QFocusFrame>
#include <QObject>
#include <QPointer>

namespace gatehouse::ui {

// Lays the focus ring around the button or check box that was reached by the keyboard. Owned by the
// style, for the whole application.
class FocusRing : public QObject
{
    Q_OBJECT

public:
    explicit FocusRing(QObject *parent);
    ~FocusRing() override;

private:
    void follow(QWidget *focused);

    QPointer<QFocusFrame> m_frame{}; // a child of whatever window holds the focus
};

} // namespace gatehouse::ui
