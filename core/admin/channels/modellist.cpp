#include "admin/channels/modellist.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

std::optional<QStringList> modelsInAnswer(const QByteArray &body)
{
    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (!document.isObject())
        return std::nullopt;
    const QJsonObject answer = document.object();
    const QJsonValue list =
        answer.value("data"_L1).isArray() ? answer.value("data"_L1) : answer.value("models"_L1);
    if (!list.isArray())
        return std::nullopt;
    QStringList models;
    for (const QJsonValue &entry : list.toArray()) {
        QString name = entry.toObject().value("id"_L1).toString();
        if (name.isEmpty())
            name = entry.toObject().value("name"_L1).toString();
        if (name.startsWith("models/"_L1))
            name = name.sliced(7);
        constexpr qsizetype longest = 200;
        const bool isPlain = std::all_of(
            name.cbegin(), name.cend(), [](QChar c) { return c.isPrint() && !c.isSpace(); });
        if (!name.isEmpty() && name.size() <= longest && isPlain)
            models.append(name);
    }
    models.sort();
    models.removeDuplicates();
    return models;
}

} // namespace gatehouse::admin
