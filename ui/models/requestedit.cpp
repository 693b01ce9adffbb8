#include "models/requestedit.h"

#include "theme/theme.h"

#include <QKeyEvent>
#include <QMimeData>

namespace gatehouse::ui {

namespace {

constexpr qsizetype mostShown = 50'000;
constexpr qsizetype shownOfLong = 2'000;

} // namespace

RequestEdit::RequestEdit(QWidget *parent)
    : QPlainTextEdit(parent)
{
    constexpr int lines = 4;
    setTabChangesFocus(true);
    setFont(Theme::font(TextRole::Fixed));
    setWordWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
    setFixedHeight(fontMetrics().lineSpacing() * lines + Theme::px(14));
    connect(this, &QPlainTextEdit::textChanged, this, &RequestEdit::bodyChanged);
}

QByteArray RequestEdit::body() const
{
    return isCut() ? m_long : toPlainText().toUtf8().trimmed();
}

void RequestEdit::setShown(const QString &text, const QByteArray &whole)
{
    m_long = whole;
    setReadOnly(isCut());
    setPlainText(text);
}

// What comes of it may be long, whether it is pasted into nothing, into text or in place of some.
void RequestEdit::insertFromMimeData(const QMimeData *source)
{
    const QString text = source->text();
    if (isCut())
        setShown({}, {});
    const QTextCursor cursor = textCursor();
    const qsizetype kept =
        document()->characterCount() - 1 - (cursor.selectionEnd() - cursor.selectionStart());
    if (kept + text.size() <= mostShown) {
        QPlainTextEdit::insertFromMimeData(source);
        return;
    }
    QString whole = toPlainText();
    whole.replace(cursor.selectionStart(), cursor.selectionEnd() - cursor.selectionStart(), text);
    setShown(whole.left(shownOfLong) + QChar(0x2026), whole.toUtf8().trimmed());
}

void RequestEdit::keyPressEvent(QKeyEvent *event)
{
    if (isCut() && event->matches(QKeySequence::Paste)) {
        paste();
        return;
    }
    if (isCut() && (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace)) {
        setShown({}, {});
        return;
    }
    QPlainTextEdit::keyPressEvent(event);
}

} // namespace gatehouse::ui
