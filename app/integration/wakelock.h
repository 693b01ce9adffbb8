#pragma once

#include <QObject>

#include <memory>

namespace gatehouse::app {

// Keeps the computer from going to sleep by itself, for as long as it is held. Lives in the main thread,
// which waits for nothing.
class WakeLock final : public QObject
{
    Q_OBJECT

public:
    explicit WakeLock(QObject *parent = nullptr);
    ~WakeLock() override;

    // False: this system has no means for it that is known here, and setHeld() does nothing.
    static bool isOffered();

    void setHeld(bool held);
    bool isHeld() const { return m_isHeld; }

private:
    class Grip;

    std::unique_ptr<Grip> m_grip; // what the system was asked for; null: nothing
    bool m_isHeld = false;
};

} // namespace gatehouse::app
