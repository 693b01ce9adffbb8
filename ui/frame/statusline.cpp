#include "frame/statusline.h"

#include "admin/administration.h"
#include "admin/gateway/gatewaycontrol.h"
#include "admin/upkeep/databasesize.h"
#include "theme/healthpainter.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/format.h"
#include "widgets/translated.h"
#include "widgets/undostack.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QToolButton>

namespace gatehouse::ui {

// A glyph with a text beside it.
class GlyphLabel : public QWidget
{
public:
    explicit GlyphLabel(QWidget *parent)
        : QWidget(parent)
        , m_text(new QLabel(this))
    {
        auto *layout = new QHBoxLayout(this);
        layout->setContentsMargins(Theme::px(18), 0, 0, 0);
        layout->addWidget(m_text);
        m_text->setTextFormat(Qt::PlainText);
    }

    void show(domain::Health glyph, const QString &text)
    {
        m_glyph = glyph;
        m_text->setText(text);
        update();
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const int size = Theme::px(12);
        paintHealth(&painter, QRectF(0, (height() - size) / 2.0, size, size), m_glyph);
    }

private:
    QLabel *m_text;
    domain::Health m_glyph = domain::Health::Disabled;
};

namespace {

constexpr int shownSeconds = 10;

QLabel *makeLabel(QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setFont(Theme::font(TextRole::Small));
    label->setTextFormat(Qt::PlainText); // names are said here
    return label;
}

QWidget *makeDivider(QWidget *parent)
{
    auto *divider = new QFrame(parent);
    divider->setFrameShape(QFrame::VLine);
    divider->setForegroundRole(QPalette::Mid);
    divider->setFixedHeight(Theme::px(12));
    return divider;
}

} // namespace

StatusLine::StatusLine(const Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_channels(new GlyphLabel(this))
    , m_streams(makeLabel(this))
    , m_size(makeLabel(this))
    , m_version(makeLabel(this))
    , m_tip(makeLabel(this))
    , m_notice(makeLabel(this))
    , m_undo(new QToolButton(this))
    , m_left(makeLabel(this))
{
    build();
    constexpr int refreshInterval = 2000;
    m_refresh.setInterval(refreshInterval);
    m_countdown.setInterval(1000);
    connect(&m_refresh, &QTimer::timeout, this, &StatusLine::refresh);
    connect(&m_countdown, &QTimer::timeout, this, &StatusLine::countDown);
    connect(m_undo, &QToolButton::clicked, this, [this] {
        m_services.undo.undo();
        dropUndo();
        showLeft();
    });
    connect(&m_services.undo, &UndoStack::done, this, &StatusLine::showUndo);
    connect(&m_services.undo, &UndoStack::undone, this, [this](const LiveText &text) {
        dropUndo();
        notice([text] { return undoneText(text.text()); });
    });
    connect(&m_services.undo,
            &UndoStack::failed,
            this,
            [this](const LiveText &, const base::Error &error) {
                dropUndo();
                notice(error.message);
            });
    (new Translated(this))->add([this] { setTexts(); });
}

void StatusLine::build()
{
    setFixedHeight(Theme::px(24));
    setFont(Theme::font(TextRole::Small));
    m_undo->setAutoRaise(true);
    m_undo->setFont(Theme::font(TextRole::SmallStrong));
    m_undo->hide();
    m_tip->setObjectName(QStringLiteral("tip"));
    m_tip->hide();
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(Theme::px(12), 0, Theme::px(12), 0);
    layout->setSpacing(Theme::px(9));
    layout->addWidget(m_channels);
    layout->addWidget(makeDivider(this));
    layout->addWidget(m_streams);
    layout->addWidget(makeDivider(this));
    layout->addWidget(m_size);
    layout->addWidget(makeDivider(this));
    layout->addWidget(m_version);
    layout->addStretch(1);
    layout->addWidget(m_tip);
    layout->addWidget(m_notice);
    layout->addWidget(m_undo);
    layout->addWidget(m_left);
    m_version->setText(QStringLiteral("v") + QCoreApplication::applicationVersion());
}

void StatusLine::setTexts()
{
    m_undo->setText(tr("Undo"));
    refresh();
    showLeft();
}

void StatusLine::setActive(bool active)
{
    if (!active)
        return m_refresh.stop();
    refresh();
    m_refresh.start();
}

void StatusLine::refresh()
{
    const admin::StatisticsService &statistics = m_services.administration.statistics;
    m_streams->setText(tr("%n in flight", nullptr, statistics.live().inFlight));
    const qint64 size = admin::databaseBytes(m_services.administration.foundation);
    m_size->setText(size > 0 ? tr("DB %1").arg(Format::bytes(size)) : tr("PostgreSQL"));
    const auto catalog = m_services.administration.publisher.catalog();
    if (!catalog)
        return;
    int serving = 0;
    int enabled = 0;
    for (const auto &each : catalog->channels()) {
        const domain::Channel &channel = each->channel;
        if (!channel.isEnabled())
            continue;
        ++enabled;
        const domain::Health health = statistics.healthOf(channel.id).health;
        // One without models is chosen for no request.
        const bool isUsable = health == domain::Health::Healthy
                              || health == domain::Health::Degraded
                              || health == domain::Health::Testing;
        if (isUsable && !channel.models.isEmpty())
            ++serving;
    }
    const admin::GatewayState state = m_services.gateway.state();
    const bool isServed =
        state != admin::GatewayState::Stopped && state != admin::GatewayState::Failed;
    if (enabled > 0 && !isServed)
        return m_channels->show(domain::Health::Disabled, tr("%n channels", nullptr, enabled));
    const domain::Health glyph = enabled == 0         ? domain::Health::Disabled
                                 : serving == enabled ? domain::Health::Healthy
                                 : serving == 0       ? domain::Health::Open
                                                      : domain::Health::Degraded;
    const QString none =
        catalog->channels().empty() ? tr("No channels") : tr("All channels are disabled");
    m_channels->show(
        glyph, enabled == 0 ? none : tr("%1 of %2 channels serving").arg(serving).arg(enabled));
}

// An offer to undo stays beside it, with what would be undone.
void StatusLine::notice(LiveText text)
{
    m_said = std::move(text);
    m_saidSeconds = shownSeconds;
    if (!m_countdown.isActive())
        m_countdown.start();
    showLeft();
}

void StatusLine::setTip(const QString &text)
{
    m_tip->setText(text);
    m_tip->setVisible(!text.isEmpty());
    m_notice->setVisible(text.isEmpty());
}

void StatusLine::showUndo(const LiveText &text)
{
    m_said = {};
    m_undoable = text;
    m_undoSeconds = shownSeconds;
    if (!m_countdown.isActive())
        m_countdown.start();
    showLeft();
}

void StatusLine::dropUndo()
{
    m_undoSeconds = 0;
    m_undoable = {};
}

void StatusLine::countDown()
{
    if (--m_saidSeconds <= 0)
        m_said = {};
    if (--m_undoSeconds <= 0)
        dropUndo();
    if (m_said.isEmpty() && m_undoable.isEmpty())
        m_countdown.stop();
    showLeft();
}

void StatusLine::showLeft()
{
    const bool isUndoOffered = m_undoSeconds > 0;
    QStringList parts{m_said.text(), m_undoable.text()};
    parts.removeAll(QString());
    m_notice->setText(parts.join(QStringLiteral("  ·  ")));
    if (isUndoOffered)
        m_undo->setAccessibleName(tr("Undo: %1").arg(m_undoable.text()));
    m_undo->setVisible(isUndoOffered);
    m_left->setText(isUndoOffered ? tr("%1 s").arg(m_undoSeconds) : QString());
}

void StatusLine::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), Theme::current().window);
    painter.fillRect(QRect(0, 0, width(), 1), Theme::current().line);
}

} // namespace gatehouse::ui
