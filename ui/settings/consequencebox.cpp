#include "settings/consequencebox.h"

#include "theme/icons.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/secondarylabel.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

ConsequenceBox::ConsequenceBox(QWidget *parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(Theme::px(12), Theme::px(10), Theme::px(12), Theme::px(10));
    m_column->setSpacing(Theme::px(4));
    m_heading = new SecondaryLabel(TextRole::BodyStrong, this);
    m_heading->setPlain(true);
    m_heading->setWordWrap(true);
    m_column->addWidget(m_heading);
    m_token = addLine();
    m_encryption = addLine();
    m_management = addLine();
    m_firewall = addLine();
    m_help = new LinkButton(this);
    m_column->addWidget(m_help, 0, Qt::AlignLeft);
    m_commands = new SecondaryLabel(TextRole::Fixed, this);
    m_commands->setPlain(true);
    m_commands->setTextFormat(Qt::PlainText);
    m_commands->setTextInteractionFlags(Qt::TextSelectableByMouse);
#if defined(Q_OS_WIN) || defined(Q_OS_MACOS)
    m_commands->setWordWrap(true);
#endif
    m_column->addWidget(m_commands);
    connect(m_help, &QPushButton::clicked, this, [this] { setHelpVisible(!m_helps); });
    refresh();
}

ConsequenceBox::Line ConsequenceBox::addLine()
{
    Line line{.icon = new QLabel(this), .text = new SecondaryLabel(TextRole::Small, this)};
    line.text->setPlain(true);
    line.text->setTextFormat(Qt::PlainText);
    line.text->setWordWrap(true);
    auto *layout = new QHBoxLayout;
    layout->setSpacing(Theme::px(6));
    layout->addWidget(line.icon, 0, Qt::AlignTop);
    layout->addWidget(line.text, 1);
    m_column->addLayout(layout);
    return line;
}

void ConsequenceBox::setChoice(const admin::ListenChoice &choice, bool encrypted, bool afterRestart)
{
    m_choice = choice;
    m_encrypted = encrypted;
    m_afterRestart = afterRestart;
    refresh();
}

void ConsequenceBox::setHelpVisible(bool visible)
{
    m_helps = visible;
    refresh();
}

QString ConsequenceBox::firewallHelp(quint16 port)
{
#if defined(Q_OS_WIN)
    return tr("Windows asks when the first computer connects: tick “Private networks” alone. "
              "Later: "
              "Windows Security > Firewall > Allow an app through the firewall, or\n%1")
        .arg(u"netsh advfirewall firewall add rule name=Gatehouse dir=in action=allow "
             "protocol=TCP localport=%1 profile=private"_s.arg(port));
#elif defined(Q_OS_MACOS)
    Q_UNUSED(port)
    return tr(
        "macOS asks when the first computer connects: choose “Allow”. Later: System Settings > "
        "Network > Firewall > Options.");
#else
    return u"ufw:        sudo ufw allow %1/tcp\n"
           "firewalld:  sudo firewall-cmd --permanent --add-port=%1/tcp"_s.arg(port);
#endif
}

void ConsequenceBox::setLine(const Line &line, Tone tone, const QString &text)
{
    const bool good = tone == Tone::Good;
    line.icon->setPixmap(iconPixmap(good ? u"check"_s : u"triangle-alert"_s,
                                    Theme::px(controlIcon),
                                    devicePixelRatioF(),
                                    Theme::current().tone(tone).mark));
    line.text->setText(text);
}

void ConsequenceBox::refresh()
{
    m_heading->setText(
        m_afterRestart ? tr("After the restart every device in your network can reach Gatehouse.")
                       : tr("Every device in your network can reach Gatehouse."));
    setLine(m_token, Tone::Good, tr("A token is required, also from this computer."));
    if (m_encrypted) {
        setLine(m_encryption,
                Tone::Good,
                tr("What other computers send is encrypted (HTTPS). Programs on this computer keep "
                   "plain http."));
    } else {
        setLine(m_encryption,
                Tone::Caution,
                tr("Tokens and texts can be read on their way: HTTPS is off."));
    }
    setLine(m_management,
            Tone::Good,
            tr("The management API asks for the password or the access token of a user."));
    setLine(m_firewall,
            Tone::Caution,
            tr("The firewall may have to let port %1 in; allow private networks only.")
                .arg(m_choice.port));
    m_help->setText(m_helps ? tr("Hide the help for the firewall") : tr("Help for the firewall"));
    m_commands->setText(firewallHelp(m_choice.port));
    m_commands->setVisible(m_helps);
}

void ConsequenceBox::paintEvent(QPaintEvent *)
{
    const ToneColors &colors = Theme::current().busy;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(colors.tint);
    painter.setPen(blend(colors.tint, colors.mark, 0.45));
    painter.drawRoundedRect(
        QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), Theme::exact(4), Theme::exact(4));
}

void ConsequenceBox::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::LanguageChange || event->type() == QEvent::PaletteChange)
        refresh();
}

} // namespace gatehouse::ui
