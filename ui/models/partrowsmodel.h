#pragma once

#include "base/result.h"
#include "models/priceparts.h"
#include "widgets/table/tablemodelbase.h"

namespace gatehouse::ui {

// Rows of texts that can be edited in place: some that say when prices of tokens apply, and then those
// prices.
class PartRowsModel : public TableModelBase
{
    Q_OBJECT

public:
    // That the prices are in; empty: dollars.
    void setCurrency(const QByteArray &currency) { m_currency = currency; }
    // Gives the number of the new, empty row.
    int append();

    int rowCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool removeRows(int row, int count, const QModelIndex &parent = {}) override;

protected:
    explicit PartRowsModel(std::vector<ColumnTraits> conditions, QObject *parent);

    void setRows(const QList<QStringList> &rows);
    // Those in which anything stands.
    QList<QStringList> writtenRows() const;
    static ColumnTraits aboveColumn();
    static QStringList textsOf(const domain::TokenPrices &tokens);
    // The prices of a row. InvalidInput: what makes no sense in them, behind `place`.
    base::Result<domain::TokenPrices> tokensIn(const QStringList &row, const QString &place) const;
    // "200,000", "200k", "1 M". Nothing: it is no count of tokens.
    static std::optional<qint64> countFrom(const QString &typed);
    static base::Error problem(const QString &text);

private:
    const qsizetype m_conditions;
    QByteArray m_currency{};
    QList<QStringList> m_rows{};
};

} // namespace gatehouse::ui
