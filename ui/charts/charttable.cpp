#include "charts/charttable.h"

#include "charts/timeseries.h"
#include "theme/theme.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QPushButton>
#include <QStandardItemModel>
#include <QTableView>
#include <QVBoxLayout>

namespace gatehouse::ui {

namespace {

QString csvLine(const QStringList &texts)
{
    QStringList values;
    for (const QString &text : texts)
        values.append(csvText(text));
    return values.join(u',') + u'\n';
}

QList<QStandardItem *> itemsOf(const QStringList &texts)
{
    QList<QStandardItem *> items;
    for (const QString &text : texts) {
        items.append(new QStandardItem(text));
        // The first is the name or the time, the others are numbers.
        if (items.size() > 1)
            items.last()->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    }
    return items;
}

} // namespace

ChartTable::ChartTable(const QString &title,
                       const QStringList &columns,
                       const QList<QStringList> &rows,
                       QWidget *parent)
    : QDialog(parent)
    , m_columns(columns)
    , m_rows(rows)
    , m_table(new QTableView(this))
{
    setWindowTitle(title);
    auto *model = new QStandardItemModel(0, static_cast<int>(columns.size()), this);
    model->setHorizontalHeaderLabels(columns);
    for (const QStringList &row : rows)
        model->appendRow(itemsOf(row));
    m_table->setModel(model);
    m_table->setAccessibleName(title);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setPalette(viewPalette(Theme::current()));
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(Theme::px(28));
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    auto *buttons = new QDialogButtonBox(QDialogButtonBox::Close, this);
    QPushButton *copy = buttons->addButton(tr("&Copy as CSV"), QDialogButtonBox::ActionRole);
    connect(copy, &QPushButton::clicked, this, [this] {
        QGuiApplication::clipboard()->setText(csv());
    });
    connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_table, 1);
    layout->addWidget(buttons);
    resize(Theme::px(560), Theme::px(420));
}

void ChartTable::openFor(const QString &title,
                         const QStringList &columns,
                         const QList<QStringList> &rows,
                         QWidget *parent)
{
    auto *dialog = new ChartTable(title, columns, rows, parent);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

QString ChartTable::csv() const
{
    QString text = csvLine(m_columns);
    for (const QStringList &row : m_rows)
        text += csvLine(row);
    return text;
}

} // namespace gatehouse::ui
