#include "protocol/providererror.h"

#include "domain/secretspelling.h"
#include "http/response.h"
#include "protocol/errorclass.h"

namespace gatehouse::protocol {

using namespace Qt::StringLiterals;

namespace {

QString reasonOf(int status)
{
    const QString phrase = QString::fromLatin1(http::reasonPhrase(status));
    return phrase.isEmpty() ? QString() : u" ("_s % phrase % u')';
}

bool isRedirect(int status)
{
    return status >= 300 && status < 400;
}

// True if a proxy before the provider can tell that the request itself is at fault.
bool isOfTheRequestItself(int status)
{
    constexpr int contentTooLarge = 413;
    constexpr int uriTooLong = 414;
    constexpr int unsupportedMediaType = 415;
    constexpr int unprocessableContent = 422;
    constexpr int fieldsTooLarge = 431;
    return status == contentTooLarge || status == uriTooLong || status == unsupportedMediaType
           || status == unprocessableContent || status == fieldsTooLarge;
}

// A reply that carries no error object of a dialect.
ProviderError errorOfText(const ErrorReply &reply)
{
    const int status = reply.status;
    const QByteArrayView text = reply.body.trimmed();
    ProviderError error{.status = status, .kind = classOfStatus(status)};
    if (isRedirect(status)) {
        return notUnderstood(
            status,
            base::Message::tr("The provider answered with a redirect (status %1), which is not "
                              "followed; check the base URL.")
                .arg(status));
    }
    if (looksLikeHtml(text) && isOfTheRequestItself(status)) {
        error.message = base::Message::tr("The provider answered with a web page and status %1%2.")
                            .arg(QString::number(status), reasonOf(status));
        return error;
    }
    if (looksLikeHtml(text)) {
        // A proxy or a firewall in front of the provider answers so, which says nothing of the key.
        if (status < 500 && status != 401 && status != 429)
            error.kind = ErrorClass::NotUnderstood;
        error.message =
            base::Message::tr(
                "The provider answered with a web page and status %1%2; check the base URL.")
                .arg(QString::number(status), reasonOf(status));
        return error;
    }
    if (status == 404 || status == 405) {
        error.kind = ErrorClass::NotUnderstood;
        error.message =
            base::Message::tr(
                "The provider has nothing at this address (status %1); check the base URL.")
                .arg(status);
        return error;
    }
    if (text.isEmpty()) {
        error.message = base::Message::tr("The provider answered with status %1%2 and no text.")
                            .arg(QString::number(status), reasonOf(status));
        return error;
    }
    error.message = base::Message::verbatim(presentable(text, reply.secret));
    return error;
}

// A JSON document without an error object of any known form may still hold a text.
std::optional<ProviderError> errorOfDocument(const ErrorReply &reply,
                                             simdjson::dom::element document)
{
    if (const auto error = errorIn(document)) {
        return errorFrom(
            *error, firstDocument(document), reply.status, reply.dialect, reply.secret);
    }
    if (!document.is_object() || reply.status == 404 || reply.status == 405)
        return std::nullopt;
    return errorFrom(document, document, reply.status, reply.dialect, reply.secret);
}

} // namespace

QByteArrayView nameOf(ErrorClass kind)
{
    switch (kind) {
    case ErrorClass::ClientMistake:
        return "client_mistake";
    case ErrorClass::Authentication:
        return "authentication";
    case ErrorClass::Forbidden:
        return "forbidden";
    case ErrorClass::OutOfCredit:
        return "out_of_credit";
    case ErrorClass::RateLimited:
        return "rate_limited";
    case ErrorClass::Overloaded:
        return "overloaded";
    case ErrorClass::ServerFault:
        return "server_fault";
    case ErrorClass::ModelNotFound:
        return "model_not_found";
    case ErrorClass::ContentRefused:
        return "content_refused";
    case ErrorClass::NotUnderstood:
        return "not_understood";
    }
    return {};
}

ProviderError classify(const ErrorReply &reply)
{
    simdjson::dom::element document;
    std::optional<ProviderError> error;
    const bool isJson =
        !isRedirect(reply.status) && !parseJsonLeniently(reply.body, false, document);
    if (isJson)
        error = errorOfDocument(reply, document);
    if (!error)
        error = errorOfText(reply);
    if (reply.headers) {
        if (const auto wait = retryAfter(*reply.headers, reply.now))
            error->retryAfter = wait;
    }
    return *error;
}

QString presentable(QByteArrayView text, QByteArrayView secret, qsizetype most)
{
    constexpr qsizetype shortestSecret = 4;
    QByteArray masked = text.toByteArray();
    if (secret.size() >= shortestSecret && domain::maySpell(masked, secret))
        domain::maskSpelled(masked, secret.toByteArray());
    // No more than can be shown is looked at; a character has at most four bytes.
    QString shown = QString::fromUtf8(masked.left(4 * most + 4 * most));
    for (QChar &c : shown) {
        const bool isControl = c.category() == QChar::Other_Control
                               || c.category() == QChar::Other_Format || c == QChar::LineSeparator
                               || c == QChar::ParagraphSeparator;
        if (isControl)
            c = u' ';
    }
    shown = shown.simplified();
    if (shown.size() > most) {
        qsizetype end = most - 1;
        if (shown[end - 1].isHighSurrogate())
            --end;
        shown = shown.left(end) + u'…';
    }
    return shown;
}

} // namespace gatehouse::protocol
