#pragma once

#include "admin/gateway/gatewaycontrol.h"
#include "charts/sparkline.h"
#include "frame/addressfield.h"
#include "widgets/services.h"

#include <QTimer>
#include <QWidget>

class QHBoxLayout;
class QLabel;
class QToolButton;

namespace gatehouse::ui {

class CommandField;
class FigureButton;
class JobChip;
class StateLabel;

// What stands over every page: the gateway's state, the address, what passes through now, today's
// cost, running jobs, the way to every command, and the power menu. In a narrow window the spark line
// goes first, then the streams, then the text of the command field; never the address.
class StatusHeader : public QWidget
{
    Q_OBJECT

public:
    // `power` opens under the power button; it is not owned.
    StatusHeader(const Services &services, QMenu *power, QWidget *parent = nullptr);

    AddressField &address() { return *m_address; }
    // The width of the state at the left, so that the address stands beside the navigation's edge.
    void setStateWidth(int width);
    // A job that runs in the background, such as a test of all channels; an empty text takes it away.
    void setJob(const QString &text);
    // Nothing is asked for while the window is hidden.
    void setActive(bool active);

signals:
    void commandRequested();
    void jobClicked();
    void trafficRequested(const QString &filter);

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void build(QMenu *power);
    void showState();
    void refresh();
    void setTexts();
    void shed();
    FigureButton *makeFigure(const QString &filter);

    const Services m_services;
    StateLabel *m_state;
    AddressField *m_address;
    SparklineWidget *m_spark;
    FigureButton *m_requests;
    FigureButton *m_streams;
    FigureButton *m_cost;
    JobChip *m_job;
    CommandField *m_command;
    QToolButton *m_power;
    QTimer m_timer;
};

} // namespace gatehouse::ui
