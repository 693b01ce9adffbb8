#pragma once

#include "domain/filterquery.h"
#include "traffic/trafficcolumns.h"
#include "widgets/page.h"

#include <QTimer>

namespace gatehouse::ui {

class EmptyState;
class FilterField;
class MessageBar;
class PageHeader;
class TableFooter;
class TableView;

// The requests as they pass: those that are being served on top, then the ledger, the newest first.
// Older ones are read as the person scrolls down. Filters are the service's.
class TrafficPage : public Page
{
    Q_OBJECT

public:
    explicit TrafficPage(const Services &services, QWidget *parent = nullptr);

    void setFilter(const QString &text) override;
    void focusFilter() override;

protected:
    void activated() override;
    void deactivated() override;

private:
    void makeActions();
    void build();
    void connectTable();
    void setTexts();
    void restart();
    void fetchOlder();
    void fetchNewer();
    void fetchRunning();
    void rebuild();
    void updateActions();
    void updateFooter();
    void showFailure(const base::Error &error);
    void filterBy(const QString &key, const QString &value);
    const admin::TrafficLine *currentLine() const;

    TrafficTable *m_model = nullptr;
    TableView *m_view = nullptr;
    PageHeader *m_header = nullptr;
    FilterField *m_field = nullptr;
    MessageBar *m_messages = nullptr;
    EmptyState *m_empty = nullptr;
    TableFooter *m_footer = nullptr;
    QAction *m_pause = nullptr;
    QAction *m_cancel = nullptr;
    QList<QAction *> m_single{};
    domain::FilterQuery m_query{};
    std::vector<admin::TrafficLine> m_running{};
    std::vector<admin::TrafficLine> m_lines{}; // of the ledger, the newest first
    std::optional<admin::TrafficCursor> m_next{};
    qint64 m_newest = 0;
    int m_generation = 0; // answers to an earlier filter are dropped
    bool m_isReading = false;
    QTimer m_timer;
};

} // namespace gatehouse::ui
