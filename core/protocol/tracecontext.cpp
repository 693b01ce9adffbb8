#include "protocol/tracecontext.h"

#include "http/append.h"

#include <QSet>

#include <algorithm>

namespace gatehouse::protocol {

using domain::TraceContext;

namespace {

constexpr QByteArrayView parentField("traceparent");
constexpr QByteArrayView stateField("tracestate");

// The places of "00-<trace id>-<parent id>-<flags>".
constexpr qsizetype versionDigits = 2;
constexpr qsizetype traceDigits = 32;
constexpr qsizetype parentDigits = 16;
constexpr qsizetype flagDigits = 2;
constexpr qsizetype traceAt = versionDigits + 1;
constexpr qsizetype parentAt = traceAt + traceDigits + 1;
constexpr qsizetype flagsAt = parentAt + parentDigits + 1;
constexpr qsizetype knownLength = flagsAt + flagDigits;

bool isLowerLetter(char c)
{
    return c >= 'a' && c <= 'z';
}

bool isDecimal(char c)
{
    return c >= '0' && c <= '9';
}

// Capital letters are none here.
bool isLowerHex(QByteArrayView text)
{
    return std::all_of(
        text.begin(), text.end(), [](char c) { return isDecimal(c) || (c >= 'a' && c <= 'f'); });
}

bool isId(QByteArrayView text)
{
    return isLowerHex(text)
           && std::any_of(text.begin(), text.end(), [](char c) { return c != '0'; });
}

std::optional<TraceContext> parentIn(QByteArrayView text)
{
    if (text.size() < knownLength || text[traceAt - 1] != '-' || text[parentAt - 1] != '-'
        || text[flagsAt - 1] != '-')
        return std::nullopt;
    const QByteArrayView version = text.first(versionDigits);
    const QByteArrayView flags = text.sliced(flagsAt, flagDigits);
    const bool isFirstVersion = version == QByteArrayView("00");
    if (!isLowerHex(version) || version == QByteArrayView("ff") || !isLowerHex(flags))
        return std::nullopt;
    // Later versions may have more behind, set apart.
    if (text.size() > knownLength && (isFirstVersion || text[knownLength] != '-'))
        return std::nullopt;
    const QByteArrayView trace = text.sliced(traceAt, traceDigits);
    const QByteArrayView parent = text.sliced(parentAt, parentDigits);
    if (!isId(trace) || !isId(parent))
        return std::nullopt;
    constexpr int hexadecimal = 16;
    const int all = flags.toByteArray().toInt(nullptr, hexadecimal);
    return TraceContext{.traceId = trace.toByteArray(),
                        .parentId = parent.toByteArray(),
                        .flags = static_cast<unsigned char>(
                            all & int(TraceContext::sampledFlag | TraceContext::randomFlag))};
}

bool isStateKey(QByteArrayView key)
{
    constexpr qsizetype longest = 256;
    if (key.isEmpty() || key.size() > longest
        || !(isLowerLetter(key.front()) || isDecimal(key.front())))
        return false;
    const bool isPlain = std::all_of(key.begin(), key.end(), [](char c) {
        return isLowerLetter(c) || isDecimal(c) || QByteArrayView("_-*/@").contains(c);
    });
    return isPlain && std::count(key.begin(), key.end(), '@') <= 1;
}

bool isStateValue(QByteArrayView value)
{
    constexpr qsizetype longest = 256;
    return !value.isEmpty() && value.size() <= longest
           && std::all_of(value.begin(), value.end(), [](char c) {
                  return c >= ' ' && c <= '~' && c != ',' && c != '=';
              });
}

// The members of all fields in one line; empty: they are not valid, or there are none.
QByteArray stateIn(const http::Headers &headers)
{
    constexpr qsizetype mostMembers = 32;
    QByteArray state;
    QSet<QByteArray> keys;
    for (qsizetype i = 0; i < headers.size(); ++i) {
        const http::Field field = headers.at(i);
        if (!http::equalNames(field.name, stateField))
            continue;
        for (const QByteArray &part : field.value.toByteArray().split(',')) {
            const QByteArray member = part.trimmed();
            if (member.isEmpty())
                continue;
            const qsizetype sign = member.indexOf('=');
            const QByteArray key = member.left(std::max<qsizetype>(0, sign));
            if (!isStateKey(key) || !isStateValue(QByteArrayView(member).sliced(sign + 1))
                || keys.contains(key) || keys.size() == mostMembers)
                return {};
            keys.insert(key);
            http::appendAll(state, {state.isEmpty() ? "" : ",", member});
        }
    }
    return state;
}

} // namespace

bool isTraceField(QByteArrayView name)
{
    return http::equalNames(name, parentField) || http::equalNames(name, stateField);
}

std::optional<TraceContext> traceContextOf(const http::Headers &headers)
{
    const std::optional<QByteArrayView> told = headers.value(parentField);
    if (!told || headers.count(parentField) > 1)
        return std::nullopt;
    std::optional<TraceContext> context = parentIn(told->trimmed());
    if (context)
        context->state = stateIn(headers);
    return context;
}

QByteArray traceparent(const TraceContext &context, QByteArrayView spanId)
{
    constexpr QByteArrayView digits("0123456789abcdef");
    const char flags[]{'0', digits[context.flags & 0x0F]}; // NOLINT: two letters
    QByteArray text;
    text.reserve(knownLength);
    http::appendAll(text, {"00-", context.traceId, "-", spanId, "-", QByteArrayView(flags, 2)});
    return text;
}

} // namespace gatehouse::protocol
