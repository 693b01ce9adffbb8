#include "models/capabilitytext.h"

#include <functional>

namespace gatehouse::ui {

namespace {

using domain::Capability;
using domain::ModelPurpose;

struct CapabilityWord
{
    const char *word = "";
    const char *explanation = "";
};

struct AbilityWord
{
    Capability capability{};
    CapabilityWord text{};
};

struct PurposeWord
{
    ModelPurpose purpose{};
    CapabilityWord text{};
};

constexpr AbilityWord abilityWords[] = {
    {Capability::Tools,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "tools"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "tools: calls functions")}},
    {Capability::Vision,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "vision"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "vision: reads pictures")}},
    {Capability::Reasoning,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "reasoning"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "reasoning: thinks before it answers")}},
    {Capability::PromptCache,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "cache"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText",
                        "cache: charges less for a prompt that it has read before")}},
    {Capability::Audio,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "audio"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "audio: listens to recordings")}},
    {Capability::Speech,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "voice"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "voice: answers aloud")}},
    {Capability::Video,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "video"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "video: watches videos")}},
    {Capability::Documents,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "PDF"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "PDF: reads documents")}},
    {Capability::JsonSchema,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "schema"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText",
                        "schema: answers in the form of a JSON schema")}},
    {Capability::WebSearch,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "web"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "web: searches the web")}},
};

constexpr PurposeWord purposeWords[] = {
    {ModelPurpose::Embeddings,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "embeddings"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "embeddings: turns texts into vectors")}},
    {ModelPurpose::Images,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "images"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "images: paints them")}},
    {ModelPurpose::Speech,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "speech"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "speech: reads texts aloud")}},
    {ModelPurpose::Transcription,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "transcription"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText",
                        "transcription: writes down what is said")}},
    {ModelPurpose::Reranking,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "reranking"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText",
                        "reranking: sorts texts by how well they fit")}},
    {ModelPurpose::Moderation,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "moderation"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText",
                        "moderation: finds what should not be said")}},
    {ModelPurpose::Video,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "videos"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "videos: makes them")}},
    {ModelPurpose::Realtime,
     {QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText", "realtime"),
      QT_TRANSLATE_NOOP("gatehouse::ui::CapabilityText",
                        "realtime: talks over a lasting connection")}},
};

QStringList textsOf(const domain::ModelCapabilities &capabilities,
                    const std::function<QString(const CapabilityWord &)> &textOf)
{
    QStringList texts;
    for (const PurposeWord &each : purposeWords) {
        if (each.purpose == capabilities.purpose)
            texts.append(textOf(each.text));
    }
    for (const AbilityWord &each : abilityWords) {
        if (capabilities.abilities.testFlag(each.capability))
            texts.append(textOf(each.text));
    }
    return texts;
}

} // namespace

QStringList CapabilityText::words(const domain::ModelCapabilities &capabilities)
{
    return textsOf(capabilities, [](const CapabilityWord &text) { return tr(text.word); });
}

QStringList CapabilityText::englishWords(const domain::ModelCapabilities &capabilities)
{
    return textsOf(capabilities,
                   [](const CapabilityWord &text) { return QString::fromLatin1(text.word); });
}

QStringList CapabilityText::explanations(const domain::ModelCapabilities &capabilities)
{
    return textsOf(capabilities, [](const CapabilityWord &text) { return tr(text.explanation); });
}

} // namespace gatehouse::ui
