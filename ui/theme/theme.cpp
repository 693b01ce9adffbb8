#include "theme/theme.h"

#include "theme/style.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontMetricsF>

#include <cmath>
#include <optional>

namespace gatehouse::ui {

namespace {

// What was decided of the look; of the main thread alone.
struct State
{
    Scheme scheme = Scheme::System;
    bool systemDark = false;
    bool systemKnown = false;
    bool highContrast = false;
    bool motionReduced = false;
    std::optional<Palette> systemColors{}; // while the contrast is set high
};

State &state()
{
    static State instance;
    return instance;
}

constexpr double smallestPoints = 8;

// How a role's text differs from the application's.
struct Type
{
    double size = 1;
    QFont::Weight weight = QFont::Normal;
    bool fixed = false;
};

Type typeOf(TextRole role)
{
    switch (role) {
    case TextRole::Body:
        break;
    case TextRole::BodyMedium:
        return {1, QFont::Medium};
    case TextRole::BodyStrong:
        return {1, QFont::DemiBold};
    case TextRole::Small:
        return {0.92};
    case TextRole::SmallMedium:
        return {0.92, QFont::Medium};
    case TextRole::SmallStrong:
        return {0.92, QFont::DemiBold};
    case TextRole::Caption:
        return {0.85};
    case TextRole::CaptionStrong:
        return {0.85, QFont::DemiBold};
    case TextRole::PageTitle:
        return {1.31, QFont::DemiBold};
    case TextRole::Heading:
        return {1.15, QFont::DemiBold};
    case TextRole::TileNumber:
        return {1.54, QFont::Medium};
    case TextRole::TileUnit:
        return {0.92};
    case TextRole::Fixed:
        return {0.92, QFont::Normal, true};
    case TextRole::FixedStrong:
        return {0.92, QFont::DemiBold, true};
    }
    return {};
}

// Sizes the font, whichever of points and pixels it was given in.
void scale(QFont &font, const QFont &base, double factor)
{
    if (base.pointSizeF() > 0) {
        const double floor = std::min(smallestPoints, base.pointSizeF());
        font.setPointSizeF(std::max(base.pointSizeF() * factor, floor));
        return;
    }
    const int floor = std::min(11, base.pixelSize());
    font.setPixelSize(std::max(static_cast<int>(std::lround(base.pixelSize() * factor)), floor));
}

double unit()
{
    static QFont measured;
    static double height = 0;
    const QFont font = QApplication::font();
    if (height <= 0 || font != measured) {
        measured = font;
        height = QFontMetricsF(font).height() / 16;
    }
    return height;
}

void applyPalette()
{
    State &now = state();
    if (now.highContrast) {
        QApplication::setPalette(QPalette());
        now.systemColors = highContrastPalette(QApplication::palette());
        return;
    }
    now.systemColors.reset();
    QApplication::setPalette(toQPalette(Theme::current()));
}

} // namespace

double Theme::exact(double length)
{
    return length * unit();
}

int Theme::px(double length)
{
    return qRound(exact(length));
}

QFont Theme::font(TextRole role)
{
    // Cells ask with each painting, and a font that is made anew looks for its glyphs anew.
    struct Made
    {
        QFont base{};
        QFont family{};
        QFont font{};
    };
    static auto &all = *new QHash<TextRole, Made>;
    const QFont base = QApplication::font();
    const QFont family =
        typeOf(role).fixed ? QFontDatabase::systemFont(QFontDatabase::FixedFont) : base;
    Made &made = all[role];
    if (made.base != base || made.family != family || made.font.resolveMask() == 0)
        made = {.base = base, .family = family, .font = font(role, base)};
    return made.font;
}

QFont Theme::font(TextRole role, const QFont &base)
{
    const Type type = typeOf(role);
    QFont result = type.fixed ? QFontDatabase::systemFont(QFontDatabase::FixedFont) : base;
    scale(result, base, type.size);
    result.setWeight(type.weight);
#if QT_VERSION >= QT_VERSION_CHECK(6, 7, 0)
    result.setFeature("tnum", 1);
#endif
    return result;
}

const Palette &Theme::current()
{
    const State &now = state();
    if (now.systemColors)
        return *now.systemColors;
    const bool dark = now.scheme == Scheme::System ? now.systemDark : now.scheme == Scheme::Dark;
    return dark ? darkPalette() : lightPalette();
}

Scheme Theme::scheme()
{
    return state().scheme;
}

void Theme::apply(Scheme scheme)
{
    State &now = state();
    if (!now.systemKnown) {
        now.systemDark = QApplication::palette().color(QPalette::Window).lightness() < 128;
        now.systemKnown = true;
    }
    now.scheme = scheme;
    if (!qobject_cast<Style *>(QApplication::style()))
        QApplication::setStyle(new Style);
    applyPalette();
}

void Theme::setSystem(bool dark, bool highContrast)
{
    State &now = state();
    const bool same = now.systemKnown && now.systemDark == dark && now.highContrast == highContrast;
    now.systemKnown = true;
    now.systemDark = dark;
    now.highContrast = highContrast;
    if (!same && qobject_cast<Style *>(QApplication::style()))
        applyPalette();
}

bool Theme::systemIsDark()
{
    return state().systemDark;
}

bool Theme::isHighContrast()
{
    return state().highContrast;
}

void Theme::setMotionReduced(bool reduced)
{
    state().motionReduced = reduced;
}

bool Theme::isMotionReduced()
{
    return state().motionReduced;
}

} // namespace gatehouse::ui
