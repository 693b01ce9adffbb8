#include "commands/draft.h"

#include "base/json.h"
#include "base/redaction.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

const QString fromJsonOption = u"--from-json"_s;
const QString nameOption = u"--name"_s;
const QString inputName = u"-"_s;

tl::unexpected<base::Error> wrongDraft(const QString &message)
{
    return fail(ErrorCode::InvalidInput, base::Message::verbatim(message));
}

// What would be ignored is mistyped.
Result<> checkMembers(const Resource &resource, const QJsonObject &body)
{
    QStringList unknown;
    for (auto member = body.begin(); member != body.end(); ++member) {
        const QString inner = member.key() + u'.';
        const bool hasRule =
            std::any_of(resource.members.begin(),
                        resource.members.end(),
                        [&](const QString &known) { return known.startsWith(inner); });
        if (!hasRule) {
            if (!resource.members.contains(member.key()))
                unknown.append(member.key());
            continue;
        }
        const QStringList names = member->toObject().keys();
        for (const QString &name : names) {
            if (!resource.members.contains(QString(inner + name)))
                unknown.append(inner + name);
        }
    }
    if (unknown.isEmpty())
        return {};
    return wrongDraft(
        u"A %1 has no member \"%2\"; docs/openapi.yaml lists those that there are."_s.arg(
            resource.noun, base::redacted(unknown.join(u"\", \""_s).left(200))));
}

bool isNamed(const Resource &resource, const Arguments &arguments)
{
    if (arguments.has(fromJsonOption))
        return true;
    return std::any_of(resource.fields.begin(), resource.fields.end(), [&](const Field &field) {
        return arguments.has(field.option.name);
    });
}

} // namespace

Result<Draft> Draft::of(const Resource &resource, const Arguments &arguments, bool isNew)
{
    Draft draft(resource, arguments);
    QJsonObject tried;
    if (Result<> put = putFields(resource.fields, arguments, tried); !put)
        return fail(put.error());
    const auto &rule = resource.secret;
    if (rule && (isNew || !rule->isForNewOnly)) {
        auto source = secretSourceFrom(rule->stem, arguments);
        if (!source)
            return fail(source.error());
        draft.m_source = *source;
        if (!draft.m_source && rule->isNeeded && isNew)
            draft.m_source = SecretSource{};
    }
    const bool readsInput = draft.m_source && draft.m_source->kind == SecretSource::Kind::Input;
    if (readsInput && arguments.value(fromJsonOption) == inputName)
        return wrongDraft(u"Standard input cannot be read for two things."_s);
    if (!isNew && !draft.m_source && !isNamed(resource, arguments)) {
        return wrongDraft(
            u"Say what is to change of the %1; --help lists the options."_s.arg(resource.noun));
    }
    return draft;
}

Result<QJsonObject> Draft::body(const QMap<QString, QString> &environment) const
{
    QJsonObject body;
    if (const auto file = m_arguments.value(fromJsonOption)) {
        const Result<QJsonObject> read = readWhole(*file).and_then(
            [](const QString &text) { return base::parseJsonObject(text.toUtf8()); });
        if (!read)
            return fail(read.error());
        if (Result<> known = checkMembers(m_resource, *read); !known)
            return fail(known.error());
        body = *read;
    }
    if (Result<> put = putFields(m_resource.fields, m_arguments, body); !put)
        return fail(put.error());
    if (!m_source)
        return body;
    const SecretRule &rule = *m_resource.secret;
    const Result<QString> secret =
        rule.isNeeded ? readSecretLine(*m_source, environment) : readSecret(*m_source, environment);
    if (!secret) {
        return fail(secret.error().code,
                    base::Message::verbatim(
                        u"No %1: %2"_s.arg(rule.what, secret.error().message.english())));
    }
    body.insert(rule.member, rule.sent ? rule.sent(*secret) : *secret);
    return body;
}

std::vector<OptionRule> Draft::options(const Resource &resource, bool isNew)
{
    std::vector<OptionRule> rules;
    for (const Field &field : resource.fields) {
        // A new one has its name as an operand.
        if (!isNew || field.option.name != nameOption)
            rules.push_back(field.option);
    }
    if (isNew)
        rules.insert(rules.end(), resource.newOptions.begin(), resource.newOptions.end());
    if (const auto &rule = resource.secret; rule && (isNew || !rule->isForNewOnly)) {
        const auto secret = secretOptions(rule->stem, rule->what);
        rules.insert(rules.end(), secret.begin(), secret.end());
    }
    rules.push_back({.name = fromJsonOption,
                     .value = u"FILE"_s,
                     .help = u"members of the management API's object, which docs/openapi.yaml\n"
                             "lists; - is standard input. Options stand above them"_s});
    return rules;
}

} // namespace gatehouse::app
