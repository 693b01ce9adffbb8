#include "widgets/table/celltext.h"

#include <QCache>
#include <QFontMetrics>
#include <QPainter>
#include <QStaticText>

namespace gatehouse::ui {

namespace {

// Some screens full of cells. A text of many characters counts for several.
constexpr int keptLines = 4'000;
constexpr qsizetype charactersOfLine = 200;

struct LineKey
{
    QFont font{};
    QString text{};

    friend bool operator==(const LineKey &left, const LineKey &right)
    {
        return left.text == right.text && left.font == right.font;
    }
    friend size_t qHash(const LineKey &key, size_t seed)
    {
        return qHashMulti(seed, key.text, key.font.weight(), key.font.pointSizeF());
    }
};

struct ShapedLine
{
    int width = 0; // of the whole text
    // What was painted last: nearly always the same again.
    int room = -1;
    Qt::TextElideMode elide = Qt::ElideNone;
    QStaticText text{};
    QSizeF size{};
};

ShapedLine &lineOf(const QFont &font, const QString &text)
{
    // Never destroyed: fonts must not be touched once the application is gone.
    static auto &lines = *new QCache<LineKey, ShapedLine>(keptLines);
    const LineKey key{.font = font, .text = text};
    if (ShapedLine *known = lines.object(key))
        return *known;
    auto *line = new ShapedLine{.width = QFontMetrics(font).horizontalAdvance(text)};
    const qsizetype cost = 1 + text.size() / charactersOfLine;
    lines.insert(key, line, std::min<qsizetype>(cost, keptLines / 4));
    return *line;
}

// One line, whatever is in it.
QString onOneLine(QString text)
{
    constexpr QChar separators[] = {u'\n', u'\t', QChar::LineSeparator, QChar::ParagraphSeparator};
    for (const QChar separator : separators)
        text.replace(separator, u' ');
    return text;
}

void shape(
    ShapedLine &line, const QFont &font, const QString &text, int room, Qt::TextElideMode elide)
{
    line.room = room;
    line.elide = elide;
    const bool fits = line.width <= room;
    QStaticText shaped(onOneLine(fits ? text : QFontMetrics(font).elidedText(text, elide, room)));
    shaped.setTextFormat(Qt::PlainText);
    shaped.setPerformanceHint(QStaticText::AggressiveCaching);
    shaped.prepare({}, font);
    line.text = shaped;
    line.size = shaped.size();
}

} // namespace

void CellText::paint(QPainter *painter,
                     const QRect &place,
                     Qt::Alignment alignment,
                     const QFont &font,
                     const QString &text,
                     Qt::TextElideMode elide)
{
    if (text.isEmpty() || place.width() <= 0)
        return;
    ShapedLine &line = lineOf(font, text);
    const int room = place.width();
    const bool isSame = line.room == room && line.elide == elide;
    const bool fitsAsBefore = line.room >= line.width && room >= line.width;
    if (!isSame && !fitsAsBefore)
        shape(line, font, text, room, elide);
    double left = place.left();
    if (alignment & Qt::AlignRight)
        left += room - line.size.width();
    else if (alignment & Qt::AlignHCenter)
        left += (room - line.size.width()) / 2;
    const double top = place.top() + (place.height() - line.size.height()) / 2;
    painter->setFont(font);
    painter->drawStaticText(QPointF(left, top), line.text);
}

int CellText::width(const QFont &font, const QString &text)
{
    return text.isEmpty() ? 0 : lineOf(font, text).width;
}

} // namespace gatehouse::ui
