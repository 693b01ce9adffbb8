#pragma once

#include "dashboard/panel.h"

class QHBoxLayout;

namespace gatehouse::ui {

class AttentionPanel;
class RankingPanel;

// The rankings and what needs attention, side by side. In a narrow window the rankings take from
// their neighbour what their names need.
class BottomPanel : public Panel
{
    Q_OBJECT

public:
    explicit BottomPanel(QWidget *parent = nullptr);

    // To be called once; the panel owns them.
    void setParts(RankingPanel *first, RankingPanel *second, AttentionPanel *attention);

protected:
    bool event(QEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void share();

    QHBoxLayout *m_layout;
    QList<RankingPanel *> m_rankings{};
};

} // namespace gatehouse::ui
