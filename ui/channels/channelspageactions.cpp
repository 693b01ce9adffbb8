// What can be done on a ChannelsPage.
#include "admin/administration.h"
#include "admin/channels/channeltester.h"
#include "admin/flow.h"
#include "admin/traffic/traffic.h"
#include "channeleditor/bulkdialog.h"
#include "channeleditor/channeldialog.h"
#include "channels/channelexport.h"
#include "channels/channelspage.h"
#include "channels/detailtabs.h"
#include "channels/modelchangedialog.h"
#include "channels/testsheet.h"
#include "domain/filterquery.h"
#include "widgets/clipboard.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"

#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMenu>
#include <QSaveFile>

#include <map>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using domain::Channel;
using domain::ChannelId;
using Question = admin::ChannelQuestion;

// The menu is filled when it is shown; triggered otherwise, such as by the command palette, the action
// opens it at the table.
QAction *ChannelsPage::addMenu(QAction *action, void (ChannelsPage::*fill)(QMenu *))
{
    auto *menu = new QMenu(this);
    connect(menu, &QMenu::aboutToShow, this, [this, menu, fill] {
        menu->clear();
        (this->*fill)(menu);
    });
    action->setMenu(menu);
    connect(action, &QAction::triggered, menu, [this, menu] {
        if (!menu->isVisible())
            menu->popup(view()->viewport()->mapToGlobal(QPoint()));
    });
    // Qt opens no menu that is empty; this is replaced when it does.
    menu->addAction(QString());
    return action;
}

void ChannelsPage::makeActions()
{
    m_add = addPageAction({.name = "channels.add",
                           .icon = u"plus"_s,
                           .shortcut = QKeySequence::New,
                           .text = [] { return tr("&Add channel"); }},
                          [this] { openDialog({}); });
    m_edit = addSeveral(
        {.name = "channels.edit", .icon = u"pencil"_s, .text = [] { return tr("&Edit…"); }},
        [this] { edit(); });
    QAction *duplicated = addSeveral({.name = "channels.duplicate",
                                      .icon = u"copy"_s,
                                      .shortcut = QKeySequence(u"Ctrl+D"_s),
                                      .text = [] { return tr("D&uplicate"); }},
                                     [this] { follow(m_commands.duplicate(selectedChannels())); });
    addSeparatorAction();
    makeTestActions();
    addSeparatorAction();
    makeViewActions();
    addSeparatorAction();
    makeEditingActions();
    addSeparatorAction();
    makePageActions();
    m_bulk.append({m_edit, duplicated});
    m_bulk.append(actionsForSeveral().back());
}

void ChannelsPage::makeTestActions()
{
    m_bulk.append(addSeveral({.name = "channels.test",
                              .icon = u"plug-zap"_s,
                              .shortcut = QKeySequence(u"Ctrl+T"_s),
                              .text = [] { return tr("&Test"); }},
                             [this] { testSelection(); }));
    addMenu(addSingle({.name = "channels.testModel", .text = [] { return tr("Test with &model"); }},
                      [] {}),
            &ChannelsPage::fillTestMenu);
    m_testAll = addPageAction({.name = "channels.testAll",
                               .icon = u"plug-zap"_s,
                               .shortcut = QKeySequence(u"Ctrl+Shift+T"_s),
                               .text = [] { return tr("Test &all"); }},
                              [this] { openSheet({}); });
    addSeveral({.name = "channels.resetBreaker",
                .icon = u"rotate-ccw"_s,
                .text = [] { return tr("&Reset breaker"); }},
               [this] { resetBreakers(); });
}

void ChannelsPage::makeViewActions()
{
    addSingle({.name = "channels.traffic",
               .icon = u"activity"_s,
               .text = [] { return tr("Vie&w traffic"); }},
              [this] { viewTraffic({}); });
    addSingle({.name = "channels.errors",
               .icon = u"triangle-alert"_s,
               .text = [] { return tr("View e&rrors"); }},
              [this] { viewErrorsOf(selectedChannels().front().id); });
    addSingle({.name = "channels.copyUrl",
               .icon = u"link"_s,
               .text = [] { return tr("Copy &base URL"); }},
              [this] { copyText(selectedChannels().front().effectiveBaseUrl()); });
    addSingle({.name = "channels.refreshModels",
               .icon = u"boxes"_s,
               .text = [] { return tr("Re&fresh models…"); }},
              [this] { refreshModels(); });
    addSeveral({.name = "channels.refreshBalance",
                .icon = u"dollar-sign"_s,
                .text = [] { return tr("Refresh balan&ce"); }},
               [this] { refreshBalances(); });
}

void ChannelsPage::makeEditingActions()
{
    addMenu(
        addSeveral({.name = "channels.priority", .text = [] { return tr("Move to &priority"); }},
                   [] {}),
        &ChannelsPage::fillPriorityMenu);
    addSeveral({.name = "channels.export",
                .icon = u"download"_s,
                .text = [] { return tr("E&xport without keys…"); }},
               [this] { exportSelection(); });
    m_toggle = addSeveral({.name = "channels.toggle",
                           .icon = u"power"_s,
                           .shortcut = QKeySequence(Qt::Key_Space),
                           .text = [] { return tr("Enable or d&isable"); }},
                          [this] { toggle(); });
    m_bulk.prepend(m_toggle);
    addSeveral({.name = "channels.delete",
                .icon = u"trash-2"_s,
                .shortcut = QKeySequence::Delete,
                .text = [] { return tr("De&lete"); }},
               [this] { follow(m_commands.remove(selectedChannels())); });
}

void ChannelsPage::makePageActions()
{
    addPageAction({.name = "channels.paste",
                   .icon = u"clipboard-paste"_s,
                   .shortcut = QKeySequence::Paste,
                   .text = [] { return tr("Add from the clip&board"); }},
                  [this] { paste(); });
    m_scan = addPageAction({.name = "channels.scan",
                            .icon = u"search"_s,
                            .text = [] { return tr("Loo&k for local models"); }},
                           [this] {
                               ChannelDialog *dialog = makeDialog({});
                               dialog->open();
                               dialog->scanForLocal();
                           });
    m_toggleDetail = addPageAction({.name = "channels.detail",
                                    .icon = u"panel-right"_s,
                                    .shortcut = QKeySequence(Qt::Key_F4),
                                    .text = [] { return tr("Show &details"); }},
                                   [this] { updateDetail(); });
    m_toggleDetail->setCheckable(true);
    m_toggleDetail->setChecked(services().state.value(u"channels/detail"_s, true).toBool());
    addFilterActions();
    addExport("channels.exportList", u"channels"_s);
    addPageAction({.name = "channels.refresh",
                   .icon = u"refresh-cw"_s,
                   .shortcut = QKeySequence::Refresh,
                   .text = [] { return tr("Refres&h"); }},
                  [this] { fetch(); });
}

void ChannelsPage::updateActions()
{
    ListPage::updateActions();
    const QList<Channel> selected = selectedChannels();
    const auto count = static_cast<int>(selected.size());
    const auto isEnabled = [](const Channel &channel) { return channel.isEnabled(); };
    const bool anyEnabled = std::any_of(selected.begin(), selected.end(), isEnabled);
    m_toggle->setText(count == 0   ? tr("Enable or d&isable")
                      : anyEnabled ? tr("D&isable")
                                   : tr("Ena&ble"));
    m_edit->setText(count > 1 ? tr("&Edit %n…", nullptr, count) : tr("&Edit…"));
}

ChannelDialog *ChannelsPage::makeDialog(std::optional<Channel> channel)
{
    auto *dialog = new ChannelDialog(services(), std::move(channel), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &ChannelDialog::added, this, [this](const Channel &added) {
        m_commands.noteAdded(added);
        showItem(added.id.value);
    });
    connect(
        dialog, &ChannelDialog::edited, this, [this](const Channel &before, const Channel &after) {
            m_commands.noteEdited(before, after);
            showItem(after.id.value);
        });
    return dialog;
}

void ChannelsPage::openDialog(std::optional<Channel> channel)
{
    makeDialog(std::move(channel))->open();
}

void ChannelsPage::edit()
{
    const QList<Channel> selected = selectedChannels();
    if (selected.size() == 1)
        openDialog(selected.front());
    else if (!selected.isEmpty())
        editSeveral();
}

void ChannelsPage::editSeveral()
{
    const QList<Channel> selected = selectedChannels();
    auto *dialog = new BulkDialog(selected, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    admin::whenDone(services().administration.groups.list(),
                    dialog,
                    [dialog](const base::Result<std::vector<domain::Group>> &groups) {
                        QStringList names;
                        for (const domain::Group &group :
                             groups.value_or(std::vector<domain::Group>()))
                            names.append(QString::fromUtf8(group.name));
                        dialog->proposeGroups(names);
                    });
    connect(
        dialog, &BulkDialog::confirmed, this, [this, dialog, selected](const BulkChange &change) {
            followDialog(m_commands.change(selected, change), dialog);
        });
    dialog->open();
}

void ChannelsPage::fillTestMenu(QMenu *menu)
{
    const QList<Channel> selected = selectedChannels();
    if (selected.size() != 1)
        return;
    constexpr qsizetype most = 30;
    const Channel channel = selected.front();
    for (const QString &model : channel.models.mid(0, most)) {
        QString text = menu->fontMetrics().elidedText(
            model, Qt::ElideMiddle, menu->fontMetrics().averageCharWidth() * 60);
        menu->addAction(
            text.replace(u'&', u"&&"_s), this, [this, channel, model] { testOne(channel, model); });
    }
    if (!channel.models.isEmpty())
        menu->addSeparator();
    menu->addAction(
        tr("Several models or keys…"), this, [this, channel] { openSheet({channel.id}); });
}

// One is told of in the table; several have the sheet.
void ChannelsPage::testSelection()
{
    const QList<Channel> selected = selectedChannels();
    if (selected.size() == 1)
        testOne(selected.front(), {});
    else if (!selected.isEmpty())
        openSheet(ChannelCommands::idsOf(selected));
}

void ChannelsPage::testOne(const Channel &channel, const QString &model)
{
    m_testing.insert(channel.id.value);
    const QString message = u"test %1"_s.arg(channel.id.value);
    beginQuestion(channel, Question::Test, message, [] { return tr("Being tested…"); });
    admin::whenDone(
        services().tester.test(channel.id, model),
        this,
        [this, channel, message](const base::Result<admin::ChannelTestOutcome> &outcome) {
            m_testing.remove(channel.id.value);
            const bool isCancelled = m_cancelled.contains(message);
            endQuestion(message);
            if (isCancelled && outcome && !outcome->succeeded() && !outcome->hasFailed())
                return fetch();
            showTest(channel, outcome);
        });
    fetch();
}

void ChannelsPage::showTest(const Channel &channel,
                            const base::Result<admin::ChannelTestOutcome> &outcome)
{
    const auto text = [outcome] {
        return outcome ? TestColumns::outcomeText(*outcome) : outcome.error().message.translated();
    };
    const QString id = u"test %1"_s.arg(channel.id.value);
    messages()->removeMessage(id);
    if (outcome && outcome->succeeded()) {
        emit noticeRaised([name = channel.name, text] { return tr("%1: %2").arg(name, text()); });
    } else {
        messages()->showMessage(
            {.id = id,
             .tone = outcome ? TestColumns::tone(outcome->verdict) : Tone::Failure,
             .subject = channel.name,
             .text = [outcome, text] {
                 return outcome
                            ? tr("%1: %2").arg(TestColumns::verdictText(outcome->verdict), text())
                            : text();
             }});
    }
    if (isActive())
        fetch();
}

// An export stands in the message bar.
void ChannelsPage::showJob()
{
    if (hasOwnJob())
        openSheet({});
}

void ChannelsPage::openSheet(std::vector<ChannelId> channels)
{
    if (auto *open = findChild<TestSheet *>())
        return open->raise();
    auto *sheet = new TestSheet(services(), std::move(channels), this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(
        sheet, &TestSheet::channelRequested, this, [this](ChannelId id) { showItem(id.value); });
    sheet->open();
}

// Disables if any of them is enabled, else enables all.
void ChannelsPage::toggle()
{
    const QList<Channel> selected = selectedChannels();
    const bool anyEnabled = std::any_of(selected.begin(),
                                        selected.end(),
                                        [](const Channel &channel) { return channel.isEnabled(); });
    follow(m_commands.setEnabled(selected, !anyEnabled));
}

// The priorities that are in use, and the places before and behind them all.
void ChannelsPage::fillPriorityMenu(QMenu *menu)
{
    constexpr qint64 step = 10;
    constexpr int most = 20;
    std::map<qint64, int, std::greater<>> used;
    for (const ChannelRow &row : m_model->rows())
        ++used[row.channel.priority];
    if (used.empty())
        return;
    const auto add = [this, menu](const QString &text, qint64 priority) {
        menu->addAction(text, this, [this, priority] { setPriority(priority); });
    };
    add(tr("Before all others (%1)").arg(used.begin()->first + step), used.begin()->first + step);
    menu->addSeparator();
    int shown = 0;
    for (const auto &[priority, count] : used) {
        if (++shown > most)
            break;
        add(tr("%1 (%n channels)", nullptr, count).arg(priority), priority);
    }
    menu->addSeparator();
    add(tr("Behind all others (%1)").arg(used.rbegin()->first - step), used.rbegin()->first - step);
    menu->addAction(tr("Another number…"), this, [this] { editSeveral(); });
}

void ChannelsPage::setPriority(qint64 priority)
{
    if (const QList<Channel> selected = selectedChannels(); !selected.isEmpty())
        follow(m_commands.setPriority(selected, priority));
}

void ChannelsPage::resetBreakers()
{
    for (const Channel &channel : selectedChannels())
        services().administration.channels.resetBreaker(channel.id);
    fetch();
}

void ChannelsPage::viewTraffic(const QString &filter)
{
    if (!filter.isEmpty())
        return emit navigationRequested(PageId::Traffic, filter);
    const QList<Channel> selected = selectedChannels();
    if (!selected.isEmpty())
        viewTrafficOf(selected.front().id);
}

void ChannelsPage::viewTrafficOf(ChannelId channel, const QString &more)
{
    // Names of channels are not unique.
    const QString id = u'#' + QString::number(channel.value);
    emit navigationRequested(PageId::Traffic, domain::exactTerm(u"channel"_s, id) + more);
}

// What another channel made good is a request of that one.
void ChannelsPage::viewErrorsOf(ChannelId channel)
{
    const int row = m_model->rowOf(channel.value);
    if (row >= 0 && DetailTabs::failedForOthers(m_model->row(row).overview))
        emit navigationRequested(PageId::Traffic, DetailTabs::passedOnTerms(channel));
    else
        viewTrafficOf(channel, u" status:error"_s);
}

void ChannelsPage::viewAttempts(int row, const QString &times)
{
    const QString id = u'#' + QString::number(m_model->row(row).channel.id.value);
    emit navigationRequested(PageId::Traffic,
                             QString(domain::exactTerm(u"tried"_s, id) % u' ' % times));
}

void ChannelsPage::refreshModels()
{
    const Channel channel = selectedChannels().front();
    emit noticeRaised([name = channel.name] { return tr("Asking %1 for its models…").arg(name); });
    const QString message = u"models %1"_s.arg(channel.id.value);
    beginQuestion(channel, Question::Models, message, [] { return tr("Asked for its models…"); });
    admin::whenDone(services().tester.queryModels(channel.id),
                    this,
                    [this, channel, message](const base::Result<QStringList> &listed) {
                        endQuestion(message);
                        if (!listed && listed.error().code == base::ErrorCode::Cancelled)
                            return;
                        if (!listed) {
                            messages()->showMessage({.id = u"models %1"_s.arg(channel.id.value),
                                                     .tone = Tone::Caution,
                                                     .subject = channel.name,
                                                     .text = listed.error().message});
                            return;
                        }
                        messages()->removeMessage(u"models %1"_s.arg(channel.id.value));
                        showModelChange(channel.id, *listed);
                    });
}

void ChannelsPage::showModelChange(ChannelId id, const QStringList &listed)
{
    const int row = m_model->rowOf(id.value);
    if (row < 0) // removed since the question
        return;
    const Channel channel = m_model->row(row).channel;
    // What a mapped model is called here the provider does not know.
    QStringList present;
    for (const QString &model : channel.models)
        present.append(listed.contains(model) ? model : channel.providerModel(model));
    if (QSet(present.begin(), present.end()) == QSet(listed.begin(), listed.end())) {
        emit noticeRaised(
            [name = channel.name] { return tr("%1 offers the same models as before.").arg(name); });
        return;
    }
    auto *dialog = new ModelChangeDialog(channel.name, present, listed, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog,
            &ModelChangeDialog::confirmed,
            this,
            [this, channel](const QStringList &added, const QStringList &removed) {
                QStringList here; // the names here of what is gone there
                for (const QString &model : channel.models) {
                    if (removed.contains(channel.providerModel(model)))
                        here.append(model);
                }
                follow(m_commands.change({channel}, {.addedModels = added, .removedModels = here}));
            });
    dialog->open();
}

void ChannelsPage::refreshBalances()
{
    for (const Channel &channel : selectedChannels()) {
        const QString id = u"balance %1"_s.arg(channel.id.value);
        beginQuestion(channel, Question::Balance, id, [] { return tr("Asked for its balance…"); });
        admin::whenDone(services().tester.queryBalance(channel.id),
                        this,
                        [this, channel, id](const base::Result<domain::AccountBalance> &balance) {
                            endQuestion(id);
                            if (!balance && balance.error().code == base::ErrorCode::Cancelled)
                                return;
                            messages()->removeMessage(id);
                            if (balance) {
                                emit noticeRaised([name = channel.name, left = *balance] {
                                    return tr("%1 has %2 left.").arg(name, Format::balance(left));
                                });
                            } else {
                                messages()->showMessage({.id = id,
                                                         .tone = Tone::Caution,
                                                         .subject = channel.name,
                                                         .text = balance.error().message});
                            }
                            if (isActive())
                                fetch();
                        });
    }
}

void ChannelsPage::beginQuestion(const Channel &channel,
                                 Question question,
                                 const QString &message,
                                 LiveText text)
{
    constexpr std::chrono::seconds itsTime(1);
    ++m_questions[message];
    const auto offer = [this, id = channel.id, name = channel.name, question, message, text] {
        if (!m_questions.contains(message))
            return;
        messages()->showMessage({.id = message,
                                 .tone = Tone::Busy,
                                 .subject = name,
                                 .text = text,
                                 .actions = {{[] { return tr("Cancel"); },
                                              [this, id, question, message] {
                                                  m_cancelled.insert(message);
                                                  services().tester.cancelQuestion(id, question);
                                              }}},
                                 .closable = false,
                                 .lasting = true});
    };
    QTimer::singleShot(itsTime, this, offer);
}

void ChannelsPage::endQuestion(const QString &message)
{
    const auto asked = m_questions.find(message);
    if (asked == m_questions.end() || --*asked > 0)
        return;
    m_questions.erase(asked);
    m_cancelled.remove(message);
    messages()->removeMessage(message);
}

void ChannelsPage::exportSelection()
{
    auto *chooser = new QFileDialog(this, tr("Export channels"), {}, tr("JSON files (*.json)"));
    chooser->setAttribute(Qt::WA_DeleteOnClose);
    chooser->setAcceptMode(QFileDialog::AcceptSave);
    chooser->setDefaultSuffix(u"json"_s);
    chooser->selectFile(u"channels.json"_s);
    connect(
        chooser,
        &QFileDialog::fileSelected,
        this,
        [this, channels = selectedChannels()](const QString &path) {
            const QByteArray text = exportedChannels(channels).toJson();
            QSaveFile file(path);
            const bool written =
                file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit();
            if (written) {
                emit noticeRaised([count = static_cast<int>(channels.size())] {
                    return tr("Exported %n channels, without their keys.", nullptr, count);
                });
            } else {
                showFailure({base::ErrorCode::Unavailable,
                             base::Message::verbatim(
                                 tr("The file could not be written: %1").arg(file.errorString())),
                             {}});
            }
        });
    chooser->open();
}

// A key, a command or lines of a file, which the dialog recognises.
void ChannelsPage::paste()
{
    if (addFrom(QGuiApplication::clipboard()->text()))
        return;
    emit noticeRaised([] {
        return tr(
            "The clipboard holds no key, cURL command or .env lines that could be recognised.");
    });
}

bool ChannelsPage::addFrom(const QString &text)
{
    ChannelDialog *dialog = makeDialog({});
    if (dialog->pasteText(text)) {
        dialog->open();
        return true;
    }
    delete dialog;
    return false;
}

} // namespace gatehouse::ui
