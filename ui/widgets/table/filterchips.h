#pragma once

#include "widgets/services.h"
#include "widgets/table/filteractions.h"

#include <QHash>
#include <QWidget>

namespace gatehouse::ui {

class ChipRow;
class FilterField;
class SavedFilters;

// The saved filters of a page below its header, one chip each. Without any the row is not there.
class FilterChips : public QWidget
{
    Q_OBJECT

public:
    // `table` is by what they are remembered; `field` is where they are applied.
    FilterChips(const Services &services, const QString &table, FilterField *field, QWidget *page);

    // Those of another table of the page.
    void setTable(const QString &table);
    FilterActions &actions() { return *m_actions; }

private:
    SavedFilters &filtersOf(const QString &table);
    void setChips();
    void follow();

    const Services m_services;
    FilterField *const m_field;
    QHash<QString, SavedFilters *> m_tables{};
    SavedFilters *m_filters;
    FilterActions *m_actions;
    ChipRow *m_chips;
};

} // namespace gatehouse::ui
