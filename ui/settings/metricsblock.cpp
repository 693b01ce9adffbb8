#include "settings/metricsblock.h"

#include "admin/administration.h"
#include "theme/theme.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/fields/copybutton.h"
#include "widgets/fields/shownsecret.h"
#include "widgets/translated.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

using admin::IntegrationSecret;

MetricsBlock::MetricsBlock(const Services &services, QWidget *parent)
    : SettingsBlock(parent)
    , m_services(services)
    , m_make(new QPushButton(this))
    , m_shown(new QWidget(this))
    , m_token(new ShownSecret(m_shown))
    , m_copy(new CopyButton({}, m_shown))
    , m_note(makeText())
{
    m_make->setAutoDefault(false);
    m_token->setFont(Theme::font(TextRole::Fixed));
    m_copy->setSecret([this] { return m_made; });
    auto *line = new QHBoxLayout(m_shown);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(Theme::px(4));
    line->addWidget(m_token, 1);
    line->addWidget(m_copy);
    auto *whole = new QWidget(this);
    auto *stack = new QVBoxLayout(whole);
    stack->setContentsMargins(0, 0, 0, 0);
    stack->setSpacing(Theme::px(3));
    stack->addWidget(m_make, 0, Qt::AlignLeft);
    stack->addWidget(m_shown);
    stack->addWidget(m_note);
    addLine([] { return tr("Token"); }, whole);
    connect(m_make, &QPushButton::clicked, this, &MetricsBlock::ask);
    connect(&m_services.administration.integrationSecrets,
            &admin::IntegrationSecrets::changed,
            this,
            &MetricsBlock::refresh);
    (new Translated(this))->add([this] { refresh(); });
}

void MetricsBlock::refresh()
{
    const admin::IntegrationSecrets &secrets = m_services.administration.integrationSecrets;
    const bool isSet = !secrets.value(IntegrationSecret::MetricsToken).isEmpty();
    const QString variable = secrets.variable(IntegrationSecret::MetricsToken);
    m_make->setText(isSet ? tr("Make a new token…") : tr("Make a token"));
    m_make->setEnabled(variable.isEmpty());
    m_token->setAccessibleName(tr("Token of the metrics"));
    m_copy->setName(tr("Copy the token"));
    m_shown->setVisible(!m_made.isEmpty());
    if (!variable.isEmpty()) {
        m_note->setText(
            tr("Set by %1 when Gatehouse was started; it cannot be changed here.").arg(variable));
    } else if (!m_made.isEmpty()) {
        m_note->setText(tr("Copy it now: it is not shown again. Prometheus sends it as a bearer "
                           "token to the path /metrics of this gateway."));
    } else {
        m_note->setText(isSet ? tr("There is one. It is kept sealed and not shown again.")
                              : tr("Without one nobody can read the metrics."));
    }
}

void MetricsBlock::ask()
{
    const admin::IntegrationSecrets &secrets = m_services.administration.integrationSecrets;
    if (secrets.value(IntegrationSecret::MetricsToken).isEmpty())
        return make();
    Confirmation::ask(this,
                      {.title = tr("Make a new token"),
                       .heading = tr("Make a new token for the metrics?"),
                       .text = tr("Programs that read the metrics with the present one are refused "
                                  "from then on."),
                       .action = tr("Make a new token")},
                      [this] { make(); });
}

void MetricsBlock::make()
{
    m_services.administration.integrationSecrets.renew(IntegrationSecret::MetricsToken)
        .then(this, [this](const base::Result<base::Secret> &made) {
            emit failed(made ? LiveText() : made.error().message);
            if (!made)
                return;
            m_made = *made;
            m_token->setText(QString::fromUtf8(made->reveal()));
            refresh();
            m_token->setFocus();
            m_token->selectAll();
        });
}

} // namespace gatehouse::ui
