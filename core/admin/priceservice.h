#pragma once

#include "admin/foundation.h"
#include "admin/ratios.h"

#include <QObject>

#include <vector>

namespace gatehouse::admin {

// The prices. Lives in the main thread.
class PriceService : public QObject
{
    Q_OBJECT

public:
    explicit PriceService(const Foundation &foundation, QObject *parent = nullptr);

    // Those that a person edited.
    Answer<std::vector<domain::ModelPrice>> edited();
    // Refuses negative prices.
    Answer<> save(domain::ModelPrice price);
    // Back to the built-in price, if there is one.
    Answer<> remove(const QByteArray &model, std::optional<domain::ChannelId> channel);

    // The edited prices, and those in force of the models that channels name.
    Answer<std::vector<NamedPrice>> named();
    // Makes the view be as given: what differs from it is edited. Models that are missing get back
    // their built-in price (of RatioKind::Model and ::Call) or stay as they are.
    Answer<> setRatios(RatioKind kind, Ratios ratios);

private:
    const Foundation m_base;
};

base::Result<> validate(const domain::ModelPrice &price);

} // namespace gatehouse::admin
