#include "admin/traffic/curlcommand.h"
#include "admin/trafficfixture.h"
#include "base/redaction.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QScopeGuard>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using domain::UsageRecord;

// Requests on their way out of the program: as files, and as a command for the shell.
class TrafficExportTest : public TrafficFixture
{
    Q_OBJECT

private slots:
    void init() { start(); }
    void cleanup() { m_fixture.reset(); }
    void exportsCsv();
    void exportsLinesOfJson();
    void exportsAnHttpArchive();
    void masksByRulesOfOnesOwn();
    void anArchiveOfNothing();
    void anArchiveOfOneRequest();
    void anArchiveHoldsAnyBytes();
    void phasesOfAnArchive_data();
    void phasesOfAnArchive();
    void aCancelledArchiveLeavesNoFile();
    void anExportThatCannotBeWritten();
    void aRequestForTheShell();
    void aKeyThatCameInTheAddress();
    void theShellGetsTheBytes_data();
    void theShellGetsTheBytes();

private:
    QJsonObject archive(const QString &path) const;
    QJsonArray entries(const QString &path) const
    {
        return archive(path).value("log"_L1).toObject().value("entries"_L1).toArray();
    }

    QTemporaryDir m_directory;
};

void TrafficExportTest::exportsCsv()
{
    UsageRecord odd = request("b");
    odd.tokenName = "=HYPERLINK(\"http://x\"), and more";
    store({request("a"), odd});
    const QString path = m_directory.filePath(u"out.csv"_s);

    const auto written = wait(traffic().exportTo({.file = path}, filter(u"model:small"_s)));

    QVERIFY2(written, written ? "" : qPrintable(written.error().message.english()));
    QCOMPARE(*written, 2);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArrayList lines = file.readAll().split('\n');
    QCOMPARE(lines.size(), 4); // a heading, and an end of the last line
    QVERIFY(lines[0].startsWith("\xEF\xBB\xBFrequest_id,ended_at,status,"));
    QVERIFY(lines[1].startsWith("b,"));
    QVERIFY(lines[1].contains("\"'=HYPERLINK(\"\"http://x\"\"), and more\""));
    QCOMPARE(lines[2].count(','), lines[0].count(','));
}

void TrafficExportTest::exportsLinesOfJson()
{
    std::vector<UsageRecord> many;
    for (int i = 0; i < 4'500; ++i)
        many.push_back(request("r" + QByteArray::number(i)));
    store(many);
    const QString path = m_directory.filePath(u"out.jsonl"_s);

    auto answer = traffic().exportTo({.file = path, .format = ExportFormat::JsonLines}, {});
    const auto written = wait(answer);

    QVERIFY(written);
    QCOMPARE(*written, 4'500);
    QCOMPARE(answer.progressValue(), 4'500);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QJsonObject first = QJsonDocument::fromJson(file.readLine()).object();
    QCOMPARE(first.value("request_id"_L1).toString(), u"r4499"_s);
    QCOMPARE(first.value("input_tokens"_L1).toInteger(), 100);
    QCOMPARE(first.value("stream"_L1).toBool(), true);
}

QJsonObject TrafficExportTest::archive(const QString &path) const
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object()
                                          : QJsonObject();
}

void TrafficExportTest::exportsAnHttpArchive()
{
    UsageRecord bare = request("bare");
    bare.httpStatus = 429;
    store({request("kept"), bare});
    keep("kept",
         {.line = "200",
          .fields = {{"Content-Type", "application/json"}, {"Set-Cookie", "session=1"}},
          .body = R"({"ok":"k-123456"})",
          .size = 17});
    const QString path = m_directory.filePath(u"out.har"_s);

    const auto written = wait(traffic().exportTo(
        {.file = path, .format = ExportFormat::HttpArchive, .baseUrl = u"http://gate:3000"_s}, {}));

    QVERIFY2(written, written ? "" : qPrintable(written.error().message.english()));
    QCOMPARE(*written, 2);
    QCOMPARE(archive(path)["log"_L1]["version"_L1].toString(), u"1.2"_s);
    QCOMPARE(archive(path)["log"_L1]["creator"_L1]["name"_L1].toString(), u"Gatehouse"_s);
    QCOMPARE(entries(path).size(), 2);
    const QJsonValue without = entries(path).at(0);
    QCOMPARE(without["request"_L1]["url"_L1].toString(), u"http://gate:3000/v1/chat/completions"_s);
    QCOMPARE(without["request"_L1]["bodySize"_L1].toInt(), -1);
    QVERIFY(without["request"_L1]["postData"_L1].isUndefined());
    QCOMPARE(without["response"_L1]["status"_L1].toInt(), 429);
    QCOMPARE(without["response"_L1]["bodySize"_L1].toInt(), -1);
    QVERIFY(without["response"_L1]["content"_L1]["text"_L1].isUndefined());
    const QJsonValue with = entries(path).at(1);
    const QJsonValue sent = with["request"_L1];
    QCOMPARE(sent["url"_L1].toString(),
             u"http://gate:3000/v1/chat/completions?user=a%20b&key=***"_s);
    QCOMPARE(sent["queryString"_L1][0]["value"_L1].toString(), u"a b"_s);
    QCOMPARE(sent["headers"_L1][0]["value"_L1].toString(), u"***"_s);
    QCOMPARE(sent["bodySize"_L1].toInt(), 35);
    QCOMPARE(sent["postData"_L1]["text"_L1].toString(),
             uR"({"model":"small","user":"********"})"_s);
    const QJsonValue came = with["response"_L1];
    QCOMPARE(came["statusText"_L1].toString(), u"OK"_s);
    QCOMPARE(came["headers"_L1][1]["value"_L1].toString(), u"***"_s);
    QCOMPARE(came["content"_L1]["mimeType"_L1].toString(), u"application/json"_s);
    QCOMPARE(came["content"_L1]["text"_L1].toString(), uR"({"ok":"********"})"_s);
    QCOMPARE(with["_token"_L1].toString(), u"laptop"_s);
    QCOMPARE(with["_cost_nano_dollars"_L1].toInteger(), 1'000);
    QCOMPARE(with["_channel_id"_L1].toInteger(-1), 0);
}

// What was kept before there were the rules, too.
void TrafficExportTest::masksByRulesOfOnesOwn()
{
    store({request("kept")});
    keep("kept", {.line = "200", .body = R"({"ok":"Orion"})", .size = 14});
    base::setMaskRules(u"orion\nlaptop"_s);
    const auto restored = qScopeGuard([] { base::setMaskRules({}); });
    const QString path = m_directory.filePath(u"masked"_s);

    QVERIFY(wait(traffic().exportTo({.file = path, .format = ExportFormat::HttpArchive}, {})));

    const QJsonValue entry = entries(path).at(0);
    QCOMPARE(entry["response"_L1]["content"_L1]["text"_L1].toString(), u"{\"ok\":\"*****\"}"_s);
    QCOMPARE(entry["response"_L1]["status"_L1].toInt(), 200);
    QCOMPARE(entry["_token"_L1].toString(), u"***"_s);
    QVERIFY(wait(traffic().exportTo({.file = path}, {})));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(!file.readAll().contains("laptop"));
}

void TrafficExportTest::anArchiveOfNothing()
{
    const QString path = m_directory.filePath(u"empty.har"_s);

    const auto written =
        wait(traffic().exportTo({.file = path, .format = ExportFormat::HttpArchive}, {}));

    QCOMPARE(written.value_or(-1), 0);
    QVERIFY(archive(path)["log"_L1]["entries"_L1].isArray());
    QVERIFY(entries(path).isEmpty());
}

void TrafficExportTest::anArchiveOfOneRequest()
{
    store({request("a"), request("b"), request("c")});
    const ExportTarget target{.file = m_directory.filePath(u"one.har"_s),
                              .format = ExportFormat::HttpArchive};

    const auto written = wait(traffic().exportOne(target, "b"));
    const auto missing = wait(traffic().exportOne(target, "z"));

    QCOMPARE(written.value_or(-1), 1);
    QCOMPARE(entries(target.file).size(), 1);
    QCOMPARE(entries(target.file).at(0)["_request_id"_L1].toString(), u"b"_s);
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, base::ErrorCode::NotFound);
}

void TrafficExportTest::anArchiveHoldsAnyBytes()
{
    store({request("sound"), request("cut")});
    keep("sound", {.line = "200", .body = QByteArray("\xFF\x00\xFE", 3), .size = 3});
    // Cut within the second character.
    keep("cut", {.line = "200", .body = "\xC3\xA9\xC3", .size = 900});
    const QString path = m_directory.filePath(u"out.har"_s);

    const auto written =
        wait(traffic().exportTo({.file = path, .format = ExportFormat::HttpArchive}, {}));

    QVERIFY(written);
    const QJsonValue cut = entries(path).at(0)["response"_L1]["content"_L1];
    QCOMPARE(cut["text"_L1].toString(), u"é"_s);
    QVERIFY(cut["encoding"_L1].isUndefined());
    QCOMPARE(cut["size"_L1].toInt(), 900);
    QVERIFY(cut["comment"_L1].toString().contains(u"3 bytes"_s));
    const QJsonValue sound = entries(path).at(1)["response"_L1]["content"_L1];
    QCOMPARE(sound["encoding"_L1].toString(), u"base64"_s);
    QCOMPARE(QByteArray::fromBase64(sound["text"_L1].toString().toLatin1()),
             QByteArray("\xFF\x00\xFE", 3));
}

void TrafficExportTest::phasesOfAnArchive_data()
{
    QTest::addColumn<domain::AttemptNote>("last");
    QTest::addColumn<qint64>("firstByte");
    QTest::addColumn<QList<double>>("phases"); // blocked, connect, send, wait, receive

    const domain::AttemptNote served{.startedAt = 500'000,
                                     .connectedAt = 520'000,
                                     .sentAt = 521'000,
                                     .answeredAt = 1'200'000,
                                     .begunAt = 1'300'000,
                                     .endedAt = 1'990'000};
    domain::AttemptNote reused = served;
    reused.reused = true;
    domain::AttemptNote unreachable{.startedAt = 500'000, .endedAt = 1'500'000};
    domain::AttemptNote never{.startedAt = -1};
    QTest::newRow("a new connection")
        << served << qint64(1'000) << QList<double>{500, 20, 1, 679, 800};
    QTest::newRow("a connection that was used again")
        << reused << qint64(1'000) << QList<double>{500, -1, 21, 679, 800};
    QTest::newRow("nobody answered")
        << unreachable << qint64(-1) << QList<double>{500, -1, 0, 1'000, 500};
    QTest::newRow("no attempt is known")
        << never << qint64(1'250) << QList<double>{-1, -1, 0, 1'250, 750};
    QTest::newRow("nothing is known") << never << qint64(-1) << QList<double>{-1, -1, 0, 2'000, 0};
}

// They add up to the whole time.
void TrafficExportTest::phasesOfAnArchive()
{
    QFETCH(domain::AttemptNote, last);
    QFETCH(qint64, firstByte);
    QFETCH(QList<double>, phases);
    UsageRecord record = request("a");
    record.firstByteMilliseconds = firstByte;
    const domain::AttemptNote failed{.endedAt = 500'000, .status = 503, .errorCode = "fault"};
    if (last.startedAt >= 0)
        record.attemptLog = domain::attemptLog(std::array{failed, last});
    store({record});
    const ExportTarget target{.file = m_directory.filePath(u"out.har"_s),
                              .format = ExportFormat::HttpArchive};

    QVERIFY(wait(traffic().exportOne(target, "a")));

    const QJsonValue entry = entries(target.file).at(0);
    const QJsonValue timings = entry["timings"_L1];
    const QStringList names{u"blocked"_s, u"connect"_s, u"send"_s, u"wait"_s, u"receive"_s};
    for (qsizetype i = 0; i < names.size(); ++i)
        QCOMPARE(timings[names.at(i)].toDouble(-2), phases.at(i));
    QCOMPARE(timings["dns"_L1].toDouble(-2), -1.0);
    QCOMPARE(entry["time"_L1].toDouble(), 2'000.0);
    QCOMPARE(entry["_attempt_log"_L1].toArray().size(), last.startedAt >= 0 ? 2 : 0);
    const qint64 started =
        QDateTime::fromString(entry["startedDateTime"_L1].toString(), Qt::ISODateWithMs)
            .toMSecsSinceEpoch();
    QCOMPARE(started, record.createdAt - 2'000);
}

void TrafficExportTest::aCancelledArchiveLeavesNoFile()
{
    std::vector<UsageRecord> many;
    for (int i = 0; i < 3'000; ++i)
        many.push_back(request("r" + QByteArray::number(i)));
    store(many);
    const QString path = m_directory.filePath(u"never.har"_s);

    auto answer = traffic().exportTo({.file = path, .format = ExportFormat::HttpArchive}, {});
    answer.cancel();

    QTRY_VERIFY(answer.isFinished());
    QVERIFY(!QFile::exists(path));
    QCOMPARE(QDir(m_directory.path()).entryList({u"never*"_s}).size(), 0);
}

void TrafficExportTest::anExportThatCannotBeWritten()
{
    const auto written =
        wait(traffic().exportTo({.file = m_directory.filePath(u"no/such/folder/out.csv"_s)}, {}));

    QVERIFY(!written);
    QCOMPARE(written.error().code, base::ErrorCode::Unavailable);
}

void TrafficExportTest::aRequestForTheShell()
{
    const domain::CapturedMessage request{.line = "POST /v1/messages",
                                          .fields = {{"Host", "gate"},
                                                     {"x-api-key", "***"},
                                                     {"Cookie", "***"},
                                                     {"X-Note", "it's $HOME"}},
                                          .body = "{\"text\":\"it's `me`\"}"};

    const QString command = curlCommand(request, u"https://gate:3000"_s);

    QCOMPARE(command, uR"(curl 'https://gate:3000/v1/messages' \
  -H "x-api-key: $API_KEY" \
  -H 'X-Note: it'\''s $HOME' \
  -H 'Content-Type:' \
  --data-raw '{"text":"it'\''s `me`"}')"_s);
}

void TrafficExportTest::aKeyThatCameInTheAddress()
{
    domain::CapturedMessage request{.line = "POST /v1beta/models/gemini-pro:generateContent",
                                    .fields = {{"X-Session", "***"}}};
    QString command = curlCommand(request, u"http://gate"_s);
    QCOMPARE(command, uR"(curl 'http://gate/v1beta/models/gemini-pro:generateContent' -X 'POST' \
  -H "x-goog-api-key: $API_KEY")"_s);

    request.line = "POST /v1/chat/completions";
    command = curlCommand(request, u"http://gate"_s);
    QCOMPARE(command, uR"(curl 'http://gate/v1/chat/completions' -X 'POST' \
  -H "Authorization: Bearer $API_KEY")"_s);
}

void TrafficExportTest::theShellGetsTheBytes_data()
{
    QTest::addColumn<QByteArray>("body");

    QByteArray all;
    for (int byte = 0; byte < 256; ++byte)
        all.append(static_cast<char>(byte));
    QTest::newRow("plain") << QByteArray(R"({"a":1})");
    QTest::newRow("what a shell acts upon") << QByteArray("'\"`$(id) \\ \n!%s %% \t*");
    QTest::newRow("every byte") << all;
    QTest::newRow("a file's name for curl") << QByteArray("@/etc/passwd");
    QTest::newRow("an option") << QByteArray("-n\x01");
    QTest::newRow("digits behind an odd byte") << QByteArray("\x01"
                                                             "777");
    QTest::newRow("a carriage return") << QByteArray("a\r\nb");
    QTest::newRow("broken UTF-8") << QByteArray("caf\xC3");
    QTest::newRow("longer than an argument") << QByteArray(300'000, 'x');
    QTest::newRow("longer and odd") << QByteArray(300'000, '\xFF');
}

// What /bin/sh makes of the command, with a function in the place of curl that shows what it gets.
void TrafficExportTest::theShellGetsTheBytes()
{
    QFETCH(QByteArray, body);
    const domain::CapturedMessage request{.line = "POST /v1/messages", .body = body};

    const QString command = curlCommand(request, u"http://gate"_s);

    QProcess shell;
    shell.start(u"/bin/sh"_s, {});
    shell.write("curl() { for last; do :; done; "
                "if [ \"$last\" = @- ]; then cat; else printf %s \"$last\"; fi; }\n");
    shell.write(command.toUtf8() + '\n');
    shell.closeWriteChannel();
    QVERIFY(shell.waitForFinished());
    QCOMPARE(shell.readAllStandardError(), QByteArray());
    QVERIFY(shell.readAllStandardOutput() == body);
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::TrafficExportTest)
#include "tst_trafficexport.moc"
