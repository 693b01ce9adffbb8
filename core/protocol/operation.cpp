#include "protocol/operation.h"

namespace gatehouse::protocol {

domain::Dialect dialectOf(Operation operation)
{
    switch (operation) {
    case Operation::Messages:
    case Operation::CountTokens:
        return domain::Dialect::Anthropic;
    case Operation::GenerateContent:
    case Operation::StreamGenerateContent:
    case Operation::EmbedContent:
    case Operation::BatchEmbedContents:
    case Operation::GeminiCountTokens:
        return domain::Dialect::Gemini;
    case Operation::ChatCompletions:
    case Operation::Completions:
    case Operation::Embeddings:
    case Operation::Moderations:
    case Operation::Responses:
    case Operation::ImageGenerations:
    case Operation::Speech:
    case Operation::ListModels:
    case Operation::RetrieveModel:
        break;
    }
    return domain::Dialect::OpenAi;
}

QByteArrayView nameOf(Operation operation)
{
    switch (operation) {
    case Operation::ChatCompletions:
        return "chat";
    case Operation::Completions:
        return "completions";
    case Operation::Embeddings:
        return "embeddings";
    case Operation::Moderations:
        return "moderations";
    case Operation::Responses:
        return "responses";
    case Operation::ImageGenerations:
        return "images";
    case Operation::Speech:
        return "speech";
    case Operation::Messages:
        return "messages";
    case Operation::CountTokens:
        return "count_tokens";
    case Operation::GenerateContent:
        return "generate_content";
    case Operation::StreamGenerateContent:
        return "stream_generate_content";
    case Operation::EmbedContent:
        return "embed_content";
    case Operation::BatchEmbedContents:
        return "batch_embed_contents";
    case Operation::GeminiCountTokens:
        return "gemini_count_tokens";
    case Operation::ListModels:
        return "list_models";
    case Operation::RetrieveModel:
        return "retrieve_model";
    }
    return {};
}

QByteArray usualPath(Operation operation, QByteArrayView model)
{
    const auto ofModel = [model](const char *action) -> QByteArray {
        return "/v1beta/models/" + model.toByteArray().toPercentEncoding("/") + action;
    };
    switch (operation) {
    case Operation::ChatCompletions:
        return "/v1/chat/completions";
    case Operation::Completions:
        return "/v1/completions";
    case Operation::Embeddings:
        return "/v1/embeddings";
    case Operation::Moderations:
        return "/v1/moderations";
    case Operation::Responses:
        return "/v1/responses";
    case Operation::ImageGenerations:
        return "/v1/images/generations";
    case Operation::Speech:
        return "/v1/audio/speech";
    case Operation::Messages:
        return "/v1/messages";
    case Operation::CountTokens:
        return "/v1/messages/count_tokens";
    case Operation::GenerateContent:
        return ofModel(":generateContent");
    case Operation::StreamGenerateContent:
        return ofModel(":streamGenerateContent?alt=sse");
    case Operation::EmbedContent:
        return ofModel(":embedContent");
    case Operation::BatchEmbedContents:
        return ofModel(":batchEmbedContents");
    case Operation::GeminiCountTokens:
        return ofModel(":countTokens");
    case Operation::ListModels:
        return "/v1/models";
    case Operation::RetrieveModel:
        return "/v1/models/" + model.toByteArray().toPercentEncoding("/");
    }
    return {};
}

std::optional<Operation> operationNamed(QByteArrayView name)
{
    for (int number = 0; number <= static_cast<int>(Operation::RetrieveModel); ++number) {
        const auto operation = static_cast<Operation>(number);
        if (nameOf(operation) == name)
            return operation;
    }
    return std::nullopt;
}

QByteArrayView defaultModel(Operation operation)
{
    switch (operation) {
    case Operation::Moderations:
        return "omni-moderation-latest";
    case Operation::ImageGenerations:
        return "dall-e-2";
    default:
        return {};
    }
}

bool isCharged(Operation operation)
{
    switch (operation) {
    case Operation::CountTokens:
    case Operation::GeminiCountTokens:
    case Operation::ListModels:
    case Operation::RetrieveModel:
        return false;
    default:
        return true;
    }
}

bool mayStream(Operation operation)
{
    switch (operation) {
    case Operation::ChatCompletions:
    case Operation::Completions:
    case Operation::Responses:
    case Operation::Messages:
    case Operation::StreamGenerateContent:
    case Operation::ImageGenerations:
        return true;
    default:
        return false;
    }
}

bool answersWithText(Operation operation)
{
    switch (operation) {
    case Operation::ChatCompletions:
    case Operation::Completions:
    case Operation::Responses:
    case Operation::Messages:
    case Operation::CountTokens:
    case Operation::GenerateContent:
    case Operation::StreamGenerateContent:
    case Operation::GeminiCountTokens:
        return true;
    default:
        return false;
    }
}

bool namesModelInPath(Operation operation)
{
    return dialectOf(operation) == domain::Dialect::Gemini || operation == Operation::RetrieveModel;
}

bool asksForUsage(Operation operation)
{
    return operation == Operation::ChatCompletions || operation == Operation::Completions;
}

bool endsWithMarker(Operation operation, StreamForm form)
{
    if (form == StreamForm::Array)
        return true; // whatever is in it
    switch (operation) {
    case Operation::GenerateContent:
    case Operation::StreamGenerateContent:
    case Operation::ImageGenerations:
    case Operation::Speech:
        return false;
    default:
        return true;
    }
}

} // namespace gatehouse::protocol
