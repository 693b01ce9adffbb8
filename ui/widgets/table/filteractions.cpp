#include "widgets/table/filteractions.h"

#include "widgets/dialogs/namedialog.h"
#include "widgets/format.h"
#include "widgets/table/savedfilters.h"
#include "widgets/undostack.h"

#include <QAction>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// A step of an undo, which outlives the page: it changes what is remembered, which those who show it read.
template<typename Change>
std::function<admin::Answer<>()> stepOf(const SavedFilters &filters, Change change)
{
    return [&state = filters.state(), table = filters.table(), change] {
        SavedFilters present(state, table);
        change(present);
        return admin::answered<void>({});
    };
}

// A name that is in use gets the new filter.
void saveAs(SavedFilters &filters, UndoStack &undo, const QString &name, const QString &filter)
{
    const SavedFilter former = filters.named(name);
    if (former.id.isEmpty()) {
        filters.save(name, filter);
        return;
    }
    undo.push({.text =
                   [name] {
                       return FilterActions::tr("Replaced the filter %1").arg(Format::quoted(name));
                   },
               .redo = stepOf(
                   filters,
                   [id = former.id, filter](SavedFilters &present) { present.change(id, filter); }),
               .undo = stepOf(filters, [former](SavedFilters &present) {
                   present.change(former.id, former.filter);
               })});
}

} // namespace

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
            [filters = m_filters, &undo = m_undo, filter](const QString &name) {
                saveAs(*filters, undo, name, filter);
            });
    dialog->open();
}

void FilterActions::rename(const QString &id)
{
    const SavedFilter filter = m_filters->find(id);
    QStringList taken;
    for (const SavedFilter &one : m_filters->own()) {
        if (one.id != id)
            taken.append(one.name);
    }
    auto *dialog = new NameDialog(tr("Rename this filter"), filter.name, filter.filter, m_page);
    dialog->setTaken(taken);
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
    m_undo.push(
        {.text =
             [name = filter.name] { return tr("Removed the filter %1").arg(Format::quoted(name)); },
         .redo = stepOf(*m_filters, [id](SavedFilters &present) { present.remove(id); }),
         .undo = stepOf(*m_filters, [place, filter](SavedFilters &present) {
             present.insert(place, filter);
         })});
}

} // namespace gatehouse::ui
