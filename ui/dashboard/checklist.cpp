#include "dashboard/checklist.h"

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/fields/copybutton.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr std::array steps{SetupStep::Channel, SetupStep::Token, SetupStep::Client};
constexpr int listWidth = 560;
constexpr int markSide = 20;

size_t indexOf(SetupStep step)
{
    return static_cast<size_t>(step);
}

// A step with a hairline above it.
class CardWidget : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(0, 0, width(), 1, Theme::current().line);
    }
};

} // namespace

Checklist::Checklist(QWidget *parent)
    : QWidget(parent)
    , m_heading(new SecondaryLabel(TextRole::Heading, this))
    , m_sentence(new SecondaryLabel(TextRole::Body, this))
    , m_addressLabel(new SecondaryLabel(TextRole::Fixed, this))
    , m_copy(new CopyButton({}, this))
    , m_skip(makeLinkButton(QString(), this))
    , m_texts(new Translated(this))
{
    m_heading->setPlain(true);
    m_sentence->setWordWrap(true);
    m_addressLabel->setPlain(true);
    m_addressLabel->setTextInteractionFlags(Qt::TextSelectableByMouse);
    auto *list = new QWidget(this);
    list->setMaximumWidth(Theme::px(listWidth));
    auto *column = new QVBoxLayout(list);
    column->setSpacing(0);
    column->addWidget(m_heading);
    column->addSpacing(Theme::px(4));
    column->addWidget(m_sentence);
    column->addSpacing(Theme::px(14));
    for (const SetupStep step : steps)
        column->addWidget(makeCard(step));
    auto *address = new QHBoxLayout;
    address->setContentsMargins(Theme::px(markSide + 12), 0, 0, 0);
    address->addWidget(m_addressLabel);
    address->addWidget(m_copy);
    address->addStretch();
    column->addLayout(address);
    column->addSpacing(Theme::px(16));
    column->addWidget(m_skip, 0, Qt::AlignLeft);
    auto *row = new QHBoxLayout;
    row->addStretch(1);
    row->addWidget(list, 8);
    row->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->addStretch(2);
    layout->addLayout(row);
    layout->addStretch(3);
    connect(m_skip, &QPushButton::clicked, this, &Checklist::skipped);
    m_texts->add([this] { setTexts(); });
}

QWidget *Checklist::makeCard(SetupStep step)
{
    Card &card = m_cards.at(indexOf(step));
    auto *widget = new CardWidget(this);
    card.mark = new QLabel(widget);
    card.mark->setFixedSize(Theme::px(markSide), Theme::px(markSide));
    card.mark->setAlignment(Qt::AlignCenter);
    card.heading = new SecondaryLabel(TextRole::BodyStrong, widget);
    card.sentence = new SecondaryLabel(TextRole::Small, widget);
    card.sentence->setWordWrap(true);
    card.button = new QPushButton(widget);
    auto *words = new QVBoxLayout;
    words->setSpacing(Theme::px(2));
    words->addWidget(card.heading);
    words->addWidget(card.sentence);
    auto *layout = new QHBoxLayout(widget);
    layout->setContentsMargins(0, Theme::px(12), 0, Theme::px(12));
    layout->setSpacing(Theme::px(12));
    layout->addWidget(card.mark, 0, Qt::AlignTop);
    layout->addLayout(words, 1);
    layout->addWidget(card.button, 0, Qt::AlignVCenter);
    connect(card.button, &QPushButton::clicked, this, [this, step] { emit stepRequested(step); });
    return widget;
}

void Checklist::setDone(SetupStep step, bool done)
{
    if (std::exchange(m_cards.at(indexOf(step)).done, done) != done)
        refresh();
}

bool Checklist::isDone(SetupStep step) const
{
    return m_cards.at(indexOf(step)).done;
}

bool Checklist::isComplete() const
{
    return std::all_of(m_cards.begin(), m_cards.end(), [](const Card &card) { return card.done; });
}

void Checklist::setAddress(const QString &address)
{
    if (std::exchange(m_address, address) != address)
        refresh();
}

void Checklist::setTexts()
{
    m_heading->setText(tr("Three steps to the first request"));
    m_sentence->setText(tr("After them, this page shows what goes through the gateway."));
    Card &channel = m_cards.at(indexOf(SetupStep::Channel));
    channel.sentence->setText(
        tr("A channel is a provider with its keys, or a model server of your own."));
    channel.button->setText(tr("Go to channels"));
    Card &token = m_cards.at(indexOf(SetupStep::Token));
    token.sentence->setText(tr("A token is the key that your programs send to the gateway."));
    token.button->setText(tr("Go to tokens"));
    Card &client = m_cards.at(indexOf(SetupStep::Client));
    client.button->setText(tr("Watch traffic"));
    m_copy->setName(tr("Copy the address"));
    m_skip->setText(tr("Show the dashboard now"));
    refresh();
}

// The first step that is open has the blue button; what is done needs none.
void Checklist::refresh()
{
    static const auto headings = [](SetupStep step) {
        switch (step) {
        case SetupStep::Channel:
            return tr("Add a channel");
        case SetupStep::Token:
            return tr("Create a token");
        case SetupStep::Client:
            break;
        }
        return tr("Connect a client");
    };
    bool isFirst = true;
    for (const SetupStep step : steps) {
        Card &card = m_cards.at(indexOf(step));
        const bool next = !card.done && std::exchange(isFirst, false);
        card.heading->setText(card.done ? tr("%1 – done").arg(headings(step)) : headings(step));
        card.heading->setPlain(next);
        card.button->setVisible(!card.done);
        card.button->setDefault(next);
        card.mark->setFont(Theme::font(TextRole::BodyStrong));
        if (card.done) {
            card.mark->setPixmap(
                icon(u"circle-check", IconColor::Good)
                    .pixmap(QSize(Theme::px(16), Theme::px(16)), devicePixelRatioF()));
        } else {
            card.mark->setText(QLocale().toString(static_cast<int>(indexOf(step)) + 1));
        }
    }
    const bool reachable = !m_address.isEmpty();
    m_cards.at(indexOf(SetupStep::Client))
        .sentence->setText(
            reachable ? tr("Give your program this address and the token, then send it anything:")
                      : tr("Start the gateway, then give your program its address and the token."));
    m_addressLabel->setText(m_address);
    m_addressLabel->setVisible(reachable);
    m_copy->setCopiedText(m_address);
    m_copy->setVisible(reachable);
}

} // namespace gatehouse::ui
