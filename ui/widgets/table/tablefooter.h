#pragma once

#include <QWidget>

class QAction;
class QHBoxLayout;

namespace gatehouse::ui {

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
    // A flat button for the whole selection, shown while `setBulkVisible()`.
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
    QHBoxLayout *m_bulk = nullptr;
    QWidget *m_bulkArea = nullptr;
};

} // namespace gatehouse::ui
