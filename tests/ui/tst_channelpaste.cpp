// What a person pastes or types into the editor of a channel, and what is said of it.
#include "channeleditor/channeldialog.h"
#include "channeleditor/channelgallery.h"
#include "channeleditor/channelkeys.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/fields/keylistedit.h"
#include "widgets/fields/searchablelist.h"
#include "widgets/fields/tagedit.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QScrollBar>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;
namespace provider = gatehouse::domain::provider;

class ChannelPasteTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup() { m_dialog.reset(); }
    void saysThatAKeyHasBlanksInside();
    void takesBlanksAroundAKeyInSilence();
    void dropsPastedModelsWithTheirProvider();
    void takesTheModelOfAGeminiCommand();
    void leavesTheCaretBehindPastedKeys();
    void asksForTheKeyOfAVariable();
    void replacesEverythingThatIsSelected();
    void showsWholeNamesOfProviders();
    void showsTheTopOfTheProviders();

private:
    bool says(const QString &text) const;
    void paste(const QString &text);
    void choose(int type)
    {
        emit m_dialog->findChild<SearchableList *>()->chosen(choiceId({.type = type}));
    }
    KeyListEdit *keys() const { return m_dialog->findChild<ChannelKeys *>()->field(); }

    std::unique_ptr<support::WindowFixture> m_fixture;
    std::unique_ptr<ChannelDialog> m_dialog;
};

void ChannelPasteTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void ChannelPasteTest::init()
{
    m_dialog = std::make_unique<ChannelDialog>(m_fixture->services(), std::nullopt);
    m_dialog->open();
    QVERIFY(QTest::qWaitForWindowActive(m_dialog.get()));
    keys()->setFocus();
}

bool ChannelPasteTest::says(const QString &text) const
{
    const auto labels = m_dialog->findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
        return label->isVisible() && label->text().contains(text);
    });
}

void ChannelPasteTest::paste(const QString &text)
{
    QGuiApplication::clipboard()->setText(text);
    QTest::keySequence(keys(), QKeySequence::Paste);
}

void ChannelPasteTest::saysThatAKeyHasBlanksInside()
{
    QTest::keyClicks(keys(), u"sk-first-01234 56789abcdef"_s);

    QVERIFY(says(u"blanks inside"_s));
    QVERIFY(keys()->accessibleDescription().contains(u"blanks inside"_s));
    QCOMPARE(keys()->keys().size(), 1);
    QCOMPARE(keys()->keys().front().reveal(), "sk-first-0123456789abcdef");
    QVERIFY(tests::button<QPushButton>(m_dialog.get(), u"Save"_s)->isEnabled());

    keys()->setPlainText(u"sk-first-0123456789abcdef"_s);
    QVERIFY(!says(u"blanks inside"_s));
    QVERIFY(!keys()->accessibleDescription().contains(u"blanks inside"_s));
}

void ChannelPasteTest::takesBlanksAroundAKeyInSilence()
{
    keys()->setPlainText(u"  \"sk-first-0123456789abcdef\" , \n\tsk-second-0123456789abcdef\n"_s);

    QCOMPARE(keys()->keys().size(), 2);
    QVERIFY(!says(u"blanks inside"_s));
}

void ChannelPasteTest::dropsPastedModelsWithTheirProvider()
{
    const QString block = u"OPENAI_API_KEY=sk-proj-0123456789abcdef\nOPENAI_MODEL=gpt-4o\n"_s;
    paste(block);
    QCOMPARE(m_dialog->channel().models, QStringList{u"gpt-4o"_s});
    auto *models = m_dialog->findChild<TagEdit *>();
    models->setTags({u"gpt-4o"_s, u"mine"_s});

    choose(provider::anthropic);

    QCOMPARE(m_dialog->channel().models, QStringList{u"mine"_s});
}

void ChannelPasteTest::takesTheModelOfAGeminiCommand()
{
    paste(u"curl https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-pro"
          ":generateContent -H 'x-goog-api-key: AIza0123456789abcdefgh' -d '{}'"_s);

    const domain::Channel channel = m_dialog->channel();
    QCOMPARE(channel.type, provider::gemini);
    QCOMPARE(channel.models, QStringList{u"gemini-2.5-pro"_s});
    QCOMPARE(channel.keys.size(), 1);
}

// So that another key can be typed on a line of its own.
void ChannelPasteTest::leavesTheCaretBehindPastedKeys()
{
    paste(u"sk-proj-0123456789abcdef"_s);
    QVERIFY(keys()->textCursor().atEnd());

    QTest::keyClick(keys(), Qt::Key_Return);
    QTest::keyClicks(keys(), u"sk-proj-fedcba9876543210"_s);
    QCOMPARE(keys()->keys().size(), 2);
}

void ChannelPasteTest::asksForTheKeyOfAVariable()
{
    paste(u"curl https://api.anthropic.com/v1/messages -H 'x-api-key: ${MY_API_KEY}'"_s);

    QVERIFY(keys()->keys().isEmpty());
    QVERIFY(says(u"MY_API_KEY"_s));
    QVERIFY(keys()->accessibleDescription().contains(u"MY_API_KEY"_s));

    QTest::keyClicks(keys(), u"sk-ant-0123456789abcdef"_s);
    QVERIFY(!says(u"MY_API_KEY"_s));
}

// What is pasted over all keys is recognised as in an empty field.
void ChannelPasteTest::replacesEverythingThatIsSelected()
{
    paste(u"sk-proj-0123456789abcdef"_s);
    QCOMPARE(m_dialog->channel().type, provider::openAi);

    keys()->selectAll();
    paste(u"curl https://api.anthropic.com/v1/messages -H 'x-api-key: sk-ant-0123456789abcdef'"_s);

    QCOMPARE(m_dialog->channel().type, provider::anthropic);
    QCOMPARE(keys()->keys().size(), 1);
    QCOMPARE(keys()->keys().front().reveal(), "sk-ant-0123456789abcdef");

    keys()->selectAll();
    paste(u"plain"_s); // nothing that is recognised
    QCOMPARE(keys()->toPlainText(), u"plain"_s);
    keys()->undo();
    QCOMPARE(keys()->toPlainText(), u"sk-ant-0123456789abcdef"_s);
}

// Those that differ only at their ends take two lines.
void ChannelPasteTest::showsWholeNamesOfProviders()
{
    const auto *list = m_dialog->findChild<SearchableList *>()->findChild<QListView *>();
    const QFontMetrics metrics(list->font());
    int wrapped = 0;
    const int usual = list->sizeHintForIndex(list->model()->index(0, 0)).height();
    for (int row = 0; row < list->model()->rowCount(); ++row) {
        const QModelIndex index = list->model()->index(row, 0);
        const QString name = index.data().toString();
        const bool isWide = metrics.horizontalAdvance(name) > list->viewport()->width();
        const int height = list->sizeHintForIndex(index).height();
        QVERIFY2(!isWide || height > usual, qPrintable(name));
        wrapped += height > usual ? 1 : 0;
        QVERIFY2(metrics.horizontalAdvance(name) < 2 * list->viewport()->width(), qPrintable(name));
    }
    QVERIFY(wrapped < list->model()->rowCount() / 2);

    SearchableList narrow;
    narrow.setEntries({{.id = u"a"_s, .text = u"OpenAI"_s},
                       {.id = u"b"_s, .text = u"OpenAI-compatible, own path"_s}});
    narrow.resize(metrics.horizontalAdvance(u"OpenAI-compatible, own"_s) + 30, 200);
    narrow.show();
    const auto *entries = narrow.findChild<QListView *>();
    const auto heightOf = [entries](int row) {
        return entries->visualRect(entries->model()->index(row, 0)).height();
    };
    QTRY_VERIFY(heightOf(1) > heightOf(0));
    narrow.resize(3 * narrow.width(), 200);
    QTRY_COMPARE(heightOf(1), heightOf(0));
}

// What is chosen is in sight, and no more is scrolled for it than must be.
void ChannelPasteTest::showsTheTopOfTheProviders()
{
    const auto *list = m_dialog->findChild<SearchableList *>()->findChild<QListView *>();
    const QRect current = list->visualRect(list->currentIndex());

    QVERIFY(list->currentIndex().isValid());
    QVERIFY(list->viewport()->rect().contains(current));
    const int top = list->verticalScrollBar()->value();
    QVERIFY(top == 0 || current.bottom() == list->viewport()->rect().bottom());

    SearchableList low;
    QList<ListEntry> entries;
    for (int i = 0; i < 40; ++i)
        entries.append({.id = QString::number(i), .text = QString::number(i)});
    low.setEntries(entries);
    low.setCurrentId(u"4"_s);
    low.resize(200, 400);
    low.show();
    const auto *view = low.findChild<QListView *>();
    QCOMPARE(view->verticalScrollBar()->value(), 0);
    QVERIFY(view->viewport()->rect().contains(view->visualRect(view->currentIndex())));
}

QTEST_MAIN(ChannelPasteTest)
#include "tst_channelpaste.moc"
