#pragma once

#include "base/result.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QStringList>

#include <optional>

namespace gatehouse::base {

// Reads the members of a JSON object that came from outside. A member of the wrong type is an error
// that names it; one that is absent or null is nullopt. Integers are exact within 2^53.
class JsonReader
{
public:
    explicit JsonReader(QJsonObject object)
        : m_object(std::move(object))
    {}

    Result<std::optional<QString>> string(QStringView name) const;
    Result<std::optional<qint64>> integer(QStringView name) const;
    Result<std::optional<double>> number(QStringView name) const;
    Result<std::optional<bool>> boolean(QStringView name) const;
    Result<std::optional<QJsonObject>> object(QStringView name) const;
    Result<std::optional<QJsonArray>> array(QStringView name) const;

    bool contains(QStringView name) const { return m_object.contains(name); }
    const QJsonObject &whole() const { return m_object; }

private:
    QJsonObject m_object;
};

// A whole document that must be an object.
Result<QJsonObject> parseJsonObject(const QByteArray &text);
QByteArray compactJson(const QJsonObject &object);
QByteArray compactJson(const QJsonArray &array);

} // namespace gatehouse::base
