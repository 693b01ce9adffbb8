#pragma once

#include <QColor>
#include <QIcon>
#include <QPixmap>
#include <QStringView>

class QPainter;
class QRectF;

namespace gatehouse::ui {

// What an icon is tinted with, by the palette of the moment it is painted.
enum class IconColor { Text, Secondary, Link, OnAccent, Good, Caution, Busy, Failure, Action };

QColor iconColor(IconColor color);

// The Lucide icon of that name, such as u"refresh-cw", in any size. Disabled ones take the colour of
// disabled text; an unknown name gives a null icon and a warning in the log.
QIcon icon(QStringView name, IconColor color = IconColor::Text);

// For delegates and painted widgets: the icon centred in `rect`, as large as its shorter side.
void paintIcon(QPainter *painter, const QRectF &rect, QStringView name, const QColor &color);
QPixmap iconPixmap(QStringView name, int size, double scale, const QColor &color);

// The sides of icons, in pixels of the design: Theme::px() of these.
inline constexpr int navigationIcon = 16; // also tool buttons and message bars
inline constexpr int controlIcon = 14;    // in buttons, menus and fields
inline constexpr int chevronIcon = 12;
inline constexpr int emptyStateIcon = 40;

} // namespace gatehouse::ui
