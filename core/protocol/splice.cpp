#include "protocol/splice.h"

#include <QString>

#include <algorithm>

namespace gatehouse::protocol {

QByteArray spliced(QByteArrayView body, std::vector<Edit> edits)
{
    std::stable_sort(edits.begin(), edits.end(), [](const Edit &left, const Edit &right) {
        return left.offset < right.offset;
    });
    qsizetype size = body.size();
    for (const Edit &edit : edits)
        size += edit.replacement.size() - edit.length;

    QByteArray result;
    result.reserve(size + peekPadding);
    qsizetype at = 0;
    for (const Edit &edit : edits) {
        Q_ASSERT(edit.offset >= at && edit.offset + edit.length <= body.size());
        result.append(body.sliced(at, edit.offset - at));
        result.append(edit.replacement);
        at = edit.offset + edit.length;
    }
    result.append(body.sliced(at));
    return result;
}

QByteArray jsonString(QByteArrayView utf8)
{
    constexpr char digits[] = "0123456789abcdef";
    // Through QString what is not UTF-8 becomes U+FFFD.
    const QByteArray text = QString::fromUtf8(utf8).toUtf8();
    QByteArray result;
    result.reserve(text.size() + 2);
    result.append('"');
    for (const char c : text) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            result.append('\\');
            result.append(c);
        } else if (c == '\n') {
            result.append("\\n");
        } else if (code < 0x20 || code == 0x7F) {
            result.append("\\u00");
            result.append(digits[code >> 4]);
            result.append(digits[code & 0xF]);
        } else {
            result.append(c);
        }
    }
    result.append('"');
    return result;
}

namespace {

// A member put before all others.
Edit memberInFront(const Peek &peek, const QByteArray &member)
{
    return {.offset = peek.objectStart,
            .length = 0,
            .replacement = peek.isEmptyObject ? member : member + ','};
}

} // namespace

std::vector<Edit> editModel(const Peek &peek, QByteArrayView newModel)
{
    const bool isGemini = dialectOf(peek.operation) == domain::Dialect::Gemini;
    if (!isGemini && !peek.modelValue.isPresent())
        return {memberInFront(peek, "\"model\":" + jsonString(newModel))};
    QByteArray name = newModel.toByteArray();
    if (isGemini && !name.contains('/'))
        name.prepend("models/");
    const QByteArray text = jsonString(name);
    std::vector<Edit> edits;
    const auto replace = [&](Range place) {
        edits.push_back({.offset = place.offset, .length = place.length, .replacement = text});
    };
    if (peek.modelValue.isPresent())
        replace(peek.modelValue);
    for (const Range &place : peek.nestedModels)
        replace(place);
    return edits;
}

std::optional<Edit> editIncludeUsage(const Peek &peek)
{
    if (!peek.stream || peek.includeUsage || !asksForUsage(peek.operation))
        return std::nullopt;
    if (peek.includeUsageValue.isPresent()) {
        return Edit{.offset = peek.includeUsageValue.offset,
                    .length = peek.includeUsageValue.length,
                    .replacement = "true"};
    }
    if (peek.streamOptionsIsObject) {
        return Edit{.offset = peek.streamOptions.offset + 1,
                    .length = 0,
                    .replacement = peek.streamOptionsIsEmpty ? "\"include_usage\":true"
                                                             : "\"include_usage\":true,"};
    }
    if (peek.streamOptions.isPresent()) {
        return Edit{.offset = peek.streamOptions.offset,
                    .length = peek.streamOptions.length,
                    .replacement = "{\"include_usage\":true}"};
    }
    return memberInFront(peek, "\"stream_options\":{\"include_usage\":true}");
}

} // namespace gatehouse::protocol
