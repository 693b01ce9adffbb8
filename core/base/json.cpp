#include "base/json.h"

#include <QJsonDocument>

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::base {

namespace {

tl::unexpected<Error> wrongType(QStringView name, QStringView expected)
{
    return fail(ErrorCode::InvalidInput,
                Message::verbatim(u"The member \"%1\" must be %2."_s.arg(name, expected)));
}

bool isAbsent(const QJsonValue &value)
{
    return value.isUndefined() || value.isNull();
}

} // namespace

Result<std::optional<QString>> JsonReader::string(QStringView name) const
{
    const QJsonValue value = m_object.value(name);
    if (isAbsent(value))
        return std::optional<QString>{};
    if (!value.isString())
        return wrongType(name, u"a string");
    return std::optional<QString>(value.toString());
}

Result<std::optional<qint64>> JsonReader::integer(QStringView name) const
{
    const QJsonValue value = m_object.value(name);
    if (isAbsent(value))
        return std::optional<qint64>{};
    const double number = value.toDouble(std::nan(""));
    constexpr double largest = 9.2e18;
    if (!value.isDouble() || std::trunc(number) != number || std::abs(number) > largest)
        return wrongType(name, u"a whole number");
    return std::optional<qint64>(value.toInteger(static_cast<qint64>(number)));
}

Result<std::optional<double>> JsonReader::number(QStringView name) const
{
    const QJsonValue value = m_object.value(name);
    if (isAbsent(value))
        return std::optional<double>{};
    if (!value.isDouble() || !std::isfinite(value.toDouble()))
        return wrongType(name, u"a number");
    return std::optional<double>(value.toDouble());
}

Result<std::optional<bool>> JsonReader::boolean(QStringView name) const
{
    const QJsonValue value = m_object.value(name);
    if (isAbsent(value))
        return std::optional<bool>{};
    if (!value.isBool())
        return wrongType(name, u"true or false");
    return std::optional<bool>(value.toBool());
}

Result<std::optional<QJsonObject>> JsonReader::object(QStringView name) const
{
    const QJsonValue value = m_object.value(name);
    if (isAbsent(value))
        return std::optional<QJsonObject>{};
    if (!value.isObject())
        return wrongType(name, u"an object");
    return std::optional<QJsonObject>(value.toObject());
}

Result<std::optional<QJsonArray>> JsonReader::array(QStringView name) const
{
    const QJsonValue value = m_object.value(name);
    if (isAbsent(value))
        return std::optional<QJsonArray>{};
    if (!value.isArray())
        return wrongType(name, u"an array");
    return std::optional<QJsonArray>(value.toArray());
}

Result<QJsonObject> parseJsonObject(const QByteArray &text)
{
    QJsonParseError error;
    const QJsonDocument document = QJsonDocument::fromJson(text, &error);
    if (error.error != QJsonParseError::NoError) {
        return fail(ErrorCode::InvalidInput,
                    Message::tr("This is not valid JSON: %1 at byte %2.")
                        .arg(error.errorString(), error.offset));
    }
    if (!document.isObject())
        return fail(ErrorCode::InvalidInput, Message::tr("A JSON object is expected here."));
    return document.object();
}

QByteArray compactJson(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

QByteArray compactJson(const QJsonArray &array)
{
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

} // namespace gatehouse::base
