#include "channeleditor/linksheet.h"
#include "domain/providertype.h"
#include "theme/theme.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"

#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// What a person is asked when a link proposes a channel.
class LinkSheetTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { Theme::apply(Scheme::Light); }
    void showsAllThatTheLinkSays();
    void showsLongTextsWhole();
    void hidesTheKey_data();
    void hidesTheKey();
    void warns_data();
    void warns();
    void enterDoesNothingWithAKeyOrAnAddress_data();
    void enterDoesNothingWithAKeyOrAnAddress();
    void goesOnByItsButton();

private:
    static QString value(const QWidget &sheet, const QString &label);
    static QString everyText(const QWidget &sheet);
    static void open(QDialog &sheet);
};

// Empty: there is no such line.
QString LinkSheetTest::value(const QWidget &sheet, const QString &label)
{
    if (const auto *line = tests::field<QLineEdit>(&sheet, label))
        return line->text();
    const auto *area = tests::field<QPlainTextEdit>(&sheet, label);
    return area ? area->toPlainText() : QString();
}

QString LinkSheetTest::everyText(const QWidget &sheet)
{
    QStringList texts;
    for (const QLabel *label : sheet.findChildren<QLabel *>())
        texts.append(label->text());
    for (const QLineEdit *line : sheet.findChildren<QLineEdit *>())
        texts.append(line->text());
    for (const QPlainTextEdit *area : sheet.findChildren<QPlainTextEdit *>())
        texts.append(area->toPlainText());
    return texts.join(u'\n');
}

void LinkSheetTest::open(QDialog &sheet)
{
    sheet.open();
    QVERIFY(QTest::qWaitForWindowActive(&sheet));
    QCOMPARE(tests::accessibilityProblems(&sheet), QStringList());
}

void LinkSheetTest::showsAllThatTheLinkSays()
{
    LinkSheet sheet({.type = domain::provider::anthropic,
                     .name = u"<b>Relay</b> & co"_s,
                     .baseUrl = u"https://xn--fsqu00a.example"_s,
                     .unicodeHost = u"例子.example"_s,
                     .models = {u"a"_s, u"b"_s}});

    open(sheet);

    QCOMPARE(value(sheet, u"Origin"_s), u"A link"_s);
    QCOMPARE(value(sheet, u"Provider"_s), u"Anthropic"_s);
    QCOMPARE(value(sheet, u"Name"_s), u"<b>Relay</b> & co"_s);
    QCOMPARE(value(sheet, u"Address"_s), u"https://xn--fsqu00a.example"_s);
    QCOMPARE(value(sheet, u"Host as written"_s), u"例子.example"_s);
    QCOMPARE(value(sheet, u"Models"_s), u"a, b"_s);
    QCOMPARE(value(sheet, u"Key"_s), QString());
}

void LinkSheetTest::showsLongTextsWhole()
{
    const QString url = u"https://relay.example/"_s + QString(500, u'p');
    LinkSheet sheet({.baseUrl = url});

    open(sheet);

    QCOMPARE(value(sheet, u"Address"_s), url);
    QVERIFY(tests::field<QPlainTextEdit>(&sheet, u"Address"_s)->isReadOnly());
    QVERIFY(sheet.width() < 1'000);
}

void LinkSheetTest::hidesTheKey_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("ending");

    QTest::newRow("long") << u"sk-0123456789abcdef"_s << u"•cdef"_s;
    QTest::newRow("short") << u"abcdefgh"_s << u"•"_s;
}

void LinkSheetTest::hidesTheKey()
{
    QFETCH(QString, key);
    QFETCH(QString, ending);
    LinkSheet sheet({.type = domain::provider::openAi, .key = base::Secret(key)});

    open(sheet);

    QVERIFY(!everyText(sheet).contains(key));
    QVERIFY(!everyText(sheet).contains(key.left(6)));
    QVERIFY(value(sheet, u"Key"_s).endsWith(ending));
}

void LinkSheetTest::warns_data()
{
    QTest::addColumn<bool>("mixesScripts");
    QTest::addColumn<bool>("leadsInside");
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("warning");

    QTest::newRow("scripts") << true << false << QString() << u"several scripts"_s;
    QTest::newRow("inside") << false << true << QString() << u"this computer"_s;
    QTest::newRow("a key") << false << false << u"0123456789abcdef"_s << u"brings a key"_s;
}

void LinkSheetTest::warns()
{
    QFETCH(bool, mixesScripts);
    QFETCH(bool, leadsInside);
    QFETCH(QString, key);
    QFETCH(QString, warning);
    const LinkSheet quiet({.baseUrl = u"https://a.example"_s});
    const LinkSheet sheet({.baseUrl = u"https://a.example"_s,
                           .key = base::Secret(key),
                           .mixesScripts = mixesScripts,
                           .leadsInside = leadsInside});

    QVERIFY(everyText(sheet).contains(warning));
    QVERIFY(!everyText(quiet).contains(warning));
}

void LinkSheetTest::enterDoesNothingWithAKeyOrAnAddress_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("key");
    QTest::addColumn<int>("result");

    QTest::newRow("a key") << QString() << u"0123456789abcdef"_s << int(QDialog::Rejected);
    QTest::newRow("an address") << u"https://a.example"_s << QString() << int(QDialog::Rejected);
    QTest::newRow("neither") << QString() << QString() << int(QDialog::Accepted);
}

void LinkSheetTest::enterDoesNothingWithAKeyOrAnAddress()
{
    QFETCH(QString, url);
    QFETCH(QString, key);
    QFETCH(int, result);
    LinkSheet sheet({.type = domain::provider::openAi, .baseUrl = url, .key = base::Secret(key)});
    open(sheet);

    QTest::keyClick(&sheet, Qt::Key_Return);

    QVERIFY(!sheet.isVisible());
    QCOMPARE(sheet.result(), result);
}

void LinkSheetTest::goesOnByItsButton()
{
    LinkSheet sheet({.baseUrl = u"https://a.example"_s});
    open(sheet);

    QTest::mouseClick(tests::button<QPushButton>(&sheet, u"Review channel…"_s), Qt::LeftButton);

    QVERIFY(!sheet.isVisible());
    QCOMPARE(sheet.result(), int(QDialog::Accepted));
}

QTEST_MAIN(LinkSheetTest)
#include "tst_linksheet.moc"
