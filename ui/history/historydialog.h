#pragma once

#include "history/historycolumns.h"
#include "widgets/services.h"

#include <QDialog>

#include <optional>

class QPushButton;

namespace gatehouse::admin {
struct HistoryPage;
} // namespace gatehouse::admin

namespace gatehouse::ui {

class EmptyState;
class FilterField;
class MessageBar;
class SecondaryLabel;
class TableExporter;
class TableView;

// The history of changes beside the window: who changed what, and when. It shows the newest, further ones
// when they are asked for, and new ones as they come.
class HistoryDialog : public QDialog
{
    Q_OBJECT

public:
    explicit HistoryDialog(const Services &services, QWidget *parent = nullptr);
    ~HistoryDialog() override;

    // Shows the one that there is already, or makes it.
    static void showBeside(QWidget *parent, const Services &services);

private:
    void build();
    void setTexts();
    void connectTable();
    // From the newest, or what follows the oldest that is shown.
    void fetch(bool older);
    void present(const admin::HistoryPage &page, bool older);
    void review();

    const Services m_services;
    HistoryTable *m_table = nullptr;
    FilterField *m_field = nullptr;
    MessageBar *m_messages = nullptr;
    TableView *m_view = nullptr;
    EmptyState *m_empty = nullptr;
    SecondaryLabel *m_count = nullptr;
    QPushButton *m_older = nullptr;
    QPushButton *m_export = nullptr;
    TableExporter *m_exporter = nullptr;
    std::optional<qint64> m_next{}; // where older ones begin; none: there are no more
    int m_asked = 0;                // an answer to an earlier question is of no use
};

} // namespace gatehouse::ui
