#include "domain/bodysecrets.h"

#include "domain/channel.h"

#include <QJsonArray>
#include <QSet>

#include <functional>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

namespace {

bool isSecretMember(const QString &name)
{
    // A parameter of OpenAI's that groups requests.
    return isSecretHeader(name) && name != u"prompt_cache_key"_s;
}

// What becomes of a secret text; undefined: it is left out.
using Change = std::function<QJsonValue(const QString &text, const QString &path)>;

// A list or an object of which all was left out goes with it.
QJsonValue leftOver(const QJsonValue &rest, bool isNothing)
{
    return isNothing ? QJsonValue(QJsonValue::Undefined) : rest;
}

QJsonValue
changed(const QJsonValue &value, const QString &path, bool isSecret, const Change &change)
{
    if (value.isString())
        return isSecret && !value.toString().isEmpty() ? change(value.toString(), path) : value;
    if (value.isArray()) {
        QJsonArray result;
        const QJsonArray elements = value.toArray();
        for (qsizetype i = 0; i < elements.size(); ++i) {
            const QString place = path + u'.' + QString::number(i);
            if (const QJsonValue kept = changed(elements.at(i), place, isSecret, change);
                !kept.isUndefined())
                result.append(kept);
        }
        return leftOver(QJsonValue(result), result.isEmpty() && !elements.isEmpty());
    }
    if (value.isObject()) {
        QJsonObject result;
        const QJsonObject members = value.toObject();
        for (auto it = members.constBegin(); it != members.constEnd(); ++it) {
            const QString place = path.isEmpty() ? it.key() : path + u'.' + it.key();
            const QJsonValue kept =
                changed(it.value(), place, isSecret || isSecretMember(it.key()), change);
            if (!kept.isUndefined())
                result.insert(it.key(), kept);
        }
        return leftOver(QJsonValue(result), result.isEmpty() && !members.isEmpty());
    }
    return value;
}

QJsonObject changed(const QJsonObject &body, const Change &change)
{
    return changed(QJsonValue(body), QString(), false, change).toObject();
}

void visit(const QJsonObject &body,
           const std::function<void(const QString &text, const QString &path)> &seen)
{
    changed(body, [&seen](const QString &text, const QString &path) {
        seen(text, path);
        return QJsonValue(text);
    });
}

} // namespace

QJsonObject maskedBody(const QJsonObject &body)
{
    return changed(body, [](const QString &, const QString &) { return QJsonValue(maskedSecret); });
}

QJsonObject bodyWithoutSecrets(const QJsonObject &body)
{
    return changed(
        body, [](const QString &, const QString &) { return QJsonValue(QJsonValue::Undefined); });
}

QJsonObject unmaskedBody(const QJsonObject &body, const QJsonObject &former)
{
    QHash<QString, QString> known;
    visit(former, [&known](const QString &text, const QString &path) { known.insert(path, text); });
    if (known.isEmpty())
        return body;
    return changed(body, [&known](const QString &text, const QString &path) {
        return QJsonValue(text == maskedSecret ? known.value(path, text) : text);
    });
}

std::vector<base::Secret> secretsOfBody(const QJsonObject &body)
{
    constexpr qsizetype shortest = 8;
    std::vector<base::Secret> secrets;
    visit(body, [&secrets](const QString &text, const QString &) {
        const QString value = text.trimmed();
        const QString bare = value.section(u' ', 1).trimmed(); // behind a scheme, as in "Bearer …"
        for (const QString &secret : {value, bare}) {
            if (secret.size() >= shortest)
                secrets.emplace_back(secret.toUtf8());
        }
    });
    return secrets;
}

QString keptBodySecret(const QJsonObject &before, const QJsonObject &after)
{
    QSet<QString> known;
    visit(before, [&known](const QString &text, const QString &) { known.insert(text); });
    QString kept;
    visit(after, [&](const QString &text, const QString &path) {
        if (kept.isEmpty() && known.contains(text))
            kept = path;
    });
    return kept;
}

} // namespace gatehouse::domain
