#include "theme/palette.h"

#include <cmath>

namespace gatehouse::ui {

namespace {

Palette makeLight()
{
    return {
        .dark = false,
        .window = QColor(0xF3F4F6),
        .base = QColor(0xFFFFFF),
        .alternate = QColor(0xF9FAFB),
        .side = QColor(0xE9EBEE),
        .button = QColor(0xFDFDFE),
        .text = QColor(0x1A1E23),
        .secondary = QColor(0x545D68),
        .placeholder = QColor(0x646D78),
        .disabled = QColor(0x8C949D),
        .line = QColor(0xDDE1E6),
        .edge = QColor(0xC2C8CF),
        .control = QColor(0x8A939D),
        .mark = QColor(0x7A838E),
        .accent = QColor(0x1F5DB8),
        .accentHovered = QColor(0x184E9E),
        .onAccent = QColor(0xFFFFFF),
        .link = QColor(0x1F5DB8),
        .selected = QColor(0xD9E6F9),
        .selectedInactive = QColor(0xE4E7EB),
        .hovered = QColor(0xF0F3F7),
        .navigation = QColor(0xD5DCE5),
        .toolTip = QColor(0x262A30),
        .onToolTip = QColor(0xF2F4F6),
        .light = QColor(0xFFFFFF),
        .shadow = QColor(0x5A626C),
        .good = {QColor(0x0E8A5F), QColor(0x0B6B4A), QColor(0xE3F3EC)},
        .caution = {QColor(0xB86E00), QColor(0x8A4F00), QColor(0xFCF1DC)},
        .busy = {QColor(0x1F74C4), QColor(0x1A5C9E), QColor(0xE5F0FB)},
        .failure = {QColor(0xC93A1D), QColor(0xA82D14), QColor(0xFCE9E4)},
        .action = {QColor(0xA33B7C), QColor(0x8A2D67), QColor(0xF8E8F1)},
        .neutral = {QColor(0x6F7883), QColor(0x545D68), QColor(0xECEEF1)},
        .chart = {QColor(0x0072B2),
                  QColor(0xB97900),
                  QColor(0xC75300),
                  QColor(0x008C66),
                  QColor(0xB3568C),
                  QColor(0x2C8CC4),
                  QColor(0x6F7883)},
        .grid = QColor(0xDEE2E7),
        .heat = {QColor(0xA8D8C6),
                 QColor(0xC3CB84),
                 QColor(0xE3B04B),
                 QColor(0xD5722A),
                 QColor(0xA92A12)},
    };
}

Palette makeDark()
{
    return {
        .dark = true,
        .window = QColor(0x212429),
        .base = QColor(0x181A1E),
        .alternate = QColor(0x1C1F23),
        .side = QColor(0x1B1E22),
        .button = QColor(0x2E3238),
        .text = QColor(0xE4E7EB),
        .secondary = QColor(0xA3ABB6),
        .placeholder = QColor(0x8A939E),
        .disabled = QColor(0x6C747E),
        .line = QColor(0x31363D),
        .edge = QColor(0x454C55),
        .control = QColor(0x69727D),
        .mark = QColor(0x89929D),
        .accent = QColor(0x2F66C0),
        .accentHovered = QColor(0x386DC8),
        .onAccent = QColor(0xFFFFFF),
        .link = QColor(0x86B4F7),
        .selected = QColor(0x243B5E),
        .selectedInactive = QColor(0x31363D),
        .hovered = QColor(0x22262B),
        .navigation = QColor(0x31373F),
        .toolTip = QColor(0x3A4048),
        .onToolTip = QColor(0xF2F4F6),
        .light = QColor(0x3A4048),
        .shadow = QColor(0x0E1012),
        .good = {QColor(0x2FB588), QColor(0x5CCBA3), QColor(0x19332B)},
        .caution = {QColor(0xE0A03A), QColor(0xEDBB6A), QColor(0x382C17)},
        .busy = {QColor(0x58A6EC), QColor(0x8CC2F5), QColor(0x1B3047)},
        .failure = {QColor(0xF0694A), QColor(0xFA9A82), QColor(0x40221B)},
        .action = {QColor(0xDE86BC), QColor(0xEBA8CF), QColor(0x3A2332)},
        .neutral = {QColor(0x89929D), QColor(0xA3ABB6), QColor(0x2B2F35)},
        .chart = {QColor(0x4F9FDB),
                  QColor(0xE6A52E),
                  QColor(0xEC7A3C),
                  QColor(0x2BB58B),
                  QColor(0xD98CB9),
                  QColor(0x7CC4EE),
                  QColor(0x89929D)},
        .grid = QColor(0x31363D),
        .heat = {QColor(0x2B5F50),
                 QColor(0x6B7436),
                 QColor(0xB08527),
                 QColor(0xE58A3C),
                 QColor(0xFF9478)},
    };
}

double luminance(const QColor &color)
{
    const auto linear = [](double channel) {
        return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF())
           + 0.0722 * linear(color.blueF());
}

// A hash that stays the same from run to run and between machines, unlike qHash().
quint32 stableHash(QStringView name)
{
    quint32 hash = 2166136261U;
    for (const QChar each : name)
        hash = (hash ^ each.unicode()) * 16777619U;
    return hash ^ (hash >> 15);
}

} // namespace

const Palette &lightPalette()
{
    static const Palette palette = makeLight();
    return palette;
}

const Palette &darkPalette()
{
    static const Palette palette = makeDark();
    return palette;
}

Palette highContrastPalette(const QPalette &system)
{
    const QColor window = system.color(QPalette::Window);
    const QColor base = system.color(QPalette::Base);
    const QColor text = system.color(QPalette::Text);
    const QColor highlight = system.color(QPalette::Highlight);
    const ToneColors plain{text, text, base};

    Palette palette = window.lightness() < 128 ? darkPalette() : lightPalette();
    for (QColor *ground : {&palette.window, &palette.side})
        *ground = window;
    for (QColor *ground :
         {&palette.base, &palette.alternate, &palette.hovered, &palette.selectedInactive})
        *ground = base;
    for (QColor *ink : {&palette.text,
                        &palette.secondary,
                        &palette.placeholder,
                        &palette.line,
                        &palette.edge,
                        &palette.control,
                        &palette.mark,
                        &palette.grid})
        *ink = text;
    for (QColor *chosen :
         {&palette.accent, &palette.accentHovered, &palette.selected, &palette.navigation})
        *chosen = highlight;
    for (ToneColors *tone : {&palette.good,
                             &palette.caution,
                             &palette.busy,
                             &palette.failure,
                             &palette.action,
                             &palette.neutral})
        *tone = plain;
    palette.button = system.color(QPalette::Button);
    palette.disabled = system.color(QPalette::Disabled, QPalette::Text);
    palette.onAccent = system.color(QPalette::HighlightedText);
    palette.link = system.color(QPalette::Link);
    palette.toolTip = system.color(QPalette::ToolTipBase);
    palette.onToolTip = system.color(QPalette::ToolTipText);
    palette.light = system.color(QPalette::Light);
    palette.shadow = system.color(QPalette::Shadow);
    return palette;
}

const ToneColors &Palette::tone(Tone tone) const
{
    switch (tone) {
    case Tone::Good:
        return good;
    case Tone::Caution:
        return caution;
    case Tone::Busy:
        return busy;
    case Tone::Failure:
        return failure;
    case Tone::Action:
        return action;
    case Tone::Neutral:
        break;
    }
    return neutral;
}

QPalette toQPalette(const Palette &palette)
{
    QPalette result;
    const auto set = [&result](QPalette::ColorRole role, const QColor &color) {
        result.setColor(role, color);
    };
    set(QPalette::Window, palette.window);
    set(QPalette::Base, palette.base);
    set(QPalette::AlternateBase, palette.alternate);
    set(QPalette::Button, palette.button);
    set(QPalette::WindowText, palette.text);
    set(QPalette::Text, palette.text);
    set(QPalette::ButtonText, palette.text);
    set(QPalette::PlaceholderText, palette.placeholder);
    set(QPalette::Midlight, palette.line);
    set(QPalette::Mid, palette.edge);
    set(QPalette::Dark, palette.control);
    set(QPalette::Light, palette.light);
    set(QPalette::Shadow, palette.shadow);
    set(QPalette::Highlight, palette.accent);
    set(QPalette::HighlightedText, palette.onAccent);
    set(QPalette::BrightText, palette.onAccent);
    set(QPalette::Link, palette.link);
    set(QPalette::LinkVisited, palette.link);
    set(QPalette::ToolTipBase, palette.toolTip);
    set(QPalette::ToolTipText, palette.onToolTip);
#if QT_VERSION >= QT_VERSION_CHECK(6, 6, 0)
    set(QPalette::Accent, palette.accent);
#endif
    for (const QPalette::ColorRole role :
         {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::PlaceholderText})
        result.setColor(QPalette::Disabled, role, palette.disabled);
    result.setColor(QPalette::Disabled, QPalette::Highlight, palette.edge);
    result.setColor(QPalette::Disabled, QPalette::HighlightedText, palette.disabled);
    return result;
}

QPalette viewPalette(const Palette &palette)
{
    QPalette result = toQPalette(palette);
    result.setColor(QPalette::Active, QPalette::Highlight, palette.selected);
    result.setColor(QPalette::Inactive, QPalette::Highlight, palette.selectedInactive);
    for (const QPalette::ColorGroup group : {QPalette::Active, QPalette::Inactive})
        result.setColor(group, QPalette::HighlightedText, palette.text);
    return result;
}

Tone toneOf(domain::Health health)
{
    switch (health) {
    case domain::Health::Healthy:
        return Tone::Good;
    case domain::Health::Degraded:
    case domain::Health::Limited:
        return Tone::Caution;
    case domain::Health::Testing:
        return Tone::Busy;
    case domain::Health::Open:
        return Tone::Failure;
    case domain::Health::AuthenticationFailed:
    case domain::Health::NoCredit:
        return Tone::Action;
    case domain::Health::Disabled:
        break;
    }
    return Tone::Neutral;
}

ChartSlot slotFor(QStringView name)
{
    return static_cast<ChartSlot>(stableHash(name) % 6);
}

double contrast(const QColor &one, const QColor &other)
{
    const auto [darker, brighter] = std::minmax(luminance(one), luminance(other));
    return (brighter + 0.05) / (darker + 0.05);
}

QColor blend(const QColor &under, const QColor &over, double share)
{
    const auto mix = [share](int from, int to) {
        return static_cast<int>(std::lround(from + (to - from) * share));
    };
    return {mix(under.red(), over.red()),
            mix(under.green(), over.green()),
            mix(under.blue(), over.blue())};
}

} // namespace gatehouse::ui
