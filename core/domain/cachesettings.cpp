#include "domain/settingbuilders.h"
#include "domain/settingtables.h"

using namespace Qt::StringLiterals;

namespace gatehouse::domain {

namespace {

SettingDescriptor cachedRequests()
{
    return {.key = u"cache.requests"_s,
            .kind = SettingDescriptor::Kind::Choice,
            .description = words(QT_TRANSLATE_NOOP(
                "Settings",
                "Which answers are kept. Embeddings and moderations are the same each time. Those "
                "of language models are meant to be so at temperature 0 alone: else whoever asks "
                "again may want another answer")),
            .choices = {u"embeddings"_s, u"repeatable"_s, u"all"_s},
            .read =
                [](const Settings &s) {
                    switch (s.cache.requests) {
                    case CachedRequests::Repeatable:
                        return u"repeatable"_s;
                    case CachedRequests::All:
                        return u"all"_s;
                    case CachedRequests::Embeddings:
                        break;
                    }
                    return u"embeddings"_s;
                },
            .write =
                [](Settings &s, const QString &v) {
                    s.cache.requests = v == "repeatable"_L1 ? CachedRequests::Repeatable
                                       : v == "all"_L1      ? CachedRequests::All
                                                            : CachedRequests::Embeddings;
                }};
}

SettingDescriptor cacheScope()
{
    return {.key = u"cache.scope"_s,
            .kind = SettingDescriptor::Kind::Choice,
            .description =
                words(QT_TRANSLATE_NOOP("Settings",
                                        "Who is given a kept answer: all tokens of the user whose "
                                        "request it was, or the same token alone; never another "
                                        "user")),
            .choices = {u"user"_s, u"token"_s},
            .read =
                [](const Settings &s) {
                    return s.cache.scope == CacheScope::Token ? u"token"_s : u"user"_s;
                },
            .write =
                [](Settings &s, const QString &v) {
                    s.cache.scope = v == "token"_L1 ? CacheScope::Token : CacheScope::User;
                }};
}

} // namespace

std::vector<SettingDescriptor> cacheDescriptors()
{
    using std::chrono::minutes;
    constexpr double mebibyte = 1024.0 * 1024;
    constexpr double minutesOfWeek = 7 * 24 * 60;
    return {
        boolean({u"cache.answers"_s},
                words(QT_TRANSLATE_NOOP(
                    "Settings",
                    "Keep whole answers in the memory of this program, and give them out again "
                    "where the same request comes a second time: at once, for nothing, and without "
                    "asking a provider. They are gone when the program ends")),
                FIELD(cache.answers)),
        cachedRequests(),
        cacheScope(),
        span<minutes>({u"cache.ttl"_s},
                      1,
                      minutesOfWeek,
                      words(QT_TRANSLATE_NOOP("Settings", "How long an answer is kept")),
                      FIELD(cache.ttl)),
        bytes({u"cache.bytes"_s},
              mebibyte,
              64 * gibibyte,
              words(QT_TRANSLATE_NOOP("Settings",
                                      "What all kept answers may take of the memory; beyond, those "
                                      "go that were not asked for the longest")),
              FIELD(cache.bytes)),
        bytes({u"cache.answer_bytes"_s},
              1024,
              64 * mebibyte,
              words(QT_TRANSLATE_NOOP("Settings", "A longer answer is not kept")),
              FIELD(cache.answerBytes)),
    };
}

} // namespace gatehouse::domain
