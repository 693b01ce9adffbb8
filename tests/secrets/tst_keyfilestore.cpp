#include "secrets/keyfilestore.h"
#include "secrets/machinesecrets.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <optional>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using secrets::KeyFileStore;
using secrets::MachineSecrets;
using secrets::StoreOutcome;
using State = StoreOutcome::State;

class KeyFileStoreTest : public QObject
{
    Q_OBJECT

private slots:
    void derivesSecrets_data();
    void derivesSecrets();
    void blanksAfterATextDoNotCount();
    void bytesAreTakenAsTheyAre();
    void refuses_data();
    void refuses();
    void absentFile();
    void isNeverWritten();

private:
    StoreOutcome read(const QByteArray &content);

    QTemporaryDir m_directory;
    const QString m_path = m_directory.filePath(u"master-key"_s);
};

StoreOutcome KeyFileStoreTest::read(const QByteArray &content)
{
    QFile file(m_path);
    [&] {
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        QCOMPARE(file.write(content), content.size());
    }();
    file.close();
    KeyFileStore store(m_path);
    std::optional<StoreOutcome> answer;
    store.read([&answer](const StoreOutcome &outcome) { answer = outcome; });
    [&answer] { QTRY_VERIFY(answer); }();
    return answer.value_or(StoreOutcome{});
}

void KeyFileStoreTest::derivesSecrets_data()
{
    QTest::addColumn<QByteArray>("content");

    QTest::newRow("base64") << QByteArray("q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=");
    QTest::newRow("hexadecimal") << QByteArray("0123456789abcdef0123456789abcdef");
    QTest::newRow("bytes") << QByteArray::fromHex("00ff10ee20dd30cc40bb50aa60997088"
                                                  "8077906fa05eb04dc03cd02be01af009");
    QTest::newRow("a passphrase") << QByteArray("four score and seven years ago, our fathers");
}

void KeyFileStoreTest::derivesSecrets()
{
    QFETCH(QByteArray, content);

    const StoreOutcome outcome = read(content);

    QCOMPARE(outcome.state, State::Found);
    const auto parsed = MachineSecrets::parse(outcome.item);
    QVERIFY(parsed);
    QVERIFY(*parsed == MachineSecrets::derivedFrom(base::Secret(content)));
}

void KeyFileStoreTest::blanksAfterATextDoNotCount()
{
    const QByteArray text = "0123456789abcdef0123456789abcdef";

    const StoreOutcome plain = read(text);

    QCOMPARE(plain.state, State::Found);
    QVERIFY(read(text + "\n").item == plain.item);
    QVERIFY(read(text + " \r\n\r\n").item == plain.item);
    QVERIFY(!(read(" " + text).item == plain.item));
}

void KeyFileStoreTest::bytesAreTakenAsTheyAre()
{
    const QByteArray bytes = QByteArray::fromHex("00ff10ee20dd30cc40bb50aa60997088"
                                                 "8077906fa05eb04dc03cd02be01af0");

    const StoreOutcome outcome = read(bytes + "\n");

    QCOMPARE(outcome.state, State::Found);
    QVERIFY(*MachineSecrets::parse(outcome.item)
            == MachineSecrets::derivedFrom(base::Secret(QByteArray(bytes + "\n"))));
}

void KeyFileStoreTest::refuses_data()
{
    QTest::addColumn<QByteArray>("content");

    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("31 characters") << QByteArray("0123456789abcdef0123456789abcde");
    QTest::newRow("31 characters and a line end")
        << QByteArray("0123456789abcdef0123456789abcde\n");
    QTest::newRow("one character over and over") << QByteArray(64, 'a');
    QTest::newRow("zero bytes") << QByteArray(64, '\0');
    QTest::newRow("blanks") << QByteArray(64, ' ');
    QTest::newRow("more than 64 KiB") << QByteArray("0123456789abcdef").repeated(4097);
}

void KeyFileStoreTest::refuses()
{
    QFETCH(QByteArray, content);

    const StoreOutcome outcome = read(content);

    QCOMPARE(outcome.state, State::Failed);
    QVERIFY(outcome.item.isEmpty());
    QVERIFY(!outcome.text.isEmpty());
}

void KeyFileStoreTest::absentFile()
{
    KeyFileStore store(m_directory.filePath(u"no-such-file"_s));
    std::optional<State> state;

    store.read([&state](const StoreOutcome &outcome) { state = outcome.state; });

    QTRY_VERIFY(state);
    QCOMPARE(*state, State::Absent);
}

void KeyFileStoreTest::isNeverWritten()
{
    const QByteArray content = "0123456789abcdef0123456789abcdef";
    QCOMPARE(read(content).state, State::Found);
    KeyFileStore store(m_path);
    int refused = 0;
    const auto count = [&refused](const StoreOutcome &outcome) {
        refused += outcome.state == State::Failed ? 1 : 0;
    };

    store.write(base::Secret(QByteArray("other")), count);
    store.remove(count);

    QTRY_COMPARE(refused, 2);
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), content);
}

QTEST_GUILESS_MAIN(KeyFileStoreTest)
#include "tst_keyfilestore.moc"
