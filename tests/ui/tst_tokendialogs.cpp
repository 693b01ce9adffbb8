#include "theme/style.h"
#include "tokens/rotatedialog.h"
#include "tokens/tokencolumns.h"
#include "tokens/tokendialog.h"
#include "tokens/tokensheet.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/tokensfixture.h"
#include "widgets/budgettext.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/messagebar.h"
#include "widgets/qrcode.h"
#include "widgets/undostack.h"

#include <QAbstractItemModelTester>
#include <QCheckBox>
#include <QClipboard>
#include <QComboBox>
#include <QDir>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
using domain::Quota;
using tests::field;

// The dialog of a token, and the sheet that shows its key.
class TokenDialogsTest : public tests::TokensFixture
{
    Q_OBJECT

private slots:
    void createsATokenAndShowsItsKeyOnce();
    void givesABudgetForEachDay();
    void checksTheFields();
    void showsItsTextsWhole();
    void tellsWhatWasGivenBesideAPeriod();
    void theSheetTellsTheWholeBudget();
    void asksBeforeTypedTextIsLost();
    void enterCopiesTheKeyBeforeItCloses();
    void savesTheKeyForPrograms();
    void rotatesWithGrace();
    void tellsWhatASecondRotationEnds();
    void aRotationTakesTheRoomOfItsTexts();
    void showsTheKeyAgain();
};

void TokenDialogsTest::createsATokenAndShowsItsKeyOnce()
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

void TokenDialogsTest::givesABudgetForEachDay()
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

void TokenDialogsTest::checksTheFields()
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

void TokenDialogsTest::showsItsTextsWhole()
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

void TokenDialogsTest::tellsWhatWasGivenBesideAPeriod()
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

void TokenDialogsTest::theSheetTellsTheWholeBudget()
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

void TokenDialogsTest::asksBeforeTypedTextIsLost()
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

void TokenDialogsTest::enterCopiesTheKeyBeforeItCloses()
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

void TokenDialogsTest::savesTheKeyForPrograms()
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

void TokenDialogsTest::rotatesWithGrace()
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

void TokenDialogsTest::tellsWhatASecondRotationEnds()
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

void TokenDialogsTest::aRotationTakesTheRoomOfItsTexts()
{
    RotateDialog dialog(m_fixture->services(), {.token = {.name = u"one"_s}});
    dialog.show();

    QVERIFY(dialog.height() <= qMax(dialog.layout()->totalHeightForWidth(dialog.width()),
                                    dialog.minimumSizeHint().height()));
    // Nothing is cut off either.
    for (const QLabel *label : dialog.findChildren<QLabel *>()) {
        if (label->isVisible())
            QVERIFY(label->height() >= label->heightForWidth(label->width()));
    }
}

void TokenDialogsTest::showsTheKeyAgain()
{
    const domain::Token token = add({.name = u"one"_s, .unlimited = true});
    select({u"one"_s});

    trigger(u"tokens.show"_s);

    QTRY_VERIFY(m_page->findChild<TokenSheet *>());
    QCOMPARE(field<QLineEdit>(m_page->findChild<TokenSheet *>(), u"Key"_s)->text(),
             u"sk-"_s + QString::fromLatin1(token.key.reveal()));
}

QTEST_MAIN(TokenDialogsTest)
#include "tst_tokendialogs.moc"
