#pragma once

#include "commands/arguments.h"

#include <QMap>

namespace gatehouse::app {

// Where a command reads a key or a password: never among its arguments, which other users of the
// machine can read.
struct SecretSource
{
    enum class Kind { Input, File, Variable };

    Kind kind = Kind::Input;
    QString place{}; // of a file or a variable
};

// --STEM-stdin, --STEM-file and --STEM-env. `what` is the thing in words: "password".
std::vector<OptionRule> secretOptions(const QString &stem, const QString &what);
// Nothing: none of them is given. Refuses several.
base::Result<std::optional<SecretSource>> secretSourceFrom(const QString &stem,
                                                           const Arguments &arguments);

// What stands in a file, or with "-" on standard input; at most 1 MiB of UTF-8.
base::Result<QString> readWhole(const QString &file);
// All that stands there; not empty. NotFound: there is no such file or variable.
base::Result<QString> readSecret(const SecretSource &source,
                                 const QMap<QString, QString> &environment);
// The first line of it alone; of standard input no more is read.
base::Result<QString> readSecretLine(const SecretSource &source,
                                     const QMap<QString, QString> &environment);

} // namespace gatehouse::app
