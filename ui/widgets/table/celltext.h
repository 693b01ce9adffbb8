#pragma once

#include <QFont>
#include <QRect>
#include <QString>

class QPainter;

namespace gatehouse::ui {

// A line of text as tables paint it. Shaping a text costs several times what drawing it does, and the same
// cells are painted again with every scrolled row and every size of the window: the last few thousand
// lines are kept as they were shaped. Main thread only.
class CellText
{
public:
    CellText() = delete;

    // Within `place`, in the painter's pen and direction. What is too long is elided as `elide` says,
    // which must not be ElideNone: nothing is clipped.
    static void paint(QPainter *painter,
                      const QRect &place,
                      Qt::Alignment alignment,
                      const QFont &font,
                      const QString &text,
                      Qt::TextElideMode elide);
    // Device-independent pixels that the whole text takes.
    static int width(const QFont &font, const QString &text);
};

} // namespace gatehouse::ui
