#include "admin/administration.h"
#include "models/recalculationdialog.h"
#include "ui/accessibilitywalk.h"
#include "ui/modelsfixture.h"

#include <QLabel>
#include <QPushButton>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// Costs of the past that are priced anew, and taken back.
class RecalculationDialogTest : public tests::ModelsFixture
{
    Q_OBJECT

private slots:
    void previewsARecalculation();
    void aRecalculationIsTakenBackInItsDialog();
    void aRecalculationOutlivesItsDialog();

private:
    // One request whose cost differs from the prices of now.
    void makeStaleCost();
    // Presses "Recalculate", once that is offered.
    void recalculate(RecalculationDialog &dialog);
    bool isUndone()
    {
        return m_fixture->wait(m_fixture->administration().prices.recalculations()).front().undone;
    }

    qint64 m_dollars = 0;
};

void RecalculationDialogTest::previewsARecalculation()
{
    RecalculationDialog dialog(m_fixture->services());
    dialog.show();
    const auto buttons = dialog.findChildren<QPushButton *>();
    const auto preview = std::find_if(buttons.begin(), buttons.end(), [](const auto *button) {
        return button->text() == u"Preview"_s;
    });
    QVERIFY(preview != buttons.end());

    QTest::mouseClick(*preview, Qt::LeftButton);

    const auto *stop = tests::button<QPushButton>(&dialog, u"Stop"_s);
    const auto labels = dialog.findChildren<QLabel *>();
    QVERIFY(stop->isVisible());
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->text() == u"Reading the ledger…"_s;
    }));
    QTRY_VERIFY((*preview)->isEnabled());
    QVERIFY(!stop->isVisible());
    QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->text() == u"No cost differs from its price."_s;
    }));
    QCOMPARE(tests::accessibilityProblems(&dialog), QStringList());
}

void RecalculationDialogTest::makeStaleCost()
{
    admin::PriceService &prices = m_fixture->administration().prices;
    QCOMPARE(m_fixture->chat(m_fixture->addToken(u"recalculated"_s), u"echo"_s), 200);
    m_dollars += 1;
    m_fixture->wait(prices.save({.model = "echo", .tokens = {.input = {m_dollars * 1'000'000}}}));
    m_fixture->services().undo.clear();
}

void RecalculationDialogTest::recalculate(RecalculationDialog &dialog)
{
    dialog.show();
    auto *preview = tests::button<QPushButton>(&dialog, u"Preview"_s);
    QVERIFY(preview->isDefault());
    preview->click();
    auto *run = tests::button<QPushButton>(&dialog, u"Recalculate"_s);
    QTRY_VERIFY(run->isEnabled());
    QVERIFY(run->isDefault());
    run->click();
    QVERIFY(!run->isDefault());
    QVERIFY(tests::button<QPushButton>(&dialog, u"Stop"_s)->isVisible());
}

void RecalculationDialogTest::aRecalculationIsTakenBackInItsDialog()
{
    makeStaleCost();
    RecalculationDialog dialog(m_fixture->services());
    recalculate(dialog);
    // It costs far less than a cent before and after, and both are told.
    const auto labels = dialog.findChildren<QLabel *>();
    QVERIFY(std::none_of(labels.begin(), labels.end(), [](const QLabel *label) {
        return label->text().contains(u"<$"_s);
    }));
    auto *back = tests::button<QPushButton>(&dialog, u"Take back"_s);
    QTRY_VERIFY(back->isEnabled());
    QVERIFY(!tests::button<QPushButton>(&dialog, u"Stop"_s)->isVisible());
    QVERIFY(!isUndone());

    back->click();

    QTRY_VERIFY(!m_fixture->services().undo.isBusy() && isUndone());
    QTRY_VERIFY(!back->isEnabled());
}

void RecalculationDialogTest::aRecalculationOutlivesItsDialog()
{
    makeStaleCost();
    UndoStack &undo = m_fixture->services().undo;
    {
        RecalculationDialog dialog(m_fixture->services());
        recalculate(dialog);
    }

    QTRY_VERIFY(undo.canUndo());
    QVERIFY(undo.undoText().startsWith(u"Recalculated"_s));
    undo.undo();
    QTRY_VERIFY(!undo.isBusy());
    QVERIFY(isUndone());
    undo.redo();
    QTRY_VERIFY(!undo.isBusy());
    QVERIFY(!isUndone()); // another run
    undo.undo();
    QTRY_VERIFY(!undo.isBusy());
    QVERIFY(isUndone());
    undo.clear();
    m_fixture->wait(m_fixture->administration().prices.remove("echo", std::nullopt));
}

QTEST_MAIN(RecalculationDialogTest)
#include "tst_recalculationdialog.moc"
