#include "commands/table.h"

#include <algorithm>
#include <array>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

struct CharacterRange
{
    char32_t first;
    char32_t last;
};

// What terminals draw two cells wide: the classes W and F of Unicode's East Asian Width, with the gaps
// inside of blocks taken along.
constexpr std::array wideCharacters{
    CharacterRange{0x1100, 0x115f},   // Hangul Jamo that begin a syllable
    CharacterRange{0x2e80, 0x303e},   // radicals, punctuation of CJK
    CharacterRange{0x3041, 0x33ff},   // kana, bopomofo, compatibility
    CharacterRange{0x3400, 0x4dbf},   // ideographs, extension A
    CharacterRange{0x4e00, 0x9fff},   // ideographs
    CharacterRange{0xa000, 0xa4cf},   // Yi
    CharacterRange{0xa960, 0xa97f},   // Hangul Jamo, extended
    CharacterRange{0xac00, 0xd7a3},   // Hangul syllables
    CharacterRange{0xf900, 0xfaff},   // ideographs for compatibility
    CharacterRange{0xfe30, 0xfe6f},   // vertical and small forms
    CharacterRange{0xff00, 0xff60},   // full-width forms
    CharacterRange{0xffe0, 0xffe6},   // full-width signs
    CharacterRange{0x1f300, 0x1f64f}, // pictures, faces
    CharacterRange{0x1f680, 0x1f6ff}, // traffic
    CharacterRange{0x1f900, 0x1f9ff}, // more pictures
    CharacterRange{0x20000, 0x3fffd}, // further ideographs
};

bool isWide(char32_t character)
{
    return std::any_of(
        wideCharacters.begin(), wideCharacters.end(), [character](const CharacterRange &range) {
            return character >= range.first && character <= range.last;
        });
}

bool isWithoutCell(char32_t character)
{
    const QChar::Category category = QChar::category(character);
    return category == QChar::Mark_NonSpacing || category == QChar::Mark_Enclosing
           || category == QChar::Other_Format;
}

// Makes what follows run from the right, that of other cells, too.
bool turnsText(QChar character)
{
    const char16_t unit = character.unicode();
    return (unit >= 0x202a && unit <= 0x202e) || (unit >= 0x2066 && unit <= 0x2069);
}

QString padding(qsizetype cells, const QString &text)
{
    return QString(std::max<qsizetype>(cells - cellsOf(text), 0), u' ');
}

} // namespace

qsizetype cellsOf(const QString &text)
{
    qsizetype cells = 0;
    const QList<uint> characters = text.toUcs4();
    for (const uint each : characters) {
        const auto character = char32_t(each);
        if (!isWithoutCell(character))
            cells += isWide(character) ? 2 : 1;
    }
    return cells;
}

QString plainLine(const QString &text)
{
    QString line = text;
    for (QChar &character : line) {
        const QChar::Category category = character.category();
        if (category == QChar::Other_Control || category == QChar::Separator_Line
            || category == QChar::Separator_Paragraph || turnsText(character))
            character = u' ';
    }
    return line;
}

void Table::add(const QStringList &cells)
{
    Q_ASSERT(cells.size() == qsizetype(m_columns.size()));
    QStringList row;
    for (const QString &cell : cells)
        row.append(plainLine(cell));
    m_rows.push_back(row);
}

QString Table::text() const
{
    std::vector<qsizetype> widths;
    QStringList headings;
    for (const Column &column : m_columns) {
        widths.push_back(cellsOf(column.heading));
        headings.append(column.heading);
    }
    for (const QStringList &row : m_rows) {
        for (qsizetype i = 0; i < row.size(); ++i)
            widths[size_t(i)] = std::max(widths[size_t(i)], cellsOf(row.at(i)));
    }
    const auto lineOf = [&](const QStringList &row) -> QString {
        QString line;
        for (qsizetype i = 0; i < row.size(); ++i) {
            const QString blank = padding(widths[size_t(i)], row.at(i));
            if (i > 0)
                line += "  "_L1;
            if (m_columns[size_t(i)].align == Align::Right)
                line += blank + row.at(i);
            else
                line += row.at(i) + blank;
        }
        while (line.endsWith(u' '))
            line.chop(1);
        return line;
    };
    QStringList lines{lineOf(headings)};
    for (const QStringList &row : m_rows)
        lines.append(lineOf(row));
    return lines.join(u'\n');
}

QString factsText(const Facts &facts)
{
    qsizetype width = 0;
    for (const auto &[name, value] : facts)
        width = std::max(width, cellsOf(name));
    QStringList lines;
    for (const auto &[name, value] : facts) {
        if (!value.isEmpty())
            lines.append(name + u':' + padding(width, name) + "  "_L1 + plainLine(value));
    }
    return lines.join(u'\n');
}

} // namespace gatehouse::app
