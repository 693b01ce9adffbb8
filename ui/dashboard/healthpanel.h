#pragma once

#include "dashboard/healthgrid.h"
#include "dashboard/panel.h"

class QPushButton;

namespace gatehouse::ui {

class SectionHeading;
class Translated;

// The health of every channel within the last hour. Of many, the troubled ones and as many others as
// fit are shown until a person asks for all.
class HealthPanel : public Panel
{
    Q_OBJECT

public:
    explicit HealthPanel(QWidget *parent = nullptr);

    void setRows(std::vector<ChannelHealthRow> rows);
    HealthModel &model() { return *m_model; }
    HealthGrid &grid() { return *m_grid; }

private:
    void refresh();
    void setTexts();

    std::vector<ChannelHealthRow> m_all{};
    bool m_whole = false;
    HealthModel *m_model;
    HealthGrid *m_grid;
    SectionHeading *m_heading;
    QWidget *m_legend;
    QPushButton *m_more;
    Translated *m_texts;
};

} // namespace gatehouse::ui
