#include "widgets/emptystate.h"

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/secondarylabel.h"

#include <QAction>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

EmptyState::EmptyState(QWidget *parent)
    : QWidget(parent)
    , m_iconName(u"search"_s)
    , m_icon(new QLabel(this))
    , m_headingLabel(new QLabel(this))
    , m_sentenceLabel(new SecondaryLabel(TextRole::Body, this))
    , m_buttons(new QWidget(this))
    , m_clear(new QPushButton(this))
    , m_layout(new QVBoxLayout(this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::Base);
    m_headingLabel->setTextFormat(Qt::PlainText);
    m_sentenceLabel->setWordWrap(true);
    m_sentenceLabel->setAlignment(Qt::AlignCenter);
    m_headingLabel->setAlignment(Qt::AlignCenter);
    m_icon->setAlignment(Qt::AlignCenter);
    m_clear->setText(tr("Clear filter"));
    m_clear->setAutoDefault(false);
    connect(m_clear, &QPushButton::clicked, this, &EmptyState::filterCleared);

    auto *buttons = new QHBoxLayout(m_buttons);
    buttons->setContentsMargins(0, Theme::px(4), 0, 0);
    buttons->setSpacing(Theme::px(8));
    buttons->addStretch();
    buttons->addWidget(m_clear);
    buttons->addStretch();

    m_layout->setContentsMargins(Theme::px(20), 0, Theme::px(20), 0);
    m_layout->setSpacing(Theme::px(8));
    m_layout->addStretch(5);
    m_layout->addWidget(m_icon);
    m_layout->addSpacing(Theme::px(6));
    m_layout->addWidget(m_headingLabel);
    m_layout->addWidget(m_sentenceLabel);
    m_layout->addSpacing(Theme::px(4));
    m_layout->addWidget(m_buttons);
    m_layout->addStretch(6);
    applyLook();
    refresh();
}

void EmptyState::setIcon(const QString &name)
{
    m_iconName = name;
    applyLook();
}

void EmptyState::setTexts(const QString &heading, const QString &sentence)
{
    m_heading = heading;
    m_sentence = sentence;
    refresh();
}

void EmptyState::setActions(QAction *first, QAction *second, QAction *link)
{
    delete m_first;
    delete m_second;
    delete m_link;
    m_first = first ? makeButton(first, m_buttons) : nullptr;
    m_second = second ? makeButton(second, m_buttons) : nullptr;
    m_link = link ? makeLinkButton(link, this) : nullptr;
    auto *buttons = static_cast<QHBoxLayout *>(m_buttons->layout());
    if (m_first) {
        m_first->setDefault(true);
        buttons->insertWidget(buttons->count() - 1, m_first);
    }
    if (m_second)
        buttons->insertWidget(buttons->count() - 1, m_second);
    if (m_link)
        m_layout->insertWidget(m_layout->indexOf(m_buttons) + 1, m_link, 0, Qt::AlignHCenter);
    refresh();
}

void EmptyState::setExtra(QWidget *extra)
{
    delete m_extra;
    m_extra = extra;
    if (extra)
        m_layout->insertWidget(m_layout->count() - 1, extra, 0, Qt::AlignHCenter);
    refresh();
}

void EmptyState::focusFirst()
{
    if (m_filtered)
        m_clear->setFocus(Qt::OtherFocusReason);
    else if (m_first)
        m_first->setFocus(Qt::TabFocusReason);
}

void EmptyState::setFiltered(const QString &sentence)
{
    m_filteredSentence = sentence;
    m_filtered = !sentence.isEmpty();
    refresh();
}

void EmptyState::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange)
        m_clear->setText(tr("Clear filter"));
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::ApplicationFontChange)
        applyLook();
}

void EmptyState::refresh()
{
    m_icon->setVisible(!m_filtered);
    m_headingLabel->setVisible(!m_filtered);
    m_headingLabel->setText(m_heading);
    m_sentenceLabel->setText(m_filtered ? m_filteredSentence : m_sentence);
    m_clear->setVisible(m_filtered);
    for (QWidget *part : {static_cast<QWidget *>(m_first),
                          static_cast<QWidget *>(m_second),
                          static_cast<QWidget *>(m_link),
                          m_extra}) {
        if (part)
            part->setVisible(!m_filtered);
    }
}

void EmptyState::applyLook()
{
    if (!m_layout)
        return;
    const int size = Theme::px(emptyStateIcon);
    m_icon->setPixmap(
        iconPixmap(m_iconName, size, devicePixelRatioF(), Theme::current().secondary));
    m_headingLabel->setFont(Theme::font(TextRole::Heading));
}

} // namespace gatehouse::ui
