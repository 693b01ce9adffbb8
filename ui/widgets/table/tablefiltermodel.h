#pragma once

#include "domain/filterquery.h"

#include <QCollator>
#include <QSortFilterProxyModel>

#include <functional>

namespace gatehouse::ui {

// One of the columns a table is sorted by.
struct SortKey
{
    int column = 0;
    Qt::SortOrder order = Qt::AscendingOrder;

    bool operator==(const SortKey &) const = default;
};

// Filters and sorts a TableModel: by several columns, by role::sort, names as people order them
// ("item 9" before "item 10"); what has no value comes last in both directions.
class TableFilterModel : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    // Decides a term of a key that is no column's.
    using Predicate = std::function<bool(const QModelIndex &sourceRow, const domain::FilterTerm &)>;

    explicit TableFilterModel(QObject *parent = nullptr);

    void setSortKeys(const QList<SortKey> &keys);
    const QList<SortKey> &sortKeys() const { return m_sortKeys; }
    void sort(int column, Qt::SortOrder order = Qt::AscendingOrder) override;

    void setQuery(const domain::FilterQuery &query);
    const domain::FilterQuery &query() const { return m_query; }
    // Adds a key; Predicate may be empty for one that the page itself handles, such as `since`.
    void addKey(const QString &key, Predicate matches);
    // Every key that a term may have, in the order of the columns.
    QStringList keys() const;
    // Why a term cannot be used, as a sentence; empty: it can.
    QString problem(const domain::FilterTerm &term) const;
    // What stands in the column of that key, without doubles: for the completer.
    QStringList values(const QString &key) const;

signals:
    void sortKeysChanged();

protected:
    bool filterAcceptsRow(int sourceRow, const QModelIndex &sourceParent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    bool matches(int sourceRow, const domain::FilterTerm &term) const;
    bool matchesAnywhere(int sourceRow, const domain::FilterTerm &term) const;
    bool matchesColumn(int sourceRow, int column, const domain::FilterTerm &term) const;

    QCollator m_collator;
    QList<SortKey> m_sortKeys{};
    domain::FilterQuery m_query{};
    QList<QPair<QString, Predicate>> m_keys{};
};

} // namespace gatehouse::ui
