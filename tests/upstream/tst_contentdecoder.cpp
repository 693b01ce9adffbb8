#include "upstream/compressed.h"
#include "upstream/contentdecoder.h"

#include <QtTest>

#include <optional>

using namespace gatehouse::upstream;
using Format = ContentDecoder::Format;

class ContentDecoderTest : public QObject
{
    Q_OBJECT

private slots:
    void decodes_data();
    void decodes();
    void outputComesInBoundedPieces();
    void canBeUsedAgain();
};

namespace {

// What the decoder makes of the input when it comes `pieceBytes` at a time; nothing if it fails or
// does not end whole.
std::optional<QByteArray>
decoded(ContentDecoder &decoder, const QByteArray &input, qsizetype pieceBytes)
{
    QByteArray output;
    for (qsizetype begin = 0; begin < input.size(); begin += pieceBytes) {
        QByteArrayView piece =
            QByteArrayView(input).sliced(begin, std::min(pieceBytes, input.size() - begin));
        while (!piece.isEmpty() || decoder.hasMore()) {
            QByteArrayView part;
            if (!decoder.step(piece, part))
                return {};
            output.append(part);
        }
    }
    return decoder.isWhole() ? std::optional(output) : std::nullopt;
}

QByteArray sample()
{
    QByteArray text;
    for (int i = 0; i < 20'000; ++i)
        text += "line " + QByteArray::number(i * 7919) + "\n";
    return text;
}

} // namespace

void ContentDecoderTest::decodes_data()
{
    QTest::addColumn<Format>("format");
    QTest::addColumn<QByteArray>("input");
    QTest::addColumn<bool>("valid");
    QTest::addColumn<QByteArray>("output");

    const QByteArray text = sample();
    const QByteArray packed = compressed(text);
    QTest::newRow("gzip") << Format::Gzip << packed << true << text;
    QTest::newRow("two gzip members")
        << Format::Gzip << packed + compressed("tail") << true << text + "tail";
    QTest::newRow("deflate with frame")
        << Format::Deflate << compressed(text, Frame::Zlib) << true << text;
    QTest::newRow("deflate without frame")
        << Format::Deflate << compressed(text, Frame::Raw) << true << text;
    QTest::newRow("empty") << Format::Gzip << QByteArray() << true << QByteArray();
    QTest::newRow("gzip of nothing") << Format::Gzip << compressed({}) << true << QByteArray();
    QTest::newRow("cut gzip") << Format::Gzip << packed.chopped(1) << false << QByteArray();
    QTest::newRow("one byte of deflate")
        << Format::Deflate << QByteArray("\x78") << false << QByteArray();
    QTest::newRow("not compressed") << Format::Gzip << QByteArray("{}") << false << QByteArray();
    QTest::newRow("bytes behind") << Format::Gzip << packed + "x" << false << QByteArray();
    QByteArray damaged = packed;
    damaged[damaged.size() / 2] = static_cast<char>(~damaged[damaged.size() / 2]);
    QTest::newRow("damaged") << Format::Gzip << damaged << false << QByteArray();
}

void ContentDecoderTest::decodes()
{
    QFETCH(Format, format);
    QFETCH(QByteArray, input);
    QFETCH(bool, valid);
    QFETCH(QByteArray, output);

    for (const qsizetype pieceBytes : {qsizetype(1), qsizetype(1000), qsizetype(1) << 30}) {
        ContentDecoder decoder;
        decoder.begin(format);
        const auto result = decoded(decoder, input, pieceBytes);
        QCOMPARE(result.has_value(), valid);
        if (result)
            QCOMPARE(*result, output);
    }
}

void ContentDecoderTest::outputComesInBoundedPieces()
{
    const QByteArray packed = compressed(QByteArray(4 << 20, 'a'));
    ContentDecoder decoder;
    decoder.begin(Format::Gzip);
    QByteArrayView input = packed;
    qsizetype all = 0;

    while (!input.isEmpty() || decoder.hasMore()) {
        QByteArrayView part;
        QVERIFY(decoder.step(input, part));
        QVERIFY(part.size() <= 32 * 1024);
        all += part.size();
    }

    QCOMPARE(all, qsizetype(4) << 20);
    QVERIFY(decoder.isWhole());
}

void ContentDecoderTest::canBeUsedAgain()
{
    ContentDecoder decoder;
    decoder.begin(Format::Deflate);
    QVERIFY(!decoded(decoder, "cut", 1));

    decoder.begin(Format::Gzip);

    QCOMPARE(decoded(decoder, compressed("whole"), 1), std::optional<QByteArray>("whole"));
}

QTEST_GUILESS_MAIN(ContentDecoderTest)
#include "tst_contentdecoder.moc"
