#pragma once

#include <QObject>
#include <QTimer>

#include <functional>

namespace gatehouse::ui {
class UiState;
} // namespace gatehouse::ui

namespace gatehouse::app {

// Holds the computer awake while requests run, if the person wants that. Lives in the main thread.
class KeepAwake final : public QObject
{
    Q_OBJECT

public:
    // `running` tells how many requests there are, `hold` keeps the computer awake or lets it go.
    KeepAwake(const ui::UiState &state,
              std::function<qint64()> running,
              std::function<void(bool)> hold,
              QObject *parent = nullptr);

    // By a timer of its own while the setting is on.
    void look();

private:
    void applySetting();

    const ui::UiState &m_state;
    const std::function<qint64()> m_running;
    const std::function<void(bool)> m_hold;
    QTimer m_timer;
};

} // namespace gatehouse::app
