#include "admin/traffic/rewrites.h"

#include "protocol/streamparser.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

constexpr size_t mostRewrites = 300;
constexpr qsizetype longestText = 2'000;
constexpr qsizetype longestPreview = 500;

QString textOf(const QJsonValue &value)
{
    // A document is made of a list, whose brackets are taken off again.
    const QByteArray list = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(QByteArrayView(list).sliced(1, list.size() - 2)).left(longestText);
}

class Comparison
{
public:
    void compare(const QString &path, const QJsonValue &before, const QJsonValue &after);
    std::vector<Rewrite> take() { return std::move(m_found); }

private:
    void compareObjects(const QString &path, const QJsonObject &before, const QJsonObject &after);
    void compareLists(const QString &path, const QJsonArray &before, const QJsonArray &after);
    void note(Rewrite rewrite)
    {
        if (m_found.size() < mostRewrites)
            m_found.push_back(std::move(rewrite));
    }

    std::vector<Rewrite> m_found;
};

void Comparison::compare(const QString &path, const QJsonValue &before, const QJsonValue &after)
{
    if (before.isObject() && after.isObject()) {
        compareObjects(path, before.toObject(), after.toObject());
    } else if (before.isArray() && after.isArray()) {
        compareLists(path, before.toArray(), after.toArray());
    } else if (before != after) {
        note({.path = path, .before = textOf(before), .after = textOf(after)});
    }
}

void Comparison::compareObjects(const QString &path,
                                const QJsonObject &before,
                                const QJsonObject &after)
{
    const QString prefix = path.isEmpty() ? QString() : QString(path + u'.');
    for (auto member = before.begin(); member != before.end(); ++member) {
        const QString name = prefix + member.key();
        if (after.contains(member.key())) {
            compare(name, member.value(), after.value(member.key()));
        } else {
            note({.kind = Rewrite::Kind::Removed, .path = name, .before = textOf(member.value())});
        }
    }
    for (auto member = after.begin(); member != after.end(); ++member) {
        if (!before.contains(member.key())) {
            note({.kind = Rewrite::Kind::Added,
                  .path = prefix + member.key(),
                  .after = textOf(member.value())});
        }
    }
}

void Comparison::compareLists(const QString &path,
                              const QJsonArray &before,
                              const QJsonArray &after)
{
    const auto nameOf = [&path](qsizetype place) { return u"%1[%2]"_s.arg(path).arg(place); };
    const qsizetype common = std::min(before.size(), after.size());
    for (qsizetype i = 0; i < common; ++i)
        compare(nameOf(i), before.at(i), after.at(i));
    for (qsizetype i = common; i < before.size(); ++i) {
        note({.kind = Rewrite::Kind::Removed, .path = nameOf(i), .before = textOf(before.at(i))});
    }
    for (qsizetype i = common; i < after.size(); ++i)
        note({.kind = Rewrite::Kind::Added, .path = nameOf(i), .after = textOf(after.at(i))});
}

// What the events of a stream say, without what keeps it alive.
QJsonArray eventsOf(const QByteArray &body, protocol::StreamForm form)
{
    QJsonArray events;
    protocol::StreamParser parser(form, body.size() + 1);
    parser.feed(body);
    const auto add = [&events](const http::Event &event) {
        if (event.isComment || event.data.isEmpty())
            return;
        const QByteArray data = event.data.toByteArray();
        const QJsonDocument document = QJsonDocument::fromJson(data);
        events.append(document.isObject() ? QJsonValue(document.object())
                                          : QJsonValue(QString::fromUtf8(data)));
    };
    http::Event event;
    while (parser.next(event))
        add(event);
    if (parser.takeRest(event))
        add(event);
    return events;
}

} // namespace

base::Result<std::vector<Rewrite>> rewritesBetween(const QByteArray &before,
                                                   const QByteArray &after)
{
    const QJsonDocument first = QJsonDocument::fromJson(before);
    const QJsonDocument second = QJsonDocument::fromJson(after);
    if (!first.isObject() || !second.isObject()) {
        return base::fail(
            base::ErrorCode::Conflict,
            base::Message::tr("The two bodies cannot be compared, since one of them is no JSON "
                              "object."));
    }
    Comparison comparison;
    comparison.compare({}, first.object(), second.object());
    return comparison.take();
}

base::Result<std::vector<Rewrite>> rewritesBetweenStreams(const QByteArray &before,
                                                          protocol::StreamForm formBefore,
                                                          const QByteArray &after,
                                                          protocol::StreamForm formAfter)
{
    Comparison comparison;
    comparison.compare(u"events"_s,
                       QJsonValue(eventsOf(before, formBefore)),
                       QJsonValue(eventsOf(after, formAfter)));
    return comparison.take();
}

std::vector<StreamEvent> streamEventsOf(const QByteArray &body,
                                        const std::vector<domain::ByteMark> &marks,
                                        protocol::StreamForm form)
{
    std::vector<StreamEvent> events;
    protocol::StreamParser parser(form, body.size() + 1);
    parser.feed(body);
    qint64 offset = 0;
    size_t mark = 0;
    const auto add = [&](const http::Event &event) {
        offset += event.raw.size();
        // It was whole when its last byte had come.
        while (mark + 1 < marks.size() && marks[mark + 1].offset < offset)
            ++mark;
        const QByteArrayView text = event.isComment ? event.raw.trimmed() : event.data;
        events.push_back(
            {.microseconds = mark < marks.size() ? marks[mark].microseconds : 0,
             .bytes = event.raw.size(),
             .name = event.type.toByteArray(),
             .preview = text.first(std::min(text.size(), longestPreview)).toByteArray()});
    };
    http::Event event;
    while (parser.next(event))
        add(event);
    if (parser.takeRest(event))
        add(event);
    else if (const QByteArrayView rest = parser.rest(); !rest.trimmed().isEmpty())
        add({.raw = rest, .data = rest, .hasData = true});
    return events;
}

} // namespace gatehouse::admin
