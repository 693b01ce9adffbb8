#include "base/json.h"
#include "commander.h"
#include "commands/command.h"

#include <QFile>
#include <QStringDecoder>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

class SetPassword final : public Command
{
public:
    SetPassword(const Options &options, QString username)
        : m_commander(options)
        , m_username(std::move(username))
    {}

    void start() override
    {
        connect(&m_commander, &Commander::failed, this, &SetPassword::giveUp);
        QFile input;
        constexpr qint64 longest = 4096;
        QString password;
        QStringDecoder decoder(QStringDecoder::Utf8);
        if (input.open(stdin, QIODevice::ReadOnly))
            password = decoder(input.readLine(longest));
        // What stands in the place of a byte that is no text is not what was typed.
        if (decoder.hasError()) {
            giveUp(ExitCode::Usage, u"The password is not valid UTF-8."_s);
            return;
        }
        while (password.endsWith(u'\n') || password.endsWith(u'\r'))
            password.chop(1);
        if (password.isEmpty()) {
            giveUp(ExitCode::Usage, u"Write the new password to standard input, on one line."_s);
            return;
        }
        const QJsonObject body{{u"username"_s, m_username}, {u"password"_s, password}};
        m_commander.ask("POST",
                        "/api/user/set_password",
                        base::compactJson(body),
                        [this](const CommandAnswer &answer) {
                            if (!answer.succeeded()) {
                                giveUp(answer.exitCode(), answer.message());
                                return;
                            }
                            printLine(u"The password of \"%1\" is changed. All its sessions have "
                                      "ended."_s.arg(m_username));
                            finish(ExitCode::Ok);
                        });
    }

private:
    Commander m_commander;
    const QString m_username;
};

} // namespace

CommandDescription userCommand()
{
    return {
        .name = u"user"_s,
        .summary = u"set a user's password"_s,
        .help =
            u"  set-password NAME   reads the new password from standard input, one line\n\n"_s
            + commonOptionsHelp()
            + u"\nSpeaks to the running Gatehouse of the data directory, or works on its own if "
              u"there\n"
              "is none. Exit codes: 0 done, 1 it is refused, 4 there is no such user, or nothing "
              "in\n"
              "the data directory.\n"_s,
        .words = {u"set-password"_s},
        .make = [](const Options &options,
                   const QStringList &arguments) -> base::Result<std::unique_ptr<Command>> {
            if (arguments.size() != 2 || arguments.front() != "set-password"_L1) {
                return base::fail(
                    base::ErrorCode::InvalidInput,
                    base::Message::verbatim(u"Write: gatehouse user set-password NAME"_s));
            }
            return std::make_unique<SetPassword>(options, arguments.at(1));
        }};
}

} // namespace gatehouse::app
