// Makes pictures of every page and dialog, for people to look at:
//     screenshots DIRECTORY [--only WORD …] [--scheme light|dark] [--language en|zh_CN]
//                 [--scale 1|2] [--font FAMILY]
// Without an option, all of them. They are called NAME-SCHEME[-zh][@2x].png.
#include "desktop/language.h"
#include "program.h"
#include "theme/theme.h"
#include "ui/screenshots/stage.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>
#include <QFontDatabase>
#include <QMenu>
#include <QProcess>
#include <QTest>

#include <cstdio>
#include <cstring>

using namespace gatehouse;
using namespace Qt::StringLiterals;

namespace {

struct Wish
{
    QDir directory{};
    QStringList only{}; // parts of names; empty: all
    QString scheme{};   // empty: both
    QString language{}; // empty: both

    bool includes(const QString &name) const
    {
        return only.isEmpty()
               || std::any_of(only.begin(), only.end(), [&name](const QString &word) {
                      return name.contains(word);
                  });
    }
};

// The scale is set before there is an application, so it has its own look at the arguments.
const char *scaleFrom(int count, char **arguments)
{
    for (int i = 1; i + 1 < count; ++i) {
        if (std::strcmp(arguments[i], "--scale") == 0)
            return arguments[i + 1];
    }
    return nullptr;
}

int runForEachScale(const QStringList &arguments)
{
    for (const QString &scale : {u"1"_s, u"2"_s}) {
        const int code = QProcess::execute(arguments.first(),
                                           arguments.mid(1) + QStringList{u"--scale"_s, scale});
        if (code != 0)
            return code;
    }
    return 0;
}

void take(screenshots::Stage &stage,
          const screenshots::Shot &shot,
          const Wish &wish,
          const QString &ending)
{
    if (screenshots::Office *office = stage.office())
        office->renewHealth();
    stage.window().resize(ui::Theme::px(1200), ui::Theme::px(760));
    QWidget *widget = shot.open(stage);
    if (!widget)
        std::printf("%s: there is nothing to see\n", qPrintable(shot.name));
    else if (!widget->grab().save(wish.directory.filePath(shot.name + ending)))
        std::printf("%s: it could not be saved\n", qPrintable(shot.name));
    std::fflush(stdout);
    stage.clear();
}

void takeAll(support::WindowFixture &fixture, screenshots::Office *office, const Wish &wish)
{
    app::Language language;
    const double scale = QApplication::primaryScreen()->devicePixelRatio();
    for (const QString &name : {u"en"_s, u"zh_CN"_s}) {
        if (!wish.language.isEmpty() && wish.language != name)
            continue;
        language.use(name);
        for (const ui::Scheme scheme : {ui::Scheme::Light, ui::Scheme::Dark}) {
            const bool dark = scheme == ui::Scheme::Dark;
            if (!wish.scheme.isEmpty() && (wish.scheme == "dark"_L1) != dark)
                continue;
            ui::Theme::apply(scheme);
            screenshots::Stage stage(fixture, office);
            const QString ending =
                QString((dark ? u"-dark"_s : u"-light"_s) + (name == "en"_L1 ? QString() : u"-zh"_s)
                        + (scale > 1.5 ? u"@2x"_s : QString()) + u".png"_s);
            for (const screenshots::Shot &shot : screenshots::shots(stage)) {
                if (shot.empty == !office && wish.includes(shot.name))
                    take(stage, shot, wish, ending);
            }
        }
    }
}

// The design's pictures are set in Inter; any family will do.
void setFont(const QString &family)
{
    QFont font = QApplication::font();
    font.setFamily(family);
    font.setPixelSize(13);
    QApplication::setFont(font);
}

} // namespace

int main(int count, char **arguments)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    const char *scale = scaleFrom(count, arguments);
    if (scale)
        qputenv("QT_SCALE_FACTOR", scale);
    QApplication application(count, arguments);
    app::nameProgram();
    QApplication::setQuitOnLastWindowClosed(false);
    QCommandLineParser parser;
    parser.addPositionalArgument(u"directory"_s, u"where the pictures are put"_s);
    parser.addOptions({{u"only"_s, u"those whose name has this part"_s, u"part"_s},
                       {u"scheme"_s, u"light or dark"_s, u"scheme"_s},
                       {u"language"_s, u"en or zh_CN"_s, u"language"_s},
                       {u"scale"_s, u"1 or 2"_s, u"scale"_s},
                       {u"font"_s, u"the interface font"_s, u"family"_s, u"Inter"_s}});
    parser.addHelpOption();
    parser.process(application);
    if (parser.positionalArguments().size() != 1)
        parser.showHelp(64);
    if (!scale)
        return runForEachScale(QCoreApplication::arguments());
    const Wish wish{.directory = QDir(parser.positionalArguments().first()),
                    .only = parser.values(u"only"_s),
                    .scheme = parser.value(u"scheme"_s),
                    .language = parser.value(u"language"_s)};
    if (!wish.directory.mkpath(u"."_s))
        return 1;
    setFont(parser.value(u"font"_s));

    {
        support::WindowFixture fixture;
        if (!fixture.start())
            return 1;
        screenshots::Office office(fixture);
        office.fill();
        office.beginRequests();
        takeAll(fixture, &office, wish);
    }
    support::WindowFixture fixture;
    if (!fixture.start())
        return 1;
    takeAll(fixture, nullptr, wish);
    return 0;
}
