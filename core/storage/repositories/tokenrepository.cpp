#include "storage/repositories/tokenrepository.h"

#include "base/logging.h"
#include "storage/repositories/budgetrepository.h"
#include "storage/repositories/rowinsertion.h"
#include "storage/repositories/sealingcontexts.h"
#include "storage/statement.h"
#include "storage/transaction.h"

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Message;
using base::Result;
using domain::Quota;
using domain::Token;
using domain::TokenId;
using domain::UserId;

namespace {

const Message noSuchToken = Message::tr("This token does not exist.");

QString selectTokens(const QString &rest)
{
    return u"SELECT id, user_id, name, key_hash, status, created_at, accessed_at, expires_at,"
           " balance, unlimited, used, models, address_ranges, requests_per_minute,"
           " tokens_per_minute, concurrent_requests, key_sealed, former_key_hash, "
           "former_valid_until,"
           " former_used_at, capture, "_s
           % budgetColumns() % u" FROM tokens "_s % rest;
}

constexpr int sealedColumn = 16;

QString textOf(const QList<domain::AddressRange> &ranges)
{
    QStringList parts;
    for (const domain::AddressRange &range : ranges)
        parts.append(range.base.toString() % u'/' % QString::number(range.prefixLength));
    return parts.join(u',');
}

QList<domain::AddressRange> rangesFrom(const QString &text)
{
    if (text.isEmpty())
        return {};
    const Result<QList<domain::AddressRange>> ranges = domain::addressRangesFrom(text);
    if (ranges)
        return *ranges;
    // What cannot be read must not become "from anywhere": a range that holds no address.
    qCWarning(base::lcStorage) << "The address ranges of a token cannot be read.";
    return {domain::AddressRange{}};
}

// The column order is that of selectTokens().
Token readToken(const QSqlQuery &row)
{
    return {.id = {row.value(0).toLongLong()},
            .userId = {row.value(1).toLongLong()},
            .name = row.value(2).toString(),
            .keyHash = row.value(3).toByteArray(),
            .status = static_cast<domain::TokenStatus>(row.value(4).toInt()),
            .createdAt = row.value(5).toLongLong(),
            .accessedAt = row.value(6).toLongLong(),
            .expiresAt = row.value(7).toLongLong(),
            .balance = {row.value(8).toLongLong()},
            .unlimited = row.value(9).toBool(),
            .budget = budgetFrom(row, 21),
            .used = {row.value(10).toLongLong()},
            .models = row.value(11).toString().split(u'\n', Qt::SkipEmptyParts),
            .addressRanges = rangesFrom(row.value(12).toString()),
            .requestsPerMinute = row.value(13).toInt(),
            .tokensPerMinute = row.value(14).toLongLong(),
            .concurrentRequests = row.value(15).toInt(),
            .capture = static_cast<domain::TokenCapture>(row.value(20).toInt()),
            .formerKeyHash = row.value(17).toByteArray(),
            .formerValidUntil = row.value(18).toLongLong(),
            .formerUsedAt = row.value(19).toLongLong()};
}

Bindings decidedBindings(const Token &token)
{
    Bindings bindings = budgetBindings(token.budget);
    bindings.insert(bindings.end(),
                    {{u":user_id"_s, token.userId.value},
                     {u":name"_s, token.name},
                     {u":status"_s, static_cast<int>(token.status)},
                     {u":expires_at"_s, token.expiresAt},
                     {u":unlimited"_s, token.unlimited},
                     {u":models"_s, token.models.join(u'\n')},
                     {u":address_ranges"_s, textOf(token.addressRanges)},
                     {u":requests_per_minute"_s, token.requestsPerMinute},
                     {u":tokens_per_minute"_s, token.tokensPerMinute},
                     {u":concurrent_requests"_s, token.concurrentRequests},
                     {u":capture"_s, static_cast<int>(token.capture)}});
    return bindings;
}

QString orderBy(TokenOrder order)
{
    switch (order) {
    case TokenOrder::Balance:
        return u"ORDER BY balance DESC, id DESC"_s;
    case TokenOrder::Used:
        return u"ORDER BY used DESC, id DESC"_s;
    case TokenOrder::NewestFirst:
        break;
    }
    return u"ORDER BY id DESC"_s;
}

} // namespace

Result<std::vector<Token>> TokenRepository::all(Keys keys, Page page) const
{
    return tokensFrom(execute(m_database,
                              selectTokens(u"WHERE deleted_at = 0 AND id < :before"
                                           " ORDER BY id DESC LIMIT :limit OFFSET :offset"_s),
                              {{u":before"_s, page.ceiling()},
                               {u":limit"_s, page.rows()},
                               {u":offset"_s, page.offset}}),
                      keys);
}

Result<std::vector<Token>>
TokenRepository::ofOwner(UserId owner, Keys keys, TokenOrder order, Page page) const
{
    return tokensFrom(
        execute(m_database,
                selectTokens(u"WHERE user_id = :owner AND deleted_at = 0 AND id < :before "_s
                             % orderBy(order) % u" LIMIT :limit OFFSET :offset"_s),
                {{u":owner"_s, owner.value},
                 {u":before"_s, page.ceiling()},
                 {u":limit"_s, page.rows()},
                 {u":offset"_s, page.offset}}),
        keys);
}

Result<std::vector<Token>>
TokenRepository::search(UserId owner, const QString &keyword, Keys keys) const
{
    return tokensFrom(execute(m_database,
                              selectTokens(u"WHERE user_id = :owner AND deleted_at = 0"
                                           " AND lower(name) LIKE lower(:prefix) ESCAPE '\\'"
                                           " ORDER BY id DESC"_s),
                              {{u":owner"_s, owner.value}, {u":prefix"_s, prefixPattern(keyword)}}),
                      keys);
}

Result<Token> TokenRepository::find(UserId owner, TokenId id, Keys keys) const
{
    return tokensFrom(execute(m_database,
                              selectTokens(u"WHERE id = :id AND user_id = :owner"
                                           " AND deleted_at = 0"_s),
                              {{u":id"_s, id.value}, {u":owner"_s, owner.value}}),
                      keys)
        .and_then([](std::vector<Token> tokens) -> Result<Token> {
            if (tokens.empty())
                return base::fail(base::ErrorCode::NotFound, noSuchToken);
            return std::move(tokens.front());
        });
}

Result<std::optional<Token>> TokenRepository::findByHash(const QByteArray &keyHash, Keys keys) const
{
    return tokensFrom(execute(m_database,
                              selectTokens(u"WHERE key_hash = :hash AND deleted_at = 0"_s),
                              {{u":hash"_s, keyHash}}),
                      keys)
        .map([](std::vector<Token> tokens) {
            return tokens.empty() ? std::nullopt : std::optional(std::move(tokens.front()));
        });
}

Result<qint64> TokenRepository::count() const
{
    return numberOf(m_database,
                    execute(m_database, u"SELECT count(*) FROM tokens WHERE deleted_at = 0"_s));
}

Result<std::vector<Token>> TokenRepository::tokensFrom(Result<QSqlQuery> rows, Keys keys) const
{
    if (keys == Keys::Leave)
        return rowsOf(m_database, std::move(rows), readToken);
    if (!rows)
        return base::fail(rows.error());
    std::vector<Token> tokens;
    while (true) {
        const Result<bool> row = nextRow(m_database, *rows);
        if (!row)
            return base::fail(row.error());
        if (!*row)
            return tokens;
        Token token = readToken(*rows);
        Result<base::Secret> key =
            m_sealer.open(rows->value(sealedColumn).toByteArray(), tokenKeyContext(token.keyHash));
        if (!key && keys == Keys::Open)
            return base::fail(key.error());
        if (key) {
            token.key = *key;
        } else {
            qCWarning(base::lcStorage).noquote()
                << "The key of the token" << token.id.value
                << "cannot be opened:" << key.error().message.english();
        }
        tokens.push_back(std::move(token));
    }
}

Result<TokenId> TokenRepository::insert(const Token &token)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    // The key of a deleted token may be given again.
    if (const Result<> freed =
            done(execute(m_database,
                         u"DELETE FROM tokens WHERE key_hash = :hash AND deleted_at <> 0"_s,
                         {{u":hash"_s, token.keyHash}}));
        !freed)
        return base::fail(freed.error());
    const Result<std::vector<TokenId>> ids = insertAll({&token, 1});
    if (!ids)
        return base::fail(ids.error());
    return transaction->commit().map([&] { return ids->front(); });
}

QString TokenRepository::insertedColumns()
{
    return u"user_id, name, status, expires_at, unlimited, models, address_ranges,"
           " requests_per_minute, tokens_per_minute, concurrent_requests, capture, key_hash,"
           " key_sealed, created_at, accessed_at, balance, used, "_s
           + budgetColumns();
}

Result<std::vector<TokenId>> TokenRepository::insertAll(std::span<const Token> tokens,
                                                        Destination destination)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    const Result<std::vector<qint64>> numbers =
        insertRows(m_database,
                   tokens.size(),
                   {.table = u"tokens"_s,
                    .columns = insertedColumns(),
                    .idOf = [&](size_t row) { return tokens[row].id.value; },
                    .bindings = [&](size_t row) { return insertedBindings(tokens[row]); },
                    .destination = destination});
    if (!numbers)
        return base::fail(numbers.error());
    return transaction->commit().map([&] {
        std::vector<TokenId> ids;
        for (const qint64 number : *numbers)
            ids.push_back({number});
        return ids;
    });
}

Bindings TokenRepository::insertedBindings(const Token &token) const
{
    Bindings bindings = decidedBindings(token);
    bindings.insert(bindings.end(),
                    {{u":key_hash"_s, token.keyHash},
                     {u":key_sealed"_s, m_sealer.seal(token.key, tokenKeyContext(token.keyHash))},
                     {u":created_at"_s, token.createdAt},
                     {u":accessed_at"_s, token.accessedAt},
                     {u":balance"_s, token.balance.units},
                     {u":used"_s, token.used.units}});
    return bindings;
}

Result<> TokenRepository::update(const Token &token)
{
    Bindings bindings = decidedBindings(token);
    bindings.push_back({u":id"_s, token.id.value});
    return expectChange(
        execute(m_database,
                u"UPDATE tokens SET name = :name, status = :status, expires_at = :expires_at,"
                " unlimited = :unlimited, models = :models, address_ranges = :address_ranges,"
                " requests_per_minute = :requests_per_minute,"
                " tokens_per_minute = :tokens_per_minute,"
                " concurrent_requests = :concurrent_requests, capture = :capture, "_s
                    % budgetAssignments()
                    % u" WHERE id = :id AND user_id = :user_id AND deleted_at = 0"_s,
                bindings),
        noSuchToken);
}

Result<> TokenRepository::setStatus(UserId owner, TokenId id, domain::TokenStatus status)
{
    return expectChange(execute(m_database,
                                u"UPDATE tokens SET status = :status"
                                " WHERE id = :id AND user_id = :owner"_s,
                                {{u":status"_s, static_cast<int>(status)},
                                 {u":id"_s, id.value},
                                 {u":owner"_s, owner.value}}),
                        noSuchToken);
}

Result<> TokenRepository::remove(UserId owner, TokenId id, qint64 now)
{
    return expectChange(
        execute(m_database,
                u"UPDATE tokens SET deleted_at = :now"
                " WHERE id = :id AND user_id = :owner AND deleted_at = 0"_s,
                {{u":now"_s, now}, {u":id"_s, id.value}, {u":owner"_s, owner.value}}),
        noSuchToken);
}

Result<> TokenRepository::restore(TokenId id)
{
    return expectChange(
        execute(m_database,
                u"UPDATE tokens SET deleted_at = 0 WHERE id = :id AND deleted_at <> 0"
                " AND user_id IN (SELECT id FROM users WHERE status <> 3)"_s,
                {{u":id"_s, id.value}}),
        noSuchToken);
}

Result<Token> TokenRepository::findOfAnyone(TokenId id, Keys keys) const
{
    return tokensFrom(execute(m_database,
                              selectTokens(u"WHERE id = :id AND deleted_at = 0"_s),
                              {{u":id"_s, id.value}}),
                      keys)
        .and_then([](std::vector<Token> tokens) -> Result<Token> {
            if (tokens.empty())
                return base::fail(base::ErrorCode::NotFound, noSuchToken);
            return std::move(tokens.front());
        });
}

Result<>
TokenRepository::rotate(const Token &token, const QByteArray &formerHash, qint64 validUntil)
{
    const QVariant former =
        formerHash.isEmpty() ? QVariant(QMetaType(QMetaType::QByteArray)) : QVariant(formerHash);
    return expectChange(
        execute(m_database,
                u"UPDATE tokens SET key_hash = :hash, key_sealed = :sealed,"
                " former_key_hash = :former, former_valid_until = :until, former_used_at = 0"
                " WHERE id = :id AND deleted_at = 0"_s,
                {{u":hash"_s, token.keyHash},
                 {u":sealed"_s, m_sealer.seal(token.key, tokenKeyContext(token.keyHash))},
                 {u":former"_s, former},
                 {u":until"_s, validUntil},
                 {u":id"_s, token.id.value}}),
        noSuchToken);
}

Result<qint64> TokenRepository::shortenKeys(const Shortened &shortened)
{
    struct Row
    {
        qint64 id = 0;
        QByteArray context{};
        QByteArray sealed{};
    };
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    const Result<std::vector<Row>> rows =
        rowsOf(m_database,
               execute(m_database, u"SELECT id, key_hash, key_sealed FROM tokens"_s),
               [](const QSqlQuery &row) {
                   return Row{.id = row.value(0).toLongLong(),
                              .context = tokenKeyContext(row.value(1).toByteArray()),
                              .sealed = row.value(2).toByteArray()};
               });
    if (!rows)
        return base::fail(rows.error());
    qint64 changed = 0;
    for (const Row &row : *rows) {
        const Result<base::Secret> key = m_sealer.open(row.sealed, row.context);
        const std::optional<base::Secret> kept = key ? shortened(*key) : std::nullopt;
        if (!kept)
            continue;
        if (Result<> stored = done(
                execute(m_database,
                        u"UPDATE tokens SET key_sealed = :sealed WHERE id = :id"_s,
                        {{u":sealed"_s, m_sealer.seal(*kept, row.context)}, {u":id"_s, row.id}}));
            !stored)
            return base::fail(stored.error());
        ++changed;
    }
    return transaction->commit().map([changed] { return changed; });
}

Result<> TokenRepository::endGrace(TokenId id)
{
    return expectChange(execute(m_database,
                                u"UPDATE tokens SET former_key_hash = NULL, former_valid_until = 0"
                                " WHERE id = :id AND deleted_at = 0"_s,
                                {{u":id"_s, id.value}}),
                        noSuchToken);
}

Result<> TokenRepository::resetUsed(TokenId id)
{
    return expectChange(execute(m_database,
                                u"UPDATE tokens SET used = 0 WHERE id = :id AND deleted_at = 0"_s,
                                {{u":id"_s, id.value}}),
                        noSuchToken);
}

Result<BalanceChange> TokenRepository::adjustBalance(UserId owner, TokenId id, Quota delta)
{
    return changeBalance(owner, id, [&](Quota before) { return before + delta; });
}

Result<BalanceChange> TokenRepository::setBalance(UserId owner, TokenId id, Quota balance)
{
    return changeBalance(owner, id, [&](Quota) { return balance; });
}

Result<BalanceChange>
TokenRepository::changeBalance(UserId owner, TokenId id, const std::function<Quota(Quota)> &change)
{
    Result<Transaction> transaction = Transaction::begin(m_database);
    if (!transaction)
        return base::fail(transaction.error());
    const Result<qint64> before =
        required(firstRow(m_database,
                          execute(m_database,
                                  u"SELECT balance FROM tokens WHERE id = :id"
                                  " AND user_id = :owner"_s
                                      + m_database.dialect().lockingSuffix(),
                                  {{u":id"_s, id.value}, {u":owner"_s, owner.value}}),
                          [](const QSqlQuery &row) { return row.value(0).toLongLong(); }),
                 noSuchToken);
    if (!before)
        return base::fail(before.error());
    const BalanceChange result{.before = {*before}, .after = change({*before})};
    const Result<> changed =
        expectChange(execute(m_database,
                             u"UPDATE tokens SET balance = :balance WHERE id = :id"_s,
                             {{u":balance"_s, result.after.units}, {u":id"_s, id.value}}),
                     noSuchToken);
    if (!changed)
        return base::fail(changed.error());
    return transaction->commit().map([&] { return result; });
}

} // namespace gatehouse::storage
