#include "channeleditor/channeldialog.h"

#include "admin/administration.h"
#include "admin/channels/channeltester.h"
#include "admin/flow.h"
#include "channeleditor/channeladvanced.h"
#include "channeleditor/channeldraft.h"
#include "channeleditor/channelgroups.h"
#include "channeleditor/channelkeys.h"
#include "channeleditor/foreignkeys.h"
#include "widgets/busyline.h"
#include "widgets/fields/form.h"
#include "widgets/fields/keylistedit.h"
#include "widgets/fields/tagedit.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/secondarylabel.h"
#include "widgets/weblink.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QStackedWidget>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace provider = domain::provider;
using domain::ChannelStatus;

namespace {

constexpr qsizetype longestName = 200;
constexpr auto failureMessage = "failure"_L1;
constexpr auto scanMessage = "scan"_L1;
constexpr auto leftOutMessage = "leftOut"_L1;

ProviderChoice choiceOf(const domain::Channel &channel)
{
    return {.type = channel.type,
            .isCompatible = channel.type == provider::anthropic && !channel.baseUrl.isEmpty()};
}

} // namespace

ChannelDialog::ChannelDialog(const Services &services,
                             std::optional<domain::Channel> edited,
                             QWidget *parent)
    : EditDialog(parent)
    , m_services(services)
    , m_edited(std::move(edited))
    , m_discovery({})
{
    setWindowTitle(m_edited ? tr("Edit channel") : tr("Add channel"));
    build();
    m_lookUp.setSingleShot(true);
    m_lookUp.setInterval(std::chrono::milliseconds(300));
    connect(&m_lookUp, &QTimer::timeout, this, &ChannelDialog::lookForKnownKeys);
    connect(&m_services.tester,
            &admin::ChannelTester::draftKeyTested,
            this,
            [this](const admin::DraftKeyReport &report) {
                if (m_testing)
                    m_keys->showReport(report);
            });
    fill(m_edited.value_or(domain::Channel{}));
    discover();
    m_name->setFocus();
    m_name->selectAll();
}

ChannelDialog::~ChannelDialog()
{
    if (m_testing)
        m_services.tester.cancelDraftTests();
}

void ChannelDialog::fill(const domain::Channel &channel)
{
    m_choice = choiceOf(channel);
    const QList<ListEntry> entries = providerEntries({}, channel.type);
    m_gallery->setEntries(entries);
    m_gallery->setSearchPlaceholder(
        tr("Search %n providers", nullptr, static_cast<int>(entries.size())));
    showChoice(m_choice);
    m_name->setText(channel.name);
    m_url->setText(channel.baseUrl);
    m_keys->setStored(channel.keys);
    setModels(channel.models);
    m_priority->setValue(shownPriority(channel));
    m_weight->setValue(channel.weight);
    m_groups->setTags(channel.groups);
    m_tags->setTags(channel.tags);
    m_note->setPlainText(channel.note);
    m_advanced->fill(channel);
    m_fold->setChecked(!isNew() && m_advanced->isUsed());
    setProvider(m_choice);
    if (isNew())
        return;
    admin::whenDone(m_services.administration.channels.keys(channel.id),
                    this,
                    [this](const base::Result<std::vector<admin::ChannelKeyView>> &keys) {
                        if (keys)
                            m_keys->setEndings(*keys);
                    });
}

// Servers on this computer come to the gallery when they are found.
void ChannelDialog::discover()
{
    admin::whenDone(m_discovery.scan(),
                    this,
                    [this](const base::Result<std::vector<admin::FoundProvider>> &found) {
                        m_scanned = true;
                        if (found && !found->empty()) {
                            m_found = *found;
                            m_gallery->setEntries(providerEntries(
                                m_found, m_edited ? m_edited->type : provider::openAi));
                            // What ran is another entry by now.
                            if (m_gallery->currentId().isEmpty())
                                m_gallery->setCurrentId(m_chosen);
                        }
                        if (m_wantsFound)
                            chooseFound();
                    });
}

void ChannelDialog::scanForLocal()
{
    m_wantsFound = true;
    if (m_scanned)
        return chooseFound();
    m_messages->showMessage({.id = scanMessage, .tone = Tone::Busy, .text = [] {
                                 return tr("Looking for models that run on this computer…");
                             }});
}

void ChannelDialog::chooseFound()
{
    m_wantsFound = false;
    m_messages->removeMessage(scanMessage);
    if (!m_found.empty()) {
        const ProviderChoice choice{.type = m_found.front().channel.type, .found = 0};
        chooseByHand(choice);
        showChoice(choice);
        return;
    }
    QStringList names;
    for (const admin::DiscoveryPlace &place : m_discovery.places())
        names.append(place.name);
    m_messages->showMessage(
        {.id = scanMessage,
         .tone = Tone::Caution,
         .subject = [] { return tr("No models are running on this computer."); },
         .text =
             [names] {
                 return tr("Looked for %1. Start one of them and choose it at the left, or enter "
                           "an "
                           "address.")
                     .arg(Format::list(names));
             }});
}

const QWidget *ChannelDialog::fields() const
{
    return m_form;
}

// By the person, in the gallery. A new channel's provider, and what the dialog fills in for it, are
// chosen again in a moment.
void ChannelDialog::chooseByHand(const ProviderChoice &choice)
{
    const bool wasEmpty = isNew() && !isModified();
    choose(choice);
    if (wasEmpty)
        rememberFields();
}

void ChannelDialog::choose(const ProviderChoice &choice)
{
    if (choice.found >= 0 && static_cast<size_t>(choice.found) < m_found.size()) {
        fillFound(m_found[static_cast<size_t>(choice.found)].channel);
        return;
    }
    if (domain::providerType(choice.type) == nullptr)
        return;
    // An address that belongs to the former provider is of no use for another one. It is there again
    // when the person comes back.
    if (choice.type != m_choice.type || choice.isCompatible != m_choice.isCompatible) {
        m_addresses.insert(choiceId(m_choice), m_url->text());
        m_url->setText(m_addresses.value(choiceId(choice)));
        forgetModels();
    }
    setProvider(choice);
}

// Marks it in the gallery.
void ChannelDialog::showChoice(const ProviderChoice &choice)
{
    m_chosen = choiceId(choice);
    m_gallery->setCurrentId(m_chosen);
}

void ChannelDialog::fillFound(const domain::Channel &found)
{
    forgetModels();
    m_addresses.insert(choiceId(m_choice), m_url->text());
    m_url->setText(found.baseUrl);
    setProvider({.type = found.type});
    if (m_name->text().isEmpty() || m_name->text() == m_ownName) {
        m_ownName = found.name;
        m_name->setText(found.name);
    }
    m_listed = found.models;
    takeModels(found.models);
}

void ChannelDialog::setProvider(const ProviderChoice &choice)
{
    m_choice = choice;
    const domain::ProviderType *type = domain::providerType(choice.type);
    const QString name = choiceName(choice);
    if (isNew() && (m_name->text().isEmpty() || m_name->text() == m_ownName)) {
        m_ownName = name;
        m_name->setText(name);
    }
    const QString usual = type ? QString::fromLatin1(type->defaultBaseUrl) : QString();
    m_url->setPlaceholderText(usual.isEmpty() || choice.isCompatible ? u"https://…"_s : usual);
    const bool isEcho = choice.type == provider::echo;
    m_form->setFieldVisible(m_url, !isEcho);
    m_form->setFieldVisible(m_keys, takesKeys());
    m_advanced->setProviderType(choice.type);
    m_keys->forgetResults();
    reviewAddress();
}

bool ChannelDialog::takesKeys() const
{
    return m_choice.type != provider::echo;
}

// Whether the channel would be refused by its provider for want of a key.
bool ChannelDialog::lacksKey() const
{
    const domain::ProviderType *type = domain::providerType(m_choice.type);
    const bool asksForKey = type && !type->local && !QLatin1String(type->defaultBaseUrl).isEmpty()
                            && m_address.normalized.isEmpty();
    return asksForKey && !m_keys->hasUsable();
}

QString ChannelDialog::addressProblem() const
{
    if (!m_address.problem.isEmpty())
        return m_address.problem.translated();
    if (m_address.isOwn) {
        return tr("This is an address of this gateway itself. A channel cannot lead back to it; to "
                  "try the gateway without a provider, choose Echo.");
    }
    const bool missing = m_url->text().trimmed().isEmpty()
                         && (m_choice.isCompatible || m_address.requestUrl.isEmpty());
    return missing && m_choice.type != provider::echo ? tr("Enter the provider’s address.")
                                                      : QString();
}

void ChannelDialog::reviewAddress()
{
    const QString former = m_address.normalized;
    m_address = m_services.administration.channels.reviewAddress(
        m_url->text(), m_choice.type, m_advanced->apiVersion());
    if (m_address.normalized != former) {
        m_keys->forgetResults();
        forgetListing();
    }
    m_form->setHelp(m_url,
                    m_address.requestUrl.isEmpty()
                        ? QString()
                        : tr("Requests will go to %1").arg(m_address.requestUrl));
    const bool plain = m_address.isPlainPublic;
    m_caution->setText(
        plain ? tr("This address is public and has no TLS: keys and texts can be read on the way. "
                   "Use https:// if the provider offers it.")
              : QString());
    m_form->setFieldVisible(m_caution, plain);
    showPages();
    reviewNotes();
}

// Whether requests go to the provider itself, as far as its own address is known.
bool ChannelDialog::isAtProvider() const
{
    const domain::ProviderType *type = domain::providerType(m_choice.type);
    const QUrl usual(type ? QString::fromLatin1(type->defaultBaseUrl) : QString());
    return !m_choice.isCompatible
           && (m_address.normalized.isEmpty() || usual.isEmpty() || type->local
               || QUrl(m_address.normalized).host() == usual.host());
}

// Whether the person gave an address that is no known provider's own.
bool ChannelDialog::isElsewhere() const
{
    const domain::ProviderType *type = domain::providerType(m_choice.type);
    const bool hasUsual = type && !QLatin1String(type->defaultBaseUrl).isEmpty();
    return !m_url->text().trimmed().isEmpty() && !(hasUsual && isAtProvider());
}

// The provider's own pages; another server that speaks as it does has its own, which nobody knows.
void ChannelDialog::showPages()
{
    const domain::ProviderType *type = domain::providerType(m_choice.type);
    const bool isOwn = isAtProvider();
    const auto page = [&](const char *address) {
        return isOwn && type ? QUrl(QString::fromLatin1(address)) : QUrl();
    };
    m_documentation->setUrl(page(type ? type->documentation : ""));
    m_keys->setKeyPage(page(type ? type->keyPage : ""));
}

// What is said under fields while a person types.
void ChannelDialog::reviewNotes()
{
    if (!m_save)
        return;
    const qsizetype count = models().size();
    QString text;
    if (!m_listed.isEmpty()) {
        text = tr("%1 of %n models are offered.", nullptr, static_cast<int>(m_listed.size()))
                   .arg(count);
    } else if (count == 0) {
        text = tr("Without models the channel serves nothing yet.");
    }
    m_form->setHelp(m_modelsField, text);
    m_form->setHelp(m_keys,
                    lacksKey() && m_address.problem.isEmpty()
                        ? tr("Without a usable key the channel can only be saved disabled.")
                        : QString());
    m_form->setHelp(m_groups, m_groupNotes->note());
    QStringList cautions = keyCautions(m_keys->typed(), m_choice.type, isAtProvider());
    if (!m_leftOut.isEmpty())
        cautions.prepend(m_leftOut);
    if (!m_variable.isEmpty() && m_keys->typed().isEmpty()) {
        cautions.prepend(tr("The command names the variable %1 in place of the key. Enter the key "
                            "itself.")
                             .arg(m_variable));
    }
    m_keys->setCautions(cautions);
    review();
}

bool ChannelDialog::review()
{
    const QString name = m_name->text().trimmed();
    m_form->setError(
        m_name,
        name.isEmpty() ? tr("A channel needs a name.")
        : name.size() > longestName
            ? tr("A name has at most %n characters.", nullptr, static_cast<int>(longestName))
            : QString());
    m_form->setError(m_url, addressProblem());
    m_form->setError(m_groups,
                     m_groups->tags().isEmpty() ? tr("A channel serves at least one group.")
                                                : QString());
    const bool sound = m_advanced->review() && !m_form->hasErrors();
    m_save->setEnabled(sound && !m_saving && !lacksKey());
    m_saveDisabled->setEnabled(sound && !m_saving);
    m_test->setEnabled(m_testing || (addressProblem().isEmpty() && !m_saving));
    return sound;
}

bool ChannelDialog::pasteText(const QString &text)
{
    const admin::RecognizedChannel recognized = admin::recognizeChannel(text);
    if (recognized.isEmpty())
        return false;
    if (!isVisible())
        rememberFields(); // what is filled in before the dialog is shown would be missed, too
    const bool first = isNew() && m_keys->typed().isEmpty();
    const bool hasAddress = !recognized.baseUrl.isEmpty();
    using Kind = admin::RecognizedChannel::Form;
    // A key alone does not lead away from an address that was typed.
    const bool stays = recognized.form == Kind::Keys && isElsewhere();
    const bool choosesProvider = hasAddress || (first && !stays);
    if (recognized.type != 0 && choosesProvider && recognized.type != m_choice.type
        && (isNew() || hasAddress)) {
        const ProviderChoice choice{.type = recognized.type,
                                    .isCompatible =
                                        hasAddress && recognized.type == provider::anthropic};
        choose(choice);
        showChoice(choice);
    }
    if (hasAddress)
        m_url->setText(recognized.baseUrl);
    if (!recognized.name.isEmpty() && m_name->text() == m_ownName)
        m_name->setText(recognized.name);
    for (const QString &model : recognized.models) {
        if (!models().contains(model) && !m_filled.contains(model))
            m_filled.append(model);
    }
    if (!recognized.models.isEmpty())
        setModels(models() + recognized.models);
    // What a link or a command joins to an address was meant for it.
    const bool isLoose = recognized.form == Kind::Keys || recognized.form == Kind::Environment;
    const SortedKeys keys = isLoose && isAtProvider() ? sortKeys(recognized.keys, m_choice.type)
                                                      : SortedKeys{.own = recognized.keys};
    m_leftOut = leftOutText(keys.foreign, m_choice.type);
    m_variable = recognized.variable;
    m_keys->addTyped(keys.own);
    keysChanged();
    if (!recognized.leftOut.isEmpty()) {
        constexpr qsizetype mostNames = 8;
        m_messages->showMessage({.id = leftOutMessage,
                                 .tone = Tone::Caution,
                                 .subject = [] { return tr("Some keys were left out."); },
                                 .text =
                                     [names = recognized.leftOut.mid(0, mostNames)] {
                                         return tr("A channel takes the keys of one provider. "
                                                   "These are not among them: "
                                                   "%1.")
                                             .arg(Format::list(names));
                                     }});
    }
    return true;
}

void ChannelDialog::keysChanged()
{
    m_messages->removeMessage(leftOutMessage); // it was of the keys that were pasted
    const QList<base::Secret> keys = m_keys->typed();
    int type = keys.isEmpty() ? 0 : admin::providerTypeOfKey(keys.front().reveal());
    for (const base::Secret &key : keys) {
        if (admin::providerTypeOfKey(key.reveal()) != type)
            type = 0;
    }
    m_keys->setRecognition(type == 0 ? QString() : choiceName({.type = type}));
    m_keys->setKnown({});
    m_lookUp.start();
    reviewNotes();
}

// Warns of keys that other channels have. The latest question alone counts.
void ChannelDialog::lookForKnownKeys()
{
    const QList<base::Secret> keys = m_keys->typed();
    if (keys.isEmpty())
        return;
    admin::whenDone(
        m_services.administration.channels.knownKeys(keys,
                                                     m_edited ? m_edited->id : domain::ChannelId{}),
        this,
        [this, number = ++m_lookUps](const base::Result<std::vector<admin::KnownKey>> &known) {
            if (known && number == m_lookUps && !m_lookUp.isActive())
                m_keys->setKnown(*known);
        });
}

int ChannelDialog::shownPriority(const domain::Channel &channel) const
{
    return static_cast<int>(
        qBound(qint64{m_priority->minimum()}, channel.priority, qint64{m_priority->maximum()}));
}

domain::Channel ChannelDialog::channel() const
{
    domain::Channel draft = m_edited.value_or(domain::Channel{});
    m_models->commitText();
    m_groups->commitText();
    m_tags->commitText();
    draft.type = m_choice.type;
    draft.name = m_name->text().trimmed();
    draft.baseUrl = m_choice.type == provider::echo ? QString() : m_url->text().trimmed();
    draft.keys = takesKeys() ? m_keys->keys() : QList<domain::ChannelKey>();
    draft.models = models();
    // One beyond what the box can show stays unless it is changed.
    if (m_priority->value() != shownPriority(draft))
        draft.priority = m_priority->value();
    draft.weight = m_weight->value();
    draft.groups = m_groups->tags();
    draft.tags = m_tags->tags();
    draft.note = m_note->toPlainText();
    m_advanced->applyTo(draft);
    return draft;
}

void ChannelDialog::save(ChannelStatus status)
{
    domain::Channel wanted = channel();
    if (!review()) {
        if (!m_form->hasErrors()) {
            m_fold->setChecked(true);
            return m_advanced->focusFirstError();
        }
        return m_form->focusFirstError();
    }
    m_messages->removeMessage(failureMessage);
    m_saving = true;
    review();
    admin::ChannelService &channels = m_services.administration.channels;
    wanted.status = status;
    if (isNew()) {
        admin::whenDone(channels.create({wanted}),
                        this,
                        [this](const base::Result<std::vector<domain::Channel>> &made) {
                            if (!made)
                                return fail(made.error());
                            emit added(made->front());
                            accept();
                        });
        return;
    }
    admin::whenDone(
        channels.changeAll({m_edited->id},
                           [wanted, shown = *m_edited](domain::Channel &stored) -> base::Result<> {
                               applyDraft(stored, shown, wanted);
                               return {};
                           }),
        this,
        [this](const base::Result<std::vector<admin::ChangedChannel>> &changed) {
            if (!changed)
                return fail(changed.error());
            emit edited(changed->front().before, changed->front().after);
            accept();
        });
}

void ChannelDialog::fail(const base::Error &error)
{
    m_saving = false;
    review();
    // Disabled while it saved, it sent the focus on to Cancel.
    if (qobject_cast<QPushButton *>(focusWidget()))
        m_save->setFocus(Qt::OtherFocusReason);
    m_messages->showMessage({.id = failureMessage, .tone = Tone::Failure, .text = error.message});
}

} // namespace gatehouse::ui
