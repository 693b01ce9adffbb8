#include "admin/administration.h"
#include "tokens/tokencolumns.h"
#include "tokens/tokendialog.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/tokensfixture.h"
#include "widgets/messagebar.h"
#include "widgets/table/tableview.h"
#include "widgets/undostack.h"

#include <QAction>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using domain::Quota;
using tests::field;

// What is done in the table of tokens.
class TokensPageTest : public tests::TokensFixture
{
    Q_OBJECT

private slots:
    void showsOddNamesAsTheyAre_data();
    void showsOddNamesAsTheyAre();
    void editsAndUndoes();
    void editingKeepsLongNamesAndLargeLimits();
    void spentMeanwhileStaysSpent();
    void setsTheBudgetInItsCell_data();
    void setsTheBudgetInItsCell();
    void switchesOffWhatWasOnAndBringsBackExactlyThat();
    void deletesAndBringsBack();
    void topsUpSeveral();
    void redoingATopUpGivesNoMoreThanWasTaken();
    void topsUpNoneWithoutLimit();
    void duplicatesWhatWasGiven();
    void aCopyEndsWithItsSource();
    void asksBeforeTheCounterIsReset();
    void colorsWhatExpiresSoon();
    void tellsOfAFormerKeyInUse();
    void tellsOfTheLastUse();
    void leadsToTraffic();
    void isAccessible();
};

void TokensPageTest::showsOddNamesAsTheyAre_data()
{
    QTest::addColumn<QString>("name");

    QTest::newRow("with markup") << u"<b>x</b>&amp;<img src=a>"_s;
    QTest::newRow("from right to left") << u"مفتاح أليس"_s;
    QTest::newRow("as long as it may be") << QString(30, u'W');
}

void TokensPageTest::showsOddNamesAsTheyAre()
{
    QFETCH(QString, name);

    add({.name = name, .balance = {Quota::perDollar * 1'000'000'000}});

    QCOMPARE(cell(name, u"name"_s).data().toString(), name);
    QVERIFY(cell(name, u"left"_s).data().toString().startsWith(u"$1,000,000,000"_s));
    QVERIFY(!m_page->grab().isNull());
}

void TokensPageTest::editsAndUndoes()
{
    const domain::Token token = add({.name = u"one"_s, .unlimited = true});
    select({u"one"_s});
    trigger(u"tokens.edit"_s);
    auto *dialog = m_page->findChild<TokenDialog *>();
    QVERIFY(dialog);
    field<QLineEdit>(dialog, u"Name"_s)->setText(u"two"_s);
    field<QSpinBox>(dialog, u"At the same time"_s)->setValue(3);
    QTest::mouseClick(tests::button<QPushButton>(dialog, u"Save"_s), Qt::LeftButton);
    QTRY_COMPARE(stored(token.id).name, u"two"_s);
    QCOMPARE(stored(token.id).concurrentRequests, 3);
    QTRY_VERIFY(m_fixture->services().undo.canUndo());

    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(token.id).name, u"one"_s);
    QCOMPARE(stored(token.id).concurrentRequests, 0);
    m_fixture->services().undo.redo();
    QTRY_COMPARE(stored(token.id).name, u"two"_s);
}

// As the management allows them.
void TokensPageTest::editingKeepsLongNamesAndLargeLimits()
{
    const QString name(100, u'n');
    const domain::Token token = add({.name = name,
                                     .unlimited = true,
                                     .requestsPerMinute = 2'000'000'000,
                                     .tokensPerMinute = 5'000'000'000,
                                     .concurrentRequests = 50'000});
    select({name});
    trigger(u"tokens.edit"_s);
    auto *dialog = m_page->findChild<TokenDialog *>();
    QVERIFY(dialog);
    field<QComboBox>(dialog, u"Used from"_s)->setCurrentIndex(1);
    QTest::mouseClick(tests::button<QPushButton>(dialog, u"Save"_s), Qt::LeftButton);

    QTRY_VERIFY(!stored(token.id).addressRanges.isEmpty());
    QCOMPARE(stored(token.id).name, name);
    QCOMPARE(stored(token.id).requestsPerMinute, 2'000'000'000);
    QCOMPARE(stored(token.id).tokensPerMinute, 5'000'000'000);
    QCOMPARE(stored(token.id).concurrentRequests, 50'000);

    select({name});
    trigger(u"tokens.duplicate"_s);
    QTRY_VERIFY(rowOf(name.left(93) + u" (copy)"_s) >= 0);
}

void TokensPageTest::spentMeanwhileStaysSpent()
{
    const domain::Token token = add({.name = u"one"_s, .balance = {Quota::perDollar * 10}});
    view()->commitCell(cell(u"one"_s, u"left"_s), u"50"_s);
    QTRY_COMPARE(stored(token.id).balance, Quota{Quota::perDollar * 50});
    m_fixture->wait(m_fixture->administration().tokenManager.topUp(
        m_fixture->services().actor, token.id, Quota{-Quota::perDollar}));

    m_fixture->services().undo.undo();

    QTRY_COMPARE(stored(token.id).balance, Quota{Quota::perDollar * 9});
}

void TokensPageTest::setsTheBudgetInItsCell_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<qint64>("units"); // -1: refused

    QTest::newRow("whole dollars") << u"7"_s << Quota::perDollar * 7;
    QTest::newRow("with a sign and cents") << u"$ 12.50"_s << Quota::perDollar * 25 / 2;
    QTest::newRow("nothing left") << u"0"_s << qint64(0);
    QTest::newRow("negative") << u"-1"_s << qint64(-1);
    QTest::newRow("words") << u"much"_s << qint64(-1);
    QTest::newRow("without end") << u"inf"_s << qint64(-1);
    QTest::newRow("beyond all measure") << u"1e30"_s << qint64(-1);
}

void TokensPageTest::setsTheBudgetInItsCell()
{
    QFETCH(QString, typed);
    QFETCH(qint64, units);
    const domain::Token token = add({.name = u"one"_s, .balance = {Quota::perDollar}});
    QSignalSpy failed(view(), &TableView::commitFailed);

    view()->commitCell(cell(u"one"_s, u"left"_s), typed);

    if (units < 0) {
        QTRY_COMPARE(failed.size(), 1);
        QCOMPARE(stored(token.id).balance, Quota{Quota::perDollar});
        add({.name = u"lets the list be read anew"_s});
        QVERIFY(m_page->findChild<MessageBar *>()->hasMessage(u"failure"_s));
    } else {
        QTRY_COMPARE(stored(token.id).balance, Quota{units});
    }
}

void TokensPageTest::switchesOffWhatWasOnAndBringsBackExactlyThat()
{
    const domain::Token on = add({.name = u"on"_s, .unlimited = true});
    const domain::Token off = add({.name = u"off"_s, .unlimited = true});
    m_fixture->wait(m_fixture->administration().tokenManager.setStatus(
        m_fixture->services().actor, {off.id}, domain::TokenStatus::Disabled));
    QTRY_COMPARE(cell(u"off"_s, u"status"_s).data().toString(), u"Disabled"_s);
    select({u"on"_s, u"off"_s});

    trigger(u"tokens.toggle"_s);
    QTRY_COMPARE(stored(on.id).status, domain::TokenStatus::Disabled);

    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(on.id).status, domain::TokenStatus::Enabled);
    QCOMPARE(stored(off.id).status, domain::TokenStatus::Disabled);
}

void TokensPageTest::deletesAndBringsBack()
{
    add({.name = u"one"_s, .unlimited = true});
    add({.name = u"two"_s, .unlimited = true});
    select({u"one"_s, u"two"_s});

    QTest::keyClick(view(), Qt::Key_Delete);
    QTRY_COMPARE(view()->model()->rowCount(), 0);

    m_fixture->services().undo.undo();
    QTRY_COMPARE(view()->model()->rowCount(), 2);
}

void TokensPageTest::topsUpSeveral()
{
    const domain::Token one = add({.name = u"one"_s, .balance = {Quota::perDollar}});
    const domain::Token two = add({.name = u"two"_s, .balance = {0}});
    select({u"one"_s, u"two"_s});

    trigger(u"tokens.topUp5"_s);
    QTRY_COMPARE(stored(two.id).balance, Quota{Quota::perDollar * 5});
    QTRY_COMPARE(stored(one.id).balance, Quota{Quota::perDollar * 6});

    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(two.id).balance, Quota{0});
    QCOMPARE(stored(one.id).balance, Quota{Quota::perDollar});
    QVERIFY(!m_fixture->services().undo.canUndo()); // it was one step
}

// Of 6 dollars 5.50 were spent: the undo takes 50 cents, and the redo adds them again.
void TokensPageTest::redoingATopUpGivesNoMoreThanWasTaken()
{
    const domain::Token token = add({.name = u"one"_s, .balance = {Quota::perDollar}});
    select({u"one"_s});
    trigger(u"tokens.topUp5"_s);
    QTRY_COMPARE(stored(token.id).balance, Quota{Quota::perDollar * 6});
    m_fixture->wait(m_fixture->administration().tokenManager.topUp(
        m_fixture->services().actor, token.id, Quota{-Quota::perDollar * 11 / 2}));

    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(token.id).balance, Quota{0});
    QTRY_VERIFY(m_fixture->services().undo.canRedo());
    m_fixture->services().undo.redo();

    QTRY_COMPARE(stored(token.id).balance, Quota{Quota::perDollar / 2});
    QTRY_VERIFY(m_fixture->services().undo.canUndo());
    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(token.id).balance, Quota{0});
}

void TokensPageTest::topsUpNoneWithoutLimit()
{
    const domain::Token limited = add({.name = u"limited"_s, .balance = {Quota::perDollar}});
    const domain::Token unlimited = add({.name = u"unlimited"_s, .unlimited = true});
    const QAction *topUp = m_page->findChild<QAction *>(u"tokens.topUp5"_s);
    QVERIFY(topUp);

    select({u"unlimited"_s});
    QVERIFY(!topUp->isEnabled());
    select({u"limited"_s, u"unlimited"_s});
    QVERIFY(topUp->isEnabled());
    trigger(u"tokens.topUp5"_s);

    QTRY_COMPARE(stored(limited.id).balance, Quota{Quota::perDollar * 6});
    QCOMPARE(stored(unlimited.id).balance, unlimited.balance);
}

// A copy of one that has expired is of use, too.
void TokensPageTest::duplicatesWhatWasGiven()
{
    const domain::Token token =
        add({.name = u"one"_s, .expiresAt = 4'000'000'000, .balance = {Quota::perDollar}});
    m_fixture->wait(m_fixture->administration().tokenManager.change(
        m_fixture->services().actor, {token.id}, [](domain::Token &edited) -> base::Result<> {
            edited.expiresAt = 1'000;
            return {};
        }));
    QTRY_VERIFY(cell(u"one"_s, u"status"_s).data().toString() == u"Expired"_s);
    select({u"one"_s});

    trigger(u"tokens.duplicate"_s);

    QTRY_VERIFY(rowOf(u"one (copy)"_s) >= 0);
    const domain::Token copy = stored({cell(u"one (copy)"_s, u"id"_s).data().toLongLong()});
    QCOMPARE(copy.expiresAt, qint64(-1));
    QCOMPARE(copy.balance, Quota{Quota::perDollar});
}

void TokensPageTest::aCopyEndsWithItsSource()
{
    add({.name = u"one"_s, .expiresAt = 4'000'000'000, .balance = {Quota::perDollar}});
    select({u"one"_s});

    trigger(u"tokens.duplicate"_s);

    QTRY_VERIFY(rowOf(u"one (copy)"_s) >= 0);
    const domain::Token copy = stored({cell(u"one (copy)"_s, u"id"_s).data().toLongLong()});
    QCOMPARE(copy.expiresAt, qint64(4'000'000'000));
}

void TokensPageTest::asksBeforeTheCounterIsReset()
{
    m_fixture->addEchoChannel(u"echo"_s);
    const domain::Token token = add({.name = u"one"_s, .unlimited = true});
    QTRY_COMPARE(m_fixture->chat(token, u"echo"_s), 200);
    select({u"one"_s});

    trigger(u"tokens.resetUsage"_s);
    QVERIFY(m_page->findChild<MessageBar *>()->hasMessage(u"reset"_s));
    QTest::mouseClick(
        tests::button<QPushButton>(m_page->findChild<MessageBar *>(), u"Reset the counter"_s),
        Qt::LeftButton);

    QTRY_COMPARE(stored(token.id).used, Quota{0});
    QVERIFY(!m_page->findChild<MessageBar *>()->hasMessage(u"reset"_s));
}

void TokensPageTest::colorsWhatExpiresSoon()
{
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    constexpr qint64 day = 24 * 3600;
    add({.name = u"soon"_s, .expiresAt = now + 3 * day, .unlimited = true});
    add({.name = u"later"_s, .expiresAt = now + 30 * day, .unlimited = true});

    QCOMPARE(cell(u"soon"_s, u"expires"_s).data(role::cell).value<Cell>().tone, Tone::Caution);
    QVERIFY(!cell(u"later"_s, u"expires"_s).data(role::cell).value<Cell>().tone);
}

void TokensPageTest::tellsOfAFormerKeyInUse()
{
    const auto columns = TokenColumns::columns();
    const auto &state = columns.front();
    const qint64 now = QDateTime::currentSecsSinceEpoch();
    admin::TokenListing listing{.token = {.name = u"one"_s, .unlimited = true}};
    QCOMPARE(state.cell(listing).text, u"Active"_s);
    listing.token.formerKeyHash = QByteArray(32, 'h');
    listing.token.formerValidUntil = now + 3600;
    QCOMPARE(state.cell(listing).text, u"Active"_s); // nobody uses it

    listing.token.formerUsedAt = now - 60;
    QCOMPARE(state.cell(listing).text, u"Old key used"_s);
    QVERIFY(state.cell(listing).glyph.has_value());
    QVERIFY(state.cell(listing).toolTip.contains(u"last used"_s));
    QVERIFY(state.words(listing).contains(u"Active"_s));
    QVERIFY(state.words(listing).contains(u"Old key used"_s));
    TokenDialog dialog(m_fixture->services(), listing.token);
    const auto labels = dialog.findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [&listing](const QLabel *label) {
        return label->text() == formerKeyText(listing.token);
    }));

    listing.token.formerValidUntil = now - 1;
    QCOMPARE(state.cell(listing).text, u"Active"_s);
}

void TokensPageTest::tellsOfTheLastUse()
{
    const auto columns = TokenColumns::columns();
    const auto used = std::find_if(columns.begin(), columns.end(), [](const auto &column) {
        return column.traits.key == u"used"_s;
    });
    QVERIFY(used != columns.end());
    admin::TokenListing row{.token = {.createdAt = 1'700'000'000, .accessedAt = 1'700'000'600}};

    QCOMPARE(used->cell(row).suffix, QString()); // the ledger was cleared
    row.lastAddress = u"192.168.1.20"_s;
    QCOMPARE(used->cell(row).suffix, u"192.168.1.20"_s);
    row.lastClient = u"Claude Code"_s;
    QCOMPARE(used->cell(row).suffix, u"Claude Code, 192.168.1.20"_s);
    QVERIFY(used->cell(row).toolTip.contains(u"Claude Code"_s));
    row.token.accessedAt = row.token.createdAt;
    QVERIFY(used->cell(row).suffix.isEmpty());
}

void TokensPageTest::leadsToTraffic()
{
    const domain::Token token = add({.name = u"default"_s, .unlimited = true});
    select({u"default"_s});
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);

    trigger(u"tokens.traffic"_s);

    QCOMPARE(asked.size(), 1);
    QCOMPARE(asked.front().at(1).toString(), u"token:#%1"_s.arg(token.id.value));
}

void TokensPageTest::isAccessible()
{
    QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList());
    add({.name = u"one"_s, .unlimited = true});
    select({u"one"_s});
    QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList());
}

QTEST_MAIN(TokensPageTest)
#include "tst_tokenspage.moc"
