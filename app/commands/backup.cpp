#include "base/json.h"
#include "base/secret.h"
#include "base/systemreason.h"
#include "commander.h"
#include "commands/arguments.h"
#include "commands/command.h"
#include "configuration/datadirectory.h"
#include "configuration/storedsettings.h"
#include "storage/preparedrestore.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QStringDecoder>

#include <cstdio>

using namespace Qt::StringLiterals;

// The commands that copy the database, and lay a copy down to be restored.
namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;
using base::Secret;

namespace {

// The first line of a file, or of standard input where it is called "-".
Result<Secret> passphraseIn(const QString &path)
{
    constexpr qint64 longest = 4096;
    QFile file(path);
    const bool isOpen =
        path == "-"_L1 ? file.open(stdin, QIODevice::ReadOnly) : file.open(QIODevice::ReadOnly);
    if (!isOpen) {
        return fail(
            ErrorCode::InvalidInput,
            Message::verbatim(u"The passphrase cannot be read from %1 (%2)."_s.arg(
                QDir::toNativeSeparators(path), base::systemReason(file.errorString()).english())));
    }
    QByteArray line = file.readLine(longest);
    while (line.endsWith('\n') || line.endsWith('\r'))
        line.chop(1);
    // Bytes that are no text would all become the same character.
    QStringDecoder decoder(QStringDecoder::Utf8);
    [[maybe_unused]] const QString text = decoder(line);
    if (decoder.hasError()) {
        return fail(ErrorCode::InvalidInput,
                    Message::verbatim(u"The passphrase in %1 is not valid UTF-8."_s.arg(
                        QDir::toNativeSeparators(path))));
    }
    if (line.isEmpty()) {
        return fail(
            ErrorCode::InvalidInput,
            Message::verbatim(u"There is no passphrase in %1. It stands on the first line."_s.arg(
                QDir::toNativeSeparators(path))));
    }
    return Secret(line);
}

const OptionRule passphraseOption{.name = u"--passphrase-file"_s, .value = u"FILE"_s};

// Empty: none was named.
Result<Secret> passphraseOf(const Arguments &arguments)
{
    const std::optional<QString> file = arguments.value(passphraseOption.name);
    return file ? passphraseIn(*file) : Result<Secret>(Secret());
}

struct BackupChoice
{
    QString file{}; // absolute; empty: into the folder of backups
    Secret passphrase{};
    bool overwrites = false;
    bool json = false;
};

class BackUp final : public Command
{
public:
    BackUp(const Options &options, BackupChoice choice)
        : m_commander(options)
        , m_choice(std::move(choice))
        , m_quiet(options.quiet)
    {}

    void start() override
    {
        connect(&m_commander, &Commander::failed, this, &BackUp::giveUp);
        const bool isNamed = !m_choice.file.isEmpty();
        if (isNamed && !m_choice.overwrites && QFileInfo::exists(m_choice.file)) {
            giveUp(ExitCode::Conflict,
                   u"%1 is there already. Choose another name, or replace it with --force."_s.arg(
                       QDir::toNativeSeparators(m_choice.file)));
            return;
        }
        const QJsonObject body{{u"path"_s, m_choice.file},
                               {u"passphrase"_s, QString::fromUtf8(m_choice.passphrase.reveal())}};
        m_commander.ask("POST",
                        isNamed ? "/api/backup/file" : "/api/backup",
                        isNamed ? base::compactJson(body) : QByteArray(),
                        [this](const CommandAnswer &answer) { answered(answer); });
    }

private:
    void answered(const CommandAnswer &answer)
    {
        if (!answer.succeeded()) {
            giveUp(answer.exitCode(), answer.message());
            return;
        }
        const QJsonObject data = answer.body.value(u"data"_s).toObject();
        const QString file = data.value(m_choice.file.isEmpty() ? u"file"_s : u"path"_s).toString();
        if (m_choice.json) {
            printJson(data);
        } else if (!m_quiet) {
            printLine(u"%1 (%2 bytes)"_s.arg(QDir::toNativeSeparators(file),
                                             QString::number(data.value(u"bytes"_s).toInteger())));
        }
        finish(ExitCode::Ok);
    }

    Commander m_commander;
    const BackupChoice m_choice;
    const bool m_quiet;
};

Result<std::unique_ptr<Command>> makeBackUp(const Options &options, const QStringList &arguments)
{
    const auto read = Arguments::from(
        arguments,
        {{.name = u"--force"_s}, passphraseOption, jsonRule()},
        {.most = 1,
         .usage = u"gatehouse backup [FILE] [--force] [--passphrase-file FILE] [--json]"_s});
    if (!read)
        return fail(read.error());
    const Result<Secret> passphrase = passphraseOf(*read);
    if (!passphrase)
        return fail(passphrase.error());
    BackupChoice choice{.passphrase = *passphrase,
                        .overwrites = read->has(u"--force"_s),
                        .json = read->has(jsonOption)};
    const QStringList &words = read->operands();
    if (words.isEmpty()) {
        if (!choice.passphrase.isEmpty())
            return fail(ErrorCode::InvalidInput,
                        Message::verbatim(u"Name a FILE for a backup with a passphrase."_s));
        return std::make_unique<BackUp>(options, choice);
    }
    // Of a variable of a shell that is not set.
    if (words.front().isEmpty())
        return fail(ErrorCode::InvalidInput, Message::verbatim(u"The name of FILE is empty."_s));
    // The gateway that runs has another working directory.
    choice.file = QFileInfo(words.front()).absoluteFilePath();
    return std::make_unique<BackUp>(options, choice);
}

struct RestoreRequest
{
    QString file{}; // absolute
    Secret passphrase{};
    bool withoutSecrets = false;
    bool json = false;
};

class Restore final : public Command
{
public:
    Restore(const Options &options, RestoreRequest choice)
        : m_commander(options, Application::Mode::Restoring)
        , m_choice(std::move(choice))
        , m_quiet(options.quiet)
    {}

    void start() override
    {
        connect(&m_commander, &Commander::failed, this, &Restore::giveUp);
        // Before anything is made in an empty data directory.
        if (!QFileInfo(m_choice.file).isFile()) {
            giveUp(ExitCode::NotFound,
                   u"There is no file %1."_s.arg(QDir::toNativeSeparators(m_choice.file)));
            return;
        }
        const QJsonObject body{{u"path"_s, m_choice.file},
                               {u"passphrase"_s, QString::fromUtf8(m_choice.passphrase.reveal())},
                               {u"without_secrets"_s, m_choice.withoutSecrets}};
        m_commander.ask("POST",
                        "/api/restore",
                        base::compactJson(body),
                        [this](const CommandAnswer &answer) { answered(answer); });
    }

private:
    QString prepared() const
    {
        const QString when = m_commander.worker() == Commander::Worker::Running
                                 ? u"when Gatehouse is started again; until then all goes on"_s
                                 : u"when Gatehouse is started"_s;
        return u"The backup takes the place of the database %1. Users and their passwords are "
               "those of the backup then. To give it up: gatehouse restore --cancel"_s.arg(when);
    }

    void answered(const CommandAnswer &answer)
    {
        if (!answer.succeeded()) {
            giveUp(answer.exitCode(), answer.message());
            return;
        }
        QJsonObject data = answer.body.value(u"data"_s).toObject();
        // The copy that was made is of the empty one that stands in for it.
        if (const QString damaged = m_commander.damagedDatabase(); !damaged.isEmpty())
            data.insert(u"safety_copy"_s, damaged);
        const QString copy = data.value(u"safety_copy"_s).toString();
        if (m_choice.json) {
            printJson(data);
        } else if (!m_quiet) {
            printLine(prepared());
            if (!copy.isEmpty())
                printLine(u"What is here now is kept in %1"_s.arg(QDir::toNativeSeparators(copy)));
        }
        finish(ExitCode::Ok);
    }

    Commander m_commander;
    const RestoreRequest m_choice;
    const bool m_quiet;
};

// Where no program runs, it is given up here, also beside a database that cannot be opened.
class CancelRestore final : public Command
{
public:
    CancelRestore(const Options &options, bool json)
        : m_options(options)
        , m_commander(options, Application::Mode::Command, Commander::Reach::RunningAlone)
        , m_json(json)
    {}

    void start() override
    {
        connect(
            &m_commander, &Commander::failed, this, [this](ExitCode code, const QString &message) {
                if (code == ExitCode::Unreachable)
                    cancelHere();
                else
                    giveUp(code, message);
            });
        m_commander.ask("DELETE", "/api/restore", {}, [this](const CommandAnswer &answer) {
            if (answer.succeeded())
                end();
            else
                giveUp(answer.exitCode(), answer.message());
        });
    }

private:
    void cancelHere()
    {
        const storage::DatabaseOptions database = databaseOptionsOf(m_options);
        if (!storage::isRestorePrepared(database)) {
            giveUp(ExitCode::NotFound, u"No restore is prepared."_s);
            return;
        }
        const Result<> cancelled =
            DataDirectory::open(m_options.dataDirectory, Holder::Kind::Command)
                .and_then([&](const DataDirectory &) {
                    return storage::cancelRestore(database).and_then(
                        [&] { return storage::leaveStandIn(database); });
                });
        if (cancelled)
            end();
        else
            giveUp(exitCodeOf(cancelled.error().code), cancelled.error().message.english());
    }

    void end()
    {
        if (m_json)
            printJson({});
        else if (!m_options.quiet)
            printLine(u"The restore that was prepared is given up."_s);
        finish(ExitCode::Ok);
    }

    const Options m_options;
    Commander m_commander;
    const bool m_json;
};

Result<std::unique_ptr<Command>> makeRestore(const Options &options, const QStringList &arguments)
{
    const QString usage = u"gatehouse restore FILE [--passphrase-file FILE | --without-secrets] "
                          u"[--json], or gatehouse "
                          "restore --cancel"_s;
    const auto read = Arguments::from(
        arguments,
        {{.name = u"--without-secrets"_s}, {.name = u"--cancel"_s}, passphraseOption, jsonRule()},
        {.most = 1, .usage = usage});
    if (!read)
        return fail(read.error());
    const bool cancels = read->has(u"--cancel"_s);
    if (read->operands().isEmpty() != cancels)
        return fail(ErrorCode::InvalidInput, Message::verbatim(u"Write: "_s + usage));
    const Result<Secret> passphrase = passphraseOf(*read);
    if (!passphrase)
        return fail(passphrase.error());
    RestoreRequest choice{.passphrase = *passphrase,
                          .withoutSecrets = read->has(u"--without-secrets"_s),
                          .json = read->has(jsonOption)};
    const bool isProtected = !passphrase->isEmpty();
    if ((choice.withoutSecrets && isProtected)
        || (cancels && (choice.withoutSecrets || isProtected)))
        return fail(ErrorCode::InvalidInput, Message::verbatim(u"Write: "_s + usage));
    if (cancels)
        return std::make_unique<CancelRestore>(options, choice.json);
    choice.file = QFileInfo(read->operands().front()).absoluteFilePath();
    return std::make_unique<Restore>(options, choice);
}

} // namespace

CommandDescription backupCommand()
{
    return {
        .name = u"backup"_s,
        .summary = u"copy the database, also while it is in use"_s,
        .help =
            u"  FILE                where to; without it, the folder of backups, in which the\n"
            "                      oldest beyond the setting storage.kept_backups are removed\n"
            "  --force             replaces FILE if it is there\n"
            "  --passphrase-file F includes the secrets that open the keys in it, protected by\n"
            "                      the passphrase on the first line of F (-: standard input)\n"
            "  --json              print JSON\n"_s
            + commonOptionsHelp()
            + u"\nWithout a passphrase the keys in the copy open with the master key of this "
              u"installation\n"
              "alone. PostgreSQL is backed up with its own tools, such as pg_dump.\n\n"
              "Speaks to the running Gatehouse of the data directory, or works on its own if "
              "there\n"
              "is none. Exit codes: 0 done, 1 it failed, 4 nothing in the data directory, 6 "
              "FILE is\n"
              "there already, or another backup is being made.\n"_s,
        .words = {u"--force"_s, u"--passphrase-file=FILE"_s, u"--json"_s},
        .make = makeBackUp};
}

CommandDescription restoreCommand()
{
    return {
        .name = u"restore"_s,
        .summary = u"put a backup in the place of the database"_s,
        .help =
            u"  FILE                the backup\n"
            "  --passphrase-file F the passphrase it was made with, on the first line of F\n"
            "                      (-: standard input); for one of another installation\n"
            "  --without-secrets   takes one of another installation without its keys, which are\n"
            "                      entered anew\n"
            "  --cancel            gives up what was prepared\n"
            "  --json              print JSON\n"_s
            + commonOptionsHelp()
            + u"\nThe backup is checked, what is here now is copied for safety, and the next start "
              u"begins\n"
              "with the backup; until then nothing changes. All sessions end and all access "
              "tokens are\n"
              "void then.\n\n"
              "Speaks to the running Gatehouse of the data directory, or works on its own if "
              "there\n"
              "is none; a data directory that is empty is begun, and a damaged database is kept\n"
              "beside the one that takes its place. Exit codes: 0 prepared, 1 the file is\n"
              "no backup that can be restored here, 4 there is no such file, or nothing was "
              "prepared,\n5 the passphrase is wrong.\n"_s,
        .words = {u"--passphrase-file=FILE"_s, u"--without-secrets"_s, u"--cancel"_s, u"--json"_s},
        .make = makeRestore};
}

} // namespace gatehouse::app
