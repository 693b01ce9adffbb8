#include "wizard/wizardstep.h"

#include "theme/theme.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"

#include <QAbstractButton>
#include <QStyle>
#include <QVBoxLayout>

namespace gatehouse::ui {

WizardStep::WizardStep(QWidget *parent)
    : QWidget(parent)
    , m_texts(new Translated(this))
    , m_title(new SecondaryLabel(TextRole::PageTitle, this))
    , m_sentence(new SecondaryLabel(TextRole::Body, this))
    , m_content(new QVBoxLayout)
{
    m_title->setPlain(true);
    m_sentence->setWordWrap(true);
    m_content->setSpacing(Theme::px(8));
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::px(24), Theme::px(18), Theme::px(24), Theme::px(16));
    layout->setSpacing(Theme::px(4));
    layout->addWidget(m_title);
    layout->addWidget(m_sentence);
    layout->addSpacing(Theme::px(10));
    layout->addLayout(m_content, 1);
}

QString WizardStep::continueText() const
{
    return tr("Continue");
}

void WizardStep::setTexts(Text title, Text sentence)
{
    m_texts->add([this, title = std::move(title), sentence = std::move(sentence)] {
        m_title->setText(title());
        m_sentence->setText(sentence());
    });
}

SecondaryLabel *WizardStep::makeNote(Text text)
{
    auto *note = new SecondaryLabel(TextRole::Small, this);
    note->setWordWrap(true);
    m_texts->add([note, text = std::move(text)] { note->setText(text()); });
    return note;
}

QWidget *WizardStep::explained(QAbstractButton *button, Text text, Text explanation)
{
    auto *whole = new QWidget(this);
    SecondaryLabel *note = makeNote(explanation);
    m_texts->add([button, text = std::move(text), explanation = std::move(explanation)] {
        button->setText(text());
        button->setAccessibleDescription(explanation());
    });
    button->setMinimumHeight(Theme::px(24));
    auto *layout = new QVBoxLayout(whole);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(button, 0, Qt::AlignLeft);
    auto *indented = new QHBoxLayout;
    const int mark = style()->pixelMetric(QStyle::PM_ExclusiveIndicatorWidth)
                     + style()->pixelMetric(QStyle::PM_RadioButtonLabelSpacing);
    indented->setContentsMargins(mark, 0, 0, 0);
    indented->addWidget(note);
    layout->addLayout(indented);
    return whole;
}

} // namespace gatehouse::ui
