#include "inspector/inspector.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "inspector/conversationtab.h"
#include "inspector/messagetab.h"
#include "inspector/replaytab.h"
#include "inspector/streamtab.h"
#include "inspector/summarytab.h"
#include "inspector/timelinetab.h"
#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/clipboard.h"
#include "widgets/format.h"
#include "widgets/translated.h"

#include <QAction>
#include <QMenu>
#include <QResizeEvent>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int wideHeader = 640; // design pixels
constexpr qsizetype longestName = 40;

// With the id that a client gave, an id can be long.
QString shortId(const QByteArray &requestId)
{
    QString text = QString::fromUtf8(requestId);
    if (text.size() > longestName)
        text = text.first(longestName) + u'\u2026';
    return text;
}

struct State
{
    Glyph glyph = Glyph::Tick;
    Tone tone = Tone::Good;
    QString word{};
};

State stateOf(const admin::TrafficLine &line)
{
    if (line.running) {
        const bool streams = line.running->phase == admin::RunningState::Phase::Streaming;
        return {Glyph::Ring,
                Tone::Busy,
                streams ? Inspector::tr("streaming") : Inspector::tr("waiting")};
    }
    const QString status = QString::number(line.record.httpStatus);
    switch (line.outcome()) {
    case domain::Outcome::Ok:
        return {Glyph::Tick, Tone::Good, status};
    case domain::Outcome::ClientError:
        return {Glyph::Cross, Tone::Caution, status};
    case domain::Outcome::ServerError:
        return {Glyph::Cross, Tone::Failure, status};
    case domain::Outcome::Cancelled:
        break;
    }
    return {Glyph::Barred, Tone::Neutral, Inspector::tr("cancelled")};
}

// What happened, in one line.
QString sentenceOf(const admin::RequestReport &report)
{
    const domain::UsageRecord &record = report.line.record;
    const QString channel =
        report.line.channelName.isEmpty() ? Inspector::tr("a channel") : report.line.channelName;
    const int failed = record.attempts - 1;
    if (report.line.running) {
        return report.line.channelName.isEmpty() ? Inspector::tr("being served")
                                                 : Inspector::tr("being served by %1").arg(channel);
    }
    if (record.cache == domain::CacheResult::Hit)
        return Inspector::tr("answered from the cache of answers");
    if (record.channelId.value == 0)
        return Inspector::tr("refused before it was sent to a channel");
    if (report.line.outcome() == domain::Outcome::Cancelled)
        return Inspector::tr("cancelled while %1 served it").arg(channel);
    if (report.line.outcome() != domain::Outcome::Ok) {
        return failed > 0 ? Inspector::tr("failed after %n attempts, the last with %1",
                                          nullptr,
                                          record.attempts)
                                .arg(channel)
                          : Inspector::tr("failed with %1").arg(channel);
    }
    const bool isMapped = !record.providerModel.isEmpty() && record.providerModel != record.model;
    QString text = isMapped ? Inspector::tr("served by %1 as %2")
                                  .arg(channel, QString::fromUtf8(record.providerModel))
                            : Inspector::tr("served by %1").arg(channel);
    if (failed == 1)
        return Inspector::tr("%1, after a failed attempt").arg(text);
    if (failed > 1)
        text = Inspector::tr("%1, after %n failed attempts", nullptr, failed).arg(text);
    return text;
}

} // namespace

Inspector::Inspector(const Services &services, QWidget *parent)
    : DetailPane(parent)
    , m_services(services)
    , m_texts(new Translated(this))
{
    build();
    m_texts->add([this] { setTexts(); });
    clear();
}

Inspector::~Inspector() = default;

void Inspector::build()
{
    m_cancel = new QAction(this);
    m_cancel->setIcon(icon(u"square"));
    connect(m_cancel, &QAction::triggered, this, [this] { emit cancelRequested(m_report.line); });
    addTool(m_cancel);
    m_copy = new QAction(this);
    m_copy->setIcon(icon(u"copy"));
    connect(m_copy, &QAction::triggered, this, [this] {
        copyText(QString::fromUtf8(m_report.line.record.requestId));
        emit noticeRaised([] { return tr("The request ID is in the clipboard."); });
    });
    addTool(m_copy);
    m_save = new QAction(this);
    m_save->setIcon(icon(u"save"));
    connect(m_save, &QAction::triggered, this, [this] {
        emit saveRequested(m_report.line.record.requestId);
    });
    addTool(m_save);
    m_forget = new QAction(this);
    m_forget->setIcon(icon(u"trash-2"));
    connect(m_forget, &QAction::triggered, this, &Inspector::openForgetMenu);
    addTool(m_forget);

    // In the order of Tab.
    m_tabs = {new SummaryTab(m_services, this),
              new TimelineTab(m_services, this),
              new ConversationTab(m_services, this),
              new MessageTab(MessageTab::Direction::Request, m_services, this),
              new MessageTab(MessageTab::Direction::Answer, m_services, this),
              new StreamTab(m_services, this),
              new ReplayTab(m_services, this)};
    for (InspectorTab *tab : m_tabs) {
        addTab(tab->title(), tab);
        connect(tab, &InspectorTab::navigationRequested, this, &Inspector::navigationRequested);
        connect(tab, &InspectorTab::itemRequested, this, &Inspector::itemRequested);
        connect(tab, &InspectorTab::routeRequested, this, &Inspector::routeRequested);
        connect(tab, &InspectorTab::noticeRaised, this, &Inspector::noticeRaised);
    }
}

void Inspector::setTexts()
{
    m_cancel->setText(tr("Cancel the request"));
    m_copy->setText(tr("Copy the request ID"));
    m_save->setText(tr("Save as HAR…"));
    m_forget->setText(tr("Forget what was sent in this request"));
    for (size_t i = 0; i < m_tabs.size(); ++i)
        setTabTitle(static_cast<int>(i), m_tabs[i]->title());
    refreshHeader();
    // Its explanations are in the language in which it was read.
    if (shownId() > 0)
        show(shownId());
}

Inspector::Tab Inspector::currentPart() const
{
    return static_cast<Tab>(std::max(currentTab(), 0));
}

void Inspector::setCurrentPart(Tab tab)
{
    setCurrentTab(static_cast<int>(tab));
}

void Inspector::show(qint64 id)
{
    ++m_generation;
    admin::whenDone(
        m_services.administration.traffic.report(id),
        this,
        [this, generation = m_generation](const base::Result<admin::RequestReport> &report) {
            if (generation != m_generation)
                return;
            if (report) {
                present(*report);
                return;
            }
            clear();
            setPlaceholder(report.error().message.translated());
        });
}

void Inspector::show(const admin::TrafficLine &running)
{
    ++m_generation;
    present(m_services.administration.traffic.reportOf(running));
}

void Inspector::clear()
{
    ++m_generation;
    m_report = {};
    refreshHeader();
}

void Inspector::present(admin::RequestReport report)
{
    m_report = std::move(report);
    refreshHeader();
    for (InspectorTab *tab : m_tabs)
        tab->setReport(m_report);
}

void Inspector::refreshHeader()
{
    const domain::UsageRecord &record = m_report.line.record;
    const bool isEmpty = record.requestId.isEmpty();
    const auto &running = m_report.line.running;
    m_cancel->setVisible(running && !running->cancelling);
    m_copy->setVisible(!isEmpty);
    m_save->setVisible(shownId() > 0);
    m_forget->setVisible(m_report.line.hasCapture);
    // In a narrow pane what happened is worth more than the id, which can be copied all the same.
    setIdentifier(width() >= Theme::px(wideHeader) ? shortId(record.requestId) : QString());
    if (isEmpty) {
        setGlyph(Glyph::Dashed, Tone::Neutral);
        setTitle(tr("No request"));
        setPlaceholder(tr("Select a request to see what it cost and how it went."));
        return;
    }
    const State state = stateOf(m_report.line);
    setGlyph(state.glyph, state.tone);
    setTitle(QString::fromUtf8(record.model), u"%1 · %2"_s.arg(state.word, sentenceOf(m_report)));
    setPlaceholder({});
}

void Inspector::resizeEvent(QResizeEvent *event)
{
    DetailPane::resizeEvent(event);
    const int limit = Theme::px(wideHeader);
    if ((event->oldSize().width() >= limit) != (width() >= limit))
        refreshHeader();
}

void Inspector::openForgetMenu()
{
    const auto tools = findChildren<QToolButton *>();
    const auto tool = std::find_if(tools.begin(), tools.end(), [this](const QToolButton *each) {
        return each->accessibleName() == m_forget->text();
    });
    // Another request may be shown by the time one chooses.
    const admin::TrafficLine line = m_report.line;
    auto *menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->addAction(tr("&Forget what was sent in this request…"), this, [this, line] {
        emit forgetRequested(line);
    });
    if (line.record.tokenId.value > 0) {
        // A name may hold the mark of a key.
        QString name = QString::fromUtf8(line.record.tokenName).left(longestName);
        menu->addAction(tr("Forget what was sent with the &token %1…")
                            .arg(Format::quoted(name.replace(u'&', u"&&"_s))),
                        this,
                        [this, line] { emit forgetTokenRequested(line); });
    }
    menu->popup(tool == tools.end() ? QCursor::pos()
                                    : (*tool)->mapToGlobal((*tool)->rect().bottomLeft()));
}

} // namespace gatehouse::ui
