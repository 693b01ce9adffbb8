#include "admin/traffic/curlcommand.h"

#include <QStringDecoder>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

// Linux takes no argument of 128 KiB and more; what is longer goes through a pipe.
constexpr qsizetype longestArgument = 100'000;

QString quoted(const QByteArray &text)
{
    return u"'"_s % QString::fromUtf8(text).replace(u'\'', u"'\\''"_s) % u"'"_s;
}

// Whether a terminal and the clipboard leave it as it is.
bool isPlain(const QByteArray &text)
{
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        constexpr unsigned char del = 0x7F;
        if ((byte < ' ' && c != '\n' && c != '\t') || byte == del)
            return false;
    }
    QStringDecoder decoder(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = decoder(text);
    return !decoder.hasError() && !decoded.contains(QChar(QChar::ByteOrderMark));
}

// What printf writes as the given bytes, whatever they are. A hyphen at the start would begin an
// option.
QString printed(const QByteArray &bytes)
{
    QByteArray format;
    format.reserve(bytes.size() * 4);
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        constexpr unsigned char tilde = 0x7E;
        if (c == '%' || c == '\\') {
            format.append(c).append(c);
        } else if (c == '\'') {
            format.append("'\\''");
        } else if (byte >= ' ' && byte <= tilde && !(c == '-' && format.isEmpty())) {
            format.append(c);
        } else {
            format.append('\\').append(QByteArray::number(uint(byte), 8).rightJustified(3, '0'));
        }
    }
    return u"printf '"_s % QString::fromLatin1(format) % u"'"_s;
}

// Fields that the tool makes by itself, or that tell of the connection and not of the request.
bool isOfConnection(const QByteArray &lower)
{
    static const QByteArrayList names{"host",
                                      "content-length",
                                      "connection",
                                      "accept-encoding",
                                      "transfer-encoding",
                                      "expect",
                                      "user-agent",
                                      "cookie"};
    return names.contains(lower) || lower.startsWith("x-forwarded-");
}

bool isOfKey(const QByteArray &lower)
{
    static const QByteArrayList names{"authorization", "x-api-key", "x-goog-api-key", "api-key"};
    return names.contains(lower);
}

QString keyOption(const QByteArray &name)
{
    const QString scheme = name.toLower() == "authorization" ? u"Bearer "_s : QString();
    return u"-H \"%1: %2$API_KEY\""_s.arg(QString::fromLatin1(name), scheme);
}

// A secret that was not kept: the mask in its place means nothing to anybody.
bool isMasked(const QByteArray &value)
{
    return value.contains("***");
}

QString fieldOption(const QByteArray &name, const QByteArray &value)
{
    // curl takes "Name:" for a field that is to be left out, and "Name;" for an empty one.
    if (value.trimmed().isEmpty())
        return u"-H "_s + quoted(name + ';');
    return u"-H "_s + quoted(name + ": " + value);
}

} // namespace

QString curlCommand(const domain::CapturedMessage &request, const QString &baseUrl)
{
    const qsizetype space = request.line.indexOf(' ');
    const QByteArray method = request.line.left(std::max<qsizetype>(space, 0));
    const QByteArray url = baseUrl.toUtf8() + request.line.sliced(space + 1);
    QStringList parts{u"curl "_s + quoted(url)};
    // Brackets would be taken for a list of addresses.
    if (url.contains('[') || url.contains('{'))
        parts.front() += u" --globoff"_s;
    const bool hasBody = !request.body.isEmpty();
    if (!method.isEmpty() && method != (hasBody ? "POST" : "GET"))
        parts.front() += u" -X "_s + quoted(method);
    bool hasKey = false;
    for (const auto &[name, value] : request.fields) {
        const QByteArray lower = name.toLower();
        if (isOfConnection(lower) || !isPlain(value) || value.contains('\n'))
            continue;
        if (isOfKey(lower)) {
            parts.append(keyOption(name));
            hasKey = true;
        } else if (!isMasked(value)) {
            parts.append(fieldOption(name, value));
        }
    }
    // It came in the address, as with Gemini's "?key=", which is not kept.
    if (!hasKey) {
        const bool isGemini = request.line.sliced(space + 1).startsWith("/v1beta");
        parts.append(keyOption(isGemini ? "x-goog-api-key" : "Authorization"));
    }
    if (!hasBody)
        return parts.join(u" \\\n  "_s);
    if (request.field("content-type").isEmpty())
        parts.append(u"-H 'Content-Type:'"_s);
    const bool plain = isPlain(request.body);
    if (plain && request.body.size() < longestArgument) {
        // Unlike --data-binary it does not take "@name" for a file.
        parts.append(u"--data-raw "_s + quoted(request.body));
        return parts.join(u" \\\n  "_s);
    }
    parts.append(u"--data-binary @-"_s);
    const QString source =
        plain ? QString(u"printf %s "_s + quoted(request.body)) : printed(request.body);
    return source % u" |\n"_s % parts.join(u" \\\n  "_s);
}

} // namespace gatehouse::admin
