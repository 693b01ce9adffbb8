#include "secrets/filestore.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using secrets::FileStore;
using secrets::StoreOutcome;
using State = StoreOutcome::State;

class FileStoreTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void answersLaterAndOnce();
    void readsBackWhatItWrote();
    void fileIsForItsOwnerAlone();
    void replacesTheItem();
    void removes();
    void refusesAFileOfOthers_data();
    void refusesAFileOfOthers();
    void refusesALink();
    void refusesADirectory();
    void refusesAHugeFile();
    void failedWriteLeavesTheOldItem();
    void leavesNoOtherFiles();

private:
    StoreOutcome read();
    StoreOutcome write(const QByteArray &item);

    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
    std::unique_ptr<FileStore> m_store;
};

void FileStoreTest::init()
{
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(u"secrets"_s);
    m_store = std::make_unique<FileStore>(m_path);
}

StoreOutcome FileStoreTest::read()
{
    std::optional<StoreOutcome> answer;
    m_store->read([&answer](const StoreOutcome &outcome) { answer = outcome; });
    [&answer] { QTRY_VERIFY(answer); }();
    return answer.value_or(StoreOutcome{});
}

StoreOutcome FileStoreTest::write(const QByteArray &item)
{
    std::optional<StoreOutcome> answer;
    m_store->write(base::Secret(item),
                   [&answer](const StoreOutcome &outcome) { answer = outcome; });
    [&answer] { QTRY_VERIFY(answer); }();
    return answer.value_or(StoreOutcome{});
}

void FileStoreTest::answersLaterAndOnce()
{
    int answers = 0;
    m_store->read([&answers](const StoreOutcome &) { ++answers; });
    QCOMPARE(answers, 0);

    QTRY_COMPARE(answers, 1);
    m_store->read([&answers](const StoreOutcome &) { ++answers; });
    m_store = std::make_unique<FileStore>(m_path);
    QCOMPARE(read().state, State::Absent);
    QCOMPARE(answers, 1);
}

void FileStoreTest::readsBackWhatItWrote()
{
    QCOMPARE(read().state, State::Absent);

    QCOMPARE(write("the item").state, State::Written);

    m_store = std::make_unique<FileStore>(m_path);
    const StoreOutcome outcome = read();
    QCOMPARE(outcome.state, State::Found);
    QCOMPARE(outcome.item.reveal(), QByteArray("the item"));
}

void FileStoreTest::fileIsForItsOwnerAlone()
{
    QCOMPARE(write("the item").state, State::Written);

    const QFile::Permissions user = QFile::ReadUser | QFile::WriteUser;
    QCOMPARE(QFile::permissions(m_path) & ~user, QFile::ReadOwner | QFile::WriteOwner);
}

void FileStoreTest::replacesTheItem()
{
    QCOMPARE(write("a long first item").state, State::Written);

    QCOMPARE(write("second").state, State::Written);

    QCOMPARE(read().item.reveal(), QByteArray("second"));
}

void FileStoreTest::removes()
{
    QCOMPARE(write("the item").state, State::Written);

    int answers = 0;
    for (int i = 0; i < 2; ++i) {
        m_store->remove([&answers](const StoreOutcome &outcome) {
            answers += outcome.state == State::Written ? 1 : 0;
        });
    }

    QTRY_COMPARE(answers, 2);
    QVERIFY(!QFile::exists(m_path));
}

void FileStoreTest::refusesAFileOfOthers_data()
{
    QTest::addColumn<int>("permissions");

    QTest::newRow("the group reads") << int(QFile::ReadGroup);
    QTest::newRow("the group writes") << int(QFile::WriteGroup);
    QTest::newRow("all read") << int(QFile::ReadOther);
    QTest::newRow("all write") << int(QFile::WriteOther);
}

void FileStoreTest::refusesAFileOfOthers()
{
    QFETCH(int, permissions);
    QCOMPARE(write("the item").state, State::Written);
    QVERIFY(QFile::setPermissions(
        m_path, QFile::ReadOwner | QFile::WriteOwner | QFile::Permissions(permissions)));

    const StoreOutcome outcome = read();

    QCOMPARE(outcome.state, State::Denied);
    QVERIFY(outcome.item.isEmpty());
    QVERIFY(outcome.text.english().contains(u"chmod 600"_s));
}

void FileStoreTest::refusesALink()
{
    QCOMPARE(write("the item").state, State::Written);
    const QString target = m_directory->filePath(u"target"_s);
    QVERIFY(QFile::rename(m_path, target));
    QVERIFY(QFile::link(target, m_path));

    QCOMPARE(read().state, State::Denied);
    QCOMPARE(write("another").state, State::Denied);
}

void FileStoreTest::refusesADirectory()
{
    QVERIFY(QDir().mkdir(m_path));

    QCOMPARE(read().state, State::Denied);
    QCOMPARE(write("the item").state, State::Denied);
}

void FileStoreTest::refusesAHugeFile()
{
    QCOMPARE(write(QByteArray(100'000, 'x')).state, State::Written);

    QCOMPARE(read().state, State::Failed);
}

void FileStoreTest::failedWriteLeavesTheOldItem()
{
    QCOMPARE(write("the item").state, State::Written);
    const QString elsewhere = m_directory->filePath(u"no/such/directory/secrets"_s);
    m_store = std::make_unique<FileStore>(elsewhere);

    const StoreOutcome outcome = write("another");

    QCOMPARE(outcome.state, State::Failed);
    QVERIFY(!outcome.text.isEmpty());
    m_store = std::make_unique<FileStore>(m_path);
    QCOMPARE(read().item.reveal(), QByteArray("the item"));
}

void FileStoreTest::leavesNoOtherFiles()
{
    QCOMPARE(write("one").state, State::Written);
    QCOMPARE(write("two").state, State::Written);

    QCOMPARE(
        QDir(m_directory->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
        QStringList{u"secrets"_s});
}

QTEST_GUILESS_MAIN(FileStoreTest)
#include "tst_filestore.moc"
