#pragma once

#include "domain/settings.h"

namespace gatehouse::domain {

// How the tables of settings are written down: descriptors out of a name, limits and a member, to which
// FIELD() gives access.

inline constexpr double gibibyte = 1024.0 * 1024 * 1024;

#define FIELD(member)                                                                              \
    [](Settings & s) -> auto &                                                                     \
    {                                                                                              \
        return s.member;                                                                           \
    }

struct Names
{
    QString key{};
    QString oneApiKey{};
    QString oneApiEnvironment{};
};

// Descriptions stand in the source as they are found by the tools of translators.
inline QString words(const char *text)
{
    return QString::fromUtf8(text);
}

inline bool isTrue(const QString &text)
{
    return text == QLatin1String("true") || text == QLatin1String("1");
}

template<typename Access>
SettingDescriptor boolean(Names names, QString description, Access access)
{
    return {.key = names.key,
            .oneApiKey = names.oneApiKey,
            .oneApiEnvironment = names.oneApiEnvironment,
            .kind = SettingDescriptor::Kind::Boolean,
            .description = std::move(description),
            .read =
                [access](const Settings &s) {
                    return access(const_cast<Settings &>(s)) ? QStringLiteral("true")
                                                             : QStringLiteral("false");
                },
            .write = [access](Settings &s, const QString &v) { access(s) = isTrue(v); }};
}

template<typename Access>
SettingDescriptor
integer(Names names, double least, double most, QString description, Access access)
{
    return {.key = names.key,
            .oneApiKey = names.oneApiKey,
            .oneApiEnvironment = names.oneApiEnvironment,
            .kind = SettingDescriptor::Kind::Integer,
            .least = least,
            .most = most,
            .description = std::move(description),
            .read =
                [access](const Settings &s) {
                    return QString::number(access(const_cast<Settings &>(s)));
                },
            .write = [access](Settings &s, const QString &v) { access(s) = v.toLongLong(); }};
}

template<typename Access>
SettingDescriptor bytes(Names names, double least, double most, QString description, Access access)
{
    SettingDescriptor descriptor =
        integer(std::move(names), least, most, std::move(description), access);
    descriptor.kind = SettingDescriptor::Kind::Bytes;
    return descriptor;
}

template<typename Access>
SettingDescriptor number(Names names, double least, double most, QString description, Access access)
{
    return {.key = names.key,
            .oneApiKey = names.oneApiKey,
            .oneApiEnvironment = names.oneApiEnvironment,
            .kind = SettingDescriptor::Kind::Number,
            .least = least,
            .most = most,
            .description = std::move(description),
            .read =
                [access](const Settings &s) {
                    return QString::number(access(const_cast<Settings &>(s)), 'g', 12);
                },
            .write = [access](Settings &s, const QString &v) { access(s) = v.toDouble(); }};
}

template<typename Unit>
constexpr SettingDescriptor::Kind kindOf()
{
    if constexpr (std::is_same_v<Unit, std::chrono::seconds>)
        return SettingDescriptor::Kind::Seconds;
    else if constexpr (std::is_same_v<Unit, std::chrono::minutes>)
        return SettingDescriptor::Kind::Minutes;
    else if constexpr (std::is_same_v<Unit, std::chrono::hours>)
        return SettingDescriptor::Kind::Hours;
    else
        return SettingDescriptor::Kind::Milliseconds;
}

// A span of time that is written in whole `Unit`s.
template<typename Unit, typename Access>
SettingDescriptor span(Names names, double least, double most, QString description, Access access)
{
    return {.key = names.key,
            .oneApiKey = names.oneApiKey,
            .oneApiEnvironment = names.oneApiEnvironment,
            .kind = kindOf<Unit>(),
            .least = least,
            .most = most,
            .description = std::move(description),
            .read =
                [access](const Settings &s) {
                    const auto value = access(const_cast<Settings &>(s));
                    return QString::number(std::chrono::duration_cast<Unit>(value).count());
                },
            .write = [access](Settings &s, const QString &v) { access(s) = Unit(v.toLongLong()); }};
}

template<typename Access>
SettingDescriptor text(Names names, QString description, Access access)
{
    return {.key = names.key,
            .oneApiKey = names.oneApiKey,
            .oneApiEnvironment = names.oneApiEnvironment,
            .kind = SettingDescriptor::Kind::Text,
            .most = 64 * 1024,
            .description = std::move(description),
            .read = [access](const Settings &s) { return access(const_cast<Settings &>(s)); },
            .write = [access](Settings &s, const QString &v) { access(s) = v; }};
}

template<typename Access>
SettingDescriptor longText(Names names, QString description, Access access)
{
    SettingDescriptor descriptor = text(std::move(names), std::move(description), access);
    descriptor.kind = SettingDescriptor::Kind::LongText;
    return descriptor;
}

template<typename Access>
SettingDescriptor path(Names names, QString description, Access access)
{
    SettingDescriptor descriptor = text(std::move(names), std::move(description), access);
    descriptor.kind = SettingDescriptor::Kind::Path;
    return descriptor;
}

template<typename Access>
SettingDescriptor folder(Names names, QString description, Access access)
{
    SettingDescriptor descriptor = text(std::move(names), std::move(description), access);
    descriptor.kind = SettingDescriptor::Kind::Folder;
    return descriptor;
}

} // namespace gatehouse::domain
