#include "admin/administration.h"
#include "domain/providertype.h"
#include "models/modelspage.h"
#include "models/recalculationdialog.h"
#include "models/requestedit.h"
#include "models/routedialog.h"
#include "ui/accessibilitywalk.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/dialogs/namedialog.h"
#include "widgets/fields/chiprow.h"
#include "widgets/fields/unitfield.h"
#include "widgets/messagebar.h"
#include "widgets/statuschip.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableexporter.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tableview.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QComboBox>
#include <QFile>
#include <QGuiApplication>
#include <QLabel>
#include <QLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabBar>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

class ModelsPageTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void parsesPrices_data();
    void parsesPrices();
    void listsWhatChannelsServe();
    void modelsAreSound();
    void pricesAreThoseOfTheFirstChannel();
    void palesWhatIsSwitchedOff();
    void filtersByChannel();
    void saysWhenNothingMatches();
    void eachTabHasItsOwnSavedFilters();
    void editsAPriceAndTakesItBack();
    void keepsTheEditorOpenForNonsense();
    void explainsARoute();
    void explainsWhyAChannelIsLeftOut();
    void explainsTheRouteOfARequest();
    void explainsTheRouteOfOneKind();
    void saysWhatIsWrongWithARequest();
    void doubtsLongPrompts();
    void answersNothingWhileTheTokensAreNoNumber();
    void isNotWidenedByLongNames();
    void asksOnceTheModelIsTyped();
    void keepsALongBodyWhole();
    void pastesALongTextIntoAnother_data();
    void pastesALongTextIntoAnother();
    void showsContextSizes();
    void leadsToTraffic();
    void exportsItsList();
    void previewsARecalculation();
    void aRecalculationIsTakenBackInItsDialog();
    void aRecalculationOutlivesItsDialog();
    void isAccessible();

private:
    TableView *view() const
    {
        return m_page->findChild<TableView *>(m_tab == 0 ? u"models"_s : u"prices"_s);
    }
    void showTab(int tab)
    {
        m_page->findChild<QTabBar *>()->setCurrentIndex(tab);
        m_tab = tab;
    }
    int rowOf(const QString &model) const { return tests::rowOf(view(), u"model"_s, model); }
    QModelIndex cell(const QString &model, const QString &column) const;
    static const admin::RouteCandidate *channelOf(const RouteDialog &dialog, const QString &name);
    // The sentence under the field of the body.
    static QString wordsOnRequest(const RouteDialog &dialog)
    {
        return dialog.findChild<RequestEdit *>()->accessibleDescription();
    }
    static QString verdict(const RouteDialog &dialog)
    {
        return dialog.findChild<StatusChip *>()->text();
    }
    // One request whose cost differs from the prices of now.
    void makeStaleCost();
    // Presses "Recalculate", once that is offered.
    void recalculate(RecalculationDialog &dialog);
    bool isUndone()
    {
        return m_fixture->wait(m_fixture->administration().prices.recalculations()).front().undone;
    }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<ModelsPage> m_page;
    int m_tab = 0;
    qint64 m_dollars = 0;
};

void ModelsPageTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_fixture->addEchoChannel(u"Echo <b>bold</b>"_s, {u"echo"_s, u"shared"_s});
    domain::Channel priced{.type = domain::provider::openAi,
                           .name = u"OpenAI"_s,
                           .models = {u"gpt-4o"_s, u"shared"_s, QString(200, u'm')},
                           .priority = 5};
    priced.keys.append({.secret = base::Secret(QByteArray("sk-test-0123456789abcdef"))});
    m_fixture->wait(m_fixture->administration().channels.create({priced}));
}

void ModelsPageTest::init()
{
    m_page = std::make_unique<ModelsPage>(m_fixture->services());
    m_page->resize(1000, 600);
    m_page->show();
    m_page->setActive(true);
    showTab(0);
    QTRY_VERIFY(view()->model()->rowCount() >= 4);
    showTab(1);
    QTRY_VERIFY(view()->model()->rowCount() >= 1);
    showTab(0);
}

void ModelsPageTest::cleanup()
{
    m_page.reset();
}

QModelIndex ModelsPageTest::cell(const QString &model, const QString &column) const
{
    return view()->model()->index(rowOf(model), tableModelOf(view()->model())->columnOf(column));
}

void ModelsPageTest::parsesPrices_data()
{
    QTest::addColumn<QString>("typed");
    QTest::addColumn<qint64>("picoDollars"); // -1: refused

    QTest::newRow("plain") << u"2.5"_s << qint64(2'500'000);
    QTest::newRow("with a dollar sign") << u"$ 3"_s << qint64(3'000'000);
    QTest::newRow("free") << u"0"_s << qint64(0);
    QTest::newRow("less than a cent") << u"0.0375"_s << qint64(37'500);
    QTest::newRow("nothing") << QString() << qint64(-1);
    QTest::newRow("negative") << u"-1"_s << qint64(-1);
    QTest::newRow("a word") << u"cheap"_s << qint64(-1);
    QTest::newRow("infinite") << u"inf"_s << qint64(-1);
    QTest::newRow("absurd") << u"1e300"_s << qint64(-1);
}

void ModelsPageTest::parsesPrices()
{
    QFETCH(QString, typed);
    QFETCH(qint64, picoDollars);

    const auto changed = PriceParts::with({}, PricePart::Input, typed);

    QCOMPARE(changed ? changed->tokens.input.picoDollars : qint64(-1), picoDollars);
    // Dollars are no yuan.
    const auto yuan = PriceParts::with({.currency = "CNY"}, PricePart::Input, typed);
    QCOMPARE(yuan.has_value(), changed.has_value() && !typed.contains(u'$'));
}

void ModelsPageTest::listsWhatChannelsServe()
{
    QVERIFY(rowOf(u"echo"_s) >= 0);
    QCOMPARE(cell(u"shared"_s, u"channel"_s).data(role::words).toStringList(),
             QStringList({u"OpenAI"_s, u"Echo <b>bold</b>"_s}));
    QVERIFY(cell(u"gpt-4o"_s, u"input"_s).data().toString().startsWith(u'$'));
}

void ModelsPageTest::modelsAreSound()
{
    for (TableView *each : m_page->findChildren<TableView *>()) {
        QAbstractItemModelTester tester(each->model(),
                                        QAbstractItemModelTester::FailureReportingMode::QtTest);
    }
}

void ModelsPageTest::pricesAreThoseOfTheFirstChannel()
{
    const auto columns = ModelColumns::models();
    const auto input = std::find_if(columns.begin(), columns.end(), [](const auto &column) {
        return column.traits.key == u"input"_s;
    });
    QVERIFY(input != columns.end());
    domain::ModelPrice price{.model = "m"};
    price.tokens.input = domain::UnitPrice::fromDollarsPerMillion(3);
    admin::ServedModel row{.model = "m", .channels = {{.name = u"one"_s}, {.price = price}}};

    QVERIFY(!input->cell(row).text.contains(u"3"_s));
    QVERIFY(!input->sort(row).isValid());
    row.channels.front().price = price;
    QVERIFY(input->cell(row).text.contains(u"3"_s));
    QVERIFY(input->sort(row).isValid());
}

void ModelsPageTest::palesWhatIsSwitchedOff()
{
    const auto columns = ModelColumns::models();
    const auto channel = std::find_if(columns.begin(), columns.end(), [](const auto &column) {
        return column.traits.key == u"channel"_s;
    });
    QVERIFY(channel != columns.end());
    const admin::ServedModel row{
        .model = "m",
        .channels = {{.name = u"on"_s},
                     {.name = u"off"_s, .exclusion = admin::RouteExclusion::DisabledByPerson}}};

    QCOMPARE(channel->cell(row).tags, (QStringList{u"on"_s, u"off"_s}));
    QCOMPARE(channel->cell(row).paleTags, qsizetype(1));
}

void ModelsPageTest::filtersByChannel()
{
    m_page->setFilter(u"channel:openai"_s);

    QTRY_COMPARE(rowOf(u"echo"_s), -1);
    QVERIFY(rowOf(u"gpt-4o"_s) >= 0);
}

void ModelsPageTest::saysWhenNothingMatches()
{
    m_page->setFilter(u"nothing-like-this"_s);

    QTRY_COMPARE(view()->model()->rowCount(), 0);
    QTest::keyClick(m_page->findChild<FilterField *>(), Qt::Key_Escape);
    QTRY_VERIFY(view()->model()->rowCount() >= 4);
}

void ModelsPageTest::eachTabHasItsOwnSavedFilters()
{
    const auto *chips = m_page->findChild<ChipRow *>();
    m_page->findChild<FilterField *>()->setFilter(u"channel:OpenAI"_s);
    tests::trigger(*m_page, u"models.saveFilter"_s);
    auto *dialog = m_page->findChild<NameDialog *>();
    QVERIFY(dialog);
    QTest::keyClicks(dialog->findChild<QLineEdit *>(), u"Paid"_s);
    QTest::keyClick(dialog->findChild<QLineEdit *>(), Qt::Key_Return);
    QTRY_VERIFY(chips->isVisible());
    const QString id = chips->current();

    showTab(1);
    QVERIFY(!chips->isVisible());
    QVERIFY(!tests::action(*m_page, u"models.removeFilter"_s)->isEnabled());
    showTab(0);

    QVERIFY(chips->isVisible());
    QCOMPARE(chips->current(), id);
    tests::trigger(*m_page, u"models.removeFilter"_s);
    QTRY_VERIFY(!chips->isVisible());
}

void ModelsPageTest::editsAPriceAndTakesItBack()
{
    showTab(1);
    const QString former = cell(u"gpt-4o"_s, u"input"_s).data().toString();
    QVERIFY(former.startsWith(u'$'));

    view()->commitCell(cell(u"gpt-4o"_s, u"input"_s), u"7.25"_s);
    QTRY_VERIFY(cell(u"gpt-4o"_s, u"input"_s).data().toString().startsWith(u"$7.25"_s));
    QCOMPARE(cell(u"gpt-4o"_s, u"source"_s).data().toString(), u"Edited"_s);

    m_fixture->services().undo.undo();
    QTRY_COMPARE(cell(u"gpt-4o"_s, u"input"_s).data().toString(), former);
}

void ModelsPageTest::keepsTheEditorOpenForNonsense()
{
    showTab(1);
    QSignalSpy failed(view(), &TableView::commitFailed);

    view()->commitCell(cell(u"gpt-4o"_s, u"input"_s), u"cheap"_s);

    QTRY_COMPARE(failed.size(), 1);
    QVERIFY(m_page->findChild<MessageBar *>()->hasMessage(u"failure"_s));
}

void ModelsPageTest::explainsARoute()
{
    RouteDialog dialog(m_fixture->services(), u"shared"_s);
    dialog.show();

    QTRY_VERIFY(dialog.table().rowCount() >= 2);
    QCOMPARE(dialog.table().row(0).name, u"OpenAI"_s);
    QCOMPARE(dialog.table().row(0).tier, 1);
    QCOMPARE(tests::accessibilityProblems(&dialog), QStringList());
}

void ModelsPageTest::explainsWhyAChannelIsLeftOut()
{
    RouteDialog dialog(m_fixture->services(), u"echo"_s);
    dialog.show();

    QTRY_VERIFY(dialog.table().rowCount() >= 2);
    const auto &rows = dialog.table().rows();
    const auto other = std::find_if(
        rows.begin(), rows.end(), [](const auto &row) { return row.name == u"OpenAI"_s; });
    QVERIFY(other != rows.end());
    QCOMPARE(other->exclusion, admin::RouteExclusion::NoSuchModel);
    QVERIFY(!other->reason.isEmpty());
}

const admin::RouteCandidate *ModelsPageTest::channelOf(const RouteDialog &dialog,
                                                       const QString &name)
{
    const auto &rows = dialog.table().rows();
    const auto found = std::find_if(
        rows.begin(), rows.end(), [&name](const auto &row) { return row.name == name; });
    return found == rows.end() ? nullptr : &*found;
}

void ModelsPageTest::explainsTheRouteOfARequest()
{
    RouteDialog dialog(m_fixture->services(), u"echo"_s);
    dialog.show();
    QTRY_VERIFY(dialog.table().rowCount() >= 2);
    auto *body = dialog.findChild<RequestEdit *>();
    body->setFocus();

    // Anthropic's dialect, and another model than the one that is chosen.
    QTest::keyClicks(body,
                     uR"({"model":"shared","max_tokens":90,"stream":true,"system":"Be brief.",)"
                     uR"("messages":[{"role":"user","content":"Hello"}]})"_s);

    QTRY_VERIFY(wordsOnRequest(dialog).contains(u"Read as: Anthropic messages"_s));
    QVERIFY2(wordsOnRequest(dialog).contains(u"shared"_s), qPrintable(wordsOnRequest(dialog)));
    QVERIFY(wordsOnRequest(dialog).contains(u"streamed"_s));
    QVERIFY(wordsOnRequest(dialog).contains(u"90"_s));
    QCOMPARE(channelOf(dialog, u"OpenAI"_s)->exclusion, admin::RouteExclusion::NotSupported);
    QCOMPARE(dialog.table().row(0).name, u"Echo <b>bold</b>"_s);
    QCOMPARE(dialog.table().row(0).exclusion, admin::RouteExclusion::None);
    QCOMPARE(verdict(dialog), u"Served"_s);
    QCOMPARE(tests::accessibilityProblems(&dialog), QStringList());
}

void ModelsPageTest::explainsTheRouteOfOneKind()
{
    RouteDialog dialog(m_fixture->services(), u"gpt-4o"_s);
    dialog.show();
    QTRY_COMPARE(verdict(dialog), u"Served"_s);
    const auto boxes = dialog.findChildren<QComboBox *>();
    const auto kind = std::find_if(boxes.begin(), boxes.end(), [](const QComboBox *box) {
        return box->accessibleName() == u"Request"_s;
    });
    QVERIFY(kind != boxes.end());

    (*kind)->setFocus();
    QTest::keyClicks(*kind, u"Anth"_s);

    QTRY_COMPARE(verdict(dialog), u"Refused"_s);
    QCOMPARE(channelOf(dialog, u"OpenAI"_s)->exclusion, admin::RouteExclusion::NotSupported);
}

void ModelsPageTest::saysWhatIsWrongWithARequest()
{
    RouteDialog dialog(m_fixture->services(), u"shared"_s);
    dialog.show();
    QTRY_VERIFY(dialog.table().rowCount() >= 2);
    auto *body = dialog.findChild<RequestEdit *>();
    QGuiApplication::clipboard()->setText(u"{\n\"model\": \"shared\",\n\"messages\": ["_s);
    QTest::mouseClick(body->viewport(), Qt::LeftButton);

    QTest::keySequence(body, QKeySequence::Paste);

    QTRY_COMPARE(verdict(dialog), u"Refused"_s);
    QVERIFY2(wordsOnRequest(dialog).contains(u"line 3"_s), qPrintable(wordsOnRequest(dialog)));
    QCOMPARE(dialog.table().rowCount(), 0);
    const auto labels = dialog.findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [&dialog](const QLabel *label) {
        return label->isVisible() && label->text() == wordsOnRequest(dialog);
    }));

    QTest::keySequence(body, QKeySequence::SelectAll);
    QTest::keyClick(body, Qt::Key_Delete);
    QTRY_COMPARE(verdict(dialog), u"Served"_s);
    QCOMPARE(wordsOnRequest(dialog), QString());
}

void ModelsPageTest::doubtsLongPrompts()
{
    RouteDialog dialog(m_fixture->services(), u"gpt-4o"_s);
    dialog.show();
    QTRY_COMPARE(verdict(dialog), u"Served"_s);
    auto *tokens = dialog.findChild<TokensField *>();
    QTest::mouseClick(tokens, Qt::LeftButton);

    QTest::keyClicks(tokens, u"200k"_s);
    QTest::keyClick(tokens, Qt::Key_Return);

    QTRY_COMPARE(verdict(dialog), u"Doubtful"_s);
    const admin::RouteCandidate *asked = channelOf(dialog, u"OpenAI"_s);
    QCOMPARE(asked->exclusion, admin::RouteExclusion::None);
    QVERIFY2(asked->doubt.english().contains(u"200000"_s), qPrintable(asked->doubt.english()));
    QVERIFY(dialog.isVisible());
    tokens->selectAll();
    QTest::keyClicks(tokens, u"200"_s);
    QTRY_COMPARE(verdict(dialog), u"Served"_s);
}

void ModelsPageTest::answersNothingWhileTheTokensAreNoNumber()
{
    RouteDialog dialog(m_fixture->services(), u"gpt-4o"_s);
    dialog.show();
    QTRY_COMPARE(verdict(dialog), u"Served"_s);
    auto *tokens = dialog.findChild<TokensField *>();
    auto *state = dialog.findChild<StatusChip *>();

    tokens->setFocus();
    QTest::keyClicks(tokens, u"abc"_s);

    QTRY_VERIFY(state->isHidden());
    QCOMPARE(dialog.table().rowCount(), 0);
    const auto labels = dialog.findChildren<QLabel *>();
    QVERIFY(std::any_of(labels.begin(), labels.end(), [tokens](const QLabel *label) {
        return label->isVisible() && label->text() == tokens->problem();
    }));
    tokens->selectAll();
    QTest::keyClicks(tokens, u"200"_s);
    QTRY_VERIFY(!state->isHidden());
    QCOMPARE(verdict(dialog), u"Served"_s);
}

void ModelsPageTest::isNotWidenedByLongNames()
{
    RouteDialog dialog(m_fixture->services(), u"gpt-4o"_s);
    dialog.show();
    const int before = dialog.minimumSizeHint().width();

    const auto boxes = dialog.findChildren<QComboBox *>();
    const auto model =
        std::find_if(boxes.begin(), boxes.end(), [](auto *box) { return box->isEditable(); });
    QVERIFY(model != boxes.end());
    (*model)->addItem(QString(400, u'm'));
    dialog.layout()->activate();

    QCOMPARE(dialog.minimumSizeHint().width(), before);
}

void ModelsPageTest::asksOnceTheModelIsTyped()
{
    RouteDialog dialog(m_fixture->services(), u"shared"_s);
    dialog.show();
    QTRY_COMPARE(verdict(dialog), u"Served"_s);
    const auto boxes = dialog.findChildren<QComboBox *>();
    const auto model =
        std::find_if(boxes.begin(), boxes.end(), [](auto *box) { return box->isEditable(); });
    QVERIFY(model != boxes.end());
    const auto says = [&dialog](const QString &words) {
        const auto labels = dialog.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&words](const QLabel *label) {
            return label->text().contains(words);
        });
    };
    const QString typed = u"no-such-model-anywhere"_s;
    int answers = 0;

    (*model)->lineEdit()->selectAll();
    for (qsizetype i = 0; i < typed.size(); ++i) {
        QTest::keyClicks((*model)->lineEdit(), typed.mid(i, 1));
        QCoreApplication::processEvents();
        if (says(u"\"%1\""_s.arg(typed.first(i + 1))))
            ++answers;
    }

    QVERIFY2(answers < typed.size(), qPrintable(QString::number(answers)));
    QTRY_VERIFY(says(u"\"%1\""_s.arg(typed)));
    QCOMPARE(verdict(dialog), u"Refused"_s);
}

void ModelsPageTest::keepsALongBodyWhole()
{
    RequestEdit body;
    body.show();
    const QString text =
        uR"({"model":"shared","messages":[")"_s + QString(200'000, u'a') + u"\"]}"_s;
    QGuiApplication::clipboard()->setText(text);
    QTest::mouseClick(body.viewport(), Qt::LeftButton);

    QTest::keySequence(&body, QKeySequence::Paste);
    QCOMPARE(body.body(), text.toUtf8());
    QVERIFY(body.isCut());
    QVERIFY(body.toPlainText().size() < 5'000);
    QTest::keyClicks(&body, u"x"_s);
    QCOMPARE(body.body(), text.toUtf8());

    QTest::keyClick(&body, Qt::Key_Delete);
    QCOMPARE(body.body(), QByteArray());
    QTest::keyClicks(&body, u"{}"_s);
    QCOMPARE(body.body(), QByteArray("{}"));
}

void ModelsPageTest::pastesALongTextIntoAnother_data()
{
    QTest::addColumn<int>("anchor");
    QTest::addColumn<int>("position");

    QTest::newRow("at the beginning") << 0 << 0;
    QTest::newRow("between") << 10 << 10;
    QTest::newRow("at the end") << 21 << 21;
    QTest::newRow("in place of a part") << 10 << 13;
    QTest::newRow("in place of a part that was selected backwards") << 13 << 10;
    QTest::newRow("in place of all") << 0 << 21;
}

void ModelsPageTest::pastesALongTextIntoAnother()
{
    QFETCH(int, anchor);
    QFETCH(int, position);
    RequestEdit body;
    body.show();
    const QString before = u"{\n\"model\":\"abc\",\n  1}"_s;
    QCOMPARE(before.size(), 21);
    body.setPlainText(before);
    QTextCursor cursor = body.textCursor();
    cursor.setPosition(anchor);
    cursor.setPosition(position, QTextCursor::KeepAnchor);
    body.setTextCursor(cursor);
    const QString pasted(200'000, u'a');
    QGuiApplication::clipboard()->setText(pasted);
    QSignalSpy changed(&body, &RequestEdit::bodyChanged);

    QTest::keySequence(&body, QKeySequence::Paste);

    const QString whole = before.first(std::min(anchor, position)) + pasted
                          + before.sliced(std::max(anchor, position));
    QCOMPARE(body.body(), whole.toUtf8());
    QVERIFY(body.isCut());
    QVERIFY(body.toPlainText().size() < 5'000);
    QVERIFY(whole.startsWith(body.toPlainText().chopped(1)));
    QVERIFY(!changed.isEmpty());
    // The next one takes the place of all.
    QGuiApplication::clipboard()->setText(u"{}"_s);
    QTest::keySequence(&body, QKeySequence::Paste);
    QCOMPARE(body.body(), QByteArray("{}"));
    QVERIFY(!body.isReadOnly());
}

void ModelsPageTest::showsContextSizes()
{
    const QString shown = cell(u"gpt-4o"_s, u"context"_s).data().toString();

    QVERIFY2(shown.startsWith(u"128"_s), qPrintable(shown));
}

void ModelsPageTest::exportsItsList()
{
    QTemporaryDir folder;
    const QString path = folder.filePath(u"models.csv"_s);
    auto *exporter = m_page->findChild<TableExporter *>();
    QVERIFY(exporter);
    const QSignalSpy finished(exporter, &TableExporter::finished);

    exporter->write(*view(), path);

    QTRY_COMPARE(finished.size(), 1);
    QVERIFY(QFile::exists(path));
}

void ModelsPageTest::leadsToTraffic()
{
    QSignalSpy asked(m_page.get(), &Page::navigationRequested);
    view()->selectSourceRow(0);
    const auto &actions = m_page->pageActions();
    const auto traffic = std::find_if(actions.begin(), actions.end(), [](const QAction *action) {
        return action->objectName() == u"models.traffic"_s;
    });
    QVERIFY(traffic != actions.end());

    (*traffic)->trigger();

    QCOMPARE(asked.size(), 1);
    QVERIFY(asked.first().at(1).toString().startsWith(u"model:"_s));
}

void ModelsPageTest::previewsARecalculation()
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

void ModelsPageTest::makeStaleCost()
{
    admin::PriceService &prices = m_fixture->administration().prices;
    QCOMPARE(m_fixture->chat(m_fixture->addToken(u"recalculated"_s), u"echo"_s), 200);
    m_dollars += 1;
    m_fixture->wait(prices.save({.model = "echo", .tokens = {.input = {m_dollars * 1'000'000}}}));
    m_fixture->services().undo.clear();
}

void ModelsPageTest::recalculate(RecalculationDialog &dialog)
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

void ModelsPageTest::aRecalculationIsTakenBackInItsDialog()
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

void ModelsPageTest::aRecalculationOutlivesItsDialog()
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

void ModelsPageTest::isAccessible()
{
    QCOMPARE(tests::accessibilityProblems(m_page.get()), QStringList());
}

QTEST_MAIN(ModelsPageTest)
#include "tst_modelspage.moc"
