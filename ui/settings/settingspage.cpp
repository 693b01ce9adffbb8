#include "settings/settingspage.h"

#include "admin/flow.h"
#include "admin/gateway/gatewaycontrol.h"
#include "admin/gateway/listenchoice.h"
#include "settings/restartbar.h"
#include "settings/settingslayout.h"
#include "theme/theme.h"
#include "widgets/emptystate.h"
#include "widgets/fields/searchablelist.h"
#include "widgets/format.h"
#include "widgets/gatewayproblembar.h"
#include "widgets/messagebar.h"
#include "widgets/pageheader.h"
#include "widgets/uistate.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::GatewayProblem;
using admin::GatewayState;
using base::Result;

namespace {

const QString paneKey = u"settings/pane"_s;
const QString restartId = u"restart"_s;
const QString failureId = u"failure"_s;
const QString gatewayId = u"gateway"_s;

} // namespace

SettingsPage::SettingsPage(const Services &services,
                           std::shared_ptr<SettingsStore> store,
                           QWidget *parent)
    : Page(PageId::Settings, services, parent)
    , m_keeper(std::move(store))
    , m_store(*m_keeper)
    , m_specs(settingsPanes(services, m_store))
{
    build();
    addPageAction({.name = "settings.search",
                   .icon = u"search"_s,
                   .text = [] { return tr("&Search settings"); }},
                  [this] { focusFilter(); });
    connect(m_list, &SearchableList::currentChanged, this, [this](const QString &id) {
        if (!id.isEmpty())
            showPane(id);
    });
    connect(m_list, &SearchableList::searchChanged, this, &SettingsPage::search);
    connect(m_list, &SearchableList::activated, this, [this] {
        m_stack->currentWidget()->setFocus();
        focusNextChild();
    });
    connect(&m_store, &SettingsStore::changed, this, &SettingsPage::fillList);
    connect(&m_store, &SettingsStore::changed, this, &SettingsPage::gatewayChanged);
    connect(m_messages, &MessageBar::dismissed, this, [this](const QString &message) {
        if (message == failureId)
            m_failures.erase(m_current);
    });
    connect(m_bar, &RestartBar::applyRequested, this, &SettingsPage::apply);
    connect(m_bar, &RestartBar::discardRequested, this, &SettingsPage::discard);
    connect(&services.gateway,
            &admin::GatewayControl::stateChanged,
            this,
            &SettingsPage::gatewayChanged);
    connect(&services.gateway,
            &admin::GatewayControl::problemChanged,
            this,
            &SettingsPage::gatewayChanged);
    texts().add([this] { setTexts(); });
    showPane(services.state.value(paneKey).toString());
}

// A field that is left by this stores what was entered, for which all must be there still.
SettingsPage::~SettingsPage()
{
    hide();
}

void SettingsPage::build()
{
    m_header = new PageHeader(this);
    m_header->setLineVisible(true);
    m_messages = new MessageBar(this);
    m_list = new SearchableList(this);
    m_list->setFixedWidth(Theme::px(196));
    m_stack = new QStackedWidget(this);
    m_nothing = new EmptyState(this);
    m_nothing->setIcon(u"search"_s);
    m_stack->addWidget(m_nothing);
    connect(m_nothing, &EmptyState::filterCleared, this, [this] { m_list->setSearchText({}); });
    m_bar = new RestartBar(services(), m_store, this);
    auto *line = new QWidget(this);
    line->setAutoFillBackground(true);
    line->setBackgroundRole(QPalette::Midlight);
    line->setFixedWidth(1);
    auto *right = new QVBoxLayout;
    right->setSpacing(0);
    right->addWidget(m_messages);
    right->addWidget(m_stack, 1);
    right->addWidget(m_bar);
    auto *body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(m_list);
    body->addWidget(line);
    body->addLayout(right, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_header);
    layout->addLayout(body, 1);
}

void SettingsPage::setTexts()
{
    m_header->setTitle(tr("Settings"));
    m_list->setSearchPlaceholder(tr("Search settings"));
    m_list->setListName(tr("Pages of settings"));
    fillList();
}

void SettingsPage::fillList()
{
    QList<ListEntry> entries;
    for (const PaneSpec &spec : m_specs) {
        const QStringList keys = spec.keys();
        const bool modified = std::any_of(keys.begin(), keys.end(), [this](const QString &key) {
            const auto setting = m_store.find(key);
            return setting && setting->isModified;
        });
        entries.append({.id = spec.id,
                        .text = spec.title(),
                        .icon = spec.icon,
                        .keywords = spec.searched(m_store),
                        .marked = modified,
                        .meaning = modified ? tr("has changed settings") : QString()});
    }
    m_list->setEntries(entries);
    m_list->setCurrentId(m_current);
}

SettingsPane *SettingsPage::pane(const QString &id)
{
    if (const auto found = m_panes.find(id); found != m_panes.end())
        return found->second;
    const auto spec = std::find_if(
        m_specs.begin(), m_specs.end(), [&id](const PaneSpec &one) { return one.id == id; });
    if (spec == m_specs.end())
        return nullptr;
    auto *made = new SettingsPane(*spec, m_store, this);
    m_panes.emplace(id, made);
    m_stack->addWidget(made);
    connect(made, &SettingsPane::noticeRaised, this, &Page::noticeRaised);
    connect(made, &SettingsPane::failed, this, [this, id](const LiveText &text) {
        notePaneFailure(id, text);
    });
    connect(made, &SettingsPane::jobChanged, this, &SettingsPage::noteJobs);
    made->search(m_list->searchText().trimmed());
    return made;
}

SettingsPage::Panes::const_iterator SettingsPage::busyPane() const
{
    return std::find_if(m_panes.begin(), m_panes.end(), [](const auto &made) {
        return !made.second->job().isEmpty();
    });
}

void SettingsPage::noteJobs()
{
    const auto busy = busyPane();
    setJob(busy == m_panes.end() ? QString() : busy->second->job());
}

void SettingsPage::showJob()
{
    if (const auto busy = busyPane(); busy != m_panes.end())
        showPane(QString(busy->first));
}

// An id that there is not leads to the first page.
void SettingsPage::showPane(const QString &id)
{
    SettingsPane *shown = pane(id);
    if (!shown)
        return showPane(m_specs.front().id);
    // `id` may be m_current itself.
    if (m_current != id) {
        m_current = id;
        showPaneFailure();
    }
    m_stack->setCurrentWidget(shown);
    m_list->setCurrentId(id);
    services().state.setValue(paneKey, id);
    if (isActive())
        shown->activate();
}

void SettingsPage::surroundingsChanged()
{
    m_store.refresh();
}

void SettingsPage::activated()
{
    m_store.refresh();
    if (SettingsPane *shown = pane(m_current))
        shown->activate();
    gatewayChanged();
}

QList<QWidget *> SettingsPage::panes()
{
    return m_bar->isVisible() ? QList<QWidget *>{m_list, m_stack, m_bar}
                              : QList<QWidget *>{m_list, m_stack};
}

void SettingsPage::focusFilter()
{
    m_list->focusSearch();
}

void SettingsPage::setFilter(const QString &text)
{
    if (m_store.find(text))
        return showSetting(text);
    m_list->setSearchText(text);
}

void SettingsPage::search(const QString &text)
{
    for (const auto &[id, made] : m_panes)
        made->search(text);
    // The list makes the first match current where the page that was so has none.
    const QString current = m_list->currentId();
    if (!current.isEmpty())
        return showPane(current);
    if (text.isEmpty())
        return showPane(m_current);
    constexpr qsizetype longest = 60;
    m_nothing->setFiltered(
        tr("No setting matches %1.")
            .arg(Format::quoted(text.size() > longest ? text.left(longest) + u'…' : text)));
    m_stack->setCurrentWidget(m_nothing);
}

// Every section of every page, by the page and its number there.
std::vector<PagePlace> SettingsPage::places() const
{
    std::vector<PagePlace> all;
    for (const PaneSpec &spec : m_specs) {
        for (size_t i = 0; i < spec.sections.size(); ++i) {
            const SectionSpec &section = spec.sections[i];
            all.push_back({.text = tr("%1: %2", "a page of settings, a part of it")
                                       .arg(spec.title(), section.title()),
                           .words = section.words ? section.words() : QString(),
                           .id = QString(spec.id % u'/' % QString::number(i))});
        }
    }
    return all;
}

void SettingsPage::showPlace(const QString &id)
{
    const QString paneId = id.section(u'/', 0, 0);
    m_list->setSearchText({});
    showPane(paneId);
    if (SettingsPane *shown = pane(paneId))
        shown->showSection(id.section(u'/', 1).toULongLong());
}

void SettingsPage::showSetting(const QString &key)
{
    m_list->setSearchText({});
    for (const PaneSpec &spec : m_specs) {
        if (!spec.keys().contains(key))
            continue;
        showPane(spec.id);
        pane(spec.id)->showSetting(key);
        return;
    }
}

// What failed on one page is of no concern on the others.
void SettingsPage::notePaneFailure(const QString &pane, const LiveText &text)
{
    if (text.isEmpty())
        m_failures.erase(pane);
    else
        m_failures.insert_or_assign(pane, text);
    if (pane == m_current)
        showPaneFailure();
}

void SettingsPage::showPaneFailure()
{
    const auto failure = m_failures.find(m_current);
    if (failure == m_failures.end())
        return m_messages->removeMessage(failureId);
    m_messages->showMessage({.id = failureId, .tone = Tone::Failure, .text = failure->second});
}

// Of what the pages have in common, such as the restart of the listener.
void SettingsPage::showFailure(const LiveText &text)
{
    if (text.isEmpty())
        m_messages->removeMessage(restartId);
    else
        m_messages->showMessage({.id = restartId, .tone = Tone::Failure, .text = text});
}

void SettingsPage::apply()
{
    admin::whenDone(m_store.store(), this, [this](const Result<> &outcome) {
        showFailure(outcome ? LiveText() : outcome.error().message);
        if (!outcome)
            return;
        m_applied = true;
        restart();
    });
}

void SettingsPage::discard()
{
    admin::whenDone(m_store.restoreFormer(), this, [this](const Result<> &outcome) {
        showFailure(outcome ? LiveText() : outcome.error().message);
    });
}

void SettingsPage::restart()
{
    admin::GatewayControl &gateway = services().gateway;
    if (gateway.state() == GatewayState::Stopped) {
        m_store.forgetFormer();
        emit noticeRaised(
            [] { return tr("Stored. It counts from the next start of the gateway on."); });
        return;
    }
    gateway.restart();
    gatewayChanged();
}

// A listener that could not be started is told here, with the ways out.
void SettingsPage::gatewayChanged()
{
    const admin::GatewayControl &gateway = services().gateway;
    const std::optional<GatewayProblem> &problem = gateway.problem();
    const bool runs =
        gateway.state() == GatewayState::Running || gateway.state() == GatewayState::Paused;
    if (runs && std::exchange(m_applied, false) && !problem)
        emit noticeRaised([] { return tr("The listener was restarted."); });
    const bool goesOn = gateway.isBeforeChange();
    if (!problem || (gateway.state() != GatewayState::Failed && !goesOn))
        return m_messages->removeMessage(gatewayId);
    Message message{.id = gatewayId,
                    .tone = Tone::Failure,
                    .subject =
                        [goesOn] {
                            return goesOn ? tr("The gateway goes on as it was before the change.")
                                          : tr("The gateway does not run.");
                        },
                    .text = problem->error.message,
                    .details = problem->error.detail,
                    .closable = false};
    if (const quint16 port = problem->nextFreePort; port != 0) {
        message.actions.push_back({[port] { return tr("Use port %1 instead").arg(port); },
                                   [this, port] { useFreePort(port); }});
    }
    const auto listen = m_store.find(u"server.listen"_s);
    if (isForAnotherAddress(*problem) && listen && m_store.lockReason(*listen).isEmpty()) {
        message.actions.push_back(
            {[] { return tr("Choose another…"); }, [this] { showSetting(u"server.listen"_s); }});
    }
    if (!m_store.waiting().isEmpty())
        message.actions.push_back({[] { return tr("Go back"); }, [this] { goBack(); }});
    message.actions.push_back(
        {[] { return tr("Try again"); }, [this] { services().gateway.restart(); }});
    m_messages->showMessage(std::move(message));
}

void SettingsPage::useFreePort(quint16 port)
{
    const auto setting = m_store.find(u"server.listen"_s);
    const auto choice = admin::ListenChoice::from(setting ? setting->value : QString());
    if (!choice)
        return;
    m_store.change(u"server.listen"_s, choice->withPort(port).text());
    apply();
}

void SettingsPage::goBack()
{
    admin::whenDone(m_store.restoreFormer(), this, [this](const Result<> &outcome) {
        showFailure(outcome ? LiveText() : outcome.error().message);
        m_applied = false;
        if (outcome)
            services().gateway.start();
    });
}

} // namespace gatehouse::ui
