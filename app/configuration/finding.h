#pragma once

#include <QJsonArray>
#include <QList>
#include <QString>

namespace gatehouse::app {

// What looking at one thing has come to. The text says what is wrong and what to do; it never holds a
// secret.
struct Finding
{
    enum class Level { Ok, Warning, Failed };

    Level level = Level::Ok;
    QString subject{}; // "data directory", "GATEHOUSE_LISTEN"
    QString text{};

    bool operator==(const Finding &) const = default;
};

// "ok", "warning", "failed".
QString levelName(Finding::Level level);
// For people, on one line.
QString findingLine(const Finding &finding);
QJsonArray findingsJson(const QList<Finding> &findings);
bool hasFailed(const QList<Finding> &findings);

} // namespace gatehouse::app
