#pragma once

#include "theme/theme.h"

#include <QLabel>

#include <optional>

namespace gatehouse::ui {

// Plain text of one of the theme's roles, in the secondary colour unless told otherwise; follows
// the theme and the font of the application.
class SecondaryLabel : public QLabel
{
    Q_OBJECT

public:
    explicit SecondaryLabel(TextRole role = TextRole::Small, QWidget *parent = nullptr);
    SecondaryLabel(const QString &text, TextRole role, QWidget *parent = nullptr);

    // The colour of a state instead; absent: the secondary colour again.
    void setTone(std::optional<Tone> tone);
    // The colour of text.
    void setPlain(bool plain);
    void setRole(TextRole role);

protected:
    void changeEvent(QEvent *event) override;

private:
    void applyLook();

    TextRole m_role = TextRole::Small;
    std::optional<Tone> m_tone{};
    bool m_plain = false;
};

} // namespace gatehouse::ui
