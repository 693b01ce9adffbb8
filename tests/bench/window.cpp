// Measures the window on a database of generate_ledger; window.py runs it and makes the table.
//     bench_window start DIRECTORY                 until the window is there, as a person starts it
//     bench_window tour DIRECTORY PORT TOKEN LOADER   everything else

#include "bench/windowprobe.h"
#include "bench/windowtour.h"
#include "dashboard/kpitile.h"
#include "desktop/desktop.h"
#include "frame/mainwindow.h"

#include <QApplication>
#include <QTimer>

#include <csignal>
#include <cstring>

using namespace gatehouse;
using namespace Qt::StringLiterals;

namespace {

bool isStart = false;

// Looks on while the program starts, and ends it when its figures are shown.
class StartProbe : public QObject
{
public:
    explicit StartProbe(QObject *parent)
        : QObject(parent)
    {
        bench::report(u"application made"_s, bench::millisecondsSinceStart());
        qApp->installEventFilter(this);
    }

    bool eventFilter(QObject *watched, QEvent *event) override
    {
        if (event->type() == QEvent::Paint && watched->isWidgetType())
            painted(static_cast<QWidget *>(watched));
        return false;
    }

private:
    void painted(QWidget *widget)
    {
        auto *tile = qobject_cast<ui::KpiTile *>(widget);
        if (!tile)
            return;
        const auto isDigit = [](QChar character) { return character.isDigit(); };
        const QString number = tile->content().number;
        const bool filled = std::any_of(number.begin(), number.end(), isDigit);
        // What is painted is on the screen when this turn of the event loop is over.
        if (!std::exchange(m_shown, true))
            QTimer::singleShot(
                0, this, [] { bench::report(u"window shown"_s, bench::millisecondsSinceStart()); });
        if (filled && !std::exchange(m_filled, true))
            QTimer::singleShot(0, this, [] {
                bench::report(u"figures shown"_s, bench::millisecondsSinceStart());
                bench::report(
                    u"memory with the window"_s, double(bench::memory("VmRSS")) / 1024, "MiB");
                std::raise(SIGTERM);
            });
    }

    bool m_shown = false;
    bool m_filled = false;
};

void beginProbe()
{
    if (isStart)
        new StartProbe(QCoreApplication::instance());
}
Q_COREAPP_STARTUP_FUNCTION(beginProbe)

} // namespace

int main(int argc, char **argv)
{
    if (argc < 3) {
        std::fprintf(stderr, "window.py runs this.\n");
        return 64;
    }
    isStart = std::strcmp(argv[1], "start") == 0;
    if (!isStart)
        return bench::tour(argc, argv);
    char option[] = "--data-dir";
    char *arguments[] = {argv[0], option, argv[2], nullptr};
    int count = 3;
    return app::runDesktop(count, arguments);
}
