#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>

namespace gatehouse::domain {

// What decides between the channels of the highest priority that can serve a request.
enum class RoutingStrategy {
    PriorityWeight, // chance, in proportion to their weights
    RoundRobin,     // each in turn
    LowestLatency,  // the one that began its last answers the soonest
    LowestCost,     // the one whose input and output cost the least
    LeastBusy,      // the one with the fewest running requests for its weight
};

// Their names never change: they stand in settings and in the database.
QString strategyName(RoutingStrategy strategy);
std::optional<RoutingStrategy> strategyNamed(QStringView name);
QStringList strategyNames();

// How requests for one model are routed. What is absent is as the settings say.
struct ModelRouting
{
    QByteArray model{};
    std::optional<RoutingStrategy> strategy{};
    std::optional<bool> affinity{}; // whether requests of a session keep to their channel and key

    bool isDefault() const { return !strategy && !affinity; }
    bool operator==(const ModelRouting &) const = default;
};

// What became of a request's wish to go where its session went before. The numbers stand in the ledger.
enum class AffinityOutcome {
    None = 0,  // there was no choice, or it was of no session
    Miss = 1,  // the session was not known
    Hit = 2,   // it went there
    Spill = 3, // it went elsewhere, since that channel or key could not be used
};

// The same with the settings taken in.
struct AppliedRouting
{
    RoutingStrategy strategy = RoutingStrategy::PriorityWeight;
    bool affinity = true;

    bool operator==(const AppliedRouting &) const = default;
};

} // namespace gatehouse::domain
