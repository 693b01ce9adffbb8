#pragma once

#include "theme/palette.h"

#include <QCoreApplication>
#include <QIcon>
#include <QRectF>
#include <QString>

#include <chrono>

class QPainter;

namespace gatehouse::ui {

// The shapes of states. Channels take theirs from Health; tokens, keys and requests borrow them.
enum class Glyph {
    Disc,      // healthy, active
    HalfDisc,  // degraded
    Hourglass, // waits
    Ring,      // under way
    Cross,     // failed
    Key,       // refused
    Dollar,    // used up
    Bars,      // switched off, expired
    Tick,      // succeeded, in logs and lists of results
    Barred,    // cancelled
    Dashed,    // something is missing, such as a price
};

Glyph glyphOf(domain::Health health);

// Paints in the square in the middle of `rect`; the box of the design is 14 px.
void paintGlyph(QPainter *painter, const QRectF &rect, Glyph glyph, const QColor &color);
void paintHealth(QPainter *painter, const QRectF &rect, domain::Health health);
QIcon glyphIcon(Glyph glyph, Tone tone);
QIcon healthIcon(domain::Health health);

// The word for a health, alone or with the time left of its rest: "Limited 0:38".
class HealthText
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::HealthText)

public:
    static QString word(domain::Health health);
    static QString word(domain::Health health, std::chrono::seconds left);
    // The word as it is in English, which a filter always understands.
    static QString englishWord(domain::Health health);
};

inline QString healthText(domain::Health health)
{
    return HealthText::word(health);
}

// "0:38", "2:41", "1:02:05".
QString countdown(std::chrono::seconds left);

// The colour of the word: that of its tone, but plain text if all is well.
QColor healthTextColor(domain::Health health);

} // namespace gatehouse::ui
