#pragma once

#include "base/result.h"

#include <QStringList>

namespace gatehouse::app {

// The file by which this program can be started again: that of the AppImage, if it runs from one.
QString ownProgramFile();

// Whether a command is run when this account logs in: an XDG autostart entry, a LaunchAgent or a
// value in the registry's Run key. There is one for all data directories: the one that was switched on
// last is started.
class Autostart
{
public:
    explicit Autostart(QString program = ownProgramFile(),
                       QStringList arguments = {QStringLiteral("--hidden")});

    // As it stands now: false too where a person removed it or switched it off elsewhere, and where it
    // starts another data directory.
    bool isEnabled() const;
    // Switching off leaves what starts another data directory.
    base::Result<> setEnabled(bool enabled);

private:
    bool isOfThisDirectory() const;
    QStringList command() const { return QStringList{m_program} + m_arguments; }

    const QString m_program;
    const QStringList m_arguments;
};

// The text of the autostart entry that runs `command`, a program and its arguments.
QString autostartEntry(const QStringList &command);

// The text of the LaunchAgent that runs `command` once at log-in.
QString launchAgent(const QStringList &command);

// `command` as one command line of Windows, which splits it again into the same words.
QString windowsCommandLine(const QStringList &command);

} // namespace gatehouse::app
