#include "admin/administration.h"
#include "storage/traffic/usagerepository.h"
#include "tokens/tokendetail.h"
#include "tokens/tokenfacts.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/tokensfixture.h"
#include "widgets/factgrid.h"
#include "widgets/table/tablefooter.h"
#include "widgets/table/tableview.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>
#include <QTranslator>

#include <algorithm>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using domain::Quota;

// What is said of a token beside the list, and what leads from there to Traffic.
class TokenDetailTest : public tests::TokensFixture
{
    Q_OBJECT

private slots:
    void init();
    void opensAndCloses();
    void tellsOfTheMonth();
    void leadsToTraffic();
    void tellsWhatTheTokenMayDo();
    void tellsWhoUsedIt();
    void tellsWhereNobodyDid();
    void aTipShowsANameAsItIs();
    void isSaidInTheLanguage();
    void copiesThePrefix();
    void sumsUpTheMonth();
    void isAccessible();

private:
    TokenDetail *detail() const { return m_page->findChild<TokenDetail *>(); }
    // Requests of the token, which end now.
    void store(const domain::Token &token, int count, domain::UsageRecord like);
    bool says(const QString &text) const
    {
        const auto labels = detail()->findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
            return label->text().contains(text);
        });
    }
    static QString textOf(const QList<Fact> &facts, const QString &label)
    {
        const auto found = std::find_if(
            facts.begin(), facts.end(), [&](const Fact &fact) { return fact.label == label; });
        return found == facts.end() ? QString() : found->text;
    }

    int m_requests = 0;
};

void TokenDetailTest::init()
{
    TokensFixture::init();
    QAction *toggle = tests::action(*m_page, u"tokens.detail"_s);
    QVERIFY(toggle);
    if (!toggle->isChecked())
        toggle->trigger();
}

void TokenDetailTest::store(const domain::Token &token, int count, domain::UsageRecord like)
{
    like.userId = token.userId;
    like.tokenId = token.id;
    like.tokenName = token.name.toUtf8();
    like.createdAt = QDateTime::currentMSecsSinceEpoch();
    like.operation = "chat";
    like.model = "stored";
    const int first = m_requests;
    m_requests += count;
    m_fixture->waitFor(m_fixture->administration().foundation.storage.write(
        [count, first, like](storage::Database &database) -> base::Result<> {
            for (int i = 0; i < count; ++i) {
                domain::UsageRecord record = like;
                record.requestId = "detail-" + QByteArray::number(first + i);
                if (auto added = storage::UsageRepository(database).insert(record); !added)
                    return base::fail(added.error());
            }
            return {};
        }));
    m_fixture->waitFor(
        m_fixture->administration().statistics.catchUp(std::chrono::milliseconds(10'000)));
}

void TokenDetailTest::opensAndCloses()
{
    add({.name = u"one"_s, .unlimited = true});
    select({u"one"_s});
    QVERIFY(detail()->isVisible());

    trigger(u"tokens.detail"_s);
    QVERIFY(!detail()->isVisible());
    QVERIFY(!m_page->panes().contains(detail()));
    trigger(u"tokens.detail"_s);
    QVERIFY(detail()->isVisible());
    QVERIFY(m_page->panes().contains(detail()));
    QVERIFY(says(u"no limit"_s));
}

void TokenDetailTest::tellsOfTheMonth()
{
    const domain::Token token = add({.name = u"one"_s, .unlimited = true});
    store(token, 3, {.cost = {500'000'000}, .httpStatus = 200});
    store(token, 1, {.httpStatus = 503});

    select({u"one"_s});

    QTRY_VERIFY(says(u"$1.50"_s));
    QVERIFY(tests::button<QPushButton>(detail(), u"4"_s));
    QVERIFY(tests::button<QPushButton>(detail(), u"1"_s));
}

void TokenDetailTest::leadsToTraffic()
{
    const domain::Token token = add({.name = u"one"_s, .unlimited = true});
    store(token, 2, {.httpStatus = 200});
    select({u"one"_s});
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);
    QTRY_VERIFY(tests::button<QPushButton>(detail(), u"2"_s));

    QTest::mouseClick(tests::button<QPushButton>(detail(), u"2"_s), Qt::LeftButton);

    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.front().at(1).toString(), u"token:#%1 since:30d"_s.arg(token.id.value));
}

void TokenDetailTest::tellsWhatTheTokenMayDo()
{
    const admin::TokenListing row{.token = {.createdAt = 1'700'000'000,
                                            .expiresAt = 1'800'000'000,
                                            .balance = {Quota::perDollar * 3},
                                            .used = {Quota::perDollar},
                                            .models = {u"small"_s, u"large"_s},
                                            .requestsPerMinute = 60,
                                            .concurrentRequests = 2,
                                            .capture = domain::TokenCapture::Never},
                                  .group = "vip"};

    const auto facts = TokenFacts::settings(row, QDateTime::fromSecsSinceEpoch(1'790'000'000));

    QVERIFY(textOf(facts, u"Budget"_s).contains(u"$3.00 left"_s));
    QCOMPARE(textOf(facts, u"Spent so far"_s), u"$1.00"_s);
    QCOMPARE(textOf(facts, u"Limits"_s), u"60 requests a minute\n2 at the same time"_s);
    QVERIFY(textOf(facts, u"Models"_s).contains(u"small"_s));
    QVERIFY(textOf(facts, u"Models"_s).contains(u"large"_s));
    QCOMPARE(textOf(facts, u"Used from"_s), u"anywhere"_s);
    QCOMPARE(textOf(facts, u"Keep bodies"_s), u"not at all"_s);
    QCOMPARE(textOf(facts, u"Group"_s), u"vip"_s);
}

void TokenDetailTest::tellsWhoUsedIt()
{
    const auto line = [](const QByteArray &client, const QByteArray &address) {
        admin::TrafficLine made;
        made.record.client = client;
        made.record.clientAddress = address;
        made.record.createdAt = 1'700'000'000'000;
        return made;
    };
    const admin::TokenListing row{.token = {.id = {7}}};

    const auto facts = TokenFacts::uses(row,
                                        {line("Codex", "10.0.0.1"),
                                         line("Codex", "10.0.0.1"),
                                         line("", "10.0.0.2"),
                                         line("Codex", "10.0.0.3")},
                                        QDateTime::fromSecsSinceEpoch(1'700'000'100));

    QCOMPARE(facts.size(), 3);
    QCOMPARE(facts[0].label, u"Codex"_s);
    QCOMPARE(facts[0].text, u"10.0.0.1"_s);
    QVERIFY(facts[0].filter.startsWith(u"token:#7 "_s));
    QVERIFY(facts[0].filter.contains(u"client:"_s));
    QVERIFY(facts[0].filter.contains(u"10.0.0.1"_s));
    QCOMPARE(facts[1].label, u"Unknown program"_s);
    QVERIFY(!facts[1].filter.contains(u"client:"_s));
}

void TokenDetailTest::tellsWhereNobodyDid()
{
    add({.name = u"one"_s, .unlimited = true});

    select({u"one"_s});

    QTRY_VERIFY(says(u"Nobody used it"_s));
}

// The name of a program is what the program says.
void TokenDetailTest::aTipShowsANameAsItIs()
{
    FactGrid facts(nullptr);

    facts.setFacts({{.label = u"Door"_s,
                     .door = u"3"_s,
                     .filter = u"client:x"_s,
                     .doorMeaning = u"Show <b>evil</b><img src=x>"_s}});

    const auto *door = facts.findChild<QPushButton *>();
    QVERIFY(door);
    QVERIFY(!door->toolTip().contains(u"<b>"_s));
    QVERIFY(door->toolTip().contains(u"&lt;b&gt;evil"_s));
    QCOMPARE(door->accessibleName(), u"Show <b>evil</b><img src=x>"_s);
}

void TokenDetailTest::isSaidInTheLanguage()
{
    class Marked : public QTranslator
    {
    public:
        bool isEmpty() const override { return false; }
        QString translate(const char *, const char *source, const char *, int) const override
        {
            return QByteArrayView(source).startsWith("Select a token") ? u"marked"_s : QString();
        }
    };
    add({.name = u"one"_s, .unlimited = true});
    m_page->findChild<TableView *>()->clearSelection();
    QTRY_VERIFY(says(u"Select a token"_s));
    Marked marked;
    QVERIFY(QCoreApplication::installTranslator(&marked));

    QTRY_VERIFY(says(u"marked"_s));

    QCoreApplication::removeTranslator(&marked);
    QTRY_VERIFY(says(u"Select a token"_s));
}

void TokenDetailTest::copiesThePrefix()
{
    const domain::Token token = add({.name = u"one"_s, .unlimited = true});
    select({u"one"_s});

    trigger(u"tokens.copyPrefix"_s);

    QCOMPARE(QGuiApplication::clipboard()->text(),
             QString(u"sk-"_s + QString::fromLatin1(token.key.reveal().first(4))));
}

void TokenDetailTest::sumsUpTheMonth()
{
    const domain::Token token = add({.name = u"one"_s, .unlimited = true});
    const auto *footer = m_page->findChild<TableFooter *>();
    QTRY_VERIFY(footer->totalsText().startsWith(u"30 days: $"_s));
    const QString before = footer->totalsText();

    store(token, 2, {.cost = {7'000'000'000}, .httpStatus = 200});
    m_page->setActive(false);
    m_page->setActive(true);

    QTRY_VERIFY(footer->totalsText() != before);
    QVERIFY(footer->totalsText().startsWith(u"30 days: $"_s));
}

void TokenDetailTest::isAccessible()
{
    const domain::Token token = add({.name = u"one"_s, .unlimited = true});
    store(token, 1, {.httpStatus = 200});
    select({u"one"_s});
    QTRY_VERIFY(tests::button<QPushButton>(detail(), u"1"_s));

    QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList());
}

QTEST_MAIN(TokenDetailTest)
#include "tst_tokendetail.moc"
