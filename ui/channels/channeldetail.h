#pragma once

#include "channels/channelcolumns.h"
#include "widgets/services.h"

#include <QWidget>

#include <functional>
#include <optional>

class QLabel;
class QLayout;
class QVBoxLayout;

namespace gatehouse::ui {

class DetailPane;
class FactGrid;
class FirstTokenChart;
class Gauge;
class SecondaryLabel;
class StripView;

// The details of the selected channel: how it is and why, its last hour, recent failures, its keys and
// models, in which place it is tried, what is unusual about it, what happened to it.
class ChannelDetail : public QWidget
{
    Q_OBJECT

public:
    enum Tab { Overview, Keys, Models, Routing, Advanced, History };

    explicit ChannelDetail(const Services &services, QWidget *parent = nullptr);

    void show(const ChannelRow &row);
    void showNothing(int selected);
    void showTab(Tab tab);
    // So many requests run through the channel that is shown.
    void showLoad(int running);
    std::optional<domain::ChannelId> channel() const
    {
        return m_hasRow ? std::optional(m_row.channel.id) : std::nullopt;
    }
    // What "⋯" offers, asked for each time.
    void setMenu(std::function<QList<QAction *>()> actions);
    QSize sizeHint() const override;

signals:
    void closeRequested();
    void editRequested();
    void testRequested();
    // Of what the filter lets through; empty: of the channel.
    void trafficRequested(const QString &filter);
    // The requests that the channel had an attempt of in that time.
    void attemptsRequested(const gatehouse::admin::TimeRange &range);

private:
    QWidget *makeOverview();
    QWidget *makeLoad(QWidget *content);
    QLayout *makeStripTitle(QWidget *content);
    void openCells(qsizetype first, qsizetype last);
    void fetchTimes();
    QWidget *makeHistory();
    FactGrid *makeFactTab();
    void setTexts();
    void showReason(const ChannelRow &row);
    void showDetail(domain::ChannelId channel, const base::Result<admin::ChannelDetail> &detail);
    void fetchRouting();
    void fetchHistory();

    const Services m_services;
    DetailPane *m_pane = nullptr;
    QLabel *m_glyph = nullptr;
    SecondaryLabel *m_reason = nullptr;
    StripView *m_strip = nullptr;
    SecondaryLabel *m_stripTitle = nullptr;
    SecondaryLabel *m_stripScale = nullptr;
    FirstTokenChart *m_firstToken = nullptr;
    QWidget *m_load = nullptr; // hidden of a channel without a limit
    SecondaryLabel *m_loadTitle = nullptr;
    Gauge *m_gauge = nullptr;
    SecondaryLabel *m_loadText = nullptr;
    domain::ChannelId m_asked{}; // whose times are still to come
    SecondaryLabel *m_failuresTitle = nullptr;
    FactGrid *m_failures = nullptr;
    FactGrid *m_facts = nullptr;
    FactGrid *m_keys = nullptr;
    FactGrid *m_models = nullptr;
    FactGrid *m_routing = nullptr;
    FactGrid *m_advanced = nullptr;
    FactGrid *m_history = nullptr;
    SecondaryLabel *m_changesTitle = nullptr;
    FactGrid *m_changes = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_test = nullptr;
    QAction *m_traffic = nullptr;
    ChannelRow m_row{};
    bool m_hasRow = false;
    int m_selected = 0; // while there is no row
};

} // namespace gatehouse::ui
