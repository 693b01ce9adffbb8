#pragma once

#include "widgets/table/tablemodelbase.h"

#include <QPair>

namespace gatehouse::ui {

// The rows of a PairTable, which can be edited in place.
class PairModel : public TableModelBase
{
    Q_OBJECT

public:
    using Pairs = QList<QPair<QString, QString>>;

    explicit PairModel(QObject *parent = nullptr);

    void setTitles(const QString &left, const QString &right);
    const Pairs &pairs() const { return m_pairs; }
    // `hidden`: the rows whose right side is not shown until another one is entered.
    void setPairs(const Pairs &pairs, const QList<bool> &hidden = {});
    bool isHidden(int row) const { return m_hidden.at(row); }
    bool hidesAny() const { return m_hidden.contains(true); }
    // Shows all of them.
    void reveal();
    // The right side as it may be shown.
    QString shown(int row) const;
    // Gives the row of the new, empty pair.
    int append();

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool removeRows(int row, int count, const QModelIndex &parent = {}) override;

    // In place of what is hidden.
    static const QString mask;

private:
    Pairs m_pairs{};
    QList<bool> m_hidden{}; // of each row
};

} // namespace gatehouse::ui
