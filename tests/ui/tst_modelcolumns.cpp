#include "domain/filterquery.h"
#include "models/capabilitytext.h"
#include "models/modelcolumns.h"
#include "widgets/table/tablecopy.h"
#include "widgets/table/tablefiltermodel.h"

#include <QTableView>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

using domain::Capability;

// What the columns of the table of models say, without a page.
class ModelColumnsTest : public QObject
{
    Q_OBJECT

private slots:
    void showsWhatTheFirstChannelsModelCan();
    void saysNothingOfUnknownModels();
    void tellsWhereChannelsDiffer();
    void namesEachCapability_data();
    void namesEachCapability();
    void namesEachPurpose_data();
    void namesEachPurpose();
    void showsAliases();
    void filters_data();
    void filters();
    void completesCapabilities();
    void copiesCapabilitiesAsText();
    void tellsTheState_data();
    void tellsTheState();
    void tellsWhyNothingIsServed();

private:
    using Row = admin::ServedModel;

    static Column<Row> column(const QString &key)
    {
        for (Column<Row> &each : ModelColumns::models()) {
            if (each.traits.key == key)
                return each;
        }
        qFatal("there is no column %s", qPrintable(key));
    }
    static admin::RouteCandidate able(const QString &channel, domain::Capabilities abilities)
    {
        return {.name = channel, .capabilities = domain::ModelCapabilities{.abilities = abilities}};
    }
    static std::vector<Row> rows()
    {
        return {{.model = "smart",
                 .aliases = {"gpt-4o", "default"},
                 .channels = {able(u"OpenAI"_s, Capability::Tools | Capability::Vision)}},
                {.model = "plain", .channels = {able(u"OpenAI"_s, Capability::Tools)}},
                {.model = "mystery", .channels = {{.name = u"Tools Ltd"_s}}}};
    }
};

void ModelColumnsTest::showsWhatTheFirstChannelsModelCan()
{
    const Cell cell = column(u"can"_s).cell(rows().front());

    QCOMPARE(cell.tags, (QStringList{u"tools"_s, u"vision"_s}));
    QCOMPARE(cell.accessibleText(), u"tools, vision"_s);
    QVERIFY(cell.toolTip.contains(u"vision: reads pictures"_s));
}

void ModelColumnsTest::saysNothingOfUnknownModels()
{
    const Column<Row> can = column(u"can"_s);
    Row row = rows().back();

    QVERIFY(can.cell(row).tags.isEmpty());
    QCOMPARE(can.cell(row).toolTip, u"Unknown"_s);
    QCOMPARE(can.cell(row).accessibleText(), u"Unknown"_s);
    QVERIFY(!can.sort(row).isValid());
    QVERIFY(can.words(row).isEmpty());
    row.channels.front().capabilities = domain::ModelCapabilities{.contextTokens = 8'192};
    QCOMPARE(can.cell(row).toolTip, u"Unknown"_s);
    row.channels.clear();
    QCOMPARE(can.cell(row).toolTip, u"Unknown"_s);
}

void ModelColumnsTest::tellsWhereChannelsDiffer()
{
    Row row = rows().front();
    row.channels.push_back(able(u"same"_s, Capability::Tools | Capability::Vision));
    row.channels.push_back(able(u"other"_s, Capability::Reasoning));
    row.channels.push_back({.name = u"silent"_s});

    const Cell cell = column(u"can"_s).cell(row);

    QCOMPARE(cell.tags, (QStringList{u"tools"_s, u"vision"_s}));
    const QStringList lines = cell.toolTip.split(u'\n');
    QVERIFY(lines.contains(u"other: reasoning"_s));
    QVERIFY(!cell.toolTip.contains(u"same"_s));
    QVERIFY(!cell.toolTip.contains(u"silent"_s));
}

void ModelColumnsTest::namesEachCapability_data()
{
    QTest::addColumn<Capability>("capability");
    QTest::addColumn<QString>("word");

    QTest::newRow("tools") << Capability::Tools << u"tools"_s;
    QTest::newRow("vision") << Capability::Vision << u"vision"_s;
    QTest::newRow("reasoning") << Capability::Reasoning << u"reasoning"_s;
    QTest::newRow("prompt cache") << Capability::PromptCache << u"cache"_s;
    QTest::newRow("audio") << Capability::Audio << u"audio"_s;
    QTest::newRow("speech") << Capability::Speech << u"voice"_s;
    QTest::newRow("video") << Capability::Video << u"video"_s;
    QTest::newRow("documents") << Capability::Documents << u"PDF"_s;
    QTest::newRow("JSON schema") << Capability::JsonSchema << u"schema"_s;
    QTest::newRow("web search") << Capability::WebSearch << u"web"_s;
}

void ModelColumnsTest::namesEachCapability()
{
    QFETCH(Capability, capability);
    QFETCH(QString, word);
    const domain::ModelCapabilities one{.abilities = capability};

    QCOMPARE(CapabilityText::words(one), QStringList{word});
    QCOMPARE(CapabilityText::englishWords(one), QStringList{word});
    QCOMPARE(CapabilityText::explanations(one).size(), qsizetype(1));
}

void ModelColumnsTest::namesEachPurpose_data()
{
    QTest::addColumn<domain::ModelPurpose>("purpose");
    QTest::addColumn<QStringList>("words");
    using domain::ModelPurpose;

    QTest::newRow("chat") << ModelPurpose::Chat << QStringList();
    QTest::newRow("embeddings") << ModelPurpose::Embeddings << QStringList{u"embeddings"_s};
    QTest::newRow("images") << ModelPurpose::Images << QStringList{u"images"_s};
    QTest::newRow("speech") << ModelPurpose::Speech << QStringList{u"speech"_s};
    QTest::newRow("transcription")
        << ModelPurpose::Transcription << QStringList{u"transcription"_s};
    QTest::newRow("reranking") << ModelPurpose::Reranking << QStringList{u"reranking"_s};
    QTest::newRow("moderation") << ModelPurpose::Moderation << QStringList{u"moderation"_s};
    QTest::newRow("video") << ModelPurpose::Video << QStringList{u"videos"_s};
    QTest::newRow("realtime") << ModelPurpose::Realtime << QStringList{u"realtime"_s};
}

void ModelColumnsTest::namesEachPurpose()
{
    QFETCH(domain::ModelPurpose, purpose);
    QFETCH(QStringList, words);

    QCOMPARE(CapabilityText::words({.purpose = purpose}), words);
}

void ModelColumnsTest::showsAliases()
{
    const Column<Row> alias = column(u"alias"_s);

    const Cell cell = alias.cell(rows().front());
    QCOMPARE(cell.text, u"gpt-4o, default"_s);
    QCOMPARE(cell.toolTip.split(u'\n'),
             (QStringList{u"gpt-4o"_s, u"default (the default model)"_s}));
    QVERIFY(!alias.cell(rows().back()).accessibleText().isEmpty());
    QVERIFY(!alias.sort(rows().back()).isValid());
}

void ModelColumnsTest::filters_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QStringList>("models");

    QTest::newRow("a capability") << u"can:vision"_s << QStringList{u"smart"_s};
    QTest::newRow("of several") << u"can:tools"_s << QStringList{u"smart"_s, u"plain"_s};
    QTest::newRow("both") << u"can:tools can:vision"_s << QStringList{u"smart"_s};
    QTest::newRow("one or the other") << u"can:audio,vision"_s << QStringList{u"smart"_s};
    QTest::newRow("not") << u"-can:vision"_s << QStringList{u"plain"_s, u"mystery"_s};
    QTest::newRow("one that none has") << u"can:audio"_s << QStringList{};
    QTest::newRow("an alias") << u"alias:gpt-4o"_s << QStringList{u"smart"_s};
    QTest::newRow("an alias as a word") << u"gpt-4o"_s << QStringList{u"smart"_s};
    // Names are looked for, not what models can.
    QTest::newRow("a word") << u"tools"_s << QStringList{u"mystery"_s};
}

void ModelColumnsTest::filters()
{
    QFETCH(QString, text);
    QFETCH(QStringList, models);
    ServedModelTable table(ModelColumns::models(), [](const Row &row) { return row.model; });
    table.setRows(rows());
    TableFilterModel filter;
    filter.setSourceModel(&table);

    filter.setQuery(domain::filterQueryFrom(text, filter.keys()));

    QStringList shown;
    for (int row = 0; row < filter.rowCount(); ++row)
        shown.append(filter.index(row, table.columnOf(u"model"_s)).data().toString());
    QCOMPARE(shown, models);
}

void ModelColumnsTest::completesCapabilities()
{
    ServedModelTable table(ModelColumns::models(), [](const Row &row) { return row.model; });
    table.setRows(rows());
    TableFilterModel filter;
    filter.setSourceModel(&table);

    QVERIFY(filter.keys().contains(u"can"_s));
    QCOMPARE(filter.values(u"can"_s), (QStringList{u"tools"_s, u"vision"_s}));
}

void ModelColumnsTest::copiesCapabilitiesAsText()
{
    ServedModelTable table(ModelColumns::models(), [](const Row &row) { return row.model; });
    table.setRows(rows());
    QTableView view;
    view.setModel(&table);

    const TableExtract extract = TableExtract::of(view, false);

    const qsizetype can = extract.keys.indexOf(u"can"_s);
    QVERIFY(can >= 0);
    QCOMPARE(extract.rows.front().at(can), u"tools, vision"_s);
    QCOMPARE(extract.objects.at(0)[u"can"_s].toString(), u"tools, vision"_s);
    QVERIFY(extract.objects.at(2)[u"can"_s].isNull());
}

void ModelColumnsTest::tellsTheState_data()
{
    QTest::addColumn<bool>("served");
    QTest::addColumn<bool>("resting");
    QTest::addColumn<bool>("priced");
    QTest::addColumn<bool>("failed"); // its only key, which is tried again
    QTest::addColumn<QString>("state");

    QTest::newRow("served") << true << false << true << false << u"Served"_s;
    QTest::newRow("without a price") << true << false << false << false << u"No price"_s;
    QTest::newRow("at rest") << true << true << true << false << u"At rest"_s;
    QTest::newRow("at rest, without a price") << true << true << false << false << u"At rest"_s;
    QTest::newRow("a failed key") << true << false << true << true << u"Doubtful"_s;
    QTest::newRow("not served") << false << false << true << false << u"Not served"_s;
}

void ModelColumnsTest::tellsTheState()
{
    QFETCH(bool, served);
    QFETCH(bool, resting);
    QFETCH(bool, priced);
    QFETCH(bool, failed);
    QFETCH(QString, state);
    admin::RouteCandidate channel{.name = u"one"_s};
    if (failed)
        channel.reason = base::Message::verbatim(u"no usable key"_s);
    const Row row{.model = "m",
                  .channels = {channel},
                  .isServed = served,
                  .isResting = resting,
                  .isPriced = priced};

    QCOMPARE(column(u"status"_s).cell(row).text, state);
    QVERIFY(column(u"status"_s).cell(row).glyph);
    QVERIFY(column(u"status"_s).words(row).contains(state));
}

void ModelColumnsTest::tellsWhyNothingIsServed()
{
    const Row row{.model = "m",
                  .channels = {{.name = u"one"_s,
                                .exclusion = admin::RouteExclusion::Resting,
                                .reason = base::Message::verbatim(u"rests"_s)}},
                  .isServed = true,
                  .isResting = true};

    QCOMPARE(column(u"status"_s).cell(row).toolTip, u"one: rests"_s);
    QCOMPARE(column(u"channel"_s).cell(row).paleTags, qsizetype(1));
    QCOMPARE(column(u"channel"_s).cell(row).toolTip, u"one: rests"_s);
}

QTEST_MAIN(ModelColumnsTest)
#include "tst_modelcolumns.moc"
