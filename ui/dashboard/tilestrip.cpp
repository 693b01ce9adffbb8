#include "dashboard/tilestrip.h"

#include "theme/theme.h"
#include "widgets/translated.h"

#include <QHBoxLayout>
#include <QPainter>

namespace gatehouse::ui {

TileStrip::TileStrip(QWidget *parent)
    : QWidget(parent)
    , m_texts(new Translated(this))
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (const Tile each : allTiles) {
        auto *tile = new KpiTile(this);
        tile->setLineVisible(each != allTiles.front());
        layout->addWidget(tile, 1);
        connect(tile, &KpiTile::clicked, this, [this, each] {
            emit tileActivated(TileText::trafficTerms(each));
        });
        m_tiles.at(static_cast<size_t>(each)) = tile;
    }
    m_texts->add([this] { refresh(); });
}

void TileStrip::setFigures(const admin::Figures &figures)
{
    m_figures = figures;
    refresh();
}

void TileStrip::setCompared(bool compared)
{
    m_compared = compared;
    refresh();
}

void TileStrip::refresh()
{
    for (const Tile each : allTiles) {
        tile(each).setContent(m_figures ? TileText::content(each, *m_figures, m_compared)
                                        : TileText::blank(each));
    }
}

void TileStrip::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    const Palette &palette = Theme::current();
    QPainter painter(this);
    painter.fillRect(rect(), palette.base);
    painter.fillRect(0, 0, width(), 1, palette.line);
    painter.fillRect(0, height() - 1, width(), 1, palette.line);
}

} // namespace gatehouse::ui
