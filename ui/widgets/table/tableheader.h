#pragma once

#include "widgets/table/tablefiltermodel.h"

#include <QHeaderView>

class QMenu;

namespace gatehouse::ui {

// The header of a TableView: a click sorts by a column, Shift and a click by a second one; the
// context menu hides and shows columns.
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
    // Entries for hiding, sorting and "Reset columns".
    void fillMenu(QMenu *menu);

    QSize sizeHint() const override;

signals:
    void sortKeysChosen(const QList<gatehouse::ui::SortKey> &keys);
    void resetRequested();
    void layoutEdited();

protected:
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void contextMenuEvent(QContextMenuEvent *event) override;
    void initStyleOptionForIndex(QStyleOptionHeader *option, int logicalIndex) const override;

private:
    void chooseKey(int column, bool second);
    void fitStretched();
    bool isSortable(int column) const;
    QString titleOf(int column) const;
    int visibleCount() const { return count() - hiddenSectionCount(); }

    QList<SortKey> m_keys{};
    bool m_shiftPressed = false;
    bool m_applying = false;
};

} // namespace gatehouse::ui
