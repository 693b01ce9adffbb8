// Providers' answers: whatever comes, no figure is negative or absurd, no part exceeds its sum, and
// no text outgrows its bound. Each line of the input is the data of one event.

#include "fuzz/fuzzing.h"
#include "protocol/answerscanner.h"
#include "protocol/streamscanner.h"

using namespace gatehouse;
using protocol::Operation;

namespace {

constexpr Operation operations[] = {
    Operation::ChatCompletions,
    Operation::Completions,
    Operation::Embeddings,
    Operation::Responses,
    Operation::Messages,
    Operation::StreamGenerateContent,
    Operation::EmbedContent,
    Operation::ImageGenerations,
    Operation::Speech,
};

void require(bool holds, const char *what)
{
    if (holds)
        return;
    std::fprintf(stderr, "%s\n", what);
    std::abort();
}

void check(const domain::Usage &usage)
{
    for (const qint64 figure : {usage.input,
                                usage.cacheRead,
                                usage.cacheWrite,
                                usage.cacheWriteLong,
                                usage.inputAudio,
                                usage.output,
                                usage.reasoning,
                                usage.outputAudio,
                                usage.images,
                                usage.characters})
        require(figure >= 0 && figure <= domain::Usage::largest, "A figure is out of range");
    require(usage.cacheRead + usage.cacheWrite + usage.cacheWriteLong + usage.inputAudio
                <= usage.input,
            "Parts exceed the input");
    require(usage.reasoning + usage.outputAudio <= usage.output, "Parts exceed the output");
}

void check(const protocol::ProviderError &error)
{
    require(error.message.english().size() <= 500, "A message is too long");
    require(error.status >= 400 && error.status <= 599, "A status is out of range");
    require(!error.retryAfter || error.retryAfter->count() <= 86'400, "A wait is too long");
    require(!error.message.english().contains(QLatin1String("sk-secret")),
            "A message holds the key");
}

void scanStream(Operation operation, QByteArrayView input)
{
    protocol::StreamScanner scanner(operation, "sk-secret");
    while (!input.isEmpty()) {
        const qsizetype end = input.indexOf('\n');
        const QByteArrayView line = end < 0 ? input : input.first(end);
        input = end < 0 ? QByteArrayView() : input.sliced(end + 1);
        const bool isError = line.startsWith('!');
        (void)scanner.read({.type = isError ? QByteArrayView("error") : QByteArrayView(),
                            .data = isError ? line.sliced(1) : line,
                            .hasData = true});
    }
    check(scanner.usage());
    if (scanner.error())
        check(*scanner.error());
    require(scanner.deliveredText().size() <= scanner.deliveredBytes(), "More text than delivered");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const QByteArrayView input = fuzzing::viewOf(data, size);
    for (const Operation operation : operations) {
        scanStream(operation, input);
        const auto facts = protocol::scanAnswer(input, operation, "application/json", "sk-secret");
        check(facts.usage);
        require(facts.isSuccess() != facts.error.has_value(), "A failure without an error");
        if (facts.error)
            check(*facts.error);
        protocol::PassingMembers members(protocol::tellingMembers());
        members.feed(input.first(input.size() / 2));
        members.feed(input.sliced(input.size() / 2));
        if (const auto error = protocol::errorOfBeginning(input, members, operation, "sk-secret"))
            check(*error);
        check(protocol::usageOf(members, operation));
    }
    for (const auto dialect :
         {domain::Dialect::OpenAi, domain::Dialect::Anthropic, domain::Dialect::Gemini}) {
        http::Headers headers;
        headers.add("retry-after", input.first(std::min<qsizetype>(input.size(), 40)));
        check(protocol::classify(429, headers, input, dialect, {}, "sk-secret"));
    }
    return 0;
}
