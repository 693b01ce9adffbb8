#include "settings/otlpblock.h"

#include "admin/administration.h"
#include "admin/flow.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

OtlpBlock::OtlpBlock(const Services &services, QWidget *parent)
    : ReceiverBlock(services,
                    u"integrations.otlp_endpoint"_s,
                    admin::IntegrationSecret::OtlpHeaders,
                    admin::IntegrationSecrets::longestHeaders,
                    parent)
{
    begin();
}

ReceiverBlock::Words OtlpBlock::words(bool isSet) const
{
    return {.label = tr("Headers"),
            .name = tr("Headers of traces"),
            .save = tr("Save the headers of traces"),
            .remove = tr("Remove the headers of traces"),
            .test = tr("Send a test trace"),
            .present = tr("There are some; type to replace them"),
            .note = isSet ? tr("They are sent with all traces and never shown again.")
                          : tr("What the receiver asks for, such as Authorization=Bearer KEY; "
                               "several are separated by commas."),
            .unsaved = tr("Save the headers first.")};
}

QString OtlpBlock::address() const
{
    return services().administration.settings.current().integrations.otlpEndpoint;
}

QString OtlpBlock::hindrance() const
{
    return services().administration.otlp.isDisabled()
               ? tr("OTEL_SDK_DISABLED switched traces off when Gatehouse was started.")
               : QString();
}

LiveText OtlpBlock::storedText() const
{
    return [] { return tr("The headers of traces were changed."); };
}

void OtlpBlock::send(const QString &place)
{
    admin::whenDone(services().administration.otlp.test(),
                    this,
                    [this, place](const base::Result<admin::OtlpDelivery> &outcome) {
                        if (!outcome) {
                            return finishFailedTest([place, message = outcome.error().message] {
                                return failureText(place, message.translated());
                            });
                        }
                        if (outcome->rejected > 0) {
                            return finishFailedTest([place, said = outcome->message] {
                                return tr("%1 answered, but did not take it: %2").arg(place, said);
                            });
                        }
                        finishTest([place, status = outcome->status] {
                            return tr("%1 took it, with the status %2.").arg(place).arg(status);
                        });
                    });
}

} // namespace gatehouse::ui
