#include "admin/administration.h"
#include "desktop/pages.h"
#include "theme/theme.h"
#include "ui/accessibilitywalk.h"
#include "ui/windowfixture.h"
#include "widgets/table/tablemodelbase.h"
#include "widgets/table/tableview.h"

#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QFile>
#include <QFileDialog>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QMenuBar>
#include <QStatusTipEvent>
#include <QTableView>
#include <QTest>
#include <QTimer>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

Q_DECLARE_METATYPE(gatehouse::ui::PageId)

namespace {

QDialog *openDialog()
{
    const QWidgetList all = QApplication::topLevelWidgets();
    for (QWidget *each : all) {
        auto *dialog = qobject_cast<QDialog *>(each);
        if (dialog && dialog->isVisible())
            return dialog;
    }
    return nullptr;
}

void selectFirstRow(const QWidget *page)
{
    const auto tables = page->findChildren<QTableView *>();
    for (QTableView *table : tables) {
        if (table->isVisible() && table->model() && table->model()->rowCount() > 0) {
            table->selectRow(0);
            return;
        }
    }
}

} // namespace

// The main window with every page that the program has, and the dialogs that the pages open: what is
// new is looked at without being named here.
class EveryPageTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanup();
    void columnsFitTheWindow_data();
    void columnsFitTheWindow();
    void columnsFitBesideTheInspector();
    void pagesAreAccessible_data() { addPages(); }
    void pagesAreAccessible();
    void dialogsAreAccessible_data() { addPages(); }
    void dialogsAreAccessible();
    void allActionsHaveNames();
    void theLineBelowSaysWhatAnActionDoes();
    void listsAreExportedWithoutSecrets_data();
    void listsAreExportedWithoutSecrets();

private:
    static void addPages();
    QStringList cutColumns(const TableView &view, const QStringList &keys) const;
    void closeDialogs();

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<MainWindow> m_window;
    QByteArray m_key{}; // of the token
};

void EveryPageTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_fixture->addEchoChannel(u"Echo <b>bold</b>"_s, {u"echo"_s, u"echo-fast"_s});
    const domain::Token token = m_fixture->addToken(u"laptop"_s);
    QCOMPARE(m_fixture->chat(token, u"echo"_s), 200);
    m_key = token.key.reveal();
    m_fixture->wait(m_fixture->administration().channels.create(
        {{.name = u"Keyed"_s,
          .keys = {{.secret = base::Secret(u"sk-canary-0123456789"_s)}},
          .models = {u"m"_s},
          .headerOverrides = {{u"X-Secret"_s, u"canary"_s}},
          .proxy = u"http://user:canary@proxy:8080"_s}}));
    m_window = std::make_unique<MainWindow>(m_fixture->services(), app::pageFactories());
    m_window->resize(1200, 760);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void EveryPageTest::cleanup()
{
    closeDialogs();
}

void EveryPageTest::closeDialogs()
{
    while (QDialog *dialog = openDialog()) {
        dialog->setAttribute(Qt::WA_DeleteOnClose, false);
        dialog->hide();
        dialog->deleteLater();
    }
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
}

void EveryPageTest::addPages()
{
    QTest::addColumn<PageId>("page");
    for (const auto &[id, factory] : app::pageFactories()) {
        const int number = static_cast<int>(id);
        QTest::addRow("page %d", number) << id;
    }
}

void EveryPageTest::pagesAreAccessible()
{
    QFETCH(PageId, page);
    Page *shown = m_window->showPage(page);
    QVERIFY(shown);
    // With what the page asks for; a page without a table is looked at as it is.
    const bool filled = QTest::qWaitFor(
        [shown] {
            const auto *table = shown->findChild<QTableView *>();
            return !table || (table->model() && table->model()->rowCount() > 0);
        },
        3'000);
    Q_UNUSED(filled)
    selectFirstRow(shown);

    const QStringList problems = tests::accessibilityProblems(m_window.get());

    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
    QVERIFY(!shown->panes().isEmpty());
}

// By convention an action whose text ends in dots opens a dialog.
void EveryPageTest::dialogsAreAccessible()
{
    QFETCH(PageId, page);
    const Page *shown = m_window->showPage(page);
    QStringList problems;
    for (QAction *action : shown->pageActions()) {
        if (!action->text().endsWith(u'…'))
            continue;
        selectFirstRow(shown);
        if (!action->isEnabled())
            continue;
        // A dialog must not keep the program from going on.
        QTimer stuck;
        stuck.setSingleShot(true);
        connect(&stuck, &QTimer::timeout, this, [&problems, action] {
            problems.append(u"%1 waits for its dialog."_s.arg(action->objectName()));
            if (auto *dialog = qobject_cast<QDialog *>(QApplication::activeModalWidget()))
                dialog->reject();
        });
        stuck.start(5'000);
        action->trigger();
        stuck.stop();
        const bool opened = QTest::qWaitFor([] { return openDialog() != nullptr; }, 1'000);
        QDialog *dialog = opened ? openDialog() : nullptr;
        if (dialog && !qobject_cast<QFileDialog *>(dialog)) {
            const QStringList found = tests::accessibilityProblems(dialog);
            for (const QString &each : found)
                problems.append(u"%1: %2"_s.arg(action->objectName(), each));
            if (dialog->windowTitle().isEmpty())
                problems.append(u"%1: its dialog has no title."_s.arg(action->objectName()));
        }
        closeDialogs();
    }

    QVERIFY2(problems.isEmpty(), qPrintable(problems.join(u'\n')));
}

void EveryPageTest::allActionsHaveNames()
{
    QStringList names;
    for (const PageId id : m_window->offeredPages()) {
        for (const QAction *action : m_window->page(id)->pageActions()) {
            if (action->isSeparator())
                continue;
            QVERIFY2(!action->text().isEmpty(), qPrintable(action->objectName()));
            QVERIFY2(!action->objectName().isEmpty(), qPrintable(action->text()));
            QVERIFY2(!names.contains(action->objectName()), qPrintable(action->objectName()));
            names.append(action->objectName());
        }
    }
    QVERIFY(names.size() > 20);
}

void EveryPageTest::theLineBelowSaysWhatAnActionDoes()
{
    for (const PageId id : m_window->offeredPages()) {
        for (const QAction *action : m_window->page(id)->pageActions()) {
            if (!action->isSeparator())
                QVERIFY2(!action->statusTip().isEmpty(), qPrintable(action->objectName()));
        }
    }
    auto *tip = m_window->findChild<QLabel *>(u"tip"_s);
    QVERIFY(tip && !tip->isVisible());
    const QList<QAction *> tools = m_window->menuBar()->actions();
    const auto menu = std::find_if(tools.begin(), tools.end(), [](const QAction *each) {
        return each->menu() && each->text().remove(u'&') == "Tools"_L1;
    });
    QVERIFY(menu != tools.end());
    QAction *palette = (*menu)->menu()->actions().front();

    palette->showStatusText(m_window.get());

    QVERIFY(tip->isVisible());
    QCOMPARE(tip->text(), palette->statusTip());
    QStatusTipEvent gone{QString()};
    QCoreApplication::sendEvent(m_window.get(), &gone);
    QVERIFY(!tip->isVisible());
}

// What is wrong with the columns of these keys: hidden, out of sight, or with a title that is cut.
QStringList EveryPageTest::cutColumns(const TableView &view, const QStringList &keys) const
{
    QStringList problems;
    const QHeaderView *header = view.horizontalHeader();
    const TableModelBase *model = tableModelOf(view.model());
    for (const QString &key : keys) {
        const int column = model->columnOf(key);
        if (column < 0 || header->isSectionHidden(column)) {
            problems.append(key + u" is hidden"_s);
            continue;
        }
        const int end = header->sectionViewportPosition(column) + header->sectionSize(column);
        if (end > view.viewport()->width())
            problems.append(
                u"%1 ends at %2 of %3"_s.arg(key).arg(end).arg(view.viewport()->width()));
        const bool hasTitle = model->traits(column).icon.isEmpty();
        if (hasTitle && header->sectionSize(column) < header->sectionSizeHint(column))
            problems.append(key + u" has a title that is cut"_s);
    }
    return problems;
}

void EveryPageTest::columnsFitTheWindow_data()
{
    QTest::addColumn<PageId>("page");
    QTest::addColumn<QString>("keys");

    QTest::newRow("requests")
        << PageId::Traffic
        << u"status time client token model channel in cached out cost ttft duration bodies"_s;
    QTest::newRow("channels") << PageId::Channels
                              << u"status enabled name model priority weight strip ttft success "
                                 "cost balance tested"_s;
    QTest::newRow("users") << PageId::Users
                           << u"status enabled name group tokens balance left cost seen"_s;
}

// In a window as large as it is at first, without what can be opened beside the list.
void EveryPageTest::columnsFitTheWindow()
{
    QFETCH(PageId, page);
    QFETCH(QString, keys);
    m_window->resize(Theme::px(1200), Theme::px(760));
    Page *shown = m_window->showPage(page);
    if (auto *details = shown->findChild<QAction *>(u"channels.detail"_s))
        details->setChecked(false);
    auto *view =
        shown->findChild<TableView *>(page == PageId::Traffic ? u"trafficList"_s : QString());
    QVERIFY(view);

    QTRY_COMPARE(cutColumns(*view, keys.split(u' ')).join(u"; "_s), QString());
}

void EveryPageTest::columnsFitBesideTheInspector()
{
    m_window->resize(Theme::px(1200), Theme::px(760));
    Page *shown = m_window->showPage(PageId::Traffic);
    auto *view = shown->findChild<TableView *>(u"trafficList"_s);
    QTRY_VERIFY(view->model()->rowCount() > 0);
    view->selectRow(0);
    auto *right = shown->findChild<QAction *>(u"traffic.detailsRight"_s);
    right->trigger();

    const QStringList keys = u"status time client model cost duration"_s.split(u' ');
    QTRY_COMPARE(cutColumns(*view, keys).join(u"; "_s), QString());
    const TableModelBase *model = tableModelOf(view->model());
    QVERIFY(view->isColumnHidden(model->columnOf(u"token"_s)));
    right->trigger();
}

void EveryPageTest::listsAreExportedWithoutSecrets_data()
{
    QTest::addColumn<PageId>("page");
    QTest::addColumn<QString>("ending");

    for (const QString &ending : {u"csv"_s, u"json"_s}) {
        for (const PageId page :
             {PageId::Channels, PageId::Models, PageId::Tokens, PageId::Users}) {
            QTest::addRow("page %d as %s", static_cast<int>(page), qPrintable(ending))
                << page << ending;
        }
    }
}

void EveryPageTest::listsAreExportedWithoutSecrets()
{
    QFETCH(PageId, page);
    QFETCH(QString, ending);
    const Page *shown = m_window->showPage(page);
    // The one that is shown; Models & prices has several.
    const QList<QTableView *> tables = shown->findChildren<QTableView *>();
    const auto visible = std::find_if(
        tables.begin(), tables.end(), [](const QTableView *each) { return each->isVisible(); });
    QVERIFY(visible != tables.end());
    const QTableView *table = *visible;
    QTRY_VERIFY(table->model()->rowCount() > 0);
    // With all that it could show.
    for (int column = 0; column < table->model()->columnCount(); ++column)
        table->horizontalHeader()->setSectionHidden(column, false);
    const QList<QAction *> &actions = shown->pageActions();
    const auto found = std::find_if(actions.begin(), actions.end(), [](const QAction *each) {
        return each->shortcut() == QKeySequence(u"Ctrl+E"_s);
    });
    QVERIFY(found != actions.end());
    const QString path = m_fixture->directory() + u"/%1."_s.arg(static_cast<int>(page)) + ending;

    // The export before may have written its file and not have ended yet.
    QFileDialog *chooser = nullptr;
    QTRY_VERIFY(((*found)->trigger(), chooser = qobject_cast<QFileDialog *>(openDialog())));
    chooser->selectFile(path);
    QMetaObject::invokeMethod(chooser, "accept");

    QTRY_VERIFY(QFile::exists(path));
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray text = file.readAll();
    QVERIFY2(!text.contains("canary") && !text.contains(m_key), text.constData());
    if (ending == "json"_L1) {
        const QJsonArray rows = QJsonDocument::fromJson(text).array();
        QCOMPARE(rows.size(), table->model()->rowCount());
        QCOMPARE(rows.first().toObject().size(), table->model()->columnCount());
    } else {
        const QByteArray heading = text.left(text.indexOf('\r'));
        for (int column = 0; column < table->model()->columnCount(); ++column) {
            const QString title = table->model()->headerData(column, Qt::Horizontal).toString();
            QVERIFY2(heading.contains(title.toUtf8()), heading.constData());
        }
        QVERIFY(text.count('\n') > table->model()->rowCount());
    }
}

QTEST_MAIN(EveryPageTest)
#include "tst_everypage.moc"
