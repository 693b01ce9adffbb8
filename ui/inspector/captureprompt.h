#pragma once

#include "admin/traffic/traffic.h"
#include "widgets/services.h"

#include <QWidget>

namespace gatehouse::ui {

class SecondaryLabel;
class SegmentedControl;
class Translated;

// Stands where heads and bodies of a request would be: says that they are not kept, and lets the
// person choose of which requests they shall be, with what follows from it.
class CapturePrompt : public QWidget
{
    Q_OBJECT

public:
    explicit CapturePrompt(const Services &services, QWidget *parent = nullptr);

    void setRequest(const admin::TrafficLine &line);

protected:
    void showEvent(QShowEvent *event) override;

private:
    void refresh();
    void choose(const QString &level);

    const Services m_services;
    Translated *const m_texts;
    bool m_isRunning = false;
    SecondaryLabel *m_heading = nullptr;
    SecondaryLabel *m_reason = nullptr;
    SecondaryLabel *m_consequence = nullptr;
    SecondaryLabel *m_failure = nullptr;
    SegmentedControl *m_level = nullptr;
};

} // namespace gatehouse::ui
