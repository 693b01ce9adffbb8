#include "base/message.h"

#include <QCoreApplication>
#include <QTest>
#include <QTranslator>

using namespace Qt::StringLiterals;
using namespace gatehouse;

using base::Message;

// A language in which each sentence is known by its English one.
class Translations final : public QTranslator
{
public:
    explicit Translations(QHash<QByteArray, QString> sentences)
        : m_sentences(std::move(sentences))
    {
        QCoreApplication::installTranslator(this);
    }
    ~Translations() override { QCoreApplication::removeTranslator(this); }

    bool isEmpty() const override { return m_sentences.isEmpty(); }
    QString
    translate(const char *context, const char *source, const char *, int = -1) const override
    {
        return QByteArrayView(context) == "gatehouse::base::Message" ? m_sentences.value(source)
                                                                     : QString();
    }

private:
    const QHash<QByteArray, QString> m_sentences;
};

class MessageTest : public QObject
{
    Q_OBJECT

private slots:
    void placesAreFilledInOrder();
    void whatIsPutInIsNotFilledAgain();
    void numbersAreWrittenOut();
    void whatHasNoPlaceStays();
    void verbatimIsNeverTranslated();
    void translationMayMovePlaces();
    void partsAreTranslatedToo();
    void withoutTranslationItIsEnglish();
    void equalityIsOfTheWords();
};

void MessageTest::placesAreFilledInOrder()
{
    const Message together = Message::tr("The name %1 is taken by %2.").arg(u"a"_s, u"b"_s);
    const Message oneByOne = Message::tr("The name %1 is taken by %2.").arg(u"a"_s).arg(u"b"_s);
    const Message turned = Message::tr("%2 has %1, and %2 keeps it.").arg(u"a"_s, u"b"_s);

    QCOMPARE(together.english(), u"The name a is taken by b."_s);
    QCOMPARE(oneByOne.english(), together.english());
    QCOMPARE(turned.english(), u"b has a, and b keeps it."_s);
}

void MessageTest::whatIsPutInIsNotFilledAgain()
{
    const Message message = Message::tr("%1 and %2").arg(u"100%2"_s, u"%1"_s);

    QCOMPARE(message.english(), u"100%2 and %1"_s);
    QCOMPARE(message.translated(), u"100%2 and %1"_s);
}

void MessageTest::numbersAreWrittenOut()
{
    const Message message =
        Message::tr("%1 %2 %3 %4").arg(-3, quint16(65535), qint64(9'007'199'254'740'993), 0.25);

    QCOMPARE(message.english(), u"-3 65535 9007199254740993 0.25"_s);
}

void MessageTest::whatHasNoPlaceStays()
{
    QCOMPARE(Message::tr("100 % of %1, %2 and %").arg(u"a"_s).english(), u"100 % of a, %2 and %"_s);
    QVERIFY(Message().isEmpty());
    QCOMPARE(Message().translated(), QString());
}

void MessageTest::verbatimIsNeverTranslated()
{
    const Translations translations({{"Stop", u"停止"_s}});

    QCOMPARE(Message::verbatim(u"Stop"_s).translated(), u"Stop"_s);
    QCOMPARE(Message::verbatim(u"50 %1"_s).english(), u"50 %1"_s);
}

void MessageTest::translationMayMovePlaces()
{
    const Translations translations({{"The name %1 is taken by %2.", u"%2 已使用名称 %1。"_s}});

    const Message message = Message::tr("The name %1 is taken by %2.").arg(u"a"_s, u"b"_s);

    QCOMPARE(message.translated(), u"b 已使用名称 a。"_s);
    QCOMPARE(message.english(), u"The name a is taken by b."_s);
}

void MessageTest::partsAreTranslatedToo()
{
    const Translations translations({{"Not in force yet: %1", u"尚未生效：%1"_s},
                                     {"The file %1 is full.", u"文件 %1 已满。"_s}});

    const Message inner = Message::tr("The file %1 is full.").arg(u"%1.db"_s);
    const Message outer = Message::tr("Not in force yet: %1").arg(inner);

    QCOMPARE(outer.translated(), u"尚未生效：文件 %1.db 已满。"_s);
    QCOMPARE(outer.english(), u"Not in force yet: The file %1.db is full."_s);
}

void MessageTest::withoutTranslationItIsEnglish()
{
    const Translations translations({{"Stop", u"停止"_s}});

    QCOMPARE(Message::tr("Go, %1").arg(Message::tr("Stop")).translated(), u"Go, 停止"_s);
}

void MessageTest::equalityIsOfTheWords()
{
    QCOMPARE(Message::tr("Port %1").arg(80), Message::verbatim(u"Port 80"_s));
    QVERIFY(!(Message::tr("Port %1").arg(80) == Message::tr("Port %1").arg(81)));
}

QTEST_GUILESS_MAIN(MessageTest)
#include "tst_message.moc"
