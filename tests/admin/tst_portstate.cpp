#include "admin/gateway/listenchoice.h"
#include "admin/gateway/portstate.h"

#include <QTcpServer>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace gatehouse;

using admin::ListenChoice;
using admin::PortState;

class PortStateTest : public QObject
{
    Q_OBJECT

private slots:
    void tellsWhetherOthersListen();
    void isOfEveryAddress();
    void needsAddressesThatAreHere();
};

void PortStateTest::tellsWhetherOthersListen()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    const auto choice = ListenChoice::from(u"127.0.0.1:%1"_s.arg(other.serverPort()));

    QCOMPARE(admin::portState(*choice), PortState::Taken);
    other.close();
    QCOMPARE(admin::portState(*choice), PortState::Free);
    // It was let go again.
    QVERIFY(other.listen(QHostAddress::LocalHost, choice->port));
}

void PortStateTest::isOfEveryAddress()
{
    QTcpServer other;
    QVERIFY(other.listen(QHostAddress::LocalHost));
    QTcpServer free;
    QVERIFY(free.listen(QHostAddress::LocalHost));
    const quint16 freePort = free.serverPort();
    free.close();

    const auto both =
        ListenChoice::from(u"127.0.0.1:%1 127.0.0.1:%2"_s.arg(freePort).arg(other.serverPort()));
    QCOMPARE(admin::portState(*both), PortState::Taken);
    // The whole network is this computer, too.
    const auto network = ListenChoice::from(u"*:%1"_s.arg(other.serverPort()));
    QCOMPARE(admin::portState(*network), PortState::Taken);
}

// 192.0.2.0/24 is for documents, and nobody's.
void PortStateTest::needsAddressesThatAreHere()
{
    const auto elsewhere = ListenChoice::from(u"192.0.2.1:4000"_s);

    QCOMPARE(admin::portState(*elsewhere), PortState::Unusable);
}

QTEST_GUILESS_MAIN(PortStateTest)
#include "tst_portstate.moc"
