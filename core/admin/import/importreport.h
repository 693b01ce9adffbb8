#pragma once

#include "base/message.h"

#include <QString>

#include <array>
#include <vector>

namespace gatehouse::admin {

enum class ImportSource { OneApi, NewApi, LiteLlm, CcSwitch, ClaudeCodeRouter, Environment };
enum class ImportKind { User, Token, Channel, Group, Setting };
inline constexpr std::array importKinds{ImportKind::User,
                                        ImportKind::Token,
                                        ImportKind::Channel,
                                        ImportKind::Group,
                                        ImportKind::Setting};

// The program's own name; of a `.env` file, that.
QString sourceName(ImportSource source);
// It has users and tokens, and comes as a whole. Of others there are channels alone, to be chosen.
bool isGateway(ImportSource source);

// Something that became otherwise than it was, or was left out. Never holds a key.
struct ImportNote
{
    // Why it was left out; for what was imported: Altered.
    enum class Cause {
        Altered,
        Deleted,  // it is deleted there, or was deleted here
        Present,  // it is here already
        Unusable, // this gateway can make nothing of it
    };
    static constexpr size_t causes = 4;

    ImportKind kind = ImportKind::User;
    QString name{}; // as it stands there, shortened
    Cause cause = Cause::Altered;
    base::Message text{}; // a whole sentence

    bool operator==(const ImportNote &) const = default;
};

// What an import did, or would do.
struct ImportReport
{
    struct Count
    {
        qint64 found = 0;
        qint64 imported = 0;

        bool operator==(const Count &) const = default;
    };

    ImportSource source = ImportSource::OneApi;
    bool stored = false; // false: a plan, nothing was changed
    std::array<Count, importKinds.size()> counts{};
    // Of each cause the first mostNotes.
    std::vector<ImportNote> skipped{};
    std::vector<ImportNote> altered{};
    // By causes, all of them.
    std::array<qint64, ImportNote::causes> notes{};
    // What stays behind as a whole.
    qint64 logs = 0;
    qint64 redemptions = 0;
    bool prices = false;     // ratios of models were set there
    QString safetyCopy{};    // the path of the copy that was made before; empty: none
    base::Message pending{}; // why what was stored is not in force yet; empty: it is

    Count &count(ImportKind kind) { return counts[static_cast<size_t>(kind)]; }
    const Count &count(ImportKind kind) const { return counts[static_cast<size_t>(kind)]; }
    static constexpr qint64 mostNotes = 500;
    // How many of a cause are not listed above, as there were too many.
    qint64 unlisted(ImportNote::Cause cause) const;
    // Something was left out that is neither deleted nor present here.
    bool isPartial() const;
    void skip(ImportKind kind, const QString &name, ImportNote::Cause cause, base::Message text);
    void alter(ImportKind kind, const QString &name, base::Message text);

    bool operator==(const ImportReport &) const = default;

private:
    void add(std::vector<ImportNote> &list, ImportNote note);
};

} // namespace gatehouse::admin
