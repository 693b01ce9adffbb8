#include "settings/otlpblock.h"

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

OtlpBlock::OtlpBlock(const Services &services, QWidget *parent)
    : SettingsBlock(parent)
    , m_services(services)
    , m_headers(new SecretField(this))
    , m_save(new QPushButton(this))
    , m_remove(new QPushButton(this))
    , m_test(new QPushButton(this))
    , m_note(makeText())
    , m_result(makeText())
{
    build();
    connect(m_headers, &QLineEdit::textChanged, this, &OtlpBlock::refresh);
    connect(m_headers, &QLineEdit::returnPressed, m_save, &QPushButton::click);
    connect(m_save, &QPushButton::clicked, this, [this] { store(m_headers->secret()); });
    connect(m_remove, &QPushButton::clicked, this, [this] { store({}); });
    connect(m_test, &QPushButton::clicked, this, &OtlpBlock::sendTest);
    connect(&m_services.administration.integrationSecrets,
            &admin::IntegrationSecrets::changed,
            this,
            &OtlpBlock::refresh);
    connect(&m_services.administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            &OtlpBlock::refresh);
    (new Translated(this))->add([this] { refresh(); });
}

void OtlpBlock::notePending(const QString &key, bool pending)
{
    if (key != "integrations.otlp_endpoint"_L1)
        return;
    m_isAddressPending = pending;
    if (pending)
        m_outcome = {}; // which was that of another address
    refresh();
}

void OtlpBlock::build()
{
    const auto stackIn = [](QWidget *whole) {
        auto *stack = new QVBoxLayout(whole);
        stack->setContentsMargins(0, 0, 0, 0);
        stack->setSpacing(Theme::px(3));
        return stack;
    };
    for (QPushButton *button : {m_save, m_remove, m_test})
        button->setAutoDefault(false);
    m_headers->setMaxLength(admin::IntegrationSecrets::longestHeaders);
    auto *line = new QHBoxLayout;
    line->setSpacing(Theme::px(8));
    line->addWidget(m_headers, 1);
    line->addWidget(m_save);
    line->addWidget(m_remove);
    auto *headers = new QWidget(this);
    auto *headersStack = stackIn(headers);
    headersStack->addLayout(line);
    headersStack->addWidget(m_note);
    addLine([] { return tr("Headers"); }, headers);
    auto *test = new QWidget(this);
    auto *testStack = stackIn(test);
    testStack->addWidget(m_test, 0, Qt::AlignLeft);
    testStack->addWidget(m_result);
    addLine([] { return tr("Try it"); }, test);
}

void OtlpBlock::refresh()
{
    const admin::Administration &administration = m_services.administration;
    const admin::IntegrationSecrets &secrets = administration.integrationSecrets;
    const bool isSet = !secrets.value(IntegrationSecret::OtlpHeaders).isEmpty();
    const QString variable = secrets.variable(IntegrationSecret::OtlpHeaders);
    const bool isFree = variable.isEmpty();
    keepFocus(isSet);
    m_headers->setAccessibleName(tr("Headers of traces"));
    m_headers->setPlaceholderText(isSet ? tr("There are some; type to replace them") : QString());
    m_headers->setEnabled(isFree);
    m_save->setText(tr("Save"));
    m_save->setAccessibleName(tr("Save the headers of traces"));
    m_save->setEnabled(isFree && !m_headers->text().isEmpty());
    m_remove->setText(tr("Remove"));
    m_remove->setAccessibleName(tr("Remove the headers of traces"));
    m_remove->setEnabled(isFree && isSet);
    m_note->setText(noteText(isSet, variable));
    const bool hasAddress = !administration.settings.current().integrations.otlpEndpoint.isEmpty();
    m_test->setText(tr("Send a test"));
    m_test->setAccessibleName(tr("Send a test trace"));
    m_test->setEnabled(hasAddress && !m_isAddressPending && m_headers->text().isEmpty()
                       && !administration.otlp.isDisabled());
    m_result->setText(resultText(hasAddress));
}

// A button that is about to be disabled would hand the focus on to the next one.
void OtlpBlock::keepFocus(bool isSet)
{
    const bool isSaved = m_save->hasFocus() && m_headers->text().isEmpty();
    const bool isRemoved = m_remove->hasFocus() && !isSet;
    if (isSaved || isRemoved)
        m_headers->setFocus(Qt::OtherFocusReason);
}

QString OtlpBlock::noteText(bool isSet, const QString &variable) const
{
    if (!variable.isEmpty())
        return tr("Set by %1 when Gatehouse was started; it cannot be changed here.").arg(variable);
    return isSet ? tr("They are sent with all traces and never shown again.")
                 : tr("What the receiver asks for, such as Authorization=Bearer KEY; several are "
                      "separated by commas.");
}

QString OtlpBlock::resultText(bool hasAddress) const
{
    if (m_services.administration.otlp.isDisabled())
        return tr("OTEL_SDK_DISABLED switched traces off when Gatehouse was started.");
    if (m_isTesting)
        return tr("Waiting for an answer…");
    if (m_isAddressPending)
        return tr("The address above is not stored: correct it, or press Enter in its field.");
    if (!hasAddress)
        return tr("Enter an address first.");
    if (!m_headers->text().isEmpty())
        return tr("Save the headers first.");
    return m_outcome ? m_outcome() : QString();
}

void OtlpBlock::store(const base::Secret &headers)
{
    m_services.administration.integrationSecrets.store(IntegrationSecret::OtlpHeaders, headers)
        .then(this, [this](const base::Result<> &outcome) {
            emit failed(outcome ? LiveText() : outcome.error().message);
            if (!outcome)
                return;
            m_headers->clear();
            m_headers->setRevealed(false);
            emit noticeRaised([] { return tr("The headers of traces were changed."); });
        });
}

void OtlpBlock::sendTest()
{
    if (m_isTesting) // the button stays enabled, and so keeps the focus
        return;
    m_isTesting = true;
    refresh();
    const QString place =
        placeOf(m_services.administration.settings.current().integrations.otlpEndpoint);
    m_services.administration.otlp.test().then(
        this, [this, place](const base::Result<admin::OtlpDelivery> &outcome) {
            m_isTesting = false;
            if (!outcome) {
                m_outcome = [place, message = outcome.error().message] {
                    return tr("%1: %2").arg(place, message.translated());
                };
            } else if (outcome->rejected > 0) {
                m_outcome = [place, said = outcome->message] {
                    return tr("%1 answered, but did not take it: %2").arg(place, said);
                };
            } else {
                m_outcome = [place, status = outcome->status] {
                    return tr("%1 took it, with the status %2.").arg(place).arg(status);
                };
            }
            refresh();
        });
}

} // namespace gatehouse::ui
