#include "inspector/timelinetab.h"

#include "inspector/timelineview.h"
#include "theme/plaintip.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QPushButton>
#include <QScrollArea>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int wideFooter = 640; // design pixels
// What began within one turn of a gateway thread began at the same time, as far as it is measured.
constexpr qint64 leastMeasured = 10; // microseconds

// A square of the colour of bars, with its meaning beside it.
class Swatch : public QWidget
{
public:
    Swatch(ChartSlot slot, QWidget *parent)
        : QWidget(parent)
        , m_slot(slot)
    {
        setFixedSize(Theme::px(9), Theme::px(9));
    }

protected:
    void paintEvent(QPaintEvent *event) override
    {
        Q_UNUSED(event)
        QPainter(this).fillRect(rect(), Theme::current().slot(m_slot));
    }

private:
    const ChartSlot m_slot;
};

// The footer has a hairline above it.
class Footer : public QWidget
{
public:
    using QWidget::QWidget;

protected:
    void paintEvent(QPaintEvent *event) override
    {
        Q_UNUSED(event)
        QPainter(this).fillRect(0, 0, width(), 1, Theme::current().line);
    }
};

} // namespace

TimelineTab::TimelineTab(const Services &services, QWidget *parent)
    : InspectorTab(services, parent)
    , m_view(new TimelineView(this))
{
    auto *area = new QScrollArea(this);
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    area->setWidget(m_view);
    area->setBackgroundRole(QPalette::Base);
    m_view->setBackgroundRole(QPalette::Base);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(area, 1);
    layout->addWidget(makeFooter());
    texts().add([this] {
        m_view->setAccessibleName(tr("Timeline"));
        m_connect->setText(tr("connect and send"));
        m_waiting->setText(tr("waiting"));
        m_streaming->setText(tr("streaming"));
        m_route->setText(tr("Explain route…"));
        if (!record().requestId.isEmpty())
            fill();
    });
}

QString TimelineTab::title() const
{
    return tr("Timeline");
}

QWidget *TimelineTab::makeFooter()
{
    auto *footer = new Footer(this);
    m_footer = new QBoxLayout(QBoxLayout::LeftToRight, footer);
    m_footer->setContentsMargins(Theme::px(12), Theme::px(3), Theme::px(12), Theme::px(3));
    m_footer->setSpacing(Theme::px(4));
    auto *layout = new QHBoxLayout;
    layout->setSpacing(Theme::px(6));
    const auto addLegend = [this, footer, layout](ChartSlot slot) {
        layout->addWidget(new Swatch(slot, footer));
        auto *label = new SecondaryLabel(TextRole::Small, this);
        layout->addWidget(label);
        layout->addSpacing(Theme::px(4));
        return label;
    };
    m_connect = addLegend(ChartSlot::Grey);
    m_waiting = addLegend(ChartSlot::Orange);
    m_streaming = addLegend(ChartSlot::Blue);
    m_verdict = new SecondaryLabel(TextRole::Small, footer);
    m_verdict->setWordWrap(true);
    layout->addStretch();
    m_footer->addLayout(layout);
    auto *words = new QHBoxLayout;
    words->setSpacing(Theme::px(8));
    words->addWidget(m_verdict, 1);
    m_footer->addLayout(words, 1);
    m_route = makeLinkButton(QString(), footer);
    connect(m_route, &QPushButton::clicked, this, [this] {
        emit routeRequested(QString::fromUtf8(record().model));
    });
    words->addWidget(m_route);
    return footer;
}

void TimelineTab::resizeEvent(QResizeEvent *event)
{
    InspectorTab::resizeEvent(event);
    const bool isWide = width() >= Theme::px(wideFooter);
    m_footer->setDirection(isWide ? QBoxLayout::LeftToRight : QBoxLayout::BottomToTop);
    m_verdict->setAlignment((isWide ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
}

void TimelineTab::fill()
{
    m_view->setRows(Timeline::rows(report()));
    QStringList words;
    for (const admin::AttemptReport &attempt : report().attempts) {
        if (attempt.reason.isEmpty() || report().attempts.size() < 2)
            continue;
        const QString name =
            attempt.channelName.isEmpty() ? tr("a channel that is no more") : attempt.channelName;
        const bool isLast = &attempt == &report().attempts.back();
        words.append(
            (isLast ? tr("Ended with %1: %2") : tr("Left %1: %2")).arg(name, attempt.reason));
    }
    if (words.isEmpty() && !report().explanation.isEmpty())
        words.append(report().explanation);
    const qint64 overhead = Timeline::overhead(report());
    if (overhead >= 0) {
        words.append(overhead < leastMeasured
                         ? tr("The gateway itself took too little to be measured.")
                         : tr("The gateway itself took %1.")
                               .arg(Format::duration(std::chrono::microseconds(overhead))));
    }
    const QString verdict = words.join(u' ');
    m_verdict->setText(verdict);
    m_verdict->setToolTip(plainTip(verdict));
    m_route->setVisible(!record().model.isEmpty());
}

} // namespace gatehouse::ui
