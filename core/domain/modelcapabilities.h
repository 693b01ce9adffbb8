#pragma once

#include <QFlags>

namespace gatehouse::domain {

// What a model can do beside reading and writing text.
enum class Capability {
    Tools = 0x001,  // calls functions
    Vision = 0x002, // reads pictures
    Reasoning = 0x004,
    PromptCache = 0x008, // what was read before costs less
    Audio = 0x010,       // listens
    Speech = 0x020,      // answers aloud
    Video = 0x040,       // watches
    Documents = 0x080,   // reads PDFs
    JsonSchema = 0x100,  // answers in a form that the request gives
    WebSearch = 0x200,
};
Q_DECLARE_FLAGS(Capabilities, Capability)
Q_DECLARE_OPERATORS_FOR_FLAGS(Capabilities)

// What a model is for.
enum class ModelPurpose {
    Chat,
    Embeddings,
    Images,
    Speech,
    Transcription,
    Reranking,
    Moderation,
    Video,
    Realtime,
};

// What is known of a model. What is not in it may be so all the same: nobody lists everything.
struct ModelCapabilities
{
    ModelPurpose purpose = ModelPurpose::Chat;
    Capabilities abilities{};
    qint64 contextTokens = 0; // 0: not known
    qint64 outputTokens = 0;  // of one answer, at the most; 0: not known

    bool operator==(const ModelCapabilities &) const = default;
};

} // namespace gatehouse::domain
