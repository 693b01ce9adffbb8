#pragma once

#include "domain/usage.h"
#include "http/eventstream.h"
#include "protocol/anthropicfigures.h"
#include "protocol/counting/delivered.h"
#include "protocol/operation.h"
#include "protocol/providererror.h"

#include <QByteArray>

#include <optional>

namespace gatehouse::protocol {

enum class EventRole {
    Comment, // a sign of life and nothing more; also Anthropic's ping
    Ordinary,
    Content,   // something that a person sees or a program acts on: text, reasoning, a tool call
    UsageOnly, // the chunk that OpenAI sends only because usage was asked for: no choices, usage
    Final, // the answer ends with it: [DONE], response.completed, message_stop, finishReason; of
           // an array, its closing bracket alone
    Error, // also response.failed, which ends the stream as well
};

struct EventFacts
{
    EventRole role = EventRole::Ordinary;
    bool hasUsage = false;   // this event told figures
    bool hasContent = false; // as in Content, whatever its role is
};

// Reads a provider's stream along the way: what was consumed, what was delivered, how it ended. It
// never fails; what it does not understand is Ordinary. Belongs to one request and its thread.
class StreamScanner
{
public:
    // In the dialect of the operation. `secret` is the key that was sent; it must outlive the scanner
    // and is masked in an error's message.
    explicit StreamScanner(Operation operation,
                           QByteArrayView secret = {},
                           StreamForm form = StreamForm::Events);

    // Without it responseModel() stays empty.
    void readResponseModel() { m_readsModel = true; }

    // What stands behind the marker that ends the answer counts for nothing.
    EventFacts read(const http::Event &event);

    // So far. Its source is Provider once there were figures, else None.
    const domain::Usage &usage() const { return m_usage; }
    bool hasUsage() const { return m_usage.source == domain::UsageSource::Provider; }
    // False if there are no figures, or only those of the beginning (Anthropic tells the input first),
    // or none for the text that came: then what was delivered has to be counted.
    bool coversOutput() const
    {
        return m_coversOutput && (m_usage.output > 0 || m_delivered.bytes == 0);
    }

    // The delivered text, reasoning and tool arguments, one behind the other, so that they can be
    // counted; no more than the first mebibyte of them. deliveredBytes() counts all.
    const QByteArray &deliveredText() const { return m_delivered.text; }
    qint64 deliveredBytes() const { return m_delivered.bytes; }
    // That were begun within an answer; not of ImageGenerations.
    qint64 deliveredPictures() const { return m_delivered.pictures; }
    bool hasContent() const { return m_delivered.hasContent; }

    // In the provider's words; the first that came. Empty: none came.
    const QByteArray &finishReason() const { return m_finishReason; }
    // An event with the role Final has come.
    bool isFinished() const { return m_finished; }
    const std::optional<ProviderError> &error() const { return m_error; }
    // The provider's own id of the answer.
    const QByteArray &responseId() const { return m_responseId; }
    // As the provider names it where it tells that id.
    const QByteArray &responseModel() const { return m_responseModel; }

private:
    friend class EventReader;

    Operation m_operation;
    QByteArrayView m_secret;
    StreamForm m_form;
    domain::Usage m_usage{};
    AnthropicFigures m_figures{};
    bool m_coversOutput = false;
    Delivered m_delivered{};
    bool m_finished = false;
    QByteArray m_finishReason;
    QByteArray m_responseId;
    QByteArray m_responseModel;
    bool m_readsModel = false;
    std::optional<ProviderError> m_error;
};

} // namespace gatehouse::protocol
