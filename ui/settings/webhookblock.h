#pragma once

#include "settings/receiverblock.h"

namespace gatehouse::ui {

// The secret by which the receiver of events knows that they come from here, and a try.
class WebhookBlock : public ReceiverBlock
{
    Q_OBJECT

public:
    WebhookBlock(const Services &services, QWidget *parent);

private:
    Words words(bool isSet) const override;
    QString address() const override;
    void send(const QString &place) override;
    LiveText storedText() const override;
};

} // namespace gatehouse::ui
