#include "widgets/table/cell.h"

#include "widgets/format.h"

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

Cell Cell::absent(const QString &meaning)
{
    return {.text = Format::absent(), .accessible = meaning, .secondary = true};
}

Cell Cell::health(domain::Health health, std::optional<std::chrono::seconds> left)
{
    const bool quiet = health == domain::Health::Healthy;
    return {.text = left ? HealthText::word(health, *left) : HealthText::word(health),
            .glyph = glyphOf(health),
            .tone = toneOf(health),
            .plain = quiet};
}

Cell Cell::check(bool checked, const QString &meaning)
{
    return {.accessible = meaning, .checked = checked};
}

Cell Cell::named(const QString &name, const QString &tileName)
{
    return {.text = name, .tile = tileName};
}

Cell Cell::tagged(const QStringList &tags)
{
    return {.tags = tags};
}

QString Cell::accessibleText() const
{
    if (!accessible.isEmpty())
        return accessible;
    QStringList parts{text, suffix};
    parts.append(tags);
    parts.removeAll(QString());
    return parts.join(u", "_s);
}

} // namespace gatehouse::ui
