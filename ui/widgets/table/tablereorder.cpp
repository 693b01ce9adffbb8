#include "widgets/table/tablereorder.h"

namespace gatehouse::ui {

TableReorder::TableReorder(const QString &columnKey, const QString &explanation, QObject *parent)
    : QObject(parent)
    , m_columnKey(columnKey)
    , m_explanation(explanation)
{}

} // namespace gatehouse::ui
