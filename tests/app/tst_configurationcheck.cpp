#include "configuration/configurationcheck.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

// What is wrong with options and environment, before anything is started.
class ConfigurationCheckTest : public QObject
{
    Q_OBJECT

private slots:
    void knowsVariables_data();
    void knowsVariables();
    void guessesWhatWasMeant();
    void soundWhereNothingIsSaid();
    void findsMistakes_data();
    void findsMistakes();
    void repeatsNoPassword();
    void takesAGoodKeyFile();

private:
    // Options on a data directory in which there is nothing.
    Options options(const QMap<QString, QString> &environment = {},
                    QStringList arguments = {}) const
    {
        arguments += {u"--data-dir"_s, m_folder.filePath(u"data"_s)};
        return *takeOptions(arguments, environment);
    }

    QTemporaryDir m_folder;
};

void ConfigurationCheckTest::knowsVariables_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("known");

    QTest::newRow("an option") << u"GATEHOUSE_LISTEN"_s << true;
    QTest::newRow("the log's file") << u"GATEHOUSE_LOG_FILE"_s << true;
    QTest::newRow("a setting") << u"GATEHOUSE_RELAY_RETRIES"_s << true;
    QTest::newRow("a file") << u"GATEHOUSE_METRICS_TOKEN_FILE"_s << true;
    QTest::newRow("another program's") << u"GATE_LISTEN"_s << true;
    QTest::newRow("mistyped") << u"GATEHOUSE_LISTENS"_s << false;
    QTest::newRow("nothing like it") << u"GATEHOUSE_COLOUR_OF_THE_SKY"_s << false;
}

void ConfigurationCheckTest::knowsVariables()
{
    QFETCH(QString, name);
    QFETCH(bool, known);

    const QList<Finding> findings = unknownVariables({{name, u"x"_s}});

    QCOMPARE(findings.isEmpty(), known);
    if (!known) {
        QCOMPARE(findings.front().subject, name);
        QCOMPARE(findings.front().level, Finding::Level::Failed);
    }
}

void ConfigurationCheckTest::guessesWhatWasMeant()
{
    const auto mistyped = unknownVariables({{u"GATEHOUSE_LISTNE"_s, u"x"_s}});
    const auto strange = unknownVariables({{u"GATEHOUSE_COLOUR_OF_THE_SKY"_s, u"x"_s}});

    QVERIFY(mistyped.front().text.contains(u"GATEHOUSE_LISTEN "_s));
    QVERIFY(!strange.front().text.contains(u"may be meant"_s));
}

void ConfigurationCheckTest::soundWhereNothingIsSaid()
{
    const QList<Finding> findings = checkConfiguration(options());

    QVERIFY(!findings.isEmpty());
    QVERIFY(!hasFailed(findings));
    QVERIFY(!QFileInfo::exists(m_folder.filePath(u"data"_s)));
}

void ConfigurationCheckTest::findsMistakes_data()
{
    using Environment = QMap<QString, QString>;
    QTest::addColumn<Environment>("environment");
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("subject");

    QTest::newRow("an address") << Environment() << QStringList{u"--listen=nowhere"_s}
                                << u"listening address"_s;
    QTest::newRow("a setting that is no number")
        << Environment{{u"GATEHOUSE_RELAY_RETRIES"_s, u"many"_s}} << QStringList()
        << u"GATEHOUSE_RELAY_RETRIES"_s;
    QTest::newRow("a key file that is not there")
        << Environment{{u"GATEHOUSE_MASTER_KEY_FILE"_s, u"/nowhere/key"_s}} << QStringList()
        << u"GATEHOUSE_MASTER_KEY_FILE"_s;
    QTest::newRow("a folder for a key file")
        << Environment{{u"GATEHOUSE_MASTER_KEY_FILE"_s, u"/"_s}} << QStringList()
        << u"GATEHOUSE_MASTER_KEY_FILE"_s;
    QTest::newRow("a place for secrets that there is not")
        << Environment{{u"GATEHOUSE_SECRETS"_s, u"pocket"_s}} << QStringList()
        << u"GATEHOUSE_SECRETS"_s;
    QTest::newRow("a file with a token that is not there")
        << Environment{{u"GATEHOUSE_METRICS_TOKEN_FILE"_s, u"/nowhere/token"_s}} << QStringList()
        << u"GATEHOUSE_METRICS_TOKEN_FILE"_s;
    QTest::newRow("a certificate that is not there")
        << Environment{{u"GATEHOUSE_SERVER_TLS_CERTIFICATE"_s, u"/nowhere/cert.pem"_s}}
        << QStringList() << u"server.tls_certificate"_s;
    QTest::newRow("a database that there is not")
        << Environment() << QStringList{u"--database=mysql://host/name"_s} << u"database"_s;
}

void ConfigurationCheckTest::findsMistakes()
{
    using Environment = QMap<QString, QString>;
    QFETCH(Environment, environment);
    QFETCH(QStringList, arguments);
    QFETCH(QString, subject);

    const QList<Finding> findings = checkConfiguration(options(environment, arguments));

    QStringList failed;
    for (const Finding &finding : findings) {
        if (finding.level == Finding::Level::Failed)
            failed.append(finding.subject);
    }
    QCOMPARE(failed, QStringList{subject});
}

void ConfigurationCheckTest::repeatsNoPassword()
{
    const QString password = u"correct-horse-battery"_s;
    const Options wrong = options({{u"GATEHOUSE_ROOT_PASSWROD"_s, password}},
                                  {u"--database=mysql://gate:"_s + password + u"@host/name"_s});

    const QList<Finding> findings = checkConfiguration(wrong);

    QVERIFY(hasFailed(findings));
    for (const Finding &finding : findings)
        QVERIFY2(!findingLine(finding).contains(password), qPrintable(finding.subject));
}

void ConfigurationCheckTest::takesAGoodKeyFile()
{
    QFile file(m_folder.filePath(u"key"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("0123456789abcdefghijklmnopqrstuvwxyz");
    file.close();

    const auto findings =
        checkConfiguration(options({{u"GATEHOUSE_MASTER_KEY_FILE"_s, file.fileName()}}));

    QVERIFY(!hasFailed(findings));
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::ConfigurationCheckTest)
#include "tst_configurationcheck.moc"
