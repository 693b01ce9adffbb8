#include "bench/windowtour.h"

#include "admin/administration.h"
#include "application.h"
#include "bench/windowprobe.h"
#include "dashboard/kpitile.h"
#include "desktop/pages.h"
#include "frame/mainwindow.h"
#include "platform.h"
#include "program.h"
#include "theme/theme.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"
#include "widgets/undostack.h"

#include <QApplication>
#include <QPixmapCache>
#include <QProcess>
#include <QScrollBar>
#include <QtTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace gatehouse::bench {

namespace {

// The filters that are measured. All of a million rows are looked at for those that match little.
constexpr const char *filters[]{
    "status:ok",
    "status:error",
    "status:5xx model:kimi*",
    "status:404",
    "channel:\"Channel 100\"",
    "channel:#3 status:429",
    "tried:#3 -channel:#3",
    "tried:\"Channel 90\" status:503",
    "model:gpt*",
    "model:kimi-k2 channel:\"Channel 90\"",
    "model:none*",
    "token:token-59",
    "token:token-1 client:codex",
    "cost:>0.01",
    "cost:>100",
    "since:1h",
    "since:7d status:502",
    "until:25d",
    "attempts:>1 stream:no",
    "timeout",
    "kimi",
    "nothing of the kind",
};

template<typename T>
T answerOf(QFuture<base::Result<T>> answer)
{
    waitUntil([&] { return answer.isFinished(); }, 60s);
    const auto result = answer.resultCount() > 0 ? answer.takeResult() : base::Result<T>(T{});
    return result ? *result : T{};
}

class Tour
{
public:
    Tour(QString directory, QString port, QString token, QString loader)
        : m_options{.dataDirectory = std::move(directory),
                    .listen = {u"127.0.0.1:"_s + port},
                    .environment = app::processEnvironment()}
        , m_port(std::move(port))
        , m_token(std::move(token))
        , m_loader(std::move(loader))
        , m_state(m_options.dataDirectory + u"/bench-window.ini"_s)
    {}

    int run();

private:
    bool start();
    void firstShows();
    void ranges();
    void filterAnswers();
    void filterAnswer(const QString &text);
    void scroll();
    void scrollThrough(QScrollBar &bar);
    void loaded();
    void loadedOn(ui::PageId page, const QString &name);
    void oneGesture(int turn);
    void hidden();

    ui::TableView *table()
    {
        return m_window->currentPage()->findChild<ui::TableView *>(u"trafficList"_s);
    }
    admin::Administration &administration() { return m_application->administration(); }

    app::Options m_options;
    const QString m_port;
    const QString m_token;
    const QString m_loader;
    ui::UiState m_state;
    ui::UndoStack m_undo;
    std::unique_ptr<app::Application> m_application;
    std::unique_ptr<ui::Services> m_services;
    std::unique_ptr<ui::MainWindow> m_window;
};

int Tour::run()
{
    ui::Theme::apply(ui::Scheme::Light);
    m_state.setValue(u"window/page"_s, 0);
    if (!start())
        return 1;
    m_window->resize(1440, 900);
    m_window->raiseWindow();
    if (!QTest::qWaitForWindowExposed(m_window.get()))
        return 1;
    pass(2s);
    firstShows();
    ranges();
    filterAnswers();
    scroll();
    loaded();
    hidden();
    m_window.reset();
    m_services.reset();
    QSignalSpy stopped(m_application.get(), &app::Application::stopped);
    m_application->stop();
    waitUntil([&] { return !stopped.isEmpty(); }, 20s);
    m_application.reset();
    return 0;
}

bool Tour::start()
{
    m_application = std::make_unique<app::Application>(m_options, app::Application::Mode::Window);
    QSignalSpy started(m_application.get(), &app::Application::started);
    QSignalSpy failed(m_application.get(), &app::Application::failed);
    m_application->start();
    waitUntil([&] { return !started.isEmpty() || !failed.isEmpty(); }, 60s);
    if (started.isEmpty()) {
        std::fprintf(stderr, "%s\n", qPrintable(failed.value(0).value(1).toString()));
        return false;
    }
    const auto root = administration().sessions.root();
    m_services.reset(new ui::Services{.administration = administration(),
                                      .tester = m_application->tester(),
                                      .gateway = m_application->gateway(),
                                      .actor = root ? admin::Actor::of(*root) : admin::Actor{},
                                      .state = m_state,
                                      .undo = m_undo});
    m_window = std::make_unique<ui::MainWindow>(*m_services, app::pageFactories());
    return true;
}

// How long the main thread is taken to make and paint each page.
void Tour::firstShows()
{
    using ui::PageId;
    m_window->dropPages();
    for (const PageId id : {PageId::Dashboard,
                            PageId::Traffic,
                            PageId::Channels,
                            PageId::Models,
                            PageId::Tokens,
                            PageId::Users,
                            PageId::Settings}) {
        EventDelay delay;
        const auto begin = Clock::now();
        ui::Page *page = m_window->showPage(id);
        if (!page)
            continue;
        page->repaint();
        const QString name =
            QString::fromLatin1(page->metaObject()->className()).section(u"::"_s, -1);
        report(u"first show of "_s + name, millisecondsSince(begin));
        pass(2s);
        report(u"longest stall by "_s + name, delay.take().percentile(1));
    }
}

// From the choice of a range until its figures are painted.
void Tour::ranges()
{
    m_window->showPage(ui::PageId::Dashboard);
    pass(1s);
    auto *control = m_window->currentPage()->findChild<ui::SegmentedControl *>();
    const QList<ui::KpiTile *> tiles = m_window->currentPage()->findChildren<ui::KpiTile *>();
    if (!control || tiles.isEmpty())
        return;
    for (const char *range : {"1h", "24h", "7d", "30d"}) {
        Durations times;
        for (int turn = 0; turn < 3; ++turn) {
            emit control->chosen(u"15m"_s);
            pass(1500ms);
            const ui::TileContent before = tiles.first()->content();
            const auto begin = Clock::now();
            emit control->chosen(QString::fromLatin1(range));
            waitUntil([&] { return !(tiles.first()->content() == before); }, 5s);
            tiles.first()->repaint();
            times.add(millisecondsSince(begin));
        }
        report(u"dashboard, figures of %1"_s.arg(QString::fromLatin1(range)),
               times.percentile(0.5));
    }
}

// Until two hundred rows are there, or it is known that there are fewer.
void Tour::filterAnswer(const QString &text)
{
    const domain::FilterQuery query =
        domain::filterQueryFrom(text, admin::TrafficService::filterKeys());
    Durations times;
    size_t found = 0;
    for (int turn = 0; turn < 3; ++turn) {
        constexpr int wanted = 200;
        found = 0;
        const auto begin = Clock::now();
        std::optional<admin::TrafficCursor> next{admin::TrafficCursor{}};
        while (next && found < wanted) {
            const auto page = answerOf(
                administration().traffic.page(query, *next, wanted - static_cast<int>(found)));
            found += page.lines.size();
            next = page.next;
        }
        times.add(millisecondsSince(begin));
    }
    report(u"filter %1 (%2 rows)"_s.arg(text).arg(found), times.percentile(0.5));
}

void Tour::filterAnswers()
{
    m_window->showPage(ui::PageId::Channels);
    pass(1s);
    for (const char *filter : filters)
        filterAnswer(QString::fromLatin1(filter));
    // The same on the page itself, until there are rows on the screen.
    m_window->showPage(ui::PageId::Traffic);
    pass(1s);
    auto *field = m_window->currentPage()->findChild<ui::FilterField *>();
    if (!field || !table())
        return;
    for (const char *filter : {"status:429", "token:token-59", "model:kimi* status:error"}) {
        field->setFilter(u"model:none*"_s);
        waitUntil([&] { return table()->model()->rowCount() == 0; }, 5s);
        pass(1s);
        const auto begin = Clock::now();
        field->setFilter(QString::fromLatin1(filter));
        waitUntil([&] { return table()->model()->rowCount() > 0; }, 5s);
        table()->viewport()->repaint();
        report(u"page filtered by "_s + QString::fromLatin1(filter), millisecondsSince(begin));
    }
    field->setFilter({});
    pass(1s);
}

void Tour::scrollThrough(QScrollBar &bar)
{
    Durations frames;
    EventDelay delay;
    const auto begin = Clock::now();
    while (Clock::now() - begin < 20s) {
        const auto frame = Clock::now();
        bar.setValue(bar.value() + bar.pageStep());
        table()->viewport()->repaint();
        frames.add(millisecondsSince(frame));
        pass(1ms);
        if (bar.value() >= bar.maximum()
            && !waitUntil([&] { return bar.value() < bar.maximum(); }, 1s))
            break;
    }
    const double seconds = millisecondsSince(begin) / 1e3;
    report(u"rows that were scrolled through"_s, double(table()->rowAt(0)), "");
    report(u"rows a second"_s, double(table()->rowAt(0)) / seconds, "");
    report(u"scrolling, frame p50"_s, frames.percentile(0.5));
    report(u"scrolling, frame p99"_s, frames.percentile(0.99));
    report(u"scrolling, longest frame"_s, frames.percentile(1));
    const Durations delays = delay.take();
    report(u"scrolling, event delay p99"_s, delays.percentile(0.99));
    report(u"scrolling, longest event delay"_s, delays.percentile(1));
}

void Tour::scroll()
{
    m_window->showPage(ui::PageId::Traffic);
    pass(2s);
    if (!table())
        return;
    scrollThrough(*table()->verticalScrollBar());
    // Far jumps, as with the mouse on the bar.
    QScrollBar &bar = *table()->verticalScrollBar();
    Durations frames;
    for (int turn = 0; turn < 100; ++turn) {
        const auto frame = Clock::now();
        bar.setValue(int((qint64(bar.maximum()) * ((turn * 37) % 101)) / 101));
        table()->viewport()->repaint();
        frames.add(millisecondsSince(frame));
        pass(20ms);
    }
    report(u"jumping, frame p99"_s, frames.percentile(0.99));
    report(u"memory after scrolling"_s, double(memory("VmRSS")) / 1024, "MiB");
}

// A person at work: writes, scrolls, and pulls at the corner of the window.
void Tour::oneGesture(int turn)
{
    if (auto *field = m_window->currentPage()->findChild<ui::FilterField *>()) {
        const QString text = u"status:error model:gpt"_s;
        if (turn % 60 == 59)
            field->clear();
        else
            QTest::keyClick(field, text.at(turn % text.size()).toLatin1());
    }
    if (auto *area = m_window->currentPage()->findChild<QAbstractScrollArea *>()) {
        QScrollBar *bar = area->verticalScrollBar();
        bar->setValue(turn % 40 < 20 ? bar->value() + bar->singleStep()
                                     : bar->value() - bar->singleStep());
    }
    if (turn % 3 == 0)
        m_window->resize(1440 - (turn * 7) % 200, 900 - (turn * 5) % 120);
}

void Tour::loadedOn(ui::PageId page, const QString &name)
{
    constexpr int seconds = 15;
    m_window->showPage(page);
    pass(1s);
    QProcess loader;
    loader.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    loader.start(m_loader, {m_port, m_token, u"echo"_s, u"2000"_s, QString::number(seconds)});
    pass(2s);
    auto &application = static_cast<WatchedApplication &>(*qApp);
    application.tellLongEvents(u"before "_s + name);
    EventDelay delay;
    const auto begin = Clock::now();
    for (int turn = 0; Clock::now() - begin < std::chrono::seconds(seconds - 3); ++turn) {
        oneGesture(turn);
        pass(33ms);
    }
    const Durations delays = delay.take();
    application.tellLongEvents(name);
    waitUntil([&] { return loader.state() == QProcess::NotRunning; }, 20s);
    std::fprintf(stderr, "%s: %s", qPrintable(name), loader.readAllStandardOutput().constData());
    report(u"loaded, %1, event delay p50"_s.arg(name), delays.percentile(0.5));
    report(u"loaded, %1, event delay p99"_s.arg(name), delays.percentile(0.99));
    report(u"loaded, %1, longest event delay"_s.arg(name), delays.percentile(1));
    m_window->resize(1440, 900);
}

void Tour::loaded()
{
    loadedOn(ui::PageId::Dashboard, u"dashboard"_s);
    loadedOn(ui::PageId::Traffic, u"traffic"_s);
    loadedOn(ui::PageId::Channels, u"channels"_s);
}

void Tour::hidden()
{
    report(u"memory after all"_s, double(memory("VmRSS")) / 1024, "MiB");
    m_window->hide();
    pass(1s);
    m_window->dropPages();
    QPixmapCache::clear();
    app::returnMemory();
    pass(2s);
    report(u"memory hidden"_s, double(memory("VmRSS")) / 1024, "MiB");
    report(u"memory hidden, of its own"_s, double(memory("RssAnon")) / 1024, "MiB");
}

} // namespace

int tour(int argc, char **argv)
{
    if (argc < 6)
        return 64;
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(
        Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
    WatchedApplication application(argc, argv);
    app::nameProgram();
    QGuiApplication::setQuitOnLastWindowClosed(false);
    const QStringList given = QCoreApplication::arguments();
    return Tour(given.at(2), given.at(3), given.at(4), given.at(5)).run();
}

} // namespace gatehouse::bench
