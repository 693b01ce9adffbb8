#include "frame/navigation.h"

#include "frame/navigationdelegate.h"
#include "theme/icons.h"
#include "theme/theme.h"

#include <QPainter>
#include <QScopedValueRollback>
#include <QVBoxLayout>

#include <algorithm>
#include <span>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr std::array mainPages{PageId::Dashboard,
                               PageId::Traffic,
                               PageId::Channels,
                               PageId::Models,
                               PageId::Tokens,
                               PageId::Users};

QString iconOf(PageId page)
{
    switch (page) {
    case PageId::Dashboard:
        return u"layout-dashboard"_s;
    case PageId::Traffic:
        return u"activity"_s;
    case PageId::Channels:
        return u"waypoints"_s;
    case PageId::Models:
        return u"boxes"_s;
    case PageId::Tokens:
        return u"key-round"_s;
    case PageId::Users:
        return u"users"_s;
    case PageId::Settings:
        return u"settings"_s;
    }
    return {};
}

NavigationEntry entryOf(PageId page)
{
    return {.page = page, .icon = iconOf(page), .text = [page] { return Navigation::title(page); }};
}

std::vector<NavigationEntry> entriesOf(std::span<const PageId> pages)
{
    std::vector<NavigationEntry> entries;
    for (const PageId page : pages)
        entries.push_back(entryOf(page));
    return entries;
}

} // namespace

NavigationModel::NavigationModel(std::vector<NavigationEntry> entries, QObject *parent)
    : QAbstractListModel(parent)
    , m_entries(std::move(entries))
{
    for (size_t i = 0; i < m_entries.size(); ++i) {
        if (m_entries[i].shown)
            m_rows.push_back(i);
    }
}

int NavigationModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

const NavigationEntry &NavigationModel::entryAt(int row) const
{
    return m_entries[m_rows[static_cast<size_t>(row)]];
}

QString NavigationModel::accessibleText(const NavigationEntry &entry) const
{
    const QString text = entry.text();
    return entry.badge.meaning.isEmpty() ? text : u"%1, %2"_s.arg(text, entry.badge.meaning);
}

QVariant NavigationModel::data(const QModelIndex &index, int role) const
{
    if (!checkIndex(index, CheckIndexOption::IndexIsValid))
        return {};
    const NavigationEntry &entry = entryAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return entry.text();
    case Qt::DecorationRole:
        return icon(entry.icon);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole:
        return accessibleText(entry);
    case PageRole:
        return static_cast<int>(entry.page);
    case BadgeCountRole:
        return entry.badge.count;
    case BadgeWarningRole:
        return entry.badge.warning;
    default:
        return {};
    }
}

void NavigationModel::setBadge(PageId page, const Badge &badge)
{
    for (NavigationEntry &entry : m_entries) {
        if (entry.page != page || entry.badge == badge)
            continue;
        entry.badge = badge;
        if (const std::optional<int> row = rowOf(page))
            emit dataChanged(index(*row), index(*row));
    }
}

void NavigationModel::setShown(PageId page, bool shown)
{
    const auto found = std::find_if(
        m_entries.begin(), m_entries.end(), [&](const auto &entry) { return entry.page == page; });
    if (found == m_entries.end() || found->shown == shown)
        return;
    found->shown = shown;
    const auto entry = static_cast<size_t>(found - m_entries.begin());
    const auto place = std::lower_bound(m_rows.begin(), m_rows.end(), entry);
    const auto row = static_cast<int>(place - m_rows.begin());
    if (shown) {
        beginInsertRows({}, row, row);
        m_rows.insert(place, entry);
        endInsertRows();
    } else {
        beginRemoveRows({}, row, row);
        m_rows.erase(place);
        endRemoveRows();
    }
}

std::optional<int> NavigationModel::rowOf(PageId page) const
{
    for (int row = 0; row < rowCount(); ++row) {
        if (entryAt(row).page == page)
            return row;
    }
    return std::nullopt;
}

PageId NavigationModel::pageAt(int row) const
{
    return entryAt(row).page;
}

void NavigationModel::retranslate()
{
    if (rowCount() > 0)
        emit dataChanged(index(0), index(rowCount() - 1));
}

Navigation::Navigation(QWidget *parent)
    : QWidget(parent)
    , m_pages(new NavigationModel(entriesOf(mainPages), this))
    , m_others(new NavigationModel({entryOf(PageId::Settings)}, this))
    , m_pageList(makeList(m_pages))
    , m_otherList(makeList(m_others))
    , m_collapse(new QToolButton(this))
    , m_texts(new Translated(this))
{
    auto *line = new QFrame(this);
    line->setFrameShape(QFrame::HLine);
    line->setForegroundRole(QPalette::Mid);
    m_collapse->setAutoRaise(true);
    m_collapse->setIcon(icon(u"chevrons-left"_s));
    connect(m_collapse, &QToolButton::clicked, this, [this] { setCollapsed(!m_collapsed); });

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::px(6), Theme::px(8), Theme::px(7), Theme::px(6));
    layout->setSpacing(Theme::px(4));
    layout->addWidget(m_pageList, 1);
    layout->addWidget(line);
    layout->addWidget(m_otherList);
    layout->addWidget(m_collapse, 0, Qt::AlignLeft);
    setTabOrder(m_pageList, m_otherList);

    m_texts->add([this] {
        m_pages->retranslate();
        m_others->retranslate();
        m_pageList->setAccessibleName(tr("Pages"));
        m_otherList->setAccessibleName(tr("More pages"));
        m_collapse->setToolTip(m_collapsed ? tr("Show names") : tr("Show icons only"));
        m_collapse->setAccessibleName(m_collapse->toolTip());
    });
    applyWidth();
    select(PageId::Dashboard);
}

QListView *Navigation::makeList(NavigationModel *model)
{
    auto *list = new QListView(this);
    list->setModel(model);
    list->setItemDelegate(new NavigationDelegate(list));
    list->setFrameShape(QFrame::NoFrame);
    list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    list->setSelectionMode(QAbstractItemView::SingleSelection);
    list->setUniformItemSizes(true);
    list->setMouseTracking(true);
    list->viewport()->setAutoFillBackground(false);
    // Not by the current row: a list that gets the focus takes one by itself.
    connect(list->selectionModel(),
            &QItemSelectionModel::selectionChanged,
            this,
            [this, model](const QItemSelection &now) {
                if (!m_isMarking && !now.isEmpty())
                    choose(model->pageAt(now.constFirst().top()));
            });
    const auto finish = [this, model](const QModelIndex &index) {
        choose(model->pageAt(index.row()));
        emit chosen();
    };
    connect(list, &QListView::clicked, this, finish);
    connect(list, &QListView::activated, this, finish);
    return list;
}

void Navigation::choose(PageId page)
{
    const bool isOther = page != m_page;
    select(page);
    if (isOther)
        emit selected(page);
}

void Navigation::select(PageId page)
{
    m_page = page;
    markPage();
}

// One page is marked in both lists together; none while that page is not listed.
void Navigation::markPage()
{
    const QScopedValueRollback marking(m_isMarking, true);
    for (const QListView *list : {m_pageList, m_otherList}) {
        const auto *model = static_cast<const NavigationModel *>(list->model());
        if (const std::optional<int> row = model->rowOf(m_page)) {
            list->selectionModel()->setCurrentIndex(model->index(*row),
                                                    QItemSelectionModel::ClearAndSelect);
        } else {
            list->selectionModel()->clearSelection();
        }
    }
}

void Navigation::setBadge(PageId page, const Badge &badge)
{
    m_pages->setBadge(page, badge);
    m_others->setBadge(page, badge);
}

void Navigation::setShown(PageId page, bool shown)
{
    {
        // A list whose current row goes takes the next one, which nobody chose.
        const QScopedValueRollback marking(m_isMarking, true);
        m_pages->setShown(page, shown);
        m_others->setShown(page, shown);
    }
    markPage();
    m_otherList->setVisible(m_others->rowCount() > 0);
}

QList<PageId> Navigation::pages() const
{
    QList<PageId> pages;
    for (const NavigationModel *model : {m_pages, m_others}) {
        for (int row = 0; row < model->rowCount(); ++row)
            pages.append(model->pageAt(row));
    }
    return pages;
}

QString Navigation::title(PageId page)
{
    switch (page) {
    case PageId::Dashboard:
        return tr("Dashboard");
    case PageId::Traffic:
        return tr("Traffic");
    case PageId::Channels:
        return tr("Channels");
    case PageId::Models:
        return tr("Models");
    case PageId::Tokens:
        return tr("Tokens");
    case PageId::Users:
        return tr("Users");
    case PageId::Settings:
        return tr("Settings");
    }
    return {};
}

void Navigation::setCollapsed(bool collapsed)
{
    if (std::exchange(m_collapsed, collapsed) == collapsed)
        return;
    m_collapse->setIcon(icon(collapsed ? u"chevrons-right"_s : u"chevrons-left"_s));
    m_collapse->setToolTip(collapsed ? tr("Show names") : tr("Show icons only"));
    m_collapse->setAccessibleName(m_collapse->toolTip());
    applyWidth();
    emit collapsedChanged(collapsed);
}

int Navigation::expandedWidth() const
{
    return Theme::px(168);
}

void Navigation::applyWidth()
{
    setFixedWidth(m_collapsed ? Theme::px(44) : expandedWidth());
    m_otherList->setFixedHeight(Theme::px(30) * m_others->rowCount());
}

void Navigation::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        applyWidth();
    QWidget::changeEvent(event);
}

void Navigation::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::current().side);
    painter.fillRect(QRect(width() - 1, 0, 1, height()), Theme::current().line);
}

} // namespace gatehouse::ui
