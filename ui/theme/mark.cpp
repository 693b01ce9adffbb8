#include "theme/mark.h"

#include "theme/theme.h"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QSettings>

// The macro must stand outside of any namespace.
static void initializeIcons()
{
    Q_INIT_RESOURCE(icons);
}

namespace gatehouse::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr double box = 20; // the side of the square that the tower stands in
// Cutting one path out of another replaces curves by lines of about a unit's length, so that it is done
// on a larger drawing.
constexpr double magnification = 32;

QPainterPath magnified(const QPainterPath &path)
{
    return QTransform::fromScale(magnification, magnification).map(path);
}

QPainterPath tower()
{
    QPainterPath path(QPointF(2, 2));
    for (const QPointF &corner : {QPointF(5, 2),
                                  QPointF(5, 4.4),
                                  QPointF(8, 4.4),
                                  QPointF(8, 2),
                                  QPointF(12, 2),
                                  QPointF(12, 4.4),
                                  QPointF(15, 4.4),
                                  QPointF(15, 2),
                                  QPointF(18, 2),
                                  QPointF(18, 18),
                                  QPointF(2, 18)})
        path.lineTo(corner);
    path.closeSubpath();
    return magnified(path);
}

QPainterPath gate()
{
    QPainterPath path(QPointF(7.2, 18));
    path.lineTo(7.2, 13.6);
    path.arcTo(QRectF(7.2, 10.8, 5.6, 5.6), 180, -180);
    path.lineTo(12.8, 18);
    path.closeSubpath();
    return magnified(path);
}

QPainterPath stroked(const QPainterPath &path, double width)
{
    QPainterPathStroker stroker;
    stroker.setWidth(width * magnification);
    stroker.setCapStyle(Qt::FlatCap);
    stroker.setJoinStyle(Qt::MiterJoin);
    return stroker.createStroke(path);
}

QPainterPath disc(double x, double y, double radius)
{
    QPainterPath path;
    path.addEllipse(QPointF(x, y), radius, radius);
    return magnified(path);
}

QPainterPath cutOf(TrayState state)
{
    QPainterPath path;
    switch (state) {
    case TrayState::Paused:
        path.addRect(QRectF(6, 7.2, 2.8, 8.4));
        path.addRect(QRectF(11.2, 7.2, 2.8, 8.4));
        break;
    case TrayState::Attention:
        path.addPolygon(QPolygonF({{10, 7}, {15, 15.8}, {5, 15.8}, {10, 7}}));
        break;
    case TrayState::Error:
        path.moveTo(6.4, 7.8);
        path.lineTo(13.6, 15);
        path.moveTo(13.6, 7.8);
        path.lineTo(6.4, 15);
        return stroked(magnified(path), 2.2);
    default:
        return gate();
    }
    return magnified(path);
}

// All of the mark as one area.
QPainterPath areaOf(TrayState state)
{
    if (state == TrayState::Stopped) {
        // The line lies inside the tower, so that the outline is not larger than the full shape.
        const QPainterPath wall = stroked(tower(), 2.8).intersected(tower());
        const QPainterPath door = stroked(gate(), 2.4).intersected(tower()).subtracted(gate());
        return wall.united(door);
    }
    const QPainterPath body = tower().subtracted(cutOf(state));
    if (state != TrayState::Streaming)
        return body;
    return body.subtracted(disc(17, 3, 4.4)).united(disc(17, 3, 3));
}

class TrayEngine : public QIconEngine
{
public:
    TrayEngine(TrayState state, const QColor &color)
        : m_state(state)
        , m_color(color)
    {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode, QIcon::State) override
    {
        paintMark(painter, rect, m_state, m_color);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, pixmap.rect(), mode, state);
        return pixmap;
    }

    // The tray asks for the sizes that there are and hands those on as bitmaps.
    QList<QSize> availableSizes(QIcon::Mode, QIcon::State) override
    {
        return {{16, 16}, {22, 22}, {24, 24}, {32, 32}, {48, 48}, {64, 64}};
    }

    QIconEngine *clone() const override { return new TrayEngine(*this); }

private:
    const TrayState m_state;
    const QColor m_color;
};

} // namespace

void paintMark(QPainter *painter, const QRectF &rect, TrayState state, const QColor &color)
{
    const double side = std::min(rect.width(), rect.height());
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(rect.center() - QPointF(side / 2, side / 2));
    painter->scale(side / (box * magnification), side / (box * magnification));
    painter->fillPath(areaOf(state), color);
    painter->restore();
}

QIcon trayIcon(TrayState state, bool darkPanel)
{
    const Palette &palette = darkPanel ? darkPalette() : lightPalette();
    QIcon icon(new TrayEngine(state, palette.text));
#ifdef Q_OS_MACOS
    icon.setIsMask(true);
#endif
    return icon;
}

bool panelIsDark()
{
#if defined(Q_OS_WIN)
    const QSettings personal(u"HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion"
                             "\\Themes\\Personalize"_s,
                             QSettings::NativeFormat);
    return personal.value(u"SystemUsesLightTheme"_s, 0).toInt() == 0;
#else
    // The top bar of GNOME and of its kin is dark under either setting.
    const QString desktop = qEnvironmentVariable("XDG_CURRENT_DESKTOP");
    return Theme::systemIsDark() || desktop.contains(u"GNOME"_s) || desktop.contains(u"Unity"_s);
#endif
}

QIcon applicationIcon()
{
    initializeIcons();
    QIcon icon;
    for (const int side : {16, 22, 24, 32, 48, 64, 128, 256, 512})
        icon.addFile(u":/icons/app/gatehouse-%1.png"_s.arg(side), QSize(side, side));
    return icon;
}

} // namespace gatehouse::ui
