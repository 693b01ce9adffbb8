#include "widgets/fields/searchablelist.h"

#include "theme/icons.h"
#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/fields/searchablelistdelegate.h"

#include <QAction>
#include <QApplication>
#include <QEvent>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QScrollBar>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// Shows the entries that match, and the headings of those.
class EntryFilter : public QSortFilterProxyModel
{
public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setText(const QString &text)
    {
        m_words = text.split(u' ', Qt::SkipEmptyParts);
        invalidateFilter();
    }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override
    {
        if (matches(row))
            return true;
        const QModelIndex heading = sourceModel()->index(row, 0, parent);
        if (!heading.data(listrole::heading).toBool())
            return false;
        for (int below = row + 1; below < sourceModel()->rowCount(); ++below) {
            if (sourceModel()->index(below, 0).data(listrole::heading).toBool())
                break;
            if (matches(below))
                return true;
        }
        return false;
    }

private:
    bool matches(int row) const
    {
        const QModelIndex index = sourceModel()->index(row, 0);
        if (index.data(listrole::heading).toBool())
            return false;
        const QString found = index.data(listrole::found).toString();
        return std::all_of(m_words.begin(), m_words.end(), [&found](const QString &word) {
            return found.contains(word, Qt::CaseInsensitive);
        });
    }

    QStringList m_words{};
};

QStandardItem *headingItem(const QString &text)
{
    auto *item = new QStandardItem(text);
    item->setFlags(Qt::ItemIsEnabled);
    item->setData(true, listrole::heading);
    return item;
}

QStandardItem *entryItem(const ListEntry &entry)
{
    auto *item = new QStandardItem(entry.text);
    item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable);
    item->setData(entry.id, listrole::id);
    item->setData(entry.tile, listrole::tile);
    item->setData(entry.icon, listrole::icon);
    item->setData(entry.badge, listrole::badge);
    item->setData(static_cast<int>(entry.badgeTone), listrole::badgeTone);
    item->setData(entry.marked, listrole::marked);
    item->setData(QStringList(QStringList{entry.text, entry.id} + entry.keywords).join(u'\n'),
                  listrole::found);
    item->setData(plainTip(entry.text), Qt::ToolTipRole);
    const QString &mark = entry.badge.isEmpty() ? entry.meaning : entry.badge;
    item->setAccessibleText(
        mark.isEmpty()
            ? entry.text
            : SearchableList::tr("%1, %2", "an entry and its badge").arg(entry.text, mark));
    return item;
}

} // namespace

SearchableList::SearchableList(QWidget *parent)
    : QWidget(parent)
    , m_search(new QLineEdit(this))
    , m_view(new QListView(this))
    , m_model(new QStandardItemModel(this))
    , m_filter(new EntryFilter(this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_search->addAction(icon(u"search", IconColor::Secondary), QLineEdit::LeadingPosition);
    m_search->setClearButtonEnabled(true);
    m_search->installEventFilter(this);
    m_filter->setSourceModel(m_model);
    m_view->setModel(m_filter);
    m_view->setItemDelegate(new SearchableListDelegate(m_view));
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setWordWrap(true); // arranged anew with another width, of which the heights depend
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->verticalScrollBar()->setSingleStep(Theme::px(12)); // of which the wheel makes several
    m_view->setMouseTracking(true);
    m_view->installEventFilter(this);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, Theme::px(10), 0, Theme::px(6));
    layout->setSpacing(Theme::px(6));
    auto *field = new QHBoxLayout;
    field->setContentsMargins(Theme::px(10), 0, Theme::px(10), 0);
    field->addWidget(m_search);
    layout->addLayout(field);
    layout->addWidget(m_view);
    setFocusProxy(m_search);

    connect(m_search, &QLineEdit::textChanged, this, &SearchableList::search);
    connect(m_view->selectionModel(), &QItemSelectionModel::currentChanged, this, [this] {
        showCurrent();
        if (!m_quiet)
            emit currentChanged(currentId());
    });
    connect(m_view, &QListView::clicked, this, [this](const QModelIndex &index) {
        if (const QString id = index.data(listrole::id).toString(); !id.isEmpty())
            emit chosen(id);
    });
    connect(m_view, &QListView::activated, this, &SearchableList::activate);
    retranslate();
}

void SearchableList::setEntries(const QList<ListEntry> &entries)
{
    const QString current = currentId();
    m_quiet = true;
    m_model->clear();
    QString group;
    for (const ListEntry &entry : entries) {
        if (!entry.group.isEmpty() && entry.group != group)
            m_model->appendRow(headingItem(entry.group));
        group = entry.group;
        m_model->appendRow(entryItem(entry));
    }
    // A heading is shown for the entries below it, which came after it.
    static_cast<EntryFilter *>(m_filter)->setText(m_search->text().trimmed());
    m_quiet = false;
    setCurrentId(current);
}

void SearchableList::setSearchPlaceholder(const QString &text)
{
    m_search->setPlaceholderText(text);
}

void SearchableList::setListName(const QString &accessibleName)
{
    m_view->setAccessibleName(accessibleName);
}

QString SearchableList::currentId() const
{
    return m_view->currentIndex().data(listrole::id).toString();
}

void SearchableList::setCurrentId(const QString &id)
{
    m_quiet = true;
    for (int row = 0; row < m_filter->rowCount(); ++row) {
        const QModelIndex index = m_filter->index(row, 0);
        if (!id.isEmpty() && index.data(listrole::id).toString() == id) {
            m_view->setCurrentIndex(index);
            showCurrent();
        }
    }
    m_quiet = false;
}

// With the heading above it, which no key leads to. Under the mouse nothing moves.
void SearchableList::showCurrent()
{
    const QModelIndex current = m_view->currentIndex();
    if (!current.isValid() || QGuiApplication::mouseButtons() != Qt::NoButton)
        return;
    const QModelIndex above = current.siblingAtRow(current.row() - 1);
    if (above.data(listrole::heading).toBool())
        m_view->scrollTo(above);
    m_view->scrollTo(current);
}

void SearchableList::focusSearch()
{
    m_search->setFocus();
    m_search->selectAll();
}

QString SearchableList::searchText() const
{
    return m_search->text();
}

void SearchableList::setSearchText(const QString &text)
{
    m_search->setText(text);
}

void SearchableList::search(const QString &text)
{
    const QString current = currentId();
    // Where the filter hides what is current, the view moves on to a neighbour, which nobody asked for.
    m_quiet = true;
    static_cast<EntryFilter *>(m_filter)->setText(text.trimmed());
    if (isShown(current))
        setCurrentId(current);
    else if (!text.isEmpty())
        selectFirst();
    m_quiet = false;
    if (currentId() != current)
        emit currentChanged(currentId());
    emit searchChanged(text.trimmed());
}

bool SearchableList::isShown(const QString &id) const
{
    for (int row = 0; row < m_filter->rowCount(); ++row) {
        if (!id.isEmpty() && m_filter->index(row, 0).data(listrole::id).toString() == id)
            return true;
    }
    return false;
}

void SearchableList::activate()
{
    const QString id = currentId();
    if (id.isEmpty())
        return;
    emit chosen(id);
    emit activated(id);
}

void SearchableList::noteLeaving()
{
    const QWidget *next = QApplication::focusWidget();
    if (next && !isAncestorOf(next))
        emit left();
}

void SearchableList::selectFirst()
{
    for (int row = 0; row < m_filter->rowCount(); ++row) {
        if (m_filter->index(row, 0).flags().testFlag(Qt::ItemIsSelectable)) {
            m_view->setCurrentIndex(m_filter->index(row, 0));
            return;
        }
    }
}

bool SearchableList::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusOut)
        noteLeaving();
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    auto *key = static_cast<QKeyEvent *>(event);
    if (watched == m_search) {
        if (key->key() == Qt::Key_Escape && !m_search->text().isEmpty()) {
            m_search->clear();
            return true;
        }
        if (key->key() == Qt::Key_Down || key->key() == Qt::Key_Up) {
            if (!m_view->currentIndex().isValid())
                selectFirst();
            else
                QCoreApplication::sendEvent(m_view, event);
            return true;
        }
        if ((key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter)
            && !currentId().isEmpty()) {
            activate();
            return true;
        }
        return false;
    }
    const bool typed = !key->text().isEmpty() && key->text().front().isPrint()
                       && !(key->modifiers() & (Qt::ControlModifier | Qt::AltModifier));
    if (watched == m_view && m_view->hasFocus() && typed && key->key() != Qt::Key_Space) {
        m_search->setFocus();
        QCoreApplication::sendEvent(m_search, event);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void SearchableList::retranslate()
{
    m_search->setAccessibleName(tr("Search"));
    if (m_view->accessibleName().isEmpty())
        m_view->setAccessibleName(tr("Entries"));
}

void SearchableList::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::ApplicationPaletteChange)
        m_view->viewport()->update();
}

// What was scrolled to before the list had its height may have left the entries above out of sight.
void SearchableList::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (std::exchange(m_wasShown, true))
        return;
    m_view->scrollToTop();
    showCurrent();
}

} // namespace gatehouse::ui
