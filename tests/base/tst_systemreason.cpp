#include "base/systemreason.h"

#include <QCoreApplication>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QTranslator>

#include <cerrno>

using namespace Qt::StringLiterals;
using namespace gatehouse;

using base::Message;

// What Qt says of the system's errors, in another language.
class OtherLanguage final : public QTranslator
{
public:
    OtherLanguage() { QCoreApplication::installTranslator(this); }
    ~OtherLanguage() override { QCoreApplication::removeTranslator(this); }

    bool isEmpty() const override { return false; }
    QString translate(const char *, const char *source, const char *, int = -1) const override
    {
        return QByteArrayView(source) == "No such file or directory" ? u"没有那个文件"_s
                                                                     : QString();
    }
};

class SystemReasonTest : public QObject
{
    Q_OBJECT

private slots:
    void isEnglishInLogsAndAsItWasInAWindow();
    void ofANumberIsTheSame();
    void otherTextStays();
};

void SystemReasonTest::isEnglishInLogsAndAsItWasInAWindow()
{
#ifndef Q_OS_LINUX
    QSKIP("Elsewhere the system is asked in its own language alone.");
#endif
    const OtherLanguage language;
    const QTemporaryDir directory;
    QFile file(directory.filePath(u"absent"_s));
    QVERIFY(!file.open(QIODevice::ReadOnly));
    QCOMPARE(file.errorString(), u"没有那个文件"_s);

    const Message reason = base::systemReason(file.errorString());

    QCOMPARE(reason.english(), u"No such file or directory"_s);
    QCOMPARE(reason.translated(), u"没有那个文件"_s);
    QCOMPARE(Message::tr("Because: %1").arg(reason).english(),
             u"Because: No such file or directory"_s);
    QCOMPARE(Message::tr("Because: %1").arg(reason).translated(), u"Because: 没有那个文件"_s);
}

void SystemReasonTest::ofANumberIsTheSame()
{
#ifndef Q_OS_LINUX
    QSKIP("Elsewhere the system is asked in its own language alone.");
#endif
    const OtherLanguage language;

    const Message reason = base::systemReason(ENOENT);

    QCOMPARE(reason.english(), u"No such file or directory"_s);
    QCOMPARE(reason.translated(), u"没有那个文件"_s);
}

void SystemReasonTest::otherTextStays()
{
    const Message reason = base::systemReason(u"Destination file exists"_s);

    QCOMPARE(reason.english(), u"Destination file exists"_s);
    QCOMPARE(reason.translated(), reason.english());
}

QTEST_GUILESS_MAIN(SystemReasonTest)
#include "tst_systemreason.moc"
