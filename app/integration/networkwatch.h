#pragma once

#include <QObject>
#include <QTimer>

#include <memory>

namespace gatehouse::app {

// Tells when this machine's addresses change, and when it has slept. Lives in the main thread; says
// nothing where the system does not offer it.
class NetworkWatch final : public QObject
{
    Q_OBJECT

public:
    explicit NetworkWatch(QObject *parent = nullptr);
    ~NetworkWatch() override;

signals:
    // Once for a burst of changes.
    void addressesChanged();
    void goingToSleep();
    void wokenUp();

private:
    class Source;

    void noteChange() { m_settle.start(); }

    QTimer m_settle;
    std::unique_ptr<Source> m_source;
    bool m_sleeps = false;

private slots:
    void noteSleep(bool begins); // logind's PrepareForSleep
};

} // namespace gatehouse::app
