#include "capture/conversationmodel.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace gatehouse;
using namespace gatehouse::ui;

using admin::ConversationItem;
using Kind = ConversationItem::Kind;

namespace {

// A system text, and then so many questions with their answers.
std::vector<ConversationItem> conversationOf(int questions)
{
    std::vector<ConversationItem> items{{.kind = Kind::System, .text = u"Be brief"_s, .tokens = 5}};
    for (int i = 0; i < questions; ++i) {
        items.push_back({.kind = Kind::User, .text = u"Question %1"_s.arg(i), .tokens = 10});
        items.push_back({.kind = Kind::Assistant, .text = u"Answer %1"_s.arg(i), .tokens = 20});
    }
    return items;
}

} // namespace

// What a conversation shows at first, and what is folded.
class ConversationModelTest : public QObject
{
    Q_OBJECT

private slots:
    void aShortOneIsShownWhole();
    void whatWentBeforeIsFolded();
    void whatWentBeforeOpens();
    void cacheMarksTellTokens();
    void marksInWhatIsFolded();
};

void ConversationModelTest::aShortOneIsShownWhole()
{
    ConversationModel model;
    model.setItems(conversationOf(5));

    QCOMPARE(model.rowCount(), 11);
    QCOMPARE(model.item(1).text, u"Question 0"_s);
}

void ConversationModelTest::whatWentBeforeIsFolded()
{
    ConversationModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setItems(conversationOf(10));

    QCOMPARE(model.rowCount(), 10); // the system, what went before, and eight
    QVERIFY(model.item(0).kind == Kind::System);
    QVERIFY(model.item(1).kind == Kind::Earlier);
    QCOMPARE(ConversationModel::heading(model.item(1)), u"12 earlier messages"_s);
    QCOMPARE(model.item(1).tokens, qint64(6 * 30));
    QCOMPARE(model.item(2).text, u"Question 6"_s);
    QCOMPARE(model.item(9).text, u"Answer 9"_s);
    QVERIFY(model.isOpen(9) && !model.isOpen(1));
}

void ConversationModelTest::whatWentBeforeOpens()
{
    ConversationModel model;
    const QAbstractItemModelTester tester(&model,
                                          QAbstractItemModelTester::FailureReportingMode::QtTest);
    model.setItems(conversationOf(10));

    model.setOpen(1, true);
    QCOMPARE(model.rowCount(), 22);
    QCOMPARE(model.item(2).text, u"Question 0"_s);
    QCOMPARE(model.item(21).text, u"Answer 9"_s);
    model.setOpen(2, true);
    QVERIFY(model.isOpen(2) && model.isOpen(21));

    model.setOpen(1, false);
    QCOMPARE(model.rowCount(), 10);
    QCOMPARE(model.item(2).text, u"Question 6"_s);
    QVERIFY(model.isOpen(2));
}

void ConversationModelTest::cacheMarksTellTokens()
{
    std::vector<ConversationItem> items = conversationOf(2);
    items[0].endsCache = true;
    items[2].endsCache = true;
    const auto markOf = [](const ConversationModel &model, int row) {
        return model.index(row).data(ConversationModel::CacheMarkRole).toString();
    };
    ConversationModel model;

    model.setItems(items);
    QCOMPARE(markOf(model, 0), u"to be cached up to here, ≈ 5 tokens"_s);
    QCOMPARE(markOf(model, 1), QString());
    QCOMPARE(markOf(model, 2), u"to be cached up to here, ≈ 35 tokens"_s);

    // What the provider tells stands at the last one.
    model.setItems(items, 1'234);
    QCOMPARE(markOf(model, 0), u"to be cached up to here, ≈ 5 tokens"_s);
    QVERIFY2(markOf(model, 2).startsWith(u"cached up to here, 1"_s), qPrintable(markOf(model, 2)));
    QVERIFY(model.index(2).data(Qt::AccessibleTextRole).toString().contains(u"cached up to"_s));
}

// It stands below the row, and at its own place once that is open.
void ConversationModelTest::marksInWhatIsFolded()
{
    std::vector<ConversationItem> items = conversationOf(10);
    items[12].endsCache = true; // the last one that is folded
    ConversationModel model;
    model.setItems(items);
    const auto markOf = [&model](int row) {
        return model.index(row).data(ConversationModel::CacheMarkRole).toString();
    };

    QCOMPARE(markOf(1), u"to be cached up to here, ≈ 185 tokens"_s);
    model.setOpen(1, true);
    QCOMPARE(markOf(1), QString());
    QCOMPARE(markOf(13), u"to be cached up to here, ≈ 185 tokens"_s);
}

QTEST_MAIN(ConversationModelTest)
#include "tst_conversationmodel.moc"
