#include "capture/bodytext.h"

#include "theme/theme.h"

#include <QMimeData>
#include <QScrollBar>
#include <QTextBlock>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// A line of so many characters is laid out in a fraction of a millisecond.
constexpr qsizetype longestLine = 2'000;
constexpr int bytesOfLine = 16;

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

BodyText::BodyText(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setReadOnly(true);
    setUndoRedoEnabled(false);
    setFrameShape(QFrame::NoFrame);
    setWordWrapMode(QTextOption::WrapAnywhere);
    setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    setTabChangesFocus(true);
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
    m_breaks.clear();
    m_lineLength = 0;
    m_bytes = 0;
    m_decoder = QStringDecoder(QStringDecoder::Utf8);
    m_binary = looksBinary(bytes);
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
    QString shown;
    shown.reserve(clean.size() + clean.size() / longestLine + 1);
    const qsizetype base = m_text.size();
    for (qsizetype i = 0; i < clean.size(); ++i) {
        const QChar c = clean.at(i);
        if (c != u'\n' && m_lineLength >= longestLine && !c.isLowSurrogate()) {
            shown += u'\n';
            m_breaks.push_back(base + i);
            m_lineLength = 0;
        }
        shown += c;
        ++m_lineLength;
        if (c == u'\n')
            m_lineLength = 0;
    }
    m_text += clean;
    QTextCursor cursor(document());
    cursor.movePosition(QTextCursor::End);
    cursor.insertText(shown);
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

int BodyText::documentPosition(qsizetype position) const
{
    const auto breaks = std::upper_bound(m_breaks.begin(), m_breaks.end(), position);
    return static_cast<int>(position + (breaks - m_breaks.begin()));
}

void BodyText::showMatch(qsizetype position, qsizetype length)
{
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
    // Back from the document's positions to those of the text.
    const auto textPosition = [this](int position) {
        qsizetype at = position;
        for (const qsizetype each : m_breaks) {
            if (each >= at)
                break;
            --at;
        }
        return std::clamp<qsizetype>(at, 0, m_text.size());
    };
    const qsizetype begin = textPosition(cursor.selectionStart());
    const qsizetype end = textPosition(cursor.selectionEnd());
    mime->setText(m_text.mid(begin, end - begin));
    return mime;
}

void BodyText::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        clearMatch();
    if (event->type() == QEvent::StyleChange)
        applyLook();
}

} // namespace gatehouse::ui
