#include "models/partrowstable.h"

#include "models/partrowsmodel.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/table/tableview.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QScrollBar>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

PartRowsTable::PartRowsTable(PartRowsModel *model, const Texts &texts, QWidget *parent)
    : QWidget(parent)
    , m_rows(model)
    , m_view(new TableView(this))
    , m_add(makeToolButton(u"plus"_s, texts.add, this))
    , m_remove(makeToolButton(u"trash-2"_s, texts.remove, this))
{
    m_rows->setParent(this);
    m_view->setModel(m_rows);
    m_view->setFrameShape(QFrame::StyledPanel);
    m_view->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked
                            | QAbstractItemView::AnyKeyPressed);
    // All columns may need more room than there is beside each other.
    constexpr int rowsShown = 3;
    m_view->setFixedHeight(m_view->horizontalHeader()->sizeHint().height()
                           + rowsShown * m_view->verticalHeader()->defaultSectionSize()
                           + m_view->horizontalScrollBar()->sizeHint().height()
                           + 2 * m_view->frameWidth());
    m_view->setAccessibleName(texts.name);
    setFocusProxy(m_view);
    auto *tools = new QHBoxLayout;
    tools->setSpacing(Theme::px(2));
    tools->addWidget(m_add);
    tools->addWidget(m_remove);
    tools->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(4));
    layout->addWidget(m_view);
    layout->addLayout(tools);

    connect(m_add, &QToolButton::clicked, this, &PartRowsTable::addRow);
    connect(m_remove, &QToolButton::clicked, this, &PartRowsTable::removeSelected);
    auto *remove =
        new QShortcut(QKeySequence::Delete, m_view, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &PartRowsTable::removeSelected);
    connect(m_view, &TableView::rowSelectionChanged, this, &PartRowsTable::updateTools);
    connect(m_rows, &PartRowsModel::dataChanged, this, &PartRowsTable::changed);
    connect(m_rows, &PartRowsModel::rowsRemoved, this, &PartRowsTable::changed);
    updateTools();
}

void PartRowsTable::setCurrency(const QByteArray &currency)
{
    m_rows->setCurrency(currency);
}

QStringList PartRowsTable::entered() const
{
    QStringList texts;
    for (int row = 0; row < m_rows->rowCount(); ++row) {
        for (int column = 0; column < m_rows->columnCount(); ++column)
            texts.append(m_rows->index(row, column).data(Qt::EditRole).toString());
    }
    return texts;
}

void PartRowsTable::addRow()
{
    const QModelIndex first = m_rows->index(m_rows->append(), 0);
    m_view->setCurrentIndex(first);
    m_view->setFocus();
    m_view->QTableView::edit(first);
}

void PartRowsTable::removeSelected()
{
    const QModelIndexList rows = m_view->selectedSourceRows();
    for (auto row = rows.rbegin(); row != rows.rend(); ++row)
        m_rows->removeRow(row->row());
    updateTools();
}

void PartRowsTable::updateTools()
{
    m_remove->setEnabled(m_view->selectionModel()->hasSelection());
}

} // namespace gatehouse::ui
