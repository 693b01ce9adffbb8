#include "protocol/counting/tokencounter.h"

#include "base/logging.h"
#include "protocol/counting/prompttexts.h"

#include <QFile>

// A static library's resources are linked only if something names them, outside of any namespace.
static void initializeTokenResource()
{
    Q_INIT_RESOURCE(tokens);
}

namespace gatehouse::protocol {

using namespace Qt::StringLiterals;

namespace {

// How tiktoken's encodings of these names cut a text into pieces.
// https://github.com/openai/tiktoken/blob/main/tiktoken_ext/openai_public.py
constexpr QStringView cl100kPattern =
    uR"((?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|)"
    uR"( ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+)";
constexpr QStringView o200kPattern =
    uR"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+)"
    uR"((?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    uR"([^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*)"
    uR"((?i:'s|'t|'re|'ve|'m|'ll|'d)?|)"
    uR"(\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+)";

std::unique_ptr<const BytePairEncoding> loadEncoding(const QString &name, QStringView pattern)
{
    initializeTokenResource();
    QFile file(u":/tokens/"_s % name % u".ranks"_s);
    if (!file.open(QIODevice::ReadOnly)) {
        qCCritical(base::lcRelay) << "The table of tokens" << name << "is missing";
        return nullptr;
    }
    auto encoding = BytePairEncoding::make(file.readAll(), pattern.toString());
    if (!encoding) {
        qCCritical(base::lcRelay) << encoding.error().message.english() << name
                                  << encoding.error().detail;
        return nullptr;
    }
    return std::move(*encoding);
}

// At most `most` bytes of the text, without the half of a character at the end.
QByteArrayView beginning(QByteArrayView text, qsizetype most)
{
    if (text.size() <= most)
        return text;
    constexpr qsizetype longestCharacter = 4;
    qsizetype end = most;
    while (end > 0 && most - end < longestCharacter && (text[end] & 0xc0) == 0x80)
        --end;
    return text.first((text[end] & 0xc0) == 0x80 ? most : end);
}

// Counts texts one after another until the bound on the work is reached.
class BoundedCount
{
public:
    explicit BoundedCount(const BytePairEncoding &encoding)
        : m_encoding(encoding)
    {}

    void add(QByteArrayView text)
    {
        const QByteArrayView counted = beginning(text, TokenCounter::mostCounted - m_countedBytes);
        m_tokens += m_encoding.count(counted);
        m_countedBytes += counted.size();
        m_leftBytes += text.size() - counted.size();
    }

    qint64 total() const
    {
        if (m_leftBytes == 0)
            return m_tokens;
        return m_tokens + m_leftBytes * m_tokens / std::max<qint64>(1, m_countedBytes);
    }

private:
    const BytePairEncoding &m_encoding;
    qint64 m_tokens = 0;
    qsizetype m_countedBytes = 0;
    qsizetype m_leftBytes = 0;
};

} // namespace

TokenCounter::TokenCounter() = default;
TokenCounter::~TokenCounter() = default;

qint64 TokenCounter::countTokens(QByteArrayView text, QByteArrayView model) const
{
    if (text.isEmpty())
        return 0;
    const BytePairEncoding *encoding = encodingFor(model);
    if (!encoding)
        return estimateByLength(text.size());
    BoundedCount count(*encoding);
    count.add(text);
    return count.total();
}

qint64 TokenCounter::countTokens(QStringView text, QByteArrayView model) const
{
    return countTokens(text.toUtf8(), model);
}

qint64 TokenCounter::countPrompt(QByteArrayView requestBody, QByteArrayView model) const
{
    PromptTexts prompt;
    if (!prompt.read(requestBody, model))
        return estimateByLength(requestBody.size());
    const BytePairEncoding *encoding = encodingFor(model);
    qint64 tokens = prompt.fixedTokens();
    if (!encoding) {
        for (const QByteArrayView text : prompt.texts())
            tokens += estimateByLength(text.size());
        return tokens;
    }
    BoundedCount count(*encoding);
    for (const QByteArrayView text : prompt.texts())
        count.add(text);
    return tokens + count.total();
}

qint64 TokenCounter::estimateByLength(qint64 bytes)
{
    return (bytes + 2) / 3;
}

// GPT-3.5, GPT-4 and the embeddings came with cl100k; all later models of OpenAI use o200k, whose
// size is nearer to the vocabularies of other makers' present models, too.
TokenCounter::Vocabulary TokenCounter::vocabularyOf(QByteArrayView model)
{
    const qsizetype slash = model.lastIndexOf('/');
    const QByteArrayView name = model.sliced(slash + 1);
    for (const QByteArrayView newer : {"gpt-4o", "gpt-4.", "gpt-4-o"}) {
        if (name.startsWith(newer))
            return Vocabulary::O200k;
    }
    for (const QByteArrayView older :
         {"gpt-4", "gpt-3.5", "gpt-35", "text-embedding-", "davinci-", "babbage-"}) {
        if (name.startsWith(older))
            return Vocabulary::Cl100k;
    }
    return Vocabulary::O200k;
}

bool TokenCounter::isLoaded(QByteArrayView model) const
{
    return m_slots[size_t(vocabularyOf(model))].isLoaded.load(std::memory_order_acquire);
}

const BytePairEncoding *TokenCounter::encodingFor(QByteArrayView model) const
{
    const Vocabulary vocabulary = vocabularyOf(model);
    Slot &slot = m_slots[size_t(vocabulary)];
    std::call_once(slot.once, [&slot, vocabulary] {
        slot.encoding = vocabulary == Vocabulary::Cl100k
                            ? loadEncoding(u"cl100k_base"_s, cl100kPattern)
                            : loadEncoding(u"o200k_base"_s, o200kPattern);
        slot.isLoaded.store(true, std::memory_order_release);
    });
    return slot.encoding.get();
}

} // namespace gatehouse::protocol
