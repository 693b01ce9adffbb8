#include "wizard/setup.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "admin/gateway/gatewaycontrol.h"
#include "preferences/windowsettings.h"
#include "widgets/uistate.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

Setup::Setup(const Services &services, QObject *parent)
    : QObject(parent)
    , m_services(services)
{}

template<typename T>
void Setup::follow(admin::Answer<T> answer, void (Setup::*next)())
{
    admin::whenDone(answer, this, [this, next](const base::Result<T> &result) {
        if (!result)
            m_outcome.problems.append(result.error().message.translated());
        (this->*next)();
    });
}

void Setup::apply(const SetupChoices &choices)
{
    m_choices = choices;
    m_outcome = {};
    m_nextFile = 0;
    m_services.state.setValue(u"people/mode"_s, m_choices.several ? u"several"_s : u"one"_s);
    makeNextChannel();
}

// One by one, so that one that is refused does not keep out the others.
void Setup::makeNextChannel()
{
    const size_t next = m_outcome.channels.size();
    if (next == m_choices.channels.size())
        return importNextFile();
    const domain::Channel &draft = m_choices.channels.at(next);
    admin::whenDone(
        m_services.administration.channels.create({draft}),
        this,
        [this, name = draft.name](const base::Result<std::vector<domain::Channel>> &made) {
            if (made)
                m_outcome.channels.push_back(made->front());
            else
                m_outcome.channels.emplace_back();
            if (!made)
                m_outcome.problems.append(
                    tr("%1: %2").arg(name, made.error().message.translated()));
            makeNextChannel();
        });
}

void Setup::importNextFile()
{
    if (m_nextFile == m_choices.files.size())
        return storeTls();
    const QString path = m_choices.files.at(m_nextFile++);
    admin::whenDone(m_services.administration.imports.carryOut(m_services.actor, path),
                    this,
                    [this, path](const base::Result<admin::ImportReport> &report) {
                        if (!report)
                            m_outcome.problems.append(tr("%1: %2").arg(
                                QFileInfo(path).fileName(), report.error().message.translated()));
                        importNextFile();
                    });
}

// First, so that nothing is opened to the network that is not encrypted as it was meant to be.
void Setup::storeTls()
{
    if (m_choices.tls.isEmpty())
        return storeListen();
    admin::whenDone(
        m_services.administration.settings.set(u"server.tls"_s, m_choices.tls),
        this,
        [this](const base::Result<> &stored) {
            if (!stored)
                m_outcome.problems.append(stored.error().message.translated());
            const auto tls = m_services.administration.settings.find(u"server.tls"_s);
            if (stored && tls && tls->value == m_choices.tls)
                return storeListen();
            if (!m_choices.listen.isEmpty())
                m_outcome.problems.append(
                    tr("HTTPS was not switched on, and so nothing was opened to the network."));
            storePassword();
        });
}

void Setup::storeListen()
{
    if (m_choices.listen.isEmpty())
        return storePassword();
    follow(m_services.administration.settings.set(u"server.listen"_s, m_choices.listen),
           &Setup::storePassword);
}

void Setup::storePassword()
{
    if (m_choices.password.isEmpty())
        return makeToken();
    admin::whenDone(m_services.administration.users.changeSelf(m_services.actor,
                                                               {.password = m_choices.password}),
                    this,
                    [this](const auto &stored) {
                        if (stored)
                            m_services.state.setValue(windowkey::passwordKnown, true);
                        else
                            m_outcome.problems.append(stored.error().message.translated());
                        makeToken();
                    });
}

void Setup::makeToken()
{
    if (m_choices.tokenName.isEmpty())
        return restart();
    domain::Token token;
    token.name = m_choices.tokenName;
    token.unlimited = true;
    admin::whenDone(m_services.administration.tokens.create(m_services.actor, token),
                    this,
                    [this](const base::Result<domain::Token> &made) {
                        if (made)
                            m_outcome.token = *made;
                        else
                            m_outcome.problems.append(made.error().message.translated());
                        restart();
                    });
}

void Setup::restart()
{
    admin::GatewayControl &gateway = m_services.gateway;
    if (gateway.state() == admin::GatewayState::Failed)
        gateway.start();
    else if (gateway.needsRestart())
        gateway.restart();
    emit finished(m_outcome);
}

} // namespace gatehouse::ui
