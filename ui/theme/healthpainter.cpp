#include "theme/healthpainter.h"

#include "theme/theme.h"

#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>

#include <cmath>

namespace gatehouse::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr double box = 14; // the side of the square that the shapes are given in

// A shape is painted as an area, as lines, or as both.
struct Shape
{
    QPainterPath area{};
    QPainterPath lines{};
    double width = 0;
    Qt::PenCapStyle cap = Qt::RoundCap;
    QList<double> dashes{};
};

QPainterPath circle(double x, double y, double radius)
{
    QPainterPath path;
    path.addEllipse(QPointF(x, y), radius, radius);
    return path;
}

QPainterPath polyline(std::initializer_list<QPointF> points)
{
    QPainterPath path(*points.begin());
    for (const QPointF &point : points)
        path.lineTo(point);
    return path;
}

Shape halfDisc()
{
    QPainterPath half(QPointF(7, 2.4));
    half.arcTo(QRectF(2.4, 2.4, 9.2, 9.2), 90, 180);
    half.closeSubpath();
    return {.area = half, .lines = circle(7, 7, 4.6), .width = 1.4};
}

Shape hourglass()
{
    QPainterPath glass = polyline({{4.1, 2.2}, {9.9, 2.2}, {9.9, 3.6}, {7.6, 7}, {9.9, 10.4}});
    glass.lineTo(9.9, 11.8);
    glass.lineTo(4.1, 11.8);
    glass.lineTo(4.1, 10.4);
    glass.lineTo(6.4, 7);
    glass.lineTo(4.1, 3.6);
    glass.closeSubpath();
    QPainterPath ends = polyline({{3, 2.2}, {11, 2.2}});
    ends.addPath(polyline({{3, 11.8}, {11, 11.8}}));
    QPainterPath sand = polyline({{5, 11}, {7, 8.6}, {9, 11}});
    sand.closeSubpath();
    glass.addPath(ends);
    return {.area = sand, .lines = glass, .width = 1.4};
}

Shape cross()
{
    QPainterPath path = polyline({{3.4, 3.4}, {10.6, 10.6}});
    path.addPath(polyline({{10.6, 3.4}, {3.4, 10.6}}));
    return {.lines = path, .width = 2.1};
}

Shape key()
{
    QPainterPath path = circle(4.6, 9.1, 2.5);
    path.addPath(polyline({{6.5, 7.2}, {11.8, 2.3}}));
    path.addPath(polyline({{9.3, 4.6}, {11.2, 6.4}}));
    return {.lines = path, .width = 1.7};
}

Shape dollar()
{
    QPainterPath path(QPointF(9.9, 4.7));
    path.cubicTo(9.4, 3.5, 8.4, 3, 7, 3);
    path.cubicTo(5.3, 3, 4.1, 3.8, 4.1, 5.1);
    path.cubicTo(4.1, 7.8, 10, 6.2, 10, 9);
    path.cubicTo(10, 10.3, 8.8, 11, 7, 11);
    path.cubicTo(5.5, 11, 4.4, 10.4, 3.9, 9.2);
    path.addPath(polyline({{7, 1.3}, {7, 12.7}}));
    return {.lines = path, .width = 1.6};
}

Shape bars()
{
    QPainterPath path;
    path.addRect(QRectF(4, 2.6, 2, 8.8));
    path.addRect(QRectF(8, 2.6, 2, 8.8));
    return {.area = path};
}

Shape barred()
{
    QPainterPath path = circle(7, 7, 5.2);
    path.addPath(polyline({{3.4, 3.4}, {10.6, 10.6}}));
    return {.lines = path, .width = 1.3};
}

Shape shapeOf(Glyph glyph)
{
    switch (glyph) {
    case Glyph::Disc:
        break;
    case Glyph::HalfDisc:
        return halfDisc();
    case Glyph::Hourglass:
        return hourglass();
    case Glyph::Ring:
        return {.lines = circle(7, 7, 4.2), .width = 1.8};
    case Glyph::Cross:
        return cross();
    case Glyph::Key:
        return key();
    case Glyph::Dollar:
        return dollar();
    case Glyph::Bars:
        return bars();
    case Glyph::Tick:
        return {.lines = polyline({{2.4, 7.3}, {5.5, 10.3}, {11.6, 3.9}}), .width = 1.5};
    case Glyph::Barred:
        return barred();
    case Glyph::Dashed:
        return {
            .lines = circle(7, 7, 5.2), .width = 1.3, .cap = Qt::FlatCap, .dashes = {1.8, 1.35}};
    }
    return {.area = circle(7, 7, 4.6)};
}

class GlyphEngine : public QIconEngine
{
public:
    GlyphEngine(Glyph glyph, Tone tone)
        : m_glyph(glyph)
        , m_tone(tone)
    {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode, QIcon::State) override
    {
        paintGlyph(painter, rect, m_glyph, Theme::current().tone(m_tone).mark);
    }

    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, pixmap.rect(), mode, state);
        return pixmap;
    }

    QIconEngine *clone() const override { return new GlyphEngine(*this); }

private:
    const Glyph m_glyph;
    const Tone m_tone;
};

} // namespace

Glyph glyphOf(domain::Health health)
{
    switch (health) {
    case domain::Health::Healthy:
        break;
    case domain::Health::Degraded:
        return Glyph::HalfDisc;
    case domain::Health::Limited:
        return Glyph::Hourglass;
    case domain::Health::Testing:
        return Glyph::Ring;
    case domain::Health::Open:
        return Glyph::Cross;
    case domain::Health::AuthenticationFailed:
        return Glyph::Key;
    case domain::Health::NoCredit:
        return Glyph::Dollar;
    case domain::Health::Disabled:
        return Glyph::Bars;
    }
    return Glyph::Disc;
}

void paintGlyph(QPainter *painter, const QRectF &rect, Glyph glyph, const QColor &color)
{
    const double side = std::min(rect.width(), rect.height());
    const Shape shape = shapeOf(glyph);

    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->translate(rect.center() - QPointF(side / 2, side / 2));
    painter->scale(side / box, side / box);
    if (!shape.area.isEmpty())
        painter->fillPath(shape.area, color);
    if (!shape.lines.isEmpty()) {
        QPen pen(color, shape.width, Qt::SolidLine, shape.cap, Qt::RoundJoin);
        if (!shape.dashes.isEmpty())
            pen.setDashPattern(shape.dashes);
        painter->strokePath(shape.lines, pen);
    }
    painter->restore();
}

void paintHealth(QPainter *painter, const QRectF &rect, domain::Health health)
{
    paintGlyph(painter, rect, glyphOf(health), Theme::current().tone(toneOf(health)).mark);
}

QIcon glyphIcon(Glyph glyph, Tone tone)
{
    return QIcon(new GlyphEngine(glyph, tone));
}

QIcon healthIcon(domain::Health health)
{
    return glyphIcon(glyphOf(health), toneOf(health));
}

QString HealthText::word(domain::Health health)
{
    switch (health) {
    case domain::Health::Healthy:
        return tr("Healthy");
    case domain::Health::Degraded:
        return tr("Degraded");
    case domain::Health::Limited:
        return tr("Limited");
    case domain::Health::Testing:
        return tr("Testing");
    case domain::Health::Open:
        return tr("Open", "the circuit breaker of a channel");
    case domain::Health::AuthenticationFailed:
        return tr("Auth failed");
    case domain::Health::NoCredit:
        return tr("No credit");
    case domain::Health::Disabled:
        break;
    }
    return tr("Disabled");
}

QString HealthText::word(domain::Health health, std::chrono::seconds left)
{
    if (left.count() <= 0)
        return word(health);
    return tr("%1 %2", "a state and the time left of it: Limited 0:38")
        .arg(word(health), countdown(left));
}

QString HealthText::englishWord(domain::Health health)
{
    switch (health) {
    case domain::Health::Healthy:
        return u"Healthy"_s;
    case domain::Health::Degraded:
        return u"Degraded"_s;
    case domain::Health::Limited:
        return u"Limited"_s;
    case domain::Health::Testing:
        return u"Testing"_s;
    case domain::Health::Open:
        return u"Open"_s;
    case domain::Health::AuthenticationFailed:
        return u"Auth failed"_s;
    case domain::Health::NoCredit:
        return u"No credit"_s;
    case domain::Health::Disabled:
        break;
    }
    return u"Disabled"_s;
}

QString countdown(std::chrono::seconds left)
{
    const qint64 seconds = std::max<qint64>(left.count(), 0);
    const QString tail = QString::number(seconds % 60).rightJustified(2, u'0');
    if (seconds < 3600)
        return u"%1:%2"_s.arg(QString::number(seconds / 60), tail);
    const QString minutes = QString::number(seconds / 60 % 60).rightJustified(2, u'0');
    return u"%1:%2:%3"_s.arg(QString::number(seconds / 3600), minutes, tail);
}

QColor healthTextColor(domain::Health health)
{
    const Palette &palette = Theme::current();
    return health == domain::Health::Healthy ? palette.text : palette.tone(toneOf(health)).text;
}

} // namespace gatehouse::ui
