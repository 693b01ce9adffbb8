#include "models/tiermodel.h"

#include "models/priceparts.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using base::Result;
using domain::PriceTier;

namespace {

constexpr qsizetype columnCountOfRow = 1 + qsizetype(PriceParts::all.size());

// So short that all stand side by side in the dialog; the tool tip says the whole.
QString headingOf(PricePart part)
{
    if (part == PricePart::CacheWrite)
        return TierModel::tr("Write, 5 min");
    if (part == PricePart::CacheWriteLong)
        return TierModel::tr("Write, 1 h");
    return PriceParts::title(part);
}

std::vector<ColumnTraits> columns()
{
    std::vector<ColumnTraits> columns;
    columns.push_back(
        {.key = u"above"_s,
         .title = [] { return TierModel::tr("Input above"); },
         .kind = ColumnKind::Number,
         .width = 84,
         .explanation = [] { return TierModel::tr("Tokens of input, such as 200,000 or 200k"); },
         .sortable = false});
    for (const PricePart part : PriceParts::all) {
        columns.push_back({.key = u"part%1"_s.arg(static_cast<int>(part)),
                           .title = [part] { return headingOf(part); },
                           .kind = ColumnKind::Number,
                           .width = 64,
                           .explanation =
                               [part] {
                                   return TierModel::tr("%1: dollars for a million tokens")
                                       .arg(PriceParts::title(part));
                               },
                           .sortable = false});
    }
    return columns;
}

// "200,000", "200k", "1 M". Nothing: it is no count of tokens.
std::optional<qint64> tokensFrom(const QString &typed)
{
    QString text = typed.simplified().remove(u' ').toLower();
    double factor = 1;
    if (text.endsWith(u'k') || text.endsWith(u'm')) {
        factor = text.endsWith(u'k') ? 1e3 : 1e6;
        text.chop(1);
    }
    bool valid = false;
    double count = QLocale().toDouble(text, &valid);
    if (!valid)
        count = QLocale::c().toDouble(text, &valid);
    constexpr double most = 1e9;
    count *= factor;
    if (!valid || !(count >= 1) || count > most)
        return std::nullopt;
    return qRound64(count);
}

} // namespace

TierModel::TierModel(QObject *parent)
    : TableModelBase(columns(), parent)
{}

void TierModel::setTiers(const std::vector<PriceTier> &tiers)
{
    beginResetModel();
    m_rows.clear();
    for (const PriceTier &tier : tiers) {
        QStringList row{QLocale().toString(tier.aboveInputTokens)};
        for (const PricePart part : PriceParts::all) {
            const auto price = PriceParts::of(tier.tokens, part);
            row.append(price ? PriceParts::typed(*price) : QString());
        }
        m_rows.append(row);
    }
    endResetModel();
}

Result<PriceTier> TierModel::tierFrom(const QStringList &row)
{
    const std::optional<qint64> above = tokensFrom(row.front());
    if (!above) {
        return base::fail(base::ErrorCode::InvalidInput,
                          base::Message::verbatim(
                              tr("A tier needs the tokens of input above which it applies, such as "
                                 "200,000.")));
    }
    domain::ModelPrice price;
    for (const PricePart part : PriceParts::all) {
        Result<domain::ModelPrice> read =
            PriceParts::with(price, part, row.at(1 + static_cast<int>(part)));
        if (!read) {
            return base::fail(base::ErrorCode::InvalidInput,
                              base::Message::verbatim(tr("Above %1 tokens, %2: %3")
                                                          .arg(QLocale().toString(*above),
                                                               PriceParts::title(part),
                                                               read.error().message.translated())));
        }
        price = std::move(*read);
    }
    return PriceTier{.aboveInputTokens = *above, .tokens = price.tokens};
}

Result<std::vector<PriceTier>> TierModel::tiers() const
{
    std::vector<PriceTier> tiers;
    for (const QStringList &row : m_rows) {
        if (row.join(QString()).isEmpty())
            continue;
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
        return base::fail(
            base::ErrorCode::InvalidInput,
            base::Message::verbatim(tr("Two tiers begin above %1 tokens.")
                                        .arg(QLocale().toString(twice->aboveInputTokens))));
    }
    return tiers;
}

int TierModel::append()
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_rows.append(QStringList(columnCountOfRow));
    endInsertRows();
    return row;
}

int TierModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant TierModel::data(const QModelIndex &index, int role) const
{
    if (!holds(index))
        return {};
    const QString text = m_rows.at(index.row()).at(index.column());
    switch (role) {
    case Qt::DisplayRole:
    case Qt::EditRole:
    case Qt::AccessibleTextRole:
    case role::sort:
        return text;
    case role::cell:
        return QVariant::fromValue(Cell::of(text));
    case Qt::TextAlignmentRole:
        return QVariant::fromValue(traits(index.column()).alignmentOrUsual());
    default:
        return {};
    }
}

bool TierModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!holds(index) || role != Qt::EditRole)
        return false;
    m_rows[index.row()][index.column()] = value.toString().trimmed();
    emit dataChanged(index, index);
    return true;
}

Qt::ItemFlags TierModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags base = TableModelBase::flags(index);
    return index.isValid() ? base | Qt::ItemIsEditable : base;
}

bool TierModel::removeRows(int row, int count, const QModelIndex &parent)
{
    if (parent.isValid() || row < 0 || count < 1 || row + count > rowCount())
        return false;
    beginRemoveRows({}, row, row + count - 1);
    m_rows.remove(row, count);
    endRemoveRows();
    return true;
}

} // namespace gatehouse::ui
