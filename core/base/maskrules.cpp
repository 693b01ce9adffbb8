#include "base/maskrules.h"

#include <algorithm>
#include <functional>

using namespace Qt::StringLiterals;

namespace gatehouse::base {

namespace {

// Of characters or bytes that are matched at once; what takes steps by the square of it is still quick.
constexpr qsizetype windowSize = 2'048;
// PCRE's own limit of steps for each place that a match may begin at.
const QString stepLimit = u"(*LIMIT_MATCH=5000)"_s;

Error refusedRule(qsizetype line, Message reason)
{
    return {.code = ErrorCode::InvalidInput,
            .message = Message::tr("Line %1: %2").arg(line, std::move(reason))};
}

// Gives each line of the text in windows: from where to where.
void forEachWindow(qsizetype size,
                   const std::function<bool(qsizetype)> &isLineFeed,
                   const std::function<qsizetype(qsizetype)> &fitEnd,
                   const std::function<void(qsizetype, qsizetype)> &visit)
{
    qsizetype lineStart = 0;
    while (lineStart < size) {
        qsizetype lineEnd = lineStart;
        while (lineEnd < size && !isLineFeed(lineEnd))
            ++lineEnd;
        qsizetype from = lineStart;
        while (from < lineEnd) {
            const bool isLast = lineEnd - from <= windowSize;
            const qsizetype end = isLast ? lineEnd : fitEnd(from + windowSize);
            visit(from, end);
            if (isLast)
                break;
            from = fitEnd(end - MaskRules::longestMatch);
        }
        lineStart = lineEnd + 1;
    }
}

// Whether `at` is between both halves of a character, where nothing can be looked for.
bool isWithinCharacter(const QString &text, qsizetype at)
{
    return at > 0 && at < text.size() && text.at(at).isLowSurrogate()
           && text.at(at - 1).isHighSurrogate();
}

} // namespace

Result<MaskRules> MaskRules::from(const QString &text)
{
    MaskRules rules;
    const QStringList lines = text.split(u'\n');
    for (qsizetype i = 0; i < lines.size(); ++i) {
        const QString line = lines.at(i).trimmed();
        if (line.isEmpty())
            continue;
        if (rules.m_words.size() + std::ssize(rules.m_expressions) >= mostRules)
            return fail(
                refusedRule(i + 1, Message::tr("there are more than %1 rules.").arg(mostRules)));
        const bool isExpression = line.size() > 2 && line.startsWith(u'/') && line.endsWith(u'/');
        if (!isExpression) {
            rules.m_words.append(line);
            continue;
        }
        const QString pattern = line.sliced(1, line.size() - 2);
        const QRegularExpression written(pattern);
        if (!written.isValid()) {
            return fail(
                refusedRule(i + 1,
                            Message::tr("this is no regular expression: %1, at its "
                                        "character %2.")
                                .arg(written.errorString(), written.patternErrorOffset() + 1)));
        }
        QRegularExpression limited(stepLimit + pattern);
        limited.optimize();
        rules.m_expressions.push_back(std::move(limited));
    }
    return rules;
}

std::vector<MaskRules::Span> MaskRules::spansIn(const QString &window) const
{
    std::vector<Span> spans;
    for (const QString &word : m_words) {
        qsizetype at = 0;
        while ((at = window.indexOf(word, at, Qt::CaseInsensitive)) >= 0) {
            spans.push_back({at, at + word.size()});
            at += word.size();
        }
    }
    for (const QRegularExpression &expression : m_expressions) {
        qsizetype at = 0;
        while (at <= window.size()) {
            const QRegularExpressionMatch match = expression.match(window, at);
            if (!match.isValid())
                return {{0, window.size()}}; // given up: nobody knows what stands there
            if (!match.hasMatch())
                break;
            if (match.capturedLength() > 0)
                spans.push_back({match.capturedStart(), match.capturedEnd()});
            at = std::max(match.capturedEnd(), at + 1);
            if (isWithinCharacter(window, at))
                ++at;
        }
    }
    // \C matches half of a character.
    for (Span &span : spans) {
        span.from -= isWithinCharacter(window, span.from) ? 1 : 0;
        span.end += isWithinCharacter(window, span.end) ? 1 : 0;
    }
    return joined(std::move(spans));
}

std::vector<MaskRules::Span> MaskRules::joined(std::vector<Span> spans)
{
    std::sort(spans.begin(), spans.end(), [](const Span &left, const Span &right) {
        return left.from < right.from;
    });
    std::vector<Span> all;
    for (const Span &span : spans) {
        if (!all.empty() && span.from <= all.back().end)
            all.back().end = std::max(all.back().end, span.end);
        else
            all.push_back(span);
    }
    return all;
}

QString MaskRules::masked(const QString &text) const
{
    if (isEmpty())
        return text;
    std::vector<Span> spans;
    forEachWindow(
        text.size(),
        [&text](qsizetype at) { return text.at(at) == u'\n'; },
        [&text](qsizetype at) { return text.at(at).isLowSurrogate() ? at - 1 : at; },
        [&](qsizetype from, qsizetype end) {
            for (const Span &span : spansIn(text.sliced(from, end - from)))
                spans.push_back({span.from + from, span.end + from});
        });
    QString result;
    qsizetype at = 0;
    for (const Span &span : joined(std::move(spans))) {
        result += QStringView(text).sliced(at, span.from - at);
        result += "***"_L1;
        at = span.end;
    }
    return result + text.sliced(at);
}

void MaskRules::mask(QByteArray &text) const
{
    if (isEmpty())
        return;
    std::vector<Span> spans;
    forEachWindow(
        text.size(),
        [&text](qsizetype at) { return text.at(at) == '\n'; },
        [&text](qsizetype at) {
            constexpr int longestTail = 3; // of what belongs to one character of UTF-8
            constexpr int tailMask = 0xc0;
            constexpr int tail = 0x80;
            for (int i = 0; i < longestTail && (text.at(at) & tailMask) == tail; ++i)
                --at;
            return at;
        },
        [&](qsizetype from, qsizetype end) {
            const QByteArray bytes = text.mid(from, end - from);
            QString window = QString::fromUtf8(bytes);
            const bool isUtf8 = window.toUtf8() == bytes;
            if (!isUtf8)
                window = QString::fromLatin1(bytes);
            qsizetype known = 0; // of the window's characters, up to the byte `place`
            qsizetype place = from;
            const auto placeOf = [&](qsizetype at) {
                const QStringView passed = QStringView(window).sliced(known, at - known);
                place += isUtf8 ? passed.toUtf8().size() : passed.size();
                known = at;
                return place;
            };
            for (const Span &span : spansIn(window)) {
                const qsizetype start = placeOf(span.from);
                spans.push_back({start, placeOf(span.end)});
            }
        });
    for (const Span &span : joined(std::move(spans)))
        std::fill(text.begin() + span.from, text.begin() + span.end, '*');
}

} // namespace gatehouse::base
