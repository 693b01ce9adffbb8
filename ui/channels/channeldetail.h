#pragma once

#include "channels/channelcolumns.h"
#include "widgets/services.h"

#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace gatehouse::ui {

class DetailPane;
class FactGrid;
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
    QSize sizeHint() const override;

signals:
    void closeRequested();
    void editRequested();
    void testRequested();
    // Of what the filter lets through; empty: of the channel.
    void trafficRequested(const QString &filter);

private:
    QWidget *makeOverview();
    QWidget *makeFooter();
    FactGrid *makeFactTab();
    void setTexts();
    void showReason(const ChannelRow &row);
    void showDetail(domain::ChannelId channel, const base::Result<admin::ChannelDetail> &detail);
    void fetchRouting();

    const Services m_services;
    DetailPane *m_pane = nullptr;
    QLabel *m_glyph = nullptr;
    SecondaryLabel *m_reason = nullptr;
    StripView *m_strip = nullptr;
    SecondaryLabel *m_stripTitle = nullptr;
    SecondaryLabel *m_failuresTitle = nullptr;
    FactGrid *m_failures = nullptr;
    FactGrid *m_facts = nullptr;
    FactGrid *m_keys = nullptr;
    FactGrid *m_models = nullptr;
    FactGrid *m_routing = nullptr;
    FactGrid *m_advanced = nullptr;
    FactGrid *m_history = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_test = nullptr;
    QAction *m_traffic = nullptr;
    ChannelRow m_row{};
    bool m_hasRow = false;
};

} // namespace gatehouse::ui
