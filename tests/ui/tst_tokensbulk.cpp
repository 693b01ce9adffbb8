#include "admin/administration.h"
#include "tokens/tokenbulkdialog.h"
#include "tokens/tokensheet.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/tokensfixture.h"
#include "widgets/undostack.h"

#include <QComboBox>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using domain::BudgetPeriod;
using domain::Quota;
using domain::Token;
using domain::TokenCapture;
using tests::field;

// What is done to several tokens at once.
class TokensBulkTest : public tests::TokensFixture
{
    Q_OBJECT

private slots:
    void editsSeveralAndUndoesAsOne();
    void showsWhatIsMixed();
    void changesOnlyWhatIsTouched();
    void limitsWhatWasUnlimited();
    void wantsAmountsForThoseWithoutLimit();
    void refusesNonsense();
    void duplicatesSeveral();
    void isAccessible();

private:
    TokenBulkDialog *open(const QStringList &names);
    static void choose(QWidget *dialog, const QString &name, const QString &text);
    static void apply(TokenBulkDialog *dialog);
};

TokenBulkDialog *TokensBulkTest::open(const QStringList &names)
{
    select(names);
    trigger(u"tokens.edit"_s);
    return m_page->findChild<TokenBulkDialog *>();
}

void TokensBulkTest::choose(QWidget *dialog, const QString &name, const QString &text)
{
    auto *box = field<QComboBox>(dialog, name);
    QVERIFY2(box && box->findText(text) >= 0, qPrintable(name));
    box->setCurrentIndex(box->findText(text));
}

void TokensBulkTest::apply(TokenBulkDialog *dialog)
{
    QTest::mouseClick(tests::button<QPushButton>(dialog, u"Change 2 tokens"_s), Qt::LeftButton);
}

void TokensBulkTest::editsSeveralAndUndoesAsOne()
{
    const Token one = add({.name = u"one"_s, .balance = {Quota::perDollar}, .models = {u"m"_s}});
    const Token two = add({.name = u"two"_s, .balance = {Quota::perDollar * 2}});
    const Token other = add({.name = u"other"_s, .unlimited = true});
    TokenBulkDialog *dialog = open({u"one"_s, u"two"_s});
    QVERIFY(dialog);
    choose(dialog, u"Expires"_s, u"In 30 days"_s);
    choose(dialog, u"Models"_s, u"All models of the owner’s group"_s);
    choose(dialog, u"Used from"_s, u"This computer only"_s);
    choose(dialog, u"Keep bodies"_s, u"Not at all"_s);
    field<QLineEdit>(dialog, u"Requests a minute"_s)->setText(u"60"_s);

    apply(dialog);

    QTRY_COMPARE(stored(two.id).requestsPerMinute, 60);
    for (const Token &token : {stored(one.id), stored(two.id)}) {
        QVERIFY(token.expiresAt > 0);
        QCOMPARE(token.models, QStringList());
        QVERIFY(!token.addressRanges.isEmpty());
        QCOMPARE(token.capture, TokenCapture::Never);
        QCOMPARE(token.requestsPerMinute, 60);
    }
    QCOMPARE(stored(one.id).balance, Quota{Quota::perDollar});
    QCOMPARE(stored(two.id).balance, Quota{Quota::perDollar * 2});
    QCOMPARE(stored(other.id).requestsPerMinute, 0);
    QTRY_VERIFY(!m_page->findChild<TokenBulkDialog *>());
    QTRY_VERIFY(m_fixture->services().undo.canUndo());

    m_fixture->services().undo.undo();
    QTRY_COMPARE(stored(one.id).models, QStringList{u"m"_s});
    QCOMPARE(stored(one.id).expiresAt, -1);
    QCOMPARE(stored(two.id).requestsPerMinute, 0);
    QCOMPARE(stored(two.id).capture, TokenCapture::BySetting);
    QTRY_VERIFY(!m_fixture->services().undo.isBusy());
    QVERIFY(!m_fixture->services().undo.canUndo());
    m_fixture->services().undo.redo();
    QTRY_COMPARE(stored(two.id).requestsPerMinute, 60);
}

void TokensBulkTest::showsWhatIsMixed()
{
    const Token one{.name = u"one"_s, .expiresAt = 5'000'000'000, .requestsPerMinute = 3};
    const Token two{.name = u"two"_s,
                    .unlimited = true,
                    .models = {u"m"_s},
                    .addressRanges = {{QHostAddress(u"10.0.0.1"_s), 32}},
                    .tokensPerMinute = 7,
                    .capture = TokenCapture::All};
    TokenBulkDialog dialog(m_fixture->services(), {one, two});
    dialog.show();

    for (const QString &name :
         {u"Expires"_s, u"Budget"_s, u"Models"_s, u"Used from"_s, u"Keep bodies"_s})
        QCOMPARE(field<QComboBox>(&dialog, name)->currentText(), u"— (mixed)"_s);
    for (const QString &name : {u"Requests a minute"_s, u"Tokens a minute"_s}) {
        QCOMPARE(field<QLineEdit>(&dialog, name)->text(), QString());
        QCOMPARE(field<QLineEdit>(&dialog, name)->placeholderText(), u"— (mixed)"_s);
    }
    QCOMPARE(field<QLineEdit>(&dialog, u"At the same time"_s)->text(), u"0"_s);
    QVERIFY(dialog.change().isEmpty());
}

void TokensBulkTest::changesOnlyWhatIsTouched()
{
    const Token one = add({.name = u"one"_s, .unlimited = true, .requestsPerMinute = 3});
    const Token two = add({.name = u"two"_s, .unlimited = true, .requestsPerMinute = 5});
    TokenBulkDialog *dialog = open({u"one"_s, u"two"_s});
    QVERIFY(dialog);
    field<QLineEdit>(dialog, u"At the same time"_s)->setText(u"2"_s);

    apply(dialog);

    QTRY_COMPARE(stored(two.id).concurrentRequests, 2);
    QCOMPARE(stored(one.id).requestsPerMinute, 3);
    QCOMPARE(stored(two.id).requestsPerMinute, 5);
}

void TokensBulkTest::limitsWhatWasUnlimited()
{
    const Token one = add({.name = u"one"_s, .unlimited = true});
    const Token two = add({.name = u"two"_s, .balance = {Quota::perDollar * 2}});
    TokenBulkDialog *dialog = open({u"one"_s, u"two"_s});
    QVERIFY(dialog);
    choose(dialog, u"Budget"_s, u"For each day"_s);
    field<QLineEdit>(dialog, u"May spend"_s)->setText(u"4"_s);

    apply(dialog);

    QTRY_COMPARE(stored(two.id).budget.period, BudgetPeriod::Day);
    QVERIFY(!stored(one.id).unlimited);
    QCOMPARE(stored(one.id).balance, Quota{Quota::perDollar * 4});
    QTRY_VERIFY(m_fixture->services().undo.canUndo());
    m_fixture->services().undo.undo();
    QTRY_VERIFY(stored(one.id).unlimited);
    QCOMPARE(stored(two.id).balance, Quota{Quota::perDollar * 2});
    QCOMPARE(stored(two.id).budget.period, BudgetPeriod::Once);
}

void TokensBulkTest::wantsAmountsForThoseWithoutLimit()
{
    TokenBulkDialog dialog(
        m_fixture->services(),
        {{.name = u"one"_s, .unlimited = true}, {.name = u"two"_s, .unlimited = true}});
    dialog.show();
    const QPushButton *change = tests::button<QPushButton>(&dialog, u"Change 2 tokens"_s);

    choose(&dialog, u"Budget"_s, u"Given once"_s);
    QVERIFY(!change->isEnabled());
    field<QLineEdit>(&dialog, u"Left to spend"_s)->setText(u"6"_s);

    QVERIFY(change->isEnabled());
    QCOMPARE(dialog.change().budget.unlimited, false);
    QCOMPARE(dialog.change().budget.balance, Quota{Quota::perDollar * 6});
}

void TokensBulkTest::refusesNonsense()
{
    TokenBulkDialog dialog(m_fixture->services(), {{.name = u"one"_s}, {.name = u"two"_s}});
    dialog.show();
    const QPushButton *change = tests::button<QPushButton>(&dialog, u"Change 2 tokens"_s);
    QVERIFY(change->isEnabled());

    choose(&dialog, u"Models"_s, u"Only these"_s);
    QVERIFY(!change->isEnabled());
    choose(&dialog, u"Models"_s, u"All models of the owner’s group"_s);
    field<QLineEdit>(&dialog, u"Tokens a minute"_s)->setText(u"-1"_s);
    QVERIFY(!change->isEnabled());
    field<QLineEdit>(&dialog, u"Tokens a minute"_s)->setText(u"many"_s);
    QVERIFY(!change->isEnabled());
    field<QLineEdit>(&dialog, u"Tokens a minute"_s)->clear();
    QVERIFY(change->isEnabled());
}

void TokensBulkTest::duplicatesSeveral()
{
    add({.name = u"one"_s, .unlimited = true, .requestsPerMinute = 9});
    add({.name = u"two"_s, .unlimited = true});
    select({u"one"_s, u"two"_s});

    trigger(u"tokens.duplicate"_s);

    QTRY_COMPARE(view()->model()->rowCount(), 4);
    QVERIFY(rowOf(u"one (copy)"_s) >= 0);
    QVERIFY(rowOf(u"two (copy)"_s) >= 0);
    QTRY_VERIFY(m_fixture->services().undo.canUndo());
    m_fixture->services().undo.undo();
    QTRY_COMPARE(view()->model()->rowCount(), 2);
    QVERIFY(!m_fixture->services().undo.canUndo());
}

void TokensBulkTest::isAccessible()
{
    TokenBulkDialog dialog(m_fixture->services(), {{.name = u"one"_s}, {.name = u"two"_s}});
    dialog.show();

    QCOMPARE(tests::accessibilityProblems(&dialog), QStringList());
}

QTEST_MAIN(TokensBulkTest)
#include "tst_tokensbulk.moc"
