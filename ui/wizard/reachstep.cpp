#include "wizard/reachstep.h"

#include "admin/administration.h"
#include "admin/gateway/listenchoice.h"
#include "preferences/windowsettings.h"
#include "theme/theme.h"
#include "widgets/buttons.h"
#include "widgets/fields/form.h"
#include "widgets/fields/newpassword.h"
#include "widgets/fields/secretfield.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"
#include "widgets/uistate.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QLabel>
#include <QRadioButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// Of the first address: "127.0.0.1:3000" -> "3000".
QString portIn(const QString &listen)
{
    const QString first = listen.simplified().section(u' ', 0, 0);
    return first.mid(first.lastIndexOf(u':') + 1);
}

// Whether other computers are let in.
bool isOpen(const QString &listen)
{
    const auto choice = admin::ListenChoice::from(listen);
    return choice && choice->isOpen;
}

} // namespace

ReachStep::ReachStep(const Services &services, bool isAgain, QWidget *parent)
    : WizardStep(parent)
    , m_services(services)
    , m_isAgain(isAgain)
    , m_here(new QRadioButton(this))
    , m_network(new QRadioButton(this))
    , m_https(new QCheckBox(this))
{
    const admin::SettingsService &settings = m_services.administration.settings;
    if (const auto listen = settings.find(u"server.listen"_s)) {
        m_listen = listen->value;
        m_lockedBy = listen->fromEnvironment ? listen->variable : QString();
    }
    if (const auto tls = settings.find(u"server.tls"_s)) {
        m_tls = tls->value;
        m_tlsLockedBy = tls->fromEnvironment ? tls->variable : QString();
    }
    setTexts([] { return tr("Who may connect"); },
             [] {
                 return tr("Whoever connects needs a token. You can change this in the settings at "
                           "any time.");
             });
    build();
    showChoice();
}

void ReachStep::build()
{
    content()->addWidget(explained(
        m_here,
        [] { return tr("Programs on this computer only"); },
        [] { return tr("Other computers cannot reach the gateway at all."); }));
    content()->addWidget(explained(
        m_network,
        [] { return tr("Other computers in the local network, too"); },
        [] { return tr("Every device in your network can reach the address."); }));
    content()->addWidget(makeNetwork());
    const bool wasOpen = isOpen(m_listen);
    (wasOpen ? m_network : m_here)->setChecked(true);
    auto *group = new QButtonGroup(this);
    group->addButton(m_here);
    group->addButton(m_network);
    // Proposed to whoever has not opened it yet; else as it is.
    m_https->setChecked(isEncrypted() || (m_tlsLockedBy.isEmpty() && !wasOpen));
    m_https->setEnabled(m_tlsLockedBy.isEmpty());
    if (!m_lockedBy.isEmpty()) {
        m_here->setEnabled(false);
        m_network->setEnabled(false);
        content()->addWidget(makeNote([this] {
            return tr("This start listens on %1, as %2 says.").arg(m_listen, m_lockedBy);
        }));
    }
    connect(m_network, &QRadioButton::toggled, this, &ReachStep::showChoice);
    content()->addSpacing(Theme::px(10));
    addPassword();
    content()->addStretch(1);
}

QWidget *ReachStep::makeNetwork()
{
    m_networkNotes = new QWidget(this);
    auto *layout = new QVBoxLayout(m_networkNotes);
    layout->setContentsMargins(Theme::px(22), 0, 0, 0);
    layout->setSpacing(Theme::px(6));
    layout->addWidget(explained(
        m_https,
        [] { return tr("Encrypt with HTTPS"); },
        [] {
            return tr("Without it, tokens and conversations cross the network in the clear. A "
                      "certificate authority is made for this computer alone; other computers have "
                      "to be told its certificate once. Programs on this computer keep plain "
                      "http.");
        }));
    if (!m_tlsLockedBy.isEmpty()) {
        layout->addWidget(makeNote([this] {
            return isEncrypted() ? tr("This start encrypts, as %1 says.").arg(m_tlsLockedBy)
                                 : tr("This start does not encrypt, as %1 says: tokens and "
                                      "conversations will cross the network in the clear.")
                                       .arg(m_tlsLockedBy);
        }));
    }
    layout->addWidget(makeNote([] {
        return tr("A firewall may ask whether Gatehouse may be reached: allow it for private "
                  "networks. Every request needs a token, and each token can be limited to "
                  "certain addresses and to a budget.");
    }));
    return m_networkNotes;
}

void ReachStep::addPassword()
{
    auto *heading = new QLabel(this);
    heading->setFont(Theme::font(TextRole::BodyStrong));
    SecondaryLabel *note = makeNote([this] { return passwordNote(); });
    m_setPassword = makeLinkButton(QString(), this);
    m_form = new Form(this);
    m_password = new SecretField(m_form);
    m_repeated = new SecretField(m_form);
    for (SecretField *field : {m_password, m_repeated})
        connect(field, &QLineEdit::textChanged, this, &ReachStep::checkPassword);
    m_form->addField(
        m_password, [] { return tr("Password of root"); }, [] { return newPasswordNote(); });
    m_form->addField(m_repeated, [] { return tr("Once more"); });
    m_form->hide();
    connect(m_setPassword, &QPushButton::clicked, this, [this] {
        m_setPassword->hide();
        m_form->show();
        m_password->setFocus();
    });
    content()->addWidget(heading);
    content()->addWidget(note);
    content()->addWidget(m_setPassword, 0, Qt::AlignLeft);
    content()->addWidget(m_form);
    texts()->add([this, heading] {
        heading->setText(tr("Signing in"));
        m_setPassword->setText(tr("Set a password for root…"));
        checkPassword();
    });
}

// A variable of the first start or a command may have set one, of which the window does not know.
QString ReachStep::passwordNote() const
{
    if (m_services.state.value(windowkey::passwordKnown).toBool()) {
        return tr("This window acts as the user “root” and asks for no password. One is needed "
                  "only to sign in to the management API, as scripts and web consoles do. Root "
                  "has one, in the place of which you can set another.");
    }
    if (m_isAgain) {
        return tr("This window acts as the user “root” and asks for no password. One is needed "
                  "only to sign in to the management API, as scripts and web consoles do. Unless "
                  "one was set before, nobody can sign in as root until you set one.");
    }
    return tr("This window acts as the user “root” and asks for no password. One is needed "
              "only to sign in to the management API, as scripts and web consoles do. Until "
              "you set one, nobody can sign in as root.");
}

void ReachStep::checkPassword()
{
    const QString password = m_password->text();
    const QString repeated = m_repeated->text();
    m_form->setError(m_password, password.isEmpty() ? QString() : newPasswordProblem(password));
    m_form->setError(m_repeated,
                     repeated == password || (repeated.isEmpty() && m_repeated->hasFocus())
                         ? QString()
                         : tr("The two differ"));
    emit changed();
}

void ReachStep::showChoice()
{
    m_networkNotes->setVisible(m_network->isChecked());
    emit changed();
}

QString ReachStep::listen() const
{
    // The answer that was there stands for addresses of any kind, which stay as they are.
    if (!m_lockedBy.isEmpty() || m_network->isChecked() == isOpen(m_listen))
        return {};
    return (m_network->isChecked() ? u"*:"_s : u"127.0.0.1:"_s) + portIn(m_listen);
}

// As it stands now.
bool ReachStep::isEncrypted() const
{
    if (m_tls != "own"_L1)
        return m_tls == "local"_L1;
    const auto certificate = m_services.administration.settings.find(u"server.tls_certificate"_s);
    return certificate && !certificate->value.isEmpty();
}

QString ReachStep::tls() const
{
    if (!m_tlsLockedBy.isEmpty() || !m_network->isChecked()
        || m_https->isChecked() == isEncrypted())
        return {};
    return m_https->isChecked() ? u"local"_s : u"off"_s;
}

base::Secret ReachStep::password() const
{
    return m_password->secret();
}

QString ReachStep::continueText() const
{
    return tr("Set up");
}

bool ReachStep::isComplete() const
{
    const QString password = m_password->text();
    return password == m_repeated->text()
           && (password.isEmpty() || newPasswordProblem(password).isEmpty());
}

} // namespace gatehouse::ui
