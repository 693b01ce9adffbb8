#pragma once

#include <QList>
#include <QObject>

namespace gatehouse::ui {

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

signals:
    // The rows of the view's model `rows` (ascending) shall stand before its row `before`, or at the
    // end if that is the number of rows.
    void moveRequested(const QList<int> &rows, int before);

private:
    const QString m_columnKey;
    QString m_explanation;
};

} // namespace gatehouse::ui
