#include "program.h"

#include <QCoreApplication>
#include <QNetworkProxy>
#include <QtGlobal>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

void nameProgram()
{
    QCoreApplication::setApplicationName(u"gatehouse"_s);
    QCoreApplication::setApplicationVersion(QStringLiteral(GATEHOUSE_VERSION));
}

void leaveSystemProxies()
{
    QNetworkProxy::setApplicationProxy(QNetworkProxy::NoProxy);
}

bool hasWindow()
{
#ifdef GATEHOUSE_WINDOW
    return true;
#else
    return false;
#endif
}

bool hasDisplay()
{
#if defined(Q_OS_UNIX) && !defined(Q_OS_MACOS)
    return qEnvironmentVariableIsSet("DISPLAY") || qEnvironmentVariableIsSet("WAYLAND_DISPLAY")
           || qEnvironmentVariableIsSet("QT_QPA_PLATFORM");
#else
    return true;
#endif
}

} // namespace gatehouse::app
