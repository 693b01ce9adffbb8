#include "widgets/fields/shownsecret.h"

#include "widgets/clipboard.h"

#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMenu>
#include <QMimeData>
#include <QMouseEvent>
#include <QTextDocumentFragment>

namespace gatehouse::ui {

namespace {

bool isCopying(const QKeyEvent *event)
{
    return event->matches(QKeySequence::Copy) || event->matches(QKeySequence::Cut);
}

// In place of that of Qt, whose Copy puts plain text into the clipboard.
template<typename Copy, typename SelectAll>
void openMenu(QWidget *field, const QPoint &place, bool selected, Copy copy, SelectAll selectAll)
{
    auto *menu = new QMenu(field);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(ShownSecret::tr("&Copy"), field, copy)->setEnabled(selected);
    menu->addAction(ShownSecret::tr("Select &all"), field, selectAll);
    menu->popup(place);
}

} // namespace

ShownSecret::ShownSecret(QWidget *parent)
    : QLineEdit(parent)
    , m_copying([](const base::Secret &secret) { copySecret(secret); })
{
    setReadOnly(true);
}

void ShownSecret::setCopying(std::function<void(const base::Secret &)> copying)
{
    m_copying = std::move(copying);
}

void ShownSecret::copySelection() const
{
    if (hasSelectedText())
        m_copying(base::Secret(selectedText()));
}

void ShownSecret::keyPressEvent(QKeyEvent *event)
{
    if (isCopying(event))
        copySelection();
    else
        QLineEdit::keyPressEvent(event);
}

void ShownSecret::contextMenuEvent(QContextMenuEvent *event)
{
    openMenu(
        this,
        event->globalPos(),
        hasSelectedText(),
        [this] { copySelection(); },
        [this] { selectAll(); });
}

// Qt puts what was selected into the clipboard of the middle mouse button.
void ShownSecret::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        QLineEdit::mouseReleaseEvent(event);
}

ShownSecretLines::ShownSecretLines(QWidget *parent)
    : QPlainTextEdit(parent)
{
    setReadOnly(true);
}

void ShownSecretLines::copySelection() const
{
    // Qt selects lines with separators of paragraphs between them.
    if (const QTextCursor cursor = textCursor(); cursor.hasSelection())
        copySecret(base::Secret(cursor.selection().toPlainText()));
}

void ShownSecretLines::keyPressEvent(QKeyEvent *event)
{
    if (isCopying(event))
        copySelection();
    else
        QPlainTextEdit::keyPressEvent(event);
}

void ShownSecretLines::contextMenuEvent(QContextMenuEvent *event)
{
    openMenu(
        this,
        event->globalPos(),
        textCursor().hasSelection(),
        [this] { copySelection(); },
        [this] { selectAll(); });
}

// Asked for by what else would take the text: the middle mouse button and dragging.
QMimeData *ShownSecretLines::createMimeDataFromSelection() const
{
    return new QMimeData;
}

} // namespace gatehouse::ui
