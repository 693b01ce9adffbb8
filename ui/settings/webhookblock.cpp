#include "settings/webhookblock.h"

#include "admin/administration.h"
#include "admin/flow.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

WebhookBlock::WebhookBlock(const Services &services, QWidget *parent)
    : ReceiverBlock(services,
                    u"integrations.webhook_url"_s,
                    admin::IntegrationSecret::WebhookSecret,
                    admin::IntegrationSecrets::longest,
                    parent)
{
    begin();
}

ReceiverBlock::Words WebhookBlock::words(bool isSet) const
{
    return {.label = tr("Secret"),
            .name = tr("Secret of the webhook"),
            .save = tr("Save the secret of the webhook"),
            .remove = tr("Remove the secret of the webhook"),
            .present = tr("There is one; type to replace it"),
            .note = isSet ? tr("Each message is signed: X-Gatehouse-Signature holds the "
                               "HMAC-SHA256 of its body.")
                          : tr("Without one messages are not signed, and anybody can send the "
                               "like."),
            .unsaved = tr("Save the secret first.")};
}

QString WebhookBlock::address() const
{
    return services().administration.settings.current().integrations.webhookUrl;
}

LiveText WebhookBlock::storedText() const
{
    return [] { return tr("The secret of the webhook was changed."); };
}

void WebhookBlock::send(const QString &place)
{
    admin::whenDone(services().administration.webhook.test(),
                    this,
                    [this, place](const base::Result<admin::WebhookDelivery> &outcome) {
                        if (outcome) {
                            return finishTest([place, status = outcome->status] {
                                return tr("%1 took it, with the status %2.").arg(place).arg(status);
                            });
                        }
                        finishFailedTest([place, message = outcome.error().message] {
                            return failureText(place, message.translated());
                        });
                    });
}

} // namespace gatehouse::ui
