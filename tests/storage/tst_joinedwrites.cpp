// Linux and other POSIX systems: limits the size of files.
#include "storage/ledger/joinedwrites.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <memory>

#include <csignal>
#include <sqlite3.h>
#include <sys/resource.h>

using namespace Qt::StringLiterals;

namespace gatehouse::storage {

class JoinedWritesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void aCommitIsInTheLogWhenItReturns_data();
    void aCommitIsInTheLogWhenItReturns();
    void aCommitThatFailsLeavesNothing();
};

namespace {

// A connection of SQLite's own interface.
class Connection
{
public:
    explicit Connection(const QString &path)
    {
        sqlite3_open(path.toUtf8().constData(), &m_handle);
        sqlite3_busy_timeout(m_handle, 5'000);
    }
    ~Connection() { sqlite3_close(m_handle); }
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    int execute(const QByteArray &sql)
    {
        return sqlite3_exec(m_handle, sql.constData(), nullptr, nullptr, nullptr);
    }
    int commitJoined()
    {
        const JoinedWrites joined(m_buffer);
        return execute("COMMIT");
    }
    QByteArray answer(const QByteArray &sql)
    {
        QByteArray found;
        const auto take = [](void *to, int, char **values, char **) {
            *static_cast<QByteArray *>(to) = values[0];
            return 0;
        };
        sqlite3_exec(m_handle, sql.constData(), take, &found, nullptr);
        return found;
    }

private:
    sqlite3 *m_handle = nullptr;
    QByteArray m_buffer;
};

// What a program finds that is started after this one was killed now.
QByteArray countAfterKill(const QString &path)
{
    QTemporaryDir folder;
    const QString copy = folder.filePath(u"copy.db"_s);
    QFile::copy(path, copy);
    QFile::copy(path + u"-wal", copy + u"-wal");
    Connection connection(copy);
    if (connection.answer("PRAGMA integrity_check") != "ok")
        return "damaged";
    return connection.answer("SELECT count(*) || ' ' || sum(length(text)) FROM lines");
}

constexpr auto addLine = "INSERT INTO lines (text) VALUES (hex(randomblob(300)))";

} // namespace

void JoinedWritesTest::initTestCase()
{
    JoinedWrites::install();
    std::signal(SIGXFSZ, SIG_IGN);
}

void JoinedWritesTest::aCommitIsInTheLogWhenItReturns_data()
{
    QTest::addColumn<QByteArray>("pragmas");
    QTest::addColumn<int>("lines"); // of each transaction

    QTest::newRow("a line") << QByteArray() << 1;
    QTest::newRow("many lines") << QByteArray() << 200;
    QTest::newRow("more than is held at a time") << QByteArray() << 3'000;
    QTest::newRow("synchronous") << QByteArray("PRAGMA synchronous = FULL") << 20;
    QTest::newRow("small pages") << QByteArray("PRAGMA page_size = 512") << 50;
    QTest::newRow("large pages") << QByteArray("PRAGMA page_size = 65536") << 50;
    QTest::newRow("pages are written before the commit, and again by it")
        << QByteArray("PRAGMA cache_size = 10") << 200;
    QTest::newRow("the log begins anew every time")
        << QByteArray("PRAGMA wal_autocheckpoint = 1") << 30;
}

void JoinedWritesTest::aCommitIsInTheLogWhenItReturns()
{
    QFETCH(QByteArray, pragmas);
    QFETCH(int, lines);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"test.db"_s);
    Connection writer(path);
    QCOMPARE(writer.execute("PRAGMA synchronous = NORMAL;" + pragmas), SQLITE_OK);
    QCOMPARE(writer.answer("PRAGMA journal_mode = WAL"), QByteArray("wal"));
    QCOMPARE(writer.execute("CREATE TABLE lines (id INTEGER PRIMARY KEY, text TEXT);"
                            "CREATE INDEX lines_text ON lines (text)"),
             SQLITE_OK);
    Connection reader(path);
    Connection other(path);

    for (int round = 1; round <= 12; ++round) {
        QCOMPARE(writer.execute("BEGIN IMMEDIATE"), SQLITE_OK);
        for (int line = 0; line < lines; ++line)
            QCOMPARE(writer.execute(addLine), SQLITE_OK);
        if (round % 3 == 0) {
            QCOMPARE(writer.execute("ROLLBACK; BEGIN IMMEDIATE"), SQLITE_OK);
            QCOMPARE(writer.execute(addLine), SQLITE_OK);
        }
        QCOMPARE(writer.commitJoined(), SQLITE_OK);

        const QByteArray found =
            reader.answer("SELECT count(*) || ' ' || sum(length(text)) FROM lines");
        QCOMPARE(countAfterKill(path), found);
        // Somebody else writes in between, as the management does.
        QCOMPARE(other.execute(addLine), SQLITE_OK);
    }

    const int written = 12 + 8 * lines + 4;
    QCOMPARE(reader.answer("SELECT count(*) FROM lines"), QByteArray::number(written));
    QCOMPARE(reader.answer("PRAGMA integrity_check"), QByteArray("ok"));
}

void JoinedWritesTest::aCommitThatFailsLeavesNothing()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"test.db"_s);
    Connection writer(path);
    QCOMPARE(writer.answer("PRAGMA journal_mode = WAL"), QByteArray("wal"));
    QCOMPARE(writer.execute("CREATE TABLE lines (id INTEGER PRIMARY KEY, text TEXT)"), SQLITE_OK);
    QCOMPARE(writer.execute(addLine), SQLITE_OK);
    rlimit usual{};
    getrlimit(RLIMIT_FSIZE, &usual);
    QCOMPARE(writer.execute("BEGIN IMMEDIATE"), SQLITE_OK);
    for (int line = 0; line < 300; ++line)
        QCOMPARE(writer.execute(addLine), SQLITE_OK);
    rlimit small = usual;
    small.rlim_cur = static_cast<rlim_t>(QFile(path + u"-wal").size()) + 50'000;
    setrlimit(RLIMIT_FSIZE, &small);

    const int committed = writer.commitJoined();

    setrlimit(RLIMIT_FSIZE, &usual);
    QVERIFY(committed != SQLITE_OK);
    writer.execute("ROLLBACK");
    QCOMPARE(writer.answer("SELECT count(*) FROM lines"), QByteArray("1"));
    QCOMPARE(writer.execute("BEGIN IMMEDIATE"), SQLITE_OK);
    QCOMPARE(writer.execute(addLine), SQLITE_OK);
    QCOMPARE(writer.commitJoined(), SQLITE_OK);
    QVERIFY(countAfterKill(path).startsWith("2 "));
}

} // namespace gatehouse::storage

QTEST_GUILESS_MAIN(gatehouse::storage::JoinedWritesTest)
#include "tst_joinedwrites.moc"
