#include "windowrequest.h"

#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

// What a command line asks the window for.
class WindowRequestTest : public QObject
{
    Q_OBJECT

private slots:
    void meansTheWindow_data();
    void meansTheWindow();
    void readsWhatIsAskedFor();
    void takesALanguage_data();
    void takesALanguage();
    void leavesTheOptionsOfTheProgramOut();
    void refuses_data();
    void refuses();
    void noErrorRepeatsALink();
    void theLaterOneCounts();
    void aLaterLinkIsHandedOver();
    void linksAreHiddenFromOthers();
};

static const QString link = u"gatehouse://v1/import?resource=channel&key=0123456789abcdef"_s;

void WindowRequestTest::meansTheWindow_data()
{
    QTest::addColumn<QByteArray>("first");
    QTest::addColumn<bool>("window");

    QTest::newRow("an option") << QByteArray("--hidden") << true;
    QTest::newRow("an option of the program") << QByteArray("--data-dir") << true;
    QTest::newRow("a link") << QByteArray("gatehouse://v1/open?page=traffic") << true;
    QTest::newRow("a link in capitals") << QByteArray("GATEHOUSE://v1/open") << true;
    QTest::newRow("the end of options") << QByteArray("--") << true;
    QTest::newRow("a command") << QByteArray("serve") << false;
    QTest::newRow("the version") << QByteArray("--version") << false;
    QTest::newRow("help") << QByteArray("-h") << false;
    QTest::newRow("another link") << QByteArray("https://example.com") << false;
}

void WindowRequestTest::meansTheWindow()
{
    QFETCH(QByteArray, first);
    QFETCH(bool, window);

    QCOMPARE(meansWindow(first), window);
}

void WindowRequestTest::readsWhatIsAskedFor()
{
    const auto nothing = windowRequestFrom({});
    const auto hidden = windowRequestFrom({u"--hidden"_s});
    const auto start = windowRequestFrom({u"--start"_s});
    const auto stop = windowRequestFrom({u"--stop"_s, u"--copy-endpoint"_s});
    const auto opened = windowRequestFrom({u"--"_s, link});

    QVERIFY(nothing && hidden && start && stop && opened);
    QVERIFY(!nothing->isErrand() && !nothing->hidden && nothing->link.isEmpty());
    QVERIFY(hidden->hidden && !hidden->isErrand());
    QVERIFY(start->startsGateway && start->isErrand() && !start->needsRunning());
    QVERIFY(stop->stopsGateway && stop->copiesAddress && stop->needsRunning());
    QCOMPARE(opened->link, link);
    QVERIFY(!opened->isErrand());
}

void WindowRequestTest::takesALanguage_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("language");

    QTest::newRow("in the next word") << QStringList{u"--lang"_s, u"zh_CN"_s} << u"zh_CN"_s;
    QTest::newRow("in the same word") << QStringList{u"--lang=en"_s} << u"en"_s;
    QTest::newRow("as a system calls it")
        << QStringList{u"--hidden"_s, u"--lang=zh-CN.UTF-8"_s} << u"zh-CN.UTF-8"_s;
    QTest::newRow("behind the end of options") << QStringList{u"--"_s, link} << QString();
}

void WindowRequestTest::takesALanguage()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, language);

    const auto request = windowRequestFrom(arguments);

    QVERIFY(request);
    QCOMPARE(request->language, language);
    QVERIFY(!request->isErrand());
    WindowRequest before{.language = u"en"_s};
    before.add(*request);
    QCOMPARE(before.language, language.isEmpty() ? u"en"_s : language);
}

void WindowRequestTest::leavesTheOptionsOfTheProgramOut()
{
    const QStringList line{u"--data-dir"_s, u"/a folder"_s, u"--stop"_s, u"--log-level=debug"_s};

    const auto request = windowRequestOf(line);

    QVERIFY(request);
    QVERIFY(request->stopsGateway);
    QCOMPARE(request->arguments, line);
    QVERIFY(!windowRequestOf({u"--data-dir"_s}));
}

void WindowRequestTest::refuses_data()
{
    QTest::addColumn<QStringList>("arguments");

    QTest::newRow("an unknown option") << QStringList{u"--wipe"_s};
    QTest::newRow("a file") << QStringList{u"/etc/passwd"_s};
    QTest::newRow("start and stop") << QStringList{u"--start"_s, u"--stop"_s};
    QTest::newRow("two links") << QStringList{link, link};
    QTest::newRow("an option behind the end of options") << QStringList{u"--"_s, u"--stop"_s};
    QTest::newRow("a value") << QStringList{u"--start=1"_s};
    QTest::newRow("a language that there is not") << QStringList{u"--lang=fr"_s};
    QTest::newRow("no language") << QStringList{u"--lang"_s};
}

void WindowRequestTest::refuses()
{
    QFETCH(QStringList, arguments);

    const auto request = windowRequestFrom(arguments);

    QVERIFY(!request);
    QCOMPARE(request.error().code, base::ErrorCode::InvalidInput);
}

void WindowRequestTest::noErrorRepeatsALink()
{
    const QString secret = u"0123456789abcdef"_s;
    const QString damaged = u"x"_s + link;

    QVERIFY(!windowRequestFrom({link, link}).error().message.english().contains(secret));
    QVERIFY(!windowRequestFrom({damaged}).error().message.english().contains(secret));
}

void WindowRequestTest::theLaterOneCounts()
{
    WindowRequest first{.hidden = true, .startsGateway = true};

    first.add({.stopsGateway = true, .link = link});
    first.add({.copiesAddress = true});

    QVERIFY(first.hidden && first.stopsGateway && !first.startsGateway && first.copiesAddress);
    QCOMPARE(first.link, link);
}

void WindowRequestTest::aLaterLinkIsHandedOver()
{
    const QString former = u"gatehouse://v1/open?page=traffic"_s;
    WindowRequest request{.link = former, .arguments = {u"--hidden"_s, former}};

    QCOMPARE(request.commandLine(), request.arguments);
    request.add({.link = link});
    QCOMPARE(request.commandLine(), (QStringList{u"--hidden"_s, link}));
}

void WindowRequestTest::linksAreHiddenFromOthers()
{
#ifdef Q_OS_UNIX
    QByteArray program("gatehouse");
    QByteArray option("--hidden");
    QByteArray given = link.toLatin1();
    char *arguments[] = {program.data(), option.data(), given.data()};

    hideLinks(3, arguments);

    QCOMPARE(option, QByteArray("--hidden"));
    QCOMPARE(given, QByteArray(link.size(), '*'));
#else
    QSKIP("The command line of a process is its own there.");
#endif
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::WindowRequestTest)
#include "tst_windowrequest.moc"
