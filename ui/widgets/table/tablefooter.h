#pragma once

#include <QWidget>

class QAction;

namespace gatehouse::ui {

class ActionRow;
class SecondaryLabel;

// The line under a table: what is selected and what can be done with it at the left, sums at the
// right.
class TableFooter : public QWidget
{
    Q_OBJECT

public:
    explicit TableFooter(QWidget *parent = nullptr);

    // "3 selected" in bold and, in the secondary colour, what follows.
    void setSelection(const QString &text, const QString &detail = {});
    void setTotals(const QString &text);
    // A flat button for the whole selection, shown while `setBulkVisible()`. What is needed most comes first:
    // where there is no room for all, the last ones are in a menu.
    void addBulkAction(QAction *action);
    void setBulkVisible(bool visible);
    QString selectionText() const;
    QString totalsText() const;

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    SecondaryLabel *m_selection = nullptr;
    SecondaryLabel *m_detail = nullptr;
    SecondaryLabel *m_totals = nullptr;
    ActionRow *m_bulk = nullptr;
};

} // namespace gatehouse::ui
