#include "capture/embeddeddata.h"

#include "widgets/format.h"

#include <algorithm>
#include <iterator>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr qsizetype fewestCharacters = 1'024; // fewer are read past easily

bool isBase64(QChar c)
{
    const char16_t code = c.unicode();
    return (code >= u'A' && code <= u'Z') || (code >= u'a' && code <= u'z')
           || (code >= u'0' && code <= u'9') || code == u'+' || code == u'/' || code == u'='
           || code == u'-' || code == u'_';
}

// How the base64 of well-known files begins.
struct Beginning
{
    QLatin1StringView text;
    QLatin1StringView type;
};

constexpr Beginning beginnings[] = {
    {QLatin1StringView("iVBORw0KGgo"), QLatin1StringView("image/png")},
    {QLatin1StringView("/9j/"), QLatin1StringView("image/jpeg")},
    {QLatin1StringView("R0lGOD"), QLatin1StringView("image/gif")},
    {QLatin1StringView("JVBERi0"), QLatin1StringView("application/pdf")},
    {QLatin1StringView("SUQz"), QLatin1StringView("audio/mpeg")},
    {QLatin1StringView("//uQ"), QLatin1StringView("audio/mpeg")},
    {QLatin1StringView("//vQ"), QLatin1StringView("audio/mpeg")},
    {QLatin1StringView("//NE"), QLatin1StringView("audio/mpeg")},
    {QLatin1StringView("T2dnUw"), QLatin1StringView("audio/ogg")},
    {QLatin1StringView("ZkxhQw"), QLatin1StringView("audio/flac")},
    {QLatin1StringView("AAAAIGZ0eX"), QLatin1StringView("video/mp4")},
    {QLatin1StringView("AAAAHGZ0eX"), QLatin1StringView("video/mp4")},
};

QString typeByBeginning(QStringView data)
{
    for (const Beginning &each : beginnings) {
        if (data.startsWith(each.text))
            return each.type;
    }
    // What a RIFF file holds stands behind its length.
    if (data.startsWith("UklGR"_L1)) {
        const QByteArray head = QByteArray::fromBase64(data.first(16).toLatin1());
        return head.endsWith("WEBP") ? u"image/webp"_s : u"audio/wav"_s;
    }
    return {};
}

bool isOfType(QChar c)
{
    const char16_t code = c.unicode();
    return (code >= u'A' && code <= u'Z') || (code >= u'a' && code <= u'z')
           || (code >= u'0' && code <= u'9') || u"/+.-_"_s.contains(c);
}

// "data:image/png;base64," just before it. What else stands there, such as the end of a line, is no type.
QString typeByUrl(QStringView before)
{
    constexpr qsizetype longest = 120;
    const QStringView end = before.last(std::min(before.size(), longest));
    if (!end.endsWith(u";base64,"))
        return {};
    const qsizetype scheme = end.lastIndexOf(u"data:");
    if (scheme < 0)
        return {};
    const QStringView rest = end.sliced(scheme + 5);
    const QStringView type = rest.first(rest.indexOf(u';'));
    return std::all_of(type.begin(), type.end(), &isOfType) ? type.toString() : QString();
}

} // namespace

QString EmbeddedData::text() const
{
    return tr("%1, %2", "a type and a size").arg(type, Format::bytes(bytes));
}

qsizetype EmbeddedData::endOf(QStringView text, qsizetype begin)
{
    qsizetype end = begin;
    while (end < text.size() && isBase64(text.at(end)))
        ++end;
    return end;
}

EmbeddedData EmbeddedData::at(QStringView text, qsizetype begin)
{
    const bool mayBegin = begin > 0 && begin + fewestCharacters <= text.size()
                          && (text.at(begin - 1) == u'"' || text.at(begin - 1) == u',');
    if (!mayBegin)
        return {};
    QString type = typeByBeginning(text.sliced(begin));
    if (type.isEmpty() && text.at(begin - 1) == u',')
        type = typeByUrl(text.first(begin));
    if (type.isEmpty())
        return {};
    const qsizetype end = endOf(text, begin);
    if (end - begin < fewestCharacters)
        return {};
    return {.end = end, .type = type, .bytes = bytesIn(end - begin)};
}

EmbeddedData EmbeddedData::whole(QStringView beginning, qsizetype length)
{
    constexpr qsizetype longestUrl = 120;
    if (length < fewestCharacters || beginning.size() < longestUrl)
        return {};
    const qsizetype comma = beginning.first(longestUrl).indexOf(u',');
    const qsizetype begin = beginning.startsWith(u"data:") && comma > 0 ? comma + 1 : 0;
    const QString type = begin > 0 ? typeByUrl(beginning.first(begin)) : typeByBeginning(beginning);
    return {.end = length, .type = type, .bytes = bytesIn(length - begin)};
}

} // namespace gatehouse::ui
