#include "inspector/captureprompt.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "theme/theme.h"
#include "widgets/fields/segmentedcontrol.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"

#include <QHBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

const QString captureKey = u"traffic.capture"_s;

QString levelName(domain::CaptureLevel level)
{
    switch (level) {
    case domain::CaptureLevel::Errors:
        return u"errors"_s;
    case domain::CaptureLevel::All:
        return u"all"_s;
    case domain::CaptureLevel::Off:
        break;
    }
    return u"off"_s;
}

} // namespace

CapturePrompt::CapturePrompt(const Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_texts(new Translated(this))
    , m_heading(new SecondaryLabel(TextRole::Heading, this))
    , m_reason(new SecondaryLabel(TextRole::Body, this))
    , m_consequence(new SecondaryLabel(TextRole::Small, this))
    , m_failure(new SecondaryLabel(TextRole::Small, this))
    , m_level(new SegmentedControl(this))
{
    m_heading->setPlain(true);
    m_failure->setTone(Tone::Failure);
    for (SecondaryLabel *label : {m_heading, m_reason, m_consequence, m_failure}) {
        label->setWordWrap(true);
        label->setAlignment(Qt::AlignHCenter);
    }
    auto *choice = new QHBoxLayout;
    choice->addStretch();
    choice->addWidget(m_level);
    choice->addStretch();
    auto *layout = new QVBoxLayout(this);
    const int margin = Theme::px(20);
    layout->setContentsMargins(margin, Theme::px(12), margin, Theme::px(12));
    layout->setSpacing(Theme::px(8));
    layout->addStretch(2);
    layout->addWidget(m_heading);
    layout->addWidget(m_reason);
    layout->addLayout(choice);
    layout->addWidget(m_consequence);
    layout->addWidget(m_failure);
    layout->addStretch(3);
    connect(m_level, &SegmentedControl::chosen, this, &CapturePrompt::choose);
    connect(&services.administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            &CapturePrompt::refresh);
    m_texts->add([this] {
        m_level->setAccessibleName(tr("Keep heads and bodies of"));
        m_level->setSegments({{.id = u"off"_s, .text = tr("No requests")},
                              {.id = u"errors"_s, .text = tr("Failed ones")},
                              {.id = u"all"_s, .text = tr("All requests")}});
        refresh();
    });
}

void CapturePrompt::setRequest(const admin::TrafficLine &line)
{
    m_isRunning = line.running.has_value();
    m_failure->clear();
    refresh();
}

void CapturePrompt::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

void CapturePrompt::refresh()
{
    const domain::Settings::Traffic traffic = m_services.administration.settings.current().traffic;
    m_level->setCurrent(levelName(traffic.capture));
    m_failure->setVisible(!m_failure->text().isEmpty());
    m_heading->setText(m_isRunning ? tr("Not ended yet") : tr("What was sent is not kept"));
    m_reason->setText(m_isRunning
                          ? tr("This request is still being served. If its heads and bodies are "
                               "kept, they can be seen when it has ended.")
                          : tr("Of this request only the figures are stored, not its heads and "
                               "bodies. Of which requests shall they be kept from now on?"));
    const QString limits =
        tr("for %n days and up to %1 on this computer, compressed, with keys masked",
           nullptr,
           static_cast<int>(traffic.captureDays))
            .arg(Format::bytes(traffic.captureBytes));
    switch (traffic.capture) {
    case domain::CaptureLevel::Off:
        m_consequence->setText(
            tr("Nothing of what people write or models answer is stored, unless a token says "
               "otherwise."));
        break;
    case domain::CaptureLevel::Errors:
        m_consequence->setText(
            tr("Failed and repeated requests are kept %1. They hold what people wrote: tell those "
               "who use this gateway.")
                .arg(limits));
        break;
    case domain::CaptureLevel::All:
        m_consequence->setText(tr("All requests are kept %1. They hold what people wrote: tell "
                                  "those who use this gateway.")
                                   .arg(limits));
        break;
    }
}

void CapturePrompt::choose(const QString &level)
{
    admin::whenDone(
        m_services.administration.settings.set(captureKey, level),
        this,
        [this, level](const base::Result<> &outcome) {
            m_failure->clear();
            const bool isInForce =
                levelName(m_services.administration.settings.current().traffic.capture) == level;
            if (!outcome)
                m_failure->setText(outcome.error().message.translated());
            else if (!isInForce)
                m_failure->setText(tr("A variable of the environment sets this, and goes first."));
            refresh();
        });
}

} // namespace gatehouse::ui
