#include "widgets/detailpane.h"

#include "theme/icons.h"
#include "theme/lettertile.h"
#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/secondarylabel.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QMenu>
#include <QPainter>
#include <QStackedWidget>
#include <QTabBar>
#include <QToolButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

DetailPane::DetailPane(QWidget *parent)
    : QWidget(parent)
    , m_header(new QWidget(this))
    , m_mark(new QLabel(this))
    , m_title(new SecondaryLabel(TextRole::BodyStrong, this))
    , m_subtitle(new SecondaryLabel(TextRole::Body, this))
    , m_identifier(new SecondaryLabel(TextRole::Fixed, this))
    , m_tools(new QHBoxLayout)
    , m_close(makeToolButton(u"x"_s, tr("Close the details"), this))
    , m_tabs(new QTabBar(this))
    , m_allTabs(makeToolButton(u"ellipsis"_s, tr("All tabs"), this))
    , m_tabMenu(std::make_unique<QMenu>())
    , m_bodies(new QStackedWidget(this))
    , m_placeholder(new SecondaryLabel(TextRole::Body, this))
    , m_layout(new QVBoxLayout(this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_title->setPlain(true);
    m_mark->hide();
    m_identifier->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_subtitle->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_placeholder->setAlignment(Qt::AlignCenter);
    m_placeholder->setWordWrap(true);
    m_placeholder->hide();
    m_tabs->setDocumentMode(true);
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(true);
    m_tabs->setElideMode(Qt::ElideNone);
    m_tabs->hide();
    m_allTabs->setMenu(m_tabMenu.get());
    m_allTabs->setPopupMode(QToolButton::InstantPopup);
    m_allTabs->hide();

    auto *header = new QHBoxLayout(m_header);
    header->setContentsMargins(Theme::px(12), Theme::px(6), Theme::px(6), Theme::px(4));
    header->setSpacing(Theme::px(8));
    header->addWidget(m_mark);
    header->addWidget(m_title);
    header->addWidget(m_subtitle, 1);
    header->addWidget(m_identifier);
    m_tools->setSpacing(Theme::px(2));
    header->addLayout(m_tools);
    header->addWidget(m_close);

    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    m_layout->addWidget(m_header);
    auto *tabs = new QHBoxLayout;
    tabs->setContentsMargins(0, 0, 0, 0);
    tabs->setSpacing(0);
    tabs->addWidget(m_tabs, 1);
    tabs->addWidget(m_allTabs);
    m_layout->addLayout(tabs);
    m_layout->addWidget(m_bodies, 1);
    m_layout->addWidget(m_placeholder, 1);
    connect(m_close, &QToolButton::clicked, this, &DetailPane::closeRequested);
    connect(m_tabMenu.get(), &QMenu::aboutToShow, this, &DetailPane::fillTabMenu);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_bodies->setCurrentIndex(tab);
        emit currentTabChanged(tab);
    });
}

DetailPane::~DetailPane() = default;

void DetailPane::setTitle(const QString &title, const QString &subtitle)
{
    m_title->setText(title);
    m_title->setToolTip(plainTip(title));
    m_subtitle->setText(subtitle);
    m_subtitle->setToolTip(plainTip(subtitle));
    setAccessibleName(title);
}

void DetailPane::setTile(const QString &name)
{
    m_tile = name;
    m_glyph.reset();
    applyLook();
}

void DetailPane::setGlyph(Glyph glyph, Tone tone)
{
    m_tile.clear();
    m_glyph = {glyph, tone};
    applyLook();
}

void DetailPane::setIdentifier(const QString &identifier)
{
    m_identifier->setText(identifier);
}

void DetailPane::addTool(QAction *action)
{
    m_tools->addWidget(makeToolButton(action, m_header));
}

void DetailPane::addMenu(std::function<QList<QAction *>()> actions)
{
    m_more = makeToolButton(u"ellipsis"_s, tr("More"), m_header);
    auto *menu = new QMenu(m_more);
    connect(menu, &QMenu::aboutToShow, this, [menu, actions = std::move(actions)] {
        menu->clear();
        menu->addActions(actions());
    });
    m_more->setMenu(menu);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_tools->addWidget(m_more);
}

int DetailPane::addTab(const QString &title, QWidget *body)
{
    const int tab = m_bodies->addWidget(body);
    m_tabs->addTab(title);
    m_tabs->show();
    placeTabs();
    return tab;
}

void DetailPane::setTabTitle(int tab, const QString &title)
{
    m_tabs->setTabText(tab, title);
    placeTabs();
}

int DetailPane::tabsWidth() const
{
    return m_tabs->sizeHint().width();
}

void DetailPane::placeTabs()
{
    m_allTabs->setVisible(!m_tabs->isHidden() && tabsWidth() > width());
}

void DetailPane::fillTabMenu()
{
    m_tabMenu->clear();
    for (int tab = 0; tab < m_tabs->count(); ++tab) {
        QAction *entry =
            m_tabMenu->addAction(m_tabs->tabText(tab), this, [this, tab] { setCurrentTab(tab); });
        entry->setCheckable(true);
        entry->setChecked(tab == currentTab());
    }
}

int DetailPane::currentTab() const
{
    return m_tabs->currentIndex();
}

void DetailPane::setCurrentTab(int tab)
{
    m_tabs->setCurrentIndex(tab);
}

void DetailPane::setBody(QWidget *body)
{
    m_bodies->setCurrentIndex(m_bodies->addWidget(body));
}

void DetailPane::setFooter(QWidget *footer)
{
    delete m_footer;
    m_footer = footer;
    if (footer)
        m_layout->addWidget(footer);
}

void DetailPane::setPlaceholder(const QString &text)
{
    const bool shown = !text.isEmpty();
    m_placeholder->setText(text);
    m_placeholder->setVisible(shown);
    m_bodies->setVisible(!shown);
    m_tabs->setVisible(!shown && m_tabs->count() > 0);
    placeTabs();
    if (m_footer)
        m_footer->setVisible(!shown);
}

void DetailPane::applyLook()
{
    m_mark->setVisible(m_glyph || !m_tile.isEmpty());
    const int size = Theme::px(m_glyph ? 14 : 22);
    QPixmap pixmap(QSize(size, size) * devicePixelRatioF());
    pixmap.setDevicePixelRatio(devicePixelRatioF());
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    const QRectF box(0, 0, size, size);
    if (m_glyph)
        paintGlyph(&painter, box, m_glyph->first, Theme::current().tone(m_glyph->second).mark);
    else if (!m_tile.isEmpty())
        paintLetterTile(&painter, box, m_tile);
    painter.end();
    m_mark->setPixmap(pixmap);
}

void DetailPane::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        applyLook();
    if (event->type() == QEvent::LanguageChange) {
        m_close->setAccessibleName(tr("Close the details"));
        m_close->setToolTip(tr("Close the details"));
        m_allTabs->setAccessibleName(tr("All tabs"));
        m_allTabs->setToolTip(tr("All tabs"));
        if (m_more) {
            m_more->setAccessibleName(tr("More"));
            m_more->setToolTip(tr("More"));
        }
    }
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        placeTabs();
}

void DetailPane::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    placeTabs();
}

void DetailPane::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    const QColor line = Theme::current().edge;
    if (m_tabs->isVisible())
        painter.fillRect(0, m_tabs->geometry().bottom(), width(), 1, line);
    else
        painter.fillRect(0, m_header->geometry().bottom(), width(), 1, Theme::current().line);
    if (m_footer && m_footer->isVisible())
        painter.fillRect(0, m_footer->geometry().top(), width(), 1, Theme::current().line);
}

} // namespace gatehouse::ui
