#include "windowrequest.h"

#include "admin/applicationlink.h"
#include "base/redaction.h"
#include "configuration/options.h"

#include <QDir>

#include <algorithm>
#include <cstring>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

Result<> note(WindowRequest &request, const QString &argument, bool isOption)
{
    if (isOption && argument == "--hidden"_L1) {
        request.hidden = true;
    } else if (isOption && argument == "--start"_L1) {
        request.startsGateway = true;
    } else if (isOption && argument == "--stop"_L1) {
        request.stopsGateway = true;
    } else if (isOption && argument == "--copy-endpoint"_L1) {
        request.copiesAddress = true;
    } else if (admin::isApplicationLink(argument)) {
        if (!request.link.isEmpty())
            return fail(ErrorCode::InvalidInput,
                        Message::verbatim(u"There is more than one link."_s));
        request.link = argument;
    } else {
        return fail(
            ErrorCode::InvalidInput,
            Message::verbatim(u"\"%1\" is not understood."_s.arg(base::redacted(argument))));
    }
    return {};
}

const QString languageOption = u"--lang"_s;

// Of what a system calls a language, such as "zh_CN.UTF-8", the beginning counts.
Result<> noteLanguage(WindowRequest &request, const QString &name)
{
    static const QStringList known{u"en"_s, u"zh"_s};
    const QString beginning = QString(name).replace(u'-', u'_').section(u'_', 0, 0).toLower();
    if (!known.contains(beginning)) {
        return fail(ErrorCode::InvalidInput,
                    Message::verbatim(u"The option --lang needs one of: en, zh_CN."_s));
    }
    request.language = name;
    return {};
}

} // namespace

QStringList WindowRequest::commandLine() const
{
    QStringList line = arguments;
    line.removeIf([](const QString &argument) { return admin::isApplicationLink(argument); });
    if (!link.isEmpty())
        line.append(link);
    return line;
}

void WindowRequest::add(const WindowRequest &other)
{
    // Of start and stop the last one counts.
    if (other.startsGateway || other.stopsGateway) {
        startsGateway = other.startsGateway;
        stopsGateway = other.stopsGateway;
    }
    copiesAddress = copiesAddress || other.copiesAddress;
    if (!other.language.isEmpty())
        language = other.language;
    if (!other.link.isEmpty())
        link = other.link;
}

bool meansWindow(QByteArrayView first)
{
    const bool isOfProgram =
        first == "--version" || first == "-V" || first == "--help" || first == "-h";
    return (first.startsWith("-") && !isOfProgram)
           || admin::isApplicationLink(QString::fromLocal8Bit(first));
}

Result<WindowRequest> windowRequestFrom(const QStringList &arguments)
{
    WindowRequest request;
    bool areOptions = true;
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const QString &argument = arguments.at(i);
        if (areOptions && argument == "--"_L1) {
            areOptions = false;
            continue;
        }
        const bool isLanguage = areOptions && argument.section(u'=', 0, 0) == languageOption;
        const bool standsApart = isLanguage && argument == languageOption;
        const Result<> noted =
            isLanguage ? noteLanguage(request,
                                      standsApart ? arguments.value(++i)
                                                  : argument.mid(languageOption.size() + 1))
                       : note(request, argument, areOptions);
        if (!noted)
            return fail(noted.error());
    }
    if (request.startsGateway && request.stopsGateway)
        return fail(ErrorCode::InvalidInput,
                    Message::verbatim(u"--start and --stop exclude each other."_s));
    return request;
}

Result<WindowRequest> windowRequestOf(const QStringList &commandLine)
{
    QStringList rest = commandLine;
    if (const Result<Options> options = takeOptions(rest, {}); !options)
        return fail(options.error());
    return windowRequestFrom(rest).map([&](WindowRequest request) {
        request.arguments = commandLine;
        return request;
    });
}

void hideLinks([[maybe_unused]] int argc, [[maybe_unused]] char **argv)
{
#ifdef Q_OS_UNIX
    for (int i = 1; i < argc; ++i) {
        if (admin::isApplicationLink(QString::fromLocal8Bit(argv[i])))
            std::fill(argv[i], argv[i] + std::strlen(argv[i]), '*');
    }
#endif
}

QString windowOptionsHelp()
{
    QStringList none;
    Options usual = takeOptions(none, {}).value_or(Options{});
    usual.environment = processEnvironment();
    return u"  --hidden            starts in the tray\n"
           "  --start             starts the gateway of the window that is open; opens one if "
           "none\n"
           "                      is\n"
           "  --stop              stops that gateway; asks first if requests are running\n"
           "  --copy-endpoint     copies its address\n"
           "  --lang LANGUAGE     en or zh_CN, for as long as the window is open\n"
           "  gatehouse://...     a link: shows what it proposes, and asks\n"_s
           + logFileOptionHelp(QDir::toNativeSeparators(windowLogFile(usual)));
}

QStringList windowOptionWords()
{
    return QStringList{
               u"--hidden"_s, u"--start"_s, u"--stop"_s, u"--copy-endpoint"_s, u"--lang=en|zh_CN"_s}
           + logFileOptionWords();
}

} // namespace gatehouse::app
