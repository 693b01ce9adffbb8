#include "capture/findbar.h"

#include "theme/icons.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

FindBar::FindBar(QWidget *parent)
    : QWidget(parent)
    , m_texts(new Translated(this))
    , m_field(new QLineEdit(this))
    , m_count(new SecondaryLabel(TextRole::Small, this))
    , m_previous(makeToolButton(u"chevron-up"_s, QString(), this))
    , m_next(makeToolButton(u"chevron-down"_s, QString(), this))
{
    setSmall(m_field);
    m_field->setClearButtonEnabled(true);
    m_field->setMaximumWidth(Theme::px(200));
    m_field->setFont(Theme::font(TextRole::Small));
    m_field->installEventFilter(this);
    for (QToolButton *button : {m_previous, m_next}) {
        button->setMinimumSize(Theme::px(24), Theme::px(24));
        button->setIconSize({Theme::px(controlIcon), Theme::px(controlIcon)});
        button->setEnabled(false);
    }
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(4));
    layout->addWidget(m_field, 1);
    layout->addWidget(m_previous);
    layout->addWidget(m_next);
    layout->addWidget(m_count);
    constexpr int delay = 200;
    m_timer.setSingleShot(true);
    m_timer.setInterval(delay);
    connect(m_field, &QLineEdit::textChanged, this, [this] { m_timer.start(); });
    connect(&m_timer, &QTimer::timeout, this, [this] { emit searched(needle()); });
    connect(m_previous, &QToolButton::clicked, this, [this] { emit moved(-1); });
    connect(m_next, &QToolButton::clicked, this, [this] { emit moved(1); });
    m_texts->add([this] {
        m_field->setPlaceholderText(tr("Search"));
        m_field->setAccessibleName(tr("Search in this body"));
        m_previous->setAccessibleName(tr("Previous match"));
        m_previous->setToolTip(tr("Previous match"));
        m_next->setAccessibleName(tr("Next match"));
        m_next->setToolTip(tr("Next match"));
    });
}

QString FindBar::needle() const
{
    return m_field->text();
}

void FindBar::setNeedle(const QString &text)
{
    m_field->setText(text);
}

void FindBar::setMatches(int count, int current, bool isAll)
{
    m_previous->setEnabled(count > 0);
    m_next->setEnabled(count > 0);
    if (needle().isEmpty())
        m_count->clear();
    else if (count == 0)
        m_count->setText(tr("no match"));
    else if (isAll)
        m_count->setText(tr("%1 of %2").arg(Format::count(current + 1), Format::count(count)));
    else
        m_count->setText(
            tr("%1 of more than %2").arg(Format::count(current + 1), Format::count(count)));
}

void FindBar::focusField()
{
    m_field->setFocus(Qt::ShortcutFocusReason);
    m_field->selectAll();
}

bool FindBar::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        const bool isEnter = key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter;
        if (isEnter && m_timer.isActive()) {
            m_timer.stop();
            emit searched(needle());
            return true;
        }
        if (isEnter) {
            emit moved(key->modifiers().testFlag(Qt::ShiftModifier) ? -1 : 1);
            return true;
        }
        if (key->key() == Qt::Key_Escape && !needle().isEmpty()) {
            m_field->clear();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace gatehouse::ui
