#include "capture/bodytext.h"

#include "theme/theme.h"

#include <QMimeData>
#include <QMouseEvent>
#include <QScrollBar>
#include <QTextBlock>

#include <algorithm>
#include <iterator>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// A line of so many characters is laid out in a fraction of a millisecond.
constexpr qsizetype longestLine = 2'000;
constexpr int bytesOfLine = 16;

QString labelOf(const EmbeddedData &data)
{
    return BodyText::tr("[%1: show]", "a folded picture, its type and size").arg(data.text());
}

} // namespace

bool looksBinary(const QByteArray &bytes)
{
    constexpr qsizetype looked = 4'096;
    const QByteArrayView beginning = QByteArrayView(bytes).first(std::min(looked, bytes.size()));
    qsizetype odd = 0;
    for (const char c : beginning) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte == 0)
            return true;
        if (byte < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != '\b')
            ++odd;
    }
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder(beginning);
    odd += text.count(QChar::ReplacementCharacter);
    constexpr qsizetype share = 20;
    return odd * share > beginning.size();
}

// With what events of a stream begin with.
bool looksLikeJson(const QByteArray &bytes)
{
    const QByteArray beginning = bytes.left(64).trimmed();
    return beginning.startsWith('{') || beginning.startsWith('[') || beginning.startsWith("data:")
           || beginning.startsWith("event:");
}

struct BodyText::Addition
{
    qsizetype textBegin = 0;     // its place in m_text
    qsizetype documentBegin = 0; // and in the document
    QString shown{};

    qsizetype documentEnd() const { return documentBegin + shown.size(); }
};

BodyText::BodyText(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setFrameShape(QFrame::NoFrame);
    setWordWrapMode(QTextOption::WrapAnywhere);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
    viewport()->setMouseTracking(true);
    m_coloring.setSingleShot(true);
    m_coloring.setInterval(0);
    connect(&m_coloring, &QTimer::timeout, this, &BodyText::colorVisible);
    connect(
        verticalScrollBar(), &QScrollBar::valueChanged, &m_coloring, qOverload<>(&QTimer::start));
    applyLook();
}

void BodyText::applyLook()
{
    setFont(Theme::font(TextRole::Fixed));
    document()->setDocumentMargin(Theme::px(8));
}

void BodyText::start(const QByteArray &bytes)
{
    clear();
    clearMatch();
    m_text.clear();
    m_pieces = {{}};
    m_lines = {{}};
    m_place = {};
    m_last = {};
    m_lineLength = 0;
    m_bytes = 0;
    m_decoder = QStringDecoder(QStringDecoder::Utf8);
    m_binary = looksBinary(bytes);
    m_isJson = !m_binary && looksLikeJson(bytes);
    append(bytes);
    verticalScrollBar()->setValue(0);
}

void BodyText::append(const QByteArray &bytes)
{
    if (m_binary)
        appendNumbers(bytes);
    else
        appendText(m_decoder(bytes));
    m_bytes += bytes.size();
    m_coloring.start();
}

void BodyText::appendText(const QString &text)
{
    // What a paragraph separator of Unicode would do to the document, a space does not.
    QString clean = text;
    for (QChar &c : clean) {
        if (c == QChar::ParagraphSeparator || c == QChar::LineSeparator || c == QChar::Null
            || c == u'\r' || (c >= QChar(0xFDD0) && c <= QChar(0xFDEF)))
            c = u' ';
    }
    const qsizetype begin = growLast(clean);
    Addition addition{.textBegin = m_text.size(),
                      .documentBegin = document()->characterCount() - 1};
    addition.shown.reserve(clean.size() + clean.size() / longestLine + 1);
    add(addition, clean, begin);
    m_text += clean;
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(addition.shown);
}

// `text` from `begin` on, which is to stand at the end of m_text.
void BodyText::add(Addition &addition, QStringView text, qsizetype begin)
{
    const auto breakLine = [this, &addition](qsizetype at) {
        addition.shown += u'\n';
        m_lines.push_back({.begin = m_place});
        m_pieces.push_back({.text = addition.textBegin + at, .document = addition.documentEnd()});
        m_lineLength = 0;
    };
    if (m_lines.back().isLabel && begin < text.size())
        breakLine(begin);
    for (qsizetype i = begin; i < text.size(); ++i) {
        const QChar c = text.at(i);
        if (m_place.inString) {
            if (const EmbeddedData found = EmbeddedData::at(text, i); found.isPresent()) {
                if (m_lineLength > 0)
                    breakLine(i);
                fold(addition, found, i);
                if (found.end == text.size()) {
                    m_last = found;
                    return;
                }
                breakLine(found.end);
                i = found.end - 1;
                continue;
            }
        }
        if (c != u'\n' && m_lineLength >= longestLine && !c.isLowSurrogate())
            breakLine(i);
        addition.shown += c;
        ++m_lineLength;
        m_place.pass(c);
        if (c == u'\n') {
            m_lines.push_back({.begin = m_place});
            m_lineLength = 0;
        }
    }
}

// Its label instead of it.
void BodyText::fold(Addition &addition, const EmbeddedData &folded, qsizetype begin)
{
    m_pieces.push_back(
        {.text = addition.textBegin + begin, .document = addition.documentEnd(), .isFolded = true});
    m_lines.back().isLabel = true;
    addition.shown += labelOf(folded);
    m_lineLength = 1;
}

// What was folded at the end may go on in the next part. Gives how far it does.
qsizetype BodyText::growLast(QStringView text)
{
    if (!m_last.isPresent())
        return 0;
    const qsizetype end = EmbeddedData::endOf(text, 0);
    EmbeddedData grown = m_last;
    grown.bytes += EmbeddedData::bytesIn(end);
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    // It may have been opened meanwhile, and is as long as it was then.
    if (m_lines.back().isLabel) {
        cursor.movePosition(QTextCursor::StartOfBlock, QTextCursor::KeepAnchor);
        cursor.insertText(labelOf(grown));
        m_lines.back().isColored = false;
        m_last = end == text.size() ? grown : EmbeddedData{};
        return end;
    }
    m_last = {};
    return 0;
}

// "00000010  7b 22 6d 6f …  |{"mo|", as hexdump does it.
void BodyText::appendNumbers(const QByteArray &bytes)
{
    QString shown;
    for (qsizetype begin = 0; begin < bytes.size(); begin += bytesOfLine) {
        const QByteArray part = bytes.mid(begin, bytesOfLine);
        QString words;
        for (const char c : part)
            words += QLatin1Char(c >= ' ' && c < '\x7F' ? c : '.');
        if (m_bytes + begin > 0)
            shown += u'\n';
        shown += u"%1  %2  |%3|"_s.arg(m_bytes + begin, 8, 16, QLatin1Char('0'))
                     .arg(QString::fromLatin1(part.toHex(' ')), -(bytesOfLine * 3 - 1))
                     .arg(words);
    }
    m_text += shown;
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(shown);
}

size_t BodyText::pieceAt(qsizetype position) const
{
    const auto next = std::upper_bound(
        m_pieces.begin(), m_pieces.end(), position, [](qsizetype at, const Piece &piece) {
            return at < piece.text;
        });
    return static_cast<size_t>(next - m_pieces.begin()) - 1;
}

int BodyText::documentPosition(qsizetype position) const
{
    const Piece &piece = m_pieces.at(pieceAt(position));
    return static_cast<int>(piece.document + (piece.isFolded ? 0 : position - piece.text));
}

qsizetype BodyText::textPosition(int position) const
{
    const auto next = std::upper_bound(
        m_pieces.begin(), m_pieces.end(), position, [](int at, const Piece &piece) {
            return at < piece.document;
        });
    const Piece &piece = *std::prev(next);
    const qsizetype end = next == m_pieces.end() ? m_text.size() : next->text;
    if (piece.isFolded) // in the midst of its label all of it is meant
        return position > piece.document ? end : piece.text;
    return std::clamp<qsizetype>(piece.text + position - piece.document, 0, end);
}

int BodyText::foldedCount() const
{
    return static_cast<int>(std::count_if(
        m_pieces.begin(), m_pieces.end(), [](const Piece &piece) { return piece.isFolded; }));
}

bool BodyText::unfold(const QTextBlock &line)
{
    const auto number = static_cast<size_t>(line.isValid() ? line.blockNumber() : 0);
    if (!line.isValid() || number >= m_lines.size() || !m_lines[number].isLabel)
        return false;
    const auto piece = std::find_if(m_pieces.begin(), m_pieces.end(), [&line](const Piece &each) {
        return each.isFolded && each.document == line.position();
    });
    if (piece == m_pieces.end())
        return false;
    const auto after = std::next(piece);
    const qsizetype begin = piece->text;
    const qsizetype end = after == m_pieces.end() ? m_text.size() : after->text;
    QString shown;
    std::vector<Piece> pieces;
    std::vector<Line> lines;
    for (qsizetype at = begin; at < end; at += longestLine) {
        if (at > begin)
            shown += u'\n';
        pieces.push_back({.text = at, .document = line.position() + shown.size()});
        lines.push_back({.begin = {.inString = true}});
        shown += QStringView(m_text).sliced(at, std::min(longestLine, end - at));
    }
    const qsizetype growth = shown.size() - (line.length() - 1);
    for (auto each = after; each != m_pieces.end(); ++each)
        each->document += growth;
    m_pieces.insert(m_pieces.erase(piece), pieces.begin(), pieces.end());
    const auto label = m_lines.begin() + static_cast<std::ptrdiff_t>(number);
    if (std::next(label) == m_lines.end())
        m_lineLength = end - pieces.back().text;
    m_lines.insert(m_lines.erase(label), lines.begin(), lines.end());
    QTextCursor cursor(line);
    cursor.movePosition(QTextCursor::EndOfBlock, QTextCursor::KeepAnchor);
    cursor.insertText(shown);
    cursor.setPosition(static_cast<int>(pieces.front().document));
    setTextCursor(cursor);
    m_coloring.start();
    return true;
}

// The line of what is folded there; invalid: none.
QTextBlock BodyText::labelAt(const QPoint &position) const
{
    const QTextBlock line = cursorForPosition(position).block();
    const auto number = static_cast<size_t>(line.blockNumber());
    const bool isLabel =
        number < m_lines.size() && m_lines[number].isLabel
        && blockBoundingGeometry(line).translated(contentOffset()).contains(position);
    return isLabel ? line : QTextBlock();
}

// Line by line and only those that are seen, so that a long body costs no more than a short one.
void BodyText::colorVisible()
{
    QTextBlock line = firstVisibleBlock();
    double top = blockBoundingGeometry(line).translated(contentOffset()).top();
    for (; line.isValid() && top <= viewport()->height(); line = line.next()) {
        const auto number = static_cast<size_t>(line.blockNumber());
        if (number < m_lines.size() && !std::exchange(m_lines[number].isColored, true)) {
            QList<QTextLayout::FormatRange> ranges;
            if (m_lines[number].isLabel) {
                QTextLayout::FormatRange link;
                link.length = line.length() - 1;
                link.format.setForeground(Theme::current().link);
                link.format.setFontUnderline(true);
                ranges.append(link);
            } else if (m_isJson) {
                ranges = jsonColors(line.text(), m_lines[number].begin);
            }
            if (!ranges.isEmpty() || !line.layout()->formats().isEmpty()) {
                line.layout()->setFormats(ranges);
                document()->markContentsDirty(line.position(), line.length());
            }
        }
        top += blockBoundingRect(line).height();
    }
}

void BodyText::resizeEvent(QResizeEvent *event)
{
    QPlainTextEdit::resizeEvent(event);
    m_coloring.start();
}

void BodyText::mouseMoveEvent(QMouseEvent *event)
{
    QPlainTextEdit::mouseMoveEvent(event);
    if (event->buttons() == Qt::NoButton) {
        const bool isLabel = labelAt(event->position().toPoint()).isValid();
        viewport()->setCursor(isLabel ? Qt::PointingHandCursor : Qt::IBeamCursor);
    }
}

void BodyText::mouseReleaseEvent(QMouseEvent *event)
{
    QPlainTextEdit::mouseReleaseEvent(event);
    if (event->button() == Qt::LeftButton && !textCursor().hasSelection())
        unfold(labelAt(event->position().toPoint()));
}

void BodyText::keyPressEvent(QKeyEvent *event)
{
    const bool opens = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter
                       || event->key() == Qt::Key_Space;
    if (opens && !textCursor().hasSelection() && unfold(textCursor().block()))
        return;
    QPlainTextEdit::keyPressEvent(event);
}

void BodyText::showMatch(qsizetype position, qsizetype length)
{
    for (const qsizetype end : {position, position + length - 1}) {
        if (m_pieces.at(pieceAt(end)).isFolded)
            unfold(document()->findBlock(documentPosition(end)));
    }
    QTextCursor cursor(document());
    cursor.setPosition(documentPosition(position));
    setTextCursor(cursor);
    cursor.setPosition(documentPosition(position + length - 1) + 1, QTextCursor::KeepAnchor);
    QTextEdit::ExtraSelection match;
    match.cursor = cursor;
    match.format.setBackground(Theme::current().caution.tint);
    match.format.setForeground(Theme::current().text);
    match.format.setUnderlineStyle(QTextCharFormat::SingleUnderline);
    setExtraSelections({match});
    centerCursor();
}

void BodyText::clearMatch()
{
    setExtraSelections({});
}

QMimeData *BodyText::createMimeDataFromSelection() const
{
    auto *mime = new QMimeData;
    const QTextCursor cursor = textCursor();
    const qsizetype begin = textPosition(cursor.selectionStart());
    const qsizetype end = textPosition(cursor.selectionEnd());
    mime->setText(m_text.mid(begin, end - begin));
    return mime;
}

void BodyText::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        clearMatch();
        for (Line &line : m_lines)
            line.isColored = false;
        m_coloring.start();
    }
    if (event->type() == QEvent::StyleChange)
        applyLook();
}

} // namespace gatehouse::ui
