#include "traffic/capturechoice.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "theme/plaintip.h"
#include "widgets/format.h"
#include "widgets/translated.h"

#include <QSignalBlocker>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

const QString settingKey = u"traffic.capture"_s;

// In the order of domain::CaptureLevel.
QString valueOf(int level)
{
    return QStringList{u"off"_s, u"errors"_s, u"all"_s}.value(level);
}

} // namespace

CaptureChoice::CaptureChoice(const Services &services, QWidget *parent)
    : QComboBox(parent)
    , m_services(services)
    , m_texts(new Translated(this))
{
    for (int level = 0; level < 3; ++level)
        addItem(QString());
    setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_texts->add([this] { refresh(); });
    connect(&services.administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            &CaptureChoice::refresh);
    connect(this, &QComboBox::activated, this, [this](int level) {
        const int former = m_level;
        if (level == former)
            return;
        choose(level);
        if (level == static_cast<int>(domain::CaptureLevel::All))
            emit allChosen(former);
    });
}

void CaptureChoice::choose(int level)
{
    admin::whenDone(m_services.administration.settings.set(settingKey, valueOf(level)),
                    this,
                    [this](const base::Result<> &outcome) {
                        if (!outcome)
                            emit failed(outcome.error());
                        refresh();
                    });
}

void CaptureChoice::refresh()
{
    const domain::Settings settings = m_services.administration.settings.current();
    const auto days = static_cast<int>(settings.traffic.captureDays);
    m_level = static_cast<int>(settings.traffic.capture);
    setItemText(0, tr("Bodies: off"));
    setItemText(1, tr("Bodies: errors, %n days", nullptr, days));
    setItemText(2, tr("Bodies: all, %n days", nullptr, days));
    setAccessibleName(tr("Which heads and bodies are kept"));
    QString tip =
        tr("Heads and bodies are kept for %n days and take at most %1. Secrets are masked.",
           nullptr,
           days)
            .arg(Format::bytes(settings.traffic.captureBytes));
    const auto all = m_services.administration.settings.all();
    const auto view = std::find_if(all.begin(), all.end(), [](const admin::SettingView &one) {
        return one.key == settingKey;
    });
    const bool locked = view != all.end() && view->fromEnvironment;
    if (locked)
        tip = tr("Set by %1, so it cannot be changed here.").arg(view->variable);
    setEnabled(!locked);
    setToolTip(plainTip(tip));
    const QSignalBlocker blocker(this);
    setCurrentIndex(m_level);
}

} // namespace gatehouse::ui
