#include "widgets/table/filterchips.h"

#include "theme/theme.h"
#include "widgets/fields/chiprow.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/savedfilters.h"
#include "widgets/translated.h"

#include <QVBoxLayout>

namespace gatehouse::ui {

FilterChips::FilterChips(const Services &services,
                         const QString &table,
                         FilterField *field,
                         QWidget *page)
    : QWidget(page)
    , m_services(services)
    , m_field(field)
    , m_filters(&filtersOf(table))
    , m_actions(new FilterActions(*m_filters, services.undo, page))
    , m_chips(new ChipRow(this))
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, Theme::px(6));
    layout->addWidget(m_chips);
    connect(m_chips, &ChipRow::chosen, this, [this](const QString &id) {
        // A chip that is lifted lets everything through.
        m_field->setFilter(id.isEmpty() ? QString() : m_filters->find(id).filter);
        follow();
    });
    connect(m_chips, &ChipRow::renameRequested, m_actions, &FilterActions::rename);
    connect(m_chips, &ChipRow::removalRequested, m_actions, &FilterActions::remove);
    connect(m_field, &QLineEdit::textChanged, this, &FilterChips::follow);
    auto *texts = new Translated(this);
    texts->add([this] { setChips(); });
}

// They stay for as long as this does, since a change of theirs may be undone.
SavedFilters &FilterChips::filtersOf(const QString &table)
{
    SavedFilters *&filters = m_tables[table];
    if (!filters) {
        filters = new SavedFilters(m_services.state, table, this);
        connect(filters, &SavedFilters::changed, this, &FilterChips::setChips);
    }
    return *filters;
}

void FilterChips::setTable(const QString &table)
{
    m_filters = &filtersOf(table);
    m_actions->setFilters(*m_filters);
    setChips();
}

void FilterChips::setChips()
{
    QList<Chip> chips;
    const QList<SavedFilter> filters = m_filters->all();
    for (const SavedFilter &filter : filters) {
        chips.append({.id = filter.id,
                      .text = filter.name,
                      .toolTip = filter.filter,
                      .removable = m_filters->isOwn(filter.id)});
    }
    m_chips->setChips(chips);
    setVisible(!m_filters->own().isEmpty());
    follow();
}

void FilterChips::follow()
{
    m_chips->setCurrent(m_filters->matching(m_field->text()).id);
    m_actions->setFilter(m_field->text());
}

} // namespace gatehouse::ui
