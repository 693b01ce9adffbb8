#pragma once

#include "preferences/settingsstore.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QPushButton;

namespace gatehouse::ui {

class SecondaryLabel;

// What waits for a restart of the listener, with the ways on: to do it or to forget it. Hidden while
// nothing waits.
class RestartBar : public QWidget
{
    Q_OBJECT

public:
    RestartBar(const Services &services, SettingsStore &store, QWidget *parent);

signals:
    void applyRequested();
    void discardRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void refresh();
    void setTexts();
    QString graceText(int inFlight) const;

    const Services m_services;
    SettingsStore &m_store;
    QTimer m_timer; // counts the requests in flight
    QLabel *m_icon;
    SecondaryLabel *m_text;
    SecondaryLabel *m_note;
    QPushButton *m_discard;
    QPushButton *m_apply;
};

} // namespace gatehouse::ui
