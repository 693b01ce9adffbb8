#include "commands/actions.h"

#include "base/redaction.h"

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::Result;

namespace {

QString leftOf(const Action &action)
{
    return action.operands.isEmpty() ? action.name : QString(action.name + u' ' + action.operands);
}

// An option with the names of the actions that take it.
struct SharedOption
{
    OptionRule rule{};
    QStringList takers{};
};

std::vector<SharedOption> optionsOf(const std::vector<Action> &actions)
{
    std::vector<SharedOption> all;
    for (const Action &action : actions) {
        for (const OptionRule &rule : action.options) {
            const auto known = std::find_if(all.begin(), all.end(), [&](const auto &option) {
                return option.rule.name == rule.name && option.rule.help == rule.help;
            });
            if (known == all.end())
                all.push_back({rule, {action.name}});
            else
                known->takers.append(action.name);
        }
    }
    return all;
}

QString helpOf(const std::vector<Action> &actions, const QString &notes)
{
    QString text;
    for (const Action &action : actions)
        text += helpEntry(leftOf(action), action.help);
    const std::vector<SharedOption> options = optionsOf(actions);
    QStringList done;
    for (const SharedOption &first : options) {
        const QString takers = first.takers.join(u", "_s);
        if (done.contains(takers))
            continue;
        done.append(takers);
        text += u"\nOptions of "_s + takers + u":\n"_s;
        for (const SharedOption &option : options) {
            if (option.takers == first.takers)
                text += helpEntry(option.rule);
        }
    }
    return text + u"\nOptions of all:\n"_s
           + helpEntry(jsonRule(u"print JSON: the objects of the management API"_s))
           + commonOptionsHelp() + u'\n' + notes;
}

QStringList wordsOf(const std::vector<Action> &actions)
{
    QStringList words;
    for (const Action &action : actions)
        words.append(action.name);
    for (const SharedOption &option : optionsOf(actions)) {
        const OptionRule &rule = option.rule;
        const QString path = rule.value == u"FILE"_s ? rule.value : QString();
        const QString word = rule.takesValue() ? QString(rule.name + u'=' + path) : rule.name;
        if (!words.contains(word))
            words.append(word);
    }
    return words << jsonOption;
}

Result<std::unique_ptr<Command>> makeAction(const QString &command,
                                            const std::vector<Action> &actions,
                                            const Options &options,
                                            const QStringList &arguments)
{
    const auto wrong = [](const QString &message) {
        return base::fail(base::ErrorCode::InvalidInput, base::Message::verbatim(message));
    };
    QStringList names;
    for (const Action &action : actions)
        names.append(action.name);
    const QString choice = u"Write: gatehouse %1 %2"_s.arg(command, names.join(u'|'));
    // An option may stand before the action.
    const auto word = std::find_if(arguments.cbegin(), arguments.cend(), [](const QString &each) {
        return !each.startsWith(u'-');
    });
    if (word == arguments.cend())
        return wrong(choice);
    const auto action = std::find_if(actions.begin(), actions.end(), [&](const Action &each) {
        return each.name == *word || each.otherNames.contains(*word);
    });
    if (action == actions.end())
        return wrong(
            u"There is no \"%1 %2\". %3"_s.arg(command, base::redacted(word->left(40)), choice));

    QStringList rest = arguments;
    rest.removeAt(word - arguments.cbegin());
    std::vector<OptionRule> rules = action->options;
    rules.push_back(jsonRule());
    const Result<Arguments> read = Arguments::from(rest, rules);
    if (!read)
        return base::fail(read.error());
    const qsizetype count = read->operands().size();
    if (count < action->fewest || count > action->most)
        return wrong(u"Write: gatehouse %1 %2"_s.arg(command, leftOf(*action)));
    return action->make(options, *read);
}

} // namespace

CommandDescription commandOf(const QString &name,
                             const QString &summary,
                             const std::vector<Action> &actions,
                             const QString &notes)
{
    return {.name = name,
            .summary = summary,
            .help = helpOf(actions, notes),
            .words = wordsOf(actions),
            .make = [name, actions](const Options &options, const QStringList &arguments) {
                return makeAction(name, actions, options, arguments);
            }};
}

} // namespace gatehouse::app
