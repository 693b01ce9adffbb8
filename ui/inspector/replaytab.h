#pragma once

#include "inspector/inspectortab.h"

class QComboBox;
class QPlainTextEdit;
class QPushButton;

namespace gatehouse::ui {

class CopyButton;
class SecondaryLabel;

// The request as a command that sends it once more.
class ReplayTab : public CaptureTab
{
    Q_OBJECT

public:
    explicit ReplayTab(const Services &services, QWidget *parent = nullptr);

    QString title() const override;
    // The whole command; what is shown may be its beginning alone.
    const QString &command() const { return m_command; }

protected:
    void read() override;

private:
    void fillAddresses();

    QString m_command{};
    QComboBox *m_address = nullptr;
    QPushButton *m_copy = nullptr;
    QPlainTextEdit *m_text = nullptr;
    SecondaryLabel *m_hint = nullptr;
    SecondaryLabel *m_to = nullptr;
    int m_asked = 0;
};

} // namespace gatehouse::ui
