#pragma once

#include "settings/receiverblock.h"

namespace gatehouse::ui {

// The headers that the receiver of traces asks for, which may hold a key, and a try.
class OtlpBlock : public ReceiverBlock
{
    Q_OBJECT

public:
    OtlpBlock(const Services &services, QWidget *parent);

private:
    Words words(bool isSet) const override;
    QString address() const override;
    QString hindrance() const override;
    void send(const QString &place) override;
    LiveText storedText() const override;
};

} // namespace gatehouse::ui
