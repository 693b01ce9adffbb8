#pragma once

#include <QByteArray>

struct sqlite3_file;

namespace gatehouse::storage {

// While it lives, what a commit of SQLite in this thread appends to the write-ahead log is written
// in one call of the system, instead of in two for each page: as soon as the page that ends the
// commit is there, and before anybody is told of it. What a commit that fails has left behind is
// dropped. It must not be alive while anything else than a COMMIT is executed, since nobody would
// find what is held. Used in one thread.
class JoinedWrites final
{
public:
    // `buffer` is what it holds in; its memory is kept from one commit to the next.
    explicit JoinedWrites(QByteArray &buffer);
    ~JoinedWrites();
    JoinedWrites(const JoinedWrites &) = delete;
    JoinedWrites &operator=(const JoinedWrites &) = delete;

    // Lets SQLite's logs be written through this class. Call it before the first database is opened;
    // what was opened before is written as ever.
    static void install();

    // For the log. Both give SQLite's result code.
    int write(sqlite3_file &log, const char *data, int length, qint64 offset);
    int flush();

private:
    QByteArray &m_held;
    sqlite3_file *m_log = nullptr; // to which what is held belongs
    qint64 m_begin = 0;
    bool m_isLast = false; // the page that is to come ends the commit
    bool m_isDone = false; // it has come
};

} // namespace gatehouse::storage
