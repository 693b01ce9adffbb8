#include "admin/administration.h"
#include "channeleditor/bulkdialog.h"
#include "channels/testsheet.h"
#include "desktop/closequestion.h"
#include "desktop/pages.h"
#include "desktop/startfailure.h"
#include "frame/aboutdialog.h"
#include "frame/gatewayactions.h"
#include "frame/statusheader.h"
#include "frame/stopquestion.h"
#include "frame/trayicon.h"
#include "settings/importblock.h"
#include "settings/settingspage.h"
#include "support/foreigndatabase.h"
#include "theme/theme.h"
#include "tokens/tokensheet.h"
#include "ui/screenshots/stage.h"
#include "ui/screenshots/takeovers.h"
#include "widgets/dialogs/namedialog.h"

#include <QAction>
#include <QCheckBox>
#include <QDialog>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QTabBar>
#include <QTest>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace gatehouse::screenshots {

namespace {

using ui::PageId;

QString nameOf(PageId page)
{
    switch (page) {
    case PageId::Dashboard:
        return u"dashboard"_s;
    case PageId::Traffic:
        return u"traffic"_s;
    case PageId::Channels:
        return u"channels"_s;
    case PageId::Models:
        return u"models"_s;
    case PageId::Tokens:
        return u"tokens"_s;
    case PageId::Users:
        return u"users"_s;
    case PageId::Settings:
        return u"settings"_s;
    }
    return {};
}

// The page with the tab of that number of its first bar of tabs.
QWidget *tab(Stage &stage, PageId page, int index, int row = -1)
{
    QWidget *window = stage.page(page, {}, row);
    if (auto *tabs = stage.window().currentPage()->findChild<QTabBar *>())
        tabs->setCurrentIndex(index);
    stage.settle();
    return window;
}

QWidget *palette(Stage &stage, const QString &typed)
{
    stage.window().openCommandPalette();
    stage.settle();
    auto *popup = stage.window().findChild<ui::CommandPalette *>();
    if (auto *field = popup->findChild<QLineEdit *>())
        QTest::keyClicks(field, typed);
    stage.settle();
    return popup;
}

QWidget *narrow(Stage &stage, PageId page)
{
    stage.window().resize(stage.window().minimumSize());
    return stage.page(page, {}, 1);
}

QWidget *trayMenu(Stage &stage)
{
    auto *icon = new ui::TrayIcon(stage.services(),
                                  stage.window().gatewayActions(),
                                  {.startsAtLogin = [] { return true; },
                                   .setStartsAtLogin = [](bool) { return base::Result<>(); }},
                                  &stage.window());
    return stage.menu(icon->menu());
}

QWidget *help(Stage &stage, void (ui::MainWindow::*open)())
{
    (stage.window().*open)();
    stage.settle();
    return stage.window().findChild<QDialog *>();
}

QWidget *series(Stage &stage, const QString &action)
{
    QWidget *window = stage.page(PageId::Dashboard);
    auto *found = stage.window().currentPage()->findChild<QAction *>(action);
    found->trigger();
    stage.settle();
    return window;
}

// Settings, Import, with what another gateway's database would bring.
QWidget *importing(Stage &stage)
{
    support::ForeignDatabase source;
    source.addUser(1, u"root"_s, {{u"role"_s, 100}});
    for (const auto &[id, name] : {std::pair(301, u"lin"_s), std::pair(302, u"marta"_s)}) {
        source.addUser(id, name);
        source.addToken(id, id);
    }
    source.addUser(303, u"deleted_5f1c"_s, {{u"status"_s, 3}});
    source.addToken(304, 301, {{u"name"_s, u"build server"_s}, {u"subnet"_s, u"the office"_s}});
    source.addChannel(301, 1, {{u"name"_s, u"OpenAI, shared"_s}});
    source.addChannel(302, 33, {{u"name"_s, u"Bedrock"_s}});
    source.addChannel(303, 77, {{u"name"_s, u"Video service"_s}});
    source.setOption(u"ModelRatio"_s, u"{}"_s);
    QWidget *window = stage.page(PageId::Settings);
    auto *page = qobject_cast<ui::SettingsPage *>(stage.window().currentPage());
    page->showPane(u"import"_s);
    page->findChild<ui::ImportBlock *>()->open(source.path());
    stage.settle();
    return window;
}

// A list with filters that its user has saved, of which the last one is chosen.
QWidget *savedFilters(Stage &stage, PageId page, const QList<std::pair<QString, QString>> &filters)
{
    stage.saveFilters(nameOf(page), filters);
    return stage.page(page, filters.back().second, 0);
}

QWidget *saveFilter(Stage &stage)
{
    stage.page(PageId::Channels, u"model:claude* group:default"_s);
    const auto *page = stage.window().currentPage();
    page->findChild<QAction *>(u"channels.saveFilter"_s)->trigger();
    stage.settle();
    auto *dialog = page->findChild<ui::NameDialog *>();
    if (dialog)
        QTest::keyClicks(dialog->findChild<QLineEdit *>(), u"Claude for everyone"_s);
    return dialog;
}

QWidget *priceDialog(Stage &stage, const QString &action)
{
    tab(stage, PageId::Models, 1, 1);
    return stage.dialog(PageId::Models, action, 1);
}

// The rest of the dialog of a channel, unfolded and scrolled to.
QWidget *channelAdvanced(Stage &stage)
{
    QWidget *dialog = stage.dialog(PageId::Channels, u"channels.edit"_s, 1);
    if (!dialog)
        return nullptr;
    for (QToolButton *button : dialog->findChildren<QToolButton *>()) {
        if (button->isCheckable() && button->arrowType() != Qt::NoArrow)
            button->setChecked(true);
    }
    for (QCheckBox *box : dialog->findChildren<QCheckBox *>()) {
        if (box->text().contains(u"certificate"_s) || box->text().contains(u"证书"_s))
            box->setChecked(true);
    }
    stage.settle();
    if (auto *area = dialog->findChild<QScrollArea *>())
        area->verticalScrollBar()->setValue(area->verticalScrollBar()->maximum());
    stage.settle();
    return dialog;
}

// What is not the plain look of a page, nor opened by an action of its own.
QList<Shot> listed()
{
    QList<Shot> shots{
        {u"dashboard-errors"_s, [](Stage &s) { return tab(s, PageId::Dashboard, 1); }},
        {u"dashboard-tokens"_s, [](Stage &s) { return tab(s, PageId::Dashboard, 2); }},
        {u"dashboard-cost"_s, [](Stage &s) { return tab(s, PageId::Dashboard, 3); }},
        {u"dashboard-latency"_s, [](Stage &s) { return tab(s, PageId::Dashboard, 4); }},
        {u"dashboard-speed"_s, [](Stage &s) { return tab(s, PageId::Dashboard, 5); }},
        {u"dashboard-requests"_s, [](Stage &s) { return tab(s, PageId::Dashboard, 0); }},
        {u"dashboard-table"_s, [](Stage &s) { return series(s, u"dashboard.table"_s); }},
        {u"dashboard-chart"_s, [](Stage &s) { return series(s, u"dashboard.table"_s); }},
        {u"channels-selected"_s, [](Stage &s) { return s.page(PageId::Channels, {}, 1); }},
        {u"channels-test"_s,
         [](Stage &s) {
             if (!s.office())
                 return static_cast<QWidget *>(nullptr);
             auto *sheet = new ui::TestSheet(s.services(), {}, &s.window());
             sheet->start();
             return s.show(sheet);
         }},
        {u"channels-several"_s,
         [](Stage &s) {
             QList<domain::Channel> channels;
             for (const auto &each : s.services().administration.publisher.catalog()->channels())
                 channels.append(each->channel);
             return s.office() ? s.show(new ui::BulkDialog(channels, &s.window())) : nullptr;
         }},
        {u"channels-nothing"_s, [](Stage &s) { return s.page(PageId::Channels, u"quantum"_s); }},
        {u"traffic-selected"_s, [](Stage &s) { return s.page(PageId::Traffic, {}, 4); }},
        {u"traffic-errors"_s,
         [](Stage &s) { return s.page(PageId::Traffic, u"status:error since:24h"_s, 1); }},
        {u"traffic-nothing"_s,
         [](Stage &s) { return s.page(PageId::Traffic, u"model:quantum cost:>x"_s); }},
        {u"traffic-filters"_s,
         [](Stage &s) {
             return savedFilters(
                 s,
                 PageId::Traffic,
                 {{u"Build agent"_s, u"token:build-agent"_s},
                  {u"Dear ones"_s, u"cost:>0.5"_s},
                  {u"Claude Code, today"_s, u"client:\"Claude Code\" since:24h"_s}});
         }},
        {u"channels-filters"_s,
         [](Stage &s) {
             return savedFilters(s,
                                 PageId::Channels,
                                 {{u"Embeddings"_s, u"model:*embedding*"_s},
                                  {u"GPT"_s, u"model:gpt*"_s},
                                  {u"Claude"_s, u"model:claude*"_s}});
         }},
        {u"models-filters"_s,
         [](Stage &s) {
             tab(s, PageId::Models, 0);
             return savedFilters(
                 s,
                 PageId::Models,
                 {{u"OpenRouter"_s, u"channel:OpenRouter"_s}, {u"Qwen"_s, u"model:qwen*"_s}});
         }},
        {u"tokens-filters"_s,
         [](Stage &s) {
             return savedFilters(
                 s,
                 PageId::Tokens,
                 {{u"Build"_s, u"owner:build"_s}, {u"Alice and her devices"_s, u"owner:alice"_s}});
         }},
        {u"users-filters"_s,
         [](Stage &s) {
             return savedFilters(
                 s,
                 PageId::Users,
                 {{u"Switched off"_s, u"enabled:no"_s}, {u"Everyone else"_s, u"enabled:yes"_s}});
         }},
        {u"filter-save"_s, saveFilter},
        {u"settings-import"_s, importing},
        {u"prices"_s, [](Stage &s) { return tab(s, PageId::Models, 1); }},
        {u"prices-add"_s, [](Stage &s) { return priceDialog(s, u"models.addPrice"_s); }},
        {u"prices-set"_s, [](Stage &s) { return priceDialog(s, u"models.setPrice"_s); }},
        {u"channel-advanced"_s, channelAdvanced},
        {u"palette"_s, [](Stage &s) { return palette(s, {}); }},
        {u"palette-typed"_s, [](Stage &s) { return palette(s, u"open"_s); }},
        {u"shortcuts"_s, [](Stage &s) { return help(s, &ui::MainWindow::openShortcuts); }},
        {u"about"_s, [](Stage &s) { return help(s, &ui::MainWindow::openAbout); }},
        {u"tray-menu"_s, trayMenu},
        {u"stop-question"_s,
         [](Stage &s) {
             return s.show(new ui::StopQuestion(s.services().gateway, 3, &s.window()));
         }},
        {u"close-question"_s,
         [](Stage &s) { return s.show(new app::CloseQuestion(true, &s.window())); }},
        {u"start-failure"_s,
         [](Stage &s) {
             return s.show(new app::StartFailure(
                 {.message = u"There is no keychain to keep the master key in."_s,
                  .needsSecretsChoice = true},
                 &s.window()));
         }},
        {u"token-sheet"_s,
         [](Stage &s) {
             return s.office() ? s.show(new ui::TokenSheet(s.services(),
                                                           s.office()->token(),
                                                           ui::TokenSheet::Reason::Created,
                                                           &s.window()))
                               : nullptr;
         }},
    };
    for (const PageId page : {PageId::Dashboard, PageId::Traffic, PageId::Channels, PageId::Tokens})
        shots.append({u"narrow-"_s + nameOf(page), [page](Stage &s) { return narrow(s, page); }});
    return shots + takeovers();
}

} // namespace

QList<Shot> shots(Stage &stage)
{
    QList<Shot> all;
    for (const auto &[id, factory] : app::pageFactories()) {
        const QString name = nameOf(id);
        all.append({name, [page = id](Stage &s) { return s.page(page, {}, 1); }});
        all.append({u"empty-"_s + name, [page = id](Stage &s) { return s.page(page); }, true});
        ui::Page *made = stage.window().page(id);
        for (const QAction *action : made->pageActions()) {
            const QString opener = action->objectName();
            if (action->text().endsWith(u'…'))
                all.append({QString(opener).replace(u'.', u'-'),
                            [page = id, opener](Stage &s) { return s.dialog(page, opener); }});
        }
    }
    return all + listed();
}

} // namespace gatehouse::screenshots
