#pragma once

#include "inspector/timelinerows.h"

#include <QWidget>

namespace gatehouse::ui {

// The waterfall of a request, painted in one pass: names at the left, bars over a grid of time,
// durations at the right.
class TimelineView : public QWidget
{
    Q_OBJECT

public:
    explicit TimelineView(QWidget *parent = nullptr);

    void setRows(std::vector<TimelineRow> rows);
    const std::vector<TimelineRow> &rows() const { return m_rows; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QRect rowRect(int row) const;
    QRect timeRect() const; // of the bars, all rows
    double positionOf(qint64 microseconds) const;
    void paintGrid(QPainter &painter) const;
    void paintRow(QPainter &painter, int row) const;
    void paintLabel(QPainter &painter, const TimelineRow &row, const QRect &room) const;
    void paintBar(QPainter &painter, const TimelineRow &row, const QRect &line) const;
    QString tipAt(const QPoint &position) const;

    std::vector<TimelineRow> m_rows{};
    qint64 m_length = 0;
};

} // namespace gatehouse::ui
