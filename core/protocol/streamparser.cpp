#include "protocol/streamparser.h"

namespace gatehouse::protocol {

StreamParser::StreamParser(StreamForm form, qint64 maxEventBytes)
    : m_parser(std::in_place_type<http::EventStreamParser>, maxEventBytes)
{
    if (form == StreamForm::Array)
        m_parser.emplace<ArrayStreamParser>(maxEventBytes);
}

StreamForm StreamParser::form() const
{
    return std::holds_alternative<ArrayStreamParser>(m_parser) ? StreamForm::Array
                                                               : StreamForm::Events;
}

void StreamParser::reset()
{
    std::visit([](auto &parser) { parser.reset(); }, m_parser);
}

void StreamParser::feed(QByteArrayView bytes)
{
    std::visit([bytes](auto &parser) { parser.feed(bytes); }, m_parser);
}

bool StreamParser::next(http::Event &event)
{
    return std::visit([&event](auto &parser) { return parser.next(event); }, m_parser);
}

QByteArrayView StreamParser::rest() const
{
    return std::visit([](const auto &parser) { return parser.rest(); }, m_parser);
}

bool StreamParser::takeRest(http::Event &event)
{
    auto *events = std::get_if<http::EventStreamParser>(&m_parser);
    return events && events->takeRest(event);
}

StreamParser::Fault StreamParser::fault() const
{
    if (const auto *array = std::get_if<ArrayStreamParser>(&m_parser))
        return array->fault();
    return std::get<http::EventStreamParser>(m_parser).hasFailed() ? Fault::TooLong : Fault::None;
}

} // namespace gatehouse::protocol
