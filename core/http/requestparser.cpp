#include "http/requestparser.h"

#include "http/grammar.h"
#include "http/syntax.h"

#include <boost/optional.hpp>

namespace gatehouse::http {

namespace {

using boost::beast::http::field;
using boost::beast::http::verb;

void assign(QByteArray &to, QByteArrayView text)
{
    to.resize(0);
    to.append(text);
}

// Whether a first line that is refused for its version is well-formed but for that.
bool namesVersion(QByteArrayView line)
{
    return line.count(' ') == 2 && syntax::isVersion(line.sliced(line.lastIndexOf(' ') + 1));
}

// Beast's parser for one request, with the policy for its first line and fields.
class RequestGrammar final : public MessageGrammar<true>
{
public:
    RequestGrammar(const BodyRules &rules, RequestHead &head)
        : MessageGrammar(rules)
        , m_head(head)
    {}

    // What only the whole head tells. Null: all is in order.
    const Refusal *finishHead()
    {
        if (const Refusal *refusal = framing().check(m_head.minorVersion))
            return refusal;
        if (m_hosts == 0 && m_head.minorVersion == 1)
            return &refusals::badHost;
        m_head.chunked = framing().encodings > 0;
        m_head.contentLength = std::max<qint64>(0, framing().length);
        m_head.keepAlive = framing().keepAlive(m_head.minorVersion);
        // RFC 9110, section 10.1.1: not from HTTP/1.0, and only where there is a body.
        m_head.expectsContinue = m_expects && m_head.minorVersion == 1 && m_head.hasBody();
        return nullptr;
    }

protected:
    void
    on_request_impl(verb known, Text method, Text target, int version, ErrorCode &error) override
    {
        assign(m_head.method, viewOf(method));
        assign(m_head.target, viewOf(target));
        m_head.minorVersion = version == 11 ? 1 : 0;
        const bool isAsterisk = target == "*" && known == verb::options;
        if (known == verb::connect)
            refuse(refusals::connectRefused, error);
        else if (!isAsterisk && !syntax::isOriginForm(m_head.target))
            refuse(refusals::badTarget, error);
    }
    void on_response_impl(int, Text, int, ErrorCode &) override {}

    void on_field_impl(field name, Text nameText, Text valueText, ErrorCode &error) override
    {
        if (!isInHead())
            return;
        const QByteArrayView value = viewOf(valueText);
        takeFraming(name, value, error);
        if (name == field::host && (++m_hosts > 1 || !syntax::isHost(value)))
            refuse(refusals::badHost, error);
        if (name == field::expect) {
            if (!equalNames(value, "100-continue"))
                refuse(refusals::badExpectation, error);
            m_expects = true;
        }
        m_head.headers.add(viewOf(nameText), value);
    }

private:
    RequestHead &m_head;
    int m_hosts = 0;
    bool m_expects = false;
};

} // namespace

class RequestParser::Grammar
{
public:
    // One for each message: Beast's parsers cannot be used again.
    boost::optional<RequestGrammar> message{};
};

RequestParser::RequestParser(const RequestLimits &limits)
    : m_limits(limits)
    , m_grammar(std::make_unique<Grammar>())
{}

RequestParser::~RequestParser() = default;

void RequestParser::reset()
{
    m_state = State::Head;
    m_begun = false;
    m_emptyLine = false;
    m_bodyBytes = 0;
    m_head.headers.clear();
}

qsizetype RequestParser::parse(QByteArrayView input, BodySink *body)
{
    if (input.isEmpty())
        return 0;
    if (m_state == State::Head)
        return parseHead(input);
    if (m_state == State::Body)
        return parseBody(input, body);
    return 0;
}

void RequestParser::begin()
{
    m_begun = true;
    m_head.method.resize(0);
    m_head.target.resize(0);
    m_scan.begin({.bytes = m_limits.headBytes,
                  .fields = m_limits.fields,
                  .targetBytes = m_limits.targetBytes,
                  .allowsHighBytes = false,
                  .tooLarge = &refusals::headTooLarge,
                  .tooManyFields = &refusals::tooManyFields});
    m_grammar->message.emplace(
        MessageGrammar<true>::BodyRules{.bodyBytes = m_limits.bodyBytes,
                                        .chunkLineBytes = m_limits.chunkLineBytes,
                                        .trailerBytes = m_limits.trailerBytes,
                                        .allowsHighBytes = false},
        m_head);
}

qsizetype RequestParser::parseHead(QByteArrayView input)
{
    qsizetype done = 0;
    if (!m_begun) {
        done = skipEmptyLine(input);
        input = input.sliced(done);
        if (m_state == State::Refused || input.isEmpty() || input == "\r")
            return done;
        begin();
    }
    const Scan scanned = m_scan.scan(input);
    if (scanned == Scan::Refused)
        refuse(m_scan.refusal());
    if (scanned != Scan::Whole)
        return done;
    readHead(input.first(m_scan.end()));
    return done + m_scan.end();
}

// One empty line may precede a request: RFC 9112, section 2.2.
qsizetype RequestParser::skipEmptyLine(QByteArrayView input)
{
    qsizetype done = 0;
    while (m_state == State::Head && input.size() - done >= 2 && input[done] == '\r') {
        if (input[done + 1] != '\n')
            refuse(refusals::bareCarriageReturn);
        else if (m_emptyLine)
            refuse(refusals::emptyLines);
        m_emptyLine = true;
        done += 2;
    }
    return done;
}

void RequestParser::readHead(QByteArrayView head)
{
    RequestGrammar &message = *m_grammar->message;
    const Refusal *refusal = message.readWhole(head);
    if (refusal == &refusals::badVersion && !namesVersion(head.first(m_scan.firstLine())))
        refusal = &refusals::badRequestLine;
    if (!refusal || refusal == &refusals::bodyTooLarge) {
        if (const Refusal *ofHead = message.finishHead())
            refusal = ofHead;
    }
    if (refusal)
        refuse(*refusal);
    else
        m_state = message.is_done() ? State::Complete : State::Body;
}

qsizetype RequestParser::parseBody(QByteArrayView input, BodySink *body)
{
    RequestGrammar &message = *m_grammar->message;
    const qsizetype done = message.readBody(input, body);
    m_bodyBytes = message.bodyBytes();
    if (const Refusal *refusal = message.bodyRefusal())
        refuse(*refusal);
    else if (message.is_done())
        m_state = State::Complete;
    return done;
}

void RequestParser::refuse(const Refusal &refusal)
{
    m_begun = true;
    m_refusal = refusal;
    m_state = State::Refused;
}

} // namespace gatehouse::http
