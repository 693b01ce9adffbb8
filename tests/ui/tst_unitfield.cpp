#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/fields/unitfield.h"

#include <QApplication>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using namespace gatehouse;
using namespace gatehouse::ui;

class UnitFieldTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void readsMoney_data();
    void readsMoney();
    void readsDurations_data();
    void readsDurations();
    void readsSizes_data();
    void readsSizes();
    void readsTokens_data();
    void readsTokens();
    void saysWhatZeroMeans();
    void neverChangesTextWhileTyping();
    void acceptsNothingOnlyIfOptional();

private:
    template<typename Widget>
    static void open(Widget &widget)
    {
        widget.show();
        QVERIFY(QTest::qWaitForWindowActive(&widget));
        widget.setFocus();
    }
};

void UnitFieldTest::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    Theme::apply(Scheme::Light);
}

void UnitFieldTest::readsMoney_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("units"); // -1: not understood
    QTest::addColumn<QString>("written");

    QTest::newRow("whole") << u"5"_s << qint64(2'500'000) << u"$5.00"_s;
    QTest::newRow("with a sign") << u"$ 12.5"_s << qint64(6'250'000) << u"$12.50"_s;
    QTest::newRow("with groups") << u"1,234.56"_s << qint64(617'280'000) << u"$1,234.56"_s;
    QTest::newRow("the least") << u"0.000002"_s << qint64(1) << u"$0.000002"_s;
    QTest::newRow("words") << u"much"_s << qint64(-1) << u"much"_s;
    QTest::newRow("beyond all limits") << u"1e300"_s << qint64(-1) << u"1e300"_s;
}

void UnitFieldTest::readsMoney()
{
    QFETCH(QString, text);
    QFETCH(qint64, units);
    QFETCH(QString, written);
    MoneyField field;
    open(field);

    QTest::keyClicks(&field, text);
    QTest::keyClick(&field, Qt::Key_Return);

    QCOMPARE(field.amount() ? field.amount()->units : -1, units);
    QCOMPARE(field.text(), written);
    QCOMPARE(isInvalid(&field), units < 0);
}

void UnitFieldTest::readsDurations_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("milliseconds");
    QTest::addColumn<QString>("written");

    QTest::newRow("a bare number") << u"90"_s << qint64(90'000) << u"1 min 30 s"_s;
    QTest::newRow("milliseconds") << u"500ms"_s << qint64(500) << u"500 ms"_s;
    QTest::newRow("a fraction") << u"1.5 h"_s << qint64(5'400'000) << u"1 h 30 min"_s;
    QTest::newRow("several units") << u"1 d 2h"_s << qint64(93'600'000) << u"1 d 2 h"_s;
    QTest::newRow("nothing") << u"0"_s << qint64(0) << u"0 s"_s;
    QTest::newRow("an unknown unit") << u"3 moons"_s << qint64(-1) << u"3 moons"_s;
}

void UnitFieldTest::readsDurations()
{
    QFETCH(QString, text);
    QFETCH(qint64, milliseconds);
    QFETCH(QString, written);
    DurationField field;
    open(field);

    QTest::keyClicks(&field, text);
    QTest::keyClick(&field, Qt::Key_Return);

    QCOMPARE(field.duration() ? qint64(field.duration()->count()) : -1, milliseconds);
    QCOMPARE(field.text(), written);
}

void UnitFieldTest::readsSizes_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("bytes");
    QTest::addColumn<QString>("written");

    QTest::newRow("a bare number") << u"50"_s << qint64(50'000'000) << u"50 MB"_s;
    QTest::newRow("binary") << u"32 MiB"_s << qint64(33'554'432) << u"32 MiB"_s;
    QTest::newRow("a fraction") << u"1.5 GB"_s << qint64(1'500'000'000) << u"1,500 MB"_s;
    QTest::newRow("bytes") << u"7 b"_s << qint64(7) << u"7 B"_s;
    QTest::newRow("words") << u"big"_s << qint64(-1) << u"big"_s;
}

void UnitFieldTest::readsSizes()
{
    QFETCH(QString, text);
    QFETCH(qint64, bytes);
    QFETCH(QString, written);
    BytesField field;
    open(field);

    QTest::keyClicks(&field, text);
    QTest::keyClick(&field, Qt::Key_Return);

    QCOMPARE(field.bytes().value_or(-1), bytes);
    QCOMPARE(field.text(), written);
}

void UnitFieldTest::readsTokens_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("tokens");
    QTest::addColumn<QString>("written");

    QTest::newRow("a bare number") << u"8000"_s << qint64(8'000) << u"8,000"_s;
    QTest::newRow("in groups") << u"8,000"_s << qint64(8'000) << u"8,000"_s;
    QTest::newRow("thousands") << u"128k"_s << qint64(128'000) << u"128,000"_s;
    QTest::newRow("millions") << u"1.5 M"_s << qint64(1'500'000) << u"1,500,000"_s;
    QTest::newRow("none") << u"0"_s << qint64(-1) << u"0"_s;
    QTest::newRow("more than any model takes") << u"1000M"_s << qint64(-1) << u"1000M"_s;
    QTest::newRow("words") << u"many"_s << qint64(-1) << u"many"_s;
}

void UnitFieldTest::readsTokens()
{
    QFETCH(QString, text);
    QFETCH(qint64, tokens);
    QFETCH(QString, written);
    TokensField field;
    open(field);

    QTest::keyClicks(&field, text);
    QTest::keyClick(&field, Qt::Key_Return);

    QCOMPARE(field.tokens().value_or(-1), tokens);
    QCOMPARE(field.text(), written);
    QCOMPARE(field.problem().isEmpty(), tokens > 0);
}

void UnitFieldTest::saysWhatZeroMeans()
{
    QWidget window;
    auto *other = new QLineEdit(&window);
    auto *field = new DurationField(&window);
    field->setDuration(0s);
    field->setZeroText(u"Never"_s);
    open(window);
    other->setFocus();
    QCOMPARE(field->text(), u"Never"_s);
    QCOMPARE(field->duration(), std::optional(0ms));
    QVERIFY(!isInvalid(field));

    // A number is typed over the word.
    field->setFocus();
    QTRY_COMPARE(field->selectedText(), u"Never"_s);
    QTest::keyClicks(field, u"90"_s);
    QTest::keyClick(field, Qt::Key_Return);
    QCOMPARE(field->text(), u"1 min 30 s"_s);

    for (const QString &text : {u"0"_s, u"never"_s}) {
        field->selectAll();
        QTest::keyClicks(field, text);
        QCOMPARE(field->text(), text);
        QTest::keyClick(field, Qt::Key_Return);
        QCOMPARE(field->text(), u"Never"_s);
        QCOMPARE(field->duration(), std::optional(0ms));
    }

    field->setZeroText(u"No limit"_s);
    QCOMPARE(field->text(), u"No limit"_s);
    QCOMPARE(field->duration(), std::optional(0ms));
}

void UnitFieldTest::neverChangesTextWhileTyping()
{
    MoneyField field;
    field.setRange({0}, {50 * domain::Quota::perDollar});
    open(field);

    QTest::keyClicks(&field, u"10"_s);
    QCOMPARE(field.text(), u"10"_s);
    QVERIFY(field.problem().isEmpty());
    QTest::keyClicks(&field, u"0"_s);

    QCOMPARE(field.text(), u"100"_s);
    QCOMPARE(field.problem(), u"At most $50.00."_s);
    QVERIFY(!field.amount());
}

void UnitFieldTest::acceptsNothingOnlyIfOptional()
{
    MoneyField field;
    QVERIFY(!field.problem().isEmpty());

    field.setOptional(true);

    QVERIFY(field.problem().isEmpty());
    QVERIFY(!field.amount());
}

QTEST_MAIN(UnitFieldTest)
#include "tst_unitfield.moc"
