#include "storage/captures/capturestore.h"

#include "base/redaction.h"
#include "storage/statement.h"
#include "support/manualclock.h"

#include <QScopeGuard>
#include <QTemporaryDir>
#include <QtTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::Capture;
using domain::CapturePart;
using storage::CaptureStore;

class CaptureStoreTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void givesBackWhatWasKept();
    void readsBodiesInParts();
    void sameBodiesAreStoredOnce();
    void isThereAfterARestart();
    void masksBeforeItWrites();
    void masksByRulesBeforeItWrites();
    void isReadableByItsOwnerAlone();
    void forgets();
    void removesTheOldAndTheTooMuch();
    void removesNothingBeforeItKnowsTheLimits();
    void keepsWhatIsMarked();
    void marksOutliveARestart();
    void marksOfAnOlderFile();
    void memoryIsBounded();
    void aFileThatCannotBeMadeIsToldOf();

private:
    void submit(const QByteArray &id, const QByteArray &body, domain::TokenId token = {1});
    QByteArray fileContent() const;

    std::unique_ptr<QTemporaryDir> m_directory;
    QString m_path;
    support::ManualClock m_clock;
    std::unique_ptr<CaptureStore> m_store;
    base::Secret m_secret{QByteArray("sk-provider/secret-0123456789")};
};

namespace {

template<typename T>
base::Result<T> waitFor(QFuture<base::Result<T>> future)
{
    return future.result();
}

Capture captureOf(const QByteArray &id, const QByteArray &body)
{
    Capture capture{.requestId = id,
                    .request = {.line = "POST /v1/messages",
                                .fields = {{"Content-Type", "application/json"}},
                                .body = body,
                                .size = body.size()},
                    .answer = {.line = "200",
                               .fields = {{"X-Odd", QByteArray("\xff\x80", 2)}},
                               .body = "data: 1\n\n",
                               .size = 9,
                               .marks = {{.offset = 0, .microseconds = 5}}}};
    capture.attempts.push_back({.channel = {3},
                                .channelName = "Zürich",
                                .key = 30,
                                .request = {.line = "POST /up", .body = body, .size = body.size()},
                                .answer = {.line = "503", .body = "busy", .size = 4}});
    return capture;
}

// Text that does not pack well.
QByteArray noise(qsizetype size)
{
    QByteArray bytes(size, '\0');
    quint32 state = 7;
    for (char &byte : bytes) {
        state = state * 1664525 + 1013904223;
        byte = static_cast<char>(state >> 24);
    }
    return bytes;
}

} // namespace

void CaptureStoreTest::init()
{
    m_store.reset();
    m_directory = std::make_unique<QTemporaryDir>();
    m_path = m_directory->filePath(u"bodies.db"_s);
    m_store = std::make_unique<CaptureStore>(m_path, m_clock);
}

void CaptureStoreTest::submit(const QByteArray &id, const QByteArray &body, domain::TokenId token)
{
    Capture capture = captureOf(id, body);
    capture.token = token;
    capture.createdAt = m_clock.wallMilliseconds();
    QVERIFY(m_store->takeMemory(body.size()));
    m_store->submit(std::move(capture), {m_secret}, body.size());
}

QByteArray CaptureStoreTest::fileContent() const
{
    QByteArray all;
    for (const QString &end : {u""_s, u"-wal"_s, u"-shm"_s}) {
        QFile file(m_path + end);
        if (file.open(QIODevice::ReadOnly))
            all += file.readAll();
    }
    return all;
}

void CaptureStoreTest::givesBackWhatWasKept()
{
    submit("r1", "{\"model\":\"small\"}");

    const auto found = waitFor(m_store->find("r1", 1'000));

    QVERIFY(found);
    Capture expected = captureOf("r1", "{\"model\":\"small\"}");
    expected.token = {1};
    expected.createdAt = m_clock.wallMilliseconds();
    for (domain::CapturedMessage *message : {&expected.request,
                                             &expected.answer,
                                             &expected.attempts[0].request,
                                             &expected.attempts[0].answer})
        message->kept = message->body.size();
    QVERIFY(*found == expected);
    QVERIFY(m_store->has("r1"));
    QVERIFY(!m_store->has("r2"));
    const auto missing = waitFor(m_store->find("r2", 1'000));
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, base::ErrorCode::NotFound);
}

void CaptureStoreTest::readsBodiesInParts()
{
    const QByteArray body = noise(3 * storage::pieceBytes + 1'000);
    submit("r1", body);

    const auto found = waitFor(m_store->find("r1", 100));
    QVERIFY(found);
    QCOMPARE(found->request.body, body.first(100));
    QCOMPARE(found->request.kept, body.size());

    QByteArray read;
    while (true) {
        const auto part = waitFor(
            m_store->body("r1", {.side = CapturePart::Side::ProviderRequest}, read.size(), 70'001));
        QVERIFY(part);
        if (part->isEmpty())
            break;
        read += *part;
    }
    QCOMPARE(read, body);
    QCOMPARE(*waitFor(m_store->body(
                 "r1", {.side = CapturePart::Side::ProviderAnswer, .attempt = 7}, 0, 10)),
             QByteArray());
}

void CaptureStoreTest::sameBodiesAreStoredOnce()
{
    const QByteArray body = noise(500'000);
    submit("r1", body);
    QVERIFY(waitFor(m_store->find("r1", 0)));

    QVERIFY(m_store->figures().bytes < 600'000);
}

void CaptureStoreTest::isThereAfterARestart()
{
    submit("r1", "hello");
    m_store.reset(); // stores what waits
    m_store = std::make_unique<CaptureStore>(m_path, m_clock);

    QTRY_VERIFY(m_store->has("r1"));

    QCOMPARE(waitFor(m_store->find("r1", 10))->request.body, QByteArray("hello"));
    QVERIFY(m_store->figures().bytes > 0);
}

void CaptureStoreTest::masksBeforeItWrites()
{
    submit("r1", "key " + m_secret.reveal() + " and sk-provider\\/secret-0123456789 end");

    const auto found = waitFor(m_store->find("r1", 1'000));

    QVERIFY(found);
    QVERIFY(!found->request.body.contains("secret-0123456789"));
    QVERIFY(found->request.body.startsWith("key ***") && found->request.body.endsWith("* end"));
    QCOMPARE(found->request.body.size(), found->request.size);
}

void CaptureStoreTest::masksByRulesBeforeItWrites()
{
    base::setMaskRules(u"orion\n/\\d{4}-\\d{4}/"_s);
    const auto restored = qScopeGuard([] { base::setMaskRules({}); });
    submit("r1", "about Orion, card 1234-5678");

    const auto found = waitFor(m_store->find("r1", 1'000));

    QVERIFY(found);
    QCOMPARE(found->request.body, QByteArray("about *****, card *********"));
    m_store.reset();
    QVERIFY(!fileContent().contains("1234-5678"));
}

void CaptureStoreTest::isReadableByItsOwnerAlone()
{
    submit("r1", "hello");
    QVERIFY(waitFor(m_store->find("r1", 10)));

    for (const QString &end : {u""_s, u"-wal"_s}) {
        const auto others =
            QFile::permissions(m_path + end)
            & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther);
        QVERIFY2(!others, qPrintable(end));
    }
}

void CaptureStoreTest::forgets()
{
    submit("r1", "remember-one " + noise(300'000).toHex(), {1});
    submit("r2", "remember-two", {2});
    submit("r3", "remember-three", {2});
    QVERIFY(waitFor(m_store->find("r3", 10)));
    const qsizetype full = fileContent().size();

    QCOMPARE(*waitFor(m_store->remove("r1")), 1);
    QVERIFY(!m_store->has("r1"));
    QVERIFY(!waitFor(m_store->find("r1", 10)));
    // The disk has its room again.
    QVERIFY2(fileContent().size() < full - 200'000,
             qPrintable(u"%1 of %2"_s.arg(fileContent().size()).arg(full)));
    QCOMPARE(*waitFor(m_store->remove("r1")), 0);

    QCOMPARE(*waitFor(m_store->removeOf({2})), 2);
    QVERIFY(!m_store->has("r2") && !m_store->has("r3"));

    submit("r4", "hello");
    QCOMPARE(*waitFor(m_store->removeAll()), 1);
    QCOMPARE(m_store->figures().requests, 0);
    QCOMPARE(m_store->figures().bytes, 0);
}

void CaptureStoreTest::removesTheOldAndTheTooMuch()
{
    m_store->setLimits({.days = 2, .bytes = 150'000});
    for (int i = 0; i < 30; ++i)
        submit("old" + QByteArray::number(i), "x");
    QVERIFY(waitFor(m_store->find("old0", 10)));
    m_clock.advance(std::chrono::hours(49));
    submit("new1", noise(100'000));
    QTRY_VERIFY(!m_store->has("old0") && !m_store->has("old29"));
    QVERIFY(m_store->has("new1"));

    submit("new2", noise(90'000) + "other");

    QTRY_VERIFY(m_store->figures().bytes <= 150'000);
}

void CaptureStoreTest::removesNothingBeforeItKnowsTheLimits()
{
    submit("old", "x");
    QVERIFY(waitFor(m_store->find("old", 10)));
    m_store.reset();
    m_clock.advance(std::chrono::hours(24 * 20));
    m_store = std::make_unique<CaptureStore>(m_path, m_clock);
    submit("new", "y");
    QVERIFY(waitFor(m_store->find("new", 10)));
    QVERIFY(waitFor(m_store->find("old", 10)));

    m_store->setLimits({.days = 30});
    QVERIFY(waitFor(m_store->find("old", 10)));
    m_store->setLimits({.days = 10});

    QTRY_VERIFY(!m_store->has("old"));
}

void CaptureStoreTest::keepsWhatIsMarked()
{
    QVERIFY(waitFor(m_store->setKept({"large"}, true)));
    QVERIFY(!QFile::exists(m_path)); // no file is made for it
    submit("large", noise(200'000));
    submit("old", "x");
    QVERIFY(waitFor(m_store->setKept({"large", "to come"}, true)));
    m_store->setLimits({.days = 2, .bytes = 150'000});
    m_clock.advance(std::chrono::hours(49));

    // What is kept does not count, so that there is room for others beside it.
    submit("new", noise(100'000));
    QTRY_VERIFY(!m_store->has("old"));
    QTRY_VERIFY(m_store->has("large") && m_store->has("new"));
    submit("to come", noise(90'000) + "other");
    submit("newer", noise(60'000) + "another");
    QTRY_VERIFY(!m_store->has("new") && !m_store->has("newer"));
    QVERIFY(m_store->has("large") && m_store->has("to come"));

    QVERIFY(waitFor(m_store->setKept({"large"}, false)));
    QTRY_VERIFY(!m_store->has("large"));
    QVERIFY(m_store->has("to come"));
    QCOMPARE(*waitFor(m_store->remove("to come")), 1); // on purpose
}

void CaptureStoreTest::marksOutliveARestart()
{
    submit("a", "x");
    submit("b", "x");
    QVERIFY(waitFor(m_store->setKept({"a"}, true)));
    m_store.reset();
    m_clock.advance(std::chrono::hours(49));
    m_store = std::make_unique<CaptureStore>(m_path, m_clock);
    m_store->setLimits({.days = 2});
    QTRY_VERIFY(m_store->has("a") && !m_store->has("b"));

    QVERIFY(waitFor(m_store->setAllKept({"c"})));

    QTRY_VERIFY(!m_store->has("a"));
}

void CaptureStoreTest::marksOfAnOlderFile()
{
    submit("a", "x");
    QVERIFY(waitFor(m_store->find("a", 10)));
    m_store.reset();
    {
        const auto database =
            storage::Database::open({.path = m_path}, storage::Database::Access::ReadWrite);
        QVERIFY(database);
        QVERIFY(storage::executeDirectly(**database, u"DROP TABLE kept"_s));
        QVERIFY(storage::executeDirectly(**database, u"PRAGMA user_version = 1"_s));
    }
    m_clock.advance(std::chrono::hours(49));
    m_store = std::make_unique<CaptureStore>(m_path, m_clock);

    QVERIFY(waitFor(m_store->setKept({"a"}, true)));

    m_store->setLimits({.days = 2});
    QVERIFY(waitFor(m_store->find("a", 10)));
    QVERIFY(m_store->has("a"));
}

void CaptureStoreTest::memoryIsBounded()
{
    QVERIFY(m_store->takeMemory(CaptureStore::memoryLimit));
    QVERIFY(!m_store->takeMemory(1));

    m_store->giveMemoryBack(CaptureStore::memoryLimit);

    QVERIFY(m_store->takeMemory(1));
}

void CaptureStoreTest::aFileThatCannotBeMadeIsToldOf()
{
    m_path = m_directory->filePath(u"no/such/folder/bodies.db"_s);
    m_store = std::make_unique<CaptureStore>(m_path, m_clock);
    submit("r1", "hello");

    const auto found = waitFor(m_store->find("r1", 10));

    QVERIFY(!found);
    QCOMPARE(found.error().code, base::ErrorCode::Unavailable);
    QTRY_COMPARE(m_store->figures().dropped, 1);
    QVERIFY(m_store->takeMemory(CaptureStore::memoryLimit));
}

QTEST_GUILESS_MAIN(CaptureStoreTest)
#include "tst_capturestore.moc"
