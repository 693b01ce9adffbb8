#include "domain/bodysecrets.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace gatehouse;
using namespace Qt::StringLiterals;

namespace {

const QJsonObject body{
    {u"temperature"_s, 0.5},
    {u"max_tokens"_s, 100},
    {u"user"_s, u"shown"_s},
    {u"prompt_cache_key"_s, u"shown-too"_s},
    {u"api_key"_s, u"canary-first"_s},
    {u"empty_key"_s, QString()},
    {u"auth"_s,
     QJsonObject{{u"kind"_s, u"canary-second"_s},
                 {u"list"_s, QJsonArray{u"Bearer canary-third"_s, 5}}}},
    {u"extra"_s, QJsonArray{QJsonObject{{u"Password"_s, u"short"_s}, {u"x"_s, u"plain"_s}}}}};

QByteArray textOf(const QJsonObject &object)
{
    return QJsonDocument(object).toJson(QJsonDocument::Compact);
}

} // namespace

class BodySecretsTest : public QObject
{
    Q_OBJECT

private slots:
    void masks();
    void leavesOut();
    void comesBack();
    void tellsSecrets();
    void findsWhatIsKept();
};

void BodySecretsTest::masks()
{
    const QJsonObject masked = domain::maskedBody(body);

    QVERIFY(!textOf(masked).contains("canary") && !textOf(masked).contains("short"));
    QCOMPARE(masked.value(u"api_key"_s).toString(), u"***"_s);
    QCOMPARE(masked.value(u"empty_key"_s).toString(), QString());
    QCOMPARE(masked.value(u"auth"_s).toObject().value(u"list"_s).toArray(),
             (QJsonArray{u"***"_s, 5}));
    for (const QString &name :
         {u"temperature"_s, u"max_tokens"_s, u"user"_s, u"prompt_cache_key"_s})
        QCOMPARE(masked.value(name), body.value(name));
    QCOMPARE(masked.value(u"extra"_s).toArray().at(0).toObject().value(u"x"_s).toString(),
             u"plain"_s);
    QCOMPARE(domain::maskedBody({}), QJsonObject());
}

void BodySecretsTest::leavesOut()
{
    const QJsonObject rest = domain::bodyWithoutSecrets(body);

    QVERIFY(!textOf(rest).contains("canary") && !textOf(rest).contains("***"));
    QVERIFY(!rest.contains(u"api_key"_s));
    QCOMPARE(rest.value(u"user"_s).toString(), u"shown"_s);

    const QJsonObject lists{{u"api_keys"_s, QJsonArray{u"canary-first"_s, u"canary-second"_s}},
                            {u"auth"_s, QJsonObject{{u"key"_s, u"canary-third"_s}}},
                            {u"stop"_s, QJsonArray()}};
    QCOMPARE(domain::bodyWithoutSecrets(lists), (QJsonObject{{u"stop"_s, QJsonArray()}}));
    QCOMPARE(domain::bodyWithoutSecrets({{u"api_key"_s, u"canary-first"_s}}), QJsonObject());
}

void BodySecretsTest::comesBack()
{
    QJsonObject changed = domain::maskedBody(body);
    QCOMPARE(domain::unmaskedBody(changed, body), body);

    changed.insert(u"api_key"_s, u"another"_s);
    changed.insert(u"user"_s, u"***"_s); // nothing of it was hidden
    changed.insert(u"new_token"_s, u"***"_s);
    changed.insert(u"shown"_s, changed.value(u"auth"_s)); // moved to where it would be shown
    const QJsonObject result = domain::unmaskedBody(changed, body);
    QCOMPARE(result.value(u"api_key"_s).toString(), u"another"_s);
    QCOMPARE(result.value(u"user"_s).toString(), u"***"_s);
    QCOMPARE(result.value(u"new_token"_s).toString(), u"***"_s);
    QVERIFY(!textOf(result.value(u"shown"_s).toObject()).contains("canary"));
    QCOMPARE(result.value(u"auth"_s), body.value(u"auth"_s));
}

void BodySecretsTest::tellsSecrets()
{
    QByteArrayList secrets;
    for (const base::Secret &secret : domain::secretsOfBody(body))
        secrets.append(secret.reveal());

    for (const char *secret :
         {"canary-first", "canary-second", "Bearer canary-third", "canary-third"})
        QVERIFY2(secrets.contains(secret), secret);
    QCOMPARE(secrets.size(), 4); // "short" occurs anywhere
}

void BodySecretsTest::findsWhatIsKept()
{
    QJsonObject after{{u"auth"_s, body.value(u"auth"_s)}};
    QCOMPARE(domain::keptBodySecret(body, after), u"auth.kind"_s);
    after = {{u"api_key"_s, u"canary-fourth"_s}, {u"user"_s, u"shown"_s}, {u"max_tokens"_s, 100}};
    QCOMPARE(domain::keptBodySecret(body, after), QString());
    after.insert(u"other_key"_s, u"canary-first"_s);
    QCOMPARE(domain::keptBodySecret(body, after), u"other_key"_s);
    QCOMPARE(domain::keptBodySecret({}, body), QString());
}

QTEST_APPLESS_MAIN(BodySecretsTest)
#include "tst_bodysecrets.moc"
