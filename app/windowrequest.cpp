#include "windowrequest.h"

#include "admin/applicationlink.h"
#include "base/redaction.h"
#include "options.h"

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
    for (const QString &argument : arguments) {
        if (areOptions && argument == "--"_L1) {
            areOptions = false;
            continue;
        }
        if (const Result<> noted = note(request, argument, areOptions); !noted)
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
    return u"  --hidden            starts in the tray\n"
           "  --start             starts the gateway of the window that is open; opens one if "
           "none\n"
           "                      is\n"
           "  --stop              stops that gateway; asks first if requests are running\n"
           "  --copy-endpoint     copies its address\n"
           "  gatehouse://...     a link: shows what it proposes, and asks\n"_s;
}

} // namespace gatehouse::app
