#pragma once

#include "admin/gateway/gatewaycontrol.h"
#include "widgets/dialogs/questiondialog.h"

namespace gatehouse::ui {

// Asks what becomes of running requests when the gateway is to stop: they end first, or are cut. Ends
// by doing what was chosen.
class StopQuestion : public QuestionDialog
{
    Q_OBJECT

public:
    StopQuestion(admin::GatewayControl &gateway, qint64 inFlight, QWidget *parent = nullptr);
};

} // namespace gatehouse::ui
