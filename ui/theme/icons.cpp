#include "theme/icons.h"

#include "theme/theme.h"

#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QLoggingCategory>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>

// The macro must stand outside of any namespace.
static void initializeIcons()
{
    Q_INIT_RESOURCE(icons);
}

namespace gatehouse::ui {

using namespace Qt::StringLiterals;

namespace {

Q_LOGGING_CATEGORY(logIcons, "gatehouse.ui.icons")

QString pathOf(QStringView name)
{
    initializeIcons();
    return u":/icons/lucide/"_s % name % u".svg"_s;
}

// The width of the lines, of the 24 units of the file, for an icon of `side` design pixels.
double strokeFor(double side)
{
    if (side < 15)
        return 2;
    return side < 30 ? 1.75 : 1.25;
}

QByteArray drawing(QStringView name, double side)
{
    QFile file(pathOf(name));
    if (!file.open(QIODevice::ReadOnly)) {
        qCWarning(logIcons) << "There is no icon" << name;
        return {};
    }
    QByteArray svg = file.readAll();
    svg.replace("currentColor", "black");
    const QByteArray width = "stroke-width=\"" + QByteArray::number(strokeFor(side)) + '"';
    svg.replace("stroke-width=\"2\"", width);
    return svg;
}

// Draws the icon once for each size, scale and colour and tints it by its icon's mode.
class LucideEngine : public QIconEngine
{
public:
    LucideEngine(const QString &name, IconColor color)
        : m_name(name)
        , m_color(color)
    {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        paintIcon(painter, rect, m_name, colorIn(mode));
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        return iconPixmap(m_name, std::min(size.width(), size.height()), 1, colorIn(mode));
    }

    // `size` is in device pixels before Qt 6.8, in logical ones from then on.
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        const int shorter = std::min(size.width(), size.height());
#if QT_VERSION >= QT_VERSION_CHECK(6, 8, 0)
        const int side = shorter;
#else
        const int side = qRound(shorter / scale);
#endif
        return iconPixmap(m_name, side, scale, colorIn(mode));
    }

    QIconEngine *clone() const override
    {
        return new LucideEngine(*this);
    }
    QString key() const override
    {
        return u"gatehouse.lucide"_s;
    }
    // None: hosts of a tray's menu would look for it in the desktop's own theme.
    QString iconName() override
    {
        return {};
    }
    bool isNull() override
    {
        return false;
    }

private:
    QColor colorIn(QIcon::Mode mode) const
    {
        return mode == QIcon::Disabled ? Theme::current().disabled : iconColor(m_color);
    }

    const QString m_name;
    const IconColor m_color;
};

} // namespace

QColor iconColor(IconColor color)
{
    const Palette &palette = Theme::current();
    switch (color) {
    case IconColor::Text:
        break;
    case IconColor::Secondary:
        return palette.secondary;
    case IconColor::Link:
        return palette.link;
    case IconColor::OnAccent:
        return palette.onAccent;
    case IconColor::Good:
        return palette.good.mark;
    case IconColor::Caution:
        return palette.caution.mark;
    case IconColor::Busy:
        return palette.busy.mark;
    case IconColor::Failure:
        return palette.failure.mark;
    case IconColor::Action:
        return palette.action.mark;
    }
    return palette.text;
}

QPixmap iconPixmap(QStringView name, int size, double scale, const QColor &color)
{
    const QString key =
        u"lucide:%1:%2:%3:%4"_s.arg(name).arg(size).arg(scale).arg(color.rgba(), 0, 16);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;

    const int side = std::max(1, qRound(size * scale));
    pixmap = QPixmap(side, side);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(drawing(name, size / Theme::exact(1)));
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(0, 0, side, side));
    painter.setCompositionMode(QPainter::CompositionMode_SourceIn);
    painter.fillRect(pixmap.rect(), color);
    painter.end();
    pixmap.setDevicePixelRatio(scale);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

void paintIcon(QPainter *painter, const QRectF &rect, QStringView name, const QColor &color)
{
    const int side = static_cast<int>(std::min(rect.width(), rect.height()));
    if (side <= 0)
        return;
    const double scale = painter->device()->devicePixelRatio();
    const QPointF corner(qRound(rect.center().x() - side / 2.0),
                         qRound(rect.center().y() - side / 2.0));
    painter->drawPixmap(corner, iconPixmap(name, side, scale, color));
}

QIcon icon(QStringView name, IconColor color)
{
    if (!QFile::exists(pathOf(name))) {
        qCWarning(logIcons) << "There is no icon" << name;
        return {};
    }
    return QIcon(new LucideEngine(name.toString(), color));
}

} // namespace gatehouse::ui
