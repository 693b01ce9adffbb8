#include "dashboard/attentionpanel.h"

#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"
#include "widgets/sectionheading.h"
#include "widgets/translated.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Kind = admin::AttentionItem::Kind;

constexpr int shownAtFirst = 6;
constexpr int glyphSide = 14;

struct Sign
{
    Glyph glyph = Glyph::Cross;
    Tone tone = Tone::Failure;
};

Sign signOf(Kind kind)
{
    switch (kind) {
    case Kind::KeysRefused:
        return {Glyph::Key, Tone::Action};
    case Kind::OutOfCredit:
        return {Glyph::Dollar, Tone::Action};
    case Kind::BreakerOpen:
        return {Glyph::Cross, Tone::Failure};
    case Kind::BudgetLow:
        return {Glyph::HalfDisc, Tone::Caution};
    case Kind::TokenExpires:
        return {Glyph::Hourglass, Tone::Caution};
    case Kind::UnpricedModel:
        return {Glyph::Dashed, Tone::Neutral};
    }
    return {};
}

class GlyphWidget : public QWidget
{
public:
    GlyphWidget(Sign sign, QWidget *parent)
        : QWidget(parent)
        , m_sign(sign)
    {
        setFixedSize(Theme::px(glyphSide), Theme::px(glyphSide));
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintGlyph(&painter, rect(), m_sign.glyph, Theme::current().tone(m_sign.tone).mark);
    }

private:
    const Sign m_sign;
};

// One line that gives way: it is cut off where there is no room.
class ElidedLabel : public SecondaryLabel
{
public:
    ElidedLabel(const QString &text, QWidget *parent)
        : SecondaryLabel(TextRole::Body, parent)
        , m_whole(text)
    {
        setPlain(true);
        setAccessibleName(text);
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        setToolTip(plainTip(text));
        setText(text.left(mostCharacters));
    }

protected:
    void resizeEvent(QResizeEvent *event) override
    {
        SecondaryLabel::resizeEvent(event);
        setText(fontMetrics().elidedText(m_whole.left(mostCharacters), Qt::ElideRight, width()));
    }

private:
    static constexpr qsizetype mostCharacters = 400;
    const QString m_whole;
};

} // namespace

AttentionPanel::AttentionPanel(QWidget *parent)
    : QWidget(parent)
    , m_heading(new SectionHeading({}, this))
    , m_count(new SecondaryLabel(TextRole::Small, this))
    , m_empty(new SecondaryLabel(TextRole::Body, this))
    , m_more(makeLinkButton(QString(), this))
    , m_layout(new QVBoxLayout(this))
    , m_texts(new Translated(this))
{
    m_heading->setLineVisible(false);
    m_heading->addWidget(m_count);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(Theme::px(2));
    m_layout->addWidget(m_heading);
    m_layout->addWidget(m_empty);
    m_layout->addWidget(m_more, 0, Qt::AlignLeft);
    m_layout->addStretch();
    connect(m_more, &QPushButton::clicked, this, [this] {
        m_whole = !m_whole;
        rebuild();
    });
    m_texts->add([this] { setTexts(); });
}

void AttentionPanel::setItems(std::vector<admin::AttentionItem> items)
{
    if (m_rows && items == m_items)
        return;
    m_items = std::move(items);
    rebuild();
}

void AttentionPanel::setTexts()
{
    m_heading->setText(tr("Needs attention"));
    m_empty->setText(tr("Nothing needs your attention."));
    rebuild();
}

void AttentionPanel::rebuild()
{
    const auto count = static_cast<int>(m_items.size());
    const int shown = m_whole ? count : std::min(count, shownAtFirst);
    auto *rows = new QWidget(this);
    auto *layout = new QVBoxLayout(rows);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    for (int i = 0; i < shown; ++i)
        layout->addWidget(makeRow(m_items.at(static_cast<size_t>(i))));
    delete std::exchange(m_rows, rows);
    m_layout->insertWidget(1, m_rows);
    m_rows->setVisible(shown > 0);
    m_empty->setVisible(count == 0);
    m_count->setText(count > 0 ? Format::count(count) : QString());
    m_more->setVisible(count > shownAtFirst);
    m_more->setText(m_whole ? tr("Show fewer") : tr("Show all %n", "things", count));
}

QWidget *AttentionPanel::makeRow(const admin::AttentionItem &item)
{
    auto *row = new QWidget(this);
    auto *layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(6));
    auto *button = makeLinkButton(actionText(item), row);
    button->setAccessibleName(
        tr("%1: %2", "button, what it is about").arg(actionText(item), text(item)));
    connect(button, &QPushButton::clicked, this, [this, item] { emit itemActivated(item); });
    layout->addWidget(new GlyphWidget(signOf(item.kind), row));
    layout->addWidget(new ElidedLabel(text(item), row), 1);
    layout->addWidget(button);
    return row;
}

QString AttentionPanel::text(const admin::AttentionItem &item)
{
    const QDateTime now = QDateTime::currentDateTime();
    const QDateTime time = QDateTime::fromMSecsSinceEpoch(item.time);
    const QString name = QString(item.name).replace(u'\n', u' ');
    switch (item.kind) {
    case Kind::KeysRefused:
        if (item.total <= 1)
            return tr("%1: the key was refused").arg(name);
        if (item.count >= item.total)
            return tr("%1: all keys were refused").arg(name);
        return tr("%1: %2 of %3 keys were refused").arg(name).arg(item.count).arg(item.total);
    case Kind::OutOfCredit:
        if (item.total <= 1 || item.count >= item.total)
            return tr("%1: out of credit").arg(name);
        return tr("%1: %2 of %3 keys are out of credit").arg(name).arg(item.count).arg(item.total);
    case Kind::BreakerOpen:
        if (item.time <= 0)
            return tr("%1: breaker open").arg(name);
        return tr("%1: breaker open until %2").arg(name, Format::moment(time, now));
    case Kind::BudgetLow:
        if (item.share >= 1)
            return tr("%1: its budget is used up").arg(name);
        return tr("%1: %2 of its budget is used").arg(name, Format::percent(item.share));
    case Kind::TokenExpires:
        return tr("%1 expires %2", "token, in 3 days").arg(name, Format::relative(time, now));
    case Kind::UnpricedModel:
        return tr("%1 is used without a price").arg(name);
    }
    return {};
}

QString AttentionPanel::actionText(const admin::AttentionItem &item)
{
    switch (item.kind) {
    case Kind::KeysRefused:
        return tr("Enter keys…");
    case Kind::OutOfCredit:
        return tr("Show channel");
    case Kind::BreakerOpen:
        return tr("Errors");
    case Kind::BudgetLow:
        return tr("Budget…");
    case Kind::TokenExpires:
        return tr("Extend…");
    case Kind::UnpricedModel:
        return tr("Add price…");
    }
    return {};
}

} // namespace gatehouse::ui
