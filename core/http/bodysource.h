#pragma once

#include "http/requestparser.h"

#include <QTemporaryFile>

#include <atomic>
#include <memory>

namespace gatehouse::http {

// How much all spooled bodies together may take on disk. Shared by the gateway threads.
class SpoolBudget
{
public:
    explicit SpoolBudget(qint64 bytes)
        : m_left(bytes)
    {}
    bool take(qint64 bytes);
    void giveBack(qint64 bytes);

private:
    std::atomic<qint64> m_left;
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

    // Makes it empty; keeps the memory of a small body.
    void clear();
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
};

} // namespace gatehouse::http
