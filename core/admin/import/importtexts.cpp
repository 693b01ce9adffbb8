#include "admin/import/importtexts.h"

#include "base/json.h"
#include "secrets/tokenkey.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

constexpr qint64 largestAmount = 9'000'000'000'000'000;

} // namespace

QString cleanText(const QString &text, qsizetype longest)
{
    QString clean;
    // What is cut off need not be looked at.
    for (const QChar c : QStringView(text).left(16 * longest + 1024)) {
        if (c.category() != QChar::Other_Control)
            clean += c;
    }
    clean = clean.trimmed();
    if (clean.size() > longest) {
        clean.truncate(longest);
        if (clean.back().isHighSurrogate())
            clean.chop(1);
        clean = clean.trimmed();
    }
    return clean;
}

QString shownName(const QString &name)
{
    constexpr qsizetype longest = 60;
    const QString clean = cleanText(name, longest + 1);
    return clean.size() > longest ? QString(cleanText(clean, longest) + u'…') : clean;
}

QStringList listFrom(const QString &text)
{
    static const QRegularExpression separator(u"[,\\r\\n]"_s);
    QStringList list;
    for (const QString &part : text.split(separator, Qt::SkipEmptyParts)) {
        if (const QString name = part.trimmed(); !name.isEmpty())
            list.append(name);
    }
    list.removeDuplicates();
    return list;
}

std::optional<QJsonObject> objectFrom(const QByteArray &text)
{
    const QByteArray json = text.trimmed();
    if (json.isEmpty() || json == "null")
        return QJsonObject();
    const base::Result<QJsonObject> object = base::parseJsonObject(json);
    return object ? std::optional(*object) : std::nullopt;
}

bool isBcrypt(const QByteArray &hash)
{
    return hash.size() == 60
           && (hash.startsWith("$2a$") || hash.startsWith("$2b$") || hash.startsWith("$2y$"));
}

bool isUsableKey(const QByteArray &key)
{
    constexpr qsizetype longest = 16 * 1024;
    return !key.isEmpty() && key.size() <= longest
           && std::all_of(key.cbegin(), key.cend(), [](char c) {
                  return static_cast<unsigned char>(c) > 0x20 && c != 0x7f;
              });
}

QByteArray keyOf(const storage::ForeignToken &token)
{
    return token.key.reveal().trimmed();
}

QByteArray keyHashOf(const storage::ForeignToken &token)
{
    return secrets::viewOf(secrets::tokenKeyHash(keyOf(token))).toByteArray();
}

qint64 amountFrom(qint64 units, bool mayBeNegative)
{
    return std::clamp(units, mayBeNegative ? -largestAmount : 0, largestAmount);
}

qint64 timeFrom(qint64 seconds)
{
    return seconds < 0 || seconds > latestTime ? 0 : seconds;
}

} // namespace gatehouse::admin
