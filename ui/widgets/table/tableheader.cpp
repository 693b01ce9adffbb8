#include "widgets/table/tableheader.h"

#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/table/tablemodelbase.h"

#include <QContextMenuEvent>
#include <QMenu>
#include <QMouseEvent>

#include <algorithm>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

TableHeader::TableHeader(QWidget *parent)
    : QHeaderView(Qt::Horizontal, parent)
{
    setSectionsMovable(true);
    setSectionsClickable(true);
    setHighlightSections(false);
    setSortIndicatorShown(false);
    setMinimumSectionSize(Theme::px(22)); // an icon
    setTextElideMode(Qt::ElideRight);
    setAccessibleName(tr("Columns"));
    connect(this, &QHeaderView::sectionClicked, this, [this](int column) {
        chooseKey(column, m_shiftPressed);
    });
    const auto edited = [this] {
        if (!m_applying)
            emit layoutEdited();
    };
    connect(this, &TableHeader::layoutEdited, this, [this] { m_isDefault = false; });
    connect(this, &QHeaderView::sectionMoved, this, edited);
    connect(this, &QHeaderView::sectionResized, this, edited);
    connect(this, &QHeaderView::sectionResized, this, &TableHeader::fitStretched);
}

void TableHeader::setSortKeys(const QList<SortKey> &keys)
{
    const QList<SortKey> former = std::exchange(m_keys, keys);
    const SortKey second = keys.value(1, {-1, Qt::AscendingOrder});
    setSecondSort(this, {second.column, second.order});
    for (const SortKey &key : former + keys)
        fitMark(key.column);
    viewport()->update();
}

// The mark of sorting stands beside the title. A column that is as wide as at first gives the room back.
void TableHeader::fitMark(int column)
{
    const TableModelBase *table = tableModelOf(model());
    if (!table || column < 0 || column >= count() || isSectionHidden(column))
        return;
    const ColumnTraits &traits = table->traits(column);
    const bool takesTheRest =
        traits.stretch || (stretchLastSection() && visualIndex(column) == lastVisible());
    const int width = m_isDefault ? firstWidth(column, traits)
                                  : std::max(sectionSize(column), titleWidth(column, traits));
    if (!takesTheRest && width != sectionSize(column)) {
        m_applying = true;
        resizeSection(column, width);
        m_applying = false;
    }
    fitStretched();
}

int TableHeader::lastVisible() const
{
    int visual = count() - 1;
    while (visual >= 0 && isSectionHidden(logicalIndex(visual)))
        --visual;
    return visual;
}

void TableHeader::setFirstColumns(const QStringList &keys)
{
    m_first = keys;
}

bool TableHeader::isShownAtFirst(const ColumnTraits &traits) const
{
    return m_first.isEmpty() ? !traits.hidden : m_first.contains(traits.key);
}

int TableHeader::leastWidth() const
{
    const TableModelBase *table = tableModelOf(model());
    int width = 0;
    for (int column = 0; table && column < count(); ++column) {
        if (isSectionHidden(column))
            continue;
        const ColumnTraits &traits = table->traits(column);
        width += traits.stretch ? Theme::px(traits.least) : sectionSize(column);
    }
    return width;
}

// What is sorted by has the mark beside its title, and both in stronger type.
QSize TableHeader::sectionSizeFromContents(int column) const
{
    QSize size = QHeaderView::sectionSizeFromContents(column);
    const auto key = std::find_if(m_keys.begin(), m_keys.end(), [column](const SortKey &each) {
        return each.column == column;
    });
    if (key == m_keys.end())
        return size;
    const QString title = model()->headerData(column, orientation()).toString();
    const QString marked = title + (key == m_keys.begin() ? u" \u25B4"_s : u" \u25B4 2"_s);
    size.rwidth() += QFontMetrics(Theme::font(TextRole::SmallStrong)).horizontalAdvance(marked)
                     - QFontMetrics(Theme::font(TextRole::SmallMedium)).horizontalAdvance(title);
    return size;
}

int TableHeader::titleWidth(int column, const ColumnTraits &traits) const
{
    return traits.icon.isEmpty() ? sectionSizeFromContents(column).width() : 0;
}

int TableHeader::firstWidth(int column, const ColumnTraits &traits) const
{
    int width = Theme::px(traits.width);
    const QFontMetrics metrics = parentWidget() ? parentWidget()->fontMetrics() : fontMetrics();
    if (traits.room)
        width = std::max(width, traits.room(metrics));
    return std::max(width, titleWidth(column, traits));
}

void TableHeader::applyDefaults()
{
    m_isDefault = true;
    const TableModelBase *table = tableModelOf(model());
    if (!table)
        return;
    m_applying = true;
    bool stretches = false;
    for (int column = 0; column < count(); ++column) {
        const ColumnTraits &traits = table->traits(column);
        moveSection(visualIndex(column), column);
        setSectionHidden(column, !isShownAtFirst(traits) || traits.spare);
        setSectionResizeMode(column, traits.stretch ? Fixed : Interactive);
        resizeSection(column, firstWidth(column, traits));
        stretches = stretches || traits.stretch;
    }
    setStretchLastSection(!stretches);
    m_applying = false;
    showSpare();
    fitStretched();
}

void TableHeader::fitTitles()
{
    if (m_isDefault)
        return applyDefaults();
    const TableModelBase *table = tableModelOf(model());
    if (!table)
        return;
    bool widened = false;
    m_applying = true;
    for (int column = 0; column < count(); ++column) {
        const ColumnTraits &traits = table->traits(column);
        const int least = titleWidth(column, traits);
        if (isSectionHidden(column) || sectionSize(column) >= least)
            continue;
        resizeSection(column, least);
        widened = true;
    }
    m_applying = false;
    fitStretched();
    if (widened)
        emit layoutEdited();
}

// While the columns are as they are at first; what a person chose stays.
void TableHeader::showSpare()
{
    const TableModelBase *table = tableModelOf(model());
    if (!table || !m_isDefault || m_applying)
        return;
    int used = 0;
    for (int column = 0; column < count(); ++column) {
        const ColumnTraits &traits = table->traits(column);
        if (isShownAtFirst(traits) && !traits.spare)
            used += firstWidth(column, traits);
    }
    m_applying = true;
    for (int column = 0; column < count(); ++column) {
        const ColumnTraits &traits = table->traits(column);
        if (!traits.spare || !isShownAtFirst(traits))
            continue;
        used += firstWidth(column, traits);
        setSectionHidden(column, used > viewport()->width());
    }
    m_applying = false;
}

bool TableHeader::restoreLayout(const QByteArray &layout)
{
    m_applying = true;
    const bool restored = restoreState(layout);
    m_applying = false;
    if (restored) {
        m_isDefault = false;
        fitStretched();
    }
    return restored;
}

// Gives the column which takes the room that is left all of it, and enough. Not by the mode Stretch: a
// section that was without it for a while does not fill the header again.
void TableHeader::fitStretched()
{
    const TableModelBase *table = tableModelOf(model());
    if (!table || m_applying)
        return;
    int others = 0;
    int stretched = -1;
    for (int column = 0; column < count(); ++column) {
        if (table->traits(column).stretch)
            stretched = column;
        else if (!isSectionHidden(column))
            others += sectionSize(column);
    }
    if (stretched < 0)
        return fitLast();
    // It has no size while it is being hidden, and must not get one.
    if (isSectionHidden(stretched) || sectionSize(stretched) == 0)
        return;
    const int least = Theme::px(table->traits(stretched).least);
    m_applying = true;
    if (sectionResizeMode(stretched) != Fixed)
        setSectionResizeMode(stretched, Fixed);
    resizeSection(stretched, std::max(least, viewport()->width() - others));
    m_applying = false;
}

// Where no column is to be stretched the last one is, but not at the cost of its title.
void TableHeader::fitLast()
{
    int last = -1;
    int others = 0;
    for (int visual = 0; visual < count(); ++visual) {
        const int column = logicalIndex(visual);
        if (isSectionHidden(column))
            continue;
        others += last < 0 ? 0 : sectionSize(last);
        last = column;
    }
    if (last < 0)
        return;
    const int least = firstWidth(last, tableModelOf(model())->traits(last));
    const bool fits = viewport()->width() - others >= least;
    if (fits == stretchLastSection())
        return;
    m_applying = true;
    setStretchLastSection(fits);
    if (!fits)
        resizeSection(last, least);
    m_applying = false;
}

void TableHeader::resizeEvent(QResizeEvent *event)
{
    QHeaderView::resizeEvent(event);
    showSpare();
    fitStretched();
}

int TableHeader::neighbour(int column, Side side) const
{
    const int step = (side == Side::Right) == isLeftToRight() ? 1 : -1;
    int visual = visualIndex(column) + step;
    while (visual >= 0 && visual < count() && isSectionHidden(logicalIndex(visual)))
        visual += step;
    return visual < count() ? visual : -1;
}

void TableHeader::moveColumn(int column, Side side)
{
    if (column < 0 || column >= count() || isSectionHidden(column))
        return;
    if (const int place = neighbour(column, side); place >= 0)
        moveSection(visualIndex(column), place);
}

QString TableHeader::moveText(Side side)
{
    return side == Side::Left ? tr("Move column to the left") : tr("Move column to the right");
}

QKeySequence TableHeader::moveKeys(Side side)
{
    return QKeySequence(side == Side::Left ? u"Ctrl+Shift+Left"_s : u"Ctrl+Shift+Right"_s);
}

void TableHeader::addMove(QMenu *menu, int column, Side side)
{
    QAction *move =
        menu->addAction(moveText(side), this, [this, column, side] { moveColumn(column, side); });
    move->setShortcut(moveKeys(side));
    move->setEnabled(neighbour(column, side) >= 0);
}

void TableHeader::fillMenu(QMenu *menu, int column)
{
    if (column >= 0) {
        addMove(menu, column, Side::Left);
        addMove(menu, column, Side::Right);
        menu->addSeparator();
    }
    QMenu *sorting = menu->addMenu(tr("Sort by"));
    for (int visual = 0; visual < count(); ++visual) {
        const int each = logicalIndex(visual);
        QAction *shown = menu->addAction(titleOf(each));
        shown->setCheckable(true);
        shown->setChecked(!isSectionHidden(each));
        shown->setEnabled(isSectionHidden(each) || visibleCount() > 1);
        connect(shown, &QAction::toggled, this, [this, each](bool visible) {
            setSectionHidden(each, !visible);
            emit layoutEdited();
        });
        if (!isSortable(each))
            continue;
        QAction *sorted = sorting->addAction(titleOf(each));
        sorted->setCheckable(true);
        sorted->setChecked(!m_keys.isEmpty() && m_keys.front().column == each);
        connect(sorted, &QAction::triggered, this, [this, each] { chooseKey(each, false); });
    }
    if (sorting->isEmpty())
        delete sorting;
    menu->addSeparator();
    menu->addAction(tr("Reset columns"), this, &TableHeader::resetRequested);
}

QSize TableHeader::sizeHint() const
{
    return {QHeaderView::sizeHint().width(), Theme::px(26)};
}

void TableHeader::mousePressEvent(QMouseEvent *event)
{
    m_shiftPressed = event->modifiers().testFlag(Qt::ShiftModifier);
    QHeaderView::mousePressEvent(event);
}

void TableHeader::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    fillMenu(menu, logicalIndexAt(event->pos()));
    menu->popup(event->globalPos());
}

void TableHeader::initStyleOptionForIndex(QStyleOptionHeader *option, int logicalIndex) const
{
    QHeaderView::initStyleOptionForIndex(option, logicalIndex);
    if (m_keys.isEmpty() || m_keys.front().column != logicalIndex)
        return;
    const bool ascending = m_keys.front().order == Qt::AscendingOrder;
    option->sortIndicator = ascending ? QStyleOptionHeader::SortDown : QStyleOptionHeader::SortUp;
}

void TableHeader::chooseKey(int column, bool second)
{
    if (!isSortable(column))
        return;
    QList<SortKey> keys = m_keys;
    const auto found = std::find_if(
        keys.begin(), keys.end(), [column](const SortKey &key) { return key.column == column; });
    SortKey key{column, Qt::AscendingOrder};
    if (found != keys.end() && (second || keys.size() == 1 || found == keys.begin()))
        key.order = found->order == Qt::AscendingOrder ? Qt::DescendingOrder : Qt::AscendingOrder;
    if (!second)
        keys = {key};
    else if (found != keys.end())
        *found = key;
    else if (keys.size() < 2)
        keys.append(key);
    else
        keys.back() = key;
    setSortKeys(keys);
    emit sortKeysChosen(keys);
}

// A model of rows keeps their order; it takes a filter above it to sort them.
bool TableHeader::isSortable(int column) const
{
    const TableModelBase *table = tableModelOf(model());
    return table && table != model() && table->traits(column).sortable;
}

QString TableHeader::titleOf(int column) const
{
    return model()->headerData(column, Qt::Horizontal, Qt::AccessibleTextRole).toString();
}

} // namespace gatehouse::ui
