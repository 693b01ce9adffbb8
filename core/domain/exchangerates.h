#pragma once

#include "base/result.h"
#include "domain/accountbalance.h"
#include "domain/modelprice.h"

#include <QMap>

#include <optional>

namespace gatehouse::domain {

// Whether it has the form of an ISO 4217 code: three capital letters.
bool isCurrency(QByteArrayView code);

// How many units of other currencies are one US dollar. Exact: no price goes through a double.
class ExchangeRates
{
public:
    // "CNY 7.1 EUR 0.92": a code and a number above 0 with at most six decimals, in any number.
    static base::Result<ExchangeRates> from(const QString &text);

    // An empty one is the dollar, which is always known.
    bool knows(const QByteArray &currency) const;
    // Rounded up to whole picodollars; nothing: the currency is not known.
    std::optional<UnitPrice> inDollars(UnitPrice price, const QByteArray &currency) const;
    std::optional<ModelPrice> inDollars(const ModelPrice &price) const;
    // For comparing, not for the books. Nothing: the currency is not known, or it is none.
    std::optional<double> inDollars(const AccountBalance &balance) const;

private:
    QMap<QByteArray, qint64> m_millionths{}; // units of a currency for a dollar, times a million
};

} // namespace gatehouse::domain
