#include "models/tiermodel.h"

#include <QLocale>

namespace gatehouse::ui {

using base::Result;
using domain::PriceTier;

TierModel::TierModel(QObject *parent)
    : PartRowsModel({aboveColumn()}, parent)
{}

void TierModel::setTiers(const std::vector<PriceTier> &tiers)
{
    QList<QStringList> rows;
    for (const PriceTier &tier : tiers) {
        QStringList row{QLocale().toString(tier.aboveInputTokens)};
        row.append(textsOf(tier.tokens));
        rows.append(row);
    }
    setRows(rows);
}

Result<PriceTier> TierModel::tierFrom(const QStringList &row) const
{
    const std::optional<qint64> above = countFrom(row.front());
    if (!above) {
        return base::fail(problem(
            tr("A tier needs the tokens of input above which it applies, such as 200,000.")));
    }
    const QString place = tr("Above %1 tokens").arg(QLocale().toString(*above));
    return tokensIn(row, place).map([above](const domain::TokenPrices &tokens) {
        return PriceTier{.aboveInputTokens = *above, .tokens = tokens};
    });
}

Result<std::vector<PriceTier>> TierModel::tiers() const
{
    std::vector<PriceTier> tiers;
    for (const QStringList &row : writtenRows()) {
        const Result<PriceTier> tier = tierFrom(row);
        if (!tier)
            return base::fail(tier.error());
        tiers.push_back(*tier);
    }
    std::sort(tiers.begin(), tiers.end(), [](const PriceTier &left, const PriceTier &right) {
        return left.aboveInputTokens < right.aboveInputTokens;
    });
    const auto twice = std::adjacent_find(
        tiers.begin(), tiers.end(), [](const PriceTier &left, const PriceTier &right) {
            return left.aboveInputTokens == right.aboveInputTokens;
        });
    if (twice != tiers.end()) {
        return base::fail(problem(tr("Two tiers begin above %1 tokens.")
                                      .arg(QLocale().toString(twice->aboveInputTokens))));
    }
    return tiers;
}

} // namespace gatehouse::ui
