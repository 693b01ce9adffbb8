#include "domain/statuscodes.h"

#include "domain/settings.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

class StatusCodesTest : public QObject
{
    Q_OBJECT

private slots:
    void contains_data();
    void contains();
    void refuses_data();
    void refuses();
    void isASetting();
};

void StatusCodesTest::contains_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("status");
    QTest::addColumn<bool>("isMeant");

    QTest::newRow("none") << QString() << 500 << false;
    QTest::newRow("one") << u"429"_s << 429 << true;
    QTest::newRow("another one") << u"429"_s << 428 << false;
    QTest::newRow("the first of a range") << u"429, 500-599"_s << 500 << true;
    QTest::newRow("the last of a range") << u"429, 500-599"_s << 599 << true;
    QTest::newRow("between") << u"429, 500-599"_s << 499 << false;
    QTest::newRow("a range with blanks") << u"500 - 502 504"_s << 501 << true;
    QTest::newRow("behind a range with blanks") << u"500 - 502 504"_s << 504 << true;
    QTest::newRow("a typographer's dash") << u"500–503"_s << 502 << true;
}

void StatusCodesTest::contains()
{
    QFETCH(QString, text);
    QFETCH(int, status);

    const auto codes = StatusCodes::from(text);

    QVERIFY(codes);
    QTEST(codes->contains(status), "isMeant");
}

void StatusCodesTest::refuses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("reason");

    QTest::newRow("a word") << u"429, many"_s << u"\"many\" is no status code"_s;
    QTest::newRow("half a range") << u"500-"_s << u"is no status code"_s;
    QTest::newRow("two digits") << u"50"_s << u"is no status code"_s;
    QTest::newRow("no error") << u"200"_s << u"outside the status codes of errors"_s;
    QTest::newRow("beyond") << u"500-600"_s << u"outside the status codes of errors"_s;
    QTest::newRow("backwards") << u"599-500"_s << u"Write 500-599."_s;
}

void StatusCodesTest::refuses()
{
    QFETCH(QString, text);
    QFETCH(QString, reason);

    const auto codes = StatusCodes::from(text);

    QVERIFY(!codes);
    QCOMPARE(codes.error().code, base::ErrorCode::InvalidInput);
    QVERIFY2(codes.error().message.english().contains(reason),
             qPrintable(codes.error().message.english()));
}

void StatusCodesTest::isASetting()
{
    Settings settings;

    QVERIFY(assign(settings, u"relay.retry_statuses"_s, u"429, 500-599"_s));
    QVERIFY(!assign(settings, u"relay.retry_statuses"_s, u"429, all"_s));
    QCOMPARE(settings.relay.retryStatuses, u"429, 500-599"_s);
    QCOMPARE(Settings().relay.retryStatuses, QString());
}

} // namespace gatehouse::domain

QTEST_GUILESS_MAIN(gatehouse::domain::StatusCodesTest)
#include "tst_statuscodes.moc"
