#include "domain/settingcheck.h"

#include "base/maskrules.h"
#include "domain/addressrange.h"
#include "domain/allowedorigins.h"
#include "domain/exchangerates.h"
#include "domain/networks.h"
#include "domain/statuscodes.h"

#include <QDir>
#include <QUrl>

#include <algorithm>
#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using Kind = SettingDescriptor::Kind;

namespace {

Message unitOf(Kind kind)
{
    switch (kind) {
    case Kind::Milliseconds:
        return Message::tr(" milliseconds");
    case Kind::Seconds:
        return Message::tr(" seconds");
    case Kind::Minutes:
        return Message::tr(" minutes");
    case Kind::Hours:
        return Message::tr(" hours");
    case Kind::Bytes:
        return Message::tr(" bytes");
    default:
        return {};
    }
}

Result<> checkNumber(const SettingDescriptor &setting, const QString &value)
{
    bool ok = false;
    const double parsed =
        setting.kind == Kind::Number ? value.toDouble(&ok) : double(value.toLongLong(&ok));
    if (ok && parsed > 0 && parsed < setting.leastAboveZero) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("%1 must be 0 or at least %2%3, not \"%4\".")
                .arg(setting.key, setting.leastAboveZero, unitOf(setting.kind), value.left(100)));
    }
    if (ok && std::isfinite(parsed) && parsed >= setting.least && parsed <= setting.most)
        return {};
    return fail(
        ErrorCode::InvalidInput,
        Message::tr("%1 must be a number from %2 to %3%4, not \"%5\".")
            .arg(setting.key, setting.least, setting.most, unitOf(setting.kind), value.left(100)));
}

// The rule for the names of models in requests. Blanks around one are no part of it.
Result<> checkModel(const SettingDescriptor &setting, const QString &value)
{
    constexpr qsizetype mostBytes = 200;
    const bool hasControl = std::any_of(value.cbegin(), value.cend(), [](QChar c) {
        return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
    });
    if (!hasControl && value.trimmed().toUtf8().size() <= mostBytes)
        return {};
    return fail(ErrorCode::InvalidInput,
                Message::tr("%1 must be the name of a model: at most %2 bytes, without invisible "
                            "characters.")
                    .arg(setting.key, mostBytes));
}

// Keys within an address would be shown with it.
bool isPlainAddress(const QString &value)
{
    constexpr qsizetype mostCharacters = 2'000;
    const QUrl url(value, QUrl::StrictMode);
    const bool isHttp = url.scheme() == "https"_L1 || url.scheme() == "http"_L1;
    return url.isValid() && isHttp && !url.host().isEmpty() && url.userInfo().isEmpty()
           && !url.hasFragment() && url.port(1) > 0 && value.size() <= mostCharacters;
}

Result<> checkOtlpEndpoint(const QString &value)
{
    if (value.isEmpty() || (isPlainAddress(value) && !QUrl(value).hasQuery()))
        return {};
    return fail(ErrorCode::InvalidInput,
                Message::tr("\"%1\" is no address that traces can be sent to. Write it as "
                            "https://host:port, without a user name.")
                    .arg(value.left(100)));
}

Result<> checkWebhook(const QString &value)
{
    if (value.isEmpty() || isPlainAddress(value))
        return {};
    return fail(ErrorCode::InvalidInput,
                Message::tr("\"%1\" is no address that events can be sent to. Write it as "
                            "https://host/path, without a user name.")
                    .arg(value.left(100)));
}

} // namespace

Result<> check(const SettingDescriptor &setting, const QString &value)
{
    static const QStringList booleans{u"true"_s, u"false"_s, u"1"_s, u"0"_s};
    switch (setting.kind) {
    case Kind::Boolean:
        if (booleans.contains(value))
            return {};
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("%1 must be true or false, not \"%2\".").arg(setting.key, value.left(100)));
    case Kind::Choice:
        if (setting.choices.contains(value))
            return {};
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("%1 must be one of: %2.").arg(setting.key, setting.choices.join(u", "_s)));
    case Kind::Text:
    case Kind::LongText:
    case Kind::Path:
    case Kind::Folder:
        if (value.size() > qsizetype(setting.most)) {
            return fail(
                ErrorCode::InvalidInput,
                Message::tr("%1 is longer than %2 characters.").arg(setting.key, setting.most));
        }
        if (setting.key == "relay.default_model"_L1)
            return checkModel(setting, value);
        if (setting.key == "relay.retry_statuses"_L1)
            return StatusCodes::from(value).map([](const auto &) {});
        if (setting.key == "server.allowed_networks"_L1)
            return networksFrom(value).map([](const auto &) {});
        if (setting.key == "server.trusted_proxies"_L1)
            return addressRangesFrom(value).map([](const auto &) {});
        if (setting.key == "integrations.webhook_url"_L1)
            return checkWebhook(value);
        if (setting.key == "integrations.otlp_endpoint"_L1)
            return checkOtlpEndpoint(value);
        if (setting.key == "server.cors_origins"_L1)
            return allowedOriginsFrom(value).map([](const auto &) {});
        if (setting.key == "accounting.exchange_rates"_L1)
            return ExchangeRates::from(value).map([](const auto &) {});
        if (setting.key == "log.mask"_L1)
            return base::MaskRules::from(value).map([](const auto &) {});
        if (setting.kind == Kind::Folder && !value.isEmpty() && QDir::isRelativePath(value)) {
            return fail(ErrorCode::InvalidInput,
                        Message::tr("%1 must be a folder with its whole path, not \"%2\".")
                            .arg(setting.key, value.left(100)));
        }
        return {};
    default:
        return checkNumber(setting, value);
    }
}

QString variableOf(const SettingDescriptor &setting)
{
    return u"GATEHOUSE_"_s + QString(setting.key).replace(u'.', u'_').toUpper();
}

} // namespace gatehouse::domain
