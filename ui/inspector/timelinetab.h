#pragma once

#include "inspector/inspectortab.h"

class QBoxLayout;
class QPushButton;

namespace gatehouse::ui {

class SecondaryLabel;
class TimelineView;

// Where the time of a request went, attempt by attempt.
class TimelineTab : public InspectorTab
{
    Q_OBJECT

public:
    explicit TimelineTab(const Services &services, QWidget *parent = nullptr);

    QString title() const override;
    const TimelineView &view() const { return *m_view; }

protected:
    void fill() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QWidget *makeFooter();

    TimelineView *m_view = nullptr;
    QBoxLayout *m_footer = nullptr;
    SecondaryLabel *m_connect = nullptr;
    SecondaryLabel *m_waiting = nullptr;
    SecondaryLabel *m_streaming = nullptr;
    SecondaryLabel *m_verdict = nullptr;
    QPushButton *m_route = nullptr;
};

} // namespace gatehouse::ui
