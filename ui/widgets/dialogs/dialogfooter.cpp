#include "widgets/dialogs/dialogfooter.h"

#include "theme/theme.h"
#include "widgets/secondarylabel.h"

#include <QDialog>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QPushButton>

namespace gatehouse::ui {

DialogFooter::DialogFooter(QWidget *parent)
    : QWidget(parent)
    , m_note(new SecondaryLabel(TextRole::Small, this))
    , m_left(new QHBoxLayout)
    , m_buttons(new QDialogButtonBox(this))
{
    // More where the note takes several lines.
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Minimum);
    setMinimumHeight(Theme::px(50));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(Theme::px(16), 1, Theme::px(16), 0);
    layout->setSpacing(Theme::px(8));
    m_left->setSpacing(Theme::px(8));
    m_note->hide();
    m_note->setWordWrap(true);
    layout->addLayout(m_left);
    layout->addWidget(m_note, 1);
    layout->addStretch();
    layout->addWidget(m_buttons, 0, Qt::AlignVCenter);
    connect(m_buttons, &QDialogButtonBox::accepted, this, &DialogFooter::accepted);
    connect(m_buttons, &QDialogButtonBox::rejected, this, &DialogFooter::rejected);
    if (auto *dialog = qobject_cast<QDialog *>(window()))
        dialog->installEventFilter(this);
}

void DialogFooter::setNote(const QString &text)
{
    m_note->setText(text);
    m_note->setVisible(!text.isEmpty());
}

void DialogFooter::addLeft(QWidget *widget)
{
    m_left->addWidget(widget);
}

QPushButton *DialogFooter::addButton(const QString &text, QDialogButtonBox::ButtonRole role)
{
    QPushButton *button = m_buttons->addButton(text, role);
    button->setAutoDefault(false);
    return button;
}

QPushButton *DialogFooter::addButton(QDialogButtonBox::StandardButton which)
{
    QPushButton *button = m_buttons->addButton(which);
    button->setAutoDefault(false);
    return button;
}

// A key reaches the dialog where the focus has no use for it. The default button stays the same one
// wherever the focus goes, but Enter on another button means that one.
bool DialogFooter::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress || watched != window())
        return QWidget::eventFilter(watched, event);
    const auto *press = static_cast<QKeyEvent *>(event);
    const bool enter = press->key() == Qt::Key_Return || press->key() == Qt::Key_Enter;
    auto *button = qobject_cast<QPushButton *>(window()->focusWidget());
    const bool isPlain = (press->modifiers() & ~Qt::KeypadModifier) == Qt::NoModifier;
    if (!enter || !isPlain || !button || !button->isVisible() || !button->isEnabled())
        return QWidget::eventFilter(watched, event);
    if (!press->isAutoRepeat()) // as of the key that opened the dialog
        button->click();
    return true;
}

void DialogFooter::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.fillRect(0, 0, width(), 1, Theme::current().line);
}

} // namespace gatehouse::ui
