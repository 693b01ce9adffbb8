// The part of MainWindow that fills the command palette.
#include "admin/administration.h"
#include "admin/flow.h"
#include "domain/filterquery.h"
#include "frame/mainwindow.h"
#include "frame/menus.h"
#include "frame/navigation.h"
#include "preferences/windowsettings.h"
#include "theme/icons.h"
#include "widgets/buttons.h"

#include <QAction>
#include <QActionGroup>
#include <QMenu>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// One of several choices says little without the title of their submenu, such as Theme.
QString itemText(const QAction *action)
{
    const QString text = withoutMnemonic(action->text());
    if (!action->actionGroup())
        return text;
    const QList<QObject *> places = action->associatedObjects();
    for (const QObject *place : places) {
        const auto *menu = qobject_cast<const QMenu *>(place);
        if (menu && !menu->title().isEmpty())
            return MainWindow::tr("%1: %2").arg(withoutMnemonic(menu->title()), text);
    }
    return text;
}

// By which it is found in English whatever the language is: "channels add" of "channels.add".
QString wordsOf(const QAction *action)
{
    QString words;
    const QString name = action->objectName();
    for (const QChar each : name) {
        if (each.isUpper())
            words += u' ';
        words += each.isLetterOrNumber() ? each.toLower() : QChar(u' ');
    }
    return words;
}

bool isOffered(const QAction *action)
{
    return !action->isSeparator() && action->isEnabled() && !action->text().isEmpty();
}

} // namespace

std::vector<PaletteItem> MainWindow::paletteItems()
{
    std::vector<PaletteItem> items;
    for (QAction *action : m_menus->actions()) {
        if (!isOffered(action))
            continue;
        items.push_back({.text = itemText(action),
                         .kind = tr("Command"),
                         .words = wordsOf(action),
                         .icon = action->icon(),
                         .shortcut = action->shortcut(),
                         .run = [action = QPointer<QAction>(action)] {
                             if (action)
                                 action->trigger();
                         }});
    }
    const auto catalog = m_services.administration.publisher.catalog();
    if (!catalog)
        return items;
    QSet<QString> models;
    for (const auto &each : catalog->channels()) {
        const domain::Channel &channel = each->channel;
        items.push_back({.text = channel.name,
                         .kind = tr("Channel"),
                         .icon = icon(u"waypoints"_s),
                         .run = [this, id = channel.id] {
                             if (Page *target = showPage(PageId::Channels))
                                 target->showItem(id.value);
                         }});
        for (const QString &model : channel.models)
            models.insert(model);
    }
    for (const QString &model : std::as_const(models)) {
        items.push_back(
            {.text = model, .kind = tr("Model"), .icon = icon(u"boxes"_s), .run = [this, model] {
                 if (Page *target = showPage(PageId::Models))
                     target->setFilter(domain::wholeTerm(u"model"_s, model));
             }});
    }
    return items;
}

// What the other pages can do without anything selected. Making one takes a moment, so that each has a turn
// of the event loop of its own.
void MainWindow::addItemsOfOtherPages(QList<PageId> left, int opening)
{
    if (left.isEmpty() || opening != m_paletteOpenings || !m_palette->isVisible())
        return;
    const PageId id = left.takeFirst();
    std::vector<PaletteItem> items;
    if (const Page *other = page(id); other && other != currentPage()) {
        for (QAction *action : other->pageActions()) {
            if (!isOffered(action))
                continue;
            items.push_back({.text = tr("%1: %2", "a page and what it can do")
                                         .arg(Navigation::title(id), itemText(action)),
                             .kind = tr("Command"),
                             .words = wordsOf(action),
                             .icon = action->icon(),
                             .shortcut = action->shortcut(),
                             .run = [this, id, action = QPointer<QAction>(action)] {
                                 if (showPage(id) && action && action->isEnabled())
                                     action->trigger();
                             }});
        }
    }
    m_palette->addItems(std::move(items));
    QMetaObject::invokeMethod(
        this, [this, left, opening] { addItemsOfOtherPages(left, opening); }, Qt::QueuedConnection);
}

// What has to be read from the database follows a moment later.
void MainWindow::addStoredItems()
{
    admin::whenDone(m_services.administration.tokenManager.list(m_services.actor),
                    this,
                    [this](const base::Result<std::vector<admin::TokenListing>> &tokens) {
                        if (!tokens || !m_palette->isVisible())
                            return;
                        std::vector<PaletteItem> items;
                        for (const admin::TokenListing &each : *tokens) {
                            items.push_back({.text = each.token.name,
                                             .kind = tr("Token"),
                                             .icon = icon(u"key-round"_s),
                                             .run = [this, id = each.token.id] {
                                                 if (Page *target = showPage(PageId::Tokens))
                                                     target->showItem(id.value);
                                             }});
                        }
                        m_palette->addItems(std::move(items));
                    });
    admin::whenDone(m_services.administration.users.listings(m_services.actor),
                    this,
                    [this](const base::Result<std::vector<admin::UserListing>> &users) {
                        if (!users || !m_palette->isVisible())
                            return;
                        std::vector<PaletteItem> items;
                        for (const admin::UserListing &each : *users) {
                            items.push_back({.text = each.user.username,
                                             .kind = tr("User"),
                                             .icon = icon(u"users"_s),
                                             .run = [this, id = each.user.id] {
                                                 if (Page *target = showPage(PageId::Users))
                                                     target->showItem(id.value);
                                             }});
                        }
                        m_palette->addItems(std::move(items));
                    });
}

void MainWindow::openCommandPalette()
{
    std::vector<PaletteItem> items = paletteItems();
    std::vector<admin::SettingView> settings = m_services.administration.settings.all();
    for (admin::SettingView &each : windowSettings(m_services.state))
        settings.push_back(std::move(each));
    for (const admin::SettingView &setting : settings) {
        items.push_back(
            {.text = tr("%1 (%2)", "a setting and its key").arg(setting.label, setting.key),
             .kind = tr("Setting"),
             .icon = icon(u"settings"_s),
             .run = [this, key = setting.key] {
                 if (Page *target = showPage(PageId::Settings))
                     target->setFilter(key);
             }});
    }
    if (const Page *made = page(PageId::Settings)) {
        for (const PagePlace &place : made->places()) {
            items.push_back({.text = place.text,
                             .kind = tr("Settings"),
                             .words = place.words,
                             .icon = icon(u"settings"_s),
                             .run = [this, id = place.id] {
                                 if (Page *target = showPage(PageId::Settings))
                                     target->showPlace(id);
                             }});
        }
    }
    m_foundRequest.clear();
    m_palette->openWith(std::move(items));
    QMetaObject::invokeMethod(
        this,
        [this, opening = ++m_paletteOpenings] {
            addItemsOfOtherPages(m_navigation->pages(), opening);
        },
        Qt::QueuedConnection);
    addStoredItems();
}

// What may be the id of a request is looked for; a request that is found is offered.
void MainWindow::findRequest(const QString &typed)
{
    static const QRegularExpression id(u"^[A-Za-z0-9._-]{8,160}$"_s);
    const QString wanted = typed.trimmed();
    if (wanted == m_foundRequest || !id.match(wanted).hasMatch())
        return;
    admin::whenDone(m_services.administration.traffic.find(wanted.toUtf8()),
                    this,
                    [this, wanted](const base::Result<admin::TrafficLine> &line) {
                        if (!line || !m_palette->isVisible()
                            || m_palette->text().trimmed() != wanted || wanted == m_foundRequest)
                            return;
                        m_foundRequest = wanted;
                        m_palette->addItems({{.text = wanted,
                                              .kind = tr("Request"),
                                              .icon = icon(u"activity"_s),
                                              .run = [this, wanted] { showRequest(wanted); }}});
                    });
}

void MainWindow::showRequest(const QString &requestId)
{
    if (Page *traffic = showPage(PageId::Traffic))
        traffic->setFilter(domain::exactTerm(u"id"_s, requestId));
}

} // namespace gatehouse::ui
