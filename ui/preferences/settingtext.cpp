#include "preferences/settingtext.h"

#include "preferences/numbereditors.h"
#include "preferences/windowsettings.h"
#include "widgets/format.h"

#include <QLocale>
#include <QSet>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

using admin::SettingChoice;
using admin::SettingView;
using Kind = SettingView::Kind;

QString SettingText::value(const SettingView &setting, const QString &value)
{
    constexpr qsizetype longest = 80;
    if (value == "0"_L1 && !zero(setting).isEmpty())
        return zero(setting);
    switch (setting.kind) {
    case Kind::Boolean:
        return value == "true"_L1 ? tr("on") : tr("off");
    case Kind::Choice:
        for (const SettingChoice &choice : setting.choices) {
            if (choice.value == value)
                return choice.label;
        }
        return value;
    case Kind::Integer:
        return MoneyEditor::isFor(setting) ? Format::exactMoney(domain::Quota{value.toLongLong()})
                                           : QLocale().toString(value.toLongLong());
    case Kind::Number:
        return QLocale().toString(value.toDouble(), 'g', 12);
    case Kind::Milliseconds:
    case Kind::Seconds:
    case Kind::Minutes:
    case Kind::Hours:
        return Format::duration(DurationEditor::unitOf(setting.kind) * value.toLongLong());
    case Kind::Bytes:
        return Format::bytes(value.toLongLong());
    case Kind::Text:
    case Kind::LongText:
    case Kind::Path:
    case Kind::Folder:
        break;
    }
    if (value.isEmpty())
        return tr("nothing");
    return value.size() > longest ? value.left(longest) + u'…' : value;
}

QString SettingText::zero(const SettingView &setting)
{
    static const QSet<QString> endless{u"traffic.ledger_bytes"_s,
                                       u"relay.total_timeout"_s,
                                       u"http.api_rate_limit"_s,
                                       u"http.web_rate_limit"_s,
                                       u"http.connections_per_address"_s};
    if (endless.contains(setting.key))
        return tr("No limit");
    static const QSet<QString> never{u"storage.backup_interval"_s,
                                     u"tests.interval"_s,
                                     u"tests.slow_seconds"_s,
                                     u"accounting.remind_threshold"_s,
                                     windowkey::clipboard,
                                     windowkey::lockAfter};
    if (never.contains(setting.key))
        return tr("Never");
    if (setting.key == "server.threads"_L1 || setting.key == "server.max_connections"_L1)
        return tr("Automatic");
    if (setting.key == "relay.retries"_L1 || setting.key == "accounting.reserved_output_tokens"_L1)
        return tr("None");
    if (setting.key == "server.grace_period"_L1 || setting.key == "storage.busy_timeout"_L1)
        return tr("Not at all");
    return setting.key == "traffic.ledger_days"_L1 || setting.key == "traffic.history_days"_L1
               ? tr("For good")
               : QString();
}

QString SettingText::unit(const SettingView &setting)
{
    if (setting.key == "traffic.ledger_days"_L1 || setting.key == "traffic.history_days"_L1
        || setting.key == "traffic.capture_days"_L1)
        return tr("days");
    if (setting.key == "tests.slow_seconds"_L1)
        return tr("seconds");
    if (setting.key == "http.min_bytes_per_second"_L1)
        return tr("per second");
    if (setting.key == "accounting.default_input_price"_L1
        || setting.key == "accounting.default_output_price"_L1)
        return tr("$ per million tokens");
    return {};
}

QString SettingText::toolTip(const SettingView &setting)
{
    QStringList lines{u"<b>%1</b>"_s.arg(setting.key.toHtmlEscaped()),
                      tr("Default: %1").arg(value(setting, setting.defaultValue)).toHtmlEscaped()};
    if (setting.fromEnvironment)
        lines.append(tr("Set by %1").arg(setting.variable).toHtmlEscaped());
    else if (!setting.variable.isEmpty())
        lines.append(tr("Can be set by %1").arg(setting.variable).toHtmlEscaped());
    return lines.join(u"<br>"_s);
}

QString SettingText::searched(const SettingView &setting)
{
    QStringList words{setting.label, setting.description, setting.key, setting.oneApiKey};
    for (const SettingChoice &choice : setting.choices)
        words.append(choice.label);
    // What others call it.
    if (setting.key == "traffic.ledger_days"_L1 || setting.key == "traffic.ledger_bytes"_L1
        || setting.key == "traffic.capture_days"_L1 || setting.key == "traffic.capture_bytes"_L1
        || setting.key == "traffic.history_days"_L1)
        words.append(tr("retention history", "words of a search, between blanks"));
    return words.join(u'\n');
}

} // namespace gatehouse::ui
