#include "wizard/trialpanel.h"

#include "admin/administration.h"
#include "admin/channels/channelprobe.h"
#include "admin/flow.h"
#include "admin/gateway/gatewaycontrol.h"
#include "theme/healthpainter.h"
#include "theme/theme.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"

#include <QAccessible>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

TrialPanel::TrialPanel(const Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
{
    build();
    connect(&m_services.administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            &TrialPanel::fillModels);
    connect(
        &m_services.gateway, &admin::GatewayControl::stateChanged, this, &TrialPanel::updateState);
    fillModels();
    (new Translated(this))->add([this] { setTexts(); });
}

void TrialPanel::build()
{
    m_models = new QComboBox(this);
    m_models->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    constexpr int characters = 24;
    m_models->setMinimumContentsLength(characters);
    m_send = new QPushButton(this);
    m_send->setAutoDefault(false);
    m_mark = new QLabel(this);
    m_mark->hide();
    m_result = new SecondaryLabel(TextRole::Body, this);
    m_result->setTextFormat(Qt::PlainText);
    m_result->setWordWrap(true);
    m_result->setTextInteractionFlags(Qt::TextSelectableByMouse);
    connect(m_send, &QPushButton::clicked, this, [this] {
        if (!m_isBusy)
            hasModels() ? send() : addEcho();
    });
    auto *row = new QHBoxLayout;
    row->setSpacing(Theme::px(8));
    row->addWidget(m_models);
    row->addWidget(m_send);
    row->addStretch(1);
    auto *answer = new QHBoxLayout;
    answer->setSpacing(Theme::px(6));
    answer->addWidget(m_mark, 0, Qt::AlignTop);
    answer->addWidget(m_result, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(Theme::px(6));
    layout->addLayout(row);
    layout->addLayout(answer);
}

void TrialPanel::setTexts()
{
    m_models->setAccessibleName(tr("Model of the test message"));
    updateState();
}

void TrialPanel::setAccess(const base::Secret &key, const QByteArray &authority)
{
    m_key = key;
    m_authority = authority;
    updateState();
}

// Of each channel first the model that a test would take.
void TrialPanel::fillModels()
{
    const QString former = m_models->currentText();
    QStringList models;
    if (const auto catalog = m_services.administration.publisher.catalog()) {
        for (const auto &each : catalog->channels()) {
            if (each->channel.isEnabled() && !each->channel.models.isEmpty())
                models.append(admin::testModelOf(each->channel));
        }
        for (const auto &each : catalog->channels()) {
            if (each->channel.isEnabled())
                models.append(each->channel.models);
        }
    }
    models.removeDuplicates();
    m_models->clear();
    m_models->addItems(models);
    m_models->setCurrentIndex(qMax(0, m_models->findText(former)));
    updateState();
}

bool TrialPanel::hasModels() const
{
    return m_models->count() > 0;
}

void TrialPanel::updateState()
{
    const admin::GatewayState state = m_services.gateway.state();
    m_models->setVisible(hasModels());
    m_send->setText(hasModels() ? tr("Send a test message") : tr("Try it with the built-in Echo"));
    m_send->setToolTip(hasModels() ? tr("One short question. With a paid provider it costs a "
                                        "fraction of a cent.")
                                   : tr("A provider that needs no key and no network: it answers "
                                        "with what it was asked."));
    // Not while it waits: that would send the focus on to a control that nobody has asked for.
    m_send->setEnabled(!m_key.isEmpty() && state == admin::GatewayState::Running);
    if (!hasModels() && (m_hasHint || m_result->text().isEmpty())) {
        m_hasHint = true;
        m_result->setTone({});
        m_result->setText(tr("No channel serves a model yet. Add one later on the page of "
                             "channels."));
    }
}

void TrialPanel::addEcho()
{
    m_isBusy = true;
    updateState();
    domain::Channel echo;
    echo.type = domain::provider::echo;
    echo.name = u"Echo"_s;
    echo.models = {u"echo"_s};
    admin::whenDone(m_services.administration.channels.create({echo}),
                    this,
                    [this](const base::Result<std::vector<domain::Channel>> &made) {
                        m_isBusy = false;
                        fillModels();
                        if (made)
                            send();
                        else
                            showResult(made.error().message.translated(), false);
                    });
}

void TrialPanel::send()
{
    const auto &addresses = m_services.gateway.addresses();
    if (addresses.empty())
        return;
    m_isBusy = true;
    m_mark->hide();
    m_hasHint = false;
    m_result->setTone(Tone::Busy);
    m_result->setText(tr("Waiting for the answer…"));
    updateState();
    admin::whenDone(m_trial.send({.url = addresses.front().url,
                                  .key = m_key,
                                  .model = m_models->currentText(),
                                  .authority = m_authority}),
                    this,
                    [this](const base::Result<admin::TrialAnswer> &answer) {
                        m_isBusy = false;
                        updateState();
                        if (answer)
                            showAnswer(*answer);
                        else
                            showResult(answer.error().message.translated(), false);
                    });
}

void TrialPanel::showAnswer(const admin::TrialAnswer &answer)
{
    constexpr qsizetype shown = 300;
    QString text = answer.text.translated().simplified();
    if (text.size() > shown)
        text = text.left(shown) + u'…';
    if (answer.answered) {
        if (text.isEmpty())
            text = tr("(an answer without a text)");
        return showResult(tr("%1 after %2: %3")
                              .arg(m_models->currentText(), Format::duration(answer.elapsed), text),
                          true);
    }
    if (answer.httpStatus == 0)
        return showResult(tr("The gateway could not be reached. %1").arg(text), false);
    showResult(tr("HTTP %1. %2").arg(answer.httpStatus).arg(text), false);
}

void TrialPanel::showResult(const QString &text, bool good)
{
    m_mark->setPixmap(
        glyphIcon(good ? Glyph::Tick : Glyph::Cross, good ? Tone::Good : Tone::Failure)
            .pixmap(Theme::px(14), Theme::px(14)));
    m_mark->show();
    m_hasHint = false;
    m_result->setTone(good ? std::optional<Tone>() : Tone::Failure);
    m_result->setPlain(good);
    m_result->setText(text);
    QAccessibleEvent event(m_result, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

} // namespace gatehouse::ui
