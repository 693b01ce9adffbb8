#include "admin/administration.h"
#include "theme/style.h"
#include "tokens/rotatedialog.h"
#include "tokens/tokencolumns.h"
#include "tokens/tokendialog.h"
#include "tokens/tokensheet.h"
#include "tokens/tokenspage.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/budgettext.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/messagebar.h"
#include "widgets/qrcode.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tableview.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using domain::Quota;
using tests::field;

class TokensPageTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void createsATokenAndShowsItsKeyOnce();
    void givesABudgetForEachDay();
    void checksTheFields();
    void showsItsTextsWhole();
    void tellsWhatWasGivenBesideAPeriod();
    void theSheetTellsTheWholeBudget();
    void asksBeforeTypedTextIsLost();
    void enterCopiesTheKeyBeforeItCloses();
    void savesTheKeyForPrograms();
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
    void rotatesWithGrace();
    void tellsWhatASecondRotationEnds();
    void asksBeforeTheCounterIsReset();
    void showsTheKeyAgain();
    void colorsWhatExpiresSoon();
    void tellsOfTheLastUse();
    void leadsToTraffic();
    void isAccessible();

private:
    domain::Token add(domain::Token token);
    domain::Token stored(domain::TokenId id)
    {
        return m_fixture
            ->wait(m_fixture->administration().tokenManager.find(m_fixture->services().actor, id))
            .token;
    }
    TableView *view() const { return m_page->findChild<TableView *>(); }
    int rowOf(const QString &name) const { return tests::rowOf(view(), u"name"_s, name); }
    QModelIndex cell(const QString &name, const QString &column) const;
    void select(const QStringList &names);
    void trigger(const QString &name) { tests::trigger(*m_page, name); }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<TokensPage> m_page;
};

void TokensPageTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void TokensPageTest::init()
{
    m_fixture->services().undo.clear();
    m_page = std::make_unique<TokensPage>(m_fixture->services());
    m_page->resize(1100, 600);
    m_page->setVisible(true);
    m_page->setActive(true);
}

void TokensPageTest::cleanup()
{
    m_page.reset();
    admin::TokenManager &tokens = m_fixture->administration().tokenManager;
    std::vector<domain::TokenId> ids;
    for (const auto &each : m_fixture->wait(tokens.list(m_fixture->services().actor)))
        ids.push_back(each.token.id);
    m_fixture->waitFor(tokens.remove(m_fixture->services().actor, ids));
}

domain::Token TokensPageTest::add(domain::Token token)
{
    const domain::Token made = m_fixture->wait(m_fixture->administration().tokenManager.create(
        m_fixture->services().actor, m_fixture->services().actor.id, token));
    if (!QTest::qWaitFor([&] { return rowOf(token.name) >= 0; }, 10'000))
        qWarning("The token did not come to the table.");
    return made;
}

QModelIndex TokensPageTest::cell(const QString &name, const QString &column) const
{
    return view()->model()->index(rowOf(name), tableModelOf(view()->model())->columnOf(column));
}

void TokensPageTest::select(const QStringList &names)
{
    view()->clearSelection();
    for (const QString &name : names) {
        view()->selectionModel()->select(view()->model()->index(rowOf(name), 0),
                                         QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
}

void TokensPageTest::createsATokenAndShowsItsKeyOnce()
{
    QAbstractItemModelTester sound(view()->model(),
                                   QAbstractItemModelTester::FailureReportingMode::QtTest);
    trigger(u"tokens.add"_s);
    auto *dialog = m_page->findChild<TokenDialog *>();
    QVERIFY(dialog);
    QCOMPARE(tests::accessibilityProblems(dialog), QStringList());
    QTest::keyClicks(field<QLineEdit>(dialog, u"Name"_s), u"laptop"_s);
    dialog->findChild<QCheckBox *>()->setChecked(false);
    auto *left = field<QLineEdit>(dialog, u"Left to spend"_s);
    left->selectAll();
    QTest::keyClicks(left, u"12.50"_s);
    field<QSpinBox>(dialog, u"Requests a minute"_s)->setValue(60);
    QTest::mouseClick(tests::button<QPushButton>(dialog, u"Create"_s), Qt::LeftButton);

    QTRY_VERIFY(m_page->findChild<TokenSheet *>());
    auto *sheet = m_page->findChild<TokenSheet *>();
    QCOMPARE(tests::accessibilityProblems(sheet).join(u"; "_s), QString());
    const QString key = field<QLineEdit>(sheet, u"Key"_s)->text();
    QVERIFY(key.startsWith(u"sk-"_s));
    QCOMPARE(field<QLineEdit>(sheet, u"Key"_s)->selectedText(), key);
    QVERIFY(!sheet->findChild<QrCode *>()->isEmpty());
    QTest::mouseClick(tests::button<QPushButton>(sheet, u"Copy"_s), Qt::LeftButton);
    QCOMPARE(QGuiApplication::clipboard()->text(), key);
    QTest::mouseClick(tests::button<QPushButton>(sheet, u"Hide code now"_s), Qt::LeftButton);
    QVERIFY(sheet->findChild<QrCode *>()->isEmpty());
    QTest::mouseClick(tests::button<QPushButton>(sheet, u"I have saved it"_s), Qt::LeftButton);
    QTRY_VERIFY(!m_page->findChild<TokenSheet *>());

    QTRY_VERIFY(rowOf(u"laptop"_s) >= 0);
    QCOMPARE(cell(u"laptop"_s, u"left"_s).data().toString(), u"$12.50"_s);
    for (int column = 0; column < view()->model()->columnCount(); ++column) {
        QVERIFY(
            !view()->model()->index(rowOf(u"laptop"_s), column).data().toString().contains(key));
    }
    m_fixture->services().undo.undo();
    QTRY_COMPARE(rowOf(u"laptop"_s), -1);
    m_fixture->services().undo.redo();
    QTRY_VERIFY(rowOf(u"laptop"_s) >= 0);
}

void TokensPageTest::givesABudgetForEachDay()
{
    trigger(u"tokens.add"_s);
    auto *dialog = m_page->findChild<TokenDialog *>();
    QVERIFY(dialog);
    QTest::keyClicks(field<QLineEdit>(dialog, u"Name"_s), u"laptop"_s);
    auto *budget = field<QComboBox>(dialog, u"Budget"_s);
    auto *limit = field<QLineEdit>(dialog, u"May spend"_s);
    QVERIFY(!budget->isVisible()); // of a token without limit
    dialog->findChild<QCheckBox *>()->setChecked(false);
    QVERIFY(budget->isVisible());
    QVERIFY(!limit->isVisible());
    budget->setCurrentIndex(budget->findText(u"For each day"_s));
    QVERIFY(limit->isVisible());
    QVERIFY(!field<QLineEdit>(dialog, u"Left to spend"_s)->isVisible());
    limit->selectAll();
    QTest::keyClicks(limit, u"0"_s);
    QVERIFY(!tests::button<QPushButton>(dialog, u"Create"_s)->isEnabled());
    limit->selectAll();
    QTest::keyClicks(limit, u"5"_s);
    field<QSpinBox>(dialog, u"Warn at"_s)->setValue(50);
    QTest::mouseClick(tests::button<QPushButton>(dialog, u"Create"_s), Qt::LeftButton);
    QTRY_VERIFY(rowOf(u"laptop"_s) >= 0);

    const domain::TokenId id{cell(u"laptop"_s, u"id"_s).data().toLongLong()};
    const domain::Token made = stored(id);
    QCOMPARE(made.budget.period, domain::BudgetPeriod::Day);
    QCOMPARE(made.budget.warning, 50);
    QCOMPARE(made.balance, Quota{5 * Quota::perDollar});
    QCOMPARE(cell(u"laptop"_s, u"budget"_s).data().toString(), u"$0.00 / $5.00"_s);
    const auto shown = cell(u"laptop"_s, u"budget"_s)
                           .data(TokenColumns::budgetRole)
                           .value<gatehouse::ui::Budget>();
    QCOMPARE(shown.period, u"a day"_s);
    QCOMPARE(shown.warnAt, 0.5);
}

void TokensPageTest::checksTheFields()
{
    TokenDialog dialog(m_fixture->services(), {});
    dialog.show();
    QPushButton *create = tests::button<QPushButton>(&dialog, u"Create"_s);
    QVERIFY(!create->isEnabled()); // without a name
    auto *name = field<QLineEdit>(&dialog, u"Name"_s);
    QVERIFY(!isInvalid(name)); // nobody has erred yet
    QVERIFY(create->toolTip().contains(u"needs a name"_s));
    QTest::keyClick(&dialog, Qt::Key_Return);
    QVERIFY(dialog.isVisible());
    QVERIFY(isInvalid(name));
    QTest::keyClicks(name, u"x"_s);
    QVERIFY(!isInvalid(name));
    name->setText(QString(101, u'x'));
    QVERIFY(isInvalid(name));
    QVERIFY(create->toolTip().contains(u"100"_s));
    name->setText(u"x"_s);
    QVERIFY(!isInvalid(name));
    QVERIFY(create->toolTip().isEmpty());
    QVERIFY(create->isEnabled());

    dialog.findChild<QCheckBox *>()->setChecked(false);
    auto *left = field<QLineEdit>(&dialog, u"Left to spend"_s);
    left->selectAll();
    QTest::keyClicks(left, u"a lot"_s);
    QVERIFY(!create->isEnabled());
    left->selectAll();
    QTest::keyClicks(left, u"0"_s);
    QVERIFY(create->isEnabled());

    auto *network = field<QComboBox>(&dialog, u"Used from"_s);
    network->setCurrentIndex(network->count() - 1);
    QVERIFY(!create->isEnabled());
    QTest::keyClicks(field<QLineEdit>(&dialog, u"Addresses"_s), u"10.0.0.0/99"_s);
    QVERIFY(!create->isEnabled());
    field<QLineEdit>(&dialog, u"Addresses"_s)->setText(u"10.0.0.0/8"_s);
    QVERIFY(create->isEnabled());
}

void TokensPageTest::showsItsTextsWhole()
{
    TokenDialog dialog(m_fixture->services(), {});
    dialog.show();
    const auto cut = [&dialog] {
        QStringList texts;
        const auto labels = dialog.findChildren<QLabel *>();
        for (const QLabel *label : labels) {
            if (label->isVisible() && label->wordWrap()
                && label->height() < label->heightForWidth(label->width()))
                texts.append(label->text());
        }
        return texts;
    };

    dialog.findChild<QCheckBox *>()->setChecked(false);
    QTRY_COMPARE(cut(), QStringList());
    auto *period = field<QComboBox>(&dialog, u"Budget"_s);
    period->setCurrentIndex(period->count() - 1);
    QTRY_COMPARE(cut(), QStringList());
    auto *network = field<QComboBox>(&dialog, u"Used from"_s);
    network->setCurrentIndex(network->count() - 1);
    QTRY_COMPARE(cut(), QStringList());
}

void TokensPageTest::tellsWhatWasGivenBesideAPeriod()
{
    const domain::Budget monthly{.period = domain::BudgetPeriod::Month,
                                 .limit = {10 * Quota::perDollar}};
    const Quota none{};

    QCOMPARE(BudgetText::amounts(monthly, none, {4 * Quota::perDollar}), u"$6.00 / $10.00"_s);
    QCOMPARE(BudgetText::period(monthly, {4 * Quota::perDollar}), u"a month"_s);
    QVERIFY(!BudgetText::reset(monthly, {4 * Quota::perDollar}).contains(u"once"_s));
    QCOMPARE(BudgetText::amounts(monthly, none, {30 * Quota::perDollar}), u"$0.00 / $30.00"_s);
    QCOMPARE(BudgetText::period(monthly, {30 * Quota::perDollar}), u"in total"_s);
    const QString tip = BudgetText::reset(monthly, {30 * Quota::perDollar});
    QVERIFY2(tip.startsWith(u"$10.00 a month +$20.00 once."_s), qPrintable(tip));
}

void TokensPageTest::theSheetTellsTheWholeBudget()
{
    const domain::Token token{
        .name = u"one"_s,
        .balance = {10 * Quota::perDollar},
        .budget = {.period = domain::BudgetPeriod::Month, .limit = {10 * Quota::perDollar}},
        .models = {u"gpt-4o"_s, u"echo"_s}};
    const TokenSheet sheet(m_fixture->services(), token, TokenSheet::Reason::Shown);

    QStringList texts;
    for (const QLabel *label : sheet.findChildren<QLabel *>())
        texts.append(label->text());
    QVERIFY2(texts.contains(u"$10.00 a month, warns at 80 %"_s), qPrintable(texts.join(u'\n')));
    QVERIFY(texts.contains(u"gpt-4o and echo"_s));
}

void TokensPageTest::asksBeforeTypedTextIsLost()
{
    TokenDialog dialog(m_fixture->services(), {});
    dialog.open();
    QTest::keyClick(&dialog, Qt::Key_Escape);
    QVERIFY(!dialog.isVisible());

    dialog.open();
    auto *name = field<QLineEdit>(&dialog, u"Name"_s);
    QTest::keyClicks(name, u"laptop"_s);
    QTest::keyClick(&dialog, Qt::Key_Escape);
    QVERIFY(dialog.isVisible());
    QPointer<Confirmation> question = dialog.findChild<Confirmation *>();
    QVERIFY(question);
    QTest::keyClick(question, Qt::Key_Escape);
    QTRY_VERIFY(!question);
    QVERIFY(dialog.isVisible());

    name->clear(); // as it was
    QTest::keyClick(&dialog, Qt::Key_Escape);
    QVERIFY(!dialog.isVisible());
}

void TokensPageTest::enterCopiesTheKeyBeforeItCloses()
{
    const domain::Token token = add({.name = u"entered"_s});
    TokenSheet sheet(m_fixture->services(), token, TokenSheet::Reason::Created);
    sheet.open();
    auto *key = field<QLineEdit>(&sheet, u"Key"_s);
    auto *done = tests::button<QPushButton>(&sheet, u"I have saved it"_s);
    QVERIFY(tests::button<QPushButton>(&sheet, u"Copy"_s)->isDefault());
    QVERIFY(!done->isDefault());
    QGuiApplication::clipboard()->clear();

    QTest::keyClick(key, Qt::Key_Return);

    QVERIFY(sheet.isVisible());
    QCOMPARE(QGuiApplication::clipboard()->text(), key->text());
    QVERIFY(done->isDefault());
    QKeyEvent held(QEvent::KeyPress, Qt::Key_Return, Qt::NoModifier, u"\r"_s, true);
    QCoreApplication::sendEvent(key, &held);
    QVERIFY(sheet.isVisible());
    QTest::keyClick(key, Qt::Key_Return);
    QVERIFY(!sheet.isVisible());
}

void TokensPageTest::savesTheKeyForPrograms()
{
    const domain::Token token = add({.name = u"program"_s, .unlimited = true});
    TokenSheet sheet(m_fixture->services(), token, TokenSheet::Reason::Created);
    sheet.show();
    const QString path = m_fixture->directory() + u"/keys.env"_s;

    auto *copy = tests::button<QPushButton>(&sheet, u"Copy"_s);
    auto *save = tests::button<QPushButton>(&sheet, u"Save as .env…"_s);
    save->setFocus(Qt::TabFocusReason);
    QVERIFY(copy->isDefault());
    const qint64 ofCopy = copy->icon().cacheKey();
    const qint64 ofSave = save->icon().cacheKey();

    QTest::mouseClick(save, Qt::LeftButton);
    auto *chooser = sheet.findChild<QFileDialog *>();
    QVERIFY(chooser);
    QCOMPARE(chooser->directory(), QDir::home());
    emit chooser->fileSelected(path);

    QVERIFY(!copy->isDefault());
    QVERIFY(copy->icon().cacheKey() != ofCopy); // which is for the accent
    QVERIFY(save->icon().cacheKey() != ofSave);
    const auto labels = sheet.findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [&path](const QLabel *label) {
        return label->isVisible() && label->text().contains(QDir::toNativeSeparators(path));
    }));

    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY(text.contains(QByteArray("OPENAI_API_KEY=sk-" + token.key.reveal())));
    QVERIFY(text.contains("/v1\n"));
    const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
    QVERIFY(!(file.permissions() & others));
}

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

void TokensPageTest::rotatesWithGrace()
{
    m_fixture->addEchoChannel(u"echo"_s);
    domain::Token token = add({.name = u"one"_s, .unlimited = true});
    QCOMPARE(m_fixture->chat(token, u"echo"_s), 200);
    select({u"one"_s});
    trigger(u"tokens.rotate"_s);
    auto *dialog = m_page->findChild<RotateDialog *>();
    QVERIFY(dialog);
    QCOMPARE(tests::accessibilityProblems(dialog), QStringList());

    QTest::mouseClick(tests::button<QPushButton>(dialog, u"Rotate"_s), Qt::LeftButton);
    QTRY_VERIFY(m_page->findChild<TokenSheet *>());
    auto *sheet = m_page->findChild<TokenSheet *>();
    domain::Token renewed = token;
    renewed.key = base::Secret(field<QLineEdit>(sheet, u"Key"_s)->text().mid(3).toLatin1());
    QVERIFY(renewed.key != token.key);
    sheet->accept();

    QTRY_COMPARE(m_fixture->chat(renewed, u"echo"_s), 200);
    QCOMPARE(m_fixture->chat(token, u"echo"_s), 200); // within the grace period
    QTRY_VERIFY(cell(u"one"_s, u"key"_s).data(role::cell).value<Cell>().glyph.has_value());
    select({u"one"_s});
    trigger(u"tokens.endGrace"_s);
    QVERIFY(m_page->findChild<MessageBar *>()->hasMessage(u"endGrace"_s));
    QCOMPARE(m_fixture->chat(token, u"echo"_s), 200); // it is asked first
    QTest::mouseClick(
        tests::button<QPushButton>(m_page->findChild<MessageBar *>(), u"End the grace period"_s),
        Qt::LeftButton);
    QVERIFY(!m_page->findChild<MessageBar *>()->hasMessage(u"endGrace"_s));
    QTRY_COMPARE(m_fixture->chat(token, u"echo"_s), 401);
}

void TokensPageTest::tellsWhatASecondRotationEnds()
{
    const auto told = [this](const admin::TokenListing &listing) {
        RotateDialog dialog(m_fixture->services(), listing);
        dialog.show();
        for (const QLabel *label : dialog.findChildren<QLabel *>()) {
            if (label->isVisible() && label->text().contains(u"void as soon as"_s))
                return label->text();
        }
        return QString();
    };
    admin::TokenListing listing{.token = {.name = u"one"_s}};

    QCOMPARE(told(listing), QString());
    listing.token.formerKeyHash = QByteArray(32, 'h');
    listing.token.formerValidUntil = QDateTime::currentSecsSinceEpoch() + 3600;
    QVERIFY(!told(listing).isEmpty());
    QVERIFY(!told(listing).contains(u"still used"_s));
    listing.formerUses = {
        {.client = u"Codex"_s, .address = u"192.0.2.7"_s, .usedAt = listing.token.createdAt + 1},
        {.address = u"192.0.2.8"_s, .usedAt = listing.token.createdAt + 1}};
    QVERIFY(told(listing).contains(u"Codex at 192.0.2.7"_s));
    QVERIFY(told(listing).contains(u"A program at 192.0.2.8"_s));
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

void TokensPageTest::showsTheKeyAgain()
{
    const domain::Token token = add({.name = u"one"_s, .unlimited = true});
    select({u"one"_s});

    trigger(u"tokens.show"_s);

    QTRY_VERIFY(m_page->findChild<TokenSheet *>());
    QCOMPARE(field<QLineEdit>(m_page->findChild<TokenSheet *>(), u"Key"_s)->text(),
             u"sk-"_s + QString::fromLatin1(token.key.reveal()));
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
