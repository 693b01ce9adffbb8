#pragma once

#include "charts/sparkline.h"

#include <QAbstractButton>

#include <optional>

namespace gatehouse::ui {

// What a tile shows.
struct TileContent
{
    enum class Direction { None, Up, Down };

    QString label{};
    QString number{};
    QString unit{};
    Direction direction = Direction::None;
    QString delta{};                 // the change since the period before: "12 %"
    std::optional<Tone> deltaTone{}; // absent: neither good nor bad
    QString note{};
    QString shortNote{};  // where there is no room for the note; empty: that is cut
    QString accessible{}; // all of it in a sentence
    QString toolTip{};
    Sparkline line{};

    bool operator==(const TileContent &) const = default;
};

// A figure with its name, its change and its course. A click leads to the requests it was made of.
class KpiTile : public QAbstractButton
{
    Q_OBJECT

public:
    explicit KpiTile(QWidget *parent = nullptr);

    void setContent(const TileContent &content);
    const TileContent &content() const { return m_content; }
    // A hairline at its left side.
    void setLineVisible(bool visible);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void paintNumber(QPainter *painter, const QRect &rect) const;
    void paintDelta(QPainter *painter, const QRect &rect) const;

    TileContent m_content{};
    bool m_line = true;
};

} // namespace gatehouse::ui
