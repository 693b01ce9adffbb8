#include "theme/lettertile.h"
#include "theme/palette.h"

#include <QTest>

using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

constexpr double readable = 4.5;
constexpr double visible = 3.0;

struct Ground
{
    const char *name = "";
    QColor color{};
};

QList<Ground> viewGrounds(const Palette &palette)
{
    return {{"window", palette.window},
            {"base", palette.base},
            {"sidebar", palette.side},
            {"selected", palette.selected},
            {"selected, no focus", palette.selectedInactive},
            {"hover", palette.hovered}};
}

} // namespace

// The contrast of every pair of colours that the window uses, by WCAG 2.
class TestPalette : public QObject
{
    Q_OBJECT

private slots:
    void knownContrasts();
    void textIsReadable_data();
    void textIsReadable();
    void marksAreVisible_data();
    void marksAreVisible();
    void everyHealthHasItsTone();
    void viewsKeepTheColoursOfStates();
    void disabledTextIsDisabled();
    void slotsAreStable();
    void highContrastUsesSystemColours();
    void letterTilesAreReadable();

private:
    static void addPalettes()
    {
        QTest::addColumn<QColor>("ink");
        QTest::addColumn<QColor>("ground");
    }
    static void addPair(const Palette &palette,
                        const QByteArray &ink,
                        const QColor &color,
                        const Ground &ground)
    {
        QTest::addRow("%s on %s, %s", ink.constData(), ground.name, palette.dark ? "dark" : "light")
            << color << ground.color;
    }
};

void TestPalette::knownContrasts()
{
    QCOMPARE(qRound(contrast(Qt::black, Qt::white) * 10), 210);
    QCOMPARE(qRound(contrast(Qt::white, Qt::white) * 10), 10);
    QCOMPARE(qRound(contrast(lightPalette().text, lightPalette().base) * 10), 167);
    QCOMPARE(qRound(contrast(darkPalette().secondary, darkPalette().selected) * 10), 49);
}

void TestPalette::textIsReadable_data()
{
    addPalettes();
    for (const Palette *each : {&lightPalette(), &darkPalette()}) {
        const Palette &palette = *each;
        for (const Ground &ground : viewGrounds(palette)) {
            addPair(palette, "text", palette.text, ground);
            addPair(palette, "text2", palette.secondary, ground);
            addPair(palette, "link", palette.link, ground);
            addPair(palette, "green", palette.good.text, ground);
            addPair(palette, "amber", palette.caution.text, ground);
            addPair(palette, "blue", palette.busy.text, ground);
            addPair(palette, "red", palette.failure.text, ground);
            addPair(palette, "magenta", palette.action.text, ground);
            addPair(palette, "grey", palette.neutral.text, ground);
        }
        for (const Tone tone :
             {Tone::Good, Tone::Caution, Tone::Busy, Tone::Failure, Tone::Action, Tone::Neutral}) {
            const Ground tint{"a tint", palette.tone(tone).tint};
            const QByteArray number = QByteArray::number(static_cast<int>(tone));
            addPair(palette, "tone " + number, palette.tone(tone).text, tint);
            addPair(palette, "text over tone " + number, palette.text, tint);
        }
        addPair(palette, "placeholder", palette.placeholder, {"window", palette.window});
        addPair(palette, "placeholder", palette.placeholder, {"base", palette.base});
        addPair(palette, "text", palette.text, {"navigation", palette.navigation});
        addPair(palette, "text2", palette.secondary, {"navigation", palette.navigation});
        addPair(palette, "text", palette.text, {"button", palette.button});
        addPair(palette, "white", palette.onAccent, {"accent", palette.accent});
        addPair(palette, "white", palette.onAccent, {"accent, hovered", palette.accentHovered});
        addPair(palette, "tool tip", palette.onToolTip, {"its ground", palette.toolTip});
    }
}

void TestPalette::textIsReadable()
{
    QFETCH(QColor, ink);
    QFETCH(QColor, ground);

    const double found = contrast(ink, ground);

    QVERIFY2(found >= readable, qPrintable(QString::number(found)));
}

void TestPalette::marksAreVisible_data()
{
    addPalettes();
    for (const Palette *each : {&lightPalette(), &darkPalette()}) {
        const Palette &palette = *each;
        const Ground base{"base", palette.base};
        const Ground window{"window", palette.window};
        const Ground selected{"selected", palette.selected};
        for (const Tone tone :
             {Tone::Good, Tone::Caution, Tone::Busy, Tone::Failure, Tone::Action, Tone::Neutral}) {
            const QByteArray name = "mark " + QByteArray::number(static_cast<int>(tone));
            addPair(palette, name, palette.tone(tone).mark, base);
            addPair(palette, name, palette.tone(tone).mark, selected);
        }
        for (size_t slot = 0; slot < palette.chart.size(); ++slot) {
            const QByteArray name = "slot " + QByteArray::number(static_cast<int>(slot));
            addPair(palette, name, palette.chart.at(slot), base);
            addPair(palette, name, palette.chart.at(slot), window);
        }
        addPair(palette, "field edge", palette.control, base);
        addPair(palette, "check box edge", palette.mark, base);
        addPair(palette, "focus ring", palette.link, window);
        addPair(palette, "worst heat", palette.heat.at(4), base);
    }
}

void TestPalette::marksAreVisible()
{
    QFETCH(QColor, ink);
    QFETCH(QColor, ground);

    const double found = contrast(ink, ground);

    QVERIFY2(found >= visible, qPrintable(QString::number(found)));
}

void TestPalette::everyHealthHasItsTone()
{
    QCOMPARE(toneOf(domain::Health::Healthy), Tone::Good);
    QCOMPARE(toneOf(domain::Health::Degraded), Tone::Caution);
    QCOMPARE(toneOf(domain::Health::Limited), Tone::Caution);
    QCOMPARE(toneOf(domain::Health::Testing), Tone::Busy);
    QCOMPARE(toneOf(domain::Health::Open), Tone::Failure);
    QCOMPARE(toneOf(domain::Health::AuthenticationFailed), Tone::Action);
    QCOMPARE(toneOf(domain::Health::NoCredit), Tone::Action);
    QCOMPARE(toneOf(domain::Health::Disabled), Tone::Neutral);
}

void TestPalette::viewsKeepTheColoursOfStates()
{
    const Palette &palette = darkPalette();

    const QPalette view = viewPalette(palette);

    QCOMPARE(view.color(QPalette::Active, QPalette::Highlight), palette.selected);
    QCOMPARE(view.color(QPalette::Inactive, QPalette::Highlight), palette.selectedInactive);
    QCOMPARE(view.color(QPalette::Active, QPalette::HighlightedText), palette.text);
    QCOMPARE(toQPalette(palette).color(QPalette::Highlight), palette.accent);
}

void TestPalette::disabledTextIsDisabled()
{
    const QPalette palette = toQPalette(lightPalette());

    QCOMPARE(palette.color(QPalette::Disabled, QPalette::Text), lightPalette().disabled);
    QCOMPARE(palette.color(QPalette::Active, QPalette::Text), lightPalette().text);
}

void TestPalette::slotsAreStable()
{
    QSet<ChartSlot> used;
    for (const char *model : {"claude-sonnet-4-5",
                              "gpt-5.1",
                              "claude-opus-4-5",
                              "gpt-5.1-codex",
                              "gemini-2.5-pro",
                              "qwen3:8b",
                              "kimi-k2"}) {
        const QString name = QString::fromLatin1(model);
        QCOMPARE(slotFor(name), slotFor(QString(name)));
        used.insert(slotFor(name));
    }

    QVERIFY(used.size() >= 3);
    QVERIFY(!used.contains(ChartSlot::Grey));
}

void TestPalette::highContrastUsesSystemColours()
{
    QPalette system;
    system.setColor(QPalette::Window, Qt::black);
    system.setColor(QPalette::Base, Qt::black);
    system.setColor(QPalette::Text, Qt::yellow);
    system.setColor(QPalette::Highlight, Qt::cyan);
    system.setColor(QPalette::HighlightedText, Qt::black);

    const Palette palette = highContrastPalette(system);

    QVERIFY(palette.dark);
    QCOMPARE(palette.secondary, QColor(Qt::yellow));
    QCOMPARE(palette.failure.text, QColor(Qt::yellow));
    QCOMPARE(palette.failure.tint, QColor(Qt::black));
    QCOMPARE(palette.selected, QColor(Qt::cyan));
}

void TestPalette::letterTilesAreReadable()
{
    QSet<QRgb> used;
    for (int i = 0; i < 200; ++i) {
        const QColor tile = letterTileColor(QString::number(i * 37));
        used.insert(tile.rgb());
        QVERIFY(contrast(Qt::white, tile) >= readable);
    }
    QCOMPARE(used.size(), 8);
}

QTEST_MAIN(TestPalette)
#include "tst_palette.moc"
