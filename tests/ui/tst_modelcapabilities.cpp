#include "admin/administration.h"
#include "domain/providertype.h"
#include "models/modelspage.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/table/tableview.h"

#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// The page of models on what the program knows of them: capabilities, other names, and rests.
class ModelCapabilitiesTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void showsCapabilities();
    void showsContextsThatPricesLack();
    void claimsNothingOfUnknownModels();
    void filtersByCapability();
    void showsAliases();
    void showsWhatRests();

private:
    TableView *view() const { return m_page->findChild<TableView *>(u"models"_s); }
    int rowOf(const QString &model) const { return tests::rowOf(view(), u"model"_s, model); }
    QModelIndex index(const QString &model, const QString &column) const
    {
        return view()->model()->index(rowOf(model),
                                      tableModelOf(view()->model())->columnOf(column));
    }
    Cell cell(const QString &model, const QString &column) const
    {
        return index(model, column).data(role::cell).value<Cell>();
    }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<ModelsPage> m_page;
};

void ModelCapabilitiesTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_fixture->addEchoChannel(u"Echo"_s, {u"echo"_s});
    domain::Channel openAi{.type = domain::provider::openAi,
                           .name = u"OpenAI"_s,
                           .models = {u"gpt-4o"_s, u"fast"_s},
                           .modelMapping = {{u"fast"_s, u"gpt-4o"_s}}};
    openAi.keys.append({.secret = base::Secret(QByteArray("sk-test-0123456789abcdef"))});
    constexpr int dashScope = 17;
    domain::Channel alibaba{
        .type = dashScope, .name = u"Alibaba"_s, .models = {u"qwen3-vl-plus"_s}};
    alibaba.keys.append({.secret = base::Secret(QByteArray("sk-test-fedcba9876543210"))});
    m_fixture->wait(m_fixture->administration().channels.create({openAi, alibaba}));
    m_fixture->waitFor(
        m_fixture->administration().settings.set(u"relay.default_model"_s, u"fast"_s));
}

void ModelCapabilitiesTest::init()
{
    m_page = std::make_unique<ModelsPage>(m_fixture->services());
    m_page->resize(1300, 600);
    m_page->show();
    m_page->setActive(true);
    QTRY_VERIFY(rowOf(u"gpt-4o"_s) >= 0);
}

void ModelCapabilitiesTest::cleanup()
{
    m_page.reset();
}

void ModelCapabilitiesTest::showsCapabilities()
{
    const Cell shown = cell(u"gpt-4o"_s, u"can"_s);

    QVERIFY2(shown.tags.contains(u"tools"_s), qPrintable(shown.accessibleText()));
    QVERIFY2(shown.tags.contains(u"vision"_s), qPrintable(shown.accessibleText()));
    QVERIFY(!shown.tags.contains(u"reasoning"_s));
    QCOMPARE(cell(u"fast"_s, u"can"_s), shown); // which is what it is mapped to
}

void ModelCapabilitiesTest::showsContextsThatPricesLack()
{
    QVERIFY(index(u"qwen3-vl-plus"_s, u"context"_s).data(role::sort).toLongLong() > 0);
}

void ModelCapabilitiesTest::claimsNothingOfUnknownModels()
{
    QVERIFY(cell(u"echo"_s, u"can"_s).tags.isEmpty());
    QVERIFY(!cell(u"echo"_s, u"can"_s).toolTip.isEmpty());
}

void ModelCapabilitiesTest::filtersByCapability()
{
    m_page->setFilter(u"can:vision"_s);

    QTRY_COMPARE(rowOf(u"echo"_s), -1);
    QVERIFY(rowOf(u"gpt-4o"_s) >= 0);
}

void ModelCapabilitiesTest::showsAliases()
{
    QCOMPARE(cell(u"fast"_s, u"alias"_s).text, u"gpt-4o, default"_s);
    QCOMPARE(cell(u"gpt-4o"_s, u"alias"_s).text, u"fast, default"_s);
    QVERIFY(cell(u"echo"_s, u"alias"_s).secondary);
}

void ModelCapabilitiesTest::showsWhatRests()
{
    admin::Administration &administration = m_fixture->administration();
    const auto catalog = administration.publisher.catalog();
    const auto openAi =
        std::find_if(catalog->channels().begin(), catalog->channels().end(), [](const auto &each) {
            return each->channel.name == u"OpenAI"_s;
        });
    QVERIFY(openAi != catalog->channels().end());
    const domain::Channel &channel = (*openAi)->channel;
    administration.foundation.health.report(channel.id,
                                            channel.keys.front().id,
                                            relay::HealthEvent::RateLimited,
                                            catalog->settings().relay,
                                            std::chrono::minutes(10));
    tests::trigger(*m_page, u"models.refresh"_s);

    QTRY_COMPARE(cell(u"gpt-4o"_s, u"status"_s).text, u"At rest"_s);
    QCOMPARE(cell(u"gpt-4o"_s, u"channel"_s).paleTags, qsizetype(1));
    QVERIFY(cell(u"gpt-4o"_s, u"status"_s).toolTip.contains(u"OpenAI"_s));
    administration.channels.resetBreaker(channel.id);
    tests::trigger(*m_page, u"models.refresh"_s);
    QTRY_COMPARE(cell(u"gpt-4o"_s, u"status"_s).text, u"Served"_s);
}

QTEST_MAIN(ModelCapabilitiesTest)
#include "tst_modelcapabilities.moc"
