#include "admin/administration.h"
#include "domain/providertype.h"
#include "models/requestedit.h"
#include "models/routedialog.h"
#include "ui/accessibilitywalk.h"
#include "ui/modelsfixture.h"
#include "widgets/fields/unitfield.h"
#include "widgets/statuschip.h"

#include <QClipboard>
#include <QComboBox>
#include <QGuiApplication>
#include <QLabel>
#include <QLayout>
#include <QSignalSpy>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

// What "Explain route" says of a model or of a whole request.
class RouteDialogTest : public tests::ModelsFixture
{
    Q_OBJECT

private slots:
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

private:
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
};

void RouteDialogTest::explainsARoute()
{
    RouteDialog dialog(m_fixture->services(), u"shared"_s);
    dialog.show();

    QTRY_VERIFY(dialog.table().rowCount() >= 2);
    QCOMPARE(dialog.table().row(0).name, u"OpenAI"_s);
    QCOMPARE(dialog.table().row(0).tier, 1);
    QCOMPARE(tests::accessibilityProblems(&dialog), QStringList());
}

void RouteDialogTest::explainsWhyAChannelIsLeftOut()
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

const admin::RouteCandidate *RouteDialogTest::channelOf(const RouteDialog &dialog,
                                                        const QString &name)
{
    const auto &rows = dialog.table().rows();
    const auto found = std::find_if(
        rows.begin(), rows.end(), [&name](const auto &row) { return row.name == name; });
    return found == rows.end() ? nullptr : &*found;
}

void RouteDialogTest::explainsTheRouteOfARequest()
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

void RouteDialogTest::explainsTheRouteOfOneKind()
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

void RouteDialogTest::saysWhatIsWrongWithARequest()
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

void RouteDialogTest::doubtsLongPrompts()
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

void RouteDialogTest::answersNothingWhileTheTokensAreNoNumber()
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

void RouteDialogTest::isNotWidenedByLongNames()
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

void RouteDialogTest::asksOnceTheModelIsTyped()
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

void RouteDialogTest::keepsALongBodyWhole()
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

void RouteDialogTest::pastesALongTextIntoAnother_data()
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

void RouteDialogTest::pastesALongTextIntoAnother()
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

QTEST_MAIN(RouteDialogTest)
#include "tst_routedialog.moc"
