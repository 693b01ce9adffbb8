#include "widgets/table/filteractions.h"

#include "widgets/format.h"
#include "widgets/namedialog.h"
#include "widgets/table/savedfilters.h"
#include "widgets/undostack.h"

#include <QAction>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

FilterActions::FilterActions(SavedFilters &filters, UndoStack &undo, QWidget *page)
    : QObject(page)
    , m_filters(&filters)
    , m_undo(undo)
    , m_page(page)
{
    connect(m_filters, &SavedFilters::changed, this, &FilterActions::update);
}

void FilterActions::addTo(const QByteArray &page, const Add &add)
{
    const QByteArray saveName = page + ".saveFilter";
    const QByteArray renameName = page + ".renameFilter";
    const QByteArray removeName = page + ".removeFilter";
    m_save = add({.name = saveName.constData(),
                  .icon = u"bookmark"_s,
                  .shortcut = QKeySequence::Save,
                  .text = [] { return tr("&Save this filter…"); }},
                 [this] { save(); });
    m_rename = add({.name = renameName.constData(),
                    .icon = u"pencil"_s,
                    .text = [] { return tr("Re&name this filter…"); }},
                   [this] { rename(current()); });
    m_remove = add({.name = removeName.constData(),
                    .icon = u"trash-2"_s,
                    .text = [] { return tr("Remo&ve this filter"); }},
                   [this] { remove(current()); });
    update();
}

void FilterActions::setFilters(SavedFilters &filters)
{
    m_filters->disconnect(this);
    m_filters = &filters;
    connect(m_filters, &SavedFilters::changed, this, &FilterActions::update);
    update();
}

void FilterActions::setFilter(const QString &filter)
{
    m_filter = filter;
    update();
}

QString FilterActions::current() const
{
    return m_filters->matching(m_filter).id;
}

void FilterActions::update()
{
    const QString id = current();
    const bool own = m_filters->isOwn(id);
    if (m_save)
        m_save->setEnabled(id.isEmpty());
    if (m_rename)
        m_rename->setEnabled(own);
    if (m_remove)
        m_remove->setEnabled(own);
}

void FilterActions::save()
{
    const QString filter = m_filters->spelled(m_filter);
    auto *dialog = new NameDialog(tr("Save this filter"), QString(), filter, m_page);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog,
            &NameDialog::chosen,
            m_filters,
            [filters = m_filters, filter](const QString &name) { filters->save(name, filter); });
    dialog->open();
}

void FilterActions::rename(const QString &id)
{
    const SavedFilter filter = m_filters->find(id);
    auto *dialog = new NameDialog(tr("Rename this filter"), filter.name, filter.filter, m_page);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &NameDialog::chosen, m_filters, [filters = m_filters, id](const QString &name) {
        filters->rename(id, name);
    });
    dialog->open();
}

void FilterActions::remove(const QString &id)
{
    const SavedFilter filter = m_filters->find(id);
    const qsizetype place = m_filters->indexOf(id);
    if (place < 0)
        return;
    const QPointer<SavedFilters> filters(m_filters);
    m_undo.push({.text = tr("Removed the filter %1").arg(Format::quoted(filter.name)),
                 .redo =
                     [filters, id] {
                         if (filters)
                             filters->remove(id);
                         return admin::answered<void>({});
                     },
                 .undo =
                     [filters, place, filter] {
                         if (filters)
                             filters->insert(place, filter);
                         return admin::answered<void>({});
                     }});
}

} // namespace gatehouse::ui
