#pragma once

#include "widgets/messagebar.h"
#include "widgets/services.h"

#include <functional>

namespace gatehouse::admin {
struct GatewayProblem;
} // namespace gatehouse::admin

namespace gatehouse::ui {

// Says why the gateway could not start, for as long as it stands still for that, and offers a way out:
// another port, or another attempt. Says too which address it listens on that is gone.
class GatewayProblemBar : public MessageBar
{
    Q_OBJECT

public:
    explicit GatewayProblemBar(const Services &services, QWidget *parent = nullptr);

    // True: something else tells it at the moment, and this says nothing.
    void setQuiet(bool quiet);
    // Where a person chooses what the gateway listens on; without it that is not offered.
    void setChoice(std::function<void()> choose);

private:
    void refresh();
    void showLost();
    void showLostPorts();
    void usePort(quint16 port);

    const Services m_services;
    QStringList m_dismissed{};      // lost addresses that the person knows of
    QStringList m_dismissedPorts{}; // likewise, lost ports
    std::function<void()> m_choose{};
    bool m_quiet = false;
};

// Whether another port or address is a way out of the problem.
bool isForAnotherAddress(const admin::GatewayProblem &problem);

} // namespace gatehouse::ui
