#include "domain/capture.h"

#include <algorithm>
#include <array>

namespace gatehouse::domain {

namespace {

// Of a cut body, so much of a secret must stand at its end to be taken for the beginning of one.
constexpr qsizetype tellingBytes = 4;
// Shorter ones would mask half of a text.
constexpr qsizetype shortestSecret = 6;

bool isCredential(const QByteArray &fieldName)
{
    static constexpr std::array<QByteArrayView, 6> within{
        "auth", "cookie", "secret", "password", "credential", "signature"};
    static constexpr std::array<QByteArrayView, 3> atEnd{"key", "token", "jwt"};
    const QByteArray name = fieldName.toLower();
    if (name == "idempotency-key")
        return false;
    return std::any_of(within.begin(),
                       within.end(),
                       [&name](QByteArrayView part) { return name.contains(part); })
           || std::any_of(atEnd.begin(), atEnd.end(), [&name](QByteArrayView part) {
                  return name.endsWith(part);
              });
}

// Of `key=…` and its like in the target of a request.
void maskParameters(QByteArray &line)
{
    static constexpr std::array<QByteArrayView, 5> names{
        "key=", "api_key=", "api-key=", "access_token=", "token="};
    for (const QByteArrayView name : names) {
        qsizetype at = 0;
        while ((at = line.indexOf(name, at)) >= 0) {
            const bool isParameter = at > 0 && (line.at(at - 1) == '?' || line.at(at - 1) == '&');
            at += name.size();
            if (!isParameter)
                continue;
            qsizetype end = at;
            while (end < line.size() && line.at(end) != '&' && line.at(end) != ' ')
                ++end;
            line.replace(at, end - at, "***");
        }
    }
}

void maskIn(QByteArray &text, const QByteArray &secret)
{
    const QByteArray mask(secret.size(), '*');
    qsizetype at = 0;
    while ((at = text.indexOf(secret, at)) >= 0) {
        text.replace(at, secret.size(), mask);
        at += secret.size();
    }
}

void maskBeginningAtEnd(QByteArray &text, const QByteArray &secret)
{
    for (qsizetype length = std::min(secret.size() - 1, text.size()); length >= tellingBytes;
         --length) {
        if (QByteArrayView(text).last(length) == QByteArrayView(secret).first(length)) {
            text.replace(text.size() - length, length, QByteArray(length, '*'));
            return;
        }
    }
}

void maskMessage(CapturedMessage &message, const QByteArrayList &secrets)
{
    maskParameters(message.line);
    for (auto &[name, value] : message.fields) {
        if (isCredential(name))
            value = "***";
    }
    for (const QByteArray &secret : secrets) {
        maskIn(message.line, secret);
        for (auto &[name, value] : message.fields)
            maskIn(value, secret);
        maskIn(message.body, secret);
        if (message.isCut())
            maskBeginningAtEnd(message.body, secret);
    }
}

} // namespace

QByteArray CapturedMessage::field(QByteArrayView name) const
{
    for (const auto &[fieldName, value] : fields) {
        if (fieldName.compare(name, Qt::CaseInsensitive) == 0)
            return value;
    }
    return {};
}

const CapturedMessage *messageOf(const Capture &capture, CapturePart part)
{
    using Side = CapturePart::Side;
    if (part.side == Side::ClientRequest)
        return &capture.request;
    if (part.side == Side::ClientAnswer)
        return &capture.answer;
    if (part.attempt < 0 || part.attempt >= std::ssize(capture.attempts))
        return nullptr;
    const CapturedAttempt &attempt = capture.attempts[static_cast<size_t>(part.attempt)];
    return part.side == Side::ProviderRequest ? &attempt.request : &attempt.answer;
}

QByteArrayList spellingsOf(const QByteArray &secret)
{
    QByteArray json = secret;
    json.replace('\\', "\\\\").replace('"', "\\\"");
    QByteArray withSlashes = json;
    withSlashes.replace('/', "\\/");
    QByteArrayList spellings;
    for (const QByteArray &spelling : {secret, json, withSlashes, secret.toPercentEncoding()}) {
        if (!spellings.contains(spelling))
            spellings.append(spelling);
    }
    return spellings;
}

void maskSecrets(Capture &capture, const std::vector<base::Secret> &secrets)
{
    QByteArrayList spellings;
    for (const base::Secret &secret : secrets) {
        if (secret.reveal().size() >= shortestSecret)
            spellings.append(spellingsOf(secret.reveal()));
    }
    maskMessage(capture.request, spellings);
    maskMessage(capture.answer, spellings);
    for (CapturedAttempt &attempt : capture.attempts) {
        maskMessage(attempt.request, spellings);
        maskMessage(attempt.answer, spellings);
    }
}

} // namespace gatehouse::domain
