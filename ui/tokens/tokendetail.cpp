#include "tokens/tokendetail.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "domain/filterquery.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "tokens/tokenfacts.h"
#include "widgets/detailpane.h"
#include "widgets/detailparts.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"

#include <QAction>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int daysShown = 30;
constexpr qint64 dayLength = 24LL * 60 * 60 * 1000;
constexpr int linesRead = 200;

} // namespace

TokenDetail::TokenDetail(const Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_pane(new DetailPane(this))
    , m_edit(new QAction(icon(u"pencil"_s), {}, this))
    , m_traffic(new QAction(icon(u"activity"_s), {}, this))
{
    connect(m_edit, &QAction::triggered, this, &TokenDetail::editRequested);
    connect(m_traffic, &QAction::triggered, this, [this] {
        emit trafficRequested(TokenFacts::termsOf(m_row.token.id));
    });
    connect(m_pane, &DetailPane::closeRequested, this, &TokenDetail::closeRequested);
    m_pane->addTool(m_edit);
    m_pane->setBody(makeBody());
    m_pane->setFooter(makeDetailFooter({m_traffic, m_edit}, this));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_pane);
    setMinimumWidth(Theme::px(280));
    (new Translated(this))->add([this] { setTexts(); });
    showNothing(0);
}

QWidget *TokenDetail::makeBody()
{
    auto *content = new QWidget(this);
    m_monthTitle = makeDetailTitle(content);
    m_days = new SparklineWidget(content);
    m_days->setMinimumHeight(Theme::px(56));
    m_month = new FactGrid(content);
    m_facts = new FactGrid(content);
    m_usesTitle = makeDetailTitle(content);
    m_uses = new FactGrid(content);
    QVBoxLayout *layout = makeDetailColumn(content);
    layout->addWidget(m_monthTitle);
    layout->addWidget(m_days);
    layout->addWidget(m_month);
    layout->addSpacing(Theme::px(4));
    layout->addWidget(m_usesTitle);
    layout->addWidget(m_uses);
    layout->addWidget(makeDetailLine(content));
    layout->addWidget(m_facts);
    layout->addStretch(1);
    connect(m_month, &FactGrid::doorOpened, this, &TokenDetail::trafficRequested);
    connect(m_uses, &FactGrid::doorOpened, this, &TokenDetail::trafficRequested);
    return makeDetailScrolled(content, this);
}

void TokenDetail::setTexts()
{
    m_edit->setText(tr("Edit…"));
    m_traffic->setText(tr("View traffic"));
    m_monthTitle->setText(tr("Requests of the last 30 days"));
    m_usesTitle->setText(tr("Last used by"));
    if (!m_hasRow)
        return showNothing(m_selected);
    show(m_row);
    fetch();
}

QSize TokenDetail::sizeHint() const
{
    return {Theme::px(340), QWidget::sizeHint().height()};
}

void TokenDetail::showNothing(int selected)
{
    m_hasRow = false;
    m_selected = selected;
    m_pane->setTitle(QString());
    m_pane->setPlaceholder(selected == 0 ? tr("Select a token to see its details.")
                                         : tr("%n tokens are selected.", nullptr, selected));
    for (QAction *action : {m_edit, m_traffic})
        action->setEnabled(false);
}

void TokenDetail::show(const admin::TokenListing &row)
{
    const bool another = !m_hasRow || m_row.token.id != row.token.id;
    const bool wasUsed = m_row.token.accessedAt != row.token.accessedAt;
    m_row = row;
    m_hasRow = true;
    m_pane->setPlaceholder(QString());
    m_pane->setTitle(row.token.name, row.owner);
    const QDateTime now = QDateTime::currentDateTime();
    const Cell state = TokenColumns::stateCell(row.token, now);
    m_pane->setGlyph(state.glyph.value_or(Glyph::Disc), state.tone.value_or(Tone::Neutral));
    for (QAction *action : {m_edit, m_traffic})
        action->setEnabled(true);
    m_facts->setFacts(TokenFacts::settings(row, now));
    if (another) {
        m_month->setFacts({});
        m_uses->setFacts({});
        m_days->setLine({});
    }
    if (another || wasUsed)
        fetch();
}

void TokenDetail::fetch()
{
    const domain::TokenId id = m_row.token.id;
    const auto isShown = [this, id] { return m_hasRow && m_row.token.id == id; };
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    admin::whenDone(
        m_services.administration.statistics.series(
            {.since = now - daysShown * dayLength, .until = now}, daysShown, {.token = id}),
        this,
        [this, isShown](const base::Result<admin::Series> &series) {
            if (isShown())
                showMonth(series);
        });
    const QString filter = TokenFacts::termsOf(id, u"since:30d"_s);
    admin::whenDone(
        m_services.administration.traffic.page(
            domain::filterQueryFrom(filter, admin::TrafficService::filterKeys()), {}, linesRead),
        this,
        [this, isShown](const base::Result<admin::TrafficPage> &page) {
            if (isShown())
                showUses(page);
        });
}

void TokenDetail::showMonth(const base::Result<admin::Series> &series)
{
    if (!series) {
        m_month->setFacts({{.text = series.error().message.translated()}});
        return;
    }
    m_days->setLine(TokenFacts::lineOf(*series));
    m_days->setAccessibleName(tr("Requests of the last 30 days, day by day"));
    m_month->setFacts(TokenFacts::month(m_row.token.id, *series));
}

void TokenDetail::showUses(const base::Result<admin::TrafficPage> &page)
{
    if (!page) {
        m_uses->setFacts({{.text = page.error().message.translated()}});
        return;
    }
    m_uses->setFacts(TokenFacts::uses(m_row, page->lines, QDateTime::currentDateTime()));
}

} // namespace gatehouse::ui
