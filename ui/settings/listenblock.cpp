#include "settings/listenblock.h"

#include "admin/gateway/gatewaycontrol.h"
#include "preferences/settingrow.h"
#include "settings/addresslist.h"
#include "settings/consequencebox.h"
#include "settings/lansheet.h"
#include "settings/listeneditors.h"
#include "widgets/translated.h"

#include <QUrl>
#include <QVBoxLayout>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::ListenChoice;

namespace {

const QString listenKey = u"server.listen"_s;

// Two rows show this one setting: who can connect, and the port.
QString withReach(const QString &value, const QString &standard)
{
    const auto choice = ListenChoice::from(value);
    const auto usual = ListenChoice::from(standard);
    if (!choice || !usual || choice->reach == ListenChoice::Reach::Custom)
        return standard;
    const QString restored = usual->withPort(choice->port).custom;
    return restored == choice->custom ? value : restored;
}

QString withPort(const QString &value, const QString &standard)
{
    const auto choice = ListenChoice::from(value);
    const auto usual = ListenChoice::from(standard);
    if (!choice || !usual || choice->port == usual->port
        || choice->reach == ListenChoice::Reach::Custom) // which has no row for the port
        return value;
    return choice->withPort(usual->port).custom;
}

} // namespace

ListenBlock::ListenBlock(const Services &services, SettingsStore &store, QWidget *parent)
    : SettingsBlock(parent)
    , m_services(services)
    , m_store(store)
{
    auto *editor = new ListenEditor(this);
    m_listen = new SettingRow(listenKey, editor, store, {}, this);
    m_listen->setHelp([] { return QString(); });
    column()->addWidget(m_listen);
    m_consequences = new ConsequenceBox(this);
    m_consequenceLine = addLine({}, m_consequences);
    auto *reached = new QWidget(this);
    auto *column = new QVBoxLayout(reached);
    column->setContentsMargins(0, 0, 0, 0);
    m_addresses = new AddressList(reached);
    m_note = makeText();
    column->addWidget(m_addresses);
    column->addWidget(m_note);
    addLine([] { return tr("Addresses"); }, reached);
    m_portEditor = new PortEditor(this);
    m_port = new SettingRow(
        listenKey, m_portEditor, store, [] { return tr("Port"); }, this);
    m_port->setObjectName(u"port"_s);
    m_port->setHelp([] { return QString(); });
    m_listen->setPart(withReach);
    m_port->setPart(withPort);
    this->column()->addWidget(m_port);

    connect(m_portEditor, &SettingEditor::edited, this, &ListenBlock::tryPort);
    // From then on what is shown of the gateway says it.
    connect(&services.gateway, &admin::GatewayControl::addressesChanged, m_portEditor, [this] {
        m_portEditor->showState(std::nullopt);
    });
    connect(editor, &ListenEditor::openingRequested, this, &ListenBlock::ask);
    connect(&store, &SettingsStore::changed, this, &ListenBlock::refresh);
    connect(
        &services.gateway, &admin::GatewayControl::addressesChanged, this, &ListenBlock::refresh);
    connect(&services.gateway, &admin::GatewayControl::stateChanged, this, &ListenBlock::refresh);
    (new Translated(this))->add([this] { refresh(); });
}

bool ListenBlock::isEncrypted() const
{
    const auto value = [this](const QString &key) {
        const auto setting = m_store.find(key);
        return setting ? setting->value : QString();
    };
    const QString mode = value(u"server.tls"_s);
    return mode == "local"_L1
           || (mode == "own"_L1 && !value(u"server.tls_certificate"_s).isEmpty());
}

void ListenBlock::refresh()
{
    const auto setting = m_store.find(listenKey);
    const auto choice = ListenChoice::from(setting ? setting->value : QString());
    const bool waits = m_store.waiting().contains(listenKey)
                       || m_store.waiting().contains(u"server.tls"_s)
                       || m_services.gateway.needsRestart();
    m_consequenceLine->setVisible(choice && choice->isOpen);
    if (choice && choice->isOpen)
        m_consequences->setChoice(*choice, isEncrypted(), waits);
    m_port->setVisible(!choice || choice->reach != ListenChoice::Reach::Custom);
    const bool stands = m_services.gateway.addresses().empty();
    if (choice && (waits || stands))
        m_addresses->setAddresses(choice->addresses(isEncrypted()));
    else
        m_addresses->setAddresses(m_services.gateway.addresses());
    m_note->setText(waits    ? tr("After the restart of the listener.")
                    : stands ? tr("Once the gateway runs.")
                             : QString());
    m_note->setVisible(waits || stands);
}

// Only while a port is entered: the gateway itself may be about to listen on the one that is set.
void ListenBlock::tryPort()
{
    const auto choice = m_portEditor->problem().isEmpty()
                            ? ListenChoice::from(m_portEditor->value())
                            : std::nullopt;
    const auto setting = m_store.find(listenKey);
    const auto present = ListenChoice::from(setting ? setting->value : QString());
    const auto addresses = m_services.gateway.addresses();
    const auto isOurs = [&choice](const admin::GatewayAddress &each) {
        return QUrl(each.url).port() == choice->port;
    };
    if (!choice || choice->port == 0 || (present && present->port == choice->port)
        || std::ranges::any_of(addresses, isOurs))
        return m_portEditor->showState(std::nullopt);
    m_portEditor->showState(admin::portState(*choice));
}

void ListenBlock::ask(const QString &value)
{
    const auto choice = ListenChoice::from(value);
    if (!choice || std::exchange(m_asking, true))
        return;
    auto *sheet = new LanSheet(*choice, isEncrypted(), this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(sheet, &QDialog::finished, this, [this, sheet, value](int result) {
        m_asking = false;
        if (result == QDialog::Accepted) {
            QMap<QString, QString> changes{{listenKey, value}};
            if (sheet->wantsHttps())
                changes.insert(u"server.tls"_s, u"local"_s);
            m_store.changeAll(changes);
        }
        m_listen->revert();
    });
    sheet->open();
}

} // namespace gatehouse::ui
