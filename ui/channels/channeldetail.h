#pragma once

#include "channels/channelcolumns.h"
#include "widgets/services.h"

#include <QWidget>

class QLabel;
class QVBoxLayout;

namespace gatehouse::ui {

class DetailPane;
class StripView;

// The details of the selected channel: how it is and why, its last hour, recent failures, where its
// requests go, its keys and models.
class ChannelDetail : public QWidget
{
    Q_OBJECT

public:
    explicit ChannelDetail(const Services &services, QWidget *parent = nullptr);

    void show(const ChannelRow &row);
    void showNothing(int selected);

signals:
    void closeRequested();
    void editRequested();
    void testRequested();
    void trafficRequested(const QString &more);

private:
    QWidget *makeOverview();
    QWidget *makeKeys();
    QWidget *makeModels();
    QWidget *makeFooter();
    void setTexts();
    void showDetail(domain::ChannelId channel, const base::Result<admin::ChannelDetail> &detail);
    void showFacts();

    const Services m_services;
    DetailPane *m_pane = nullptr;
    QLabel *m_reason = nullptr;
    StripView *m_strip = nullptr;
    QLabel *m_stripTitle = nullptr;
    QLabel *m_failuresTitle = nullptr;
    QLabel *m_failures = nullptr;
    QLabel *m_facts = nullptr;
    QLabel *m_keys = nullptr;
    QLabel *m_models = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_test = nullptr;
    QAction *m_traffic = nullptr;
    ChannelRow m_row{};
    bool m_hasRow = false;
};

} // namespace gatehouse::ui
