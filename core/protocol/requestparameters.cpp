#include "protocol/requestparameters.h"

#include <algorithm>
#include <array>

namespace gatehouse::protocol {

using domain::RequestParameters;
using simdjson::dom::element;

namespace {

// The names are those of OpenAI, Anthropic and Gemini, the latter's in both spellings.
enum class Parameter { Temperature, TopP, TopK, Seed, Choices, Stop };

struct ParameterName
{
    std::string_view name{};
    Parameter parameter = Parameter::Temperature;
};

constexpr std::array<ParameterName, 12> parameterNames{{
    {"temperature", Parameter::Temperature},
    {"top_p", Parameter::TopP},
    {"topP", Parameter::TopP},
    {"top_k", Parameter::TopK},
    {"topK", Parameter::TopK},
    {"seed", Parameter::Seed},
    {"n", Parameter::Choices},
    {"candidateCount", Parameter::Choices},
    {"candidate_count", Parameter::Choices},
    {"stop", Parameter::Stop},
    {"stop_sequences", Parameter::Stop},
    {"stopSequences", Parameter::Stop},
}};

void takeNumber(element value, std::optional<double> &target)
{
    double number = 0;
    if (!value.get_double().get(number))
        target = number;
}

void takeWholeNumber(element value, std::optional<qint64> &target)
{
    int64_t number = 0;
    if (!value.get_int64().get(number))
        target = number;
}

// One text or a list of them.
void takeTexts(element value, QByteArrayList &target)
{
    constexpr qsizetype most = 8;
    constexpr size_t longest = 64;
    const auto take = [&target](element one) {
        std::string_view text;
        if (!one.get_string().get(text) && !text.empty() && text.size() <= longest
            && target.size() < most)
            target.append(bytes(text).toByteArray());
    };
    target.clear();
    simdjson::dom::array all;
    if (value.get_array().get(all)) {
        take(value);
        return;
    }
    for (const element one : all)
        take(one);
}

} // namespace

void noteParameter(RequestParameters &parameters, const Member &member)
{
    const auto found =
        std::find_if(parameterNames.begin(),
                     parameterNames.end(),
                     [&member](const ParameterName &known) { return known.name == member.name; });
    if (found == parameterNames.end())
        return;
    switch (found->parameter) {
    case Parameter::Temperature:
        takeNumber(member.value, parameters.temperature);
        break;
    case Parameter::TopP:
        takeNumber(member.value, parameters.topP);
        break;
    case Parameter::TopK:
        takeWholeNumber(member.value, parameters.topK);
        break;
    case Parameter::Seed:
        takeWholeNumber(member.value, parameters.seed);
        break;
    case Parameter::Choices:
        takeWholeNumber(member.value, parameters.choices);
        break;
    case Parameter::Stop:
        takeTexts(member.value, parameters.stopSequences);
        break;
    }
}

} // namespace gatehouse::protocol
