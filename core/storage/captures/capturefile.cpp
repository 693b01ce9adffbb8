#include "storage/captures/capturefile.h"

#include "base/systemreason.h"
#include "storage/statement.h"
#include "storage/transaction.h"

#include <QFile>

namespace gatehouse::storage {

using namespace Qt::StringLiterals;

using base::Message;
using base::Result;
using domain::Capture;
using domain::CapturedMessage;
using domain::CapturePart;

namespace {

constexpr int removedAtOnce = 20;

// Beside the captures, since a mark outlives a capture that takes the place of another.
const QString keptTable =
    u"CREATE TABLE IF NOT EXISTS kept (request_id TEXT NOT NULL PRIMARY KEY) STRICT, WITHOUT ROWID"_s;
const QString isKept = u"EXISTS (SELECT 1 FROM kept WHERE kept.request_id = captures.request_id)"_s;

// What leads from a version of the file to the present one.
QStringList schemaAfter(qint64 version)
{
    static const QStringList whole{
        u"PRAGMA auto_vacuum = INCREMENTAL"_s,
        u"VACUUM"_s,
        u"CREATE TABLE captures (id INTEGER PRIMARY KEY AUTOINCREMENT,"
        " request_id TEXT NOT NULL UNIQUE, token_id INTEGER NOT NULL,"
        " created_at INTEGER NOT NULL, bytes INTEGER NOT NULL, head BLOB NOT NULL) STRICT"_s,
        u"CREATE INDEX captures_token ON captures (token_id)"_s,
        // A piece belongs to message 0 (the client's request), 1 (its answer), or 2 + 2n and
        // 3 + 2n of attempt n.
        u"CREATE TABLE pieces (capture_id INTEGER NOT NULL REFERENCES captures (id)"
        " ON DELETE CASCADE, message INTEGER NOT NULL, place INTEGER NOT NULL,"
        " data BLOB NOT NULL, PRIMARY KEY (capture_id, message, place)) STRICT, WITHOUT ROWID"_s,
        keptTable,
        u"PRAGMA user_version = 2"_s,
    };
    static const QStringList second{keptTable, u"PRAGMA user_version = 2"_s};
    return version == 0 ? whole : version == 1 ? second : QStringList();
}

} // namespace

Result<std::unique_ptr<CaptureFile>> CaptureFile::open(const QString &path)
{
    QFile file(path);
    const bool isThere = file.open(QIODevice::ReadWrite)
                         && file.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
    file.close();
    if (!isThere) {
        return base::fail(base::ErrorCode::Unavailable,
                          Message::tr("The file for bodies of requests cannot be opened."),
                          base::systemReason(file.errorString()).english());
    }
    Result<std::unique_ptr<Database>> database =
        Database::open({.path = path}, Database::Access::ReadWrite);
    if (!database)
        return base::fail(database.error());
    std::unique_ptr<CaptureFile> opened(new CaptureFile(std::move(*database)));
    if (const Result<> prepared = opened->prepare(); !prepared)
        return base::fail(prepared.error());
    return opened;
}

Result<> CaptureFile::prepare()
{
    if (Result<> set = executeDirectly(*m_database, u"PRAGMA secure_delete = ON"_s); !set)
        return set;
    const Result<qint64> version =
        numberOf(*m_database, execute(*m_database, u"PRAGMA user_version"_s));
    if (!version)
        return base::fail(version.error());
    const QStringList statements = schemaAfter(*version);
    for (const QString &statement : statements) {
        if (Result<> made = executeDirectly(*m_database, statement); !made)
            return made;
    }
    const Result<qint64> bytes = numberOf(
        *m_database, execute(*m_database, u"SELECT coalesce(sum(bytes), 0) FROM captures"_s));
    return bytes.map([this](qint64 sum) { m_bytes = sum; });
}

Result<QSet<QByteArray>> CaptureFile::requestIds() const
{
    return rowsOf(*m_database,
                  execute(*m_database, u"SELECT request_id FROM captures"_s),
                  [](const QSqlQuery &row) { return row.value(0).toString().toLatin1(); })
        .map([](const std::vector<QByteArray> &ids) {
            return QSet<QByteArray>(ids.begin(), ids.end());
        });
}

Result<> CaptureFile::insert(const std::vector<Capture> &captures)
{
    const qint64 before = m_bytes;
    Result<Transaction> transaction = Transaction::begin(*m_database);
    if (!transaction)
        return base::fail(transaction.error());
    for (const Capture &capture : captures) {
        if (Result<> inserted = insertOne(capture); !inserted) {
            m_bytes = before;
            return inserted;
        }
    }
    Result<> committed = transaction->commit();
    if (!committed)
        m_bytes = before;
    return committed;
}

Result<> CaptureFile::insertOne(const Capture &capture)
{
    const PackedCapture parts = packed(capture);
    if (const Result<QByteArrayList> replaced = remove(capture.requestId); !replaced)
        return base::fail(replaced.error());
    const Result<qint64> id =
        numberOf(*m_database,
                 execute(*m_database,
                         u"INSERT INTO captures (request_id, token_id, created_at, bytes, head)"
                         " VALUES (:request, :token, :created, :bytes, :head) RETURNING id"_s,
                         {{u":request"_s, QString::fromLatin1(capture.requestId)},
                          {u":token"_s, capture.token.value},
                          {u":created"_s, capture.createdAt},
                          {u":bytes"_s, parts.bytes()},
                          {u":head"_s, parts.head}}));
    if (!id)
        return base::fail(id.error());
    for (const PackedPiece &piece : parts.pieces) {
        Result<> inserted = done(execute(*m_database,
                                         u"INSERT INTO pieces (capture_id, message, place, data)"
                                         " VALUES (:capture, :message, :place, :data)"_s,
                                         {{u":capture"_s, *id},
                                          {u":message"_s, piece.message},
                                          {u":place"_s, piece.place},
                                          {u":data"_s, piece.data}}));
        if (!inserted)
            return inserted;
    }
    m_bytes += parts.bytes();
    return {};
}

Result<std::pair<qint64, UnpackedHead>> CaptureFile::headOf(const QByteArray &requestId) const
{
    using Row = std::pair<qint64, QByteArray>;
    return required(firstRow(*m_database,
                             execute(*m_database,
                                     u"SELECT id, head FROM captures WHERE request_id = :request"_s,
                                     {{u":request"_s, QString::fromLatin1(requestId)}}),
                             [](const QSqlQuery &row) {
                                 return Row(row.value(0).toLongLong(), row.value(1).toByteArray());
                             }),
                    Message::tr("No heads and bodies are kept of this request."))
        .and_then([](const Row &row) {
            return unpackedHead(row.second).map([&row](UnpackedHead head) {
                return std::pair(row.first, std::move(head));
            });
        });
}

Result<QByteArray> CaptureFile::read(qint64 capture, int message, qint64 offset, qint64 bytes) const
{
    const qint64 first = offset / pieceBytes;
    const qint64 last = (offset + std::max<qint64>(bytes, 1) - 1) / pieceBytes;
    const Result<std::vector<QByteArray>> pieces =
        rowsOf(*m_database,
               execute(*m_database,
                       u"SELECT data FROM pieces WHERE capture_id = :capture"
                       " AND message = :message AND place >= :first AND place <= :last"
                       " ORDER BY place"_s,
                       {{u":capture"_s, capture},
                        {u":message"_s, message},
                        {u":first"_s, first},
                        {u":last"_s, last}}),
               [](const QSqlQuery &row) { return row.value(0).toByteArray(); });
    if (!pieces)
        return base::fail(pieces.error());
    QByteArray joined;
    for (const QByteArray &piece : *pieces) {
        const Result<QByteArray> unpacked = unpackedPiece(piece);
        if (!unpacked)
            return unpacked;
        joined.append(*unpacked);
    }
    return joined.mid(offset - first * pieceBytes, bytes);
}

Result<Capture> CaptureFile::find(const QByteArray &requestId, qint64 bodyBytes) const
{
    Result<std::pair<qint64, UnpackedHead>> found = headOf(requestId);
    if (!found)
        return base::fail(found.error());
    auto &[id, head] = *found;
    std::vector<CapturedMessage *> messages{&head.capture.request, &head.capture.answer};
    for (domain::CapturedAttempt &attempt : head.capture.attempts) {
        messages.push_back(&attempt.request);
        messages.push_back(&attempt.answer);
    }
    for (size_t number = 0; number < messages.size(); ++number) {
        if (messages[number]->kept == 0)
            continue;
        Result<QByteArray> body = read(id, head.sources[number], 0, bodyBytes);
        if (!body)
            return base::fail(body.error());
        messages[number]->body = std::move(*body);
    }
    return std::move(head.capture);
}

Result<QByteArray>
CaptureFile::body(const QByteArray &requestId, CapturePart part, qint64 offset, qint64 bytes) const
{
    const Result<std::pair<qint64, UnpackedHead>> found = headOf(requestId);
    if (!found)
        return base::fail(found.error());
    const auto number = static_cast<size_t>(messageNumber(part));
    if (part.attempt < 0 || number >= found->second.sources.size() || offset < 0 || bytes <= 0)
        return QByteArray();
    return read(found->first, found->second.sources[number], offset, bytes);
}

Result<QByteArrayList>
CaptureFile::removeWhere(const QString &condition, const QString &name, const QVariant &value)
{
    Bindings bindings;
    if (!name.isEmpty())
        bindings.push_back({name, value});
    const auto removed =
        rowsOf(*m_database,
               execute(*m_database,
                       u"DELETE FROM captures"_s % condition % u" RETURNING request_id, bytes"_s,
                       bindings),
               [](const QSqlQuery &row) {
                   return std::pair(row.value(0).toString().toLatin1(), row.value(1).toLongLong());
               });
    if (!removed)
        return base::fail(removed.error());
    QByteArrayList ids;
    for (const auto &[id, bytes] : *removed) {
        ids.append(id);
        m_bytes -= bytes;
    }
    if (!ids.isEmpty() && !m_database->isInTransaction())
        giveBack();
    return ids;
}

// Gives pages back to the disk, some at a time, and leaves nothing of them in the log. What does not
// succeed now does so the next time.
void CaptureFile::giveBack() const
{
    constexpr qint64 mostPages = 2'000;
    const Result<qint64> unused =
        numberOf(*m_database, execute(*m_database, u"PRAGMA freelist_count"_s));
    if (Result<Transaction> transaction = Transaction::begin(*m_database); unused && transaction) {
        // Qt takes one step of a statement without columns, which frees one page.
        for (qint64 page = 0; page < std::min(*unused, mostPages); ++page) {
            if (!executeDirectly(*m_database, u"PRAGMA incremental_vacuum(1)"_s))
                break;
        }
        (void)transaction->commit();
    }
    (void)executeDirectly(*m_database, u"PRAGMA wal_checkpoint(TRUNCATE)"_s);
}

Result<QByteArrayList> CaptureFile::remove(const QByteArray &requestId)
{
    return removeWhere(
        u" WHERE request_id = :request"_s, u":request"_s, QString::fromLatin1(requestId));
}

Result<QByteArrayList> CaptureFile::removeOf(domain::TokenId token)
{
    return removeWhere(u" WHERE token_id = :token"_s, u":token"_s, token.value);
}

Result<QByteArrayList> CaptureFile::removeAll()
{
    return removeWhere({}, {}, {});
}

Result<> CaptureFile::setKept(const QByteArrayList &requestIds, bool kept)
{
    const QString sql =
        kept ? u"INSERT INTO kept (request_id) VALUES (:request) ON CONFLICT DO NOTHING"_s
             : u"DELETE FROM kept WHERE request_id = :request"_s;
    Result<Transaction> transaction = Transaction::begin(*m_database);
    if (!transaction)
        return base::fail(transaction.error());
    for (const QByteArray &id : requestIds) {
        const QString request = QString::fromLatin1(id);
        if (Result<> set = done(execute(*m_database, sql, {{u":request"_s, request}})); !set)
            return set;
    }
    return transaction->commit();
}

Result<> CaptureFile::setAllKept(const QByteArrayList &requestIds)
{
    Result<Transaction> transaction = Transaction::begin(*m_database);
    if (!transaction)
        return base::fail(transaction.error());
    return done(execute(*m_database, u"DELETE FROM kept"_s))
        .and_then([&] { return setKept(requestIds, true); })
        .and_then([&] { return transaction->commit(); });
}

Result<qint64> CaptureFile::keptBytes() const
{
    return numberOf(*m_database,
                    execute(*m_database,
                            u"SELECT coalesce(sum(bytes), 0) FROM captures"
                            " WHERE request_id IN (SELECT request_id FROM kept)"_s));
}

Result<QByteArrayList> CaptureFile::removeBeyond(const CaptureLimits &limits, qint64 now)
{
    constexpr qint64 day = 86'400'000;
    const qint64 oldest = now - limits.days * day;
    const QString slice =
        u" NOT "_s % isKept % u" ORDER BY id LIMIT "_s % QString::number(removedAtOnce) % u')';
    const Result<QByteArrayList> old = removeWhere(
        u" WHERE id IN (SELECT id FROM captures WHERE created_at < :oldest AND"_s % slice,
        u":oldest"_s,
        oldest);
    if (!old || !old->isEmpty() || m_bytes <= limits.bytes)
        return old;
    const Result<qint64> kept = keptBytes();
    if (!kept)
        return base::fail(kept.error());
    if (m_bytes - *kept <= limits.bytes)
        return QByteArrayList();
    return removeWhere(u" WHERE id IN (SELECT id FROM captures WHERE"_s % slice, {}, {});
}

} // namespace gatehouse::storage
