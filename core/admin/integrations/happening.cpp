#include "admin/integrations/happening.h"

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

QByteArray happeningName(Happening::Kind kind)
{
    switch (kind) {
    case Happening::Kind::ChannelOpened:
        return "channel_opened";
    case Happening::Kind::ChannelRecovered:
        return "channel_recovered";
    case Happening::Kind::KeyRefused:
        return "key_refused";
    case Happening::Kind::AccountEmpty:
        return "account_empty";
    case Happening::Kind::ModelDown:
        return "model_down";
    case Happening::Kind::BudgetLow:
        return "budget_low";
    case Happening::Kind::BudgetSpent:
        return "budget_spent";
    case Happening::Kind::BackupFailed:
        break;
    }
    return "backup_failed";
}

QString happeningText(const Happening &happening)
{
    const QString &name = happening.name;
    switch (happening.kind) {
    case Happening::Kind::ChannelOpened:
        return u"%1 is left out for a moment, since it fails."_s.arg(name);
    case Happening::Kind::ChannelRecovered:
        return u"%1 serves again."_s.arg(name);
    case Happening::Kind::KeyRefused:
        return u"The provider of %1 refuses its key."_s.arg(name);
    case Happening::Kind::AccountEmpty:
        return u"The account of %1 has no credit left."_s.arg(name);
    case Happening::Kind::ModelDown:
        return u"No channel serves %1 at the moment."_s.arg(name);
    case Happening::Kind::BudgetLow: {
        constexpr double hundred = 100;
        const QString share = QString::number(std::floor(happening.share * hundred));
        return u"%1 % of the budget of %2 is spent."_s.arg(share, name);
    }
    case Happening::Kind::BudgetSpent:
        return u"The budget of %1 is spent."_s.arg(name);
    case Happening::Kind::BackupFailed:
        break;
    }
    return u"No backup was made. %1"_s.arg(happening.reason.english());
}

} // namespace gatehouse::admin
