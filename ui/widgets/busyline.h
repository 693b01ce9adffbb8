#pragma once

#include <QBasicTimer>
#include <QWidget>

namespace gatehouse::ui {

// A thin line that runs along the top of what is being loaded. Appears only if it takes a moment;
// stands still where the system wants little motion.
class BusyLine : public QWidget
{
    Q_OBJECT

public:
    explicit BusyLine(QWidget *parent = nullptr);

    void setBusy(bool busy);
    bool isBusy() const { return m_busy; }

    QSize sizeHint() const override;

protected:
    void timerEvent(QTimerEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    QBasicTimer m_delay{};
    QBasicTimer m_motion{};
    int m_phase = 0;
    bool m_busy = false;
};

} // namespace gatehouse::ui
