#include "dashboard/bottompanel.h"

#include "dashboard/attentionpanel.h"
#include "dashboard/rankingpanel.h"
#include "theme/theme.h"

#include <QEvent>
#include <QHBoxLayout>

namespace gatehouse::ui {

namespace {

// Of thirteen parts, where there is room for all.
constexpr int rankingShare = 4;
constexpr int attentionShare = 5;
constexpr int allShares = 2 * rankingShare + attentionShare;
constexpr int leastAttention = 170;

} // namespace

BottomPanel::BottomPanel(QWidget *parent)
    : Panel(parent)
    , m_layout(new QHBoxLayout(this))
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(Theme::px(26));
}

void BottomPanel::setParts(RankingPanel *first, RankingPanel *second, AttentionPanel *attention)
{
    m_rankings = {first, second};
    m_layout->addWidget(first, rankingShare);
    m_layout->addWidget(second, rankingShare);
    m_layout->addWidget(attention, attentionShare);
}

// By stretch alone: a minimum width would keep the window from becoming narrower again.
void BottomPanel::share()
{
    if (m_rankings.isEmpty())
        return;
    const auto count = static_cast<int>(m_rankings.size());
    const int room = contentsRect().width() - count * m_layout->spacing();
    const int usual = room * rankingShare / allShares;
    const int most = std::max(usual, (room - Theme::px(leastAttention)) / count);
    int rest = room;
    for (int i = 0; i < count; ++i) {
        const int width = std::clamp(m_rankings.at(i)->bars().wantedWidth(), usual, most);
        m_layout->setStretch(i, std::max(1, width));
        rest -= width;
    }
    m_layout->setStretch(count, std::max(1, rest));
    m_layout->activate();
}

// The names of the rankings have changed.
bool BottomPanel::event(QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest)
        share();
    return Panel::event(event);
}

void BottomPanel::resizeEvent(QResizeEvent *event)
{
    Panel::resizeEvent(event);
    share();
}

} // namespace gatehouse::ui
