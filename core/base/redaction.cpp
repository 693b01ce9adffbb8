#include "base/redaction.h"

#include "base/maskrules.h"

#include <QRegularExpression>

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

using namespace Qt::StringLiterals;

namespace gatehouse::base {

namespace {

struct Pattern
{
    QRegularExpression expression;
    QString replacement;
};

// As all that redacted() needs, never destroyed: lines are logged until the very end of the program.
const std::array<Pattern, 6> &patterns()
{
    static const auto insensitive = QRegularExpression::CaseInsensitiveOption;
    static const auto &all = *new const std::array<Pattern, 6>{{
        {QRegularExpression(
             u"\\b(sk|rk|pk|gsk|xai|key|hf|nvapi|r8|pplx|fw)[-_][A-Za-z0-9_\\-]{12,}"_s),
         u"\\1-***"_s},
        {QRegularExpression(u"\\bAIza[A-Za-z0-9_\\-]{20,}"_s), u"AIza***"_s},
        {QRegularExpression(u"\\b(Bearer|Basic)\\s+[A-Za-z0-9._~+/=\\-|]{6,}"_s, insensitive),
         u"\\1 ***"_s},
        {QRegularExpression(
             u"([?&](?:api[_-]?key|key|access_token|token|secret|signature|password)=)[^&\\s\"']+"_s,
             insensitive),
         u"\\1***"_s},
        {QRegularExpression(
             u"((?:x-api-key|x-goog-api-key|api-key|authorization|cookie|set-cookie|password)\"?\\s*[:=]\\s*\"?)[^\\s\",;]{4,}"_s,
             insensitive),
         u"\\1***"_s},
        {QRegularExpression(u"(://[^/@\\s:]*:)[^/@\\s]+@"_s), u"\\1***@"_s},
    }};
    return all;
}

bool isControl(QChar character)
{
    const char16_t unit = character.unicode();
    return unit < 0x20 || unit == 0x7f || (unit >= 0x80 && unit < 0xa0) || unit == 0x2028
           || unit == 0x2029 || (unit >= 0x202a && unit <= 0x202e)
           || (unit >= 0x2066 && unit <= 0x2069);
}

QString escaped(const QString &text)
{
    QString result;
    result.reserve(text.size());
    for (const QChar character : text) {
        if (isControl(character))
            result += u"\\u%1"_s.arg(uint(character.unicode()), 4, 16, QChar(u'0'));
        else
            result += character;
    }
    return result;
}

// Immutable, and exchanged as a whole.
using KnownSecrets = std::vector<QString>;
constexpr size_t owners = 2; // see SecretsOf

std::mutex &knownMutex()
{
    static std::mutex &mutex = *new std::mutex;
    return mutex;
}

using AllSecrets = std::array<std::shared_ptr<const KnownSecrets>, owners>;

AllSecrets &known()
{
    static AllSecrets &secrets =
        *new AllSecrets{std::make_shared<KnownSecrets>(), std::make_shared<KnownSecrets>()};
    return secrets;
}

struct RulesInForce
{
    QString text{};
    std::shared_ptr<const MaskRules> rules{}; // null: none
};

RulesInForce &rulesInForce()
{
    static RulesInForce &rules = *new RulesInForce;
    return rules;
}

std::atomic<quint64> revision{0};

AllSecrets knownSecrets()
{
    const std::lock_guard lock(knownMutex());
    return known();
}

} // namespace

void setKnownSecrets(const std::vector<Secret> &secrets, SecretsOf whose)
{
    constexpr qsizetype shortest = 8;
    auto next = std::make_shared<KnownSecrets>();
    const auto add = [&next](const QString &text, qsizetype least) {
        if (text.size() >= least)
            next->push_back(text);
    };
    for (const Secret &secret : secrets) {
        const QString text = QString::fromUtf8(secret.reveal());
        add(text, shortest);
        // Of clouds: an id, a secret and a region, which is shorter.
        constexpr qsizetype shortestPart = 16;
        if (const QStringList parts = text.split(u'|'); parts.size() > 1) {
            for (const QString &part : parts)
                add(part, shortestPart);
        }
    }
    // One may begin like another: the longer one is masked first.
    std::sort(next->begin(), next->end(), [](const QString &left, const QString &right) {
        return left.size() > right.size();
    });
    const std::lock_guard lock(knownMutex());
    std::shared_ptr<const KnownSecrets> &present = known().at(static_cast<size_t>(whose));
    if (*present == *next)
        return;
    present = std::move(next);
    ++revision;
}

void setMaskRules(const QString &rules)
{
    {
        const std::lock_guard lock(knownMutex());
        if (rulesInForce().text == rules)
            return;
    }
    Result<MaskRules> made = MaskRules::from(rules);
    RulesInForce next{.text = rules};
    if (made && !made->isEmpty())
        next.rules = std::make_shared<MaskRules>(std::move(*made));
    const std::lock_guard lock(knownMutex());
    rulesInForce() = std::move(next);
    ++revision;
}

std::shared_ptr<const MaskRules> maskRules()
{
    const std::lock_guard lock(knownMutex());
    return rulesInForce().rules;
}

quint64 redactionRevision()
{
    return revision;
}

QString redacted(const QString &text)
{
    QString result = text;
    const AllSecrets all = knownSecrets();
    for (const std::shared_ptr<const KnownSecrets> &secrets : all) {
        for (const QString &secret : *secrets)
            result.replace(secret, u"***"_s);
    }
    for (const Pattern &pattern : patterns())
        result.replace(pattern.expression, pattern.replacement);
    if (const std::shared_ptr<const MaskRules> rules = maskRules())
        result = rules->masked(result);
    return std::any_of(result.cbegin(), result.cend(), isControl) ? escaped(result) : result;
}

} // namespace gatehouse::base
