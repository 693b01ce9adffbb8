#pragma once

#include "http/requestparser.h"

#include <QHash>
#include <QTemporaryFile>

#include <algorithm>
#include <memory>
#include <mutex>

namespace gatehouse::http {

// How much all spooled bodies together may take on disk, and that those of one owner take no more than
// half of it, or one body of the largest size. Shared by the gateway threads; one mutex, held for a look-up.
class SpoolBudget
{
public:
    explicit SpoolBudget(qint64 bytes, qint64 largestBody = 0)
        : m_left(bytes)
        , m_share(std::max(bytes / 2, largestBody))
    {}
    // `owner` 0: nobody's, which may take all.
    bool take(qint64 bytes, qint64 owner = 0);
    void giveBack(qint64 bytes, qint64 owner = 0);

private:
    std::mutex m_mutex;
    qint64 m_left;
    const qint64 m_share;
    QHash<qint64, qint64> m_taken{}; // by owner
};

// The body of a request: in memory up to 256 KiB, beyond that in an unlinked temporary file (0600).
// It can be read any number of times, so an attempt can be repeated. Lives in one thread.
class BodySource final : public BodySink
{
public:
    static constexpr qsizetype memoryBytes = 256 * 1024;
    // What simdjson may read behind the end.
    static constexpr qsizetype padding = 64;

    explicit BodySource(SpoolBudget &budget);
    ~BodySource() override;

    // Makes it empty and nobody's; keeps the memory of a small body.
    void clear();
    // Whose share of the budget it takes, such as a token's. To be said while it is empty.
    void setOwner(qint64 owner) { m_owner = owner; }
    bool take(QByteArrayView bytes) override;

    qint64 size() const { return m_size; }
    bool isInMemory() const { return !m_file; }
    // The whole body, followed by `padding` readable bytes. A spooled body is mapped into memory
    // (and copied where it cannot be mapped); empty if its file fails. Valid until the next change.
    QByteArrayView whole();
    // A part of it, at most `most` bytes from `offset` on; empty at the end or if the file fails.
    QByteArray read(qint64 offset, qint64 most);

private:
    bool moveToFile();
    bool append(QByteArrayView bytes);
    void unmap();
    void dropFile();

    SpoolBudget &m_budget;
    QByteArray m_memory; // the body, or a copy of a file that cannot be mapped
    std::unique_ptr<QTemporaryFile> m_file;
    uchar *m_map = nullptr;
    qint64 m_size = 0;
    qint64 m_budgeted = 0;
    qint64 m_owner = 0;
};

} // namespace gatehouse::http
