#include "settings/certificatehelp.h"
#include "widgets/secondarylabel.h"

#include <QPushButton>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace gatehouse;

class CertificateHelpTest : public QObject
{
    Q_OBJECT

private slots:
    void isFoldedUntilItIsAskedFor();
    void tellsEverySystem();
};

void CertificateHelpTest::isFoldedUntilItIsAskedFor()
{
    ui::CertificateHelp help(nullptr);
    help.show();
    auto *steps = help.findChild<ui::SecondaryLabel *>();
    auto *link = help.findChild<QPushButton *>();
    QVERIFY(!steps->isVisible());
    QVERIFY(link->text().contains(u"iOS"_s));

    link->click();
    QVERIFY(steps->isVisible());

    link->click();
    QVERIFY(!steps->isVisible());
}

void CertificateHelpTest::tellsEverySystem()
{
    ui::CertificateHelp help(nullptr);

    const QString steps = help.findChild<ui::SecondaryLabel *>()->text();

    for (const QString &system : {u"iOS"_s, u"Android"_s, u"Windows"_s, u"macOS"_s, u"Debian"_s})
        QVERIFY2(steps.contains(system), qPrintable(system));
    // On iOS an installed profile alone is not trusted.
    QVERIFY(steps.contains(u"Certificate Trust Settings"_s));
}

QTEST_MAIN(CertificateHelpTest)
#include "tst_certificatehelp.moc"
