#include "widgets/dialogs/dialogfooter.h"

#include "theme/theme.h"
#include "widgets/secondarylabel.h"

#include <QHBoxLayout>
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

void DialogFooter::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.fillRect(0, 0, width(), 1, Theme::current().line);
}

} // namespace gatehouse::ui
