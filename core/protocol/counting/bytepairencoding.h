#pragma once

#include "base/result.h"

#include <QByteArray>
#include <QRegularExpression>

#include <memory>
#include <vector>

namespace gatehouse::protocol {

// The tokenizer of OpenAI's models: a text is cut into pieces by a pattern, and in each piece the
// pair of neighbours with the lowest rank is joined until no pair has one. Immutable after it was
// made, so that any thread may count. https://github.com/openai/tiktoken
class BytePairEncoding
{
public:
    // `ranks`: the tokens in the order of their ranks, each as one byte with its length and its
    // bytes; every single byte must be among them. `pattern` must match some text at any place.
    static base::Result<std::unique_ptr<const BytePairEncoding>> make(QByteArray ranks,
                                                                      const QString &pattern);

    // The number of tokens. Names of special tokens count as the plain text that they are. The work
    // grows with the length alone, whatever the text is.
    qint64 count(QByteArrayView utf8) const;

private:
    BytePairEncoding(QByteArray ranks, const QString &pattern);
    bool indexRanks();
    size_t slotOf(QByteArrayView token) const;
    QByteArrayView token(quint32 rank) const;
    quint32 rankOf(QByteArrayView token) const;
    qint64 countPiece(QByteArrayView piece) const;

    static constexpr quint32 none = 0xffffffff;

    QByteArray m_ranks;
    QRegularExpression m_pattern;
    std::vector<quint32> m_offsets{}; // by rank: where in m_ranks the token begins
    std::vector<quint32> m_slots{};   // an open hash table of ranks; its size is a power of two
    qsizetype m_longest = 0;
};

} // namespace gatehouse::protocol
