#include "channels/channeltrouble.h"

#include "widgets/format.h"
#include "widgets/messagebar.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

bool isTrouble(domain::Health health)
{
    return health == domain::Health::Open || health == domain::Health::AuthenticationFailed
           || health == domain::Health::NoCredit;
}

} // namespace

ChannelTrouble::ChannelTrouble(MessageBar *bar, QObject *parent)
    : QObject(parent)
    , m_bar(bar)
{
    connect(m_bar, &MessageBar::dismissed, this, [this](const QString &id) {
        if (m_shown.contains(id))
            m_dismissed.insert(id);
    });
}

void ChannelTrouble::show(const std::vector<ChannelRow> &rows)
{
    m_rows = &rows;
    QSet<QString> present;
    for (const ChannelRow &row : rows) {
        const domain::Health health = row.overview.health;
        if (!row.channel.isEnabled() || !isTrouble(health))
            continue;
        // Another trouble of the same channel is told anew.
        const QString id =
            u"channel %1 %2"_s.arg(row.channel.id.value).arg(static_cast<int>(health));
        present.insert(id);
        if (!m_dismissed.contains(id))
            showOne(row, id);
    }
    for (const QString &gone : m_shown - present)
        m_bar->removeMessage(gone);
    m_dismissed.intersect(present);
    m_shown = present;
    m_rows = nullptr;
}

// Who serves the models of a channel that does not: "Its models go to OpenRouter meanwhile."
std::function<QString()> ChannelTrouble::elsewhere(const ChannelRow &row,
                                                   const std::vector<ChannelRow> &rows)
{
    QStringList names;
    const QSet<QString> models(row.channel.models.begin(), row.channel.models.end());
    for (const ChannelRow &other : rows) {
        if (other.channel.id == row.channel.id || !other.channel.isEnabled()
            || isTrouble(other.overview.health))
            continue;
        const bool serves =
            std::any_of(other.channel.models.begin(),
                        other.channel.models.end(),
                        [&](const QString &model) { return models.contains(model); });
        if (serves)
            names.append(other.channel.name);
    }
    return [names] {
        constexpr qsizetype most = 3;
        if (names.isEmpty())
            return tr("No other channel serves its models.");
        if (names.size() > most)
            return tr("%n other channels serve its models.", nullptr, int(names.size()));
        return tr("Its models go to %1 meanwhile.").arg(Format::list(names));
    };
}

void ChannelTrouble::showOne(const ChannelRow &row, const QString &messageId)
{
    const domain::ChannelId channel = row.channel.id;
    const domain::Health health = row.overview.health;
    Message message{.id = messageId,
                    .tone = toneOf(health),
                    .subject = row.channel.name,
                    .text =
                        [row, other = elsewhere(row, *m_rows)] {
                            return tr("%1 %2").arg(ChannelColumns::reasonText(row), other());
                        },
                    .lasting = true};
    message.actions.push_back(
        {[] { return tr("Show the errors"); }, [this, channel] { emit errorsRequested(channel); }});
    if (health == domain::Health::Open) {
        message.actions.push_back(
            {[] { return tr("Try now"); }, [this, channel] { emit resetRequested(channel); }});
    } else {
        message.actions.push_back(
            {[] { return tr("Enter keys…"); }, [this, channel] { emit keysRequested(channel); }});
        message.actions.push_back({[] { return tr("Disable channel"); },
                                   [this, channel] { emit disableRequested(channel); }});
    }
    m_bar->showMessage(std::move(message));
}

} // namespace gatehouse::ui
