#include "widgets/messagebar.h"

#include "theme/icons.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/clipboard.h"

#include <QAccessible>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// How much a tone wants to be seen.
int weightOf(Tone tone)
{
    switch (tone) {
    case Tone::Failure:
        return 5;
    case Tone::Action:
        return 4;
    case Tone::Caution:
        return 3;
    case Tone::Busy:
        return 2;
    case Tone::Good:
        return 1;
    case Tone::Neutral:
        return 0;
    }
    return 0;
}

QString iconOf(Tone tone)
{
    switch (tone) {
    case Tone::Failure:
        return u"circle-x"_s;
    case Tone::Action:
        return u"key"_s;
    case Tone::Caution:
        return u"triangle-alert"_s;
    case Tone::Good:
        return u"circle-check"_s;
    case Tone::Busy:
    case Tone::Neutral:
        return u"info"_s;
    }
    return u"info"_s;
}

// A name is set apart from what is said of it, which may have a colon of its own; a sentence ends by
// itself.
QString joint(const QString &subject)
{
    static const QString ends = u".?!…"_s;
    static const QString wideEnds = u"。？！"_s; // with room of their own
    if (wideEnds.contains(subject.back()))
        return {};
    return ends.contains(subject.back()) ? u" "_s : u" – "_s;
}

QString plainText(const Message &message)
{
    const QString subject = message.subject.text();
    const QString text = message.text.text();
    return subject.isEmpty() ? text : subject + joint(subject) + text;
}

QString announcement(const Message &message)
{
    return message.id + u'\n' + plainText(message);
}

} // namespace

MessageBar::MessageBar(QWidget *parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
    , m_actions(new QWidget(this))
    , m_actionLayout(new QHBoxLayout(m_actions))
    , m_more(new LinkButton(this))
    , m_details(new QPushButton(this))
    , m_detailsArea(new QWidget(this))
    , m_detailsText(new QPlainTextEdit(m_detailsArea))
    , m_copyDetails(new QPushButton(m_detailsArea))
    , m_close(makeToolButton(u"x"_s, tr("Close this message"), this))
{
    setAccessibleName(tr("Message"));
    m_text->setTextFormat(Qt::RichText);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_text->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    m_actionLayout->setContentsMargins(0, 0, 0, 0);
    m_actionLayout->setSpacing(Theme::px(8));
    m_close->setIconSize({Theme::px(chevronIcon), Theme::px(chevronIcon)});
    m_close->setMinimumSize(Theme::px(24), Theme::px(24));

    for (QPushButton *button : {m_details, m_copyDetails}) {
        button->setAutoDefault(false);
        setSmall(button);
    }
    m_details->setCheckable(true);
    m_details->setObjectName(u"details"_s);
    m_detailsText->setReadOnly(true);
    m_detailsText->setTabChangesFocus(true);
    m_detailsText->setFont(Theme::font(TextRole::Fixed));
    constexpr int shownLines = 5;
    m_detailsText->setFixedHeight(m_detailsText->fontMetrics().lineSpacing() * shownLines
                                  + Theme::px(14));

    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::px(8));
    line->addWidget(m_icon);
    line->addWidget(m_text, 1);
    line->addWidget(m_more);
    line->addWidget(m_actions);
    line->addWidget(m_details);
    line->addWidget(m_close);
    auto *area = new QHBoxLayout(m_detailsArea);
    area->setContentsMargins(0, 0, Theme::px(3), Theme::px(4));
    area->setSpacing(Theme::px(8));
    area->addWidget(m_detailsText, 1);
    area->addWidget(m_copyDetails, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(Theme::px(12), Theme::px(4), Theme::px(5), Theme::px(4));
    layout->setSpacing(Theme::px(4));
    layout->addLayout(line);
    layout->addWidget(m_detailsArea);
    connect(m_details, &QPushButton::toggled, this, &MessageBar::showDetails);
    connect(m_copyDetails, &QPushButton::clicked, this, [this] {
        copyText(m_detailsText->toPlainText());
    });
    connect(m_more, &QPushButton::clicked, this, &MessageBar::showNext);
    connect(m_close, &QToolButton::clicked, this, [this] {
        const QString id = shownId();
        removeMessage(id);
        emit dismissed(id);
    });
    hide();
}

void MessageBar::showMessage(Message message)
{
    const auto present = std::find_if(m_messages.begin(),
                                      m_messages.end(),
                                      [&](const Message &one) { return one.id == message.id; });
    if (present != m_messages.end() && message.lasting && present->tone == message.tone) {
        *present = std::move(message);
        return refresh();
    }
    if (present != m_messages.end())
        m_messages.erase(present);
    const auto place = std::find_if(m_messages.begin(), m_messages.end(), [&](const Message &one) {
        return weightOf(one.tone) <= weightOf(message.tone);
    });
    m_messages.insert(place, std::move(message));
    refresh();
}

void MessageBar::removeMessage(const QString &id)
{
    if (std::erase_if(m_messages, [&](const Message &one) { return one.id == id; }) > 0)
        refresh();
}

bool MessageBar::hasMessage(const QString &id) const
{
    return std::any_of(
        m_messages.begin(), m_messages.end(), [&](const Message &one) { return one.id == id; });
}

QString MessageBar::shownId() const
{
    return m_messages.empty() ? QString() : m_messages.front().id;
}

void MessageBar::showNext()
{
    std::rotate(m_messages.begin(), m_messages.begin() + 1, m_messages.end());
    refresh();
}

void MessageBar::refresh()
{
    if (m_messages.empty()) {
        m_announced.clear();
        m_actionTexts.clear();
        m_details->setChecked(false);
        hide();
        return;
    }
    const Message &message = m_messages.front();
    setTexts();
    m_more->setVisible(messageCount() > 1);
    m_close->setVisible(message.closable);
    applyLook();
    show();
    update();
    announce(message);
}

void MessageBar::setTexts()
{
    const Message &message = m_messages.front();
    const QString subject = message.subject.text();
    const QString bold =
        subject.isEmpty()
            ? QString()
            : u"<span style=\"font-weight:600\">%1</span>"_s.arg(subject.toHtmlEscaped())
                  + joint(subject);
    m_text->setText(bold + message.text.text().toHtmlEscaped());
    setActions(message);
    setDetailsTexts();
    m_more->setText(tr("%n more", nullptr, messageCount() - 1));
    setAccessibleDescription(plainText(message));
}

// The same message in another language is nothing to announce, and its buttons stay.
void MessageBar::retranslate()
{
    setAccessibleName(tr("Message"));
    m_close->setAccessibleName(tr("Close this message"));
    m_close->setToolTip(tr("Close this message"));
    if (m_messages.empty())
        return;
    m_actionTexts = textsOfActions(m_messages.front());
    for (int i = 0; i < m_actionLayout->count(); ++i) {
        auto *button = static_cast<QPushButton *>(m_actionLayout->itemAt(i)->widget());
        button->setText(m_actionTexts.at(i + 1));
    }
    setTexts();
    m_announced = announcement(m_messages.front());
}

QStringList MessageBar::textsOfActions(const Message &message) const
{
    QStringList texts(message.id);
    for (const MessageAction &action : message.actions)
        texts.append(action.text.text());
    return texts;
}

// Those of another message are opened anew.
void MessageBar::setDetailsTexts()
{
    const Message &message = m_messages.front();
    m_details->setText(tr("Details"));
    m_copyDetails->setText(tr("Copy"));
    m_copyDetails->setAccessibleName(tr("Copy the details"));
    m_detailsText->setAccessibleName(tr("Details"));
    m_details->setVisible(!message.details.isEmpty());
    if (message.details.isEmpty() || std::exchange(m_detailsId, message.id) != message.id)
        m_details->setChecked(false);
    showDetails();
}

void MessageBar::showDetails()
{
    const bool isOpen = m_details->isChecked() && !m_messages.empty();
    m_details->setIcon(icon(isOpen ? u"chevron-down"_s : u"chevron-right"_s));
    if (isOpen && m_detailsText->toPlainText() != m_messages.front().details)
        m_detailsText->setPlainText(m_messages.front().details);
    m_detailsArea->setVisible(isOpen);
}

// The buttons stay while they say the same, so that neither the focus nor a click is lost.
void MessageBar::setActions(const Message &message)
{
    const QStringList texts = textsOfActions(message);
    if (std::exchange(m_actionTexts, texts) == texts)
        return;
    while (QLayoutItem *item = m_actionLayout->takeAt(0)) {
        item->widget()->hide();
        item->widget()->deleteLater();
        delete item;
    }
    for (qsizetype i = 1; i < texts.size(); ++i) { // behind the id
        auto *button = new QPushButton(texts.at(i), m_actions);
        button->setAutoDefault(false);
        setSmall(button);
        const auto index = static_cast<size_t>(m_actionLayout->count());
        connect(button, &QPushButton::clicked, this, [this, index] { run(index); });
        m_actionLayout->addWidget(button);
    }
    m_actions->setVisible(m_actionLayout->count() > 0);
}

void MessageBar::run(size_t action)
{
    if (m_messages.empty())
        return;
    const Message message = m_messages.front(); // which the action may remove or replace
    message.actions.at(action).run();
}

void MessageBar::announce(const Message &message)
{
    const QString text = announcement(message);
    if (std::exchange(m_announced, text) == text)
        return;
    QAccessibleEvent alert(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&alert);
}

void MessageBar::applyLook()
{
    if (m_messages.empty())
        return;
    const Tone tone = m_messages.front().tone;
    m_icon->setPixmap(iconPixmap(iconOf(tone),
                                 Theme::px(navigationIcon),
                                 devicePixelRatioF(),
                                 Theme::current().tone(tone).mark));
}

void MessageBar::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    if (m_messages.empty())
        return;
    const ToneColors &colors = Theme::current().tone(m_messages.front().tone);
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(colors.tint);
    painter.setPen(blend(colors.tint, colors.mark, 0.45));
    painter.drawRoundedRect(
        QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Theme::exact(4), Theme::exact(4));
}

void MessageBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange) {
        applyLook();
    } else if (event->type() == QEvent::LanguageChange) {
        retranslate();
    }
}

} // namespace gatehouse::ui
