#include "widgets/table/filterfield.h"

#include "theme/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QInputMethodEvent>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

class FilterFieldTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase() { Theme::apply(Scheme::Light); }
    void init();
    void cleanup() { m_field.reset(); }
    void appliesSoonAfterTyping();
    void leavesOutWhatCannotBeUsed();
    void showsTheBeginningOfALongFilter();
    void waitsForTheInputMethod();
    void clearsThenLeavesByEscape();
    void proposesKeysAndValues();
    void keepsWhatWasTypedUnlessAProposalIsChosen();

private:
    QStringList proposals() const;

    std::unique_ptr<FilterField> m_field{};
};

void FilterFieldTest::init()
{
    m_field = std::make_unique<FilterField>();
    m_field->setKeys({u"status"_s, u"model"_s});
    m_field->setProblem([](const domain::FilterTerm &term) {
        return term.key.isEmpty() || term.key == u"status" || term.key == u"model"
                   ? QString()
                   : u"There is no such key."_s;
    });
    m_field->setValues([](const QString &key) {
        return key == u"status" ? QStringList{u"open"_s, u"Auth failed"_s} : QStringList();
    });
    m_field->resize(300, 28);
    m_field->show();
    QVERIFY(QTest::qWaitForWindowActive(m_field.get()));
    m_field->setFocus();
}

QStringList FilterFieldTest::proposals() const
{
    const auto *popup = QApplication::activePopupWidget()
                            ? qobject_cast<QAbstractItemView *>(QApplication::activePopupWidget())
                            : nullptr;
    QStringList texts;
    for (int row = 0; popup && row < popup->model()->rowCount(); ++row)
        texts.append(popup->model()->index(row, 0).data().toString());
    return texts;
}

void FilterFieldTest::appliesSoonAfterTyping()
{
    const QSignalSpy changed(m_field.get(), &FilterField::queryChanged);

    QTest::keyClicks(m_field.get(), u"gpt five"_s);

    QCOMPARE(changed.count(), 0);
    QTRY_COMPARE(changed.count(), 1);
    QCOMPARE(m_field->query().terms.size(), 2);
}

void FilterFieldTest::leavesOutWhatCannotBeUsed()
{
    m_field->setFilter(u"nonsense:1 status:open"_s);

    QCOMPARE(m_field->query().terms.size(), 1);
    QCOMPARE(m_field->query().terms.front().key, u"status"_s);
    QCOMPARE(m_field->problems(), u"There is no such key."_s);
    QCOMPARE(m_field->toolTip(), u"There is no such key."_s);
    QCOMPARE(m_field->text(), u"nonsense:1 status:open"_s);

    m_field->setFilter(u"status:open"_s);
    QVERIFY(m_field->toolTip().isEmpty());
    m_field->setHelp(u"Keys are words."_s);
    QCOMPARE(m_field->toolTip(), u"Keys are words."_s);
    QCOMPARE(m_field->accessibleDescription(), m_field->toolTip());
}

void FilterFieldTest::showsTheBeginningOfALongFilter()
{
    m_field->clearFocus();

    m_field->setFilter(u"status:open "_s + QString(300, u'x'));

    QCOMPARE(m_field->cursorPosition(), 0);
}

void FilterFieldTest::waitsForTheInputMethod()
{
    const QSignalSpy changed(m_field.get(), &FilterField::queryChanged);

    QInputMethodEvent composing(u"zhong"_s, {});
    QApplication::sendEvent(m_field.get(), &composing);
    QTest::keyClick(m_field.get(), Qt::Key_Return);
    QCOMPARE(changed.count(), 0);
    QInputMethodEvent committed;
    committed.setCommitString(u"中"_s);
    QApplication::sendEvent(m_field.get(), &committed);

    QTRY_COMPARE(changed.count(), 1);
    QCOMPARE(m_field->text(), u"中"_s);
    QCOMPARE(m_field->query().terms.front().value, u"中"_s);
}

void FilterFieldTest::clearsThenLeavesByEscape()
{
    const QSignalSpy left(m_field.get(), &FilterField::left);
    m_field->setFilter(u"gpt"_s);

    QTest::keyClick(m_field.get(), Qt::Key_Escape);
    QVERIFY(m_field->text().isEmpty());
    QVERIFY(m_field->query().isEmpty());
    QCOMPARE(left.count(), 0);

    QTest::keyClick(m_field.get(), Qt::Key_Escape);
    QCOMPARE(left.count(), 1);
}

void FilterFieldTest::proposesKeysAndValues()
{
    QTest::keyClicks(m_field.get(), u"gpt st"_s);
    QTRY_COMPARE(proposals(), QStringList{u"status:"_s});
    QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Down);
    QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Return);
    QTRY_COMPARE(m_field->text(), u"gpt status:"_s);
    QTRY_COMPARE(proposals(), (QStringList{u"open"_s, u"\"Auth failed\""_s}));

    QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Down);
    QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Down);
    QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Return);

    QTRY_COMPARE(m_field->text(), u"gpt status:\"Auth failed\" "_s);
    QTRY_COMPARE(m_field->query().terms.size(), 2);
}

void FilterFieldTest::keepsWhatWasTypedUnlessAProposalIsChosen()
{
    QTest::keyClicks(m_field.get(), u"gpt status:a"_s);
    QTRY_COMPARE(proposals(), QStringList{u"\"Auth failed\""_s});

    QTest::keyClick(QApplication::activePopupWidget(), Qt::Key_Return);

    QTRY_VERIFY(!QApplication::activePopupWidget());
    QCOMPARE(m_field->text(), u"gpt status:a"_s);
    QCOMPARE(m_field->query().terms.size(), 2);
    QCOMPARE(m_field->query().terms.back().value, u"a"_s);
}

QTEST_MAIN(FilterFieldTest)
#include "tst_filterfield.moc"
