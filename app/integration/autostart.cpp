#include "integration/autostart.h"

#include "base/systemreason.h"
#include "integration/applicationid.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QSettings>
#include <QStandardPaths>
#include <QXmlStreamReader>
#include <QXmlStreamWriter>

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

// A value of a desktop file: its reader takes backslashes for the beginning of other characters.
QString desktopValue(QString text)
{
    text.replace(u'\\', u"\\\\"_s);
    text.replace(u'\n', u"\\n"_s);
    text.replace(u'\t', u"\\t"_s);
    text.replace(u'\r', u"\\r"_s);
    return text;
}

const QString directoryOption = u"--data-dir"_s;

// What in `arguments` names the data directory.
QStringList directoryChoice(const QStringList &arguments)
{
    const qsizetype at = arguments.indexOf(directoryOption);
    return at < 0 ? QStringList() : arguments.mid(at, 2);
}

// One word of an Exec line, before desktopValue().
QString execWord(QString word)
{
    word.replace(u'%', u"%%"_s); // else a field code
    static constexpr QStringView reserved = u" \t\n\"'\\><~|&;$*?#()`";
    const bool isPlain = std::none_of(
        word.cbegin(), word.cend(), [](QChar character) { return reserved.contains(character); });
    if (isPlain && !word.isEmpty())
        return word;
    for (const QChar special : u"\\\"`$"_s)
        word.replace(special, QString(u'\\') + special);
    return u'"' + word + u'"';
}

#if !defined(Q_OS_WIN)

#ifdef Q_OS_MACOS
// Whether the agent's `text` runs with the data directory that `choice` names; none: the usual one.
bool runsWith(const QString &text, const QStringList &choice)
{
    const auto hasWord = [&](const QString &word) {
        return text.contains(u"<string>"_s + word.toHtmlEscaped() + u"</string>"_s);
    };
    return choice.isEmpty() ? !hasWord(directoryOption)
                            : std::all_of(choice.cbegin(), choice.cend(), hasWord);
}

QString entryFile()
{
    return QDir::homePath() + u"/Library/LaunchAgents/"_s + applicationId + u".plist"_s;
}
#else
QString entryFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation)
           + u"/autostart/"_s + applicationId + u".desktop"_s;
}
#endif

// The text of the file; nothing if there is none.
std::optional<QString> entryText()
{
    constexpr qint64 most = 64 * 1024;
    QFile file(entryFile());
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QString::fromUtf8(file.read(most));
}

Result<> writeEntry(const QString &text)
{
    const QString path = entryFile();
    QSaveFile file(path);
    if (QDir().mkpath(QFileInfo(path).absolutePath()) && file.open(QIODevice::WriteOnly)
        && file.write(text.toUtf8()) >= 0 && file.commit())
        return {};
    return fail(
        ErrorCode::Denied,
        base::Message::tr("The file %1 could not be written.").arg(QDir::toNativeSeparators(path)),
        base::systemReason(file.errorString()).english());
}

Result<> removeEntry()
{
    const QString path = entryFile();
    if (!QFileInfo::exists(path) || QFile::remove(path))
        return {};
    return fail(
        ErrorCode::Denied,
        base::Message::tr("The file %1 could not be removed.").arg(QDir::toNativeSeparators(path)));
}

#endif

#if !defined(Q_OS_WIN) && !defined(Q_OS_MACOS)

// The value of `key` in the group [Desktop Entry].
QString entryValue(const QString &text, const QString &key)
{
    bool isInGroup = false;
    const QStringList lines = text.split(u'\n');
    for (const QString &each : lines) {
        const QString line = each.trimmed();
        if (line.startsWith(u'['))
            isInGroup = line == "[Desktop Entry]"_L1;
        else if (isInGroup && line.section(u'=', 0, 0).trimmed() == key)
            return line.section(u'=', 1).trimmed();
    }
    return {};
}

// Whether the line runs with the data directory that `choice` names; none: the usual one.
bool runsWith(const QString &exec, const QStringList &choice)
{
    if (choice.isEmpty())
        return !exec.contains(u' ' + directoryOption);
    QString words;
    for (const QString &word : choice)
        words += u' ' + execWord(word);
    return QString(exec + u' ').contains(desktopValue(words) + u' ');
}

#endif

#ifdef Q_OS_WIN

const QString explorer = u"HKEY_CURRENT_USER\\Software\\Microsoft\\Windows\\CurrentVersion\\"_s;
const QString valueName = u"Gatehouse"_s;

QSettings runKey()
{
    return QSettings(explorer + u"Run"_s, QSettings::NativeFormat);
}

// Where the task manager keeps what a person has switched off: the first byte is odd then.
QSettings approvedKey()
{
    return QSettings(explorer + u"Explorer\\StartupApproved\\Run"_s, QSettings::NativeFormat);
}

#endif

} // namespace

QString ownProgramFile()
{
    const QString image = qEnvironmentVariable("APPIMAGE");
    return image.isEmpty() ? QCoreApplication::applicationFilePath() : image;
}

QString autostartEntry(const QStringList &command)
{
    QStringList words;
    for (const QString &word : command)
        words.append(execWord(word));
    return u"[Desktop Entry]\n"
           "Type=Application\n"
           "Name=Gatehouse\n"
           "Comment=Starts the LLM gateway in the tray\n"
           "Comment[zh_CN]=在系统托盘中启动大语言模型网关\n"
           "Icon=%1\n"
           "TryExec=%2\n"
           "Exec=%3\n"
           "Terminal=false\n"
           "StartupNotify=false\n"
           "X-GNOME-Autostart-enabled=true\n"_s.arg(
               applicationId, desktopValue(command.value(0)), desktopValue(words.join(u' ')));
}

QString launchAgent(const QStringList &command)
{
    QString text;
    QXmlStreamWriter writer(&text);
    writer.setAutoFormatting(true);
    writer.writeStartDocument();
    writer.writeDTD(u"<!DOCTYPE plist PUBLIC \"-//Apple//DTD PLIST 1.0//EN\" "
                    "\"http://www.apple.com/DTDs/PropertyList-1.0.dtd\">"_s);
    writer.writeStartElement(u"plist"_s);
    writer.writeAttribute(u"version"_s, u"1.0"_s);
    writer.writeStartElement(u"dict"_s);
    writer.writeTextElement(u"key"_s, u"Label"_s);
    writer.writeTextElement(u"string"_s, QString(applicationId));
    writer.writeTextElement(u"key"_s, u"ProgramArguments"_s);
    writer.writeStartElement(u"array"_s);
    for (const QString &word : command)
        writer.writeTextElement(u"string"_s, word);
    writer.writeEndElement();
    writer.writeTextElement(u"key"_s, u"RunAtLoad"_s);
    writer.writeEmptyElement(u"true"_s);
    writer.writeTextElement(u"key"_s, u"LimitLoadToSessionType"_s);
    writer.writeTextElement(u"string"_s, u"Aqua"_s);
    writer.writeTextElement(u"key"_s, u"ProcessType"_s);
    writer.writeTextElement(u"string"_s, u"Interactive"_s);
    writer.writeEndDocument();
    return text;
}

QString windowsCommandLine(const QStringList &command)
{
    QStringList words;
    for (const QString &word : command) {
        QString quoted;
        qsizetype backslashes = 0;
        for (const QChar character : word) {
            // Before a quotation mark, backslashes count twice; elsewhere they stand for themselves.
            if (character == u'"')
                quoted += QString(backslashes + 1, u'\\');
            backslashes = character == u'\\' ? backslashes + 1 : 0;
            quoted += character;
        }
        words.append(u'"' + quoted + QString(backslashes, u'\\') + u'"');
    }
    return words.join(u' ');
}

Autostart::Autostart(QString program, QStringList arguments)
    : m_program(std::move(program))
    , m_arguments(std::move(arguments))
{}

#if defined(Q_OS_WIN)

bool Autostart::isOfThisDirectory() const
{
    const QString line = runKey().value(valueName).toString();
    const QStringList choice = directoryChoice(m_arguments);
    if (choice.isEmpty())
        return !line.isEmpty() && !line.contains(windowsCommandLine({directoryOption}));
    return line.contains(windowsCommandLine(choice));
}

bool Autostart::isEnabled() const
{
    const QByteArray approved = approvedKey().value(valueName).toByteArray();
    const bool isSwitchedOff = !approved.isEmpty() && (approved.at(0) & 1) != 0;
    return isOfThisDirectory() && !isSwitchedOff;
}

Result<> Autostart::setEnabled(bool enabled)
{
    QSettings run = runKey();
    if (enabled) {
        QStringList words = command();
        words[0] = QDir::toNativeSeparators(words.at(0));
        run.setValue(valueName, windowsCommandLine(words));
        approvedKey().remove(valueName);
    } else if (isOfThisDirectory()) {
        run.remove(valueName);
    }
    run.sync();
    if (run.status() == QSettings::NoError)
        return {};
    return fail(ErrorCode::Denied, base::Message::tr("The registry could not be changed."));
}

#else

bool Autostart::isOfThisDirectory() const
{
    const std::optional<QString> text = entryText();
#ifdef Q_OS_MACOS
    return text && runsWith(*text, directoryChoice(m_arguments));
#else
    return text && runsWith(entryValue(*text, u"Exec"_s), directoryChoice(m_arguments));
#endif
}

bool Autostart::isEnabled() const
{
    const std::optional<QString> text = entryText();
    if (!text || !isOfThisDirectory())
        return false;
#ifdef Q_OS_MACOS
    return true;
#else
    return entryValue(*text, u"Hidden"_s) != "true"_L1
           && entryValue(*text, u"X-GNOME-Autostart-enabled"_s) != "false"_L1
           && !entryValue(*text, u"Exec"_s).isEmpty();
#endif
}

Result<> Autostart::setEnabled(bool enabled)
{
    if (!enabled)
        return isOfThisDirectory() ? removeEntry() : Result<>();
#ifdef Q_OS_MACOS
    return writeEntry(launchAgent(command()));
#else
    return writeEntry(autostartEntry(command()));
#endif
}

#endif

} // namespace gatehouse::app
