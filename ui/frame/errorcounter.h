#pragma once

#include "widgets/services.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace gatehouse::ui {

// Counts the errors of the last day that came since the person last looked at Traffic.
class ErrorCounter : public QObject
{
    Q_OBJECT

public:
    ErrorCounter(const Services &services, QObject *parent);

    // Traffic is being looked at, or no longer.
    void setLooking(bool looking);
    // Counts anew, but not more often than every few seconds.
    void refresh();

signals:
    void changed(int errors);

private:
    void count();
    void noteLook();

    const Services m_services;
    QElapsedTimer m_sinceCount{};
    QTimer m_later{}; // what came too early is counted then
    bool m_looking = false;
    bool m_counting = false;
    int m_errors = 0;
};

} // namespace gatehouse::ui
