#pragma once

#include "http/refusal.h"

#include <QByteArrayView>

namespace gatehouse::http {

// How far a scan has come.
enum class Scan { More, Whole, Refused };

// Finds the end of a head (or of trailers) in bytes that arrive in any pieces, looking at each byte
// once, and refuses what no grammar after it should see: bare CR and LF, control bytes, folded
// fields, and whatever is beyond a limit. Only a whole head is then given to the grammar, so that
// the outcome cannot depend on how the bytes were cut.
class HeadScan
{
public:
    struct Rules
    {
        qint64 bytes = 0;             // of everything, the empty line included
        qint64 fields = 0;            // lines behind the first
        qint64 targetBytes = -1;      // of the second word of the first line; -1: without limit
        bool allowsHighBytes = false; // 0x80 and up
        const Refusal *tooLarge = nullptr;
        const Refusal *tooManyFields = nullptr;
    };

    void begin(const Rules &rules);
    // `input` must begin with the first byte of the head at each call.
    Scan scan(QByteArrayView input);

    // Valid after Scan::Whole: the length of the first line without its CR LF, and of the whole.
    qsizetype firstLine() const { return m_firstLine; }
    qsizetype end() const { return m_at; }
    // Valid after Scan::Refused.
    const Refusal &refusal() const { return *m_refusal; }

private:
    Scan refuse(const Refusal &refusal);
    Scan beginLine(char byte);
    Scan takeByte(char byte);
    const char *skipText(const char *from, const char *end) const;

    Rules m_rules{};
    qsizetype m_at = 0; // the next byte to look at
    qsizetype m_lineBegin = 0;
    qsizetype m_firstLine = -1; // -1: not over yet
    qsizetype m_targetBegin = -1;
    qint64 m_fields = 0;
    bool m_afterReturn = false; // the last byte was a CR
    bool m_inTarget = false;
    const Refusal *m_refusal = nullptr;
};

} // namespace gatehouse::http
