#pragma once

#include <QColor>
#include <QIcon>
#include <QRectF>

class QPainter;

namespace gatehouse::ui {

// What the icon in the tray says, by its shape.
enum class TrayState { Running, Streaming, Paused, Attention, Error, Stopped };

// Paints the gate tower in one colour; what is cut out of it shows the ground.
void paintMark(QPainter *painter, const QRectF &rect, TrayState state, const QColor &color);

// The icon for a panel that is dark or light; a template on macOS, which colours it itself.
QIcon trayIcon(TrayState state, bool darkPanel);
// Whether the panel that holds the tray is dark, as far as the system tells.
bool panelIsDark();

// The icon of windows and of the task bar.
QIcon applicationIcon();

} // namespace gatehouse::ui
