#include "theme/style.h"
#include "theme/theme.h"
#include "widgets/clipboard.h"
#include "widgets/fields/calendarpopup.h"
#include "widgets/fields/copybutton.h"
#include "widgets/fields/form.h"
#include "widgets/fields/keylistedit.h"
#include "widgets/fields/searchablelist.h"
#include "widgets/fields/secretfield.h"
#include "widgets/fields/shownsecret.h"
#include "widgets/fields/tagedit.h"
#include "widgets/fields/unitfield.h"
#include "widgets/qrcode.h"
#include "widgets/secondarylabel.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QCalendarWidget>
#include <QClipboard>
#include <QComboBox>
#include <QCompleter>
#include <QContextMenuEvent>
#include <QDateTimeEdit>
#include <QListView>
#include <QMenu>
#include <QMimeData>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QTextCharFormat>
#include <QToolButton>
#include <QWheelEvent>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

using namespace gatehouse;
using namespace gatehouse::ui;

class FieldsTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void showsErrorsUnderTheField();
    void keepsBackWhatIsMissing();
    void theWheelScrollsTheForm();
    void labelsAreBuddies();
    void hidesSecrets();
    void forgetsCopiedSecrets();
    void forgetsSecretsAfterTheTimeThatIsSet();
    void secretsStayAsLongAsTheLastCopy();
    void keepsWhatWasCopiedMeanwhile();
    void copiesShownSecretsAsSecrets();
    void cleansKeys();
    void masksKeysWithoutFocus();
    void offersWhatIsPasted();
    void addsAndRemovesTags();
    void addsTagsWhileOthersAreProposed();
    void placesTagsAtOnce();
    void findsEntries();
    void paintsQrCodesInWholePixels();
    void refusesTooMuchForAQrCode();
    void calendarsAreOfTheWindow();
    void calendarsHaveAnEdge();

private:
    template<typename Widget>
    static void open(Widget &widget)
    {
        widget.show();
        QVERIFY(QTest::qWaitForWindowActive(&widget));
        widget.setFocus();
    }
};

void FieldsTest::initTestCase()
{
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    Theme::apply(Scheme::Light);
}

void FieldsTest::showsErrorsUnderTheField()
{
    Form form;
    auto *name = new QLineEdit(&form);
    auto *size = new BytesField(&form);
    form.addField(
        name, [] { return u"Name"_s; }, [] { return u"Any name."_s; });
    form.addField(size, [] { return u"Limit"_s; });
    open(form);

    form.setError(name, u"This name is taken."_s);
    QVERIFY(form.hasErrors());
    QVERIFY(isInvalid(name));
    QCOMPARE(name->accessibleDescription(), u"This name is taken."_s);
    form.focusFirstError();
    QVERIFY(name->hasFocus());

    form.setError(name, {});
    QCOMPARE(name->accessibleDescription(), u"Any name."_s);
    QVERIFY(!isInvalid(name));

    QTest::keyClicks(size, u"many"_s);
    QCOMPARE(form.error(size), size->problem());
    QVERIFY(!form.error(size).isEmpty());
}

// A form that was only opened shows no errors, though it has them.
void FieldsTest::keepsBackWhatIsMissing()
{
    Form form;
    auto *name = new QLineEdit(&form);
    auto *owner = new QLineEdit(&form);
    const QString missing = u"It needs a name."_s;
    form.addField(
        name, [] { return u"Name"_s; }, [] { return u"Any name."_s; });
    form.addField(owner, [] { return u"Owner"_s; });
    const auto review = [&form, missing](QLineEdit *field) {
        form.setMissing(field, field->text().isEmpty() ? missing : QString());
    };
    for (QLineEdit *field : {name, owner}) {
        connect(field, &QLineEdit::textChanged, &form, [review, field] { review(field); });
        review(field);
    }
    open(form);
    QVERIFY(form.hasErrors());
    QCOMPARE(form.firstError(), missing);
    QVERIFY(!isInvalid(name));
    QCOMPARE(name->accessibleDescription(), u"Any name."_s);

    QTest::keyClicks(name, u"x"_s);
    QCOMPARE(form.error(name), QString());
    QTest::keyClick(name, Qt::Key_Backspace);
    QVERIFY(isInvalid(name));
    QCOMPARE(name->accessibleDescription(), missing);
    QVERIFY(!isInvalid(owner));

    QTest::keyClicks(name, u"x"_s);
    QVERIFY(!isInvalid(name));
    form.focusFirstError();
    QVERIFY(isInvalid(owner));
    QVERIFY(owner->hasFocus());
}

// The wheel changes only the field that has the focus, and does not give it.
void FieldsTest::theWheelScrollsTheForm()
{
    QScrollArea area;
    auto *form = new Form(&area);
    auto *name = new QLineEdit(form);
    auto *number = new QSpinBox(form);
    auto *beside = new QSpinBox(form);
    auto *choice = new QComboBox(form);
    choice->addItems({u"one"_s, u"two"_s, u"three"_s});
    choice->setCurrentIndex(1);
    for (QSpinBox *box : {number, beside})
        box->setValue(50);
    form->addField(name, [] { return u"Name"_s; });
    form->addLine({number, beside}, [] { return u"Numbers"_s; });
    form->addField(choice, [] { return u"Choice"_s; });
    form->setMinimumHeight(2000);
    area.setWidgetResizable(true);
    area.setWidget(form);
    area.resize(400, 300);
    open(area);
    name->setFocus();
    const auto turn = [](QWidget *over) {
        const QPointF at = over->rect().center();
        QWheelEvent event(at,
                          over->mapToGlobal(at),
                          {},
                          {0, -120},
                          Qt::NoButton,
                          Qt::NoModifier,
                          Qt::NoScrollPhase,
                          false);
        // Only one from outside goes on to the widgets below.
        QSpontaneKeyEvent::setSpontaneous(&event);
        qApp->notify(over, &event);
    };

    for (QWidget *over : QList<QWidget *>{number, beside, choice})
        turn(over);

    QCOMPARE(number->value(), 50);
    QCOMPARE(beside->value(), 50);
    QCOMPARE(choice->currentIndex(), 1);
    QCOMPARE(number->focusPolicy(), Qt::StrongFocus);
    QCOMPARE(choice->focusPolicy(), Qt::StrongFocus);
    QVERIFY(area.verticalScrollBar()->value() > 0);

    number->setFocus();
    turn(number);
    QCOMPARE(number->value(), 49);
}

void FieldsTest::labelsAreBuddies()
{
    Form form;
    auto *name = new QLineEdit(&form);
    form.addField(name, [] { return u"&Name"_s; });

    const QList<QLabel *> labels = form.findChildren<QLabel *>();

    const auto label = std::find_if(
        labels.begin(), labels.end(), [](const QLabel *one) { return one->text() == u"&Name"_s; });
    QVERIFY(label != labels.end());
    QCOMPARE((*label)->buddy(), name);
    QCOMPARE(name->accessibleName(), u"Name"_s);
}

void FieldsTest::hidesSecrets()
{
    SecretField field;
    field.setSecret(base::Secret(u"correct horse"_s));
    open(field);
    QCOMPARE(field.echoMode(), QLineEdit::Password);

    const QList<QToolButton *> buttons = field.findChildren<QToolButton *>();
    QVERIFY(!buttons.isEmpty());
    QTest::mouseClick(buttons.front(), Qt::LeftButton);

    QVERIFY(field.isRevealed());
    QCOMPARE(field.secret(), base::Secret(u"correct horse"_s));
}

void FieldsTest::forgetsCopiedSecrets()
{
    copySecret(base::Secret(u"correct horse"_s), 20ms);

    QCOMPARE(QApplication::clipboard()->text(), u"correct horse"_s);
    QVERIFY(QApplication::clipboard()->mimeData()->hasFormat(u"x-kde-passwordManagerHint"_s));
    QTRY_VERIFY(QApplication::clipboard()->text().isEmpty());
}

void FieldsTest::forgetsSecretsAfterTheTimeThatIsSet()
{
    QCOMPARE(secretLifetime(), 30s);
    setSecretLifetime(20ms);

    copySecret(base::Secret(u"correct horse"_s));

    QCOMPARE(QApplication::clipboard()->text(), u"correct horse"_s);
    QTRY_VERIFY(QApplication::clipboard()->text().isEmpty());
    setSecretLifetime(30s);
}

// The time of the last copy counts, and the end of the program.
void FieldsTest::secretsStayAsLongAsTheLastCopy()
{
    copySecret(base::Secret(u"correct horse"_s), 60ms);
    copySecret(base::Secret(u"correct horse"_s), 10s);
    QTest::qWait(120);
    QCOMPARE(QApplication::clipboard()->text(), u"correct horse"_s);

    QMetaObject::invokeMethod(qApp, "aboutToQuit");

    QVERIFY(QApplication::clipboard()->text().isEmpty());
}

void FieldsTest::keepsWhatWasCopiedMeanwhile()
{
    bool over = false;
    copySecret(base::Secret(u"correct horse"_s), 20ms);
    QTimer::singleShot(40ms, this, [&over] { over = true; });

    copyText(u"something else"_s);

    QTRY_VERIFY(over);
    QCOMPARE(QApplication::clipboard()->text(), u"something else"_s);
}

// By the keyboard, as by the button beside it.
void FieldsTest::copiesShownSecretsAsSecrets()
{
    const auto isSecret = [](const QString &text) {
        const QMimeData *data = QApplication::clipboard()->mimeData();
        return data->text() == text && data->hasFormat(u"x-kde-passwordManagerHint"_s);
    };
    ShownSecret line;
    line.setText(u"sk-correct-horse"_s);
    open(line);
    QVERIFY(line.isReadOnly());
    line.selectAll();
    QTest::keySequence(&line, QKeySequence::Copy);
    QVERIFY(isSecret(u"sk-correct-horse"_s));
    copyText({});
    line.setSelection(3, 7);
    QTest::keySequence(&line, QKeySequence::Cut);
    QVERIFY(isSecret(u"correct"_s));
    QCOMPARE(line.text(), u"sk-correct-horse"_s);

    QContextMenuEvent asked(QContextMenuEvent::Mouse, QPoint(1, 1), line.mapToGlobal(QPoint(1, 1)));
    QApplication::sendEvent(&line, &asked);
    auto *menu = line.findChild<QMenu *>();
    QVERIFY(menu);
    menu->actions().back()->trigger();
    menu->actions().front()->trigger();
    QVERIFY(isSecret(u"sk-correct-horse"_s));
    menu->close();

    ShownSecretLines lines;
    lines.setPlainText(u"export KEY=sk-one\nexport MORE=two"_s);
    open(lines);
    lines.selectAll();
    QTest::keySequence(&lines, QKeySequence::Copy);
    QVERIFY(isSecret(u"export KEY=sk-one\nexport MORE=two"_s));
    QApplication::clipboard()->clear();
}

void FieldsTest::cleansKeys()
{
    KeyListEdit keys;
    const QSignalSpy changed(&keys, &KeyListEdit::keysChanged);
    open(keys);

    keys.setPlainText(u"  \"sk-one\" \n\nsk-\u200Btwo\t\nsk-one\n'sk-three',"_s);

    QCOMPARE(
        keys.keys(),
        (QList{base::Secret(u"sk-one"_s), base::Secret(u"sk-two"_s), base::Secret(u"sk-three"_s)}));
    QCOMPARE(keys.keyCount(), 3);
    QVERIFY(changed.count() > 0);
}

void FieldsTest::masksKeysWithoutFocus()
{
    QWidget window;
    KeyListEdit keys(&window);
    QLineEdit other(&window);
    keys.setKeys({base::Secret(u"sk-ant-api03-aaaaaaaaaaaax7Qa"_s)});
    open(window);
    other.setFocus();
    QVERIFY(!keys.toPlainText().contains(u"aaaa"_s));
    QVERIFY(keys.toPlainText().endsWith(u"x7Qa"_s));

    keys.setFocus();
    QTRY_COMPARE(keys.toPlainText(), u"sk-ant-api03-aaaaaaaaaaaax7Qa"_s);
    QTest::keyClick(&keys, Qt::Key_End, Qt::ControlModifier);
    QTest::keyClicks(&keys, u"9"_s);
    other.setFocus();

    QTRY_VERIFY(!keys.toPlainText().contains(u"aaaa"_s));
    QCOMPARE(keys.keys(), QList{base::Secret(u"sk-ant-api03-aaaaaaaaaaaax7Qa9"_s)});
    keys.setRevealed(true);
    QCOMPARE(keys.toPlainText(), u"sk-ant-api03-aaaaaaaaaaaax7Qa9"_s);
}

void FieldsTest::offersWhatIsPasted()
{
    KeyListEdit keys;
    open(keys);
    QString seen;
    connect(&keys, &KeyListEdit::pasted, this, [&seen](const QString &text, bool *taken) {
        seen = text;
        *taken = text.startsWith(u"curl"_s);
    });

    copyText(u"curl https://example.com"_s);
    keys.paste();
    QCOMPARE(seen, u"curl https://example.com"_s);
    QCOMPARE(keys.keyCount(), 0);

    copyText(u"sk-one"_s);
    keys.paste();
    QCOMPARE(keys.keyCount(), 1);
}

void FieldsTest::addsAndRemovesTags()
{
    TagEdit edit;
    edit.setPlaceholderText(u"all of them"_s);
    QCOMPARE(edit.findChild<QLineEdit *>()->placeholderText(), u"all of them"_s);
    edit.setTags({u"gpt-5"_s});
    QCOMPARE(edit.findChild<QLineEdit *>()->placeholderText(), QString());
    const QSignalSpy changed(&edit, &TagEdit::tagsChanged);
    open(edit);
    QWidget *text = QApplication::focusWidget();
    QVERIFY(text && text != &edit);

    QTest::keyClicks(text, u"claude, "_s);
    QTest::keyClicks(text, u"gemini"_s);
    QTest::keyClick(text, Qt::Key_Return);
    QCOMPARE(edit.tags(), (QStringList{u"gpt-5"_s, u"claude"_s, u"gemini"_s}));

    QTest::keyClick(text, Qt::Key_Backspace);
    QTest::keyClick(text, Qt::Key_Left);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Left);
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Delete);

    QCOMPARE(edit.tags(), QStringList{u"claude"_s});
    QCOMPARE(changed.count(), 4);
}

// Enter takes what was typed although a longer name is proposed, and a proposal that was chosen.
void FieldsTest::addsTagsWhileOthersAreProposed()
{
    TagEdit edit;
    edit.setProposals({u"fake-1"_s, u"fake-10"_s, u"fake-2"_s});
    open(edit);
    auto *text = edit.findChild<QLineEdit *>();
    QVERIFY(text);
    QAbstractItemView *popup = text->completer()->popup();
    for (const QString &tag : {u"fake-1"_s, u"fake-2"_s}) {
        QTest::keyClicks(text, tag);
        QTRY_VERIFY(popup->isVisible());
        QTest::keyClick(popup, Qt::Key_Return);
        QVERIFY(!popup->isVisible());
        QVERIFY(text->text().isEmpty());
    }
    QCOMPARE(edit.tags(), (QStringList{u"fake-1"_s, u"fake-2"_s}));

    QTest::keyClicks(text, u"fake-10"_s);
    QTRY_VERIFY(popup->isVisible());
    QTest::keyClick(popup, Qt::Key_Down);
    QTest::keyClick(popup, Qt::Key_Return);
    QTRY_COMPARE(edit.tags(), (QStringList{u"fake-1"_s, u"fake-2"_s, u"fake-10"_s}));
    QVERIFY(text->text().isEmpty());
}

void FieldsTest::placesTagsAtOnce()
{
    TagEdit edit;
    edit.resize(600, 30);
    open(edit);
    const auto *text = edit.findChild<QLineEdit *>();
    QVERIFY(text);

    edit.setTags({u"gpt-5"_s, u"claude"_s});

    const QList<QAbstractButton *> chips = edit.findChildren<QAbstractButton *>();
    QCOMPARE(chips.size(), 2);
    for (const QAbstractButton *chip : chips)
        QVERIFY(!chip->geometry().intersects(text->geometry()));
    QVERIFY(!chips.front()->geometry().intersects(chips.back()->geometry()));
}

void FieldsTest::findsEntries()
{
    SearchableList list;
    list.setEntries(
        {{.id = u"ollama"_s, .text = u"Ollama"_s, .group = u"Local"_s},
         {.id = u"openai"_s, .text = u"OpenAI"_s, .group = u"Common"_s, .keywords = {u"gpt"_s}},
         {.id = u"groq"_s, .text = u"Groq"_s, .group = u"Common"_s}});
    open(list);
    const QSignalSpy activated(&list, &SearchableList::activated);
    const QSignalSpy chosen(&list, &SearchableList::chosen);
    QWidget *search = QApplication::focusWidget();
    const auto *view = list.findChild<QListView *>();
    QCOMPARE(view->model()->rowCount(), 5);

    QTest::keyClicks(search, u"gpt"_s);
    QCOMPARE(view->model()->rowCount(), 2);
    QCOMPARE(list.currentId(), u"openai"_s);
    QCOMPARE(chosen.count(), 0);
    QTest::keyClick(search, Qt::Key_Return);

    QCOMPARE(chosen.count(), 1);
    QCOMPARE(activated.count(), 1);
    QCOMPARE(activated.front().front().toString(), u"openai"_s);
    QTest::keyClick(search, Qt::Key_Escape);
    QCOMPARE(view->model()->rowCount(), 5);
    QCOMPARE(list.currentId(), u"openai"_s);
    QTest::keyClick(search, Qt::Key_Down);
    QCOMPARE(list.currentId(), u"groq"_s);
    QCOMPARE(chosen.count(), 1); // Down only passes over it

    QTest::keyClicks(search, u"o"_s); // which all have
    QCOMPARE(list.currentId(), u"groq"_s);
    const QModelIndex ollama = view->model()->index(1, 0);
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, view->visualRect(ollama).center());
    QCOMPARE(chosen.count(), 2);
    QCOMPARE(chosen.back().front().toString(), u"ollama"_s);
}

void FieldsTest::paintsQrCodesInWholePixels()
{
    QrCode code;
    QVERIFY(code.setContent(base::Secret(u"https://192.168.1.20:3000 sk-gh-7Qm2Zc9VbT4x"_s)));
    code.resize(230, 230);
    Theme::apply(Scheme::Dark);

    const QImage image = code.grab().toImage();

    Theme::apply(Scheme::Light);
    const int module = 230 / (code.side() + 8);
    const int start = (230 - module * code.side()) / 2;
    for (int row = 0; row < code.side(); ++row) {
        for (int column = 0; column < code.side(); ++column) {
            const QColor wanted = code.isBlack(column, row) ? Qt::black : Qt::white;
            const QPoint corner(start + column * module, start + row * module);
            QCOMPARE(image.pixelColor(corner), wanted);
            QCOMPARE(image.pixelColor(corner + QPoint(module - 1, module - 1)), wanted);
        }
    }
}

void FieldsTest::refusesTooMuchForAQrCode()
{
    QrCode code;

    QVERIFY(!code.setContent(base::Secret(QByteArray(5000, 'x'))));

    QVERIFY(code.isEmpty());
}

void FieldsTest::calendarsAreOfTheWindow()
{
    QDateTimeEdit field(QDate(2026, 3, 14).startOfDay());
    CalendarPopup::give(&field);
    QVERIFY(field.calendarPopup());
    QVERIFY(!field.findChild<QCalendarWidget *>());
    field.show();

    QTest::keyClick(&field, Qt::Key_Home);

    const auto *calendar = field.findChild<QCalendarWidget *>(u"calendar"_s);
    QVERIFY(calendar);
    QCOMPARE(field.calendarWidget(), calendar);
    QCOMPARE(calendar->horizontalHeaderFormat(), QCalendarWidget::SingleLetterDayNames);
    QCOMPARE(calendar->verticalHeaderFormat(), QCalendarWidget::NoVerticalHeader);
    for (const Qt::DayOfWeek day : {Qt::Saturday, Qt::Sunday})
        QVERIFY(!calendar->weekdayTextFormat(day).hasProperty(QTextFormat::ForegroundBrush));
}

void FieldsTest::calendarsHaveAnEdge()
{
    QDateTimeEdit field(QDate(2026, 3, 14).startOfDay());
    CalendarPopup::give(&field);
    field.resize(200, field.sizeHint().height());
    field.show();

    QTest::mouseClick(&field, Qt::LeftButton, {}, QPoint(field.width() - 8, field.height() / 2));

    QTRY_VERIFY(field.calendarWidget()->isVisible());
    QWidget *around = field.calendarWidget()->window();
    QVERIFY(around != field.window());
    QCOMPARE(field.calendarWidget()->geometry(), around->rect().adjusted(1, 1, -1, -1));
    const QImage image = around->grab().toImage();
    const QRgb edge = Theme::current().edge.rgb();
    QCOMPARE(image.pixelColor(0, 0).rgb(), edge);
    QCOMPARE(image.pixelColor(image.width() / 2, image.height() - 1).rgb(), edge);
    around->close();
}

QTEST_MAIN(FieldsTest)
#include "tst_fields.moc"
