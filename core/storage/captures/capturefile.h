#pragma once

#include "storage/captures/captureformat.h"
#include "storage/database.h"

#include <QSet>

namespace gatehouse::storage {

struct CaptureLimits
{
    qint64 days = 3;
    qint64 bytes = 512LL * 1024 * 1024;
};

// The file in which captures lie: a SQLite database of its own beside that of the program, so that
// bodies are in no backup and slow no commit down. Belongs to the thread that opens it. What is removed
// is overwritten.
class CaptureFile
{
public:
    // Opens the file, readable by its owner alone; makes it if there is none.
    static base::Result<std::unique_ptr<CaptureFile>> open(const QString &path);

    base::Result<QSet<QByteArray>> requestIds() const;
    // Of all captures, as stored.
    qint64 bytes() const { return m_bytes; }

    // A second capture of a request takes the place of the first.
    base::Result<> insert(const std::vector<domain::Capture> &captures);
    base::Result<domain::Capture> find(const QByteArray &requestId, qint64 bodyBytes) const;
    base::Result<QByteArray>
    body(const QByteArray &requestId, domain::CapturePart part, qint64 offset, qint64 bytes) const;

    // Which requests removeBeyond() leaves, be there a capture of them or not yet.
    base::Result<> setKept(const QByteArrayList &requestIds, bool kept);
    base::Result<> setAllKept(const QByteArrayList &requestIds);

    // Each gives the ids of the requests that were removed.
    base::Result<QByteArrayList> remove(const QByteArray &requestId);
    base::Result<QByteArrayList> removeOf(domain::TokenId token);
    base::Result<QByteArrayList> removeAll();
    // Removes some of what is beyond the limits, which do not count what is kept; empty: nothing is any
    // more. `now` is in milliseconds since 1970, UTC.
    base::Result<QByteArrayList> removeBeyond(const CaptureLimits &limits, qint64 now);

private:
    explicit CaptureFile(std::unique_ptr<Database> database)
        : m_database(std::move(database))
    {}

    base::Result<> prepare();
    base::Result<qint64> keptBytes() const;
    base::Result<> insertOne(const domain::Capture &capture);
    base::Result<std::pair<qint64, UnpackedHead>> headOf(const QByteArray &requestId) const;
    base::Result<QByteArray> read(qint64 capture, int message, qint64 offset, qint64 bytes) const;
    base::Result<QByteArrayList>
    removeWhere(const QString &condition, const QString &name, const QVariant &value);

    void giveBack() const;

    std::unique_ptr<Database> m_database;
    qint64 m_bytes = 0;
};

} // namespace gatehouse::storage
