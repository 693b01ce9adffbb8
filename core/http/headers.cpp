#include "http/headers.h"

#include "http/append.h"
#include "http/syntax.h"

#include <algorithm>

namespace gatehouse::http {

namespace {

// What a Headers keeps for the next message. One that was larger gives its memory back, so that
// idle connections stay small.
constexpr qsizetype keptHeaderBytes = 4 * 1024;

char lowered(char byte)
{
    return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + ('a' - 'A')) : byte;
}

} // namespace

bool equalNames(QByteArrayView left, QByteArrayView right)
{
    return left.size() == right.size()
           && std::equal(left.begin(), left.end(), right.begin(), [](char one, char other) {
                  return one == other || lowered(one) == lowered(other);
              });
}

bool isFieldValue(QByteArrayView text)
{
    return syntax::skipText(text.begin(), text.end(), true) == text.end();
}

bool isFieldName(QByteArrayView text)
{
    return !text.isEmpty() && std::all_of(text.begin(), text.end(), [](char byte) {
        return syntax::is(byte, syntax::TokenByte);
    });
}

void Headers::clear()
{
    if (m_text.capacity() > keptHeaderBytes)
        m_text = QByteArray();
    else
        m_text.resize(0);
    m_places.clear();
}

void Headers::add(QByteArrayView name, QByteArrayView value)
{
    const qsizetype begin = m_text.size();
    const qsizetype needed = begin + name.size() + value.size();
    if (needed > m_text.capacity())
        m_text.reserve(std::max<qsizetype>({512, needed, 2 * m_text.capacity()}));
    appendAll(m_text, {name, value});
    m_places.push_back({begin, name.size(), value.size()});
}

Field Headers::at(qsizetype index) const
{
    const Place &place = m_places[static_cast<size_t>(index)];
    const QByteArrayView text(m_text);
    return {text.sliced(place.begin, place.nameLength),
            text.sliced(place.begin + place.nameLength, place.valueLength)};
}

std::optional<QByteArrayView> Headers::value(QByteArrayView name) const
{
    for (qsizetype index = 0; index < size(); ++index) {
        if (m_places[static_cast<size_t>(index)].nameLength != name.size())
            continue;
        const Field field = at(index);
        if (equalNames(field.name, name))
            return field.value;
    }
    return std::nullopt;
}

qsizetype Headers::count(QByteArrayView name) const
{
    qsizetype found = 0;
    for (qsizetype index = 0; index < size(); ++index) {
        const bool mayBe = m_places[static_cast<size_t>(index)].nameLength == name.size();
        found += mayBe && equalNames(at(index).name, name) ? 1 : 0;
    }
    return found;
}

bool Headers::lists(QByteArrayView name, QByteArrayView element) const
{
    for (qsizetype index = 0; index < size(); ++index) {
        const Field field = at(index);
        if (equalNames(field.name, name) && listHas(field.value, element))
            return true;
    }
    return false;
}

bool listHas(QByteArrayView list, QByteArrayView element)
{
    while (true) {
        const qsizetype comma = list.indexOf(',');
        const QByteArrayView part = comma < 0 ? list : list.first(comma);
        if (equalNames(part.trimmed(), element))
            return true;
        if (comma < 0)
            return false;
        list = list.sliced(comma + 1);
    }
}

} // namespace gatehouse::http
