#include "protocol/modelslist.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;
using domain::Dialect;
using protocol::ModelsPage;

namespace {

const std::vector<QByteArray> models{"a", "b\"", "c", "d"};

QJsonObject listed(Dialect dialect, const ModelsPage &page = {})
{
    return QJsonDocument::fromJson(protocol::modelsList(dialect, models, page)).object();
}

QStringList names(const QJsonObject &list, const QString &array, const QString &name)
{
    QStringList result;
    for (const QJsonValue &entry : list[array].toArray())
        result << entry[name].toString();
    return result;
}

} // namespace

class ModelsListTest : public QObject
{
    Q_OBJECT

private slots:
    void listsForOpenAi();
    void listsForAnthropic();
    void listsForGemini();
    void writesOne();
    void readsPage();
};

void ModelsListTest::listsForOpenAi()
{
    const QJsonObject list = listed(Dialect::OpenAi, {.limit = 1});

    QCOMPARE(list["object"_L1].toString(), u"list"_s);
    QCOMPARE(names(list, u"data"_s, u"id"_s), (QStringList{u"a"_s, u"b\""_s, u"c"_s, u"d"_s}));
    QCOMPARE(names(list, u"data"_s, u"object"_s).value(0), u"model"_s);
    QVERIFY(QJsonDocument::fromJson(protocol::modelsList(Dialect::OpenAi, {}))
                .object()["data"_L1]
                .toArray()
                .isEmpty());
}

void ModelsListTest::listsForAnthropic()
{
    const QJsonObject all = listed(Dialect::Anthropic);
    QCOMPARE(names(all, u"data"_s, u"id"_s), (QStringList{u"a"_s, u"b\""_s, u"c"_s, u"d"_s}));
    QCOMPARE(all["has_more"_L1].toBool(true), false);
    QCOMPARE(all["first_id"_L1].toString(), u"a"_s);
    QCOMPARE(all["last_id"_L1].toString(), u"d"_s);

    const QJsonObject first = listed(Dialect::Anthropic, {.limit = 2});
    QCOMPARE(names(first, u"data"_s, u"id"_s), (QStringList{u"a"_s, u"b\""_s}));
    QCOMPARE(first["has_more"_L1].toBool(), true);

    const QJsonObject second = listed(Dialect::Anthropic, {.limit = 2, .afterId = "b\""});
    QCOMPARE(names(second, u"data"_s, u"id"_s), (QStringList{u"c"_s, u"d"_s}));
    QCOMPARE(second["has_more"_L1].toBool(true), false);

    const QJsonObject before = listed(Dialect::Anthropic, {.limit = 1, .beforeId = "c"});
    QCOMPARE(names(before, u"data"_s, u"id"_s), QStringList{u"b\""_s});
    QCOMPARE(before["has_more"_L1].toBool(), true);

    const QJsonObject none = listed(Dialect::Anthropic, {.afterId = "unknown"});
    QVERIFY(none["data"_L1].toArray().isEmpty());
    QVERIFY(none["last_id"_L1].isNull());
}

void ModelsListTest::listsForGemini()
{
    const QJsonObject first = listed(Dialect::Gemini, {.limit = 3});
    QCOMPARE(names(first, u"models"_s, u"name"_s),
             (QStringList{u"models/a"_s, u"models/b\""_s, u"models/c"_s}));
    QCOMPARE(first["nextPageToken"_L1].toString(), u"c"_s);

    const QJsonObject rest = listed(Dialect::Gemini, {.limit = 3, .afterId = "c"});
    QCOMPARE(names(rest, u"models"_s, u"name"_s), QStringList{u"models/d"_s});
    QVERIFY(!rest.contains("nextPageToken"_L1));
}

void ModelsListTest::writesOne()
{
    const auto one = [](Dialect dialect) {
        return QJsonDocument::fromJson(protocol::modelAnswer(dialect, "x")).object();
    };

    QCOMPARE(one(Dialect::OpenAi)["id"_L1].toString(), u"x"_s);
    QCOMPARE(one(Dialect::OpenAi)["created"_L1].toInteger(), 1626777600);
    QCOMPARE(one(Dialect::Anthropic)["display_name"_L1].toString(), u"x"_s);
    QCOMPARE(one(Dialect::Gemini)["name"_L1].toString(), u"models/x"_s);
}

void ModelsListTest::readsPage()
{
    QCOMPARE(protocol::modelsPage(Dialect::Anthropic, "").limit, 1000);
    QCOMPARE(protocol::modelsPage(Dialect::Anthropic, "limit=20&after_id=a%2Fb").limit, 20);
    QCOMPARE(protocol::modelsPage(Dialect::Anthropic, "limit=20&after_id=a%2Fb").afterId, "a/b");
    QCOMPARE(protocol::modelsPage(Dialect::Anthropic, "before_id=c").beforeId, "c");
    QCOMPARE(protocol::modelsPage(Dialect::Anthropic, "limit=-3").limit, 1);
    QCOMPARE(protocol::modelsPage(Dialect::Anthropic, "limit=x").limit, 1000);
    QCOMPARE(protocol::modelsPage(Dialect::Gemini, "pageSize=99999&pageToken=c").limit, 1000);
    QCOMPARE(protocol::modelsPage(Dialect::Gemini, "pageSize=5&pageToken=c").afterId, "c");
}

QTEST_GUILESS_MAIN(ModelsListTest)
#include "tst_modelslist.moc"
