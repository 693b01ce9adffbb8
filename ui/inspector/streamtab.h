#pragma once

#include "admin/traffic/captureservice.h"
#include "capture/messagecolumns.h"
#include "inspector/inspectortab.h"

class QPlainTextEdit;
class QStackedWidget;

namespace gatehouse::ui {

class GapHistogram;
class SecondaryLabel;
class SegmentedControl;
class TableView;

// The events of a stream with the gaps between them, and what they say in one piece.
class StreamTab : public CaptureTab
{
    Q_OBJECT

public:
    explicit StreamTab(const Services &services, QWidget *parent = nullptr);

    QString title() const override;
    StreamTable &events() const { return *m_events; }
    QString assembledText() const;
    QString summary() const;
    const GapHistogram &histogram() const { return *m_gaps; }
    SegmentedControl *views() const { return m_views; }

protected:
    void read() override;

private:
    void build();
    void setTexts();
    void showNote(const QString &text);
    void present(const std::vector<admin::StreamEvent> &events);
    void showAssembled();
    void refreshSummary();

    StreamTable *const m_events;
    SegmentedControl *m_sides = nullptr;
    SegmentedControl *m_views = nullptr;
    QStackedWidget *m_pages = nullptr;
    TableView *m_view = nullptr;
    QPlainTextEdit *m_text = nullptr;
    SecondaryLabel *m_note = nullptr;
    SecondaryLabel *m_summary = nullptr;
    GapHistogram *m_gaps = nullptr;
    int m_asked = 0;
};

} // namespace gatehouse::ui
