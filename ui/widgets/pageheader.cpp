#include "widgets/pageheader.h"

#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/secondarylabel.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

PageHeader::PageHeader(QWidget *parent)
    : QWidget(parent)
    , m_title(new SecondaryLabel(TextRole::PageTitle, this))
    , m_count(new SecondaryLabel(TextRole::Body, this))
    , m_left(new QHBoxLayout)
    , m_right(new QHBoxLayout)
    , m_overflow(makeToolButton(u"ellipsis"_s, tr("More"), this))
    , m_menu(new QMenu(this))
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_title->setPlain(true);
    m_count->hide();
    m_overflow->setMenu(m_menu);
    m_overflow->setPopupMode(QToolButton::InstantPopup);
    m_overflow->hide();
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(Theme::px(16), 0, Theme::px(12), 0);
    layout->setSpacing(Theme::px(8));
    m_left->setSpacing(Theme::px(8));
    m_right->setSpacing(Theme::px(8));
    layout->addWidget(m_title);
    layout->addWidget(m_count, 0, Qt::AlignVCenter);
    layout->addLayout(m_left);
    layout->addStretch();
    layout->addLayout(m_right);
    layout->addWidget(m_overflow);
}

void PageHeader::setTitle(const QString &title)
{
    m_title->setText(title);
}

void PageHeader::setCount(std::optional<qint64> count)
{
    m_count->setVisible(count.has_value());
    m_count->setText(count ? QLocale().toString(*count) : QString());
}

void PageHeader::addLeft(QWidget *widget)
{
    m_left->addWidget(widget);
}

void PageHeader::addWidget(QWidget *widget)
{
    m_right->addWidget(widget);
}

void PageHeader::addFilter(QWidget *field)
{
    field->setMinimumWidth(Theme::px(120));
    field->setMaximumWidth(Theme::px(292));
    field->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_right->addWidget(field, 1);
    static_cast<QHBoxLayout *>(layout())->setStretchFactor(m_right, 1000);
    m_right->insertStretch(0);
}

void PageHeader::addButton(QAction *action)
{
    m_right->addWidget(makeButton(action, this));
}

void PageHeader::addPrimary(QAction *action)
{
    m_primary = makeButton(action, this);
    m_primary->setDefault(true);
    m_right->addWidget(m_primary);
}

void PageHeader::addToggle(QAction *action)
{
    m_right->addWidget(makeToolButton(action, this));
}

void PageHeader::setOverflow(std::function<QList<QAction *>()> actions)
{
    m_overflow->show();
    connect(m_menu, &QMenu::aboutToShow, this, [this, actions = std::move(actions)] {
        m_menu->clear();
        m_menu->addActions(actions());
    });
}

void PageHeader::setPrimaryEmphasised(bool emphasised)
{
    if (m_primary)
        m_primary->setDefault(emphasised);
}

QSize PageHeader::sizeHint() const
{
    return {QWidget::sizeHint().width(), Theme::px(46)};
}

void PageHeader::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::LanguageChange)
        return;
    m_overflow->setAccessibleName(tr("More"));
    m_overflow->setToolTip(tr("More"));
}

void PageHeader::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.fillRect(0, height() - 1, m_line ? width() : 0, 1, Theme::current().line);
}

void PageHeader::setLineVisible(bool visible)
{
    m_line = visible;
    update();
}

} // namespace gatehouse::ui
