#include "storage/textsearch.h"

#include <QRandomGenerator>
#include <QTest>

#include <sqlite3.h>

using namespace Qt::StringLiterals;

namespace gatehouse::storage {

class TextSearchTest : public QObject
{
    Q_OBJECT

private slots:
    void holds_data();
    void holds();
    void findsWhatALookAtEachPlaceFinds_data();
    void findsWhatALookAtEachPlaceFinds();
    void everyByteIsFoundAtEveryPlace();
    void findsWhatLikeFinds();
    void nullHoldsNothing();
};

namespace {

// A connection of SQLite's own, which knows any_holds().
class Connection
{
public:
    Connection()
    {
        sqlite3_open(":memory:", &m_handle);
        textsearch::install(m_handle);
    }
    ~Connection() { sqlite3_close(m_handle); }
    Connection(const Connection &) = delete;
    Connection &operator=(const Connection &) = delete;

    // Of a statement that gives one number.
    int number(const QByteArray &sql, const QList<QByteArray> &values = {})
    {
        sqlite3_stmt *statement = nullptr;
        if (sqlite3_prepare_v2(m_handle, sql.constData(), -1, &statement, nullptr) != SQLITE_OK)
            qFatal("%s", sqlite3_errmsg(m_handle));
        for (qsizetype i = 0; i < values.size(); ++i)
            sqlite3_bind_text(
                statement, int(i) + 1, values[i].constData(), int(values[i].size()), SQLITE_STATIC);
        const int stepped = sqlite3_step(statement);
        const int result = stepped == SQLITE_ROW ? sqlite3_column_int(statement, 0) : -1;
        sqlite3_finalize(statement);
        return result;
    }

private:
    sqlite3 *m_handle = nullptr;
};

QByteArray randomText(int most, QByteArrayView letters = "aAbB- ")
{
    QByteArray text;
    const int length = QRandomGenerator::global()->bounded(most + 1);
    for (int i = 0; i < length; ++i)
        text += letters[QRandomGenerator::global()->bounded(int(letters.size()))];
    return text;
}

// With some of the letters of ASCII in their other case.
QByteArray otherCase(QByteArray text)
{
    for (char &letter : text) {
        const bool isLetter = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
        if (isLetter && QRandomGenerator::global()->bounded(2) == 0)
            letter = static_cast<char>(letter ^ 0x20);
    }
    return text;
}

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), static_cast<size_t>(bytes.size())};
}

bool isIn(const QByteArray &part, const QByteArray &text)
{
    return textsearch::Part(view(part)).isIn(view(text));
}

// As plain as can be: QByteArray folds ASCII alone.
bool isInByEachPlace(const QByteArray &part, const QByteArray &text)
{
    const QByteArray lowerPart = part.toLower();
    const QByteArray lowerText = text.toLower();
    for (qsizetype at = 0; at + lowerPart.size() <= lowerText.size(); ++at) {
        if (lowerText.mid(at, lowerPart.size()) == lowerPart)
            return true;
    }
    return false;
}

} // namespace

void TextSearchTest::holds_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<QByteArray>("part");
    QTest::addColumn<bool>("holds");

    QTest::newRow("nothing in nothing") << QByteArray() << QByteArray() << true;
    QTest::newRow("nothing in something") << QByteArray("a") << QByteArray() << true;
    QTest::newRow("something in nothing") << QByteArray() << QByteArray("a") << false;
    QTest::newRow("all of it") << QByteArray("Kimi-K2") << QByteArray("kimi-k2") << true;
    QTest::newRow("at the end") << QByteArray("kimi-K2") << QByteArray("k2") << true;
    QTest::newRow("longer than the text") << QByteArray("kimi") << QByteArray("kimi-") << false;
    QTest::newRow("a beginning that comes twice")
        << QByteArray("aaab") << QByteArray("aab") << true;
    QTest::newRow("cut off") << QByteArray("ab-a") << QByteArray("ab-ab") << false;
    QTest::newRow("other alphabets") << QByteArray("渠道 Ä") << QByteArray("道 Ä") << true;
    QTest::newRow("only ASCII is folded") << QByteArray("Ä") << QByteArray("ä") << false;
}

void TextSearchTest::holds()
{
    QFETCH(const QByteArray, text);
    QFETCH(const QByteArray, part);
    QTEST(isIn(part, text), "holds");
}

void TextSearchTest::findsWhatALookAtEachPlaceFinds_data()
{
    QTest::addColumn<QByteArray>("letters");

    QTest::newRow("few letters, so that much is nearly found") << QByteArray("aAbB");
    QTest::newRow("as names have them") << QByteArray("aeKkZz019-./_ ");
    QTest::newRow("what differs from a letter in one bit") << QByteArray("@`[{\\|]}^~_\x7fZz");
    QTest::newRow("numbers and what folding would make of them") << QByteArray("0123\x10\x11\x12");
    QTest::newRow("beyond ASCII") << QByteArray("\xc3\xa4\x84\xe6\xb8\xa0\xc1\xe1"
                                                "aA");
    QTest::newRow("with zeros") << QByteArray("\0\0 aA\x20", 6);
}

void TextSearchTest::findsWhatALookAtEachPlaceFinds()
{
    QFETCH(const QByteArray, letters);
    constexpr int longest = 70; // several times what is compared at once

    for (int turn = 0; turn < 20'000; ++turn) {
        const QByteArray text = randomText(longest, letters);
        QByteArray part = randomText(6, letters);
        if (turn % 2 == 0 && !text.isEmpty()) { // one that is there, but for its letters' case
            const int at = QRandomGenerator::global()->bounded(int(text.size()));
            part = otherCase(text.mid(at, QRandomGenerator::global()->bounded(longest)));
        }
        QVERIFY2(isIn(part, text) == isInByEachPlace(part, text),
                 QByteArray(part.toHex(' ') + " in " + text.toHex(' ')).constData());
    }
}

// Also at the very end of the text's memory.
void TextSearchTest::everyByteIsFoundAtEveryPlace()
{
    for (int byte = 0; byte < 256; ++byte) {
        const QByteArray part(1, static_cast<char>(byte));
        const char filler = byte == '.' ? ',' : '.';
        for (qsizetype size = 1; size < 20; ++size) {
            QVERIFY(!isIn(part, QByteArray(size, filler)));
            for (qsizetype at = 0; at < size; ++at) {
                QByteArray text(size, filler);
                text[at] = static_cast<char>(byte);
                QVERIFY(isIn(part, text));
            }
        }
    }
}

void TextSearchTest::findsWhatLikeFinds()
{
    Connection connection;
    QVERIFY(textsearch::isInstalled());
    for (int turn = 0; turn < 5'000; ++turn) {
        const QByteArray part = randomText(3);
        const QByteArray one = randomText(12);
        const QByteArray other = randomText(12);
        const QByteArrayList values{part, one, other};
        QVERIFY2(
            connection.number("SELECT any_holds(?1, ?2, ?3)", values)
                == connection.number("SELECT ?2 LIKE '%'||?1||'%' OR ?3 LIKE '%'||?1||'%'", values),
            values.join('|').constData());
    }
}

void TextSearchTest::nullHoldsNothing()
{
    Connection connection;
    QCOMPARE(connection.number("SELECT any_holds('a', NULL)"), 0);
    QCOMPARE(connection.number("SELECT any_holds('a', NULL, 'BAR')"), 1);
    QCOMPARE(connection.number("SELECT any_holds(NULL, 'a')"), 0);
    QCOMPARE(connection.number("SELECT any_holds('a')"), 0);
    QCOMPARE(connection.number("SELECT any_holds()"), 0);
    QCOMPARE(connection.number("SELECT any_holds('', NULL)"), 0);
    QCOMPARE(connection.number("SELECT any_holds('', '')"), 1);
    QCOMPARE(connection.number("SELECT any_holds('23', NULL, 1234)"), 1);
}

} // namespace gatehouse::storage

QTEST_GUILESS_MAIN(gatehouse::storage::TextSearchTest)
#include "tst_textsearch.moc"
