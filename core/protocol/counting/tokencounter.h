#pragma once

#include "protocol/counting/bytepairencoding.h"

#include <QByteArrayView>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

namespace gatehouse::protocol {

// Counts tokens where a provider reports none. Exact for OpenAI's models, a fair estimate for others.
// Any thread may call. The rank tables are read at the first use, once (10 ms, 5 MB for each of the
// two), and then kept; a count takes some 90 µs for a KiB of text.
class TokenCounter
{
public:
    TokenCounter();
    ~TokenCounter();
    TokenCounter(const TokenCounter &) = delete;
    TokenCounter &operator=(const TokenCounter &) = delete;

    // Of what is longer than `mostCounted` bytes the beginning is counted and the rest taken to be
    // alike.
    qint64 countTokens(QByteArrayView text, QByteArrayView model) const;
    qint64 countTokens(QStringView text, QByteArrayView model) const;

    // False: the table for the model is still to be read.
    bool isLoaded(QByteArrayView model) const;

    // The input tokens of a request's body in any of the dialects: its texts, tools, and what the
    // frame of a message costs. Pictures, sounds and files count with a fixed figure and are never
    // fetched. A body that is no JSON object is estimated by its length.
    qint64 countPrompt(QByteArrayView requestBody, QByteArrayView model) const;

    // One token for three bytes: between English prose, which has four to five, and Chinese.
    static qint64 estimateByLength(qint64 bytes);

    static constexpr qsizetype mostCounted = 256 * 1024;

private:
    enum class Vocabulary { Cl100k, O200k };
    struct Slot
    {
        std::once_flag once{};
        std::unique_ptr<const BytePairEncoding> encoding{}; // null: its table cannot be read
        std::atomic<bool> isLoaded{false};
    };

    static Vocabulary vocabularyOf(QByteArrayView model);
    const BytePairEncoding *encodingFor(QByteArrayView model) const;

    mutable std::array<Slot, 2> m_slots{};
};

} // namespace gatehouse::protocol
