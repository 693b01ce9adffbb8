#include "domain/capture.h"

#include "base/maskrules.h"
#include "domain/secretspelling.h"

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

// What is masked keeps its length, to which the times of a body's parts refer.
void maskIn(QByteArray &text, const QByteArray &secret, bool isCut = false)
{
    for (const QByteArray &code : base64Of(secret))
        text.replace(code, QByteArray(code.size(), '*'));
    qsizetype from = 0;
    while (true) {
        const Stretch found = findSpelled(text, secret, from, isCut ? tellingBytes : 0);
        if (found.length == 0)
            return;
        from = found.at + found.length;
        std::fill(text.begin() + found.at, text.begin() + from, '*');
    }
}

void maskMessage(CapturedMessage &message, const std::vector<base::Secret> &secrets)
{
    maskParameters(message.line);
    for (auto &[name, value] : message.fields) {
        if (isCredential(name))
            value = "***";
    }
    for (const base::Secret &known : secrets) {
        const QByteArray &secret = known.reveal();
        if (secret.size() < shortestSecret)
            continue;
        maskIn(message.line, secret);
        for (auto &[name, value] : message.fields)
            maskIn(value, secret);
        maskIn(message.body, secret, message.isCut());
    }
}

void maskText(QByteArray &text, const base::MaskRules &rules)
{
    rules.mask(text);
    for (const QString &word : rules.words()) {
        const QByteArray spelled = word.toUtf8();
        qsizetype from = 0;
        while (true) {
            const Stretch found = findSpelled(text, spelled, from);
            if (found.length == 0)
                break;
            from = found.at + found.length;
            std::fill(text.begin() + found.at, text.begin() + from, '*');
        }
    }
}

void maskMessage(CapturedMessage &message, const base::MaskRules &rules)
{
    // A method and a status say nothing of anybody.
    const qsizetype target = message.line.indexOf(' ') + 1;
    if (target > 0) {
        QByteArray rest = message.line.sliced(target);
        maskText(rest, rules);
        message.line.replace(target, rest.size(), rest);
    }
    for (auto &[name, value] : message.fields)
        maskText(value, rules);
    maskText(message.body, rules);
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

void maskSecrets(Capture &capture, const std::vector<base::Secret> &secrets)
{
    maskMessage(capture.request, secrets);
    maskMessage(capture.answer, secrets);
    for (CapturedAttempt &attempt : capture.attempts) {
        maskMessage(attempt.request, secrets);
        maskMessage(attempt.answer, secrets);
    }
}

void maskByRules(Capture &capture, const base::MaskRules &rules)
{
    maskMessage(capture.request, rules);
    maskMessage(capture.answer, rules);
    for (CapturedAttempt &attempt : capture.attempts) {
        maskMessage(attempt.request, rules);
        maskMessage(attempt.answer, rules);
    }
}

} // namespace gatehouse::domain
