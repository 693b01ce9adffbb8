#pragma once

#include <QList>
#include <QObject>

#include <functional>

namespace gatehouse::ui {

// Where rows that are dropped come to stand: before row `first`; or, where `last` is beyond it, somewhere
// among the rows from `first` to before `last`, which they join.
struct DropPlace
{
    int first = -1;
    int last = -1;

    bool isGroup() const { return last > first; }
    bool operator==(const DropPlace &) const = default;
};

// How a table lets rows be moved: only while it is sorted by one column alone, the order of which
// the rows' places are, and no filter hides the places of others.
class TableReorder : public QObject
{
    Q_OBJECT

public:
    // `explanation` is told to whoever tries to move rows while the table is sorted otherwise or
    // filtered.
    TableReorder(const QString &columnKey, const QString &explanation, QObject *parent = nullptr);

    const QString &columnKey() const { return m_columnKey; }
    const QString &explanation() const { return m_explanation; }
    void setExplanation(const QString &explanation) { m_explanation = explanation; }

    // Tells where `rows` come to stand that are dropped before row `before`, if not there.
    using PlaceOf = std::function<DropPlace(const QList<int> &rows, int before)>;
    void setPlaceOf(PlaceOf placeOf) { m_placeOf = std::move(placeOf); }
    DropPlace placeOf(const QList<int> &rows, int before) const;

signals:
    // The rows of the view's model `rows` (ascending) shall stand before its row `before`, or at the
    // end if that is the number of rows.
    void moveRequested(const QList<int> &rows, int before);

private:
    const QString m_columnKey;
    QString m_explanation;
    PlaceOf m_placeOf{};
};

} // namespace gatehouse::ui
