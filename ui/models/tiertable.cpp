#include "models/tiertable.h"

#include "models/tiermodel.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/table/tableview.h"

#include <QHBoxLayout>
#include <QShortcut>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

TierTable::TierTable(QWidget *parent)
    : QWidget(parent)
    , m_model(new TierModel(this))
    , m_view(new TableView(this))
    , m_add(makeToolButton(u"plus"_s, tr("Add a tier"), this))
    , m_remove(makeToolButton(u"trash-2"_s, tr("Remove the selected tiers"), this))
{
    m_view->setModel(m_model);
    m_view->setFrameShape(QFrame::StyledPanel);
    m_view->setEditTriggers(QAbstractItemView::EditKeyPressed | QAbstractItemView::DoubleClicked
                            | QAbstractItemView::AnyKeyPressed);
    m_view->setFixedHeight(Theme::px(26 + 2 * 28 + 4));
    m_view->setAccessibleName(tr("Prices of long requests"));
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

    connect(m_add, &QToolButton::clicked, this, &TierTable::addTier);
    connect(m_remove, &QToolButton::clicked, this, &TierTable::removeTiers);
    auto *remove =
        new QShortcut(QKeySequence::Delete, m_view, nullptr, nullptr, Qt::WidgetShortcut);
    connect(remove, &QShortcut::activated, this, &TierTable::removeTiers);
    connect(m_view, &TableView::rowSelectionChanged, this, &TierTable::updateTools);
    connect(m_model, &TierModel::dataChanged, this, &TierTable::changed);
    connect(m_model, &TierModel::rowsRemoved, this, &TierTable::changed);
    updateTools();
}

void TierTable::setTiers(const std::vector<domain::PriceTier> &tiers)
{
    m_model->setTiers(tiers);
}

base::Result<std::vector<domain::PriceTier>> TierTable::tiers() const
{
    return m_model->tiers();
}

QStringList TierTable::entered() const
{
    QStringList texts;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        for (int column = 0; column < m_model->columnCount(); ++column)
            texts.append(m_model->index(row, column).data(Qt::EditRole).toString());
    }
    return texts;
}

void TierTable::addTier()
{
    const QModelIndex first = m_model->index(m_model->append(), 0);
    m_view->setCurrentIndex(first);
    m_view->setFocus();
    m_view->QTableView::edit(first);
}

void TierTable::removeTiers()
{
    const QModelIndexList rows = m_view->selectedSourceRows();
    for (auto row = rows.rbegin(); row != rows.rend(); ++row)
        m_model->removeRow(row->row());
    updateTools();
}

void TierTable::updateTools()
{
    m_remove->setEnabled(m_view->selectionModel()->hasSelection());
}

} // namespace gatehouse::ui
