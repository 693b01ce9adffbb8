#include "channeleditor/channeladvanced.h"

#include "admin/channels/channelservice.h"
#include "admin/channels/proxywords.h"
#include "channeleditor/proxychoice.h"
#include "channeleditor/proxyfield.h"
#include "domain/bodysecrets.h"
#include "theme/theme.h"
#include "widgets/fields/form.h"
#include "widgets/fields/unitfield.h"
#include "widgets/secondarylabel.h"
#include "widgets/table/pairtable.h"

#include <QCheckBox>
#include <QCompleter>
#include <QDoubleSpinBox>
#include <QJsonDocument>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSpinBox>
#include <QVBoxLayout>

#include <cmath>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr double perMillion = 1e6;

PairTable::Pairs pairsFrom(const QMap<QString, QString> &map)
{
    PairTable::Pairs pairs;
    for (auto it = map.cbegin(); it != map.cend(); ++it)
        pairs.append({it.key(), it.value()});
    return pairs;
}

QMap<QString, QString> mapOf(const PairTable::Pairs &pairs)
{
    QMap<QString, QString> map;
    for (const auto &[left, right] : pairs)
        map.insert(left.trimmed(), right.trimmed());
    return map;
}

// Absent: the text is no JSON object. Nothing is an empty one.
std::optional<QJsonObject> objectFrom(const QString &text)
{
    if (text.trimmed().isEmpty())
        return QJsonObject();
    const QJsonDocument document = QJsonDocument::fromJson(text.toUtf8());
    return document.isObject() ? std::optional(document.object()) : std::nullopt;
}

std::optional<std::chrono::milliseconds> given(std::chrono::milliseconds length)
{
    return length.count() > 0 ? std::optional(length) : std::nullopt;
}

} // namespace

ChannelAdvanced::ChannelAdvanced(const domain::OutgoingProxies &proxies, QWidget *parent)
    : QWidget(parent)
    , m_form(new Form(this))
{
    addRewriting();
    addConnection(proxies);
    addLimits();
    addAccount();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_form);
    for (QLineEdit *field :
         std::initializer_list<QLineEdit *>{m_proxy, m_organization, m_version, m_testModel})
        connect(field, &QLineEdit::textChanged, this, &ChannelAdvanced::changed);
    for (QPlainTextEdit *field : {m_body, m_prompt, m_authority})
        connect(field, &QPlainTextEdit::textChanged, this, &ChannelAdvanced::changed);
    for (DurationField *field : {m_connect, m_firstByte, m_idle, m_total})
        connect(field, &UnitField::edited, this, &ChannelAdvanced::changed);
    for (PairTable *table : {m_mapping, m_headers})
        connect(table, &PairTable::pairsChanged, this, &ChannelAdvanced::changed);
    for (QCheckBox *box : {m_private, m_anyCertificate})
        connect(box, &QCheckBox::toggled, this, &ChannelAdvanced::changed);
    for (QSpinBox *box : {m_concurrent, m_requests, m_tokens})
        connect(box, &QSpinBox::valueChanged, this, &ChannelAdvanced::changed);
    connect(m_multiplier, &QDoubleSpinBox::valueChanged, this, &ChannelAdvanced::changed);
}

QPlainTextEdit *ChannelAdvanced::makeText(int lines, const QString &placeholder)
{
    auto *text = new QPlainTextEdit(this);
    text->setTabChangesFocus(true);
    text->setPlaceholderText(placeholder);
    text->setFixedHeight(text->fontMetrics().lineSpacing() * lines + Theme::px(14));
    return text;
}

void ChannelAdvanced::addRewriting()
{
    m_mapping = new PairTable(this);
    m_mapping->setTitles(tr("Model that is asked for"), tr("Model of the provider"));
    m_mapping->setProblem([](const QString &left, const QString &right) {
        return left.trimmed().isEmpty() || right.trimmed().isEmpty()
                   ? tr("Both sides need the name of a model.")
                   : QString();
    });
    m_headers = new PairTable(this);
    m_headers->setTitles(tr("Header"), tr("Value"));
    m_headers->setSecret(&admin::isSecretHeader);
    m_headers->setProblem([](const QString &left, const QString &right) {
        const base::Result<> sound = domain::validate(
            {.name = u"draft"_s, .headerOverrides = {{left.trimmed(), right.trimmed()}}});
        return sound ? QString() : sound.error().message.translated();
    });
    m_body = makeText(3, u"{\"temperature\": 0.7}"_s);
    m_body->setFont(Theme::font(TextRole::Fixed));
    m_prompt = makeText(3, QString());
    m_form->addField(
        m_mapping,
        [] { return tr("Model names"); },
        [] { return tr("A request for the left name is sent under the right one."); });
    m_form->addField(
        m_headers,
        [] { return tr("Headers"); },
        [] { return tr("Sent with every request, in place of those of the same name."); });
    m_form->addField(
        m_body,
        [] { return tr("Body"); },
        [] {
            return tr("A JSON object whose members are set in every request. *** stands for a "
                      "secret, and keeps it.");
        });
    m_form->addField(
        m_prompt,
        [] { return tr("System prompt"); },
        [] { return tr("Put before the messages of every request."); });
}

void ChannelAdvanced::addProxy(const domain::OutgoingProxies &proxies)
{
    m_proxyChoice = new ProxyChoice(this);
    m_proxy = new ProxyField(this);
    m_form->addField(
        m_proxyChoice,
        [] { return tr("Proxy"); },
        [words = admin::proxyWords(proxies)] {
            return tr("The system says: %1").arg(words.translated());
        });
    m_form->addField(
        m_proxy,
        [] { return tr("Its address"); },
        [] { return tr("http://host:port or socks5://host:port"); });
    m_form->setFieldVisible(m_proxy, false);
    connect(m_proxyChoice, &QComboBox::currentIndexChanged, this, [this] {
        m_form->setFieldVisible(m_proxy, m_proxyChoice->needsAddress());
        emit changed();
    });
}

void ChannelAdvanced::addConnection(const domain::OutgoingProxies &proxies)
{
    m_connect = new DurationField(this);
    m_firstByte = new DurationField(this);
    m_idle = new DurationField(this);
    m_total = new DurationField(this);
    for (DurationField *field : {m_connect, m_firstByte, m_idle, m_total}) {
        field->setOptional(true);
        field->setRange(std::chrono::milliseconds(1), std::chrono::hours(24));
        field->setPlaceholderText(field == m_total ? tr("no limit") : tr("as in the settings"));
    }
    m_authority = makeText(3, u"-----BEGIN CERTIFICATE-----"_s);
    m_authority->setFont(Theme::font(TextRole::Fixed));
    m_anyCertificate = new QCheckBox(tr("Accept any certificate (no verification)"), this);
    m_warning = new SecondaryLabel(
        tr("Whoever sits between this computer and the provider can read and change keys and "
           "texts, "
           "and nobody will notice. If the provider has a certificate of its own making, enter its "
           "authority above instead."),
        TextRole::Small,
        this);
    m_warning->setWordWrap(true);
    m_warning->setTone(Tone::Failure);
    m_private = new QCheckBox(tr("May lead to this computer and the local network"), this);
    m_private->setChecked(true);
    m_form->addSection([] { return tr("Connection"); });
    addProxy(proxies);
    m_form->addField(m_connect, [] { return tr("Connect within"); });
    m_form->addField(m_firstByte, [] { return tr("First byte within"); });
    m_form->addField(m_idle, [] { return tr("Longest silence"); });
    m_form->addField(
        m_total,
        [] { return tr("Whole answer within"); },
        [] {
            return tr("A call that takes longer is ended; if nothing was answered yet, another "
                      "channel is tried.");
        });
    m_form->addField(
        m_authority,
        [] { return tr("Own authority"); },
        [] {
            return tr("Certificates in PEM, trusted for this channel instead of the system’s.");
        });
    m_form->addControl(m_anyCertificate);
    m_form->addControl(m_warning);
    m_form->addControl(m_private);
    connect(m_anyCertificate, &QCheckBox::toggled, this, &ChannelAdvanced::showWarning);
    showWarning();
}

void ChannelAdvanced::showWarning()
{
    m_form->setFieldVisible(m_warning, m_anyCertificate->isChecked());
}

QString ChannelAdvanced::proxy() const
{
    return m_proxyChoice->proxy(m_proxy->proxy());
}

QSpinBox *ChannelAdvanced::makeLimit()
{
    auto *box = new QSpinBox(this);
    box->setRange(0, static_cast<int>(domain::Channel::largestLimit));
    box->setGroupSeparatorShown(true);
    box->setSpecialValueText(tr("no limit")); // of 0
    return box;
}

void ChannelAdvanced::addLimits()
{
    m_concurrent = makeLimit();
    m_requests = makeLimit();
    m_tokens = makeLimit();
    m_multiplier = new QDoubleSpinBox(this);
    m_multiplier->setDecimals(6);
    m_multiplier->setSingleStep(0.05);
    m_multiplier->setRange(0, static_cast<double>(domain::Channel::largestPriceRatio) / perMillion);
    m_form->addSection([] { return tr("Limits and prices"); });
    m_form->addField(m_concurrent, [] { return tr("At the same time"); });
    m_form->addField(m_requests, [] { return tr("Requests a minute"); });
    m_form->addField(
        m_tokens,
        [] { return tr("Tokens a minute"); },
        [] {
            return tr("A channel that has had so much is passed over; where all have, clients are "
                      "told when to ask again.");
        });
    m_form->addField(
        m_multiplier,
        [] { return tr("Price multiplier"); },
        [] { return tr("What its requests cost by the prices is multiplied by this."); });
}

void ChannelAdvanced::addAccount()
{
    m_organization = new QLineEdit(this);
    m_version = new QLineEdit(this);
    m_testModel = new QLineEdit(this);
    m_testModel->setPlaceholderText(tr("chosen by itself"));
    m_form->addSection([] { return tr("Account and test"); });
    m_form->addField(m_organization, [] { return tr("Organization"); });
    m_form->addField(m_version, [] { return tr("API version"); });
    m_form->addField(
        m_testModel,
        [] { return tr("Test model"); },
        [] { return tr("Asked for when the channel is tested."); });
}

void ChannelAdvanced::fill(const domain::Channel &channel)
{
    m_mapping->setPairs(pairsFrom(channel.modelMapping));
    m_headers->setPairs(pairsFrom(channel.headerOverrides));
    m_formerBody = channel.bodyOverrides;
    m_body->setPlainText(
        channel.bodyOverrides.isEmpty()
            ? QString()
            : QString::fromUtf8(QJsonDocument(domain::maskedBody(channel.bodyOverrides)).toJson())
                  .trimmed());
    m_prompt->setPlainText(channel.systemPrompt);
    m_proxyChoice->setProxy(channel.proxy);
    m_proxy->setProxy(m_proxyChoice->needsAddress() ? channel.proxy : QString());
    m_connect->setDuration(given(channel.timeouts.connect));
    m_firstByte->setDuration(given(channel.timeouts.firstByte));
    m_idle->setDuration(given(channel.timeouts.idle));
    m_total->setDuration(given(channel.timeouts.total));
    m_anyCertificate->setChecked(!channel.verifyCertificate);
    m_concurrent->setValue(channel.limits.concurrentRequests);
    m_requests->setValue(channel.limits.requestsPerMinute);
    m_tokens->setValue(static_cast<int>(channel.limits.tokensPerMinute));
    m_multiplier->setValue(static_cast<double>(channel.priceRatioMillionths) / perMillion);
    m_authority->setPlainText(channel.certificateAuthority);
    m_private->setChecked(channel.allowPrivateAddress);
    m_organization->setText(channel.organization);
    m_version->setText(channel.apiVersion);
    m_testModel->setText(channel.testModel);
    setProviderType(channel.type);
}

void ChannelAdvanced::applyTo(domain::Channel &channel) const
{
    constexpr std::chrono::milliseconds ofTheSettings{0};
    channel.modelMapping = mapOf(m_mapping->pairs());
    channel.headerOverrides = mapOf(m_headers->pairs());
    if (const std::optional<QJsonObject> body = objectFrom(m_body->toPlainText()))
        channel.bodyOverrides = domain::unmaskedBody(*body, m_formerBody);
    channel.systemPrompt = m_prompt->toPlainText();
    channel.proxy = proxy();
    channel.timeouts = {.connect = m_connect->duration().value_or(ofTheSettings),
                        .firstByte = m_firstByte->duration().value_or(ofTheSettings),
                        .idle = m_idle->duration().value_or(ofTheSettings),
                        .total = m_total->duration().value_or(ofTheSettings)};
    channel.limits = {.concurrentRequests = m_concurrent->value(),
                      .requestsPerMinute = m_requests->value(),
                      .tokensPerMinute = m_tokens->value()};
    channel.priceRatioMillionths = std::llround(m_multiplier->value() * perMillion);
    channel.verifyCertificate = !m_anyCertificate->isChecked();
    channel.certificateAuthority = m_authority->toPlainText().trimmed();
    channel.allowPrivateAddress = m_private->isChecked();
    channel.organization = m_organization->text().trimmed();
    channel.apiVersion = m_version->text().trimmed();
    channel.testModel = m_testModel->text().trimmed();
}

void ChannelAdvanced::setProviderType(int type)
{
    const domain::ProviderType *known = domain::providerType(type);
    const bool azure = known && known->pathRule == domain::PathRule::Azure;
    const bool openAi = known && known->dialect == domain::Dialect::OpenAi && !azure;
    m_form->setFieldVisible(m_organization, openAi || !m_organization->text().isEmpty());
    m_form->setFieldVisible(m_version, !openAi || !m_version->text().isEmpty());
    m_version->setPlaceholderText(azure ? u"2024-10-21"_s : tr("the usual one"));
}

void ChannelAdvanced::setModels(const QStringList &models)
{
    auto *completer = new QCompleter(models, m_testModel);
    completer->setCaseSensitivity(Qt::CaseInsensitive);
    delete m_testModel->completer();
    m_testModel->setCompleter(completer);
}

QString ChannelAdvanced::apiVersion() const
{
    return m_version->text().trimmed();
}

bool ChannelAdvanced::isUsed() const
{
    domain::Channel channel;
    applyTo(channel);
    return channel != domain::Channel();
}

bool ChannelAdvanced::review()
{
    m_form->setError(m_mapping, m_mapping->problem());
    m_form->setError(m_headers, m_headers->problem());
    m_form->setError(m_body,
                     objectFrom(m_body->toPlainText())
                         ? QString()
                         : tr("This is no JSON object, such as {\"temperature\": 0.7}."));
    const base::Result<> sound = domain::validate({.name = u"draft"_s, .proxy = proxy()});
    m_form->setError(m_proxy,
                     !m_proxyChoice->needsAddress() ? QString()
                     : proxy().isEmpty()            ? tr("Enter the proxy’s address.")
                     : sound                        ? QString()
                                                    : sound.error().message.translated());
    for (DurationField *field : {m_connect, m_firstByte, m_idle, m_total})
        m_form->setError(field, field->text().trimmed().isEmpty() ? QString() : field->problem());
    const QString authority = m_authority->toPlainText().trimmed();
    const bool isPem = authority.isEmpty()
                       || (authority.startsWith("-----BEGIN CERTIFICATE-----"_L1)
                           && authority.endsWith("-----END CERTIFICATE-----"_L1));
    m_form->setError(m_authority,
                     isPem ? QString()
                           : tr("A certificate begins with -----BEGIN CERTIFICATE----- and ends "
                                "with -----END CERTIFICATE-----."));
    return !m_form->hasErrors();
}

void ChannelAdvanced::focusFirstError()
{
    m_form->focusFirstError();
}

} // namespace gatehouse::ui
