#pragma once

#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tablemodelbase.h"

#include <QHeaderView>
#include <QKeySequence>

class QMenu;

namespace gatehouse::ui {

// The header of a TableView: a click sorts by a column, Shift and a click by a second one; the
// context menu moves, hides and shows columns.
class TableHeader : public QHeaderView
{
    Q_OBJECT

public:
    explicit TableHeader(QWidget *parent = nullptr);

    const QList<SortKey> &sortKeys() const { return m_keys; }
    // Shows them; does not emit sortKeysChosen().
    void setSortKeys(const QList<SortKey> &keys);
    // The widths, order and visibility that the columns have at first.
    void applyDefaults();
    // The keys of the columns that applyDefaults() shows; none: what is known of the columns says it.
    void setFirstColumns(const QStringList &keys);
    // What the columns that are shown take at the least, in pixels.
    int leastWidth() const;
    // Makes room for titles that are other ones now, as in another language.
    void fitTitles();
    // What layout() gave; false: it is of another table.
    bool restoreLayout(const QByteArray &layout);
    // To be restored; empty where nobody has changed anything since applyDefaults().
    QByteArray layout() const { return m_isDefault ? QByteArray() : saveState(); }
    // Entries for moving that column, unless it is -1, for hiding, sorting and "Reset columns".
    void fillMenu(QMenu *menu, int column = -1);
    // Exchanges a column with its visible neighbour on that side.
    enum class Side { Left, Right };
    void moveColumn(int column, Side side);
    static QString moveText(Side side);
    static QKeySequence moveKeys(Side side);

    QSize sizeHint() const override;

signals:
    void sortKeysChosen(const QList<gatehouse::ui::SortKey> &keys);
    void resetRequested();
    void layoutEdited(); // by the person

protected:
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void initStyleOptionForIndex(QStyleOptionHeader *option, int logicalIndex) const override;
    QSize sectionSizeFromContents(int column) const override;

private:
    void addMove(QMenu *menu, int column, Side side);
    // The place of the visible neighbour; -1: there is none.
    int neighbour(int column, Side side) const;
    void chooseKey(int column, bool second);
    // In pixels.
    int firstWidth(int column, const ColumnTraits &traits) const;
    // 0: its title is an icon.
    int titleWidth(int column, const ColumnTraits &traits) const;
    bool isShownAtFirst(const ColumnTraits &traits) const;
    int lastVisible() const; // its place; -1: none is shown
    void fitMark(int column);
    void fitStretched();
    void showSpare();
    void fitLast();
    bool isSortable(int column) const;
    QString titleOf(int column) const;
    int visibleCount() const { return count() - hiddenSectionCount(); }

    QList<SortKey> m_keys{};
    QStringList m_first{};
    bool m_shiftPressed = false;
    bool m_applying = false;
    bool m_isDefault = true;
};

} // namespace gatehouse::ui
