#include "users/groupdelegate.h"

#include <QAbstractItemView>
#include <QCompleter>
#include <QCoreApplication>
#include <QKeyEvent>
#include <QLineEdit>
#include <QTimer>

namespace gatehouse::ui {

namespace {

void pressEnter(QLineEdit *line)
{
    QCoreApplication::postEvent(line,
                                new QKeyEvent(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier));
}

} // namespace

GroupDelegate::GroupDelegate(std::function<QStringList()> groups, QObject *parent)
    : TableDelegate(parent)
    , m_groups(std::move(groups))
{}

QWidget *GroupDelegate::createEditor(QWidget *parent,
                                     const QStyleOptionViewItem &option,
                                     const QModelIndex &index) const
{
    QWidget *editor = TableDelegate::createEditor(parent, option, index);
    auto *line = qobject_cast<QLineEdit *>(editor);
    if (!line)
        return editor;
    auto *completer = new QCompleter(m_groups(), line);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    line->setCompleter(completer);
    // What is chosen is set as by the program; the table stores what a person has changed, and at once what
    // was chosen from a list.
    connect(
        completer,
        qOverload<const QString &>(&QCompleter::activated),
        line,
        [line](const QString &chosen) {
            line->setText(chosen); // the rows may have been read anew meanwhile
            line->setModified(true);
            pressEnter(line);
        },
        Qt::QueuedConnection);
    // The list would take Enter for closing it, when nothing is chosen there.
    connect(line, &QLineEdit::returnPressed, completer, [completer, line] {
        QAbstractItemView *list = completer->popup();
        if (!list->isVisible() || list->currentIndex().isValid())
            return;
        list->hide();
        pressEnter(line);
    });
    QTimer::singleShot(0, completer, [completer, line] {
        if (line->hasFocus() && !line->isModified())
            completer->complete();
    });
    return editor;
}

} // namespace gatehouse::ui
