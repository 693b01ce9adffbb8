#include "charts/rankedbars.h"

#include "charts/budgetbar.h"
#include "charts/charttable.h"
#include "charts/timeseries.h"
#include "theme/icons.h"
#include "theme/plaintip.h"
#include "theme/theme.h"

#include <QClipboard>
#include <QContextMenuEvent>
#include <QGuiApplication>
#include <QMenu>
#include <QPainter>
#include <QScrollBar>
#include <QStandardItemModel>
#include <QStyledItemDelegate>

namespace gatehouse::ui {

namespace {

enum Role { ValueRole = Qt::UserRole, ShareRole, SlotRole, KeyRole };

constexpr int rowHeight = 25;
constexpr int valueGap = 8;

class RankedBarDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter,
               const QStyleOptionViewItem &option,
               const QModelIndex &index) const override
    {
        const Palette &palette = Theme::current();
        const QRect rect = option.rect;
        const auto slot = static_cast<ChartSlot>(index.data(SlotRole).toInt());
        const bool leads = !index.data(KeyRole).toString().isEmpty();
        const QString value = index.data(ValueRole).toString();
        painter->save();
        if (leads && (option.state & QStyle::State_MouseOver))
            painter->fillRect(rect, palette.hovered);
        painter->setFont(option.font);
        const QRect line = rect.adjusted(0, 0, 0, -Theme::px(6));
        const int valueWidth = option.fontMetrics.horizontalAdvance(value);
        painter->setPen(palette.text);
        painter->drawText(line, Qt::AlignRight | Qt::AlignVCenter, value);
        painter->setPen(slot == ChartSlot::Grey ? palette.secondary : palette.text);
        const QRect nameRect = line.adjusted(0, 0, -valueWidth - Theme::px(valueGap), 0);
        painter->drawText(nameRect,
                          Qt::AlignLeft | Qt::AlignVCenter,
                          option.fontMetrics.elidedText(
                              index.data().toString(), Qt::ElideMiddle, nameRect.width()));
        const double height = Theme::px(3);
        const double width = rect.width() * index.data(ShareRole).toDouble();
        painter->fillRect(
            QRectF(rect.left(), rect.bottom() - height - 1, std::max(width, 1.0), height),
            palette.slot(slot));
        if (option.state & QStyle::State_HasFocus) {
            painter->setRenderHint(QPainter::Antialiasing);
            painter->setPen(QPen(palette.link, 2));
            painter->drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), 3, 3);
        }
        painter->restore();
    }

    QSize sizeHint(const QStyleOptionViewItem &, const QModelIndex &) const override
    {
        return {Theme::px(80), Theme::px(rowHeight)};
    }
};

} // namespace

RankedBars::RankedBars(QWidget *parent)
    : QListView(parent)
    , m_model(new QStandardItemModel(this))
{
    setModel(m_model);
    setItemDelegate(new RankedBarDelegate(this));
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setSelectionMode(QAbstractItemView::NoSelection);
    setMouseTracking(true);
    viewport()->setAutoFillBackground(false);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    const auto report = [this](const QModelIndex &index) {
        const QString key = index.data(KeyRole).toString();
        if (!key.isEmpty())
            emit barActivated(key);
    };
    connect(this, &QListView::clicked, this, report);
    connect(this, &QListView::activated, this, report);
}

void RankedBars::setBars(const QList<RankedBar> &bars)
{
    if (m_bars == bars)
        return;
    m_bars = bars;
    double most = 0;
    for (const RankedBar &bar : bars)
        most = std::max(most, bar.amount);
    const auto count = static_cast<int>(bars.size());
    const int former = m_model->rowCount();
    const int current = std::max(0, currentIndex().row());
    if (former > count)
        m_model->removeRows(count, former - count);
    for (int row = 0; row < count; ++row) {
        const RankedBar &bar = bars.at(row);
        if (row >= former)
            m_model->appendRow(new QStandardItem);
        QStandardItem *item = m_model->item(row);
        item->setText(bar.name);
        item->setData(bar.value, ValueRole);
        item->setData(most > 0 ? bar.amount / most : 0, ShareRole);
        item->setData(static_cast<int>(bar.slot), SlotRole);
        item->setData(bar.key, KeyRole);
        item->setData(QString(bar.name % u", " % bar.value), Qt::AccessibleTextRole);
        item->setToolTip(plainTip(bar.name));
    }
    setCurrentIndex(m_model->index(std::min(current, std::max(0, count - 1)), 0));
    updateGeometry();
}

void RankedBars::copyImage()
{
    QGuiApplication::clipboard()->setImage(grab().toImage());
}

void RankedBars::copyCsv() const
{
    QString text = QStringLiteral("name,value\n");
    for (const RankedBar &bar : m_bars)
        text += QString(csvText(bar.name) % u',' % csvText(bar.value) % u'\n');
    QGuiApplication::clipboard()->setText(text);
}

void RankedBars::openTable()
{
    QList<QStringList> rows;
    for (const RankedBar &bar : m_bars)
        rows.append({bar.name, bar.value});
    ChartTable::openFor(accessibleName(), {tr("Name"), tr("Value")}, rows, window());
}

void RankedBars::contextMenuEvent(QContextMenuEvent *event)
{
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const bool byKeys = event->reason() == QContextMenuEvent::Keyboard;
    const QModelIndex index = byKeys ? currentIndex() : indexAt(event->pos());
    if (const QString key = index.data(KeyRole).toString(); !key.isEmpty()) {
        menu->addAction(icon(u"activity"), tr("Show these &requests"), this, [this, key] {
            emit barActivated(key);
        });
        menu->addSeparator();
    }
    menu->addAction(icon(u"image"), tr("Copy &image"), this, &RankedBars::copyImage);
    menu->addAction(icon(u"copy"), tr("&Copy as CSV"), this, &RankedBars::copyCsv);
    menu->addSeparator();
    menu->addAction(tr("View as &table"), this, &RankedBars::openTable);
    menu->popup(byKeys ? viewport()->mapToGlobal(visualRect(index).bottomLeft())
                       : event->globalPos());
}

int RankedBars::wantedWidth() const
{
    const QFontMetrics metrics = fontMetrics();
    constexpr qsizetype mostCharacters = 200; // no row is wider than that
    int width = 0;
    for (const RankedBar &bar : m_bars) {
        width = std::max(width,
                         metrics.horizontalAdvance(bar.name.left(mostCharacters))
                             + metrics.horizontalAdvance(bar.value));
    }
    return width + Theme::px(valueGap) + 2;
}

QSize RankedBars::sizeHint() const
{
    // One row alone is still large enough to be clicked.
    return {Theme::px(240), qMax(m_model->rowCount() * Theme::px(rowHeight), Theme::px(24))};
}

QSize RankedBars::minimumSizeHint() const
{
    return {Theme::px(80), sizeHint().height()};
}

} // namespace gatehouse::ui
