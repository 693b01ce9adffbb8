#include "domain/secretspelling.h"

#include <QString>

#include <algorithm>

namespace gatehouse::domain {

namespace {

// So many bytes of a secret tell that it is one.
constexpr qsizetype bytesThatTell = 8;
// Of a secret in base64: what is shorter stands in any other.
constexpr qsizetype shortestCode = 16;

// One character that is spelled otherwise: what it means, and how long its spelling is.
struct Spelled
{
    QByteArray meaning{};
    qsizetype length = 0; // 0: it is no such spelling
    bool isCut = false;   // the text ends within it
};

bool isDigit(char c, int base)
{
    return (c >= '0' && c <= '9')
           || (base == 16 && ((c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F')));
}

// Of so many digits at most, and at least as many as `least`.
Spelled number(QByteArrayView text, qsizetype at, int base, qsizetype least, qsizetype most)
{
    qsizetype end = at;
    while (end < text.size() && end - at < most && isDigit(text.at(end), base))
        ++end;
    if (end - at < least)
        return {.isCut = end == text.size()};
    const uint code = text.sliced(at, end - at).toByteArray().toUInt(nullptr, base);
    constexpr uint ascii = 0x80;
    const char32_t character = code;
    return {.meaning = code < ascii ? QByteArray(1, static_cast<char>(code))
                                    : QString::fromUcs4(&character, 1).toUtf8(),
            .length = end - at};
}

// `\u002B`, `\/`, `\"`, with as many backslashes as JSON within JSON has.
Spelled escape(QByteArrayView text, qsizetype at)
{
    constexpr qsizetype most = 8;
    qsizetype end = at;
    while (end < text.size() && text.at(end) == '\\' && end - at < most)
        ++end;
    if (end == text.size())
        return {.isCut = true};
    const char c = text.at(end);
    if (c == '/' || c == '"')
        return {.meaning = QByteArray(1, c), .length = end + 1 - at};
    if (c != 'u')
        return {};
    Spelled code = number(text, end + 1, 16, 4, 4);
    if (code.length > 0)
        code.length += end + 1 - at;
    return code;
}

// `&#43;`, `&#x2B;`, `&amp;`
Spelled reference(QByteArrayView text, qsizetype at)
{
    constexpr QByteArrayView ampersand = "&amp;";
    const QByteArrayView rest = text.sliced(at);
    if (rest.startsWith(ampersand))
        return {.meaning = "&", .length = ampersand.size()};
    if (rest.size() < 3)
        return {.isCut = ampersand.startsWith(rest) || QByteArrayView("&#").startsWith(rest)};
    if (rest.at(1) != '#')
        return {.isCut = ampersand.startsWith(rest)};
    constexpr qsizetype mostDigits = 6;
    const bool isHex = rest.at(2) == 'x' || rest.at(2) == 'X';
    const qsizetype digits = at + (isHex ? 3 : 2);
    Spelled code = number(text, digits, isHex ? 16 : 10, 1, mostDigits);
    if (code.length == 0)
        return code;
    const qsizetype end = digits + code.length;
    if (end == text.size())
        return {.isCut = true};
    code.length = text.at(end) == ';' ? end + 1 - at : 0;
    return code;
}

Spelled spelledAt(QByteArrayView text, qsizetype at)
{
    switch (text.at(at)) {
    case '\\':
        return escape(text, at);
    case '%': {
        Spelled code = number(text, at + 1, 16, 2, 2);
        if (code.length == 0)
            return code;
        // A byte, not a character.
        code.meaning = QByteArray::fromHex(text.sliced(at + 1, 2).toByteArray());
        code.length += 1;
        return code;
    }
    case '&':
        return reference(text, at);
    default:
        return {};
    }
}

qsizetype backslashes(QByteArrayView text)
{
    return std::find_if(text.begin(), text.end(), [](char c) { return c != '\\'; }) - text.begin();
}

// In which order a character is looked at that the secret has and that also begins a spelling.
enum class Order { PlainFirst, SpelledFirst };

// How long the secret's spelling is that begins there; 0: none does.
qsizetype
lengthAt(QByteArrayView text, qsizetype at, QByteArrayView secret, qsizetype cutFrom, Order order)
{
    qsizetype place = at;
    qsizetype done = 0;
    while (done < secret.size()) {
        const bool isCut = cutFrom > 0 && done >= cutFrom;
        if (place == text.size())
            return isCut ? place - at : 0;
        const char c = text.at(place);
        const bool isSame = c == secret.at(done);
        if (isSame && c == '\\') {
            // JSON doubles them.
            place += backslashes(text.sliced(place));
            done += backslashes(secret.sliced(done));
            continue;
        }
        if (!isSame || order == Order::SpelledFirst) {
            const Spelled spelled = spelledAt(text, place);
            if (spelled.isCut && isCut)
                return text.size() - at;
            if (spelled.length > 0 && secret.sliced(done).startsWith(spelled.meaning)) {
                place += spelled.length;
                done += spelled.meaning.size();
                continue;
            }
        }
        if (!isSame)
            return 0;
        ++place;
        ++done;
    }
    return place - at;
}

} // namespace

QByteArrayList base64Of(QByteArrayView secret)
{
    QByteArrayList codes;
    for (qsizetype before = 0; before < 3; ++before) {
        const QByteArray code = QByteArray(before, '\0').append(secret).toBase64();
        const qsizetype begin = before == 0 ? 0 : before + 1;
        const qsizetype end = (before + secret.size()) * 8 / 6;
        if (end - begin < shortestCode)
            continue;
        const QByteArray part = code.sliced(begin, end - begin);
        codes.append(part);
        QByteArray ofAddresses = part;
        ofAddresses.replace('+', '-').replace('/', '_');
        if (ofAddresses != part)
            codes.append(ofAddresses);
    }
    return codes;
}

Stretch findSpelled(QByteArrayView text, QByteArrayView secret, qsizetype from, qsizetype cutFrom)
{
    if (secret.isEmpty())
        return {};
    const bool isAmbiguous = secret.contains('%') || secret.contains('&');
    for (qsizetype at = from; at < text.size(); ++at) {
        const char c = text.at(at);
        if (c != secret.front() && c != '\\' && c != '%' && c != '&')
            continue;
        qsizetype length = lengthAt(text, at, secret, cutFrom, Order::PlainFirst);
        if (length == 0 && isAmbiguous)
            length = lengthAt(text, at, secret, cutFrom, Order::SpelledFirst);
        if (length > 0)
            return {.at = at, .length = length};
    }
    return {};
}

bool maySpell(QByteArrayView text, QByteArrayView secret)
{
    const QByteArrayView beginning = secret.first(std::min(secret.size(), bytesThatTell));
    if (text.size() < beginning.size() || secret.isEmpty())
        return false;
    const bool hasEscapes = std::any_of(
        text.begin(), text.end(), [](char c) { return c == '\\' || c == '%' || c == '&'; });
    if (hasEscapes || text.contains(beginning))
        return true;
    const qsizetype ofCode = secret.size() * 4 / 3 - 2;
    if (ofCode < shortestCode || text.size() < ofCode)
        return false;
    const QByteArrayList codes = base64Of(secret);
    return std::any_of(codes.cbegin(), codes.cend(), [text](const QByteArray &code) {
        return text.contains(code);
    });
}

void maskSpelled(QByteArray &text, const QByteArray &secret)
{
    constexpr QByteArrayView mask = "***";
    constexpr QByteArrayView ellipsis = "\u2026";
    for (const QByteArray &code : base64Of(secret))
        text.replace(code, mask);
    qsizetype from = 0;
    while (true) {
        const qsizetype end = text.size() - (text.endsWith(ellipsis) ? ellipsis.size() : 0);
        const Stretch found =
            findSpelled(QByteArrayView(text).first(end), secret, from, bytesThatTell);
        if (found.length == 0)
            return;
        text.replace(found.at, found.length, mask);
        from = found.at + mask.size();
    }
}

} // namespace gatehouse::domain
