// What can be done with requests: the actions of the Traffic page and its context menu.
#include "admin/administration.h"
#include "admin/flow.h"
#include "admin/gateway/gatewaycontrol.h"
#include "domain/filterquery.h"
#include "inspector/inspector.h"
#include "theme/icons.h"
#include "traffic/filterbar.h"
#include "traffic/trafficbookmarks.h"
#include "traffic/trafficcolumns.h"
#include "traffic/trafficexporter.h"
#include "traffic/trafficpage.h"
#include "widgets/clipboard.h"
#include "widgets/format.h"
#include "widgets/messagebar.h"
#include "widgets/naturalorder.h"
#include "widgets/table/filteractions.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableview.h"
#include "widgets/uistate.h"
#include "widgets/undostack.h"

#include <QAction>
#include <QItemSelectionModel>
#include <QMenu>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Line = admin::TrafficLine;

constexpr size_t mostForgotten = 1'000;

QString from(const QByteArray &bytes)
{
    return QString::fromUtf8(bytes);
}

// Several channels, and tokens of several users, may have one name, and names change.
QString numberOf(qint64 id)
{
    return u"#%1"_s.arg(id);
}

QString statusOf(const Line &line)
{
    if (line.running)
        return u"running"_s;
    const domain::Outcome outcome = line.outcome();
    if (outcome == domain::Outcome::Cancelled)
        return u"cancelled"_s;
    constexpr int firstFailure = 400;
    if (outcome != domain::Outcome::Ok && line.record.httpStatus < firstFailure)
        return u"broken"_s;
    return QString::number(line.record.httpStatus);
}

// What a request can be filtered by: key, value, and what the menu says.
struct Trait
{
    QString key{};
    QString value{};
    QString shown{};
};

QList<Trait> traitsOf(const Line &line)
{
    const domain::UsageRecord &record = line.record;
    QList<Trait> traits{{u"status"_s, statusOf(line), TrafficColumns::status(line).text}};
    const auto add = [&traits](const QString &key, const QString &value, const QString &shown) {
        if (!shown.isEmpty())
            traits.append({key, value, shown});
    };
    if (record.channelId.value > 0) {
        add(u"channel"_s,
            numberOf(record.channelId.value),
            line.channelName.isEmpty() ? numberOf(record.channelId.value) : line.channelName);
    }
    add(u"model"_s, from(record.model), from(record.model));
    add(u"token"_s,
        record.tokenId.value > 0 ? numberOf(record.tokenId.value) : from(record.tokenName),
        from(record.tokenName));
    add(u"user"_s,
        record.userId.value > 0 ? numberOf(record.userId.value) : from(record.username),
        from(record.username));
    add(u"client"_s, from(record.client), from(record.client));
    add(u"session"_s, from(record.session), from(record.session));
    add(u"error"_s, from(record.errorCode), from(record.errorCode));
    add(u"ip"_s, from(record.clientAddress), from(record.clientAddress));
    return traits;
}

QString errorText(const Line &line)
{
    QStringList lines{
        u"%1 %2"_s.arg(line.record.httpStatus).arg(from(line.record.errorCode)).trimmed()};
    if (!line.record.content.isEmpty())
        lines.append(from(line.record.content));
    for (const domain::AttemptNote &attempt : line.attempts()) {
        if (!attempt.message.isEmpty())
            lines.append(from(attempt.message));
    }
    lines.removeDuplicates();
    return lines.join(u'\n');
}

// Whether the token is there still.
bool hasTokenOf(const domain::Catalog &catalog, const Line &line)
{
    const auto &tokens = catalog.tokens();
    return std::any_of(tokens.begin(), tokens.end(), [&line](const auto &each) {
        return each->token.id == line.record.tokenId;
    });
}

bool hasError(const Line &line)
{
    return !line.running
           && (!line.record.errorCode.isEmpty() || line.outcome() != domain::Outcome::Ok);
}

} // namespace

QAction *TrafficPage::addLineAction(const ActionDescription &description,
                                    std::function<void(const Line &)> run)
{
    QAction *action = addPageAction(description, [this, run = std::move(run)] {
        if (const Line *line = currentLine()) {
            const Line copy = *line; // the list may change meanwhile
            run(copy);
        }
    });
    m_lineActions.append(action);
    return action;
}

void TrafficPage::makeActions()
{
    makeViewActions();
    addSeparatorAction();
    makeRequestActions();
    addSeparatorAction();
    makeCopyActions();
    addSeparatorAction();
    makeFilterActions();
}

void TrafficPage::makeViewActions()
{
    m_pause = addPageAction(
        {.name = "traffic.pause",
         .icon = u"pause"_s,
         .shortcut = QKeySequence(Qt::Key_P),
         .text = [this] { return m_pause && m_pause->isChecked() ? tr("&Go on") : tr("&Pause"); }},
        [this] {
            m_pause->setText(m_pause->isChecked() ? tr("&Go on") : tr("&Pause"));
            updateLive();
        });
    m_pause->setCheckable(true);
    m_details =
        addPageAction({.name = "traffic.details",
                       .icon = u"panel-bottom"_s,
                       .shortcut = QKeySequence(Qt::Key_F4),
                       .text = [] { return tr("Show &details"); }},
                      [this] {
                          services().state.setValue(u"traffic/details"_s, m_details->isChecked());
                          updateInspector();
                          placeInspector();
                      });
    m_details->setCheckable(true);
    m_details->setChecked(services().state.value(u"traffic/details"_s, true).toBool());
    m_detailsRight = addPageAction({.name = "traffic.detailsRight",
                                    .icon = u"panel-right"_s,
                                    .text = [] { return tr("Details at the &right"); }},
                                   [this] {
                                       services().state.setValue(u"traffic/detailsRight"_s,
                                                                 m_detailsRight->isChecked());
                                       placeInspector();
                                   });
    m_detailsRight->setCheckable(true);
    m_detailsRight->setChecked(services().state.value(u"traffic/detailsRight"_s).toBool());
    // In the header of the inspector: where it would stand.
    m_place = new QAction(this);
    connect(m_place, &QAction::triggered, m_detailsRight, &QAction::trigger);
    const auto describePlace = [this] {
        const bool isRight = m_detailsRight->isChecked();
        m_place->setIcon(icon(isRight ? u"panel-bottom" : u"panel-right"));
        m_place->setText(isRight ? tr("Details below the list") : tr("Details at the right"));
    };
    connect(m_detailsRight, &QAction::toggled, m_place, describePlace);
    texts().add(describePlace);
    addPageAction({.name = "traffic.clear",
                   .icon = u"x"_s,
                   .shortcut = QKeySequence(u"Ctrl+L"_s),
                   .text = [] { return tr("C&lear the view"); }},
                  [this] { m_feed->clearView(); });
    addPageAction({.name = "traffic.refresh",
                   .icon = u"refresh-cw"_s,
                   .shortcut = QKeySequence::Refresh,
                   .text = [] { return tr("Re&fresh"); }},
                  [this] { m_feed->restart(); });
    const auto addExport = [this](const char *name,
                                  const QString &iconName,
                                  const QKeySequence &keys,
                                  admin::ExportFormat format,
                                  std::function<QString()> text) {
        m_exports.append(addPageAction(
            {.name = name, .icon = iconName, .shortcut = keys, .text = std::move(text)},
            [this, format] { m_exporter->ask(format, m_feed->query(), gatewayUrl()); }));
    };
    addExport("traffic.exportCsv",
              u"download"_s,
              QKeySequence(u"Ctrl+E"_s),
              admin::ExportFormat::Csv,
              [] { return tr("&Export as CSV…"); });
    addExport("traffic.exportJson", u"file-json"_s, {}, admin::ExportFormat::JsonLines, [] {
        return tr("Export as &JSON lines…");
    });
    addExport("traffic.exportHar", u"archive"_s, {}, admin::ExportFormat::HttpArchive, [] {
        return tr("Export as H&AR…");
    });
}

void TrafficPage::makeRequestActions()
{
    m_cancel = addPageAction({.name = "traffic.cancel",
                              .icon = u"square"_s,
                              .shortcut = QKeySequence::Delete,
                              .text = [] { return tr("&Cancel the request"); }},
                             [this] {
                                 for (const Line &line : selectedLines(mostForgotten)) {
                                     if (line.running)
                                         cancelRequest(line);
                                 }
                             });
    addLineAction({.name = "traffic.explain",
                   .icon = u"route"_s,
                   .shortcut = QKeySequence(u"Ctrl+R"_s),
                   .text = [] { return tr("E&xplain route…"); }},
                  [this](const Line &line) {
                      emit routeRequested(from(line.record.model),
                                          line.record.tokenId.value,
                                          from(line.record.session));
                  });
    m_openChannel =
        addLineAction({.name = "traffic.channel",
                       .icon = u"waypoints"_s,
                       .text = [] { return tr("&Open the channel"); }},
                      [this](const Line &line) {
                          emit itemRequested(PageId::Channels, line.record.channelId.value);
                      });
    m_openToken = addLineAction({.name = "traffic.token",
                                 .icon = u"key-round"_s,
                                 .text = [] { return tr("Open t&he token"); }},
                                [this](const Line &line) {
                                    emit itemRequested(PageId::Tokens, line.record.tokenId.value);
                                });
    m_disableToken = addLineAction({.name = "traffic.disableToken",
                                    .icon = u"circle-pause"_s,
                                    .text = [] { return tr("Disa&ble this token"); }},
                                   [this](const Line &line) { disableToken(line); });
    m_addPrice = addLineAction(
        {.name = "traffic.addPrice",
         .icon = u"dollar-sign"_s,
         .text = [] { return tr("Add a pri&ce for this model"); }},
        [this](const Line &line) {
            // Prices are of the provider's models, whatever clients call them.
            const QByteArray &provided = line.record.providerModel;
            const QString model = from(provided.isEmpty() ? line.record.model : provided);
            emit navigationRequested(
                PageId::Models,
                QString(u"source:\"no price\" "_s % domain::wholeTerm(u"model"_s, model)));
        });
    m_bookmark = addPageAction({.name = "traffic.bookmark",
                                .icon = u"bookmark"_s,
                                .shortcut = QKeySequence(u"Ctrl+B"_s),
                                .text = [] { return tr("Boo&kmark (kept beyond retention)"); }},
                               [this] { toggleBookmark(); });
    m_bookmark->setCheckable(true);
    m_forget = addPageAction({.name = "traffic.forget",
                              .icon = u"lock-open"_s,
                              .text = [] { return tr("For&get this request"); }},
                             [this] { forgetRequests(selectedLines(mostForgotten)); });
    m_forgetToken = addLineAction({.name = "traffic.forgetToken",
                                   .icon = u"trash-2"_s,
                                   .text = [] { return tr("Forget everyt&hing of this token"); }},
                                  [this](const Line &line) { forgetToken(line); });
}

void TrafficPage::makeCopyActions()
{
    addLineAction({.name = "traffic.copyId",
                   .icon = u"copy"_s,
                   .text = [] { return tr("Copy request &ID"); }},
                  [this](const Line &line) {
                      copyText(from(line.record.requestId));
                      emit noticeRaised(
                          [id = from(line.record.requestId)] { return tr("Copied %1").arg(id); });
                  });
    m_curl = addLineAction({.name = "traffic.copyCurl",
                            .icon = u"terminal"_s,
                            .text = [] { return tr("Copy as c&URL"); }},
                           [this](const Line &line) { copyCommand(line); });
    m_saveHar = addLineAction(
        {.name = "traffic.saveHar", .icon = u"save"_s, .text = [] { return tr("Save as HAR…"); }},
        [this](const Line &line) { saveRequest(line.record.requestId); });
    m_copyError =
        addLineAction({.name = "traffic.copyError", .text = [] { return tr("Copy the e&rror"); }},
                      [](const Line &line) { copyText(errorText(line)); });
}

void TrafficPage::makeFilterActions()
{
    addLineAction({.name = "traffic.byModel", .text = [] { return tr("Only this &model"); }},
                  [this](const Line &line) {
                      applyTerm(u"model"_s,
                                domain::exactTerm(u"model"_s, from(line.record.model), false),
                                false);
                  });
    addLineAction({.name = "traffic.bySession", .text = [] { return tr("Onl&y this session"); }},
                  [this](const Line &line) {
                      if (!line.record.session.isEmpty()) {
                          applyTerm(
                              u"session"_s,
                              domain::exactTerm(u"session"_s, from(line.record.session), false),
                              false);
                      }
                  });
    m_filterActions->addTo("traffic",
                           [this](const ActionDescription &description, std::function<void()> run) {
                               return addPageAction(description, std::move(run));
                           });
}

void TrafficPage::updateActions()
{
    if (!m_inspector)
        return;
    const Line *line = currentLine();
    for (QAction *action : std::as_const(m_lineActions))
        action->setEnabled(line != nullptr);
    const std::vector<Line> selected = selectedLines(mostForgotten);
    m_cancel->setEnabled(std::any_of(selected.begin(), selected.end(), [](const Line &one) {
        return one.running && !one.running->cancelling;
    }));
    m_bookmark->setEnabled(TrafficBookmarks::canMark(selected));
    m_bookmark->setChecked(TrafficBookmarks::areMarked(selected));
    m_forget->setEnabled(std::any_of(
        selected.begin(), selected.end(), [](const Line &one) { return one.hasCapture; }));
    m_curl->setEnabled(line && line->hasCapture);
    m_saveHar->setEnabled(line && !line->running && !m_exporter->isRunning());
    m_copyError->setEnabled(line && hasError(*line));
    const auto catalog = services().administration.publisher.catalog();
    m_openChannel->setEnabled(line && catalog && catalog->channel(line->record.channelId));
    const bool hasToken = line && catalog && hasTokenOf(*catalog, *line);
    m_openToken->setEnabled(hasToken);
    m_disableToken->setEnabled(hasToken);
    m_forgetToken->setEnabled(line && line->record.tokenId.value > 0);
    m_addPrice->setEnabled(line && line->record.unpriced);
    for (QAction *action : std::as_const(m_exports))
        action->setEnabled(!m_exporter->isRunning());
}

void TrafficPage::fillContextMenu(QMenu *menu)
{
    if (currentLine()) {
        addTermMenu(menu, tr("Filter by this"), false);
        addTermMenu(menu, tr("Exclude"), true);
        menu->addSeparator();
    }
    menu->addActions(pageActions());
}

void TrafficPage::addTermMenu(QMenu *menu, const QString &title, bool excluded)
{
    QMenu *terms = menu->addMenu(title);
    const QList<Trait> traits = traitsOf(*currentLine());
    for (const Trait &trait : traits) {
        QString text = u"%1: %2"_s.arg(trait.key, trait.shown.left(60));
        terms->addAction(text.replace(u'&', u"&&"_s), this, [this, trait, excluded] {
            applyTerm(trait.key, domain::exactTerm(trait.key, trait.value, excluded), excluded);
        });
    }
}

// One value of a key at a time, as two of them would let nothing through; what is left out adds up.
void TrafficPage::applyTerm(const QString &key, const QString &term, bool excluded)
{
    domain::FilterQuery query = domain::filterQueryFrom(m_field->text());
    const domain::FilterQuery added = domain::filterQueryFrom(term);
    query.terms.removeIf([&](const domain::FilterTerm &one) {
        const bool replaced = one.key == key && !one.excluded && !excluded;
        const bool same = one.key == key && one.value == added.terms.value(0).value;
        return replaced || same;
    });
    query.terms += added.terms;
    m_field->setFilter(domain::filterText(query));
}

void TrafficPage::reviewFilter()
{
    const QString problems = m_field->problems();
    if (problems.isEmpty())
        return m_messages->removeMessage(u"filter"_s);
    m_messages->showMessage(
        {.id = u"filter"_s, .tone = Tone::Caution, .text = QString(problems).replace(u'\n', u' ')});
}

QStringList TrafficPage::completions(const QString &key) const
{
    QStringList values = admin::TrafficService::filterValues(key);
    const auto catalog = services().administration.publisher.catalog();
    if (!values.isEmpty() || !catalog)
        return values;
    QSet<QString> names;
    const bool isChannel = key == u"channel" || key == u"tried";
    if (isChannel || key == u"model") {
        for (const auto &each : catalog->channels()) {
            const QStringList models = key == u"model" ? each->channel.models : QStringList();
            names.unite(QSet<QString>(models.begin(), models.end()));
            if (isChannel)
                names.insert(each->channel.name);
        }
    } else if (key == u"token") {
        for (const auto &each : catalog->tokens())
            names.insert(each->token.name);
    } else if (key == u"user") {
        for (const domain::User &user : catalog->users())
            names.insert(user.username);
    }
    values = names.values();
    sortNaturally(values);
    return values;
}

void TrafficPage::cancelRequest(const Line &line)
{
    admin::whenDone(services().administration.traffic.cancel(line.record.requestId),
                    this,
                    [this](const base::Result<> &outcome) { finish(outcome); });
    m_model->setCancelling(line.record.requestId);
}

QString TrafficPage::gatewayUrl() const
{
    const auto &addresses = services().gateway.addresses();
    return addresses.empty() ? u"http://127.0.0.1:3000"_s : addresses.front().url;
}

void TrafficPage::saveRequest(const QByteArray &requestId)
{
    if (m_exporter->isRunning())
        emit noticeRaised([] { return tr("Another export is being written."); });
    else
        m_exporter->askOne(requestId, gatewayUrl());
}

void TrafficPage::copyCommand(const Line &line)
{
    admin::whenDone(services().administration.captures.curl(line.record.requestId, gatewayUrl()),
                    this,
                    [this](const base::Result<QString> &command) {
                        if (!command)
                            return showFailure(command.error());
                        copyText(*command);
                        emit noticeRaised(
                            [] { return tr("Copied the command. The key in it is $API_KEY."); });
                    });
}

void TrafficPage::disableToken(const Line &line)
{
    using Changes = std::vector<admin::ChangedToken>;
    admin::TokenManager &tokens = services().administration.tokenManager;
    const auto changes = std::make_shared<Changes>();
    // Taken back is what was changed: a token that was disabled before stays so.
    const auto disable = [&tokens,
                          actor = services().actor,
                          id = line.record.tokenId,
                          changes]() -> admin::Answer<> {
        return admin::onSuccess(tokens.setStatus(actor, {id}, domain::TokenStatus::Disabled),
                                &tokens,
                                [changes](const Changes &changed) -> base::Result<> {
                                    *changes = changed;
                                    return {};
                                });
    };
    const auto restore = [&tokens, actor = services().actor, changes]() -> admin::Answer<> {
        return admin::onSuccess(tokens.undo(actor, *changes),
                                &tokens,
                                [](const Changes &) -> base::Result<> { return {}; });
    };
    admin::whenDone(
        services().undo.push({.text =
                                  [name = from(line.record.tokenName)] {
                                      return tr("Disabled the token %1").arg(Format::quoted(name));
                                  },
                              .redo = disable,
                              .undo = restore}),
        this,
        [this](const base::Result<> &outcome) { finish(outcome); });
}

void TrafficPage::toggleBookmark()
{
    m_bookmarks->toggle(selectedLines(mostForgotten));
    updateActions(); // the mark shows what is, not what was asked for
}

// What is forgotten cannot be brought back, so the person is asked, in place.
void TrafficPage::askToForget(const LiveText &question,
                              bool bookmarked,
                              std::function<void()> forget)
{
    const auto close = [this] {
        m_view->setFocus(); // before the buttons go, which would give it to whatever comes next
        m_messages->removeMessage(u"forget"_s);
    };
    m_askedAbout = selectedIds();
    m_messages->showMessage({.id = u"forget"_s,
                             .tone = Tone::Caution,
                             .subject = question,
                             .text =
                                 [bookmarked] {
                                     return bookmarked ? tr("Also of bookmarked ones. This cannot "
                                                            "be undone.")
                                                       : tr("This cannot be undone.");
                                 },
                             .actions = {{[] { return tr("Forget"); },
                                          [close, forget = std::move(forget)] {
                                              forget();
                                              close();
                                          }},
                                         {[] { return tr("Keep"); }, close}}});
}

QByteArrayList TrafficPage::selectedIds() const
{
    QByteArrayList ids;
    for (const Line &line : selectedLines(mostForgotten))
        ids.append(line.record.requestId);
    return ids;
}

void TrafficPage::withdrawQuestion()
{
    if (m_messages->hasMessage(u"forget"_s) && selectedIds() != m_askedAbout)
        m_messages->removeMessage(u"forget"_s);
}

void TrafficPage::forgetRequests(std::vector<Line> lines)
{
    std::erase_if(lines, [](const Line &line) { return !line.hasCapture; });
    const auto count = static_cast<int>(lines.size());
    const bool bookmarked =
        std::any_of(lines.begin(), lines.end(), [](const Line &line) { return line.bookmarked; });
    const auto question = [count] {
        return tr("Forget head and body of %n requests?", nullptr, count);
    };
    askToForget(question, bookmarked, [this, lines] {
        for (const Line &line : lines) {
            admin::whenDone(services().administration.captures.forget(line.record.requestId),
                            this,
                            [this, id = line.id](const base::Result<> &outcome) {
                                if (!outcome)
                                    return showFailure(outcome.error());
                                m_model->setForgotten(
                                    [id](const Line &one) { return one.id == id; });
                                showCurrentAnew();
                            });
        }
    });
}

void TrafficPage::forgetToken(const Line &line)
{
    const domain::TokenId token = line.record.tokenId;
    askToForget(
        [name = from(line.record.tokenName)] {
            return tr("Forget all heads and bodies of the token %1?").arg(Format::quoted(name));
        },
        true,
        [this, token] {
            admin::whenDone(services().administration.captures.forgetToken(token),
                            this,
                            [this, token](const base::Result<qint64> &count) {
                                if (!count)
                                    return showFailure(count.error());
                                emit noticeRaised([removed = static_cast<int>(*count)] {
                                    return tr("Forgot %n requests", nullptr, removed);
                                });
                                m_model->setForgotten([token](const Line &one) {
                                    return one.record.tokenId == token;
                                });
                                showCurrentAnew();
                            });
        });
}

void TrafficPage::connectExporter()
{
    const auto ended = [this] {
        m_messages->removeMessage(u"export"_s);
        setJob({});
        updateActions();
    };
    connect(m_exporter, &TrafficExporter::progressed, this, [this](qint64 requests) {
        const auto text = [requests] {
            return tr("Exporting, %1 requests so far").arg(Format::count(requests));
        };
        setJob(text());
        m_messages->showMessage(
            {.id = u"export"_s,
             .tone = Tone::Busy,
             .text = text,
             .actions = {{[] { return tr("Cancel"); }, [this] { m_exporter->cancel(); }}},
             .closable = false});
        updateActions();
    });
    connect(m_exporter,
            &TrafficExporter::finished,
            this,
            [this, ended](const QString &file, qint64 requests) {
                ended();
                m_messages->showMessage(
                    {.id = u"exported"_s, .tone = Tone::Good, .text = [requests, file] {
                         return requests == 1 ? tr("One request was written to %1.").arg(file)
                                              : tr("%1 requests were written to %2.")
                                                    .arg(Format::count(requests), file);
                     }});
            });
    connect(m_exporter, &TrafficExporter::cancelled, this, [this, ended] {
        ended();
        emit noticeRaised([] { return tr("The export was cancelled."); });
    });
    connect(m_exporter, &TrafficExporter::failed, this, [this, ended](const base::Error &error) {
        ended();
        showFailure(error);
    });
}

} // namespace gatehouse::ui
