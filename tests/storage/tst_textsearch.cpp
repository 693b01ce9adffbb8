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

QByteArray randomText(int most)
{
    constexpr QByteArrayView letters("aAbB- ");
    QByteArray text;
    const int length = QRandomGenerator::global()->bounded(most + 1);
    for (int i = 0; i < length; ++i)
        text += letters[QRandomGenerator::global()->bounded(int(letters.size()))];
    return text;
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
    QTEST(textsearch::holds(std::string_view(text.constData(), size_t(text.size())),
                            std::string_view(part.constData(), size_t(part.size()))),
          "holds");
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
}

} // namespace gatehouse::storage

QTEST_GUILESS_MAIN(gatehouse::storage::TextSearchTest)
#include "tst_textsearch.moc"
