#include "widgets/secondarylabel.h"

#include <QEvent>

namespace gatehouse::ui {

SecondaryLabel::SecondaryLabel(TextRole role, QWidget *parent)
    : SecondaryLabel(QString(), role, parent)
{}

SecondaryLabel::SecondaryLabel(const QString &text, TextRole role, QWidget *parent)
    : QLabel(text, parent)
    , m_role(role)
{
    setTextFormat(Qt::PlainText);
    setForegroundRole(QPalette::WindowText);
    applyLook();
}

void SecondaryLabel::setTone(std::optional<Tone> tone)
{
    m_tone = tone;
    applyLook();
}

void SecondaryLabel::setPlain(bool plain)
{
    m_plain = plain;
    applyLook();
}

void SecondaryLabel::setRole(TextRole role)
{
    m_role = role;
    applyLook();
}

void SecondaryLabel::changeEvent(QEvent *event)
{
    QLabel::changeEvent(event);
    switch (event->type()) {
    case QEvent::ApplicationPaletteChange:
    case QEvent::ApplicationFontChange:
    case QEvent::PaletteChange:
        applyLook();
        break;
    default:
        break;
    }
}

void SecondaryLabel::applyLook()
{
    const Palette &colors = Theme::current();
    const QColor color = m_tone    ? colors.tone(*m_tone).text
                         : m_plain ? colors.text
                                   : colors.secondary;
    const QFont wanted = Theme::font(m_role);
    if (font() != wanted)
        setFont(wanted);
    if (palette().color(QPalette::Active, QPalette::WindowText) == color)
        return;
    QPalette own = palette();
    own.setColor(QPalette::Active, QPalette::WindowText, color);
    own.setColor(QPalette::Inactive, QPalette::WindowText, color);
    setPalette(own);
}

} // namespace gatehouse::ui
