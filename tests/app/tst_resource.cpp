#include "commands/channels.h"
#include "commands/command.h"
#include "commands/draft.h"

#include <QTemporaryFile>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

// How things of the management API are named on the command line.
class ResourceTest : public QObject
{
    Q_OBJECT

private slots:
    void isFound_data();
    void isFound();
    void severalAreNamedWithTheirIds();
    void aNumberThatIsBothIsAmbiguous();
    void membersThatThereAreNotAreRefused_data();
    void membersThatThereAreNotAreRefused();
    void actionsAreTold();
    void wrongValuesAreRefusedAtOnce_data();
    void wrongValuesAreRefusedAtOnce();
};

static QJsonObject row(qint64 id, const QString &name)
{
    return {{u"id"_s, id}, {u"name"_s, name}};
}

static Rows someRows()
{
    return {row(7, u"twin"_s), row(5, u"twin"_s), row(3, u"7"_s), row(2, u"4"_s), row(1, u"one"_s)};
}

void ResourceTest::isFound_data()
{
    QTest::addColumn<QString>("reference");
    QTest::addColumn<qint64>("id"); // 0: not at all

    QTest::newRow("by the ID") << u"1"_s << qint64(1);
    QTest::newRow("by the name") << u"one"_s << qint64(1);
    QTest::newRow("by an ID that is told to be one") << u"id:7"_s << qint64(7);
    QTest::newRow("by a name that is told to be one") << u"name:7"_s << qint64(3);
    QTest::newRow("not by an ID as a name") << u"name:1"_s << qint64(0);
    QTest::newRow("not by a name as an ID") << u"id:4"_s << qint64(0);
    QTest::newRow("by a name that is a number") << u"4"_s << qint64(2);
    QTest::newRow("not by the beginning of a name") << u"on"_s << qint64(0);
    QTest::newRow("not by other letters") << u"One"_s << qint64(0);
    QTest::newRow("not by a number of nobody") << u"0"_s << qint64(0);
}

void ResourceTest::isFound()
{
    QFETCH(QString, reference);
    QFETCH(qint64, id);

    const auto found = rowOf(channelResource(), someRows(), reference);

    QCOMPARE(found ? idOf(*found) : 0, id);
    if (!found)
        QCOMPARE(found.error().code, base::ErrorCode::NotFound);
}

void ResourceTest::severalAreNamedWithTheirIds()
{
    const auto found = rowOf(channelResource(), someRows(), u"twin"_s);

    QVERIFY(!found);
    QCOMPARE(found.error().code, base::ErrorCode::InvalidInput);
    QVERIFY(found.error().message.english().contains(u"7, 5"_s));
}

void ResourceTest::aNumberThatIsBothIsAmbiguous()
{
    const auto found = rowOf(channelResource(), someRows(), u"7"_s);

    QVERIFY(!found);
    QCOMPARE(found.error().code, base::ErrorCode::InvalidInput);
    const QString text = found.error().message.english();
    for (const QString &part : {u"\"twin\" (7)"_s, u"\"7\" (3)"_s, u"id:7"_s, u"name:7"_s})
        QVERIFY2(text.contains(part), qPrintable(text));
    QCOMPARE(idOf(rowOf(channelResource(), {row(7, u"7"_s)}, u"7"_s).value()), 7);
}

void ResourceTest::membersThatThereAreNotAreRefused_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QString>("unknown"); // none: all are known

    QTest::newRow("known ones") << QByteArray(
        "{\"weight\":3,\"limits\":{\"requests_per_minute\":5},\"type_name\":\"Echo\"}")
                                << QString();
    QTest::newRow("a mistyped one") << QByteArray("{\"wieght\":3}") << u"wieght"_s;
    QTest::newRow("one of an object") << QByteArray("{\"limits\":{\"rpm\":5}}") << u"limits.rpm"_s;
}

void ResourceTest::membersThatThereAreNotAreRefused()
{
    QFETCH(QByteArray, json);
    QFETCH(QString, unknown);
    QTemporaryFile file;
    QVERIFY(file.open() && file.write(json) == json.size() && file.flush());
    const auto draft = Arguments::from({u"a"_s, u"--from-json"_s, file.fileName()},
                                       Draft::options(channelResource(), false))
                           .and_then([](const Arguments &arguments) {
                               return Draft::of(channelResource(), arguments, false);
                           });
    QVERIFY(draft);

    const auto body = draft->body({});

    QCOMPARE(body.has_value(), unknown.isEmpty());
    if (!body)
        QVERIFY(body.error().message.english().contains(u'"' + unknown + u'"'));
}

void ResourceTest::actionsAreTold()
{
    const CommandDescription channel = channelCommand();

    for (const QString &word : {u"list"_s,
                                u"show"_s,
                                u"add"_s,
                                u"edit"_s,
                                u"rm"_s,
                                u"enable"_s,
                                u"disable"_s,
                                u"test"_s,
                                u"--json"_s,
                                u"--type"_s,
                                u"--key-stdin"_s,
                                u"--all"_s}) {
        // Of an option that takes a value, the word for completion ends with "=".
        QVERIFY2(channel.words.contains(word) || channel.words.contains(QString(word + u'=')),
                 qPrintable(word));
        QVERIFY2(channel.help.contains(u"  "_s + word), qPrintable(word));
    }
    QCOMPARE(QSet<QString>(channel.words.cbegin(), channel.words.cend()).size(),
             channel.words.size());
}

void ResourceTest::wrongValuesAreRefusedAtOnce_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("says");

    QTest::newRow("no action") << QStringList() << u"list|show|add"_s;
    QTest::newRow("an unknown one") << QStringList{u"lst"_s} << u"list|show|add"_s;
    QTest::newRow("too few operands") << QStringList{u"rm"_s} << u"rm CHANNEL"_s;
    QTest::newRow("too many operands")
        << QStringList{u"show"_s, u"a"_s, u"b"_s} << u"show CHANNEL"_s;
    QTest::newRow("an option of another action")
        << QStringList{u"list"_s, u"--type=openai"_s} << u"--type"_s;
    QTest::newRow("an unknown provider")
        << QStringList{u"add"_s, u"a"_s, u"--type=nobody"_s} << u"Anthropic"_s;
    QTest::newRow("a provider that could be several")
        << QStringList{u"add"_s, u"a"_s, u"--type=open"_s} << u"no provider"_s;
    QTest::newRow("no mapping") << QStringList{u"edit"_s, u"a"_s, u"--map=b"_s} << u"--map"_s;
    QTest::newRow("nothing that changes")
        << QStringList{u"edit"_s, u"a"_s, u"--json"_s} << u"Say what is to change"_s;
    QTest::newRow("two places of the key")
        << QStringList{u"edit"_s, u"a"_s, u"--key-stdin"_s, u"--key-file=b"_s} << u"Only one"_s;
    QTest::newRow("standard input for two things")
        << QStringList{u"edit"_s, u"a"_s, u"--key-stdin"_s, u"--from-json=-"_s}
        << u"Standard input"_s;
    QTest::newRow("all tests and one") << QStringList{u"test"_s, u"a"_s, u"--all"_s} << u"--all"_s;
}

void ResourceTest::wrongValuesAreRefusedAtOnce()
{
    QFETCH(QStringList, words);
    QFETCH(QString, says);

    const auto command = channelCommand().make(Options{}, words);

    QVERIFY(!command);
    QCOMPARE(command.error().code, base::ErrorCode::InvalidInput);
    QVERIFY2(command.error().message.english().contains(says),
             qPrintable(command.error().message.english()));
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::ResourceTest)
#include "tst_resource.moc"
