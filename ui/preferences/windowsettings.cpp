#include "preferences/windowsettings.h"

#include "theme/clockformat.h"
#include "widgets/format.h"
#include "widgets/uistate.h"

#include <QCoreApplication>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::SettingChoice;
using admin::SettingView;

namespace {

struct WindowSettings
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::WindowSettings)
};

SettingView choice(const QString &key,
                   const QString &label,
                   const QString &description,
                   const QString &fallback,
                   std::vector<SettingChoice> choices)
{
    return {.key = key,
            .label = label,
            .description = description,
            .kind = SettingView::Kind::Choice,
            .defaultValue = fallback,
            .choices = std::move(choices)};
}

SettingView boolean(const QString &key, const QString &label, const QString &description)
{
    return {.key = key,
            .label = label,
            .description = description,
            .kind = SettingView::Kind::Boolean,
            .defaultValue = u"true"_s};
}

SettingView language()
{
    return choice(windowkey::language,
                  WindowSettings::tr("Language"),
                  WindowSettings::tr("Changes at once."),
                  {},
                  {{{}, WindowSettings::tr("As the system")},
                   {u"en"_s, u"English"_s},
                   {u"zh_CN"_s, u"简体中文"_s}});
}

SettingView scheme()
{
    return choice(windowkey::scheme,
                  WindowSettings::tr("Theme"),
                  WindowSettings::tr("Changes at once."),
                  u"system"_s,
                  {{u"system"_s, WindowSettings::tr("As the system")},
                   {u"light"_s, WindowSettings::tr("Light")},
                   {u"dark"_s, WindowSettings::tr("Dark")}});
}

SettingView timeFormat()
{
    return choice(windowkey::clockFormat,
                  WindowSettings::tr("Time format"),
                  WindowSettings::tr("Of times of day. Changes at once."),
                  u"system"_s,
                  {{u"system"_s, WindowSettings::tr("As the system")},
                   {u"24"_s, WindowSettings::tr("24 hours (18:30)")},
                   {u"12"_s, WindowSettings::tr("12 hours (6:30 PM)")}});
}

SettingView units()
{
    return choice(windowkey::units,
                  WindowSettings::tr("Units"),
                  WindowSettings::tr("Of sizes. Changes at once."),
                  u"binary"_s,
                  {{u"binary"_s, WindowSettings::tr("KiB, MiB, GiB (of 1024)")},
                   {u"decimal"_s, WindowSettings::tr("kB, MB, GB (of 1000)")}});
}

SettingView startPage()
{
    return choice(windowkey::startPage,
                  WindowSettings::tr("Start page"),
                  WindowSettings::tr("The page that the window opens with."),
                  {},
                  {{{}, WindowSettings::tr("The one shown last")},
                   {u"0"_s, WindowSettings::tr("Dashboard")},
                   {u"1"_s, WindowSettings::tr("Traffic")},
                   {u"2"_s, WindowSettings::tr("Channels")},
                   {u"3"_s, WindowSettings::tr("Models")},
                   {u"4"_s, WindowSettings::tr("Tokens")}});
}

SettingView people()
{
    return choice(windowkey::people,
                  WindowSettings::tr("Who uses it"),
                  WindowSettings::tr("For one person the page of users stays out of the way. Users "
                                     "that exist keep their tokens and budgets."),
                  u"several"_s,
                  {{u"one"_s, WindowSettings::tr("Just me")},
                   {u"several"_s, WindowSettings::tr("Several people")}});
}

SettingView close()
{
    return choice(
        windowkey::close,
        WindowSettings::tr("Closing the window"),
        WindowSettings::tr("What becomes of the gateway when the window is closed."),
        {},
        {{{}, WindowSettings::tr("Asks what to do")},
         {windowkey::closeToTray, WindowSettings::tr("Keeps the gateway running in the tray")},
         {windowkey::closeMinimizes,
          WindowSettings::tr("Minimises the window, the gateway runs on")},
         {windowkey::closeQuits, WindowSettings::tr("Quits Gatehouse")}});
}

SettingView clipboard()
{
    constexpr double longest = 3600;
    return {.key = windowkey::clipboard,
            .label = WindowSettings::tr("Clipboard"),
            .description = WindowSettings::tr(
                "After this time keys that were copied are taken out of the clipboard, unless "
                "something else was copied meanwhile; 0: they stay"),
            .kind = SettingView::Kind::Seconds,
            .most = longest,
            .defaultValue = u"30"_s};
}

SettingView lock()
{
    constexpr double day = 24 * 60;
    return {
        .key = windowkey::lockAfter,
        .label = WindowSettings::tr("Lock the window after"),
        .description = WindowSettings::tr(
            "When nobody has used a window of Gatehouse for so long, it asks for the password of "
            "the administrator, and so does each start; the gateway goes on."),
        .kind = SettingView::Kind::Minutes,
        .most = day,
        .defaultValue = u"0"_s};
}

// Of a setting that is a whole number; its default where what is stored is none.
int storedNumber(const SettingView &setting, const UiState &state)
{
    bool isNumber = false;
    const int stored = state.value(setting.key, setting.defaultValue).toInt(&isNumber);
    return isNumber && stored >= 0 && stored <= setting.most ? stored
                                                             : setting.defaultValue.toInt();
}

SettingView notification(const QString &name)
{
    static const QHash<QString, QPair<const char *, const char *>> texts{
        {u"channelOpened"_s,
         {QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings", "Channel fails"),
          QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings",
                            "A channel is left out because it fails")}},
        {u"channelRecovered"_s,
         {QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings", "Channel is back"),
          QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings",
                            "A channel that failed serves again")}},
        {u"modelDown"_s,
         {QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings", "Model is down"),
          QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings",
                            "No channel serves a model any more")}},
        {u"budget"_s,
         {QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings", "Budget"),
          QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings", "80 % or all of a budget is spent")}},
        {u"keyRefused"_s,
         {QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings", "Key refused"),
          QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings", "A provider refuses a key")}},
        {u"addressChanged"_s,
         {QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings", "Address"),
          QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings",
                            "The gateway has another port or address")}},
        {u"backupFailed"_s,
         {QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings", "Backup failed"),
          QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings",
                            "A backup that was due could not be made")}},
        {u"stillRunning"_s,
         {QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings", "Still running"),
          QT_TRANSLATE_NOOP("gatehouse::ui::WindowSettings",
                            "The gateway goes on without a window")}}};
    const auto text = texts.value(name);
    return boolean(
        windowkey::notify + name, WindowSettings::tr(text.first), WindowSettings::tr(text.second));
}

} // namespace

QStringList notificationNames()
{
    return {u"channelOpened"_s,
            u"channelRecovered"_s,
            u"modelDown"_s,
            u"budget"_s,
            u"keyRefused"_s,
            u"addressChanged"_s,
            u"backupFailed"_s,
            u"stillRunning"_s};
}

std::vector<SettingView> windowSettings(const UiState &state)
{
    std::vector<SettingView> all{language(),
                                 scheme(),
                                 timeFormat(),
                                 units(),
                                 startPage(),
                                 people(),
                                 close(),
                                 clipboard(),
                                 lock()};
    all.push_back(boolean(windowkey::hidden,
                          WindowSettings::tr("Start hidden"),
                          WindowSettings::tr("A start at login shows no window")));
    for (const QString &name : notificationNames())
        all.push_back(notification(name));
    for (SettingView &view : all) {
        view.value = state.value(view.key, view.defaultValue).toString();
        const auto known = [&view](const SettingChoice &each) { return each.value == view.value; };
        if (view.kind == SettingView::Kind::Choice
            && std::none_of(view.choices.begin(), view.choices.end(), known))
            view.value = view.defaultValue;
        view.isModified = view.value != view.defaultValue;
        if (view.key == windowkey::language)
            view.variable = u"GATEHOUSE_LANG"_s;
        else if (view.key == windowkey::scheme)
            view.variable = u"GATEHOUSE_THEME"_s;
        if (const QString origin = state.originOf(view.key); !origin.isEmpty()) {
            view.fromEnvironment = true;
            view.variable = origin;
        }
    }
    return all;
}

SettingView keepAwakeSetting(const UiState &state)
{
    SettingView view = boolean(
        windowkey::keepAwake,
        WindowSettings::tr("Keep awake"),
        WindowSettings::tr("While answers run, the computer does not go to sleep by itself"));
    view.defaultValue = u"false"_s;
    view.value = state.value(view.key, view.defaultValue).toString();
    view.isModified = view.value != view.defaultValue;
    return view;
}

std::chrono::seconds clipboardLifetime(const UiState &state)
{
    return std::chrono::seconds(storedNumber(clipboard(), state));
}

std::chrono::minutes lockDelay(const UiState &state)
{
    return std::chrono::minutes(storedNumber(lock(), state));
}

void applyFormats(const UiState &state)
{
    const QString clock = state.value(windowkey::clockFormat).toString();
    if (clock == "24"_L1)
        setClockFormat(ClockFormat::Hours24);
    else
        setClockFormat(clock == "12"_L1 ? ClockFormat::Hours12 : systemClockFormat());
    Format::setDecimalSizes(state.value(windowkey::units).toString() == "decimal"_L1);
}

bool isForSeveralPeople(const UiState &state)
{
    return state.value(windowkey::people).toString() != "one"_L1;
}

} // namespace gatehouse::ui
