#pragma once

#include "dashboard/tiles.h"

#include <QWidget>

namespace gatehouse::ui {

class Translated;

// The figures of the dashboard side by side, divided by hairlines.
class TileStrip : public QWidget
{
    Q_OBJECT

public:
    explicit TileStrip(QWidget *parent = nullptr);

    void setFigures(const admin::Figures &figures);
    // Whether the change since the period before is shown.
    void setCompared(bool compared);
    KpiTile &tile(Tile tile) { return *m_tiles.at(static_cast<size_t>(tile)); }

signals:
    // A tile was clicked; the terms of its requests, without the time.
    void tileActivated(const QString &terms);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void refresh();

    std::array<KpiTile *, allTiles.size()> m_tiles{};
    std::optional<admin::Figures> m_figures{};
    bool m_compared = true;
    Translated *m_texts;
};

} // namespace gatehouse::ui
