#include "admin/traffic/refusalreason.h"

#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::Message;

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

Message shownReason(const QString &reason)
{
    static const QRegularExpression form(u" \\(status (\\d+)(?:, (.*))?\\)\\.$"_s,
                                         QRegularExpression::DotMatchesEverythingOption);
    const QRegularExpressionMatch match = form.match(reason);
    if (!match.hasMatch() || (!meansOutOfCredit(reason) && !meansKeyRefused(reason)))
        return Message::verbatim(reason);
    const Message refusal =
        meansOutOfCredit(reason)
            ? Message::tr("The provider reports that the account is out of credit (status %1).")
            : Message::tr("The provider refuses the key (status %1).");
    const QString code = match.captured(2);
    const Message status = code.isEmpty() ? Message::verbatim(match.captured(1))
                                          : Message::tr("%1, %2").arg(match.captured(1), code);
    return refusal.arg(status);
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
