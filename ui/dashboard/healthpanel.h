#pragma once

#include "dashboard/healthgrid.h"
#include "dashboard/panel.h"

class QPushButton;

namespace gatehouse::ui {

class SecondaryLabel;
class SectionHeading;
class Translated;

// The health of every channel within the chosen time. Of many, the troubled ones and as many others as
// fit are shown until a person asks for all.
class HealthPanel : public Panel
{
    Q_OBJECT

public:
    explicit HealthPanel(QWidget *parent = nullptr);

    // The time of which the strips of the next rows are.
    void setTime(const TimeSpan &time) { m_model->setTime(time); }
    void setRows(std::vector<ChannelHealthRow> rows);
    HealthModel &model() { return *m_model; }
    HealthGrid &grid() { return *m_grid; }

private:
    void refresh();
    void setTexts();
    void nameTime();

    std::vector<ChannelHealthRow> m_all{};
    bool m_whole = false;
    HealthModel *m_model;
    HealthGrid *m_grid;
    SectionHeading *m_heading;
    SecondaryLabel *m_scale;
    QWidget *m_legend;
    QPushButton *m_more;
    Translated *m_texts;
};

} // namespace gatehouse::ui
