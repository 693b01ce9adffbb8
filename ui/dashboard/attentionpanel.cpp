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
    case Kind::BackupFailed:
    case Kind::ExportFails:
        return {Glyph::Cross, Tone::Failure};
    case Kind::KeysLost:
    case Kind::SecretLost:
        return {Glyph::Key, Tone::Action};
    }
    return {};
}

// Of the setting that it belongs to.
QString lostSecretText(const QString &key)
{
    if (key == "integrations.metrics"_L1)
        return AttentionPanel::tr("Prometheus has no token since a backup was restored");
    if (key == "integrations.otlp_endpoint"_L1)
        return AttentionPanel::tr("Traces are sent without headers since a backup was restored");
    return AttentionPanel::tr("The webhook has no secret since a backup was restored");
}

// Likewise.
QString failingExportText(const QString &key)
{
    if (key == "integrations.otlp_metrics"_L1)
        return AttentionPanel::tr("Metrics do not reach their collector");
    if (key == "integrations.otlp_endpoint"_L1)
        return AttentionPanel::tr("Traces do not reach their collector");
    return AttentionPanel::tr("Events do not reach the webhook");
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
    explicit ElidedLabel(QWidget *parent)
        : SecondaryLabel(TextRole::Body, parent)
    {
        setPlain(true);
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    }

    void setWhole(const QString &text)
    {
        setAccessibleName(text);
        setToolTip(plainTip(text));
        m_whole = text.left(mostCharacters);
        elide();
    }

protected:
    void resizeEvent(QResizeEvent *event) override
    {
        SecondaryLabel::resizeEvent(event);
        elide();
    }

private:
    void elide() { setText(fontMetrics().elidedText(m_whole, Qt::ElideRight, width())); }

    static constexpr qsizetype mostCharacters = 400;
    QString m_whole{};
};

// Whether both are of one thing, whatever is said of it.
bool isOfTheSame(const admin::AttentionItem &one, const admin::AttentionItem &other)
{
    const bool named = one.kind == Kind::UnpricedModel || one.kind == Kind::SecretLost
                       || one.kind == Kind::ExportFails;
    return one.kind == other.kind && one.channel == other.channel && one.token == other.token
           && one.user == other.user && (!named || one.name == other.name);
}

} // namespace

class AttentionRow : public QWidget
{
public:
    AttentionRow(Kind kind, QWidget *parent)
        : QWidget(parent)
        , m_label(new ElidedLabel(this))
        , m_button(makeLinkButton(QString(), this))
    {
        auto *layout = new QHBoxLayout(this);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(Theme::px(6));
        layout->addWidget(new GlyphWidget(signOf(kind), this));
        layout->addWidget(m_label, 1);
        layout->addWidget(m_button);
    }

    // The words change with the language and with time, though the item is the same.
    void setItem(const admin::AttentionItem &item)
    {
        m_item = item;
        const QString text = AttentionPanel::text(item);
        const QString action = AttentionPanel::actionText(item);
        m_label->setWhole(text);
        m_button->setText(action);
        m_button->setAccessibleName(
            AttentionPanel::tr("%1: %2", "button, what it is about").arg(action, text));
    }

    const admin::AttentionItem &item() const { return m_item; }
    QPushButton *button() const { return m_button; }

private:
    admin::AttentionItem m_item{};
    ElidedLabel *m_label;
    QPushButton *m_button;
};

AttentionPanel::AttentionPanel(QWidget *parent)
    : QWidget(parent)
    , m_heading(new SectionHeading({}, this))
    , m_count(new SecondaryLabel(TextRole::Small, this))
    , m_empty(new SecondaryLabel(TextRole::Body, this))
    , m_rows(new QWidget(this))
    , m_more(makeLinkButton(QString(), this))
    , m_rowLayout(new QVBoxLayout(m_rows))
    , m_layout(new QVBoxLayout(this))
    , m_texts(new Translated(this))
{
    m_heading->setLineVisible(false);
    m_heading->addWidget(m_count);
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(Theme::px(2));
    m_rowLayout->setContentsMargins(0, 0, 0, 0);
    m_rowLayout->setSpacing(0);
    m_layout->addWidget(m_heading);
    m_layout->addWidget(m_rows);
    m_layout->addWidget(m_empty);
    m_layout->addWidget(m_more, 0, Qt::AlignLeft);
    m_layout->addStretch();
    connect(m_more, &QPushButton::clicked, this, [this] {
        m_whole = !m_whole;
        arrange();
    });
    m_texts->add([this] { setTexts(); });
}

void AttentionPanel::setItems(std::vector<admin::AttentionItem> items)
{
    m_items = std::move(items);
    arrange();
}

void AttentionPanel::setTexts()
{
    m_heading->setText(tr("Needs attention"));
    m_empty->setText(tr("Nothing needs your attention."));
    arrange();
}

// Rows of what was there before stay, so that neither the focus nor a click that has begun is lost.
void AttentionPanel::arrange()
{
    const auto count = static_cast<int>(m_items.size());
    const int shown = m_whole ? count : std::min(count, shownAtFirst);
    std::vector<AttentionRow *> rows;
    for (int i = 0; i < shown; ++i) {
        AttentionRow *row = takeRow(m_items.at(static_cast<size_t>(i)));
        if (m_rowLayout->indexOf(row) != i)
            m_rowLayout->insertWidget(i, row);
        if (!rows.empty())
            setTabOrder(rows.back()->button(), row->button());
        rows.push_back(row);
    }
    for (AttentionRow *gone : std::exchange(m_shown, std::move(rows))) {
        m_rowLayout->removeWidget(gone);
        gone->hide();
        gone->deleteLater();
    }
    m_rows->setVisible(shown > 0);
    m_empty->setVisible(count == 0);
    m_count->setText(count > 0 ? Format::count(count) : QString());
    m_more->setVisible(count > shownAtFirst);
    m_more->setText(m_whole ? tr("Show fewer") : tr("Show all %n", "things", count));
}

// The row of that thing out of those that are shown, or a new one.
AttentionRow *AttentionPanel::takeRow(const admin::AttentionItem &item)
{
    const auto found = std::find_if(m_shown.begin(), m_shown.end(), [&item](const auto *row) {
        return isOfTheSame(row->item(), item);
    });
    AttentionRow *row = nullptr;
    if (found != m_shown.end()) {
        row = *found;
        m_shown.erase(found);
    } else {
        row = new AttentionRow(item.kind, m_rows);
        connect(row->button(), &QPushButton::clicked, this, [this, row] {
            const admin::AttentionItem activated = row->item();
            emit itemActivated(activated);
        });
    }
    row->setItem(item);
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
    case Kind::BackupFailed:
        return tr("The last backup failed %1: %2", "3 min ago, why")
            .arg(Format::relative(time, now), item.reason.translated());
    case Kind::KeysLost:
        return tr("%n channels have no keys since a backup was restored", nullptr, item.count);
    case Kind::SecretLost:
        return lostSecretText(item.name);
    case Kind::ExportFails:
        return tr("%1 since %2: %3", "the webhook fails, time, why")
            .arg(failingExportText(item.name), Format::moment(time, now), item.reason.translated());
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
    case Kind::BackupFailed:
        return tr("Backups…");
    case Kind::KeysLost:
        return tr("Show channels");
    case Kind::SecretLost:
        return tr("Enter it…");
    case Kind::ExportFails:
        return tr("Settings…");
    }
    return {};
}

} // namespace gatehouse::ui
