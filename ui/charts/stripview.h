#pragma once

#include "charts/heatstrip.h"

#include <QWidget>

namespace gatehouse::ui {

// A heat strip of its own with times under it. The arrow keys go through its cells; a click, and Enter,
// report what is painted as one.
class StripView : public QWidget
{
    Q_OBJECT

public:
    explicit StripView(QWidget *parent = nullptr);

    void setStrip(const HeatStrip &strip);
    const HeatStrip &strip() const { return m_strip; }
    // What the strip is of, for the screen reader.
    void setSubject(const QString &subject);
    // "1 cell = 1 min"; empty without cells.
    QString scale() const;
    // The cell at which the keyboard is, by the newest of those that are painted as one; -1: at none.
    qsizetype currentCell() const { return m_current; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

signals:
    // The cells from `first` to `last`, which are painted as one.
    void cellsActivated(qsizetype first, qsizetype last);
    void scaleChanged();

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QRect place() const;
    qsizetype together() const;
    qsizetype cellAt(const QPoint &position) const;
    // What is painted of those cells, without the height of its bar.
    QRect placeOf(qsizetype newest) const;
    void setCurrent(qsizetype cell);
    void activate(qsizetype newest);
    void describe();
    void paintTimes(QPainter *painter) const;

    HeatStrip m_strip{};
    QString m_subject{};
    qsizetype m_current = -1;
};

} // namespace gatehouse::ui
