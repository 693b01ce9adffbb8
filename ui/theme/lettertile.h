#pragma once

#include <QColor>
#include <QIcon>
#include <QRectF>
#include <QStringView>

class QPainter;

namespace gatehouse::ui {

// The mark of a provider: one letter on a tile, in one of eight colours by the hash of `name`, the
// same in every place. Sides of the design: 16, 18 and 22 px.
// Which name that is for a kind of provider and every channel of it, whatever the channel is called.
QString providerTile(int type);
QColor letterTileColor(QStringView name);
void paintLetterTile(QPainter *painter, const QRectF &rect, QStringView name);
QIcon letterTile(const QString &name);

} // namespace gatehouse::ui
