#include "settings/certificatehelp.h"

#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"

#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

QString helpFor(const QString &system, const QString &text)
{
    return system % u": "_s % text;
}

} // namespace

CertificateHelp::CertificateHelp(QWidget *parent)
    : QWidget(parent)
    , m_link(new LinkButton(this))
    , m_steps(new SecondaryLabel(TextRole::Small, this))
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::px(3));
    column->addWidget(m_link, 0, Qt::AlignLeft);
    column->addWidget(m_steps);
    m_steps->setPlain(true);
    m_steps->setTextFormat(Qt::PlainText);
    m_steps->setWordWrap(true);
    m_steps->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    connect(m_link, &QPushButton::clicked, this, [this] {
        m_isShown = !m_isShown;
        refresh();
    });
    (new Translated(this))->add([this] { refresh(); });
}

QString CertificateHelp::steps()
{
    const QStringList systems{
        helpFor(u"iOS, iPadOS"_s,
                tr("Send the file to the device and open it. Settings > General > VPN & Device "
                   "Management: install the profile. Then Settings > General > About > Certificate "
                   "Trust Settings: switch it on. Without the second step it is not trusted.")),
        helpFor(u"Android"_s,
                tr("Settings > Security & privacy > More security > Encryption & credentials > "
                   "Install a certificate > CA certificate: choose the file. Makers name the menus "
                   "otherwise: search the settings for “CA certificate”. Browsers trust it then, "
                   "other apps only if their makers allow it.")),
        helpFor(u"Windows"_s,
                tr("Save the file with the ending .crt and open it. Install Certificate > Local "
                   "Machine > Place all certificates in the following store: Trusted Root "
                   "Certification Authorities. Or as administrator:\n%1")
                    .arg(u"certutil -addstore Root gatehouse-ca.pem"_s)),
        helpFor(
            u"macOS"_s,
            tr("Open the file, which adds it to Keychain Access. Open it there, and choose Trust "
               "> When using this certificate: Always Trust. Or in a terminal:\n%1")
                .arg(u"sudo security add-trusted-cert -d -r trustRoot "
                     "-k /Library/Keychains/System.keychain gatehouse-ca.pem"_s)),
        helpFor(u"Debian, Ubuntu"_s,
                u"sudo cp gatehouse-ca.pem /usr/local/share/ca-certificates/gatehouse-ca.crt && "
                "sudo update-ca-certificates"_s),
        tr("Programs with certificates of their own are told by a variable: Node.js by "
           "NODE_EXTRA_CA_CERTS, many others by SSL_CERT_FILE; Firefox in its settings.")};
    return systems.join(u"\n\n"_s);
}

void CertificateHelp::refresh()
{
    m_link->setText(m_isShown ? tr("Hide how devices trust it")
                              : tr("Show how on iOS, Android, Windows, macOS"));
    m_steps->setText(steps());
    m_steps->setVisible(m_isShown);
}

} // namespace gatehouse::ui
