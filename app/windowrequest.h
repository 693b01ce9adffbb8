#pragma once

#include "base/result.h"

#include <QStringList>

namespace gatehouse::app {

// What a start of the desktop application asks for beside the options of the whole program: of itself, or
// of the one that runs already.
struct WindowRequest
{
    bool hidden = false;        // no window at the start
    bool startsGateway = false; // where it stands still
    bool stopsGateway = false;  // as the person does who is asked about running requests
    bool copiesAddress = false; // to the clipboard
    QString language{};      // of the window while it is open: "en", "zh_CN"; empty: as it is set
    QString link{};          // gatehouse://…, as it was given; may hold a key
    QStringList arguments{}; // the whole command line, for handing it over

    // It can be carried out by a program that runs already, and by no other.
    bool needsRunning() const { return stopsGateway || copiesAddress; }
    // There is something to do beside showing the window.
    bool isErrand() const { return startsGateway || needsRunning(); }
    // The whole command line, with the link of now: it may have come by a further start.
    QStringList commandLine() const;
    // Adds what a further start asks for before the first could carry out its own.
    void add(const WindowRequest &other);
};

// Whether a command line that begins so means the window, and no sub-command.
bool meansWindow(QByteArrayView first);

// Reads what takeOptions() has left of a command line. No error repeats a link.
base::Result<WindowRequest> windowRequestFrom(const QStringList &arguments);

// The same, of a whole command line.
base::Result<WindowRequest> windowRequestOf(const QStringList &commandLine);

// Overwrites the links in the process's own arguments, which every account of the computer can read.
void hideLinks(int argc, char **argv);

// The options that the window takes, as they stand in --help.
QString windowOptionsHelp();
// The same for completion, as CommandDescription::words.
QStringList windowOptionWords();

} // namespace gatehouse::app
