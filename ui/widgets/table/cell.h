#pragma once

#include "theme/healthpainter.h"

#include <QMetaType>
#include <QStringList>
#include <QVariant>

#include <chrono>
#include <optional>

namespace gatehouse::ui {

// What one cell of a table shows, from left to right: check box, glyph, tile, text, suffix, tags.
// TableDelegate paints it.
struct Cell
{
    QString text{};
    QString suffix{};              // more text, in the secondary colour
    QString toolTip{};             // empty: the text, where it does not fit
    QString accessible{};          // empty: the text and the suffix
    std::optional<bool> checked{}; // a check box
    bool partly = false;           // the check box shows a dash
    std::optional<Glyph> glyph{};
    std::optional<Tone> tone{}; // the colour of the glyph and, unless `plain`, of the text
    bool plain = false;
    QString tile{}; // the name whose letter stands in a tile
    QString icon{}; // Lucide's name
    QStringList tags{};
    qsizetype paleTags = 0; // so many of the last ones are switched off
    bool secondary = false; // what is absent, free or of less weight
    bool fixed = false;     // keys, ids
    bool strong = false;
    Qt::TextElideMode elide = Qt::ElideRight;
    // Where the text has no room, which is not cut then: a part of a sum is another sum.
    QString brief{};

    static Cell of(const QString &text) { return {.text = text}; }
    // "—", read out as `meaning`.
    static Cell absent(const QString &meaning = {});
    static Cell health(domain::Health health, std::optional<std::chrono::seconds> left = {});
    static Cell check(bool checked, const QString &meaning);
    static Cell named(const QString &name, const QString &tileName);
    static Cell tagged(const QStringList &tags);

    QString accessibleText() const;
    bool operator==(const Cell &) const = default;
};

// The roles of table models, beside Qt's own.
namespace role {
inline constexpr int cell = Qt::UserRole + 1;  // a Cell
inline constexpr int sort = Qt::UserRole + 2;  // what the column is sorted by; invalid: always last
inline constexpr int words = Qt::UserRole + 3; // QStringList: what a filter term may match
inline constexpr int dimmed = Qt::UserRole + 4; // bool: the whole row is switched off
inline constexpr int json = Qt::UserRole + 5;   // the value for export, where it is not the text
inline constexpr int first = Qt::UserRole + 32; // from here on roles of a page's own
} // namespace role

} // namespace gatehouse::ui

Q_DECLARE_METATYPE(gatehouse::ui::Cell)
