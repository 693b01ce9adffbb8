#include "storage/adoption.h"

#include "base/logging.h"
#include "domain/lostsecrets.h"
#include "storage/repositories/sealingcontexts.h"
#include "storage/statement.h"
#include "storage/transaction.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::ErrorCode;
using base::Message;
using base::Result;

namespace {

// A sealed text of one row.
struct SealedText
{
    qint64 row = 0;
    QByteArray sealed{};
    QByteArray context{};
};

QByteArray contextOfKey(const QSqlQuery &row)
{
    return channelKeyContext({row.value(2).toLongLong()});
}

QByteArray contextOfSecrets(const QSqlQuery &row)
{
    return channelSecretsContext({row.value(2).toLongLong()});
}

QByteArray contextOfToken(const QSqlQuery &row)
{
    return tokenKeyContext(row.value(2).toByteArray());
}

struct SealedColumn
{
    QString select{}; // the row's id, the sealed text, and what its context is made of
    QString update{}; // by :id, to :sealed
    QByteArray (*context)(const QSqlQuery &row) = nullptr;
};

SealedColumn channelKeyColumn()
{
    return {.select = u"SELECT id, key_sealed, channel_id FROM channel_keys"_s,
            .update = u"UPDATE channel_keys SET key_sealed = :sealed WHERE id = :id"_s,
            .context = contextOfKey};
}

SealedColumn channelSecretsColumn()
{
    return {.select = u"SELECT id, secrets_sealed, id FROM channels"
                      " WHERE secrets_sealed IS NOT NULL"_s,
            .update = u"UPDATE channels SET secrets_sealed = :sealed WHERE id = :id"_s,
            .context = contextOfSecrets};
}

SealedColumn tokenKeyColumn()
{
    return {.select = u"SELECT id, key_sealed, key_hash FROM tokens"_s,
            .update = u"UPDATE tokens SET key_sealed = :sealed WHERE id = :id"_s,
            .context = contextOfToken};
}

// Copies of early versions lack it.
Result<bool> hasChannelSecrets(Database &copy)
{
    return numberOf(copy,
                    execute(copy,
                            u"SELECT count(*) FROM pragma_table_info('channels')"
                            " WHERE name = 'secrets_sealed'"_s))
        .map([](qint64 columns) { return columns > 0; });
}

Result<> notStopped(const std::stop_token &stop)
{
    if (stop.stop_requested())
        return base::fail(ErrorCode::Cancelled, Message::tr("The operation was cancelled."));
    return {};
}

// `change` gives what is to be stored for a text, or nothing to leave it as it is.
template<typename Change>
Result<>
changeColumn(Database &copy, const SealedColumn &column, const std::stop_token &stop, Change change)
{
    const Result<std::vector<SealedText>> texts =
        rowsOf(copy, execute(copy, column.select), [&column](const QSqlQuery &row) {
            return SealedText{.row = row.value(0).toLongLong(),
                              .sealed = row.value(1).toByteArray(),
                              .context = column.context(row)};
        });
    if (!texts)
        return base::fail(texts.error());
    for (const SealedText &text : *texts) {
        if (Result<> goesOn = notStopped(stop); !goesOn)
            return goesOn;
        const Result<std::optional<QByteArray>> sealed = change(text.sealed, text.context);
        if (!sealed)
            return base::fail(sealed.error());
        if (!*sealed)
            continue;
        const Result<> stored =
            done(execute(copy, column.update, {{u":sealed"_s, **sealed}, {u":id"_s, text.row}}));
        if (!stored)
            return stored;
    }
    return {};
}

Result<std::optional<QByteArray>>
sealedAs(const KeySealer &sealer, const base::Secret &text, const QByteArray &context)
{
    QByteArray sealed = sealer.seal(text, context);
    if (sealed.isEmpty()) {
        return base::fail(
            ErrorCode::Unavailable,
            Message::tr("Nothing can be stored safely, since there is no master key."));
    }
    return std::optional(std::move(sealed));
}

Result<> sealAnew(Database &copy, const Adoption &adoption, const std::stop_token &stop)
{
    const auto anew = [&adoption](const QByteArray &sealed,
                                  const QByteArray &context) -> Result<std::optional<QByteArray>> {
        const Result<base::Secret> text = adoption.from->open(sealed, context);
        if (text)
            return sealedAs(adoption.to, *text, context);
        qCWarning(base::lcStorage).noquote()
            << "A secret of the backup cannot be opened and stays as it is:" << context;
        return std::optional<QByteArray>();
    };
    const Result<bool> hasSecrets = hasChannelSecrets(copy);
    if (!hasSecrets)
        return base::fail(hasSecrets.error());
    std::vector<SealedColumn> columns{channelKeyColumn(), tokenKeyColumn()};
    if (*hasSecrets)
        columns.push_back(channelSecretsColumn());
    for (const SealedColumn &column : columns) {
        if (Result<> changed = changeColumn(copy, column, stop, anew); !changed)
            return changed;
    }
    MetaRepository meta(copy);
    const std::pair<QString, QByteArray> entries[] = {
        {meta::sealedLocalAuthorityKey, localAuthorityContext.toByteArray()},
        {meta::sealedSessionSecret, sessionSecretContext.toByteArray()},
        {meta::sealedMetricsToken, metricsTokenContext.toByteArray()},
        {meta::sealedWebhookSecret, webhookSecretContext.toByteArray()},
        {meta::sealedOtlpHeaders, otlpHeadersContext.toByteArray()}};
    for (const auto &[name, context] : entries) {
        const auto sealed = meta.find(name);
        if (!sealed)
            return base::fail(sealed.error());
        if (!*sealed)
            continue;
        const Result<std::optional<QByteArray>> next = anew(**sealed, context);
        if (!next)
            return base::fail(next.error());
        if (Result<> saved = *next ? meta.save(name, **next) : meta.remove(name); !saved)
            return saved;
    }
    return {};
}

// All that forgetSealed() is about to lose, and what was lost by a restore before and is still missing.
Result<domain::LostSecrets> sealedContent(Database &copy, bool hasSecrets)
{
    using Ids = std::vector<domain::ChannelId>;
    const Result<Ids> channels = rowsOf(
        copy,
        execute(copy,
                hasSecrets ? u"SELECT id FROM channels WHERE secrets_sealed IS NOT NULL"
                             " OR id IN (SELECT channel_id FROM channel_keys) ORDER BY id"_s
                           : u"SELECT DISTINCT channel_id FROM channel_keys ORDER BY channel_id"_s),
        [](const QSqlQuery &row) { return domain::ChannelId{row.value(0).toLongLong()}; });
    const Result<qint64> tokens = numberOf(copy, execute(copy, u"SELECT count(*) FROM tokens"_s));
    if (!channels || !tokens)
        return base::fail(channels ? tokens.error() : channels.error());
    const MetaRepository meta(copy);
    const Result<std::optional<QByteArray>> before = meta.find(meta::lostSecrets);
    if (!before)
        return base::fail(before.error());
    domain::LostSecrets lost = domain::lostSecretsFrom(before->value_or(QByteArray()));
    lost.isTold = false;
    lost.tokens = *tokens;
    for (const domain::ChannelId channel : *channels) {
        if (!lost.channels.contains(channel))
            lost.channels.append(channel);
    }
    const std::pair<QString, bool *> entries[] = {{meta::sealedLocalAuthorityKey, &lost.authority},
                                                  {meta::sealedMetricsToken, &lost.metricsToken},
                                                  {meta::sealedWebhookSecret, &lost.webhookSecret},
                                                  {meta::sealedOtlpHeaders, &lost.otlpHeaders}};
    for (const auto &[name, isLost] : entries) {
        const Result<std::optional<QByteArray>> sealed = meta.find(name);
        if (!sealed)
            return base::fail(sealed.error());
        *isLost = *isLost || sealed->has_value();
    }
    return lost;
}

Result<> forgetSealed(Database &copy, const Adoption &adoption, const std::stop_token &stop)
{
    const Result<bool> hasSecrets = hasChannelSecrets(copy);
    if (!hasSecrets)
        return base::fail(hasSecrets.error());
    const Result<domain::LostSecrets> lost = sealedContent(copy, *hasSecrets);
    if (!lost)
        return base::fail(lost.error());
    // 2: disabled by hand. Without its key and its proxy a channel is not what it was.
    Result<> forgotten = done(
        execute(copy,
                *hasSecrets ? u"UPDATE channels SET status = 2 WHERE secrets_sealed IS NOT NULL"
                              " OR id IN (SELECT channel_id FROM channel_keys)"_s
                            : u"UPDATE channels SET status = 2"
                              " WHERE id IN (SELECT channel_id FROM channel_keys)"_s));
    if (forgotten && *hasSecrets)
        forgotten = done(execute(copy, u"UPDATE channels SET secrets_sealed = NULL"_s));
    if (forgotten)
        forgotten = done(execute(copy, u"DELETE FROM channel_keys"_s));
    if (forgotten) {
        forgotten = changeColumn(copy,
                                 tokenKeyColumn(),
                                 stop,
                                 [&adoption](const QByteArray &, const QByteArray &context) {
                                     return sealedAs(adoption.to, {}, context);
                                 });
    }
    MetaRepository meta(copy);
    for (const QString &name : {meta::localAuthority,
                                meta::sealedLocalAuthorityKey,
                                meta::sealedSessionSecret,
                                meta::sealedMetricsToken,
                                meta::sealedWebhookSecret,
                                meta::sealedOtlpHeaders}) {
        if (forgotten)
            forgotten = meta.remove(name);
    }
    if (forgotten && !lost->isEmpty())
        forgotten = meta.save(meta::lostSecrets, domain::lostSecretsJson(*lost));
    return forgotten;
}

} // namespace

Result<> adopt(Database &copy, const Adoption &adoption, const std::stop_token &stop)
{
    Result<Transaction> transaction = Transaction::begin(copy);
    if (!transaction)
        return base::fail(transaction.error());
    Result<> adopted =
        adoption.from ? sealAnew(copy, adoption, stop) : forgetSealed(copy, adoption, stop);
    MetaRepository meta(copy);
    if (adopted)
        adopted = meta.save(meta::masterKeyCheck, adoption.masterKeyCheck);
    if (adopted) {
        adopted = adoption.secretsSource ? meta.save(meta::secretsSource, *adoption.secretsSource)
                                         : meta.remove(meta::secretsSource);
    }
    if (adopted)
        adopted = meta.remove(meta::backupSecrets);
    return adopted ? transaction->commit() : adopted;
}

} // namespace gatehouse::storage
