#include "secrets/sessionsignature.h"

#include <QTest>

using namespace gatehouse;
using base::Secret;
using secrets::SessionClaims;
using secrets::SessionProblem;
using secrets::SessionSignature;

class SessionSignatureTest : public QObject
{
    Q_OBJECT

private slots:
    void verifiesWhatItSigned_data();
    void verifiesWhatItSigned();
    void survivesARestart();
    void cookieIsFitForAHeader();
    void sessionsHaveIdsOfTheirOwn();
    void expires_data();
    void expires();
    void refusesEveryChangedCharacter();
    void refusesMalformed_data();
    void refusesMalformed();
    void refusesOtherSecrets_data();
    void refusesOtherSecrets();
    void emptySecretSignsAndVerifiesNothing();
    void refusesToSignForNobody();

private:
    static constexpr qint64 now = 1'790'000'000;
    static constexpr qint64 month = 30 * 86'400;
    const SessionSignature m_signature{Secret(QByteArray(32, 's'))};
};

void SessionSignatureTest::verifiesWhatItSigned_data()
{
    QTest::addColumn<qint64>("user");
    QTest::addColumn<qint64>("epoch");

    QTest::newRow("the first user") << qint64(1) << qint64(0);
    QTest::newRow("a later epoch") << qint64(42) << qint64(7);
    QTest::newRow("the largest numbers")
        << std::numeric_limits<qint64>::max() << std::numeric_limits<qint64>::max();
}

void SessionSignatureTest::verifiesWhatItSigned()
{
    QFETCH(qint64, user);
    QFETCH(qint64, epoch);

    const auto cookie = m_signature.sign({user}, epoch, now, month);

    QVERIFY(cookie);
    const auto claims = m_signature.verify(*cookie, now + 1);
    QVERIFY(claims);
    QCOMPARE(claims->userId.value, user);
    QCOMPARE(claims->epoch, epoch);
    QCOMPARE(claims->issuedAt, now);
    QCOMPARE(claims->expiresAt, now + month);
    QCOMPARE(claims->sessionId.size(), 16);
}

void SessionSignatureTest::survivesARestart()
{
    const QByteArray cookie = *m_signature.sign({1}, 0, now, month);

    const SessionSignature restarted(Secret(QByteArray(32, 's')));

    QVERIFY(restarted.verify(cookie, now));
}

void SessionSignatureTest::cookieIsFitForAHeader()
{
    const QByteArray cookie = *m_signature.sign({1}, 0, now, month);

    QCOMPARE(cookie.size(), 108);
    QVERIFY(std::all_of(cookie.begin(), cookie.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
               || c == '-' || c == '_';
    }));
}

void SessionSignatureTest::sessionsHaveIdsOfTheirOwn()
{
    const auto first = m_signature.verify(*m_signature.sign({1}, 0, now, month), now);
    const auto second = m_signature.verify(*m_signature.sign({1}, 0, now, month), now);

    QVERIFY(first && second);
    QVERIFY(first->sessionId != second->sessionId);
}

void SessionSignatureTest::expires_data()
{
    QTest::addColumn<qint64>("at");
    QTest::addColumn<bool>("isValid");

    QTest::newRow("at once") << now << true;
    QTest::newRow("in the last second") << now + month - 1 << true;
    QTest::newRow("when the time is up") << now + month << false;
    QTest::newRow("a year later") << now + 365 * 86'400 << false;
    QTest::newRow("the clock was set back") << now - 86'400 << true;
}

void SessionSignatureTest::expires()
{
    QFETCH(qint64, at);
    QFETCH(bool, isValid);
    const QByteArray cookie = *m_signature.sign({1}, 0, now, month);

    const auto claims = m_signature.verify(cookie, at);

    QCOMPARE(claims.has_value(), isValid);
    if (!isValid)
        QVERIFY(claims.error() == SessionProblem::Expired);
}

void SessionSignatureTest::refusesEveryChangedCharacter()
{
    const QByteArray cookie = *m_signature.sign({1}, 0, now, month);
    const QByteArray alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

    for (qsizetype i = 0; i < cookie.size(); ++i) {
        for (const char c : alphabet) {
            QByteArray changed = cookie;
            changed[i] = c;
            if (changed == cookie)
                continue;
            const auto claims = m_signature.verify(changed, now);
            QVERIFY2(!claims, qPrintable(QString::number(i)));
            QVERIFY(claims.error() != SessionProblem::Expired);
        }
    }
}

void SessionSignatureTest::refusesMalformed_data()
{
    QTest::addColumn<QByteArray>("cookie");

    const QByteArray good = *m_signature.sign({1}, 0, now, month);
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("cut short") << good.chopped(1);
    QTest::newRow("padded") << good + '=';
    QTest::newRow("another alphabet") << QByteArray("+") + good.sliced(1);
    QTest::newRow("foreign bytes") << QByteArray(108, '\xff');
    QTest::newRow("zero bytes") << QByteArray(108, '\0');
    QTest::newRow("one of One API") << QByteArray("MTcwMDAwMDAwMHxEWDhFQVFMX2dBQUJFQUVRQUFB");
    QTest::newRow("a later version") << QByteArray("Ag") + good.sliced(2);
    QTest::newRow("very long") << good.repeated(10'000);
}

void SessionSignatureTest::refusesMalformed()
{
    QFETCH(QByteArray, cookie);

    const auto claims = m_signature.verify(cookie, now);

    QVERIFY(!claims);
    QVERIFY(claims.error() == SessionProblem::Malformed);
}

void SessionSignatureTest::refusesOtherSecrets_data()
{
    QTest::addColumn<QByteArray>("secret");

    QTest::newRow("a common one") << QByteArray("123456");
    QTest::newRow("One API's example") << QByteArray("random_string");
    QTest::newRow("another installation's") << QByteArray(32, 't');
    QTest::newRow("the same, cut") << QByteArray(31, 's');
}

void SessionSignatureTest::refusesOtherSecrets()
{
    QFETCH(QByteArray, secret);
    const SessionSignature other{Secret(secret)};

    const auto claims = m_signature.verify(*other.sign({1}, 0, now, month), now);

    QVERIFY(!claims);
    QVERIFY(claims.error() == SessionProblem::Forged);
}

void SessionSignatureTest::emptySecretSignsAndVerifiesNothing()
{
    const SessionSignature empty{Secret()};

    QCOMPARE(empty.sign({1}, 0, now, month).error().code, base::ErrorCode::Unavailable);
    const auto claims = empty.verify(*m_signature.sign({1}, 0, now, month), now);
    QVERIFY(!claims);
    QVERIFY(claims.error() == SessionProblem::Unavailable);
}

void SessionSignatureTest::refusesToSignForNobody()
{
    QVERIFY(!m_signature.sign(domain::UserId{}, 0, now, month));
    QVERIFY(!m_signature.sign(SessionClaims{.userId = {1}, .sessionId = QByteArray(3, 'x')}));
}

QTEST_GUILESS_MAIN(SessionSignatureTest)
#include "tst_sessionsignature.moc"
