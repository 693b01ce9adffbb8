#include "admin/integrations/integrationsecrets.h"

#include "admin/history/recording.h"
#include "admin/integrations/otlpexport.h"
#include "base/logging.h"
#include "base/redaction.h"
#include "base/systemreason.h"
#include "secrets/tokenkey.h"
#include "storage/repositories/metarepository.h"
#include "storage/repositories/sealingcontexts.h"

#include <QFile>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using base::Secret;
using storage::Database;
using storage::MetaRepository;

namespace {

constexpr std::array kinds{IntegrationSecret::MetricsToken,
                           IntegrationSecret::WebhookSecret,
                           IntegrationSecret::OtlpHeaders};

QString metaNameOf(IntegrationSecret which)
{
    switch (which) {
    case IntegrationSecret::MetricsToken:
        return storage::meta::sealedMetricsToken;
    case IntegrationSecret::WebhookSecret:
        return storage::meta::sealedWebhookSecret;
    case IntegrationSecret::OtlpHeaders:
        break;
    }
    return storage::meta::sealedOtlpHeaders;
}

QByteArray sealingContextOf(IntegrationSecret which)
{
    switch (which) {
    case IntegrationSecret::MetricsToken:
        return storage::metricsTokenContext.toByteArray();
    case IntegrationSecret::WebhookSecret:
        return storage::webhookSecretContext.toByteArray();
    case IntegrationSecret::OtlpHeaders:
        break;
    }
    return storage::otlpHeadersContext.toByteArray();
}

QString variableOf(IntegrationSecret which)
{
    switch (which) {
    case IntegrationSecret::MetricsToken:
        return u"GATEHOUSE_METRICS_TOKEN"_s;
    case IntegrationSecret::WebhookSecret:
        return u"GATEHOUSE_WEBHOOK_SECRET"_s;
    case IntegrationSecret::OtlpHeaders:
        break;
    }
    return u"OTEL_EXPORTER_OTLP_HEADERS"_s;
}

int longestOf(IntegrationSecret which)
{
    return which == IntegrationSecret::OtlpHeaders ? IntegrationSecrets::longestHeaders
                                                   : IntegrationSecrets::longest;
}

// Stable, as the history of changes tells it.
QString historyNameOf(IntegrationSecret which)
{
    switch (which) {
    case IntegrationSecret::MetricsToken:
        return u"metrics_token"_s;
    case IntegrationSecret::WebhookSecret:
        return u"webhook_secret"_s;
    case IntegrationSecret::OtlpHeaders:
        break;
    }
    return u"otlp_headers"_s;
}

Secret contentOfSecretFile(const QString &path, int longest)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        qCWarning(base::lcAdmin) << "A secret could not be read from" << path << ":"
                                 << base::systemReason(file.errorString()).english();
        return {};
    }
    return Secret(file.read(longest).trimmed());
}

// What stands in a header must be printable, and the same for whoever types it.
Result<> checkSecret(IntegrationSecret which, const Secret &secret)
{
    if (which == IntegrationSecret::OtlpHeaders) {
        if (secret.reveal().size() > longestOf(which)) {
            return fail(ErrorCode::InvalidInput,
                        Message::tr("Headers may have at most %1 bytes.").arg(longestOf(which)));
        }
        return otlpHeaderLines(secret).map([](const QByteArray &) {});
    }
    const QByteArray &bytes = secret.reveal();
    const bool isPlain =
        std::all_of(bytes.cbegin(), bytes.cend(), [](char c) { return c > ' ' && c < 0x7f; });
    if (isPlain && bytes.size() <= IntegrationSecrets::longest)
        return {};
    return fail(ErrorCode::InvalidInput,
                Message::tr("A secret may have letters, digits and signs of ASCII, without blanks: "
                            "at most %1.")
                    .arg(IntegrationSecrets::longest));
}

Result<Secret>
storedSecret(Database &database, const storage::KeySealer &sealer, IntegrationSecret which)
{
    const auto sealed = MetaRepository(database).find(metaNameOf(which));
    if (!sealed)
        return fail(sealed.error());
    if (!*sealed)
        return Secret();
    const Result<Secret> opened = sealer.open(**sealed, sealingContextOf(which));
    if (opened)
        return opened;
    qCWarning(base::lcAdmin).noquote()
        << metaNameOf(which)
        << "cannot be opened; it must be entered again:" << opened.error().message.english();
    return Secret();
}

} // namespace

IntegrationSecrets::IntegrationSecrets(const Foundation &foundation, QObject *parent)
    : QObject(parent)
    , m_base(foundation)
{
    const QMap<QString, QString> &environment = m_base.publisher.environment();
    for (const IntegrationSecret which : kinds) {
        const QString name = variableOf(which);
        const QString file = name + u"_FILE"_s;
        if (const QString given = environment.value(name); !given.isEmpty())
            place(which) = {.value = Secret(given), .variable = name};
        else if (const QString path = environment.value(file); !path.isEmpty())
            place(which) = {.value = contentOfSecretFile(path, longestOf(which)), .variable = file};
    }
    noteChange();
}

void IntegrationSecrets::noteChange()
{
    std::vector<Secret> known;
    for (const IntegrationSecret which : kinds)
        known.push_back(value(which));
    // Of headers the values are secret, as they are written and as they are sent.
    for (const QByteArray &header : value(IntegrationSecret::OtlpHeaders).reveal().split(',')) {
        const QByteArray written = header.sliced(header.indexOf('=') + 1).trimmed();
        known.push_back(Secret(written));
        known.push_back(Secret(QByteArray::fromPercentEncoding(written)));
    }
    base::setKnownSecrets(known, base::SecretsOf::Integrations);
    emit changed();
}

Answer<> IntegrationSecrets::load()
{
    using Read = std::array<Secret, kinds.size()>;
    const auto read = [sealer = &m_base.sealer](Database &database) -> Result<Read> {
        Read secrets;
        for (const IntegrationSecret which : kinds) {
            Result<Secret> stored = storedSecret(database, *sealer, which);
            if (!stored)
                return fail(stored.error());
            secrets.at(static_cast<size_t>(which)) = std::move(*stored);
        }
        return secrets;
    };
    return onSuccess(m_base.storage.read(read), this, [this](const Read &secrets) -> Result<> {
        for (const IntegrationSecret which : kinds) {
            if (variable(which).isEmpty())
                place(which).value = secrets.at(static_cast<size_t>(which));
        }
        noteChange();
        return {};
    });
}

Answer<> IntegrationSecrets::store(IntegrationSecret which, const Secret &secret)
{
    if (!variable(which).isEmpty()) {
        return refused<void>(
            ErrorCode::Conflict,
            Message::tr("Set by %1 when Gatehouse was started; it cannot be changed here.")
                .arg(variable(which)));
    }
    if (const Result<> sound = checkSecret(which, secret); !sound)
        return refused<void>(sound.error());
    const auto write = [sealer = &m_base.sealer, which, secret](Database &database) -> Result<> {
        MetaRepository meta(database);
        const Recorded entry{.object = domain::HistoryObject::Secret,
                             .name = historyNameOf(which),
                             .action = secret.isEmpty() ? domain::HistoryAction::Removed
                                                        : domain::HistoryAction::KeyReplaced};
        if (secret.isEmpty()) {
            return meta.remove(metaNameOf(which)).and_then([&] { return record(database, entry); });
        }
        const QByteArray sealed = sealer->seal(secret, sealingContextOf(which));
        if (sealed.isEmpty())
            return fail(ErrorCode::Unavailable, Message::tr("The secret could not be sealed."));
        return meta.save(metaNameOf(which), sealed).and_then([&] {
            return record(database, entry);
        });
    };
    return onSuccess(m_base.storage.write(write), this, [this, which, secret]() -> Result<> {
        place(which).value = secret;
        noteChange();
        return {};
    });
}

Answer<Secret> IntegrationSecrets::renew(IntegrationSecret which)
{
    const Secret made = secrets::makeTokenKey();
    return onSuccess(store(which, made), this, [made] { return Result<Secret>(made); });
}

} // namespace gatehouse::admin
