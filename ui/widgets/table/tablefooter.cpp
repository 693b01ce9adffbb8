#include "widgets/table/tablefooter.h"

#include "theme/theme.h"
#include "widgets/secondarylabel.h"
#include "widgets/table/actionrow.h"

#include <QHBoxLayout>
#include <QPainter>

namespace gatehouse::ui {

TableFooter::TableFooter(QWidget *parent)
    : QWidget(parent)
    , m_selection(new SecondaryLabel(TextRole::Small, this))
    , m_detail(new SecondaryLabel(TextRole::Small, this))
    , m_totals(new SecondaryLabel(TextRole::Small, this))
    , m_bulk(new ActionRow(this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(Theme::px(12), 1, Theme::px(12), 0);
    layout->setSpacing(Theme::px(6));
    m_bulk->hide();
    layout->addWidget(m_selection);
    layout->addWidget(m_detail);
    layout->addSpacing(Theme::px(2));
    layout->addWidget(m_bulk);
    layout->addStretch();
    layout->addWidget(m_totals);
}

void TableFooter::setSelection(const QString &text, const QString &detail)
{
    m_selection->setText(text);
    m_selection->setVisible(!text.isEmpty()); // nor is there room before what follows
    m_detail->setText(detail);
}

void TableFooter::setTotals(const QString &text)
{
    m_totals->setText(text);
}

void TableFooter::addBulkAction(QAction *action)
{
    m_bulk->addRowAction(action);
}

void TableFooter::setBulkVisible(bool visible)
{
    m_bulk->setVisible(visible);
    m_selection->setPlain(visible);
    m_selection->setRole(visible ? TextRole::SmallStrong : TextRole::Small);
}

QString TableFooter::selectionText() const
{
    return m_selection->text() + m_detail->text();
}

QString TableFooter::totalsText() const
{
    return m_totals->text();
}

QSize TableFooter::sizeHint() const
{
    return {QWidget::sizeHint().width(), Theme::px(26)};
}

void TableFooter::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.fillRect(0, 0, width(), 1, Theme::current().line);
}

} // namespace gatehouse::ui
