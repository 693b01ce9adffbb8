#include "configuration/finding.h"

#include "base/redaction.h"

#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

QString levelName(Finding::Level level)
{
    switch (level) {
    case Finding::Level::Ok:
        return u"ok"_s;
    case Finding::Level::Warning:
        return u"warning"_s;
    case Finding::Level::Failed:
        break;
    }
    return u"failed"_s;
}

QString findingLine(const Finding &finding)
{
    return u"%1 %2: %3"_s.arg(levelName(finding.level), -8)
        .arg(base::redacted(finding.subject), base::redacted(finding.text));
}

QJsonArray findingsJson(const QList<Finding> &findings)
{
    QJsonArray array;
    for (const Finding &finding : findings) {
        array.append(QJsonObject{{u"level"_s, levelName(finding.level)},
                                 {u"subject"_s, base::redacted(finding.subject)},
                                 {u"text"_s, base::redacted(finding.text)}});
    }
    return array;
}

bool hasFailed(const QList<Finding> &findings)
{
    return std::any_of(findings.begin(), findings.end(), [](const Finding &finding) {
        return finding.level == Finding::Level::Failed;
    });
}

} // namespace gatehouse::app
