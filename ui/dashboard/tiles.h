#pragma once

#include "admin/statistics/statistics.h"
#include "dashboard/kpitile.h"

#include <QCoreApplication>

#include <array>

namespace gatehouse::ui {

enum class Tile { Requests, Success, Tokens, Cost, FirstToken, CacheHits };

inline constexpr std::array allTiles{
    Tile::Requests, Tile::Success, Tile::Tokens, Tile::Cost, Tile::FirstToken, Tile::CacheHits};

// What the tiles say of a period and of the one before.
class TileText
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::TileText)

public:
    // `compared`: with the change since the period before.
    static TileContent content(Tile tile, const admin::Figures &figures, bool compared);
    static QString label(Tile tile);
    // Before anything is known.
    static TileContent blank(Tile tile);
    // The terms with which Traffic shows what the figure was made of; the time apart.
    static QString trafficTerms(Tile tile);

private:
    static TileContent requests(const admin::Figures &figures);
    static TileContent success(const admin::Figures &figures);
    static TileContent tokens(const admin::Figures &figures);
    static TileContent cost(const admin::Figures &figures);
    static TileContent firstToken(const admin::Figures &figures);
    static TileContent cacheHits(const admin::Figures &figures);
    static void setRelative(TileContent *content, qint64 now, qint64 before);
    static void
    setPoints(TileContent *content, std::optional<double> now, std::optional<double> before);
};

} // namespace gatehouse::ui
