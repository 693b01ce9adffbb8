#pragma once

#include "base/result.h"
#include "domain/modelprice.h"

#include <QCoreApplication>

#include <array>

namespace gatehouse::ui {

// The prices of tokens that a person can set.
enum class PricePart {
    Input,
    Output,
    CacheRead,
    CacheWrite,
    CacheWriteLong,
    Reasoning,
    InputAudio,
    OutputAudio,
};

// Prices as they are typed and read: for a million, or each.
class PriceParts
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::PriceParts)

public:
    static constexpr std::array all{PricePart::Input,
                                    PricePart::Output,
                                    PricePart::CacheRead,
                                    PricePart::CacheWrite,
                                    PricePart::CacheWriteLong,
                                    PricePart::Reasoning,
                                    PricePart::InputAudio,
                                    PricePart::OutputAudio};

    // Nothing is charged for the others but the plain input or output.
    static bool isObligatory(PricePart part)
    {
        return part == PricePart::Input || part == PricePart::Output;
    }
    static QString title(PricePart part);
    // Absent: charged as the plain input or output is.
    static std::optional<domain::UnitPrice> of(const domain::TokenPrices &tokens, PricePart part);
    // Of an obligatory part, absent is free.
    static void
    set(domain::TokenPrices &tokens, PricePart part, std::optional<domain::UnitPrice> price);

    // In the currency of the price, as a person types them. Nothing typed is absent; InvalidInput: it is no amount, is
    // negative, absurd, or so little that it would be free.
    static QString typed(domain::UnitPrice price);
    static QString typedEach(domain::UnitPrice price);
    static base::Result<std::optional<domain::UnitPrice>> read(const QString &typed,
                                                               const QByteArray &currency);
    static base::Result<std::optional<domain::UnitPrice>> readEach(const QString &typed,
                                                                   const QByteArray &currency);
    // `price` with that part as typed. InvalidInput also where an obligatory one is missing.
    static base::Result<domain::ModelPrice>
    with(domain::ModelPrice price, PricePart part, const QString &typed);
};

} // namespace gatehouse::ui
