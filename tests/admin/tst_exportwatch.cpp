#include "admin/integrations/exportwatch.h"

#include "admin/integrations/otlpservice.h"
#include "admin/integrations/webhookservice.h"
#include "support/administrationfixture.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using support::AdministrationFixture;

static base::Error because(const QString &why, ErrorCode code = ErrorCode::Unavailable)
{
    return {.code = code, .message = base::Message::verbatim(why)};
}

class ExportWatchTest : public QObject
{
    Q_OBJECT

private slots:
    void knowsWhatFailsUntilItIsTaken();
    void anotherAddressIsAnotherMatter();
    void theEndOfTheProgramIsNoFailure();
};

void ExportWatchTest::knowsWhatFailsUntilItIsTaken()
{
    AdministrationFixture gateway;
    gateway.start();
    Administration &administration = *gateway.administration;
    ExportWatch &watch = administration.exportWatch;
    const QSignalSpy changed(&watch, &ExportWatch::changed);
    QVERIFY(watch.failing().empty());

    emit administration.webhook.failed(because(u"Refused."_s));
    emit administration.otlp.failed(because(u"Not found."_s));
    emit administration.otlp.meter().failed(because(u"Gone."_s));

    QCOMPARE(watch.failing().size(), 3u);
    QCOMPARE(changed.size(), 3);
    const FailingExport webhook = watch.failing().back();
    QCOMPARE(webhook.setting, u"integrations.webhook_url"_s);
    QCOMPARE(webhook.error.message.english(), u"Refused."_s);
    QVERIFY(webhook.since > 0);
    emit administration.webhook.failed(because(u"Refused."_s));
    QCOMPARE(changed.size(), 3); // nothing new
    emit administration.webhook.failed(because(u"Too late."_s));
    QCOMPARE(changed.size(), 4);
    QCOMPARE(watch.failing().back().since, webhook.since);

    emit administration.webhook.delivered({});
    emit administration.otlp.delivered({});
    QCOMPARE(watch.failing().size(), 1u);
    QCOMPARE(watch.failing().front().setting, u"integrations.otlp_metrics"_s);
}

void ExportWatchTest::anotherAddressIsAnotherMatter()
{
    AdministrationFixture gateway;
    gateway.start();
    Administration &administration = *gateway.administration;
    const QString key = u"integrations.webhook_url"_s;
    QVERIFY(gateway.wait(administration.settings.set(key, u"https://one.example/"_s)));
    emit administration.webhook.failed(because(u"Refused."_s));

    QVERIFY(gateway.wait(administration.settings.set(u"tests.parallel"_s, u"3"_s)));
    QCOMPARE(administration.exportWatch.failing().size(), 1u);
    QVERIFY(gateway.wait(administration.settings.set(key, u"https://two.example/"_s)));

    QTRY_VERIFY(administration.exportWatch.failing().empty());
}

void ExportWatchTest::theEndOfTheProgramIsNoFailure()
{
    AdministrationFixture gateway;
    gateway.start();

    emit gateway.administration->webhook.failed(
        because(u"It was cancelled."_s, ErrorCode::Cancelled));

    QVERIFY(gateway.administration->exportWatch.failing().empty());
}

} // namespace gatehouse::admin

QTEST_GUILESS_MAIN(gatehouse::admin::ExportWatchTest)
#include "tst_exportwatch.moc"
