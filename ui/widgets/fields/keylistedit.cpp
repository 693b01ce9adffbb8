#include "widgets/fields/keylistedit.h"

#include "theme/theme.h"
#include "widgets/format.h"

#include <QFocusEvent>
#include <QMimeData>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

bool isInvisible(QChar character)
{
    return character.category() == QChar::Other_Format
           || character.category() == QChar::Other_Control;
}

// Without what comes along when a key is copied from a page or a file.
QString cleaned(const QString &line)
{
    QString key;
    for (const QChar character : line) {
        if (!isInvisible(character) && !character.isSpace())
            key += character;
    }
    const auto isQuote = [](QChar character) {
        return character == u'"' || character == u'\'' || character == u'`' || character == u','
               || character == u'“' || character == u'”';
    };
    while (!key.isEmpty() && isQuote(key.front()))
        key.remove(0, 1);
    while (!key.isEmpty() && isQuote(key.back()))
        key.chop(1);
    return key;
}

// Whether one stands between two characters of the key.
bool hasInnerBlank(const QString &line)
{
    const QString key = cleaned(line);
    qsizetype found = 0;
    bool blank = false;
    for (const QChar character : line) {
        if (found == key.size())
            return false;
        if (character.isSpace()) {
            blank = true;
        } else if (character == key[found]) {
            if (blank && found > 0)
                return true;
            ++found;
            blank = false;
        }
    }
    return false;
}

} // namespace

KeyListEdit::KeyListEdit(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setFont(Theme::font(TextRole::Fixed));
    setTabChangesFocus(true);
    setLineWrapMode(NoWrap);
    setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase
                        | Qt::ImhMultiLine);
    setAccessibleName(tr("Keys, one a line"));
    connect(this, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_switching)
            emit keysChanged();
    });
}

QStringList KeyListEdit::lines() const
{
    return (m_masked ? m_text : toPlainText()).split(u'\n');
}

QList<base::Secret> KeyListEdit::keysWithBlanks() const
{
    QList<base::Secret> found;
    const QStringList entered = lines();
    for (const QString &line : entered) {
        if (hasInnerBlank(line))
            found.append(base::Secret(cleaned(line)));
    }
    return found;
}

QList<base::Secret> KeyListEdit::keys() const
{
    QStringList keys;
    const QStringList entered = lines();
    for (const QString &line : entered) {
        const QString key = cleaned(line);
        if (!key.isEmpty() && !keys.contains(key))
            keys.append(key);
    }
    QList<base::Secret> secrets;
    for (const QString &key : std::as_const(keys))
        secrets.append(base::Secret(key));
    return secrets;
}

void KeyListEdit::setKeys(const QList<base::Secret> &keys)
{
    QStringList lines;
    for (const base::Secret &key : keys)
        lines.append(QString::fromUtf8(key.reveal()));
    showMasked(false);
    setPlainText(lines.join(u'\n'));
    moveCursor(QTextCursor::End);
    showMasked(!m_revealed && !hasFocus());
}

void KeyListEdit::setRevealed(bool revealed)
{
    m_revealed = revealed;
    showMasked(!revealed && !hasFocus());
}

void KeyListEdit::showMasked(bool masked)
{
    if (m_masked == masked)
        return;
    m_switching = true;
    if (masked) {
        m_text = toPlainText();
        QStringList lines;
        const QList<base::Secret> secrets = keys();
        for (const base::Secret &key : secrets)
            lines.append(Format::masked(QString::fromUtf8(key.reveal())));
        m_masked = true;
        setPlainText(lines.join(u'\n'));
    } else {
        m_masked = false;
        setPlainText(std::exchange(m_text, QString()));
        moveCursor(QTextCursor::End);
    }
    m_switching = false;
}

QSize KeyListEdit::sizeHint() const
{
    constexpr int lines = 3;
    const int height = fontMetrics().lineSpacing() * lines + Theme::px(14);
    return {Theme::px(320), height};
}

void KeyListEdit::focusInEvent(QFocusEvent *event)
{
    showMasked(false);
    QPlainTextEdit::focusInEvent(event);
}

void KeyListEdit::focusOutEvent(QFocusEvent *event)
{
    QPlainTextEdit::focusOutEvent(event);
    const bool stays =
        event->reason() == Qt::PopupFocusReason || event->reason() == Qt::ActiveWindowFocusReason;
    if (!m_revealed && !stays)
        showMasked(true);
}

bool KeyListEdit::isAllSelected() const
{
    const QTextCursor cursor = textCursor();
    const int start = cursor.selectionStart();
    QString others = toPlainText();
    others.remove(start, cursor.selectionEnd() - start);
    return cursor.hasSelection() && others.trimmed().isEmpty();
}

// What takes the place of everything is offered as if nothing had been there.
void KeyListEdit::insertFromMimeData(const QMimeData *source)
{
    const QString text = source->text();
    const bool replacesAll = !isReadOnly() && !text.trimmed().isEmpty() && isAllSelected();
    if (replacesAll)
        textCursor().removeSelectedText();
    bool taken = false;
    emit pasted(text, &taken);
    if (taken)
        return;
    if (!replacesAll)
        return QPlainTextEdit::insertFromMimeData(source);
    QTextCursor whole = textCursor(); // undone as one
    whole.joinPreviousEditBlock();
    QPlainTextEdit::insertFromMimeData(source);
    whole.endEditBlock();
}

void KeyListEdit::changeEvent(QEvent *event)
{
    QPlainTextEdit::changeEvent(event);
    if (event->type() == QEvent::ApplicationFontChange)
        setFont(Theme::font(TextRole::Fixed));
}

} // namespace gatehouse::ui
