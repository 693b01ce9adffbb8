#include "widgets/actiontips.h"

#include <QCoreApplication>
#include <QHash>

namespace gatehouse::ui {

namespace {

struct ActionTip
{
    const char *name = "";
    const char *text = "";
};

// Of every page with a list, without the name of the page.
constexpr ActionTip listTips[] = {
    {"exportList", QT_TRANSLATE_NOOP("ActionTips", "Writes the list as it is shown into a file.")},
    {"refresh", QT_TRANSLATE_NOOP("ActionTips", "Reads the list anew.")},
    {"removeFilter", QT_TRANSLATE_NOOP("ActionTips", "Removes the saved filter.")},
    {"renameFilter", QT_TRANSLATE_NOOP("ActionTips", "Gives the saved filter another name.")},
    {"saveFilter",
     QT_TRANSLATE_NOOP("ActionTips", "Keeps the filter under a name of your choice.")},
};

constexpr ActionTip channelsTips[] = {
    {"channels.add", QT_TRANSLATE_NOOP("ActionTips", "Adds the account of a provider.")},
    {"channels.copyUrl",
     QT_TRANSLATE_NOOP("ActionTips", "Copies the address that requests are sent to.")},
    {"channels.delete",
     QT_TRANSLATE_NOOP("ActionTips", "Deletes the selected channels; this can be undone.")},
    {"channels.detail",
     QT_TRANSLATE_NOOP("ActionTips", "Opens or closes the details beside the list.")},
    {"channels.duplicate",
     QT_TRANSLATE_NOOP("ActionTips", "Makes a copy that is disabled at first and has no keys.")},
    {"channels.edit",
     QT_TRANSLATE_NOOP("ActionTips", "Changes the selected channel, or several at once.")},
    {"channels.errors",
     QT_TRANSLATE_NOOP("ActionTips", "Shows the failed requests of the selected channels.")},
    {"channels.export",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Writes the selected channels into a file, without their keys.")},
    {"channels.json",
     QT_TRANSLATE_NOOP("ActionTips", "Copies the selected channels as JSON, without their keys.")},
    {"channels.paste",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Makes a channel of a key, an address or a cURL command that was copied.")},
    {"channels.priority", QT_TRANSLATE_NOOP("ActionTips", "Sets which channels are tried first.")},
    {"channels.refreshBalance",
     QT_TRANSLATE_NOOP("ActionTips", "Asks the providers what is left on the accounts.")},
    {"channels.refreshModels",
     QT_TRANSLATE_NOOP("ActionTips", "Asks the provider which models it offers.")},
    {"channels.resetBreaker",
     QT_TRANSLATE_NOOP("ActionTips", "Gives keys that are resting a new chance at once.")},
    {"channels.scan", QT_TRANSLATE_NOOP("ActionTips", "Looks for model servers on this machine.")},
    {"channels.test",
     QT_TRANSLATE_NOOP("ActionTips", "Sends a small request through the selected channels.")},
    {"channels.testAll",
     QT_TRANSLATE_NOOP("ActionTips", "Sends a small request through every channel.")},
    {"channels.testModel",
     QT_TRANSLATE_NOOP("ActionTips", "Tests the selected channel with a model of your choice.")},
    {"channels.toggle",
     QT_TRANSLATE_NOOP("ActionTips", "Takes the selected channels into use or out of it.")},
    {"channels.traffic",
     QT_TRANSLATE_NOOP("ActionTips", "Shows the requests of the selected channels.")},
};

constexpr ActionTip dashboardTips[] = {
    {"dashboard.compare",
     QT_TRANSLATE_NOOP("ActionTips", "Shows the same span of time before, dashed.")},
    {"dashboard.export",
     QT_TRANSLATE_NOOP("ActionTips", "Writes the numbers of the chart that is shown into a file.")},
    {"dashboard.logarithmic",
     QT_TRANSLATE_NOOP("ActionTips", "Gives short and long latencies the same room.")},
    {"dashboard.range",
     QT_TRANSLATE_NOOP("ActionTips", "Chooses the days that the dashboard shows.")},
    {"dashboard.refresh", QT_TRANSLATE_NOOP("ActionTips", "Reads the figures anew.")},
    {"dashboard.table",
     QT_TRANSLATE_NOOP("ActionTips", "Shows the figures of the chart as a table.")},
};

constexpr ActionTip modelsTips[] = {
    {"models.addPrice",
     QT_TRANSLATE_NOOP("ActionTips", "Sets a price for a model or a pattern of names.")},
    {"models.channelPrice",
     QT_TRANSLATE_NOOP("ActionTips", "Sets a price that holds for one channel alone.")},
    {"models.explain",
     QT_TRANSLATE_NOOP(
         "ActionTips",
         "Says which channels would serve a request, in which order, and why not the others.")},
    {"models.recalculate",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Prices past requests by what was in force then; this can be undone.")},
    {"models.removePrice",
     QT_TRANSLATE_NOOP("ActionTips", "Removes the selected prices that were in force or will be.")},
    {"models.resetPrice",
     QT_TRANSLATE_NOOP("ActionTips", "Gives the selected models their built-in price again.")},
    {"models.routing",
     QT_TRANSLATE_NOOP(
         "ActionTips",
         "Chooses how requests for the selected models are shared among their channels.")},
    {"models.setPrice",
     QT_TRANSLATE_NOOP(
         "ActionTips",
         "Sets what the selected model costs from now on. Its former price is kept for the "
         "requests of before; an edit in its cells corrects it for those, too.")},
    {"models.traffic",
     QT_TRANSLATE_NOOP("ActionTips", "Shows the requests for the selected models.")},
};

constexpr ActionTip tokensTips[] = {
    {"tokens.add", QT_TRANSLATE_NOOP("ActionTips", "Makes a key that a program may use.")},
    {"tokens.copyName", QT_TRANSLATE_NOOP("ActionTips", "Copies the name of the selected token.")},
    {"tokens.copyPrefix",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Copies the beginning of the key, by which it is recognised.")},
    {"tokens.delete",
     QT_TRANSLATE_NOOP("ActionTips", "Deletes the selected tokens; this can be undone.")},
    {"tokens.detail",
     QT_TRANSLATE_NOOP("ActionTips", "Opens or closes the details beside the list.")},
    {"tokens.duplicate",
     QT_TRANSLATE_NOOP("ActionTips", "Makes other tokens with the same limits.")},
    {"tokens.edit",
     QT_TRANSLATE_NOOP(
         "ActionTips",
         "Changes limits, models and budget of the selected token, or of several at once.")},
    {"tokens.endGrace",
     QT_TRANSLATE_NOOP("ActionTips", "Lets the former key of a rotated token end now.")},
    {"tokens.resetUsage",
     QT_TRANSLATE_NOOP("ActionTips", "Counts what the token has spent from zero again.")},
    {"tokens.reveal", QT_TRANSLATE_NOOP("ActionTips", "Copies the key of the selected token.")},
    {"tokens.rotate",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Gives the token a new key; the former one can stay valid for a while.")},
    {"tokens.show",
     QT_TRANSLATE_NOOP("ActionTips", "Shows the key as text, QR code and lines for programs.")},
    {"tokens.toggle", QT_TRANSLATE_NOOP("ActionTips", "Lets the selected tokens be used, or not.")},
    {"tokens.topUp20",
     QT_TRANSLATE_NOOP("ActionTips", "Adds 20 dollars to what the selected tokens may spend.")},
    {"tokens.topUp5",
     QT_TRANSLATE_NOOP("ActionTips", "Adds 5 dollars to what the selected tokens may spend.")},
    {"tokens.traffic",
     QT_TRANSLATE_NOOP("ActionTips", "Shows the requests of the selected tokens.")},
};

constexpr ActionTip usersTips[] = {
    {"users.add", QT_TRANSLATE_NOOP("ActionTips", "Makes an account with a budget of its own.")},
    {"users.delete",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Deletes the selected users and their tokens; this can be undone.")},
    {"users.edit",
     QT_TRANSLATE_NOOP(
         "ActionTips",
         "Changes name, group and budget of the selected user, or of several at once.")},
    {"users.groups",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Makes, renames, prices and removes the groups that users are in.")},
    {"users.signOut",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Ends all sessions of the selected users and voids their access tokens.")},
    {"users.toggle",
     QT_TRANSLATE_NOOP("ActionTips", "Lets the selected users sign in and spend, or not.")},
    {"users.tokens", QT_TRANSLATE_NOOP("ActionTips", "Shows the tokens of the selected users.")},
    {"users.topUp20",
     QT_TRANSLATE_NOOP("ActionTips", "Adds 20 dollars to what the selected users may spend.")},
    {"users.topUp5",
     QT_TRANSLATE_NOOP("ActionTips", "Adds 5 dollars to what the selected users may spend.")},
    {"users.traffic", QT_TRANSLATE_NOOP("ActionTips", "Shows the requests of the selected users.")},
};

constexpr ActionTip trafficTips[] = {
    {"traffic.addPrice",
     QT_TRANSLATE_NOOP("ActionTips", "Sets a price for the model of the selected request.")},
    {"traffic.bookmark",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Keeps the selected requests when old ones are removed, or no more.")},
    {"traffic.byModel",
     QT_TRANSLATE_NOOP("ActionTips", "Shows the requests for the same model alone.")},
    {"traffic.bySession",
     QT_TRANSLATE_NOOP("ActionTips", "Shows the requests of the same session alone.")},
    {"traffic.cancel",
     QT_TRANSLATE_NOOP("ActionTips", "Ends the selected request, which still runs.")},
    {"traffic.capture",
     QT_TRANSLATE_NOOP("ActionTips", "Chooses which heads and bodies are kept.")},
    {"traffic.channel",
     QT_TRANSLATE_NOOP("ActionTips", "Shows the channel that served the request.")},
    {"traffic.clear", QT_TRANSLATE_NOOP("ActionTips", "Empties the list; nothing is deleted.")},
    {"traffic.copyCurl",
     QT_TRANSLATE_NOOP("ActionTips", "Copies the request so that a terminal can repeat it.")},
    {"traffic.copyError", QT_TRANSLATE_NOOP("ActionTips", "Copies what went wrong.")},
    {"traffic.copyId",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Copies the number by which provider and log know the request.")},
    {"traffic.details", QT_TRANSLATE_NOOP("ActionTips", "Opens or closes the inspector.")},
    {"traffic.detailsRight",
     QT_TRANSLATE_NOOP("ActionTips", "Puts the inspector beside the list or below it.")},
    {"traffic.disableToken",
     QT_TRANSLATE_NOOP("ActionTips", "Lets the token of the request be used no more.")},
    {"traffic.explain",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Says which channels would serve this model, in which order.")},
    {"traffic.exportCsv",
     QT_TRANSLATE_NOOP("ActionTips", "Writes all that the filter lets through into a table.")},
    {"traffic.exportHar",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Writes all that the filter lets through into an HTTP archive.")},
    {"traffic.exportJson",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Writes all that the filter lets through, one request a line.")},
    {"traffic.forget",
     QT_TRANSLATE_NOOP("ActionTips", "Deletes the kept heads and bodies of this request.")},
    {"traffic.forgetToken",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Deletes the kept heads and bodies of all requests of this token.")},
    {"traffic.pause",
     QT_TRANSLATE_NOOP("ActionTips", "Lets the list stand still; requests go on.")},
    {"traffic.saveHar",
     QT_TRANSLATE_NOOP("ActionTips", "Writes this request into an HTTP archive.")},
    {"traffic.token",
     QT_TRANSLATE_NOOP("ActionTips", "Shows the token that the request came with.")},
};

// Of the window itself, its menus and the settings.
constexpr ActionTip windowTips[] = {
    {"edit.find", QT_TRANSLATE_NOOP("ActionTips", "Goes to the filter of the page.")},
    {"edit.redo", QT_TRANSLATE_NOOP("ActionTips", "Does again what was undone.")},
    {"edit.undo", QT_TRANSLATE_NOOP("ActionTips", "Takes back what was done last.")},
    {"file.close",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Closes the window; the gateway goes on as the settings say.")},
    {"file.quit", QT_TRANSLATE_NOOP("ActionTips", "Ends Gatehouse, and the gateway with it.")},
    {"file.settings", QT_TRANSLATE_NOOP("ActionTips", "Opens the settings.")},
    {"gateway.example",
     QT_TRANSLATE_NOOP("ActionTips", "Copies a request that can be sent from a terminal.")},
    {"help.about",
     QT_TRANSLATE_NOOP("ActionTips", "Shows the version, the licences and where the data lies.")},
    {"help.setUp",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Asks the questions of the first start again; what there is stays.")},
    {"help.shortcuts", QT_TRANSLATE_NOOP("ActionTips", "Lists every key and what it does.")},
    {"settings.search", QT_TRANSLATE_NOOP("ActionTips", "Goes to the search of the settings.")},
    {"tools.copyAddress",
     QT_TRANSLATE_NOOP("ActionTips", "Copies the address that programs are given.")},
    {"tools.history",
     QT_TRANSLATE_NOOP("ActionTips", "Shows who changed what, and when, with all sign-ins.")},
    {"tools.lock",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Hides everything until the password of the administrator is given.")},
    {"tools.palette",
     QT_TRANSLATE_NOOP("ActionTips", "Finds pages, actions, channels and requests by typing.")},
    {"view.navigationNames",
     QT_TRANSLATE_NOOP("ActionTips",
                       "Shows the names of the pages beside their icons, or the icons only.")},
    {"view.nextPane",
     QT_TRANSLATE_NOOP("ActionTips", "Moves the focus to the next part of the window.")},
    {"view.previousPane",
     QT_TRANSLATE_NOOP("ActionTips", "Moves the focus to the part of the window before.")},
    {"window.minimize", QT_TRANSLATE_NOOP("ActionTips", "Puts the window away.")},
};

using TipsByName = QHash<QString, const char *>;

template<size_t N>
void addTips(TipsByName &all, const ActionTip (&tips)[N])
{
    for (const ActionTip &tip : tips)
        all.insert(QString::fromLatin1(tip.name), tip.text);
}

TipsByName allTips()
{
    TipsByName all;
    addTips(all, listTips);
    addTips(all, channelsTips);
    addTips(all, dashboardTips);
    addTips(all, modelsTips);
    addTips(all, tokensTips);
    addTips(all, usersTips);
    addTips(all, trafficTips);
    addTips(all, windowTips);
    return all;
}

} // namespace

QString actionTip(const QString &name)
{
    static const TipsByName tips = allTips();
    auto found = tips.constFind(name);
    if (found == tips.cend())
        found = tips.constFind(name.section(u'.', 1));
    return found == tips.cend() ? QString() : QCoreApplication::translate("ActionTips", *found);
}

} // namespace gatehouse::ui
