#include "widgets/table/celltext.h"

#include <QCache>
#include <QFontMetrics>
#include <QPainter>
#include <QStaticText>
#include <QStyle>
#include <QTextOption>

namespace gatehouse::ui {

namespace {

// Some screens full of cells. A text of many characters counts for several.
constexpr int keptLines = 4'000;
constexpr qsizetype charactersOfLine = 200;
// More has no room in any column.
constexpr qsizetype mostCharacters = 2'000;

// One line, whatever is in it.
QString onOneLine(QString text)
{
    constexpr QChar separators[] = {
        u'\n', u'\r', u'\t', QChar::LineSeparator, QChar::ParagraphSeparator};
    text.truncate(mostCharacters);
    for (const QChar separator : separators)
        text.replace(separator, u' ');
    return text;
}

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
    Qt::LayoutDirection direction = Qt::LeftToRight;
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

void shape(ShapedLine &line,
           const QFont &font,
           const QString &text,
           int room,
           Qt::TextElideMode elide,
           Qt::LayoutDirection direction)
{
    line.room = room;
    line.elide = elide;
    line.direction = direction;
    const bool fits = line.width <= room;
    QStaticText shaped(fits ? text : QFontMetrics(font).elidedText(text, elide, room));
    QTextOption option;
    option.setTextDirection(direction);
    shaped.setTextOption(option);
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
    const QString oneLine = onOneLine(text);
    ShapedLine &line = lineOf(font, oneLine);
    const int room = place.width();
    const Qt::LayoutDirection direction = painter->layoutDirection();
    const bool isSame = line.room == room && line.elide == elide;
    const bool fitsAsBefore = line.room >= line.width && room >= line.width;
    if (line.direction != direction || (!isSame && !fitsAsBefore))
        shape(line, font, oneLine, room, elide, direction);
    const Qt::Alignment visual = QStyle::visualAlignment(direction, alignment);
    double left = place.left();
    if (visual & Qt::AlignRight)
        left += room - line.size.width();
    else if (visual & Qt::AlignHCenter)
        left += (room - line.size.width()) / 2;
    const double top = place.top() + (place.height() - line.size.height()) / 2;
    painter->setFont(font);
    painter->drawStaticText(QPointF(left, top), line.text);
}

int CellText::width(const QFont &font, const QString &text)
{
    return text.isEmpty() ? 0 : lineOf(font, onOneLine(text)).width;
}

} // namespace gatehouse::ui
