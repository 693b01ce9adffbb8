#include "http/responseparser.h"

#include "http/grammar.h"
#include "http/syntax.h"

#include <boost/optional.hpp>

#include <array>
#include <iterator>

namespace gatehouse::http {

namespace {

using boost::beast::http::field;

// "HTTP/1.1 200", the shortest status line: without a reason, and without the space before it.
constexpr qsizetype bareStatusLine = 12;

bool beginsWithVersion(QByteArrayView line)
{
    return line.size() > 8 && line[8] == ' ' && syntax::isVersion(line.first(8));
}

bool isInterim(int status)
{
    return status >= 100 && status < 200;
}

// Beast's parser for one answer, with the policy for its first line and fields.
class ResponseGrammar final : public MessageGrammar<false>
{
public:
    ResponseGrammar(const BodyRules &rules, ResponseHead &head)
        : MessageGrammar(rules)
        , m_head(head)
    {}

protected:
    void on_request_impl(boost::beast::http::verb, Text, Text, int, ErrorCode &) override {}
    void on_response_impl(int status, Text, int version, ErrorCode &error) override
    {
        m_head.status = status;
        m_head.minorVersion = version == 11 ? 1 : 0;
        if (status < 100 || status > 599)
            refuse(refusals::badStatus, error);
    }

    void on_field_impl(field name, Text nameText, Text valueText, ErrorCode &error) override
    {
        if (!isInHead())
            return;
        const QByteArrayView value = viewOf(valueText);
        takeFraming(name, value, error);
        m_head.headers.add(viewOf(nameText), value);
    }

private:
    ResponseHead &m_head;
};

} // namespace

class ResponseParser::Grammar
{
public:
    // One for each answer: Beast's parsers cannot be used again.
    boost::optional<ResponseGrammar> message{};
};

ResponseParser::ResponseParser(const ResponseLimits &limits)
    : m_limits(limits)
    , m_grammar(std::make_unique<Grammar>())
{}

ResponseParser::~ResponseParser() = default;

void ResponseParser::reset(bool toHead)
{
    m_state = State::Head;
    m_begun = false;
    m_toHead = toHead;
    m_interim = 0;
    m_head.headers.clear();
}

qsizetype ResponseParser::parse(QByteArrayView input, BodySink *body)
{
    if (input.isEmpty())
        return 0;
    if (m_state == State::Head)
        return parseHead(input);
    if (m_state == State::Body)
        return parseBody(input, body);
    return 0;
}

void ResponseParser::beginHead()
{
    m_begun = true;
    m_head.headers.clear();
    m_scan.begin({.bytes = m_limits.headBytes,
                  .fields = m_limits.fields,
                  .targetBytes = -1,
                  .allowsHighBytes = true,
                  .tooLarge = &refusals::headTooLarge,
                  .tooManyFields = &refusals::tooManyFields});
    m_grammar->message.emplace(
        MessageGrammar<false>::BodyRules{.bodyBytes = m_limits.bodyBytes,
                                         .chunkLineBytes = m_limits.chunkLineBytes,
                                         .trailerBytes = m_limits.trailerBytes,
                                         .allowsHighBytes = true},
        m_head);
    m_grammar->message->skip(m_toHead);
}

qsizetype ResponseParser::parseHead(QByteArrayView input)
{
    if (!m_begun)
        beginHead();
    qsizetype done = 0;
    while (done < input.size()) {
        const QByteArrayView rest = input.sliced(done);
        const Scan scanned = m_scan.scan(rest);
        if (scanned == Scan::Refused)
            refuse(m_scan.refusal());
        if (scanned != Scan::Whole)
            return done;
        done += m_scan.end();
        const Refusal *refusal = readHead(rest.first(m_scan.end()));
        if (!refusal)
            refusal = checkHead();
        if (refusal) {
            refuse(*refusal);
            return done;
        }
        if (!isInterim(m_head.status)) {
            m_state = m_grammar->message->is_done() ? State::Complete : State::Body;
            return done;
        }
        if (++m_interim > m_limits.interimAnswers) {
            refuse(refusals::tooManyInterim);
            return done;
        }
        beginHead();
    }
    return done;
}

const Refusal *ResponseParser::readHead(QByteArrayView head)
{
    ResponseGrammar &message = *m_grammar->message;
    const QByteArrayView line = head.first(m_scan.firstLine());
    const Refusal *refusal = nullptr;
    if (line.size() == bareStatusLine) {
        // A reason may be missing (RFC 9112, section 4, has it optional), and many leave out the
        // space before it too; Beast wants the space.
        std::array<char, bareStatusLine + 3> completed{};
        std::copy_n(line.begin(), bareStatusLine, completed.begin());
        std::copy_n(" \r\n", 3, completed.begin() + bareStatusLine);
        refusal = message.readLine({completed.data(), std::ssize(completed)});
        head = head.sliced(bareStatusLine + 2);
    }
    if (!refusal)
        refusal = message.readWhole(head);
    if (refusal == &refusals::badVersion && !beginsWithVersion(line))
        refusal = &refusals::badStatusLine;
    m_head.chunked = message.framing().encodings > 0;
    m_head.contentLength = message.framing().length;
    m_head.keepAlive =
        !refusal && !message.need_eof() && message.framing().keepAlive(m_head.minorVersion);
    return refusal;
}

const Refusal *ResponseParser::checkHead() const
{
    const bool announcesBody = m_head.chunked || m_head.contentLength > 0;
    if (m_head.status == 101)
        return &refusals::switchedProtocols;
    if (isInterim(m_head.status))
        return m_head.chunked || m_head.contentLength >= 0 ? &refusals::badInterim : nullptr;
    // RFC 9112, section 6.3: a 204 has neither. A 304 or an answer to HEAD tells what another
    // answer would have had.
    if (m_head.status == 204 && announcesBody && !m_toHead)
        return &refusals::bodyForbidden;
    return m_grammar->message->framing().check(m_head.minorVersion);
}

qsizetype ResponseParser::parseBody(QByteArrayView input, BodySink *body)
{
    ResponseGrammar &message = *m_grammar->message;
    const qsizetype done = message.readBody(input, body);
    if (const Refusal *refusal = message.bodyRefusal())
        refuse(*refusal);
    else if (message.is_done())
        m_state = State::Complete;
    return done;
}

void ResponseParser::end()
{
    if (m_state == State::Body && m_grammar->message->need_eof())
        m_state = State::Complete;
    else if (m_state != State::Complete && m_state != State::Refused)
        refuse(refusals::cutOff);
}

void ResponseParser::refuse(const Refusal &refusal)
{
    m_refusal = refusal;
    m_refusal.status = 502;
    m_state = State::Refused;
}

} // namespace gatehouse::http
