#include "inspector/inspectortab.h"

#include "inspector/captureprompt.h"
#include "theme/theme.h"
#include "widgets/busyline.h"
#include "widgets/secondarylabel.h"

#include <QStackedWidget>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

InspectorTab::InspectorTab(const Services &services, QWidget *parent)
    : QWidget(parent)
    , m_services(services)
    , m_texts(new Translated(this))
{}

void InspectorTab::setReport(const admin::RequestReport &report)
{
    m_report = report;
    ++m_generation;
    m_stale = true;
    if (isVisible()) {
        m_stale = false;
        fill();
    }
}

void InspectorTab::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (std::exchange(m_stale, false))
        fill();
}

const QString CaptureTab::clientSide = u"client"_s;
const QString CaptureTab::providerSide = u"provider"_s;

CaptureTab::CaptureTab(const Services &services, QWidget *parent)
    : InspectorTab(services, parent)
    , m_stack(new QStackedWidget(this))
    , m_prompt(new CapturePrompt(services, this))
    , m_text(new SecondaryLabel(TextRole::Body, this))
    , m_busy(new BusyLine(this))
{
    auto *inner = new QWidget(this);
    m_contentLayout = new QVBoxLayout(inner);
    m_contentLayout->setContentsMargins(0, 0, 0, 0);
    m_contentLayout->setSpacing(0);
    m_text->setAlignment(Qt::AlignCenter);
    m_text->setWordWrap(true);
    m_text->setMargin(Theme::px(20));
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_stack->addWidget(inner);
    m_stack->addWidget(m_prompt);
    m_stack->addWidget(m_text);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_stack, 1);
}

// The line runs over the content, which does not move for it.
void CaptureTab::resizeEvent(QResizeEvent *event)
{
    InspectorTab::resizeEvent(event);
    m_busy->setGeometry(0, 0, width(), m_busy->sizeHint().height());
    m_busy->raise();
}

void CaptureTab::fill()
{
    if (report().line.hasCapture) {
        read();
        return;
    }
    setBusy(false);
    m_prompt->setRequest(report().line);
    m_stack->setCurrentWidget(m_prompt);
}

void CaptureTab::showContent()
{
    setBusy(false);
    m_stack->setCurrentIndex(0);
}

void CaptureTab::showText(const QString &text)
{
    setBusy(false);
    m_text->setText(text);
    m_stack->setCurrentWidget(m_text);
}

void CaptureTab::setBusy(bool busy)
{
    m_busy->setBusy(busy);
}

} // namespace gatehouse::ui
