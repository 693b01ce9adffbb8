#include "frame/traychannel.h"

#include "admin/statistics/statistics.h"
#include "theme/healthpainter.h"

#include <QDateTime>

#include <chrono>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

QString menuItemText(const QString &text)
{
    constexpr qsizetype longest = 48;
    QString shown = text.size() > longest ? QString(text.left(longest) + u'…') : text;
    return shown.simplified().replace(u'&', u"&&"_s);
}

QString
trayChannelText(const QString &name, const admin::ChannelOverview &overview, const QDateTime &now)
{
    QString text = menuItemText(name);
    if (overview.health == domain::Health::Healthy)
        return text;
    const std::chrono::milliseconds left(overview.until - now.toMSecsSinceEpoch());
    const bool waits = overview.until > 0 && left.count() > 0;
    text += u'\t';
    text += HealthText::word(overview.health,
                             waits ? std::chrono::ceil<std::chrono::seconds>(left)
                                   : std::chrono::seconds(0));
    return text;
}

} // namespace gatehouse::ui
