#pragma once

#include "widgets/table/cell.h"

#include <QAbstractTableModel>
#include <QFontMetrics>

#include <functional>
#include <memory>
#include <vector>

namespace gatehouse::ui {

// How the values of a column are compared by the filter and, unless said otherwise, aligned.
enum class ColumnKind {
    Text,
    Number, // right-aligned; `>2s` and the like compare role::sort, durations in milliseconds
    Moment, // role::sort is in milliseconds since 1970; `<7d` compares the distance from now
};

// What is known of a column without its rows.
struct ColumnTraits
{
    QString key{}; // stable: the key of filters, of saved layouts and of export
    std::function<QString()> title{};
    ColumnKind kind = ColumnKind::Text;
    int width = 120; // at first, in design pixels; what its title takes at the least
    // What it takes at first where that follows from the font of the table, in pixels; `width` at the least.
    std::function<int(const QFontMetrics &)> room{};
    bool hidden = false;  // unless the person shows it
    bool spare = false;   // shown at first only while there is room for it beside the others
    bool stretch = false; // takes the room that is left; one column of a table
    int least = 120;      // of a stretched one, in design pixels: below it the table is scrolled
    QString icon{};       // stands for the title, which is then its tool tip and accessible name
    std::function<QString()> explanation{}; // the heading's tool tip
    std::optional<Qt::Alignment> alignment{};
    bool sortable = true;
    bool filterable = true;
    bool searched = true; // by words of a filter that name no column
    bool named = false;   // a number whose words are the names of what it counts

    Qt::Alignment alignmentOrUsual() const;
};

// The words by which a filter finds what is shown: English is always understood.
QStringList inBothLanguages(const QString &shown, const QString &english);

// What the view and the filter ask of every table model.
class TableModelBase : public QAbstractTableModel
{
    Q_OBJECT

public:
    explicit TableModelBase(std::vector<ColumnTraits> traits, QObject *parent = nullptr);

    const ColumnTraits &traits(int column) const
    {
        return m_traits.at(static_cast<size_t>(column));
    }
    // -1: there is none of that key.
    int columnOf(const QString &key) const;

    // These rows as they are now, in a model of their own; null: this one makes none.
    virtual std::unique_ptr<TableModelBase> copyOfRows(const QList<int> &) const { return {}; }

    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

    // Says that the titles or the texts of all cells are others now, such as in another language.
    void retranslate();
    // Says that any cell may have changed, such as by the time.
    void refreshCells();
    // Says that the cells of a column have changed, such as a countdown.
    void refreshColumn(const QString &key);

protected:
    // Whether there is a cell at that index.
    bool holds(const QModelIndex &index) const;
    // As many as before, of the same keys.
    void setTraits(std::vector<ColumnTraits> traits);

private:
    std::vector<ColumnTraits> m_traits{};
};

// The model of the table below filter and sorting, and the index in it.
const TableModelBase *tableModelOf(const QAbstractItemModel *model);
QModelIndex sourceIndex(const QModelIndex &index);

} // namespace gatehouse::ui
