#pragma once

#include "admin/statistics/statistics.h"
#include "admin/traffic/traffic.h"
#include "tokens/tokencolumns.h"
#include "widgets/services.h"

#include <QWidget>

namespace gatehouse::ui {

class DetailPane;
class FactGrid;
class SecondaryLabel;
class SparklineWidget;

// The details of the selected token: its requests of the last 30 days, what it may spend and do, by which
// programs and from where it was used lately.
class TokenDetail : public QWidget
{
    Q_OBJECT

public:
    explicit TokenDetail(const Services &services, QWidget *parent = nullptr);

    void show(const admin::TokenListing &row);
    void showNothing(int selected);
    QSize sizeHint() const override;

signals:
    void closeRequested();
    void editRequested();
    // Of the requests that the filter lets through.
    void trafficRequested(const QString &filter);

private:
    QWidget *makeBody();
    void setTexts();
    void fetch();
    void showMonth(const base::Result<admin::Series> &series);
    void showUses(const base::Result<admin::TrafficPage> &page);

    const Services m_services;
    DetailPane *m_pane = nullptr;
    SecondaryLabel *m_monthTitle = nullptr;
    SparklineWidget *m_days = nullptr;
    FactGrid *m_month = nullptr;
    FactGrid *m_facts = nullptr;
    SecondaryLabel *m_usesTitle = nullptr;
    FactGrid *m_uses = nullptr;
    QAction *m_edit = nullptr;
    QAction *m_traffic = nullptr;
    admin::TokenListing m_row{};
    bool m_hasRow = false;
    int m_selected = 0; // while there is no row
};

} // namespace gatehouse::ui
