#include "widgets/losttext.h"

#include "widgets/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <limits>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

struct LostTexts
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::LostTexts)
};

} // namespace

QString lostText(const domain::LostSecrets &lost)
{
    QStringList sentences;
    if (!lost.channels.isEmpty()) {
        sentences.append(LostTexts::tr("%n channels have no keys and are switched off.",
                                       nullptr,
                                       static_cast<int>(lost.channels.size())));
    }
    QStringList secrets;
    if (lost.metricsToken)
        secrets.append(LostTexts::tr("the token of Prometheus"));
    if (lost.otlpHeaders)
        secrets.append(LostTexts::tr("the headers of OpenTelemetry"));
    if (lost.webhookSecret)
        secrets.append(LostTexts::tr("the secret of the webhook"));
    if (!secrets.isEmpty())
        sentences.append(LostTexts::tr("To be entered again in Settings, Integrations: %1.")
                             .arg(Format::list(secrets)));
    if (lost.tokens > 0) {
        constexpr qint64 most = std::numeric_limits<int>::max();
        sentences.append(LostTexts::tr("The keys of %n tokens stay valid, but cannot be shown.",
                                       nullptr,
                                       static_cast<int>(std::min(lost.tokens, most))));
    }
    if (lost.authority) {
        sentences.append(LostTexts::tr("The certificate authority for HTTPS is gone: who trusts it "
                                       "has to trust the next one."));
    }
    return sentences.join(u' ');
}

QString lostChannelsFilter(const domain::LostSecrets &lost)
{
    QStringList ids;
    for (const domain::ChannelId channel : lost.channels)
        ids.append(QString::number(channel.value));
    return ids.isEmpty() ? QString() : u"id:\"%1\""_s.arg(ids.join(u','));
}

} // namespace gatehouse::ui
