#include "widgets/table/tablefiltermodel.h"

#include "widgets/format.h"
#include "widgets/naturalorder.h"
#include "widgets/table/tablemodelbase.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Comparison = domain::FilterTerm::Comparison;

bool compares(double value, Comparison comparison, double limit)
{
    switch (comparison) {
    case Comparison::Is:
        return std::abs(value - limit) < 1e-9 * std::max(1.0, std::abs(limit));
    case Comparison::Less:
        return value < limit;
    case Comparison::LessOrEqual:
        return value <= limit;
    case Comparison::Greater:
        return value > limit;
    case Comparison::GreaterOrEqual:
        return value >= limit;
    }
    return false;
}

// The value of a cell as a number that a term can be compared with; absent: it has none.
std::optional<double> numberOf(const QVariant &value, ColumnKind kind)
{
    bool valid = false;
    const double number = value.toDouble(&valid);
    if (!valid)
        return std::nullopt;
    if (kind != ColumnKind::Moment)
        return number;
    return std::abs(number - static_cast<double>(QDateTime::currentMSecsSinceEpoch()));
}

bool isNumber(const QVariant &value)
{
    switch (value.typeId()) {
    case QMetaType::Int:
    case QMetaType::LongLong:
    case QMetaType::Double:
    case QMetaType::Bool:
        return true;
    default:
        return false;
    }
}

} // namespace

TableFilterModel::TableFilterModel(QObject *parent)
    : QSortFilterProxyModel(parent)
    , m_collator(naturalOrder())
{
    setDynamicSortFilter(true);
}

void TableFilterModel::setSortKeys(const QList<SortKey> &keys)
{
    if (m_sortKeys == keys)
        return;
    m_sortKeys = keys;
    m_collator = naturalOrder();
    const int column = keys.isEmpty() ? -1 : keys.front().column;
    if (column == sortColumn())
        invalidate();
    else
        QSortFilterProxyModel::sort(column, Qt::AscendingOrder);
    emit sortKeysChanged();
}

void TableFilterModel::sort(int column, Qt::SortOrder order)
{
    setSortKeys(column < 0 ? QList<SortKey>{} : QList<SortKey>{{column, order}});
}

void TableFilterModel::setQuery(const domain::FilterQuery &query)
{
    if (m_query == query)
        return;
    m_query = query;
    invalidateFilter();
}

void TableFilterModel::addKey(const QString &key, Predicate matches)
{
    m_keys.append({key, std::move(matches)});
}

QStringList TableFilterModel::keys() const
{
    QStringList keys;
    if (const TableModelBase *model = tableModelOf(sourceModel())) {
        for (int column = 0; column < model->columnCount(); ++column) {
            if (model->traits(column).filterable)
                keys.append(model->traits(column).key);
        }
    }
    for (const auto &[key, matches] : m_keys)
        keys.append(key);
    return keys;
}

QString TableFilterModel::problem(const domain::FilterTerm &term) const
{
    if (term.key.isEmpty())
        return {};
    if (term.value.isEmpty())
        return tr("A value is missing after “%1:”.").arg(term.key);
    const TableModelBase *model = tableModelOf(sourceModel());
    const int column = model ? model->columnOf(term.key) : -1;
    const bool compared = term.comparison != Comparison::Is;
    if (column < 0 || !compared)
        return keys().contains(term.key) ? QString() : tr("There is no “%1”.").arg(term.key);
    if (model->traits(column).kind == ColumnKind::Text)
        return tr("“%1” cannot be compared by size.").arg(term.key);
    if (!domain::filterNumber(term.value))
        return tr("“%1” is not a number.").arg(term.value);
    return {};
}

QStringList TableFilterModel::values(const QString &key) const
{
    constexpr int most = 200;
    const TableModelBase *model = tableModelOf(sourceModel());
    const int column = model ? model->columnOf(key) : -1;
    QStringList values;
    if (column < 0)
        return values;
    const ColumnTraits &traits = model->traits(column);
    if (traits.kind != ColumnKind::Text && !traits.named)
        return values;
    for (int row = 0; row < model->rowCount() && values.size() < most; ++row) {
        const QStringList words = model->index(row, column).data(role::words).toStringList();
        for (const QString &word : words) {
            if (!word.isEmpty() && word != Format::absent() && !values.contains(word))
                values.append(word);
        }
    }
    std::sort(values.begin(), values.end(), m_collator);
    return values;
}

bool TableFilterModel::filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const
{
    Q_UNUSED(sourceParent)
    return std::all_of(m_query.terms.begin(), m_query.terms.end(), [&](const auto &term) {
        return matches(sourceRow, term) != term.excluded;
    });
}

bool TableFilterModel::matches(int sourceRow, const domain::FilterTerm &term) const
{
    if (term.key.isEmpty())
        return term.value.isEmpty() ? !term.excluded : matchesAnywhere(sourceRow, term);
    for (const auto &[key, predicate] : m_keys) {
        if (key == term.key)
            return predicate ? predicate(sourceModel()->index(sourceRow, 0), term) : !term.excluded;
    }
    const TableModelBase *model = tableModelOf(sourceModel());
    const int column = model ? model->columnOf(term.key) : -1;
    return column >= 0 && matchesColumn(sourceRow, column, term);
}

bool TableFilterModel::matchesAnywhere(int sourceRow, const domain::FilterTerm &term) const
{
    const TableModelBase *model = tableModelOf(sourceModel());
    for (int column = 0; column < sourceModel()->columnCount(); ++column) {
        if (model && !model->traits(column).searched)
            continue;
        const QStringList words =
            sourceModel()->index(sourceRow, column).data(role::words).toStringList();
        for (const QString &word : words) {
            if (domain::matchesPattern(word, term.value))
                return true;
        }
    }
    return false;
}

bool TableFilterModel::matchesColumn(int sourceRow,
                                     int column,
                                     const domain::FilterTerm &term) const
{
    const QModelIndex index = sourceModel()->index(sourceRow, column);
    const ColumnKind kind = tableModelOf(sourceModel())->traits(column).kind;
    const std::optional<double> limit = domain::filterNumber(term.value);
    if (kind == ColumnKind::Number || term.comparison != Comparison::Is) {
        if (limit) {
            const std::optional<double> number = numberOf(index.data(role::sort), kind);
            return number && compares(*number, term.comparison, *limit);
        }
        if (term.comparison != Comparison::Is)
            return false;
    }
    const QStringList words = index.data(role::words).toStringList();
    for (const QString &wanted : domain::alternatives(term)) {
        for (const QString &word : words) {
            if (domain::matchesPattern(word, wanted, term.whole))
                return true;
        }
    }
    return false;
}

bool TableFilterModel::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    for (const SortKey &key : m_sortKeys) {
        const QVariant one = left.siblingAtColumn(key.column).data(role::sort);
        const QVariant other = right.siblingAtColumn(key.column).data(role::sort);
        if (!one.isValid() || !other.isValid()) {
            if (one.isValid() == other.isValid())
                continue;
            return one.isValid();
        }
        int order = 0;
        if (isNumber(one) && isNumber(other)) {
            const QPartialOrdering found = QVariant::compare(one, other);
            order = found == QPartialOrdering::Less      ? -1
                    : found == QPartialOrdering::Greater ? 1
                                                         : 0;
        } else {
            order = m_collator.compare(one.toString(), other.toString());
        }
        if (order != 0)
            return key.order == Qt::AscendingOrder ? order < 0 : order > 0;
    }
    return left.row() < right.row();
}

} // namespace gatehouse::ui
