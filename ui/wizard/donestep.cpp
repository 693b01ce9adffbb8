#include "wizard/donestep.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "admin/gateway/gatewaycontrol.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/clientsnippets.h"
#include "widgets/fields/copybutton.h"
#include "widgets/fields/form.h"
#include "widgets/fields/shownsecret.h"
#include "widgets/format.h"
#include "widgets/gatewayproblembar.h"
#include "widgets/messagebar.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"
#include "wizard/setup.h"
#include "wizard/trialpanel.h"

#include <QComboBox>
#include <QFileDialog>
#include <QPushButton>
#include <QSaveFile>
#include <QVBoxLayout>

#include <algorithm>
#include <optional>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

DoneStep::DoneStep(const Services &services, QWidget *parent)
    : WizardStep(parent)
    , m_services(services)
{
    setTexts([] { return tr("Done"); },
             [] { return tr("Give a program this address and this token, and it is served."); });
    build();
    connect(&m_services.gateway, &admin::GatewayControl::stateChanged, this, [this] {
        readCertificate();
    });
    connect(&m_services.gateway, &admin::GatewayControl::addressesChanged, this, [this] {
        showAddresses();
    });
    connect(&m_services.administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            &DoneStep::tellOfModels);
}

void DoneStep::build()
{
    // In the order in which they stand, as the keys go through them.
    auto *problem = new GatewayProblemBar(m_services, this);
    m_messages = new MessageBar(this);
    auto *form = new Form(this);
    m_form = form;
    m_address = new QComboBox(form);
    m_address->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_copyAddress = new CopyButton(QString(), form);
    m_token = new ShownSecret(form);
    m_token->setFont(Theme::font(TextRole::Fixed));
    m_copyToken = new CopyButton(QString(), form);
    m_trial = new TrialPanel(m_services, form);
    form->addLine({m_address, m_copyAddress}, [] { return tr("Address"); });
    form->addLine(
        {m_token, m_copyToken},
        [] { return tr("Token"); },
        [] { return tr("Copy it now. Later, lists show it only by its ends."); });
    form->addField(m_trial, [] { return tr("Try it"); });
    form->addField(makeLines(), [] { return tr("Set up a program"); });
    connect(m_address, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (index < 0)
            return;
        m_url = m_address->itemData(index).toString();
        m_copyAddress->setCopiedText(m_url);
        fillLines();
    });
    m_copyToken->setSecret([this] { return m_key; });
    content()->addWidget(problem);
    content()->addWidget(m_messages);
    content()->addWidget(form);
    content()->addStretch(1);
    texts()->add([this] {
        m_address->setPlaceholderText(tr("No address"));
        m_copyAddress->setName(tr("Copy the address"));
        m_copyToken->setName(tr("Copy the token"));
        m_copyLines->setName(tr("Copy the lines"));
        m_client->setAccessibleName(tr("Program"));
        m_lines->setAccessibleName(tr("Lines for the program"));
        m_token->setAccessibleName(tr("Token"));
        showAddresses();
    });
}

QWidget *DoneStep::makeLines()
{
    auto *whole = new QWidget(this);
    m_client = new QComboBox(whole);
    for (const ClientSnippet &snippet : clientSnippets())
        m_client->addItem(snippet.title, snippet.text);
    m_copyLines = new CopyButton(QString(), whole);
    m_lines = new ShownSecretLines(whole);
    m_lines->setFont(Theme::font(TextRole::Fixed));
    m_lines->setTabChangesFocus(true);
    m_lines->setFixedHeight(Theme::px(68));
    m_lines->setLineWrapMode(QPlainTextEdit::NoWrap);
    connect(m_client, &QComboBox::currentIndexChanged, this, &DoneStep::fillLines);
    m_copyLines->setSecret([this] {
        return base::Secret(filledSnippet(m_client->currentData().toString(), url(), key()));
    });
    auto *row = new QHBoxLayout;
    row->setSpacing(Theme::px(8));
    row->addWidget(m_client);
    row->addWidget(m_copyLines);
    row->addStretch(1);
    m_certificate = new QWidget(whole);
    QPushButton *save = makeLinkButton(QString(), m_certificate);
    connect(save, &QPushButton::clicked, this, &DoneStep::saveCertificate);
    SecondaryLabel *note = makeNote([] {
        return tr("HTTPS is on: programs on other computers have to be told the certificate, for "
                  "instance by NODE_EXTRA_CA_CERTS or SSL_CERT_FILE.");
    });
    auto *certificate = new QVBoxLayout(m_certificate);
    certificate->setContentsMargins(0, 0, 0, 0);
    certificate->setSpacing(0);
    certificate->addWidget(note);
    certificate->addWidget(save, 0, Qt::AlignLeft);
    m_certificate->hide();
    texts()->add([save] { save->setText(tr("Save the certificate…")); });
    auto *layout = new QVBoxLayout(whole);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(6));
    layout->addLayout(row);
    layout->addWidget(m_lines);
    layout->addWidget(m_certificate);
    whole->setFocusProxy(m_client);
    return whole;
}

void DoneStep::showOutcome(const SetupOutcome &outcome)
{
    if (outcome.token) {
        m_key = base::Secret("sk-" + outcome.token->key.reveal());
        m_token->setText(QString::fromLatin1(m_key.reveal()));
    }
    m_form->setFieldVisible(m_token, !m_key.isEmpty());
    m_form->setFieldVisible(m_trial, !m_key.isEmpty());
    const bool isNoneMade = !outcome.token && outcome.problems.isEmpty();
    texts()->add([this, isNoneMade] {
        m_form->setHelp(m_address,
                        isNoneMade ? tr("Your tokens stay as they are; their keys are found "
                                        "on the page of tokens.")
                                   : QString());
    });
    for (qsizetype i = 0; i < outcome.problems.size(); ++i) {
        m_messages->showMessage(
            {.id = u"problem%1"_s.arg(i), .tone = Tone::Failure, .text = outcome.problems.at(i)});
    }
    m_made.clear();
    for (const std::optional<domain::Channel> &each : outcome.channels) {
        if (each)
            m_made.push_back(each->id);
    }
    tellOfModels();
    readCertificate();
    showAddresses();
}

void DoneStep::tellOfModels()
{
    const auto catalog = m_services.administration.publisher.catalog();
    if (!catalog)
        return;
    QStringList names;
    for (const auto &each : catalog->channels()) {
        const domain::Channel &channel = each->channel;
        if (channel.models.isEmpty() && std::ranges::find(m_made, channel.id) != m_made.end())
            names.append(channel.name);
    }
    if (names == m_withoutModels)
        return;
    m_withoutModels = names;
    const QString id = u"models"_s;
    if (names.isEmpty())
        return m_messages->removeMessage(id);
    m_messages->showMessage(
        {.id = id, .tone = Tone::Caution, .text = [names] {
             return tr("%1: the provider has listed no models yet, so that nothing can be asked of "
                       "it. See on the page of channels whether the key is right, or enter models "
                       "there.")
                 .arg(Format::list(names));
         }});
}

// The test message trusts the gateway's own authority, as programs are to.
void DoneStep::readCertificate()
{
    const bool local = m_services.administration.settings.current().server.tlsMode
                       == domain::TlsMode::LocalAuthority;
    m_certificate->setVisible(local);
    if (!local)
        return m_trial->setAccess(m_key, {});
    admin::whenDone(m_services.administration.certificates.current(),
                    this,
                    [this](const base::Result<admin::LocalCertificate> &certificate) {
                        m_authority = certificate ? certificate->authorityPem : QByteArray();
                        m_trial->setAccess(m_key, m_authority);
                    });
}

void DoneStep::saveCertificate()
{
    auto *chooser =
        new QFileDialog(this, tr("Save the certificate"), {}, tr("Certificates (*.pem *.crt)"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setAcceptMode(QFileDialog::AcceptSave);
    chooser->selectFile(u"gatehouse-ca.pem"_s);
    connect(chooser, &QFileDialog::fileSelected, this, [this](const QString &path) {
        QSaveFile file(path);
        const bool written = file.open(QIODevice::WriteOnly)
                             && file.write(m_authority) == m_authority.size() && file.commit();
        m_messages->showMessage(
            {.id = u"certificate"_s,
             .tone = written ? Tone::Good : Tone::Failure,
             .text = [written, path, reason = file.errorString()] {
                 return written ? tr("The certificate is in %1.").arg(path)
                                : tr("The file could not be written: %1").arg(reason);
             }});
    });
    chooser->open();
}

void DoneStep::showAddresses()
{
    const QString former = m_url;
    m_address->clear();
    for (const admin::GatewayAddress &each : m_services.gateway.addresses()) {
        const bool isHere = each.kind == admin::GatewayAddress::Kind::Localhost;
        m_address->addItem(isHere ? tr("%1 (this computer)").arg(each.url) : each.url, each.url);
        m_address->setItemData(m_address->count() - 1, each.note, Qt::ToolTipRole);
    }
    m_address->setCurrentIndex(qMax(0, m_address->findData(former)));
    m_address->setEnabled(m_address->count() > 0);
    m_copyAddress->setEnabled(m_address->count() > 0);
    if (m_address->count() == 0)
        m_url.clear();
    fillLines();
}

// Without one of its own, a word that says what belongs in its place.
base::Secret DoneStep::key() const
{
    return m_key.isEmpty() ? base::Secret(QByteArrayLiteral("YOUR_TOKEN")) : m_key;
}

void DoneStep::fillLines()
{
    // Without an address they would be of no use.
    m_lines->setEnabled(!m_url.isEmpty());
    m_copyLines->setEnabled(!m_url.isEmpty());
    m_lines->setPlainText(
        m_url.isEmpty()
            ? QString()
            : filledSnippet(m_client->currentData().toString(), url(), key()).trimmed());
}

QString DoneStep::continueText() const
{
    return tr("Open Gatehouse");
}

} // namespace gatehouse::ui
