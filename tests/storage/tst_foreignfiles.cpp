#include "storage/foreignfiles.h"
#include "storage/import/foreignfile.h"
#include "storage/import/foreigngateway.h"
#include "storage/import/foreigntext.h"
#include "storage/import/privatecopy.h"
#include "storage/statement.h"
#include "support/foreigndatabase.h"
#include "support/temporarydatabase.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

#include <stop_token>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using base::ErrorCode;
using storage::readForeignGateway;
using support::ForeignDatabase;
using support::TemporaryDatabase;
using tests::workFolder;
using tests::write;

// How other programs' files are read: whichever they are, in use or damaged, and left as they were.
class ForeignFilesTest : public QObject
{
    Q_OBJECT

private slots:
    void readsTexts();
    void refusesLargeTexts();
    void tellsDatabasesFromOthers();
    void leavesNothingBehindAndTheFileAlone();
    void refusesOtherFiles_data();
    void refusesOtherFiles();
    void refusesItsOwnFiles();
    void refusesADamagedDatabase();
    void playsBackALeftJournal();
    void readsWhatIsInUse_data();
    void readsWhatIsInUse();
    void readsAFileWhereItLies();
    void endsWhenItIsStopped_data();
    void endsWhenItIsStopped();
    void tellsDamageOfTheFileThatWasChosen_data();
    void tellsDamageOfTheFileThatWasChosen();
    void followsALink();
    void removesCopiesOfAKilledProgram();
};

void ForeignFilesTest::readsTexts()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"config.yaml"_s);
    const QByteArray text = QByteArray("model_list: []\n").repeated(200'000);
    QVERIFY(write(path, text));
    std::stop_source stop;

    const auto read = storage::readForeignText(path);
    stop.request_stop();
    const auto stopped = storage::readForeignText(path, stop.get_token());

    QVERIFY(read);
    QCOMPARE(read->size(), text.size());
    QVERIFY(*read == text);
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().code, ErrorCode::Cancelled);
    QCOMPARE(storage::readForeignText(folder.filePath(u"none"_s)).error().code,
             ErrorCode::Unavailable);
}

void ForeignFilesTest::refusesLargeTexts()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"config.yaml"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly) && file.resize(storage::largestForeignText + 1));
    file.close();

    const auto read = storage::readForeignText(path);

    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::LimitReached);
    QVERIFY(read.error().message.english().contains(u"16 MB"_s));
}

void ForeignFilesTest::tellsDatabasesFromOthers()
{
    ForeignDatabase source;
    const QString text = source.filePath(u"notes.txt"_s);
    QVERIFY(write(text, "SQLite format 3"));
    const QString folder = QFileInfo(source.path()).absolutePath();

    QVERIFY(*storage::ForeignFile::isDatabase(source.path(), workFolder()));
    QVERIFY(!*storage::ForeignFile::isDatabase(text, workFolder()));
    QCOMPARE(storage::ForeignFile::isDatabase(source.path(), folder).error().code,
             ErrorCode::InvalidInput); // which is its own folder
    QCOMPARE(storage::ForeignFile::isDatabase(folder, workFolder()).error().code,
             ErrorCode::InvalidInput);
    QCOMPARE(
        storage::ForeignFile::isDatabase(source.filePath(u"none"_s), workFolder()).error().code,
        ErrorCode::NotFound);
}

void ForeignFilesTest::leavesNothingBehindAndTheFileAlone()
{
    ForeignDatabase source;
    source.addUser(1, u"alice"_s);
    const QByteArray before = source.bytes();
    const QStringList beside = QFileInfo(source.path()).dir().entryList(QDir::Files);

    QVERIFY(readForeignGateway(source.path(), workFolder()));

    QCOMPARE(source.bytes(), before);
    QCOMPARE(QFileInfo(source.path()).dir().entryList(QDir::Files), beside);
    QVERIFY(QDir(workFolder()).isEmpty());
}

void ForeignFilesTest::refusesOtherFiles_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::addColumn<QString>("words");

    QTest::newRow("empty") << QByteArray() << u"is empty"_s;
    QTest::newRow("text") << QByteArray(5'000, 'x') << u"no SQLite database, or it is encrypted"_s;
    QTest::newRow("a header alone")
        << QByteArray("SQLite format 3\0", 16) << u"no SQLite database"_s;
    QTest::newRow("a header and rubbish")
        << QByteArray("SQLite format 3\0", 16) + QByteArray(8'000, 'x') << u"damaged"_s;
}

void ForeignFilesTest::refusesOtherFiles()
{
    QFETCH(QByteArray, content);
    QFETCH(QString, words);
    QTemporaryDir folder;
    const QString path = folder.filePath(u"one-api.db"_s);
    QVERIFY(write(path, content));

    const auto read = readForeignGateway(path, workFolder());

    QVERIFY(!read);
    QVERIFY2(read.error().message.english().contains(words),
             qPrintable(read.error().message.english()));
    QVERIFY(QDir(workFolder()).isEmpty());
    QCOMPARE(readForeignGateway(folder.path(), workFolder()).error().code, ErrorCode::InvalidInput);
    QCOMPARE(readForeignGateway(folder.filePath(u"none"_s), workFolder()).error().code,
             ErrorCode::NotFound);
}

void ForeignFilesTest::refusesItsOwnFiles()
{
    TemporaryDatabase own(storage::Dialect::Kind::Sqlite);
    QVERIFY(storage::execute(own.database(), u"SELECT 1"_s));
    const QString folder = QFileInfo(own.path()).absolutePath();
    QTemporaryDir elsewhere;
    const QString link = elsewhere.filePath(u"link.db"_s);
    QVERIFY(QFile::link(own.path(), link));
    const QString backup = elsewhere.filePath(u"backup.db"_s);
    QVERIFY(QFile::copy(own.path(), backup));

    for (const QString &path : {own.path(), link, QString(own.path() + u"-shm"_s)}) {
        const auto read = readForeignGateway(path, folder);
        QVERIFY(!read);
        QVERIFY2(read.error().message.english().contains(u"Gatehouse's own folder"_s),
                 qPrintable(read.error().message.english()));
    }
    const auto read = readForeignGateway(backup, folder);
    QVERIFY(!read);
    QVERIFY(read.error().message.english().contains(u"a database of Gatehouse itself"_s));
}

void ForeignFilesTest::refusesADamagedDatabase()
{
    ForeignDatabase source;
    for (int i = 1; i < 200; ++i)
        source.addUser(i, u"user-%1"_s.arg(i), {{u"display_name"_s, QString(200, u'x')}});
    QByteArray bytes = source.bytes();
    bytes.replace(8 * 4096, bytes.size() - 8 * 4096, QByteArray(bytes.size() - 8 * 4096, '\xa5'));
    QTemporaryDir folder;
    const QString path = folder.filePath(u"damaged.db"_s);
    QVERIFY(write(path, bytes));

    const auto read = readForeignGateway(path, workFolder());

    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Unavailable);
    QVERIFY2(read.error().message.english().contains(u"damaged"_s),
             qPrintable(read.error().message.english()));
}

// What a program leaves that is killed within a transaction: changed pages, and a journal with what
// they held before.
void ForeignFilesTest::playsBackALeftJournal()
{
    ForeignDatabase source;
    source.run(u"PRAGMA cache_size = 5"_s);
    source.run(u"BEGIN"_s);
    for (int i = 1; i <= 500; ++i)
        source.addUser(i, u"user-%1"_s.arg(i), {{u"display_name"_s, QString(500, u'x')}});
    source.run(u"COMMIT"_s);
    source.run(u"BEGIN"_s);
    source.run(u"UPDATE users SET quota = 99, display_name = 'half done'"_s);
    QTemporaryDir folder;
    const QString crashed = folder.filePath(u"one-api.db"_s);
    QVERIFY(QFile::copy(source.path(), crashed));
    QVERIFY(QFile::copy(source.path() + u"-journal"_s, crashed + u"-journal"_s));
    source.run(u"ROLLBACK"_s);
    QFile image(crashed);
    QVERIFY(image.open(QIODevice::ReadOnly));
    const QByteArray before = image.readAll();
    QVERIFY(before.contains("half done"));

    const auto read = readForeignGateway(crashed, workFolder());

    QVERIFY2(read, read ? "" : qPrintable(read.error().message.english() + read.error().detail));
    QCOMPARE(read->users.size(), size_t(500));
    for (const storage::ForeignUser &user : read->users) {
        QCOMPARE(user.balance, 0);
        QCOMPARE(user.displayName.size(), 500);
    }
    QVERIFY(image.seek(0));
    QCOMPARE(image.readAll(), before);
    QVERIFY(QFile::exists(crashed + u"-journal"_s));
}

void ForeignFilesTest::readsWhatIsInUse_data()
{
    QTest::addColumn<QString>("mode");

    QTest::newRow("with a rollback journal") << u"DELETE"_s;
    QTest::newRow("with a write-ahead log") << u"WAL"_s;
}

void ForeignFilesTest::readsWhatIsInUse()
{
    QFETCH(QString, mode);
    ForeignDatabase source;
    source.run(u"PRAGMA journal_mode = %1"_s.arg(mode));
    source.addUser(1, u"stored"_s);
    source.run(u"BEGIN IMMEDIATE"_s);
    source.addUser(2, u"not stored yet"_s);

    const auto read = readForeignGateway(source.path(), workFolder());

    QVERIFY2(read, read ? "" : qPrintable(read.error().message.english() + read.error().detail));
    QCOMPARE(read->users.size(), size_t(1));
    QCOMPARE(read->users.front().username, u"stored"_s);
    source.run(u"COMMIT"_s);
    QCOMPARE(readForeignGateway(source.path(), workFolder())->users.size(), size_t(2));
}

// A copy would keep the other program from writing for as long as it takes.
void ForeignFilesTest::readsAFileWhereItLies()
{
    ForeignDatabase source;
    source.addUser(1, u"alice"_s);
    for (int i = 11; i <= 20; ++i)
        source.add(u"logs"_s, {{u"id"_s, i}});
    const QString nowhere = source.filePath(u"there/is/no/such/folder"_s);

    const auto read = readForeignGateway(source.path(), nowhere);

    QVERIFY2(read, read ? "" : qPrintable(read.error().message.english()));
    QCOMPARE(read->users.size(), size_t(1));
    QCOMPARE(read->logs, 10);
    source.addUser(2, u"bob"_s); // nobody holds a lock
    source.run(u"PRAGMA journal_mode = WAL"_s);
    QVERIFY(!readForeignGateway(source.path(), nowhere));
}

void ForeignFilesTest::endsWhenItIsStopped_data()
{
    QTest::addColumn<QString>("mode");

    QTest::newRow("reading") << u"DELETE"_s;
    QTest::newRow("copying") << u"WAL"_s;
}

void ForeignFilesTest::endsWhenItIsStopped()
{
    QFETCH(QString, mode);
    ForeignDatabase source;
    source.run(u"PRAGMA journal_mode = %1"_s.arg(mode));
    source.run(u"BEGIN"_s);
    for (int i = 1; i <= 2'000; ++i)
        source.addUser(i, u"user-%1"_s.arg(i));
    source.run(u"COMMIT"_s);
    std::stop_source stop;
    stop.request_stop();

    const auto read = readForeignGateway(source.path(), workFolder(), stop.get_token());

    QVERIFY(!read);
    QCOMPARE(read.error().code, ErrorCode::Cancelled);
    QVERIFY(QDir(workFolder()).isEmpty());
}

void ForeignFilesTest::tellsDamageOfTheFileThatWasChosen_data()
{
    QTest::addColumn<char>("journal"); // as the header has it

    QTest::newRow("read where it lies") << char(1);
    QTest::newRow("copied") << char(2);
}

void ForeignFilesTest::tellsDamageOfTheFileThatWasChosen()
{
    QFETCH(char, journal);
    ForeignDatabase source;
    source.addUser(1, u"alice"_s);
    QByteArray bytes = source.bytes();
    bytes[18] = journal;
    bytes[19] = journal;
    bytes.replace(100, 2'000, QByteArray(2'000, '\xa5'));
    QTemporaryDir folder;
    const QString path = folder.filePath(u"damaged.db"_s);
    QVERIFY(write(path, bytes));

    const auto read = readForeignGateway(path, workFolder());

    QVERIFY(!read);
    const QString words = read.error().message.english();
    QVERIFY2(words.contains(path) && words.contains(u"damaged"_s), qPrintable(words));
    QVERIFY2(!words.contains(u"copy.db"_s), qPrintable(words));
    QVERIFY2(words.contains(u".recover"_s), qPrintable(words));
}

void ForeignFilesTest::followsALink()
{
    ForeignDatabase source;
    source.run(u"PRAGMA journal_mode = WAL"_s);
    source.addUser(1, u"alice"_s); // stands in the log beside the file alone
    QTemporaryDir folder;
    const QString link = folder.filePath(u"link.db"_s);
    QVERIFY(QFile::link(source.path(), link));

    const auto read = readForeignGateway(link, workFolder());

    QVERIFY(read);
    QCOMPARE(read->users.size(), size_t(1));
}

void ForeignFilesTest::removesCopiesOfAKilledProgram()
{
    QTemporaryDir folder;
    const QDir place(folder.path());
    const auto fill = [&place](const QString &name, const QStringList &files) {
        QVERIFY(place.mkpath(name));
        for (const QString &file : files)
            QVERIFY(write(place.filePath(name + u'/' + file), "keys in plain text"));
    };
    const QStringList parts{u"copy.db"_s, u"copy.db-wal"_s, u"copy.db-shm"_s};
    fill(u".gatehouse-imports/aBcDeF"_s, parts);
    fill(u".gatehouse-imports/gHiJkL"_s, {}); // it was killed before the first byte
    fill(u".gatehouse-imports/oneapi"_s, {u"copy.db"_s, u"notes.txt"_s});
    // Somebody's own, though they look alike.
    fill(u".gatehouse-import-aBcDeF"_s, parts);
    fill(u"import-aBcDeF"_s, parts);
    fill(u"aBcDeF"_s, parts);
    QTemporaryDir elsewhere;
    QVERIFY(QDir(elsewhere.path()).mkpath(u"other/aBcDeF"_s));
    QVERIFY(write(elsewhere.filePath(u"other/aBcDeF/copy.db"_s), "theirs"));
    QVERIFY(
        QFile::link(elsewhere.filePath(u"other"_s), elsewhere.filePath(u".gatehouse-imports"_s)));
    QVERIFY(write(place.filePath(u"gatehouse.db"_s), "x"));

    storage::removeLeftCopies(folder.path());
    storage::removeLeftCopies(elsewhere.path());

    const auto all = QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot;
    QCOMPARE(place.entryList(all, QDir::Name),
             (QStringList{u".gatehouse-import-aBcDeF"_s,
                          u".gatehouse-imports"_s,
                          u"aBcDeF"_s,
                          u"gatehouse.db"_s,
                          u"import-aBcDeF"_s}));
    QCOMPARE(QDir(place.filePath(u".gatehouse-imports"_s)).entryList(all),
             QStringList(u"oneapi"_s));
    QVERIFY(place.exists(u".gatehouse-imports/oneapi/notes.txt"_s));
    QVERIFY(QFile::exists(elsewhere.filePath(u"other/aBcDeF/copy.db"_s)));
    QVERIFY(QDir(place.filePath(u".gatehouse-imports/oneapi"_s)).removeRecursively());
    storage::removeLeftCopies(folder.path());
    QVERIFY(!place.exists(u".gatehouse-imports"_s));
}

QTEST_GUILESS_MAIN(ForeignFilesTest)
#include "tst_foreignfiles.moc"
