#pragma once

#include "channels/channelcolumns.h"
#include "widgets/services.h"

#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace gatehouse::ui {

class DetailPane;
class ChannelFacts;
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
    QWidget *makeHistory();
    QWidget *makeFooter();
    ChannelFacts *makeFactTab();
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
    SecondaryLabel *m_failuresTitle = nullptr;
    ChannelFacts *m_failures = nullptr;
    ChannelFacts *m_facts = nullptr;
    ChannelFacts *m_keys = nullptr;
    ChannelFacts *m_models = nullptr;
    ChannelFacts *m_routing = nullptr;
    ChannelFacts *m_advanced = nullptr;
    ChannelFacts *m_history = nullptr;
    SecondaryLabel *m_changesTitle = nullptr;
    ChannelFacts *m_changes = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_test = nullptr;
    QAction *m_traffic = nullptr;
    ChannelRow m_row{};
    bool m_hasRow = false;
};

} // namespace gatehouse::ui
