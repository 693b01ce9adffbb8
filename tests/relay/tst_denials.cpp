#include "relay/admission/denials.h"

#include "support/manualclock.h"

#include <QTest>

using namespace std::chrono_literals;

namespace gatehouse::relay {

class DenialsTest : public QObject
{
    Q_OBJECT

private slots:
    void passesOverWhatDeniesInARow();
    void aSuccessBeginsTheRowAnew();
    void isTriedAgainAfterARest();
    void touchesNobodyElse();
    void aChangeByAPersonEndsIt();
    void isForgottenInTime();
    void countsOnceARequest();
    void holdsSoManyAtMost();

private:
    void deny(int times, qint64 user = 1, const QByteArray &model = "small")
    {
        for (int i = 0; i < times; ++i)
            m_denials.note({user}, model, {m_refuses}, m_serves, m_settings);
    }
    QList<qint64> denying(qint64 user = 1, const QByteArray &model = "small") const
    {
        QList<qint64> keys;
        for (const KeyPlace &place : m_denials.of({user}, model))
            keys.append(place.key);
        return keys;
    }

    const KeyPlace m_refuses{.channel = {1}, .key = 10};
    const KeyPlace m_serves{.channel = {2}, .key = 20};
    const domain::Settings::Relay m_settings{};
    support::ManualClock m_clock;
    Denials m_denials{m_clock};

private slots:
    void init() { m_denials.forget({1}); }
};

void DenialsTest::passesOverWhatDeniesInARow()
{
    deny(4);
    QVERIFY(denying().isEmpty());

    deny(1);

    QCOMPARE(denying(), QList<qint64>{10});
}

void DenialsTest::aSuccessBeginsTheRowAnew()
{
    deny(4);
    m_denials.note({1}, "small", {}, m_refuses, m_settings);

    deny(4);

    QVERIFY(denying().isEmpty());
}

void DenialsTest::isTriedAgainAfterARest()
{
    deny(5);
    m_clock.advance(30s);
    QVERIFY(denying().isEmpty());

    deny(1);

    QCOMPARE(denying(), QList<qint64>{10});
}

// Whoever sends what a key must refuse loses its use alone.
void DenialsTest::touchesNobodyElse()
{
    deny(50);

    QVERIFY(denying(2).isEmpty());
    QVERIFY(denying(1, "large").isEmpty());
}

void DenialsTest::aChangeByAPersonEndsIt()
{
    deny(5);

    m_denials.forget({1});

    QVERIFY(denying().isEmpty());
    deny(4);
    QVERIFY(denying().isEmpty());
}

void DenialsTest::isForgottenInTime()
{
    deny(4);
    m_clock.advance(61min);

    deny(4);

    QVERIFY(denying().isEmpty());
}

void DenialsTest::countsOnceARequest()
{
    m_denials.note({1},
                   "small",
                   {m_refuses, m_refuses, m_refuses, m_refuses, m_refuses, m_serves},
                   m_serves,
                   m_settings);

    QVERIFY(denying().isEmpty());
    QVERIFY(m_denials.of({1}, "small").empty());
}

void DenialsTest::holdsSoManyAtMost()
{
    for (int i = 0; i < 3'000; ++i)
        deny(5, 1, "model-" + QByteArray::number(i));
    QCOMPARE(denying(1, "model-0"), QList<qint64>{10});
    QVERIFY(denying(1, "model-2999").isEmpty());

    m_clock.advance(61min); // makes room
    deny(5, 1, "model-2999");

    QCOMPARE(denying(1, "model-2999"), QList<qint64>{10});
}

} // namespace gatehouse::relay

QTEST_GUILESS_MAIN(gatehouse::relay::DenialsTest)
#include "tst_denials.moc"
