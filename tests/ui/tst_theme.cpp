#include "domain/providertype.h"
#include "theme/healthpainter.h"
#include "theme/icons.h"
#include "theme/lettertile.h"
#include "theme/mark.h"
#include "theme/style.h"
#include "theme/theme.h"
#include "theme/themewatcher.h"

#include <QApplication>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>
#include <QtWidgets>

using namespace gatehouse;
using namespace gatehouse::ui;
using namespace Qt::StringLiterals;

namespace {

void setInterfaceFont(int pixels)
{
    QFont font = QApplication::font();
    font.setPixelSize(pixels);
    QApplication::setFont(font);
}

// How many pixels are painted at all.
int painted(const QImage &image)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += qAlpha(image.pixel(x, y)) > 8 ? 1 : 0;
    }
    return count;
}

QImage canvas(int side)
{
    QImage image(side, side, QImage::Format_ARGB32_Premultiplied);
    image.fill(Qt::transparent);
    return image;
}

// The colour of the most opaque pixel.
QColor inkOf(const QPixmap &pixmap)
{
    const QImage image = pixmap.toImage().convertToFormat(QImage::Format_ARGB32);
    QRgb strongest = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            if (qAlpha(image.pixel(x, y)) > qAlpha(strongest))
                strongest = image.pixel(x, y);
        }
    }
    return QColor(strongest);
}

} // namespace

// Measures, fonts, icons, glyphs and the switch between light and dark.
class TestTheme : public QObject
{
    Q_OBJECT

private slots:
    void init();
    void lengthsFollowTheFont();
    void fontsKeepTheirFloor();
    void schemeIsSwitchedAtOnce();
    void systemDecidesUnlessAPersonDoes();
    void highContrastLeavesTheSystemsPalette();
    void iconsExist_data();
    void iconsExist();
    void unknownIconIsNull();
    void iconTakesTheColourOfTheScheme();
    void iconIsSharpOnEveryScreen();
    void iconHasNoName();
    void healthWords();
    void countdowns();
    void glyphsDiffer();
    void trayStatesDiffer();
    void applicationIconHasAllSizes();
    void letterTileShowsItsColour();
    void controlsHaveTheHeightsOfTheDesign();
    void rowsOfOpenListsCanBeHit();
    void invalidFieldIsRed();
    void iconOnTheDefaultButtonIsWhite();
    void keyboardFocusHasARing();
    void tickStandsBesideTheIconOfAnItem();
    void chevronShowsOnTheHighlight();
    void menusHaveAnEdge();
    void toolButtonsKeepTheirMarkOffTheText();
    void secondSortIsRemembered();
};

void TestTheme::init()
{
    setInterfaceFont(13);
    Theme::setSystem(false, false);
    Theme::apply(Scheme::Light);
}

void TestTheme::lengthsFollowTheFont()
{
    const double small = Theme::exact(16);
    QCOMPARE(small, QFontMetricsF(QApplication::font()).height());

    setInterfaceFont(26);

    QVERIFY(Theme::exact(16) > small * 1.8);
    QCOMPARE(Theme::px(28), qRound(Theme::exact(28)));
}

void TestTheme::fontsKeepTheirFloor()
{
    QFont points;
    points.setPointSizeF(8.5);

    QCOMPARE(Theme::font(TextRole::Caption, points).pointSizeF(), 8.0);
    QCOMPARE(Theme::font(TextRole::PageTitle).pixelSize(), 17);
    QCOMPARE(Theme::font(TextRole::Small).pixelSize(), 12);
    QCOMPARE(Theme::font(TextRole::Caption).pixelSize(), 11);
    QCOMPARE(Theme::font(TextRole::TileNumber).pixelSize(), 20);
    QCOMPARE(Theme::font(TextRole::BodyStrong).weight(), int(QFont::DemiBold));
}

void TestTheme::schemeIsSwitchedAtOnce()
{
    ThemeWatcher watcher;
    QSignalSpy changes(&watcher, &ThemeWatcher::changed);
    QWidget widget;

    Theme::apply(Scheme::Dark);

    QVERIFY(Theme::isDark());
    QTRY_VERIFY(!changes.isEmpty());
    QTRY_COMPARE(widget.palette().color(QPalette::Window), darkPalette().window);
}

void TestTheme::systemDecidesUnlessAPersonDoes()
{
    Theme::apply(Scheme::System);
    Theme::setSystem(true, false);
    QVERIFY(Theme::isDark());

    Theme::apply(Scheme::Light);
    Theme::setSystem(false, false);
    Theme::setSystem(true, false);
    QVERIFY(!Theme::isDark());
}

void TestTheme::highContrastLeavesTheSystemsPalette()
{
    Theme::setSystem(false, true);
    const QPalette system = QApplication::palette();
    QVERIFY(Theme::isHighContrast());
    QCOMPARE(Theme::current().secondary, system.color(QPalette::Text));
    QCOMPARE(Theme::current().selected, system.color(QPalette::Highlight));

    Theme::setSystem(false, false);
    QCOMPARE(Theme::current().secondary, lightPalette().secondary);
}

void TestTheme::iconsExist_data()
{
    QTest::addColumn<QString>("name");
    for (const char *name : {"layout-dashboard",
                             "activity",
                             "waypoints",
                             "boxes",
                             "key-round",
                             "users",
                             "settings",
                             "server",
                             "shield",
                             "route",
                             "scroll-text",
                             "archive",
                             "bell",
                             "power",
                             "database",
                             "import",
                             "cable",
                             "info",
                             "plus",
                             "plug-zap",
                             "pencil",
                             "copy",
                             "trash-2",
                             "play",
                             "pause",
                             "square",
                             "search",
                             "x",
                             "refresh-cw",
                             "repeat-2",
                             "download",
                             "file-text",
                             "panel-right",
                             "panel-bottom",
                             "columns-3",
                             "bookmark",
                             "lock",
                             "wrench",
                             "user",
                             "brain",
                             "bot",
                             "terminal",
                             "qr-code",
                             "eye",
                             "eye-off",
                             "triangle-alert",
                             "circle-x",
                             "key",
                             "circle-check",
                             "undo-2",
                             "ellipsis",
                             "chevron-up",
                             "list-filter",
                             "sliders-horizontal",
                             "chevron-down",
                             "chevron-left",
                             "chevron-right",
                             "chevrons-left"})
        QTest::addRow("%s", name) << QString::fromLatin1(name);
}

void TestTheme::iconsExist()
{
    QFETCH(QString, name);

    const QPixmap pixmap = icon(name).pixmap(QSize(16, 16), 1);

    QVERIFY(painted(pixmap.toImage()) > 4);
}

void TestTheme::unknownIconIsNull()
{
    QTest::ignoreMessage(QtWarningMsg, QRegularExpression(u"no icon"_s));
    QVERIFY(icon(u"no-such-icon").isNull());
}

void TestTheme::iconTakesTheColourOfTheScheme()
{
    const QIcon square = icon(u"square");
    QCOMPARE(inkOf(square.pixmap(QSize(16, 16), 4)).rgb(), lightPalette().text.rgb());
    QCOMPARE(inkOf(square.pixmap(QSize(16, 16), 4, QIcon::Disabled)).rgb(),
             lightPalette().disabled.rgb());

    Theme::apply(Scheme::Dark);

    QCOMPARE(inkOf(square.pixmap(QSize(16, 16), 4)).rgb(), darkPalette().text.rgb());
    QCOMPARE(inkOf(icon(u"square", IconColor::Failure).pixmap(QSize(16, 16), 4)).rgb(),
             darkPalette().failure.mark.rgb());
}

void TestTheme::iconIsSharpOnEveryScreen()
{
    const QPixmap once = icon(u"power").pixmap(QSize(16, 16), 1);
    const QPixmap twice = icon(u"power").pixmap(QSize(16, 16), 2);

    QCOMPARE(once.size(), QSize(16, 16));
    QCOMPARE(twice.size(), QSize(32, 32));
    QCOMPARE(twice.devicePixelRatio(), 2.0);
}

// Of the desktop's icon theme, which has others under the same names.
void TestTheme::iconHasNoName()
{
    QCOMPARE(icon(u"copy").name(), QString());
}

void TestTheme::healthWords()
{
    QCOMPARE(healthText(domain::Health::Healthy), u"Healthy"_s);
    QCOMPARE(healthText(domain::Health::AuthenticationFailed), u"Auth failed"_s);
    QCOMPARE(HealthText::word(domain::Health::Limited, std::chrono::seconds(38)),
             u"Limited 0:38"_s);
    QCOMPARE(HealthText::word(domain::Health::Open, std::chrono::seconds(161)), u"Open 2:41"_s);
    QCOMPARE(HealthText::word(domain::Health::Open, std::chrono::seconds(0)), u"Open"_s);
    QCOMPARE(healthTextColor(domain::Health::Healthy), lightPalette().text);
    QCOMPARE(healthTextColor(domain::Health::Open), lightPalette().failure.text);
}

void TestTheme::countdowns()
{
    QCOMPARE(countdown(std::chrono::seconds(5)), u"0:05"_s);
    QCOMPARE(countdown(std::chrono::seconds(3600 + 125)), u"1:02:05"_s);
    QCOMPARE(countdown(std::chrono::seconds(-3)), u"0:00"_s);
}

void TestTheme::glyphsDiffer()
{
    QList<QImage> seen;
    for (const Glyph glyph : {Glyph::Disc,
                              Glyph::HalfDisc,
                              Glyph::Hourglass,
                              Glyph::Ring,
                              Glyph::Cross,
                              Glyph::Key,
                              Glyph::Dollar,
                              Glyph::Bars,
                              Glyph::Tick,
                              Glyph::Barred,
                              Glyph::Dashed}) {
        QImage image = canvas(14);
        QPainter painter(&image);
        paintGlyph(&painter, image.rect(), glyph, Qt::black);
        painter.end();

        QVERIFY(painted(image) > 12);
        QVERIFY(!seen.contains(image));
        seen.append(image);
    }
}

void TestTheme::trayStatesDiffer()
{
    QList<QImage> seen;
    for (const TrayState state : {TrayState::Running,
                                  TrayState::Streaming,
                                  TrayState::Paused,
                                  TrayState::Attention,
                                  TrayState::Error,
                                  TrayState::Stopped}) {
        const QImage image = trayIcon(state, true).pixmap(22, 22).toImage();

        QVERIFY(painted(image) > 60);
        QVERIFY(!seen.contains(image));
        seen.append(image);
    }
}

void TestTheme::applicationIconHasAllSizes()
{
    const QIcon icon = applicationIcon();

    for (const int side : {16, 32, 256, 512})
        QCOMPARE(icon.actualSize(QSize(side, side)), QSize(side, side));
    QVERIFY(painted(icon.pixmap(QSize(32, 32), 1).toImage()) > 200);
}

void TestTheme::letterTileShowsItsColour()
{
    const QImage image = letterTile(u"OpenAI"_s).pixmap(QSize(18, 18), 1).toImage();

    QCOMPARE(QColor(image.pixel(9, 1)).rgb(), letterTileColor(u"OpenAI").rgb());
    QCOMPARE(image.pixelColor(0, 0).alpha() < 128, true);
    QCOMPARE(providerTile(domain::provider::openAi), u"OpenAI"_s);
    QCOMPARE(providerTile(987), u"987"_s);
}

void TestTheme::controlsHaveTheHeightsOfTheDesign()
{
    QPushButton button(u"Test"_s);
    QLineEdit field;
    QComboBox combo;
    combo.addItem(u"none"_s);
    QSpinBox spin;
    QPushButton little(u"Test"_s);
    setSmall(&little);

    QCOMPARE(button.sizeHint().height(), Theme::px(28));
    QCOMPARE(field.sizeHint().height(), Theme::px(28));
    QCOMPARE(combo.sizeHint().height(), Theme::px(28));
    QCOMPARE(spin.sizeHint().height(), Theme::px(28));
    QCOMPARE(little.sizeHint().height(), Theme::px(24));
    QCOMPARE(button.style()->pixelMetric(QStyle::PM_IndicatorWidth, nullptr, nullptr),
             Theme::px(15));
}

void TestTheme::rowsOfOpenListsCanBeHit()
{
    const auto rowHeight = [](const QAbstractItemView *view) {
        return view->visualRect(view->model()->index(1, 0)).height();
    };
    const QStringList texts{u"one"_s, u"two"_s, u"three"_s};
    QComboBox combo;
    combo.addItems(texts);
    combo.show();
    combo.showPopup();
    QVERIFY(rowHeight(combo.view()) >= Theme::px(24));
    // The list has been opened as high as its rows are now.
    QVERIFY(combo.view()->viewport()->height() >= 3 * rowHeight(combo.view()));
    combo.hidePopup();

    QLineEdit field;
    auto *completer = new QCompleter(texts, &field);
    completer->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
    field.setCompleter(completer);
    field.show();
    completer->complete();
    QVERIFY(rowHeight(completer->popup()) >= Theme::px(24));
    completer->popup()->hide();
}

void TestTheme::invalidFieldIsRed()
{
    QLineEdit field;
    field.resize(100, 28);
    const QColor before = field.grab().toImage().pixelColor(50, 0);

    setInvalid(&field, true);
    const QColor after = field.grab().toImage().pixelColor(50, 0);

    QCOMPARE(before.rgb(), lightPalette().control.rgb());
    QCOMPARE(after.rgb(), lightPalette().failure.mark.rgb());
}

void TestTheme::iconOnTheDefaultButtonIsWhite()
{
    QDialog dialog;
    auto *button = new QPushButton(icon(u"square"), QString(), &dialog);
    button->setDefault(true);
    button->resize(28, 28);
    const QImage image = button->grab().toImage();

    QCOMPARE(image.pixelColor(3, 14).rgb(), lightPalette().accent.rgb());
    bool white = false;
    for (int x = 0; x < 28; ++x)
        white = white || image.pixelColor(x, 14).lightness() > 230;
    QVERIFY(white);
}

void TestTheme::keyboardFocusHasARing()
{
    QWidget window;
    auto *button = new QPushButton(u"Back"_s, &window);
    button->setGeometry(20, 20, 80, 28);
    window.resize(200, 80);
    window.show();
    window.activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(&window));

    button->setFocus(Qt::TabFocusReason);

    // Two pixels of the ring, one of the window, then the button.
    const auto colorAt = [&](int y) { return window.grab().toImage().pixelColor(60, y).rgb(); };
    QTRY_COMPARE(colorAt(17), lightPalette().link.rgb());
    QCOMPARE(colorAt(18), lightPalette().link.rgb());
    QCOMPARE(colorAt(19), lightPalette().window.rgb());
}

void TestTheme::tickStandsBesideTheIconOfAnItem()
{
    QMenu menu;
    QAction *action = menu.addAction(icon(u"square"), u"Channel"_s);
    action->setCheckable(true);
    menu.resize(menu.sizeHint());
    const QImage without = menu.grab().toImage();

    action->setChecked(true);
    const QImage with = menu.grab().toImage();

    QCOMPARE(with.size(), without.size());
    const QRect item = menu.actionGeometry(action);
    const QRect end(item.right() - Theme::px(16), item.top(), Theme::px(16), item.height());
    const QRect others(item.topLeft(), QPoint(end.left() - 2, item.bottom()));
    QVERIFY(with.copy(end) != without.copy(end));
    QCOMPARE(with.copy(others), without.copy(others));
}

void TestTheme::chevronShowsOnTheHighlight()
{
    QMenu menu;
    QAction *action = menu.addMenu(u"Channels"_s)->menuAction();
    menu.resize(menu.sizeHint());
    menu.setActiveAction(action);
    const QImage image = menu.grab().toImage();

    const QRect item = menu.actionGeometry(action).adjusted(0, 3, -3, -3);
    int lightest = 0;
    for (int y = item.top(); y <= item.bottom(); ++y) {
        for (int x = item.right() - 20; x <= item.right(); ++x)
            lightest = std::max(lightest, image.pixelColor(x, y).lightness());
    }
    QVERIFY2(lightest > 150, qPrintable(QString::number(lightest)));
}

// In the dark, too, where what is darker than the menu is not seen.
void TestTheme::menusHaveAnEdge()
{
    for (const Scheme scheme : {Scheme::Light, Scheme::Dark}) {
        Theme::apply(scheme);
        QMenu menu;
        menu.addAction(u"Rename"_s);
        menu.resize(menu.sizeHint());
        const QImage image = menu.grab().toImage();

        const QRgb edge = Theme::current().edge.rgb();
        const int middle = image.height() / 2;
        QCOMPARE(image.pixelColor(0, middle).rgb(), edge);
        QCOMPARE(image.pixelColor(image.width() - 1, middle).rgb(), edge);
        QCOMPARE(image.pixelColor(image.width() / 2, 0).rgb(), edge);
    }
}

void TestTheme::toolButtonsKeepTheirMarkOffTheText()
{
    Theme::apply(Scheme::Light);
    QPixmap square(Theme::px(16), Theme::px(16));
    square.fill(Qt::red);
    QToolButton button;
    button.setAutoRaise(true);
    button.setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    button.setIcon(QIcon(square));
    button.setIconSize(square.size());
    button.setText(u"MMM"_s);
    button.resize(button.sizeHint());
    const QImage image = button.grab().toImage();

    int mark = -1;
    int text = -1;
    for (int x = 0; x < image.width(); ++x) {
        for (int y = 0; y < image.height(); ++y) {
            const QColor pixel = image.pixelColor(x, y);
            const bool isRed = pixel.red() > 200 && pixel.green() < 100;
            if (isRed)
                mark = x;
            else if (mark >= 0 && text < 0 && pixel.lightness() < 100)
                text = x;
        }
    }
    QVERIFY(mark >= 0 && text >= 0);
    QVERIFY2(text - mark > Theme::px(5), qPrintable(QString::number(text - mark)));
}

void TestTheme::secondSortIsRemembered()
{
    QHeaderView header(Qt::Horizontal);
    QCOMPARE(secondSort(&header).section, -1);

    setSecondSort(&header, {.section = 2, .order = Qt::DescendingOrder});

    QCOMPARE(secondSort(&header).section, 2);
    QCOMPARE(secondSort(&header).order, Qt::DescendingOrder);
}

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
