#pragma once

#include "base/result.h"

#include <QMap>

namespace gatehouse::app {

// What a configuration file says, as variables of the environment say it: GATEHOUSE_SERVER_LISTEN for
// server.listen. TOML; its keys are those of the settings, and a few of the start, see startKeys().
struct ConfigurationFile
{
    QString path{};
    QMap<QString, QString> variables{};

    // Refuses what is no TOML, unknown keys, values of another type or out of their limits, and secrets,
    // with the line.
    static base::Result<ConfigurationFile> read(const QString &path);
    static base::Result<ConfigurationFile> parse(const QByteArray &text, const QString &path);

    // The variables that neither the environment nor one that means the same decides on.
    QMap<QString, QString> beneath(const QMap<QString, QString> &environment) const;
};

// The keys beside those of settings.
QStringList startKeys();

// Where a file is looked for that nobody has named; empty: there is none.
QString usualConfigurationFile();

} // namespace gatehouse::app
