#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <optional>
#include <vector>

namespace gatehouse::http {

// A header field. Both parts are views into the Headers they come from.
struct Field
{
    QByteArrayView name{};
    QByteArrayView value{};
};

// Field names are compared without heed of ASCII case.
bool equalNames(QByteArrayView left, QByteArrayView right);

// True if the text may be written as a field's value: no CR, LF, NUL or other control but tab.
bool isFieldValue(QByteArrayView text);
bool isFieldName(QByteArrayView text);

// True if the comma-separated list has the element, in any case.
bool listHas(QByteArrayView list, QByteArrayView element);

// The header fields of one message, in their order, in one piece of memory that clear() keeps up to
// a usual size, so that a reused Headers allocates nothing.
class Headers
{
public:
    void clear();
    void add(QByteArrayView name, QByteArrayView value);

    qsizetype size() const { return static_cast<qsizetype>(m_places.size()); }
    Field at(qsizetype index) const;
    // The first field of that name.
    std::optional<QByteArrayView> value(QByteArrayView name) const;
    qsizetype count(QByteArrayView name) const;
    // True if the comma-separated list of all fields of that name has the element, in any case.
    bool lists(QByteArrayView name, QByteArrayView element) const;

private:
    struct Place
    {
        qsizetype begin = 0;
        qsizetype nameLength = 0;
        qsizetype valueLength = 0;
    };

    QByteArray m_text;
    std::vector<Place> m_places;
};

} // namespace gatehouse::http
