#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <deque>
#include <string>
#include <vector>

namespace gatehouse::protocol {

// What of a request's body a model reads as input, whichever dialect it is in. Used inside this
// folder.
class PromptTexts
{
public:
    // False if the body is no JSON object. Once for each object; the texts live as long as it, and
    // until the next JSON is parsed in this thread.
    bool read(QByteArrayView requestBody, QByteArrayView model);

    const std::vector<QByteArrayView> &texts() const { return m_texts; }
    // Of message frames, pictures and prompts that are given as tokens.
    qint64 fixedTokens() const { return m_fixedTokens; }

private:
    friend class PromptWalk;

    std::deque<std::string> m_made{}; // the texts that do not stand in the body as they are read
    std::vector<QByteArrayView> m_texts{};
    qint64 m_fixedTokens = 0;
};

} // namespace gatehouse::protocol
