#include "admin/traffic/refusalreason.h"

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

// Stored, and so never to be changed.
const QString outOfCredit = u"The provider reports that the account is out of credit"_s;
const QString keyRefused = u"The provider refuses the key"_s;

} // namespace

QString reasonOf(const protocol::ProviderError &error)
{
    QString reason = error.kind == protocol::ErrorClass::OutOfCredit ? outOfCredit : keyRefused;
    reason += u" (status "_s + QString::number(error.status);
    if (!error.code.isEmpty())
        reason += u", "_s + QString::fromUtf8(error.code);
    return reason + u")."_s;
}

bool meansOutOfCredit(const QString &reason)
{
    return reason.startsWith(outOfCredit);
}

bool meansKeyRefused(const QString &reason)
{
    return reason.startsWith(keyRefused);
}

} // namespace gatehouse::admin
