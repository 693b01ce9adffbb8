#include "commands/arguments.h"

#include "base/redaction.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::fail;
using base::Result;

namespace {

tl::unexpected<base::Error> misused(const QString &message)
{
    return fail(base::ErrorCode::InvalidInput, base::Message::verbatim(message));
}

// Options that people expect, for what other users of the machine could read among the arguments.
bool wouldTellSecret(const QString &option)
{
    static const QStringList names{
        u"--key"_s, u"--keys"_s, u"--api-key"_s, u"--password"_s, u"--secret"_s};
    return names.contains(option);
}

tl::unexpected<base::Error> unknownOption(const QString &option,
                                          const std::vector<OptionRule> &rules)
{
    if (wouldTellSecret(option)) {
        return misused(
            u"%1 is no option, since others can read the arguments of a program. Keys and "
            "passwords are read from standard input, a file or a variable; --help tells how."_s.arg(
                option));
    }
    const QString letters = QString(option).remove(u'-');
    const auto alike = std::find_if(rules.begin(), rules.end(), [&](const OptionRule &rule) {
        const QString known = QString(rule.name).remove(u'-');
        return !letters.isEmpty() && (known.startsWith(letters) || letters.startsWith(known));
    });
    const QString name = base::redacted(option.left(40));
    if (alike != rules.end())
        return misused(u"There is no option %1 here. Is %2 meant?"_s.arg(name, alike->name));
    return misused(u"There is no option %1 here. --help shows those that there are."_s.arg(name));
}

} // namespace

std::optional<QString> Arguments::value(const QString &option) const
{
    const auto found = m_values.constFind(option);
    return found == m_values.constEnd() ? std::nullopt : std::optional(found->constLast());
}

Result<std::optional<int>> Arguments::number(const QString &option, int most) const
{
    const std::optional<QString> text = value(option);
    if (!text)
        return std::optional<int>();
    bool isNumber = false;
    const int number = text->toInt(&isNumber);
    if (isNumber && number >= 1 && number <= most)
        return std::optional(number);
    return misused(u"The option %1 needs a whole number from 1 to %2."_s.arg(option).arg(most));
}

Result<Arguments> Arguments::from(const QStringList &words,
                                  const std::vector<OptionRule> &rules,
                                  const OperandRule &operands)
{
    return from(words, rules).and_then([&](const Arguments &arguments) -> Result<Arguments> {
        const qsizetype count = arguments.operands().size();
        if (count < operands.fewest || count > operands.most)
            return misused(u"Write: "_s + operands.usage);
        return arguments;
    });
}

Result<Arguments> Arguments::from(const QStringList &words, const std::vector<OptionRule> &rules)
{
    Arguments arguments;
    for (qsizetype i = 0; i < words.size(); ++i) {
        const QString &word = words.at(i);
        if (word == "--"_L1) {
            arguments.m_operands += words.sliced(i + 1);
            break;
        }
        // A single dash stands for standard input.
        if (!word.startsWith(u'-') || word == "-"_L1) {
            arguments.m_operands.append(word);
            continue;
        }
        if (Result<> taken = arguments.takeOption(words, i, rules); !taken)
            return fail(taken.error());
    }
    return arguments;
}

Result<> Arguments::takeOption(const QStringList &words,
                               qsizetype &index,
                               const std::vector<OptionRule> &rules)
{
    const QString &word = words.at(index);
    const qsizetype equals = word.indexOf(u'=');
    const QString written = equals < 0 ? word : word.first(equals);
    const auto rule = std::find_if(rules.begin(), rules.end(), [&](const OptionRule &known) {
        return known.name == written || known.shortName == written;
    });
    if (rule == rules.end())
        return unknownOption(written, rules);
    const QString &name = rule->name;
    if (!rule->takesValue()) {
        if (equals >= 0)
            return misused(u"The option %1 takes no value."_s.arg(written));
        m_values.insert(name, {QString()}); // said twice it says the same
        return {};
    }
    if (m_values.contains(name) && !rule->isRepeatable)
        return misused(u"The option %1 is given more than once."_s.arg(name));
    if (equals < 0 && ++index >= words.size())
        return misused(u"The option %1 needs a value: %1 %2"_s.arg(written, rule->value));
    m_values[name].append(equals < 0 ? words.at(index) : word.sliced(equals + 1));
    return {};
}

OptionRule jsonRule(const QString &help)
{
    return {.name = jsonOption, .help = help};
}

QString helpEntry(const QString &left, const QString &meaning)
{
    constexpr qsizetype width = 20;
    const QString indent(width + 2, u' ');
    QString text = u"  "_s + left.leftJustified(width, u' ');
    if (left.size() >= width)
        text = u"  "_s + left + u'\n' + indent;
    return text + QString(meaning).replace(u'\n', QString(u'\n' + indent)) + u'\n';
}

QString helpEntry(const OptionRule &rule)
{
    return helpEntry(rule.takesValue() ? QString(rule.name + u' ' + rule.value) : rule.name,
                     rule.help);
}

} // namespace gatehouse::app
