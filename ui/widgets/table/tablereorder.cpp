#include "widgets/table/tablereorder.h"

namespace gatehouse::ui {

TableReorder::TableReorder(const QString &columnKey, const QString &explanation, QObject *parent)
    : QObject(parent)
    , m_columnKey(columnKey)
    , m_explanation(explanation)
{}

DropPlace TableReorder::placeOf(const QList<int> &rows, int before) const
{
    return m_placeOf ? m_placeOf(rows, before) : DropPlace{.first = before, .last = before};
}

} // namespace gatehouse::ui
