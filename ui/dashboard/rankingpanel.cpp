#include "dashboard/rankingpanel.h"

#include "admin/traffic/traffic.h"
#include "domain/filterquery.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"
#include "widgets/uistate.h"

#include <QActionGroup>
#include <QMenu>
#include <QToolButton>
#include <QVBoxLayout>

#include <array>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Kind = admin::RankingKind;

constexpr std::array kinds{Kind::Model, Kind::Channel, Kind::User, Kind::Token};

// The sums are those of a number: several may have one name, and names change.
QString numberTerm(const QString &key, qint64 id)
{
    return domain::exactTerm(key, QString(u'#' % QString::number(id)));
}

// No wider than its words and its chevron, so that the words begin where the bars do.
class RankingHeading : public QToolButton
{
public:
    using QToolButton::QToolButton;

    QSize sizeHint() const override
    {
        const int words = fontMetrics().horizontalAdvance(text()) + 1;
        return {words + iconSize().width() + 2 * Theme::px(6), QToolButton::sizeHint().height()};
    }
};

} // namespace

QString trafficTermsOf(Kind kind, const admin::RankingEntry &entry)
{
    const admin::StatisticsFilter &filter = entry.filter;
    switch (kind) {
    case Kind::Model:
        return domain::exactTerm(u"model"_s, filter.model);
    case Kind::Channel:
        return filter.channel ? numberTerm(u"channel"_s, filter.channel->value) : QString();
    case Kind::User:
        return filter.user ? numberTerm(u"user"_s, filter.user->value) : QString();
    case Kind::Token:
        return filter.token ? numberTerm(u"token"_s, filter.token->value) : QString();
    }
    return {};
}

QString othersTermsOf(const admin::Ranking &ranking)
{
    QStringList terms;
    for (const admin::RankingEntry &entry : ranking.entries) {
        const QString term = trafficTermsOf(ranking.kind, entry);
        if (term.isEmpty())
            return {};
        terms.append(QString(u'-' % term));
    }
    return terms.join(u' ');
}

RankingPanel::RankingPanel(UiState &state, const QString &key, Kind kind, QWidget *parent)
    : QWidget(parent)
    , m_state(state)
    , m_key(u"dashboard/ranking/"_s + key)
    , m_kind(kind)
    , m_heading(new RankingHeading(this))
    , m_menu(new QMenu(this))
    , m_bars(new RankedBars(this))
    , m_empty(new SecondaryLabel(TextRole::Body, this))
    , m_texts(new Translated(this))
{
    const int remembered = state.value(m_key, -1).toInt();
    if (remembered >= 0 && remembered < static_cast<int>(kinds.size()))
        m_kind = kinds.at(static_cast<size_t>(remembered));
    m_heading->setAutoRaise(true);
    m_heading->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_heading->setLayoutDirection(Qt::RightToLeft);
    m_heading->setIconSize({Theme::px(chevronIcon), Theme::px(chevronIcon)});
    m_heading->setIcon(icon(u"chevron-down", IconColor::Secondary));
    m_heading->setFont(Theme::font(TextRole::BodyStrong));
    m_heading->setMinimumHeight(Theme::px(24));
    m_empty->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(2));
    // Its own direction, which puts the chevron behind the words, would mirror the alignment.
    layout->addWidget(m_heading, 0, Qt::AlignLeft | Qt::AlignAbsolute);
    layout->addWidget(m_empty);
    layout->addWidget(m_bars);
    layout->addStretch();
    connect(m_heading, &QToolButton::clicked, this, [this] {
        m_menu->popup(m_heading->mapToGlobal(m_heading->rect().bottomLeft()));
    });
    connect(m_bars, &RankedBars::barActivated, this, &RankingPanel::entryActivated);
    m_texts->add([this] { setTexts(); });
}

void RankingPanel::setKind(Kind kind)
{
    if (m_kind == kind)
        return;
    m_kind = kind;
    m_state.setValue(m_key, static_cast<int>(kind));
    m_ranking = {.kind = kind};
    setTexts();
    emit kindChanged();
}

void RankingPanel::setRanking(const admin::Ranking &ranking)
{
    if (ranking.kind != m_kind)
        return;
    m_ranking = ranking;
    showRanking();
}

QString RankingPanel::kindName(Kind kind) const
{
    switch (kind) {
    case Kind::Model:
        return tr("By model");
    case Kind::Channel:
        return tr("By channel");
    case Kind::User:
        return tr("By user");
    case Kind::Token:
        return tr("By token");
    }
    return {};
}

QString RankingPanel::title() const
{
    const bool spent = m_ranking.total.cost.nanoDollars > 0 || m_ranking.entries.empty();
    switch (m_kind) {
    case Kind::Model:
        return spent ? tr("Cost by model") : tr("Requests by model");
    case Kind::Channel:
        return spent ? tr("Cost by channel") : tr("Requests by channel");
    case Kind::User:
        return spent ? tr("Cost by user") : tr("Requests by user");
    case Kind::Token:
        return spent ? tr("Cost by token") : tr("Requests by token");
    }
    return {};
}

void RankingPanel::setTexts()
{
    m_menu->clear();
    auto *group = new QActionGroup(m_menu);
    for (const Kind kind : kinds) {
        QAction *action = m_menu->addAction(kindName(kind), this, [this, kind] { setKind(kind); });
        action->setCheckable(true);
        action->setChecked(kind == m_kind);
        group->addAction(action);
    }
    m_heading->setToolTip(tr("Choose what is compared"));
    m_empty->setText(tr("No requests in this time."));
    showRanking();
}

// "Other" stands last, in grey, and leads to what none of the bars before it is of.
void RankingPanel::showRanking()
{
    const bool spent = m_ranking.total.cost.nanoDollars > 0;
    const auto amount = [spent](const domain::TrafficSums &sums) {
        return static_cast<double>(spent ? sums.cost.nanoDollars : sums.requests());
    };
    const auto value = [spent](const domain::TrafficSums &sums) {
        return spent ? Format::money(sums.cost) : Format::count(sums.requests());
    };
    QList<RankedBar> bars;
    for (const admin::RankingEntry &entry : m_ranking.entries) {
        const QString name = entry.name.isEmpty() ? tr("(removed)") : entry.name;
        bars.append({.name = QString(name).replace(u'\n', u' '),
                     .value = value(entry.sums),
                     .amount = amount(entry.sums),
                     .slot = m_kind == Kind::Model ? slotFor(entry.filter.model) : ChartSlot::Blue,
                     .key = trafficTermsOf(m_kind, entry)});
    }
    if (m_ranking.others > 0) {
        bars.append({.name = tr("Other (%n)", nullptr, m_ranking.others),
                     .value = value(m_ranking.other),
                     .amount = amount(m_ranking.other),
                     .slot = ChartSlot::Grey,
                     .key = othersTermsOf(m_ranking)});
    }
    m_empty->setVisible(bars.isEmpty());
    m_bars->setVisible(!bars.isEmpty());
    m_bars->setBars(bars);
    m_heading->setText(title());
    m_bars->setAccessibleName(title());
}

} // namespace gatehouse::ui
