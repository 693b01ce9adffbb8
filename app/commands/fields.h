#pragma once

#include "commands/arguments.h"
#include "domain/quota.h"

#include <QJsonObject>

#include <functional>

namespace gatehouse::app {

// How people write values on the command line, and how they are shown to them.

// "5", "5.00" or "$5": never less than nothing, and in whole units of account.
base::Result<domain::Quota> quotaFrom(const QString &dollars);
QString dollarsText(domain::Quota amount); // "$5.00", "-$0.000002"
// A day of ISO 8601, which ends the moment it is over, a time of day in it, or "never", which is -1.
// Seconds since 1970; a time without an offset is one of this machine.
base::Result<qint64> momentFrom(const QString &text);
// With the offset of this machine. 0 and less: "never".
QString momentText(qint64 seconds);
base::Result<qint64> wholeFrom(const QString &text, qint64 least, qint64 most);
base::Result<bool> yesOrNoFrom(const QString &text);

// An option that sets members of what is sent to the management API. `put` refuses what the value
// cannot be; of an option that may be repeated it is called for each value.
struct Field
{
    OptionRule option{};
    std::function<base::Result<>(const QString &value, QJsonObject &body)> put{};
};

// What an empty value means: that there is to be none, or nothing that could be meant.
enum class Empty { Allowed, Refused };

Field textField(const OptionRule &option, const QString &member, Empty empty);
// `member` may be in an object of the body: "limits.requests_per_minute".
Field wholeField(const OptionRule &option, const QString &member, qint64 least, qint64 most);
Field numberField(const OptionRule &option, const QString &member, double least, double most);
Field yesOrNoField(const OptionRule &option, const QString &member);

// Sets what `arguments` say of `fields`. A refusal names the option.
base::Result<>
putFields(const std::vector<Field> &fields, const Arguments &arguments, QJsonObject &body);

} // namespace gatehouse::app
