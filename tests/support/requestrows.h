#pragma once

#include "support/messagedriver.h"

#include <QTest>

// Rows of requests that are refused, and the check of one.
namespace gatehouse::support {

inline http::RequestLimits smallLimits()
{
    return {.headBytes = 1024,
            .fields = 10,
            .targetBytes = 100,
            .bodyBytes = 1000,
            .chunkLineBytes = 32,
            .trailerBytes = 128};
}

inline void row(const char *name, const QByteArray &bytes, const char *end)
{
    QTest::newRow(name) << bytes << QByteArray(end);
}

// Of a literal that holds a NUL.
template<qsizetype size>
QByteArray raw(const char (&text)[size])
{
    return QByteArray(text, size - 1);
}

// A request of HTTP/1.1 with these fields, each with its line end.
inline QByteArray withFields(const QByteArray &fields, const QByteArray &body = {})
{
    return "POST /v1/chat HTTP/1.1\r\nHost: gate\r\n" + fields + "\r\n" + body;
}

// Requires that `bytes` are refused with `end`, a status and a code, and that they are so however they
// are cut.
#define CHECK_REFUSAL(bytes, end)                                                                  \
    do {                                                                                           \
        const QByteArray whole = requestTranscript(bytes, inOnePiece, smallLimits());              \
        QVERIFY2(whole.endsWith(QByteArray("refused " + end)), whole.constData());                 \
        QCOMPARE(requestTranscript(bytes, byteByByte, smallLimits()), whole);                      \
        for (quint32 seed = 1; seed <= 8; ++seed)                                                  \
            QCOMPARE(requestTranscript(bytes, RandomCuts(seed * 7919), smallLimits()), whole);     \
    } while (false)

} // namespace gatehouse::support
