#include "http/bodysource.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#ifdef Q_OS_UNIX
#include <sys/resource.h>

#include <csignal>
#endif

using namespace gatehouse;

class TestBodySource : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void emptyBody();
    void whole_data();
    void whole();
    void wholeThenMore();
    void readsParts_data();
    void readsParts();
    void budgetIsTakenForFilesAlone();
    void budgetIsGivenBack();
    void nobodyTakesMoreThanHalf();
    void spentBudgetRefuses();
    void bodyThatWasRefusedKeepsWhatItHad();
    void missingDirectoryRefuses();
    void usedAgain();
    void clearKeepsAndReleasesMemory();
    void fileHasNoNameAndIsPrivate();
    void budgetFromSeveralBodies();
    void fullDiskRefusesAndLosesNothing();

private:
    QByteArray filesInDirectory() const;

    QTemporaryDir m_directory;
};

namespace {

constexpr qint64 kilobyte = 1024;
constexpr qint64 memory = http::BodySource::memoryBytes;

// Bytes that differ by their place.
QByteArray pattern(qint64 size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    for (qint64 index = 0; index < size; ++index)
        bytes[index] = static_cast<char>((index * 31 + index / 251) & 0xFF);
    return bytes;
}

bool takeInPieces(http::BodySource &body, const QByteArray &bytes, qsizetype size)
{
    for (qsizetype begin = 0; begin < bytes.size(); begin += size) {
        const QByteArrayView piece = QByteArrayView(bytes).sliced(begin);
        if (!body.take(piece.first(std::min(size, piece.size()))))
            return false;
    }
    return true;
}

#ifdef Q_OS_UNIX
// While it lives, no file of this process grows beyond so many bytes.
class FileSizeLimit
{
public:
    explicit FileSizeLimit(qint64 bytes)
    {
        m_handler = std::signal(SIGXFSZ, SIG_IGN);
        getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit limit = m_before;
        limit.rlim_cur = static_cast<rlim_t>(bytes);
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    FileSizeLimit(const FileSizeLimit &) = delete;
    FileSizeLimit &operator=(const FileSizeLimit &) = delete;
    ~FileSizeLimit()
    {
        setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }

private:
    rlimit m_before{};
    void (*m_handler)(int) = SIG_DFL;
};
#endif

} // namespace

void TestBodySource::init()
{
    QVERIFY(m_directory.isValid());
    qputenv("TMPDIR", m_directory.path().toUtf8());
}

QByteArray TestBodySource::filesInDirectory() const
{
    const QDir directory(m_directory.path());
    return directory.entryList(QDir::Files | QDir::Hidden | QDir::System).join(u' ').toUtf8();
}

void TestBodySource::emptyBody()
{
    http::SpoolBudget budget(kilobyte);
    http::BodySource body(budget);

    QCOMPARE(body.size(), 0);
    QVERIFY(body.isInMemory());
    QVERIFY(body.whole().isEmpty());
    QCOMPARE(body.whole().data()[http::BodySource::padding - 1], '\0');
    QVERIFY(body.read(0, 10).isEmpty());
    QVERIFY(body.take({}));
    QCOMPARE(body.size(), 0);
}

void TestBodySource::whole_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<qsizetype>("piece");
    QTest::addColumn<bool>("inMemory");

    QTest::newRow("one byte") << qint64(1) << qsizetype(1) << true;
    QTest::newRow("a few kilobytes in small pieces") << 5 * kilobyte << qsizetype(7) << true;
    QTest::newRow("as much as memory takes") << memory << qsizetype(4096) << true;
    QTest::newRow("one byte more") << memory + 1 << qsizetype(4096) << false;
    QTest::newRow("more, in one piece") << memory + 1 << qsizetype(memory + 1) << false;
    QTest::newRow("a file that ends with a page") << memory * 2 << qsizetype(65536) << false;
    QTest::newRow("a file that ends 10 bytes before a page")
        << memory * 2 - 10 << qsizetype(65536) << false;
    QTest::newRow("5 MiB") << 5 * kilobyte * kilobyte << qsizetype(65536) << false;
}

void TestBodySource::whole()
{
    QFETCH(const qint64, size);
    QFETCH(const qsizetype, piece);
    QFETCH(const bool, inMemory);
    http::SpoolBudget budget(100 * kilobyte * kilobyte);
    http::BodySource body(budget);
    const QByteArray bytes = pattern(size);

    QVERIFY(takeInPieces(body, bytes, piece));

    QCOMPARE(body.size(), size);
    QCOMPARE(body.isInMemory(), inMemory);
    QVERIFY(body.whole() == bytes);
    const QByteArrayView again = body.whole();
    QVERIFY(again == bytes);
    for (qsizetype index = 0; index < http::BodySource::padding; ++index)
        QCOMPARE(again.data()[size + index], '\0');
}

void TestBodySource::wholeThenMore()
{
    http::SpoolBudget budget(100 * kilobyte * kilobyte);
    http::BodySource body(budget);
    const QByteArray bytes = pattern(memory + 1000);
    const QByteArrayView view(bytes);

    for (const qint64 end : {qint64(100), qint64(5000), memory, memory + 300, memory + 1000}) {
        QVERIFY(body.take(view.first(end).sliced(body.size())));
        QVERIFY(body.whole() == view.first(end));
    }
}

void TestBodySource::readsParts_data()
{
    QTest::addColumn<qint64>("size");
    QTest::addColumn<bool>("mapped");

    QTest::newRow("in memory") << 100 * kilobyte << false;
    QTest::newRow("in a file") << 400 * kilobyte << false;
    QTest::newRow("in a mapped file") << 400 * kilobyte << true;
}

void TestBodySource::readsParts()
{
    QFETCH(const qint64, size);
    QFETCH(const bool, mapped);
    http::SpoolBudget budget(100 * kilobyte * kilobyte);
    http::BodySource body(budget);
    const QByteArray bytes = pattern(size);
    QVERIFY(body.take(bytes));
    if (mapped)
        QVERIFY(body.whole() == bytes);

    for (int round = 0; round < 2; ++round) {
        QByteArray read;
        while (read.size() < size) {
            const QByteArray part = body.read(read.size(), 30 * kilobyte);
            QVERIFY(!part.isEmpty() && part.size() <= 30 * kilobyte);
            read += part;
        }
        QVERIFY(read == bytes);
    }
    QCOMPARE(body.read(size - 3, 100), bytes.last(3));
    QVERIFY(body.read(size, 100).isEmpty());
    QVERIFY(body.read(size + 5, 100).isEmpty());
    QVERIFY(body.read(-1, 100).isEmpty());
    QVERIFY(body.read(0, 0).isEmpty());
}

void TestBodySource::budgetIsTakenForFilesAlone()
{
    http::SpoolBudget budget(0);
    http::BodySource body(budget);

    QVERIFY(body.take(pattern(memory)));
    QVERIFY(!body.take("x"));
}

void TestBodySource::budgetIsGivenBack()
{
    http::SpoolBudget budget(memory + 100);
    {
        http::BodySource body(budget);
        QVERIFY(body.take(pattern(memory + 100)));
        QVERIFY(!budget.take(1));
        body.clear();
        QVERIFY(budget.take(memory + 100));
        budget.giveBack(memory + 100);
        QVERIFY(body.take(pattern(memory + 50)));
        QVERIFY(budget.take(50));
        QVERIFY(!budget.take(1));
        budget.giveBack(50);
    }
    QVERIFY(budget.take(memory + 100));
    QVERIFY(!budget.take(1));
}

void TestBodySource::nobodyTakesMoreThanHalf()
{
    constexpr qint64 first = 1;
    constexpr qint64 second = 2;
    http::SpoolBudget budget(4 * memory);
    http::BodySource body(budget);
    http::BodySource further(budget);
    http::BodySource other(budget);
    body.setOwner(first);
    further.setOwner(first);
    other.setOwner(second);

    QVERIFY(body.take(pattern(memory + 100)));
    QVERIFY(!further.take(pattern(memory + 100)));
    QVERIFY(other.take(pattern(memory + 100)));

    body.clear();
    QVERIFY(budget.take(2 * memory, first));
    QVERIFY(!budget.take(1, first));
}

void TestBodySource::spentBudgetRefuses()
{
    http::SpoolBudget budget(memory + 100);
    http::BodySource body(budget);
    const QByteArray bytes = pattern(memory + 200);
    const QByteArrayView view(bytes);

    QVERIFY(body.take(view.first(memory + 50)));
    QVERIFY(!body.take(view.sliced(memory + 50, 51)));
    QVERIFY(body.take(view.sliced(memory + 50, 50)));
    QVERIFY(!body.take("x"));

    QVERIFY(body.whole() == view.first(memory + 100));
}

void TestBodySource::bodyThatWasRefusedKeepsWhatItHad()
{
    http::SpoolBudget budget(100);
    http::BodySource body(budget);
    const QByteArray bytes = pattern(memory);
    QVERIFY(body.take(bytes));

    QVERIFY(!body.take("more"));

    QCOMPARE(body.size(), memory);
    QVERIFY(body.isInMemory());
    QVERIFY(body.whole() == bytes);
    QVERIFY(budget.take(100));
}

void TestBodySource::missingDirectoryRefuses()
{
    qputenv("TMPDIR", (m_directory.path() + u"/missing").toUtf8());
    http::SpoolBudget budget(100 * kilobyte * kilobyte);
    http::BodySource body(budget);

    QVERIFY(!body.take(pattern(memory + 1)));

    QCOMPARE(body.size(), 0);
    QVERIFY(body.take("small"));
    QVERIFY(body.whole() == QByteArrayView("small"));
}

void TestBodySource::usedAgain()
{
    http::SpoolBudget budget(100 * kilobyte * kilobyte);
    http::BodySource body(budget);

    for (const qint64 size : {qint64(10), memory + 10, qint64(5), memory * 3, qint64(0), memory}) {
        body.clear();
        QCOMPARE(body.size(), 0);
        QVERIFY(body.isInMemory());
        const QByteArray bytes = pattern(size);
        QVERIFY(body.take(bytes));
        QVERIFY(body.whole() == bytes);
    }
}

void TestBodySource::clearKeepsAndReleasesMemory()
{
    http::SpoolBudget budget(0);
    http::BodySource body(budget);
    const QByteArray bytes = pattern(500);
    QVERIFY(body.take(bytes));
    const char *const data = body.whole().data();

    body.clear();
    QVERIFY(body.take(bytes));

    QVERIFY(body.whole().data() == data);
}

void TestBodySource::fileHasNoNameAndIsPrivate()
{
#ifndef Q_OS_LINUX
    QSKIP("The open files of this process are listed on Linux alone.");
#endif
    http::SpoolBudget budget(100 * kilobyte * kilobyte);
    http::BodySource body(budget);
    const QByteArray bytes = pattern(memory + 1);
    QVERIFY(body.take(bytes));

    QCOMPARE(filesInDirectory(), QByteArray());

    // The open file is found through its descriptor.
    int found = 0;
    const QDir descriptors(QStringLiteral("/proc/self/fd"));
    const QStringList names = descriptors.entryList(QDir::AllEntries | QDir::System);
    for (const QString &name : names) {
        const QString path = descriptors.filePath(name);
        if (!QFile::symLinkTarget(path).startsWith(m_directory.path()))
            continue;
        ++found;
        const QFile::Permissions others = QFile::ReadGroup | QFile::WriteGroup | QFile::ExeGroup
                                          | QFile::ReadOther | QFile::WriteOther | QFile::ExeOther;
        QVERIFY(QFile::permissions(path).testFlag(QFile::ReadOwner));
        QCOMPARE(QFile::permissions(path) & others, QFile::Permissions());
    }
    QVERIFY(body.whole() == bytes);
    QCOMPARE(found, 1);
}

void TestBodySource::budgetFromSeveralBodies()
{
    http::SpoolBudget budget(2 * memory + 10);
    http::BodySource first(budget);
    http::BodySource second(budget);
    QVERIFY(first.take(pattern(memory + 5)));
    QVERIFY(second.take(pattern(memory + 5)));
    QVERIFY(!second.take("x"));

    first.clear();

    QVERIFY(second.take("x"));
}

void TestBodySource::fullDiskRefusesAndLosesNothing()
{
#ifdef Q_OS_UNIX
    // The limit of POSIX for the size of a file stands for the end of the disk.
    http::SpoolBudget budget(100 * kilobyte * kilobyte);
    http::BodySource body(budget);
    const QByteArray bytes = pattern(memory + 1000);
    const FileSizeLimit limit(memory + 1000);
    QVERIFY(body.take(bytes));

    QVERIFY(!body.take("x"));

    // There is no room for the padding either, so the file is copied instead of mapped.
    QCOMPARE(body.size(), bytes.size());
    const QByteArrayView whole = body.whole();
    QVERIFY(whole == bytes);
    QCOMPARE(whole.data()[whole.size() + http::BodySource::padding - 1], '\0');
    QVERIFY(body.whole().data() == whole.data());
    QVERIFY(body.read(10, 100) == bytes.sliced(10, 100));
    body.clear();
    QVERIFY(budget.take(100 * kilobyte * kilobyte));
#else
    QSKIP("The size of a file cannot be limited here.");
#endif
}

QTEST_GUILESS_MAIN(TestBodySource)
#include "tst_bodysource.moc"
