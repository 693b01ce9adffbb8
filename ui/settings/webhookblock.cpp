#include "settings/webhookblock.h"

#include "admin/administration.h"
#include "theme/theme.h"
#include "widgets/fields/secretfield.h"
#include "widgets/translated.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::IntegrationSecret;

WebhookBlock::WebhookBlock(const Services &services, QWidget *parent)
    : SettingsBlock(parent)
    , m_services(services)
    , m_secret(new SecretField(this))
    , m_save(new QPushButton(this))
    , m_remove(new QPushButton(this))
    , m_test(new QPushButton(this))
    , m_note(makeText())
    , m_result(makeText())
{
    build();
    connect(m_secret, &QLineEdit::textChanged, this, &WebhookBlock::refresh);
    connect(m_secret, &QLineEdit::returnPressed, m_save, &QPushButton::click);
    connect(m_save, &QPushButton::clicked, this, [this] { store(m_secret->secret()); });
    connect(m_remove, &QPushButton::clicked, this, [this] { store({}); });
    connect(m_test, &QPushButton::clicked, this, &WebhookBlock::sendTest);
    connect(&m_services.administration.integrationSecrets,
            &admin::IntegrationSecrets::changed,
            this,
            &WebhookBlock::refresh);
    connect(&m_services.administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            &WebhookBlock::refresh);
    (new Translated(this))->add([this] { refresh(); });
}

void WebhookBlock::notePending(const QString &key, bool pending)
{
    if (key != "integrations.webhook_url"_L1)
        return;
    m_isAddressPending = pending;
    if (pending)
        m_outcome = {}; // which was that of another address
    refresh();
}

void WebhookBlock::build()
{
    const auto stackIn = [](QWidget *whole) {
        auto *stack = new QVBoxLayout(whole);
        stack->setContentsMargins(0, 0, 0, 0);
        stack->setSpacing(Theme::px(3));
        return stack;
    };
    for (QPushButton *button : {m_save, m_remove, m_test})
        button->setAutoDefault(false);
    m_secret->setMaxLength(admin::IntegrationSecrets::longest);
    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::px(8));
    line->addWidget(m_secret, 1);
    line->addWidget(m_save);
    line->addWidget(m_remove);
    auto *secret = new QWidget(this);
    auto *secretStack = stackIn(secret);
    secretStack->addLayout(line);
    secretStack->addWidget(m_note);
    addLine([] { return tr("Secret"); }, secret);
    auto *test = new QWidget(this);
    auto *testStack = stackIn(test);
    testStack->addWidget(m_test, 0, Qt::AlignLeft);
    testStack->addWidget(m_result);
    addLine([] { return tr("Try it"); }, test);
}

void WebhookBlock::refresh()
{
    const admin::IntegrationSecrets &secrets = m_services.administration.integrationSecrets;
    const bool isSet = !secrets.value(IntegrationSecret::WebhookSecret).isEmpty();
    const QString variable = secrets.variable(IntegrationSecret::WebhookSecret);
    const bool isFree = variable.isEmpty();
    keepFocus(isSet);
    m_secret->setAccessibleName(tr("Secret of the webhook"));
    m_secret->setPlaceholderText(isSet ? tr("There is one; type to replace it") : QString());
    m_secret->setEnabled(isFree);
    m_save->setText(tr("Save"));
    m_save->setAccessibleName(tr("Save the secret of the webhook"));
    m_save->setEnabled(isFree && !m_secret->text().isEmpty());
    m_remove->setText(tr("Remove"));
    m_remove->setAccessibleName(tr("Remove the secret of the webhook"));
    m_remove->setEnabled(isFree && isSet);
    m_note->setText(
        !isFree
            ? tr("Set by %1 when Gatehouse was started; it cannot be changed here.").arg(variable)
        : isSet ? tr("Each message is signed: X-Gatehouse-Signature holds the HMAC-SHA256 of its "
                     "body.")
                : tr("Without one messages are not signed, and anybody can send the like."));
    const bool hasAddress =
        !m_services.administration.settings.current().integrations.webhookUrl.isEmpty();
    m_test->setText(tr("Send a test"));
    m_test->setEnabled(hasAddress && !m_isAddressPending && m_secret->text().isEmpty());
    m_result->setText(resultText(hasAddress));
}

QString WebhookBlock::resultText(bool hasAddress) const
{
    if (m_isTesting)
        return tr("Waiting for an answer…");
    if (m_isAddressPending)
        return tr("The address above is not stored: correct it, or press Enter in its field.");
    if (!hasAddress)
        return tr("Enter an address first.");
    if (!m_secret->text().isEmpty())
        return tr("Save the secret first.");
    return m_outcome ? m_outcome() : QString();
}

// A button that is about to be disabled would hand the focus on to the next one.
void WebhookBlock::keepFocus(bool isSet)
{
    const bool isSaved = m_save->hasFocus() && m_secret->text().isEmpty();
    const bool isRemoved = m_remove->hasFocus() && !isSet;
    if (isSaved || isRemoved)
        m_secret->setFocus(Qt::OtherFocusReason);
}

void WebhookBlock::store(const base::Secret &secret)
{
    m_services.administration.integrationSecrets.store(IntegrationSecret::WebhookSecret, secret)
        .then(this, [this](const base::Result<> &outcome) {
            emit failed(outcome ? LiveText() : outcome.error().message);
            if (!outcome)
                return;
            m_secret->clear();
            m_secret->setRevealed(false);
            emit noticeRaised([] { return tr("The secret of the webhook was changed."); });
        });
}

void WebhookBlock::sendTest()
{
    if (m_isTesting) // the button stays enabled, and so keeps the focus
        return;
    m_isTesting = true;
    refresh();
    const QString place =
        placeOf(m_services.administration.settings.current().integrations.webhookUrl);
    m_services.administration.webhook.test().then(
        this, [this, place](const base::Result<admin::WebhookDelivery> &outcome) {
            m_isTesting = false;
            if (outcome) {
                m_outcome = [place, status = outcome->status] {
                    return tr("%1 took it, with the status %2.").arg(place).arg(status);
                };
            } else {
                m_outcome = [place, message = outcome.error().message] {
                    return tr("%1: %2").arg(place, message.translated());
                };
            }
            refresh();
        });
}

} // namespace gatehouse::ui
