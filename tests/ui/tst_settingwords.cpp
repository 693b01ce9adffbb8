// The words that stand for a 0 of a setting.
#include "domain/settings.h"
#include "preferences/numbereditors.h"
#include "preferences/settingtext.h"
#include "preferences/windowsettings.h"
#include "theme/theme.h"

#include <QLabel>
#include <QLineEdit>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

class SettingWordsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { Theme::apply(Scheme::Light); }
    void everyZeroWithAMeaningHasAWord();
    void aNumberIsTypedAsItsWord();
};

void SettingWordsTest::everyZeroWithAMeaningHasAWord()
{
    static const QRegularExpression meaning(u"; 0: "_s);
    int found = 0;
    for (const domain::SettingDescriptor &setting : domain::settingDescriptors()) {
        if (!setting.description.contains(meaning))
            continue;
        ++found;
        const QString word = SettingText::zero({.key = setting.key});
        QVERIFY2(!word.isEmpty(), qPrintable(setting.key));
        QCOMPARE(SettingText::value({.key = setting.key}, u"0"_s), word);
    }
    QVERIFY(found > 5);
    for (const QString &key : {windowkey::clipboard, windowkey::lockAfter, u"relay.retries"_s})
        QVERIFY2(!SettingText::zero({.key = key}).isEmpty(), qPrintable(key));
}

void SettingWordsTest::aNumberIsTypedAsItsWord()
{
    const admin::SettingView slow{
        .key = u"tests.slow_seconds"_s, .kind = admin::SettingView::Kind::Number, .most = 600};
    DecimalEditor editor(slow, nullptr);
    editor.retranslate(slow);
    auto *field = editor.findChild<QLineEdit *>();
    const auto *unit = editor.findChild<QLabel *>();

    editor.setValue(u"2.5"_s);
    QCOMPARE(field->text(), u"2.5"_s);
    QVERIFY(!unit->isHidden());
    editor.setValue(u"0"_s);
    QCOMPARE(field->text(), u"Never"_s);
    QVERIFY(unit->isHidden());
    QCOMPARE(editor.value(), u"0"_s);
    QCOMPARE(editor.problem(), QString());

    field->setText(u"never"_s);
    QCOMPARE(editor.value(), u"0"_s);
    QCOMPARE(editor.problem(), QString());
    field->setText(u"sometimes"_s);
    QVERIFY(!editor.problem().isEmpty());
}

QTEST_MAIN(SettingWordsTest)
#include "tst_settingwords.moc"
