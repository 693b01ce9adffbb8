#pragma once

#include "theme/palette.h"

#include <QFont>

namespace gatehouse::ui {

enum class Scheme { System, Light, Dark };

// The uses of text. Sizes are relative to the application's font, never below 8 points; digits are
// of one width where the font offers that.
enum class TextRole {
    Body,
    BodyMedium,
    BodyStrong,
    Small, // table headers, logs, help under fields, status bar, tabs
    SmallMedium,
    SmallStrong,
    Caption, // badges, axis labels, chart tool tips
    CaptionStrong,
    PageTitle,
    Heading, // empty states and sheets
    TileNumber,
    TileUnit,
    Fixed, // keys, ids, code
    FixedStrong,
};

// The look of the application. Belongs to the main thread; a QApplication must exist.
class Theme
{
public:
    // The width or height of `length` design pixels, which are those of a 13 px interface font.
    static int px(double length);
    // The same without rounding, for painting.
    static double exact(double length);
    static QFont font(TextRole role);
    // The same change of size and weight, made to another font than the application's.
    static QFont font(TextRole role, const QFont &base);

    static const Palette &current();
    static bool isDark() { return current().dark; }
    static Scheme scheme();

    // Sets the style and the palette of the application. Widgets learn of a later change by
    // QEvent::PaletteChange.
    static void apply(Scheme scheme);
    // What the system asks for, as ThemeWatcher finds out; applied at once if the system decides.
    static void setSystem(bool dark, bool highContrast);
    static bool systemIsDark();
    static bool isHighContrast();
    // Likewise, what the system wants of motion; busy bars stand still then.
    static void setMotionReduced(bool reduced);
    static bool isMotionReduced();
};

} // namespace gatehouse::ui
