#include "channeleditor/channelmodelsheet.h"

#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/dialogs/dialoglayout.h"
#include "widgets/naturalorder.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSortFilterProxyModel>
#include <QStandardItemModel>
#include <QVBoxLayout>

namespace gatehouse::ui {

ChannelModelSheet::ChannelModelSheet(const QStringList &listed,
                                     const QStringList &chosen,
                                     QWidget *parent)
    : QDialog(parent)
    , m_model(new QStandardItemModel(this))
    , m_filter(new QSortFilterProxyModel(this))
{
    setWindowTitle(tr("Choose models"));
    QStringList all = listed + chosen;
    all.removeDuplicates();
    sortNaturally(all);
    for (const QString &model : std::as_const(all))
        addModel(model, chosen.contains(model));
    build();
    refresh();
    m_search->setFocus();
}

void ChannelModelSheet::build()
{
    m_filter->setSourceModel(m_model);
    m_filter->setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_search = new QLineEdit(this);
    m_search->setPlaceholderText(tr("Search, or type a model and press Enter"));
    m_search->setAccessibleName(tr("Search models"));
    m_search->setClearButtonEnabled(true);
    m_view = new QListView(this);
    m_view->setModel(m_filter);
    m_view->setUniformItemSizes(true);
    m_view->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_view->setAccessibleName(tr("Models"));
    m_summary = new QLabel(this);
    auto *all = makeLinkButton(tr("Choose all shown"), this);
    auto *none = makeLinkButton(tr("Choose none shown"), this);
    auto *footer = new DialogFooter(this);
    auto *apply = footer->addButton(tr("Use these models"), QDialogButtonBox::AcceptRole);
    footer->addButton(QDialogButtonBox::Cancel);
    m_search->installEventFilter(this);

    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::px(12));
    line->addWidget(m_summary, 1);
    line->addWidget(all);
    line->addWidget(none);
    QVBoxLayout *content = layOut(this, footer);
    const int margin = Theme::px(16);
    content->setContentsMargins(margin, margin, margin, Theme::px(12));
    content->setSpacing(Theme::px(8));
    content->addWidget(m_search);
    content->addWidget(m_view, 1);
    content->addLayout(line);
    resize(Theme::px(440), Theme::px(480));

    connect(m_search, &QLineEdit::textChanged, m_filter, [this](const QString &text) {
        m_filter->setFilterFixedString(text.trimmed());
    });
    connect(m_model, &QStandardItemModel::itemChanged, this, &ChannelModelSheet::refresh);
    connect(all, &QPushButton::clicked, this, [this] { checkShown(true); });
    connect(none, &QPushButton::clicked, this, [this] { checkShown(false); });
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);
    connect(apply, &QPushButton::clicked, this, [this] {
        emit confirmed(chosen());
        accept();
    });
}

// Enter in the search adds what was typed and does not reach the default button.
bool ChannelModelSheet::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_search && event->type() == QEvent::KeyPress) {
        const int key = static_cast<QKeyEvent *>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            addTyped();
            return true;
        }
    }
    return QDialog::eventFilter(watched, event);
}

void ChannelModelSheet::addModel(const QString &model, bool checked)
{
    auto *item = new QStandardItem(model);
    item->setCheckable(true);
    item->setCheckState(checked ? Qt::Checked : Qt::Unchecked);
    m_model->appendRow(item);
}

void ChannelModelSheet::addTyped()
{
    const QString model = m_search->text().trimmed();
    if (model.isEmpty())
        return;
    const QList<QStandardItem *> same = m_model->findItems(model);
    if (same.isEmpty())
        addModel(model, true);
    else
        same.front()->setCheckState(Qt::Checked);
    m_search->clear();
    refresh();
}

void ChannelModelSheet::checkShown(bool checked)
{
    for (int row = 0; row < m_filter->rowCount(); ++row) {
        m_filter->setData(
            m_filter->index(row, 0), checked ? Qt::Checked : Qt::Unchecked, Qt::CheckStateRole);
    }
}

QStringList ChannelModelSheet::chosen() const
{
    QStringList models;
    for (int row = 0; row < m_model->rowCount(); ++row) {
        const QStandardItem *item = m_model->item(row);
        if (item->checkState() == Qt::Checked)
            models.append(item->text());
    }
    return models;
}

void ChannelModelSheet::refresh()
{
    if (m_summary) {
        m_summary->setText(
            tr("%1 of %n chosen", nullptr, m_model->rowCount()).arg(chosen().size()));
    }
}

} // namespace gatehouse::ui
