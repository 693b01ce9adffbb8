#include "groups/groupcommands.h"

#include "admin/administration.h"
#include "base/decimal.h"
#include "widgets/format.h"
#include "widgets/undostack.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

namespace gatehouse::ui {

namespace {

constexpr double perFactor = 1e6;

QString quotedName(const domain::Group &group)
{
    return Format::quoted(QString::fromUtf8(group.name));
}

tl::unexpected<base::Error> groupRefusal(base::ErrorCode code, const QString &why)
{
    return base::fail(code, base::Message::verbatim(why));
}

// One after another; the first that is refused ends it.
admin::Answer<> forAll(admin::GroupService &service,
                       const QList<domain::Group> &groups,
                       const std::function<admin::Answer<>(const domain::Group &)> &act)
{
    admin::Answer<> last = admin::answered<void>({});
    for (const domain::Group &group : groups)
        last = admin::onSuccess(last, &service, [act, group] { return act(group); });
    return last;
}

// The service would change the factor of one that is there.
admin::Answer<> saveNew(admin::GroupService &service, const QList<domain::Group> &groups)
{
    return admin::onSuccess(
        service.list(),
        &service,
        [&service, groups](const std::vector<domain::Group> &present) -> admin::Answer<> {
            for (const domain::Group &group : groups) {
                const bool isTaken =
                    std::any_of(present.begin(), present.end(), [&group](const auto &each) {
                        return each.name == group.name;
                    });
                if (isTaken) {
                    return admin::answered<void>(groupRefusal(
                        base::ErrorCode::Conflict,
                        GroupCommands::tr("There is a group %1 already.").arg(quotedName(group))));
                }
            }
            return forAll(service, groups, [&service](const domain::Group &group) {
                return service.save(group);
            });
        });
}

// The service would make one that was removed or renamed meanwhile.
admin::Answer<> saveKnown(admin::GroupService &service, const domain::Group &group)
{
    return admin::onSuccess(
        service.list(),
        &service,
        [&service, group](const std::vector<domain::Group> &present) -> admin::Answer<> {
            const bool isKnown =
                std::any_of(present.begin(), present.end(), [&group](const auto &each) {
                    return each.name == group.name;
                });
            if (isKnown)
                return service.save(group);
            return admin::answered<void>(groupRefusal(
                base::ErrorCode::NotFound,
                GroupCommands::tr("There is no group %1 any more.").arg(quotedName(group))));
        });
}

} // namespace

GroupCommands::GroupCommands(const Services &services)
    : m_services(services)
{}

admin::Answer<> GroupCommands::add(const QList<domain::Group> &groups)
{
    admin::GroupService &service = m_services.administration.groups;
    return m_services.undo.push(
        {.text =
             [groups] {
                 return groups.size() == 1
                            ? tr("Added the group %1").arg(quotedName(groups.front()))
                            : tr("Added %n groups", nullptr, static_cast<int>(groups.size()));
             },
         .redo = [&service, groups] { return saveNew(service, groups); },
         .undo =
             [&service, groups] {
                 return forAll(service, groups, [&service](const domain::Group &group) {
                     return service.remove(group.name);
                 });
             }});
}

admin::Answer<> GroupCommands::setFactor(const domain::Group &group, qint64 ratioMillionths)
{
    if (group.ratioMillionths == ratioMillionths)
        return admin::answered<void>({});
    admin::GroupService &service = m_services.administration.groups;
    domain::Group wanted = group;
    wanted.ratioMillionths = ratioMillionths;
    return m_services.undo.push(
        {.text = [group] { return tr("Changed the group %1").arg(quotedName(group)); },
         .redo = [&service, wanted] { return saveKnown(service, wanted); },
         .undo = [&service, group] { return saveKnown(service, group); }});
}

admin::Answer<> GroupCommands::rename(const domain::Group &group, const QString &typed)
{
    const QByteArray wanted = typed.trimmed().toUtf8();
    if (wanted == group.name)
        return admin::answered<void>({});
    admin::GroupService &service = m_services.administration.groups;
    return m_services.undo.push(
        {.text =
             [group, wanted] {
                 return tr("Renamed the group %1 to %2")
                     .arg(quotedName(group), Format::quoted(QString::fromUtf8(wanted)));
             },
         .redo = [&service, former = group.name, wanted] { return service.rename(former, wanted); },
         .undo =
             [&service, former = group.name, wanted] { return service.rename(wanted, former); }});
}

admin::Answer<> GroupCommands::remove(const domain::Group &group)
{
    admin::GroupService &service = m_services.administration.groups;
    return m_services.undo.push(
        {.text = [group] { return tr("Removed the group %1").arg(quotedName(group)); },
         .redo = [&service, group] { return service.remove(group.name); },
         .undo = [&service, group] { return saveNew(service, {group}); }});
}

QString GroupCommands::factorText(qint64 ratioMillionths)
{
    QLocale locale;
    locale.setNumberOptions(QLocale::OmitGroupSeparator);
    return locale.toString(
        static_cast<double>(ratioMillionths) / perFactor, 'f', QLocale::FloatingPointShortest);
}

base::Result<qint64> GroupCommands::factorFrom(const QString &typed)
{
    constexpr double largest = 1e6;
    const QString text = typed.trimmed();
    bool isNumber = false;
    double factor = QLocale().toDouble(text, &isNumber);
    if (const auto plain = base::decimalOf(text.toUtf8())) { // as in code, in any locale
        factor = *plain;
        isNumber = true;
    }
    if (!isNumber || !std::isfinite(factor) || factor < 0 || factor > largest) {
        return groupRefusal(base::ErrorCode::InvalidInput,
                            tr("A price factor is a number from 0 to 1000000, such as 0.8."));
    }
    return std::llround(factor * perFactor);
}

} // namespace gatehouse::ui
