#pragma once

#include "domain/health.h"

#include <QColor>
#include <QPalette>
#include <QStringView>

#include <array>

namespace gatehouse::ui {

// What a state means for the person: the colours of the window say nothing else.
enum class Tone {
    Good,    // green
    Caution, // amber: still serves, or waits a moment
    Busy,    // blue: something is under way
    Failure, // red: does not serve, tries again by itself
    Action,  // magenta: does not serve until a person acts
    Neutral, // grey: off
};

// The colours of one tone: `mark` paints glyphs, `text` words, `tint` the ground of bars and tags.
struct ToneColors
{
    QColor mark{};
    QColor text{};
    QColor tint{};
};

// A colour of a chart. Every slot has a line style of its own as well, see seriesPen().
enum class ChartSlot { Blue, Orange, Vermilion, Green, Purple, Sky, Grey };

// Every colour that the window has, by its role. What QPalette has a role for is used through
// QPalette; widgets read the rest from Theme::current().
struct Palette
{
    bool dark = false;
    QColor window{};
    QColor base{}; // tables, panes, fields
    QColor alternate{};
    QColor side{}; // the navigation
    QColor button{};
    QColor text{};
    QColor secondary{}; // text of less weight
    QColor placeholder{};
    QColor disabled{};
    QColor line{};    // hairlines in a surface
    QColor edge{};    // edges of panes and buttons
    QColor control{}; // edges of fields
    QColor mark{};    // edges of check boxes, neutral bars
    QColor accent{};
    QColor accentHovered{};
    QColor onAccent{};
    QColor link{}; // also the focus ring and the mark of what is current
    QColor selected{};
    QColor selectedInactive{};
    QColor hovered{};
    QColor navigation{}; // the selection in the navigation, a pressed tool
    QColor toolTip{};
    QColor onToolTip{};
    QColor light{};
    QColor shadow{};
    ToneColors good{};
    ToneColors caution{};
    ToneColors busy{};
    ToneColors failure{};
    ToneColors action{};
    ToneColors neutral{};
    std::array<QColor, 7> chart{}; // by ChartSlot
    QColor grid{};
    std::array<QColor, 5> heat{}; // from good to bad

    const ToneColors &tone(Tone tone) const;
    const QColor &slot(ChartSlot slot) const { return chart.at(static_cast<size_t>(slot)); }
};

const Palette &lightPalette();
const Palette &darkPalette();
// A palette of system colours alone, for a system whose contrast is set high.
Palette highContrastPalette(const QPalette &system);

QPalette toQPalette(const Palette &palette);
// The palette of an item view: the soft selection, on which the colours of states stay legible.
QPalette viewPalette(const Palette &palette);

Tone toneOf(domain::Health health);
// The slot that a name, such as a model's, has in every chart. Never grey, which is for "Other".
ChartSlot slotFor(QStringView name);
// The contrast of two opaque colours by WCAG 2, from 1 to 21.
double contrast(const QColor &one, const QColor &other);
// `share` of `over` on `under`.
QColor blend(const QColor &under, const QColor &over, double share);

} // namespace gatehouse::ui
