#pragma once

#include "admin/prices/priceservice.h"
#include "widgets/livetext.h"
#include "widgets/services.h"

#include <QDialog>

#include <optional>
#include <stop_token>

class QComboBox;
class QDateEdit;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace gatehouse::ui {

// Prices what is in the ledger anew by the prices of now, for a range of days: shows first what would
// change, and can be stopped. What it did is a step of the window's undo; closing the dialog stops
// but a preview.
class RecalculationDialog : public QDialog
{
    Q_OBJECT

public:
    explicit RecalculationDialog(const Services &services, QWidget *parent = nullptr);
    ~RecalculationDialog() override;

private:
    void build();
    void joinRunning();
    admin::RecalculationRange range() const;
    void preview();
    void run();
    void stop();
    void undo();
    void finish(const base::Result<admin::Recalculation> &outcome, const LiveText &text);
    bool isStep(const QString &text) const;
    bool isLastStep() const;
    void updateUndo();
    void setBusy(bool busy);
    void allowRun(bool allowed);
    void present(const base::Result<admin::Recalculation> &outcome, bool done);

    const Services m_services;
    QDateEdit *m_since = nullptr;
    QDateEdit *m_until = nullptr;
    QLineEdit *m_model = nullptr;
    QLabel *m_result = nullptr;
    QProgressBar *m_progress = nullptr;
    QPushButton *m_preview = nullptr;
    QPushButton *m_run = nullptr;
    QPushButton *m_stop = nullptr;
    QPushButton *m_undo = nullptr;
    LiveText m_step{}; // what undo calls the last run; empty: it changed nothing
    std::optional<std::stop_source> m_reading{}; // of the preview that is being made
    bool m_busy = false;
};

} // namespace gatehouse::ui
