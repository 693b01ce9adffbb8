#pragma once

#include "configuration/finding.h"
#include "configuration/options.h"

namespace gatehouse::app {

// Looks at what a start would be told: the options, the variables of the environment with the files
// that they name, and the settings that are stored. Starts and changes nothing; a program may be running
// on the data directory. One finding for each thing that is wrong, and one for what was read.
QList<Finding> checkConfiguration(const Options &options);

// Of variables that begin with GATEHOUSE_: those that this program does not know, with the known one
// that was probably meant.
QList<Finding> unknownVariables(const QMap<QString, QString> &environment);

// Where the gateway would listen: by the options, else by the settings.
QStringList listenAddressesOf(const Options &options, const QString &setting);

} // namespace gatehouse::app
