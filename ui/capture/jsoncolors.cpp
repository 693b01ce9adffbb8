#include "capture/jsoncolors.h"

#include "theme/theme.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

class JsonLinePainter
{
public:
    explicit JsonLinePainter(const QString &line)
        : m_line(line)
    {}

    QList<QTextLayout::FormatRange> paint(JsonPlace place);

private:
    void add(qsizetype begin, qsizetype end, const QColor &color);
    qsizetype endOfString(qsizetype at, JsonPlace place) const;
    bool isName(qsizetype end) const;
    qsizetype endOfWord(qsizetype at) const;

    const QString &m_line;
    QList<QTextLayout::FormatRange> m_ranges{};
};

void JsonLinePainter::add(qsizetype begin, qsizetype end, const QColor &color)
{
    QTextLayout::FormatRange range;
    range.start = static_cast<int>(begin);
    range.length = static_cast<int>(end - begin);
    range.format.setForeground(color);
    m_ranges.append(range);
}

// Behind the quote that ends it, or the end of the line.
qsizetype JsonLinePainter::endOfString(qsizetype at, JsonPlace place) const
{
    while (at < m_line.size() && place.inString)
        place.pass(m_line.at(at++));
    return at;
}

bool JsonLinePainter::isName(qsizetype end) const
{
    while (end < m_line.size() && m_line.at(end).isSpace())
        ++end;
    return end < m_line.size() && m_line.at(end) == u':';
}

qsizetype JsonLinePainter::endOfWord(qsizetype at) const
{
    const auto isPart = [](QChar c) {
        return c.isLetterOrNumber() || c == u'.' || c == u'-' || c == u'+';
    };
    while (at < m_line.size() && isPart(m_line.at(at)))
        ++at;
    return at;
}

QList<QTextLayout::FormatRange> JsonLinePainter::paint(JsonPlace place)
{
    const Palette &colors = Theme::current();
    qsizetype at = 0;
    if (place.inString) {
        at = endOfString(0, place);
        add(0, at, colors.good.text);
    }
    while (at < m_line.size()) {
        const QChar c = m_line.at(at);
        if (c == u'"') {
            const qsizetype end = endOfString(at + 1, {.inString = true});
            add(at, end, isName(end) ? colors.link : colors.good.text);
            at = end;
        } else if (c.isDigit() || c == u'-') {
            const qsizetype end = std::max(endOfWord(at), at + 1);
            add(at, end, colors.caution.text);
            at = end;
        } else if (c.isLetter()) {
            const qsizetype end = std::max(endOfWord(at), at + 1);
            const QStringView word = QStringView(m_line).sliced(at, end - at);
            if (word == u"true" || word == u"false" || word == u"null")
                add(at, end, colors.action.text);
            at = end;
        } else {
            ++at;
        }
    }
    return m_ranges;
}

} // namespace

void JsonPlace::pass(QChar c)
{
    if (c == u'\n') {
        *this = {};
    } else if (isEscaped) {
        isEscaped = false;
    } else if (inString && c == u'\\') {
        isEscaped = true;
    } else if (c == u'"') {
        inString = !inString;
    }
}

QList<QTextLayout::FormatRange> jsonColors(const QString &line, JsonPlace place)
{
    return JsonLinePainter(line).paint(place);
}

} // namespace gatehouse::ui
