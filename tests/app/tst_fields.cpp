#include "commands/fields.h"

#include <QDateTime>
#include <QTest>

#include <limits>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

// Values as people write them.
class FieldsTest : public QObject
{
    Q_OBJECT

private slots:
    void dollars_data();
    void dollars();
    void dollarsAreRefused_data();
    void dollarsAreRefused();
    void theLargestDebtIsShown();
    void moments_data();
    void moments();
    void aDayEndsWhenItIsOver();
    void momentsAreShownWithTheirOffset();
    void fieldsPutMembers();
    void aRefusalNamesTheOption_data();
    void aRefusalNamesTheOption();
};

void FieldsTest::dollars_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("units");
    QTest::addColumn<QString>("shown");

    QTest::newRow("whole") << u"5"_s << qint64(2'500'000) << u"$5.00"_s;
    QTest::newRow("with cents and a sign") << u"$12.50"_s << qint64(6'250'000) << u"$12.50"_s;
    QTest::newRow("what no double holds") << u"0.1"_s << qint64(50'000) << u"$0.10"_s;
    QTest::newRow("the smallest") << u"0.000002"_s << qint64(1) << u"$0.000002"_s;
    QTest::newRow("nothing") << u"0"_s << qint64(0) << u"$0.00"_s;
    QTest::newRow("the largest") << u"9999999999.99"_s << qint64(4'999'999'999'995'000)
                                 << u"$9999999999.99"_s;
}

void FieldsTest::dollars()
{
    QFETCH(QString, text);

    const auto amount = quotaFrom(text);

    QVERIFY(amount);
    QTEST(amount->units, "units");
    QTEST(dollarsText(*amount), "shown");
}

void FieldsTest::dollarsAreRefused_data()
{
    QTest::addColumn<QString>("text");

    for (const char *text :
         {"", "-1", "+1", "1,50", "1.", ".5", "1e3", "five", "5 ", "0.000001", "10000000000", "€5"})
        QTest::newRow(text) << QString::fromUtf8(text);
}

void FieldsTest::dollarsAreRefused()
{
    QFETCH(QString, text);

    QVERIFY(!quotaFrom(text));
}

void FieldsTest::theLargestDebtIsShown()
{
    QCOMPARE(dollarsText({-1}), u"-$0.000002"_s);
    QCOMPARE(dollarsText({std::numeric_limits<qint64>::min()}), u"-$18446744073709.551616"_s);
}

void FieldsTest::moments_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<qint64>("seconds"); // 0: refused

    QTest::newRow("never") << u"never"_s << qint64(-1);
    QTest::newRow("in UTC") << u"2026-12-31T18:00:00Z"_s << qint64(1'798'740'000);
    QTest::newRow("with an offset") << u"2026-12-31T18:00:00+08:00"_s << qint64(1'798'711'200);
    QTest::newRow("no day") << u"2026-02-30"_s << qint64(0);
    QTest::newRow("another order") << u"31.12.2026"_s << qint64(0);
    QTest::newRow("nothing") << QString() << qint64(0);
    QTest::newRow("a word") << u"tomorrow"_s << qint64(0);
}

void FieldsTest::moments()
{
    QFETCH(QString, text);

    const auto moment = momentFrom(text);

    QTEST(moment ? *moment : qint64(0), "seconds");
}

void FieldsTest::aDayEndsWhenItIsOver()
{
    const auto moment = momentFrom(u"2026-12-31"_s);

    QVERIFY(moment);
    QCOMPARE(*moment, QDate(2027, 1, 1).startOfDay().toSecsSinceEpoch());
}

void FieldsTest::momentsAreShownWithTheirOffset()
{
    const QString shown = momentText(1'798'740'000);

    QCOMPARE(momentFrom(shown).value_or(0), qint64(1'798'740'000));
    QVERIFY(shown.endsWith(u'Z') || shown.contains(u'+') || shown.count(u'-') == 3);
    QCOMPARE(momentText(-1), u"never"_s);
}

static std::vector<Field> someFields()
{
    return {textField({.name = u"--name"_s, .value = u"NAME"_s}, u"name"_s, Empty::Refused),
            textField({.name = u"--note"_s, .value = u"TEXT"_s}, u"note"_s, Empty::Allowed),
            wholeField({.name = u"--rpm"_s, .value = u"N"_s}, u"limits.rpm"_s, 0, 100),
            wholeField({.name = u"--tpm"_s, .value = u"N"_s}, u"limits.tpm"_s, 0, 100),
            numberField({.name = u"--ratio"_s, .value = u"R"_s}, u"ratio"_s, 0, 10),
            yesOrNoField({.name = u"--private"_s, .value = u"yes|no"_s}, u"private"_s)};
}

static base::Result<QJsonObject> bodyOf(const QStringList &words, QJsonObject body = {})
{
    std::vector<OptionRule> rules;
    for (const Field &field : someFields())
        rules.push_back(field.option);
    return Arguments::from(words, rules).and_then([&](const Arguments &arguments) {
        return putFields(someFields(), arguments, body).map([&] { return body; });
    });
}

void FieldsTest::fieldsPutMembers()
{
    const auto body =
        bodyOf({u"--name=a"_s, u"--note="_s, u"--rpm=5"_s, u"--ratio=1.5"_s, u"--private=no"_s},
               {{u"kept"_s, 1}, {u"limits"_s, QJsonObject{{u"tpm"_s, 7}}}});

    QVERIFY(body);
    QCOMPARE(*body,
             (QJsonObject{{u"kept"_s, 1},
                          {u"name"_s, u"a"_s},
                          {u"note"_s, u""_s},
                          {u"limits"_s, QJsonObject{{u"rpm"_s, 5}, {u"tpm"_s, 7}}},
                          {u"ratio"_s, 1.5},
                          {u"private"_s, false}}));
}

void FieldsTest::aRefusalNamesTheOption_data()
{
    QTest::addColumn<QString>("word");

    for (const char *word : {"--name=",
                             "--name= ",
                             "--rpm=101",
                             "--rpm=-1",
                             "--rpm=many",
                             "--rpm=1.5",
                             "--ratio=11",
                             "--ratio=nan",
                             "--private=maybe"})
        QTest::newRow(word) << QString::fromLatin1(word);
}

void FieldsTest::aRefusalNamesTheOption()
{
    QFETCH(QString, word);

    const auto body = bodyOf({word});

    QVERIFY(!body);
    QCOMPARE(body.error().code, base::ErrorCode::InvalidInput);
    QVERIFY(body.error().message.english().startsWith(word.section(u'=', 0, 0) + u": "_s));
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::FieldsTest)
#include "tst_fields.moc"
