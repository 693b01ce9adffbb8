#include "admin/configs/looseobject.h"

#include "storage/import/privatecopy.h"

#include <QHash>
#include <QJsonArray>
#include <QJsonDocument>

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <cstring>
#include <iterator>
#include <sstream>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

using base::ErrorCode;
using base::fail;
using base::Message;
using base::Result;

namespace {

constexpr qsizetype deepest = 64;
constexpr qsizetype mostYaml = 1024 * 1024;
constexpr int mostValues = 1'000'000;
constexpr qsizetype mostNames = 20'000; // of one mapping: each is inserted in its order

// Builds the JSON of a document out of the parser's events. The library knows no other way of ending
// early than an exception, which objectFromYaml() catches.
class JsonBuilder final : public YAML::EventHandler
{
public:
    explicit JsonBuilder(const std::stop_token &stop)
        : m_stop(stop)
    {}

    const QJsonValue &whole() const { return m_whole; }

    void OnDocumentStart(const YAML::Mark &) override {}
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        add(mark, anchor, QJsonValue(QJsonValue::Null));
    }
    void OnAlias(const YAML::Mark &mark, YAML::anchor_t anchor) override
    {
        // One that stands within what it names has no end.
        const auto known = m_anchors.constFind(anchor);
        if (known == m_anchors.cend())
            throw YAML::ParserException(mark, "an alias within its own anchor");
        add(mark, YAML::NullAnchor, *known);
    }
    void OnScalar(const YAML::Mark &mark,
                  const std::string &,
                  YAML::anchor_t anchor,
                  const std::string &value) override
    {
        add(mark, anchor, QString::fromStdString(value));
    }
    void OnSequenceStart(const YAML::Mark &mark,
                         const std::string &,
                         YAML::anchor_t anchor,
                         YAML::EmitterStyle::value) override
    {
        begin(mark, anchor, false);
    }
    void OnSequenceEnd() override { end(); }
    void OnMapStart(const YAML::Mark &mark,
                    const std::string &,
                    YAML::anchor_t anchor,
                    YAML::EmitterStyle::value) override
    {
        begin(mark, anchor, true);
    }
    void OnMapEnd() override { end(); }

private:
    struct Level
    {
        YAML::Mark mark{};
        YAML::anchor_t anchor = YAML::NullAnchor;
        bool isMap = false;
        bool hasName = false; // the next value belongs to `name`
        QString name{};
        QJsonObject object{};
        QJsonArray array{};
        QJsonArray merged{}; // what the merge keys name
    };

    void begin(const YAML::Mark &mark, YAML::anchor_t anchor, bool isMap)
    {
        if (std::ssize(m_levels) >= deepest)
            throw YAML::ParserException(mark, "nested too deeply");
        m_levels.push_back({.mark = mark, .anchor = anchor, .isMap = isMap});
    }

    void end()
    {
        Level level = std::move(m_levels.back());
        m_levels.pop_back();
        for (const QJsonValue &merged : level.merged) {
            const QJsonObject more = merged.toObject();
            count(level.mark, static_cast<int>(more.size()));
            for (auto it = more.begin(); it != more.end(); ++it) {
                if (level.object.contains(it.key()))
                    continue;
                if (level.object.size() >= mostNames)
                    throw YAML::ParserException(level.mark, "too many names");
                level.object.insert(it.key(), it.value());
            }
        }
        add(level.mark,
            level.anchor,
            level.isMap ? QJsonValue(level.object) : QJsonValue(level.array));
    }

    void count(const YAML::Mark &mark, int values)
    {
        m_count += values;
        if (m_count > mostValues || m_stop.stop_requested())
            throw YAML::ParserException(mark, "too many values");
    }

    void add(const YAML::Mark &mark, YAML::anchor_t anchor, const QJsonValue &value)
    {
        count(mark, 1);
        if (anchor != YAML::NullAnchor)
            m_anchors.insert(anchor, value);
        if (m_levels.empty()) {
            m_whole = value;
            return;
        }
        Level &level = m_levels.back();
        if (!level.isMap) {
            level.array.append(value);
        } else if (!level.hasName) {
            level.hasName = true;
            level.name = value.toString();
        } else {
            level.hasName = false;
            if (level.object.size() >= mostNames)
                throw YAML::ParserException(mark, "too many names");
            if (level.name != "<<"_L1)
                level.object.insert(level.name, value);
            else if (value.isArray())
                level.merged = value.toArray();
            else
                level.merged.append(value);
        }
    }

    const std::stop_token m_stop;
    std::vector<Level> m_levels{};
    QHash<YAML::anchor_t, QJsonValue> m_anchors{};
    QJsonValue m_whole{QJsonValue::Undefined};
    int m_count = 0;
};

// Whether more brackets are opened than any configuration needs; the parser would take each for the
// begin of a key until it meets its end. What is within quotes counts as well: what begins and ends them
// only the parser knows.
bool isTooDeep(const QByteArray &text)
{
    constexpr qsizetype mostBrackets = 20'000;
    return text.count('[') + text.count('{') > mostBrackets;
}

// Without comments, and without commas before a closing bracket.
QByteArray strictJson(const QByteArray &text)
{
    QByteArray strict;
    strict.reserve(text.size());
    qsizetype comma = -1; // the place of one that nothing but blanks followed so far
    char quote = 0;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const char next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (quote != 0) {
            strict += c;
            if (c == '\\' && next != '\0')
                strict += text[++i];
            else if (c == quote)
                quote = 0;
        } else if (c == '/' && next == '/') {
            while (i + 1 < text.size() && text[i + 1] != '\n')
                ++i;
        } else if (c == '/' && next == '*') {
            const qsizetype end = text.indexOf("*/", i + 2);
            // Lines are counted in what is left.
            const qsizetype last = end < 0 ? text.size() : end + 1;
            strict.append(text.mid(i, last - i).count('\n'), '\n');
            i = last;
        } else {
            if ((c == '}' || c == ']') && comma >= 0)
                strict[comma] = ' ';
            if (c == ',')
                comma = strict.size();
            else if (c != ' ' && c != '\t' && c != '\n' && c != '\r')
                comma = -1;
            if (c == '"' || c == '\'')
                quote = c;
            strict += c;
        }
    }
    return strict;
}

} // namespace

Result<QJsonObject> objectFromYaml(const QByteArray &text, const std::stop_token &stop)
{
    if (stop.stop_requested())
        return fail(storage::importStopped());
    if (text.size() > mostYaml) {
        return fail(
            ErrorCode::InvalidInput,
            Message::tr("YAML of more than %1 MiB is not read.").arg(mostYaml / (1024 * 1024)));
    }
    if (isTooDeep(text))
        return fail(ErrorCode::InvalidInput, Message::tr("It is nested too deeply."));
    JsonBuilder builder(stop);
    try {
        std::istringstream stream(text.toStdString());
        YAML::Parser parser(stream);
        parser.HandleNextDocument(builder);
    } catch (const YAML::Exception &problem) {
        if (stop.stop_requested())
            return fail(storage::importStopped());
        return fail(ErrorCode::InvalidInput,
                    Message::tr("This is no YAML that can be read; see line %1.")
                        .arg(problem.mark.line + 1));
    }
    if (!builder.whole().isObject())
        return fail(ErrorCode::InvalidInput, Message::tr("A YAML mapping is expected here."));
    return builder.whole().toObject();
}

Result<QJsonObject> objectFromLooseJson(const QByteArray &text, const std::stop_token &stop)
{
    const QJsonDocument exact = QJsonDocument::fromJson(text);
    if (exact.isObject())
        return exact.object();
    if (stop.stop_requested())
        return fail(storage::importStopped());
    const QByteArray strict = strictJson(text);
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(strict, &problem);
    if (document.isObject())
        return document.object();
    // The flow style of YAML has single quotes and bare names as well.
    if (Result<QJsonObject> object = objectFromYaml(strict, stop); object || stop.stop_requested())
        return object;
    const QByteArrayView before =
        QByteArrayView(strict).first(std::clamp<qsizetype>(problem.offset, 0, strict.size()));
    return fail(ErrorCode::InvalidInput,
                Message::tr("This is no JSON that can be read; see line %1.")
                    .arg(std::count(before.begin(), before.end(), '\n') + 1));
}

} // namespace gatehouse::admin
