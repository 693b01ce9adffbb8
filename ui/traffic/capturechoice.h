#pragma once

#include "widgets/services.h"

#include <QComboBox>

namespace gatehouse::base {
struct Error;
} // namespace gatehouse::base

namespace gatehouse::ui {

class Translated;

// Of which requests heads and bodies are kept, and for how long: the setting traffic.capture.
class CaptureChoice : public QComboBox
{
    Q_OBJECT

public:
    explicit CaptureChoice(const Services &services, QWidget *parent = nullptr);

    void choose(int level);

signals:
    // The person chose to keep those of all requests.
    void allChosen(int formerLevel);
    void failed(const gatehouse::base::Error &error);

private:
    void refresh();

    const Services m_services;
    Translated *const m_texts;
    int m_level = 0; // in force
};

} // namespace gatehouse::ui
