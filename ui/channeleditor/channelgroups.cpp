#include "channeleditor/channelgroups.h"

#include "admin/administration.h"
#include "groups/groupcommands.h"
#include "groups/groupsdialog.h"
#include "widgets/fields/tagedit.h"
#include "widgets/format.h"

#include <QPushButton>

namespace gatehouse::ui {

namespace {

QString quotedNames(const QStringList &groups)
{
    QStringList names;
    for (const QString &group : groups)
        names.append(Format::quoted(group));
    return Format::list(names);
}

} // namespace

ChannelGroups::ChannelGroups(const Services &services, TagEdit *field, QWidget *parent)
    : QObject(parent)
    , m_services(services)
    , m_field(field)
    , m_make(new QPushButton(tr("Make group"), parent))
    , m_list(new QPushButton(tr("Groups…"), parent))
{
    for (QPushButton *button : {m_make, m_list})
        button->setAutoDefault(false);
    m_make->hide();
    connect(m_field, &TagEdit::tagsChanged, this, &ChannelGroups::review);
    connect(m_make, &QPushButton::clicked, this, &ChannelGroups::make);
    connect(m_list, &QPushButton::clicked, this, [this] {
        GroupsDialog::openOver(m_list->window(), m_services);
    });
    connect(&m_services.administration.publisher,
            &admin::CatalogPublisher::catalogChanged,
            this,
            &ChannelGroups::fetch);
    fetch();
}

QList<QWidget *> ChannelGroups::controls() const
{
    return {m_field, m_make, m_list};
}

void ChannelGroups::fetch()
{
    const auto read = admin::onSuccess(
        m_services.administration.groups.list(),
        this,
        [this](const std::vector<domain::Group> &groups) -> admin::Answer<> {
            return admin::onSuccess(
                m_services.administration.users.listings(m_services.actor),
                this,
                [this, groups](const std::vector<admin::UserListing> &users) -> base::Result<> {
                    show(groups, users);
                    return {};
                });
        });
    Q_UNUSED(read) // without them nothing is proposed, and what is typed is as good
}

void ChannelGroups::show(const std::vector<domain::Group> &groups,
                         const std::vector<admin::UserListing> &users)
{
    m_groups.clear();
    m_used.clear();
    for (const domain::Group &group : groups)
        m_groups.append(QString::fromUtf8(group.name));
    for (const admin::UserListing &each : users)
        m_used.append(QString::fromUtf8(each.user.group));
    m_field->setProposals(m_groups);
    review();
}

QStringList ChannelGroups::missing() const
{
    QStringList groups = m_groups.isEmpty() ? QStringList() : m_field->tags();
    groups.removeIf([this](const QString &group) { return m_groups.contains(group); });
    return groups;
}

QStringList ChannelGroups::empty() const
{
    QStringList groups = m_groups.isEmpty() ? QStringList() : m_field->tags();
    groups.removeIf([this](const QString &group) {
        return !m_groups.contains(group) || m_used.contains(group);
    });
    return groups;
}

QString ChannelGroups::note() const
{
    const QStringList unknown = missing();
    if (!unknown.isEmpty()) {
        return tr("There is no group %1 yet: no user can be in it before it is made.")
            .arg(quotedNames(unknown));
    }
    const QStringList unused = empty();
    return unused.isEmpty() ? QString()
                            : tr("No user is in the group %1 yet.").arg(quotedNames(unused));
}

void ChannelGroups::review()
{
    const QStringList unknown = missing();
    m_make->setVisible(!unknown.isEmpty());
    m_make->setEnabled(true);
    m_make->setToolTip(tr("Makes the group %1 with the price factor 1.").arg(quotedNames(unknown)));
    emit changed();
}

void ChannelGroups::make()
{
    QList<domain::Group> groups;
    for (const QString &name : missing())
        groups.append({.name = name.toUtf8()});
    m_make->setEnabled(false);
    admin::whenDone(
        GroupCommands(m_services).add(groups), this, [this](const base::Result<> &outcome) {
            if (!outcome)
                emit failed(outcome.error());
            fetch();
        });
}

} // namespace gatehouse::ui
