#include "desktop/keepawake.h"

#include "preferences/windowsettings.h"
#include "widgets/uistate.h"

#include <chrono>

namespace gatehouse::app {

KeepAwake::KeepAwake(const ui::UiState &state,
                     std::function<qint64()> running,
                     std::function<void(bool)> hold,
                     QObject *parent)
    : QObject(parent)
    , m_state(state)
    , m_running(std::move(running))
    , m_hold(std::move(hold))
{
    constexpr std::chrono::seconds interval(5); // systems wait for minutes
    m_timer.setInterval(interval);
    connect(&m_timer, &QTimer::timeout, this, &KeepAwake::look);
    connect(&m_state, &ui::UiState::changed, this, [this](const QString &key) {
        if (key == ui::windowkey::keepAwake)
            applySetting();
    });
    applySetting();
}

void KeepAwake::applySetting()
{
    if (m_state.value(ui::windowkey::keepAwake).toBool())
        m_timer.start();
    else
        m_timer.stop();
    look();
}

void KeepAwake::look()
{
    m_hold(m_timer.isActive() && m_running() > 0);
}

} // namespace gatehouse::app
