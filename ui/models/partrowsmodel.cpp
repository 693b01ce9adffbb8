#include "models/partrowsmodel.h"

#include <QLocale>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using base::Result;

namespace {

// So short that all stand side by side in the dialog; the tool tip says the whole.
QString headingOf(PricePart part)
{
    if (part == PricePart::CacheWrite)
        return PartRowsModel::tr("Write, 5 min");
    if (part == PricePart::CacheWriteLong)
        return PartRowsModel::tr("Write, 1 h");
    return PriceParts::title(part);
}

std::vector<ColumnTraits> withParts(std::vector<ColumnTraits> columns)
{
    for (const PricePart part : PriceParts::all) {
        columns.push_back({.key = u"part%1"_s.arg(static_cast<int>(part)),
                           .title = [part] { return headingOf(part); },
                           .kind = ColumnKind::Number,
                           .width = 64,
                           .explanation =
                               [part] {
                                   return PartRowsModel::tr("%1, for a million tokens")
                                       .arg(PriceParts::title(part));
                               },
                           .sortable = false});
    }
    return columns;
}

} // namespace

PartRowsModel::PartRowsModel(std::vector<ColumnTraits> conditions, QObject *parent)
    : TableModelBase(withParts(conditions), parent)
    , m_conditions(qsizetype(conditions.size()))
{}

ColumnTraits PartRowsModel::aboveColumn()
{
    return {.key = u"above"_s,
            .title = [] { return tr("Input above"); },
            .kind = ColumnKind::Number,
            .width = 84,
            .explanation = [] { return tr("Tokens of input, such as 200,000 or 200k"); },
            .sortable = false};
}

void PartRowsModel::setRows(const QList<QStringList> &rows)
{
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

QList<QStringList> PartRowsModel::writtenRows() const
{
    QList<QStringList> rows;
    for (const QStringList &row : m_rows) {
        if (!row.join(QString()).isEmpty())
            rows.append(row);
    }
    return rows;
}

QStringList PartRowsModel::textsOf(const domain::TokenPrices &tokens)
{
    QStringList texts;
    for (const PricePart part : PriceParts::all) {
        const auto price = PriceParts::of(tokens, part);
        texts.append(price ? PriceParts::typed(*price) : QString());
    }
    return texts;
}

Result<domain::TokenPrices> PartRowsModel::tokensIn(const QStringList &row,
                                                    const QString &place) const
{
    domain::ModelPrice price{.currency = m_currency};
    for (const PricePart part : PriceParts::all) {
        Result<domain::ModelPrice> read =
            PriceParts::with(price, part, row.at(m_conditions + qsizetype(part)));
        if (!read) {
            return base::fail(problem(
                tr("%1, %2: %3")
                    .arg(place, PriceParts::title(part), read.error().message.translated())));
        }
        price = std::move(*read);
    }
    return price.tokens;
}

std::optional<qint64> PartRowsModel::countFrom(const QString &typed)
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

base::Error PartRowsModel::problem(const QString &text)
{
    return {base::ErrorCode::InvalidInput, base::Message::verbatim(text), {}};
}

int PartRowsModel::append()
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_rows.append(QStringList(columnCount()));
    endInsertRows();
    return row;
}

int PartRowsModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

QVariant PartRowsModel::data(const QModelIndex &index, int role) const
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

bool PartRowsModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (!holds(index) || role != Qt::EditRole)
        return false;
    m_rows[index.row()][index.column()] = value.toString().trimmed();
    emit dataChanged(index, index);
    return true;
}

Qt::ItemFlags PartRowsModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags base = TableModelBase::flags(index);
    return index.isValid() ? base | Qt::ItemIsEditable : base;
}

bool PartRowsModel::removeRows(int row, int count, const QModelIndex &parent)
{
    if (parent.isValid() || row < 0 || count < 1 || row + count > rowCount())
        return false;
    beginRemoveRows({}, row, row + count - 1);
    m_rows.remove(row, count);
    endRemoveRows();
    return true;
}

} // namespace gatehouse::ui
