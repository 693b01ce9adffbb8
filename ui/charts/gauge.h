#pragma once

#include "theme/palette.h"

#include <QWidget>

namespace gatehouse::ui {

// A flat bar that says how full something is, such as requests in flight of those allowed.
class Gauge : public QWidget
{
    Q_OBJECT

public:
    explicit Gauge(QWidget *parent = nullptr);

    // A share from 0 to 1. `text` says the same in words, for the tool tip and the screen reader.
    void setValue(double share, const QString &text, Tone tone = Tone::Neutral);
    double share() const { return m_share; }
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    double m_share = 0;
    Tone m_tone = Tone::Neutral;
};

} // namespace gatehouse::ui
