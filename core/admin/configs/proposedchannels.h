#pragma once

#include "admin/channels/channeladdress.h"
#include "admin/configs/providerentry.h"
#include "admin/import/importreport.h"
#include "domain/channel.h"

#include <QHash>

#include <optional>
#include <vector>

namespace gatehouse::admin {

// A channel that could be made of what a file says.
struct ProposedChannel
{
    domain::Channel channel{}; // a draft with its key
    QString origin{};          // where in the file it stands
    QString maskedKey{};       // empty: it has none
    QString
        present{}; // the name of a channel that has the address and the key already; empty: none
    std::vector<base::Message> notes{}; // what is otherwise than it was there, and the like
};

// What a configuration of another program comes to.
struct ConfigContent
{
    ImportSource source = ImportSource::LiteLlm;
    std::vector<ProposedChannel> channels{};
    std::vector<ImportNote> skipped{}; // what cannot be taken over
};

// Makes channels of entries. Those with the same type, address and key become one, with the models of all,
// unless they want to call different models of the provider by one name.
class ChannelMaker
{
public:
    // Of one entry, as many as a channel may have; readers need not go beyond.
    static constexpr qsizetype mostModels = 2'000;

    explicit ChannelMaker(ImportSource source) { m_content.source = source; }

    // To be asked before each entry is read. False, which is told as a note on `list`, beyond what is read of
    // one file: it may name the same thing again and again.
    bool hasRoom(const QString &list);
    void add(const ProviderEntry &entry);
    // What is no channel, and why.
    void skip(const QString &name, base::Message why);
    ConfigContent take() { return std::move(m_content); }

private:
    // What was made of a channel's entries.
    struct Made
    {
        QString missing{};                // the variable that was to hold its key
        QHash<QString, QString> models{}; // by the name that clients ask for: the provider's
    };

    std::optional<size_t> wideEnough(const ProviderEntry &entry,
                                     const domain::Channel &channel) const;
    static void addModels(const ProviderEntry &entry, ProposedChannel &proposed, Made &made);
    QString freeName(const QString &wanted) const;

    ConfigContent m_content{};
    std::vector<Made> m_made{}; // of each channel
    qsizetype m_entries = 0;
    qsizetype m_models = 0; // of all entries
};

// Marks the channels whose address and key are here already, and takes out those that would lead back to this
// gateway.
void compareWithPresent(ConfigContent &content,
                        const std::vector<domain::Channel> &present,
                        const OwnAddress &isOwnAddress);

} // namespace gatehouse::admin
