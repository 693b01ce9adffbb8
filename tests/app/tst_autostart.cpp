#include "integration/autostart.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

class AutostartTest : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void isSwitchedOnAndOff();
    void belongsToOneDataDirectory_data();
    void belongsToOneDataDirectory();
    void noticesWhatOthersDo_data();
    void noticesWhatOthersDo();
    void saysWhenItCannotBeWritten();
    void execLineIsQuoted_data();
    void execLineIsQuoted();
    void launchAgentHoldsTheCommand();
    void windowsCommandLineIsQuoted_data();
    void windowsCommandLineIsQuoted();
    void appImageStartsItself();

private:
    QString file() const
    {
        return m_home->filePath(u"config/autostart/org.gatehouse.Gatehouse.desktop"_s);
    }
    QString text() const
    {
        QFile opened(file());
        return opened.open(QIODevice::ReadOnly) ? QString::fromUtf8(opened.readAll()) : QString();
    }

    std::unique_ptr<QTemporaryDir> m_home;
};

// The value of `key` in a desktop file.
static QString valueOf(const QString &text, const QString &key)
{
    const QStringList lines = text.split(u'\n').filter(QRegularExpression(u"^"_s + key + u"="_s));
    return lines.size() == 1 ? lines.front().mid(key.size() + 1) : QString();
}

void AutostartTest::init()
{
    m_home = std::make_unique<QTemporaryDir>();
    qputenv("XDG_CONFIG_HOME", m_home->filePath(u"config"_s).toUtf8());
}

void AutostartTest::isSwitchedOnAndOff()
{
    Autostart autostart(u"/opt/gatehouse/bin/gatehouse"_s);
    QVERIFY(!autostart.isEnabled());

    QVERIFY(autostart.setEnabled(true));
    QVERIFY(autostart.isEnabled());
    QCOMPARE(valueOf(text(), u"Exec"_s), u"/opt/gatehouse/bin/gatehouse --hidden"_s);
    QCOMPARE(valueOf(text(), u"TryExec"_s), u"/opt/gatehouse/bin/gatehouse"_s);
    QVERIFY(text().startsWith(u"[Desktop Entry]\n"_s));

    QVERIFY(autostart.setEnabled(false));
    QVERIFY(!autostart.isEnabled());
    QVERIFY(!QFile::exists(file()));
    QVERIFY(autostart.setEnabled(false));
}

void AutostartTest::belongsToOneDataDirectory_data()
{
    QTest::addColumn<QString>("started");
    QTest::addColumn<QString>("own");

    QTest::newRow("the usual one elsewhere") << QString() << u"/data"_s;
    QTest::newRow("another one elsewhere") << u"/data"_s << QString();
    QTest::newRow("two others") << u"/data"_s << u"/data2"_s;
    QTest::newRow("the longer one") << u"/data2"_s << u"/data"_s;
    QTest::newRow("with a blank") << u"/my $data"_s << u"/my"_s;
    QTest::newRow("the blank here") << u"/my"_s << u"/my $data"_s;
}

void AutostartTest::belongsToOneDataDirectory()
{
    QFETCH(QString, started);
    QFETCH(QString, own);
    const auto startOf = [](const QString &directory) {
        QStringList arguments{u"--hidden"_s};
        if (!directory.isEmpty())
            arguments += {u"--data-dir"_s, directory};
        return Autostart(u"/bin/gatehouse"_s, arguments);
    };
    Autostart other = startOf(started);
    Autostart mine = startOf(own);
    QVERIFY(other.setEnabled(true));

    QVERIFY(other.isEnabled());
    QVERIFY(!mine.isEnabled());
    QVERIFY(mine.setEnabled(false));
    QVERIFY(other.isEnabled());

    QVERIFY(mine.setEnabled(true));
    QVERIFY(mine.isEnabled());
    QVERIFY(!other.isEnabled());
}

void AutostartTest::noticesWhatOthersDo_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");

    QTest::newRow("hidden by a tool") << u"Terminal=false"_s << u"Hidden=true"_s;
    QTest::newRow("hidden, with blanks") << u"Terminal=false"_s << u" Hidden = true "_s;
    QTest::newRow("switched off in GNOME")
        << u"X-GNOME-Autostart-enabled=true"_s << u"X-GNOME-Autostart-enabled=false"_s;
    QTest::newRow("emptied") << u"Exec=/bin/gatehouse --hidden"_s << u"Exec="_s;
    QTest::newRow("another file") << u"[Desktop Entry]"_s << u"[Something Else]"_s;
}

void AutostartTest::noticesWhatOthersDo()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    Autostart autostart(u"/bin/gatehouse"_s);
    QVERIFY(autostart.setEnabled(true));
    const QString changed = text().replace(before, after);
    QVERIFY(changed != text());
    QFile opened(file());
    QVERIFY(opened.open(QIODevice::WriteOnly | QIODevice::Truncate));
    opened.write(changed.toUtf8());
    opened.close();

    QVERIFY(!autostart.isEnabled());

    QVERIFY(autostart.setEnabled(true));
    QVERIFY(autostart.isEnabled());
}

void AutostartTest::saysWhenItCannotBeWritten()
{
    QFile inTheWay(m_home->filePath(u"config"_s));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    Autostart autostart(u"/bin/gatehouse"_s);

    const base::Result<> outcome = autostart.setEnabled(true);

    QVERIFY(!outcome);
    QCOMPARE(outcome.error().code, base::ErrorCode::Denied);
    QVERIFY(outcome.error().message.english().contains(u"autostart"_s));
    QVERIFY(!autostart.isEnabled());
}

void AutostartTest::execLineIsQuoted_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<QString>("exec");

    QTest::newRow("plain") << QStringList{u"/usr/bin/gatehouse"_s, u"--hidden"_s}
                           << u"/usr/bin/gatehouse --hidden"_s;
    QTest::newRow("a blank") << QStringList{u"/my apps/gatehouse"_s}
                             << uR"("/my apps/gatehouse")"_s;
    QTest::newRow("per cent") << QStringList{u"/100%u/gatehouse"_s} << u"/100%%u/gatehouse"_s;
    // Escaped for the quotation, and each backslash of that once more for the file.
    QTest::newRow("dollar") << QStringList{u"/a$b"_s} << uR"("/a\\$b")"_s;
    QTest::newRow("quotation mark") << QStringList{u"/a\"b"_s} << uR"("/a\\"b")"_s;
    QTest::newRow("backslash") << QStringList{u"/a\\b"_s} << uR"("/a\\\\b")"_s;
    QTest::newRow("backtick") << QStringList{u"/a`b"_s} << uR"("/a\\`b")"_s;
    QTest::newRow("empty") << QStringList{u"/a"_s, u""_s} << uR"(/a "")"_s;
    QTest::newRow("a new line cannot add keys")
        << QStringList{u"/a\nHidden=true"_s} << uR"("/a\nHidden=true")"_s;
    QTest::newRow("Chinese") << QStringList{u"/家/gatehouse"_s} << u"/家/gatehouse"_s;
}

void AutostartTest::execLineIsQuoted()
{
    QFETCH(QStringList, command);
    QFETCH(QString, exec);

    QCOMPARE(valueOf(autostartEntry(command), u"Exec"_s), exec);
}

void AutostartTest::launchAgentHoldsTheCommand()
{
    const QStringList command{u"/Applications/A & B.app/Contents/MacOS/gatehouse"_s, u"<x>"_s};
    QXmlStreamReader reader(launchAgent(command));
    QStringList words;
    bool isInArray = false;

    while (!reader.atEnd()) {
        reader.readNext();
        if (reader.name() == "array"_L1)
            isInArray = reader.isStartElement();
        else if (reader.isStartElement() && isInArray)
            words.append(reader.readElementText());
    }

    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QCOMPARE(words, command);
}

void AutostartTest::windowsCommandLineIsQuoted_data()
{
    QTest::addColumn<QStringList>("command");
    QTest::addColumn<QString>("line");

    QTest::newRow("plain") << QStringList{u"C:\\Program Files\\g.exe"_s, u"--hidden"_s}
                           << uR"("C:\Program Files\g.exe" "--hidden")"_s;
    QTest::newRow("ends with a backslash") << QStringList{u"C:\\a b\\"_s} << uR"("C:\a b\\")"_s;
    QTest::newRow("quotation mark") << QStringList{u"a\"b"_s} << uR"("a\"b")"_s;
    QTest::newRow("backslash before it") << QStringList{u"a\\\"b"_s} << uR"("a\\\"b")"_s;
}

void AutostartTest::windowsCommandLineIsQuoted()
{
    QFETCH(QStringList, command);
    QFETCH(QString, line);

    QCOMPARE(windowsCommandLine(command), line);
}

void AutostartTest::appImageStartsItself()
{
    QCOMPARE(ownProgramFile(), QCoreApplication::applicationFilePath());

    qputenv("APPIMAGE", "/home/me/Gatehouse.AppImage");

    QCOMPARE(ownProgramFile(), u"/home/me/Gatehouse.AppImage"_s);
    qunsetenv("APPIMAGE");
}

} // namespace gatehouse::app

QTEST_GUILESS_MAIN(gatehouse::app::AutostartTest)
#include "tst_autostart.moc"
