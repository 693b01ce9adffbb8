#include "settings/proxyblock.h"

#include "admin/administration.h"
#include "admin/channels/proxywords.h"
#include "widgets/translated.h"

namespace gatehouse::ui {

ProxyBlock::ProxyBlock(const Services &services, QWidget *parent)
    : SettingsBlock(parent)
{
    SecondaryLabel *inForce = makeText(TextRole::Body);
    inForce->setWordWrap(true);
    inForce->setPlain(true);
    inForce->setTextInteractionFlags(Qt::TextSelectableByMouse);
    addLine([] { return tr("Proxy"); }, inForce, false);
    SecondaryLabel *note = makeText();
    note->setWordWrap(true);
    addLine({}, note, false);
    const base::Message words =
        admin::proxyWords(services.administration.settings.current().proxies);
    (new Translated(this))->add([inForce, note, words] {
        inForce->setText(words.translated());
        note->setText(tr("By HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, as they were when "
                         "Gatehouse was started. Each channel can name a proxy of its own, or "
                         "none."));
    });
}

} // namespace gatehouse::ui
