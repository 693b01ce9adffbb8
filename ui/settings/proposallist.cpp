#include "settings/proposallist.h"

#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/table/tableview.h"

#include <QHBoxLayout>
#include <QShortcut>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

ProposalList::ProposalList(QWidget *parent)
    : QWidget(parent)
    , m_model(new ProposalTable(
          ProposalColumns::columns(), [](const ProposalRow &row) { return row.number; }, this))
    , m_view(new TableView(this))
    , m_all(makeLinkButton(QString(), this))
    , m_none(makeLinkButton(QString(), this))
{
    m_view->setObjectName(u"proposals"_s);
    m_view->setModel(m_model);
    m_view->setFixedHeight(Theme::px(26 + 28 * 7));
    m_view->setCommit([this](const QModelIndex &source, const QVariant &value) {
        setTicked({source.row()}, value.toBool());
        return admin::answered(base::Result<>());
    });
    connect(m_view, &TableView::rowActivated, this, &ProposalList::toggleSelected);
    auto *space = new QShortcut(Qt::Key_Space, m_view);
    space->setContext(Qt::WidgetShortcut);
    connect(space, &QShortcut::activated, this, &ProposalList::toggleSelected);
    connect(m_all, &QPushButton::clicked, this, [this] { setAll(true); });
    connect(m_none, &QPushButton::clicked, this, [this] { setAll(false); });
    auto *links = new QHBoxLayout;
    links->setSpacing(Theme::px(12));
    links->addWidget(m_all);
    links->addWidget(m_none);
    links->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(4));
    layout->addWidget(m_view);
    layout->addLayout(links);
}

void ProposalList::retranslate()
{
    m_all->setText(tr("Tick all"));
    m_none->setText(tr("Tick none"));
    m_view->setAccessibleName(tr("Channels of the file"));
    m_model->retranslate();
}

void ProposalList::setPreview(const admin::ImportPreview &preview)
{
    m_model->setRows(ProposalColumns::rowsOf(preview));
}

std::vector<size_t> ProposalList::ticked() const
{
    std::vector<size_t> all;
    for (const ProposalRow &row : m_model->rows()) {
        if (row.ticked)
            all.push_back(static_cast<size_t>(row.number));
    }
    return all;
}

void ProposalList::setTicked(const QList<int> &rows, bool ticked)
{
    for (const int each : rows) {
        ProposalRow row = m_model->row(each);
        row.ticked = ticked;
        m_model->setRow(std::move(row));
    }
    emit tickedChanged();
}

void ProposalList::setAll(bool ticked)
{
    QList<int> rows;
    for (int row = 0; row < m_model->rowCount(); ++row)
        rows.append(row);
    setTicked(rows, ticked);
}

// All as the current one is to be.
void ProposalList::toggleSelected()
{
    const QModelIndex current = m_view->currentSourceRow();
    if (!current.isValid())
        return;
    QList<int> rows;
    for (const QModelIndex &each : m_view->selectedSourceRows())
        rows.append(each.row());
    if (!rows.contains(current.row()))
        rows = {current.row()};
    setTicked(rows, !m_model->row(current.row()).ticked);
}

} // namespace gatehouse::ui
