#pragma once

#include "domain/capture.h"

#include <QString>

#include <vector>

namespace gatehouse::admin {

// Something that was said in a request or in its answer.
struct ConversationItem
{
    // Earlier: `count` of them that went before and are folded into one; no conversation has it as read.
    enum class Kind { System, Tools, User, Assistant, Reasoning, Tool, Image, Other, Earlier };

    Kind kind = Kind::User;
    QString title{};  // the tool's name, the type of a picture or file, the names of tools
    QString text{};   // plain text, cut to what a person can read; of a tool its arguments
    QString result{}; // of a tool, once it was called
    bool hasResult = false;
    QByteArray image{};     // the encoded picture, unless it is too large
    int count = 0;          // of tools, or of what is folded
    qint64 tokens = 0;      // an estimate
    bool isAnswer = false;  // it is of the answer to this request
    bool endsCache = false; // the client asks to cache the prompt up to here

    bool operator==(const ConversationItem &) const = default;
};

// A request and its answer as people read them, whatever the dialect.
struct Conversation
{
    std::vector<ConversationItem> items{};
    QString finishReason{}; // in the words of the dialect; empty: not known
    QString problem{};      // why the request cannot be read, as a sentence; empty: it could

    // What was answered in text, in one piece.
    QString answerText() const;
};

// Of the client's side. Takes its time with a long body: to be called in a thread of the pool.
Conversation conversationOf(const domain::Capture &capture);

} // namespace gatehouse::admin
