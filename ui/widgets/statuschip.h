#pragma once

#include "theme/healthpainter.h"

#include <QWidget>

#include <optional>

namespace gatehouse::ui {

// A word about a state on the tint of it, with or without a glyph.
class StatusChip : public QWidget
{
    Q_OBJECT

public:
    explicit StatusChip(QWidget *parent = nullptr);

    void setStatus(const QString &text, Tone tone, std::optional<Glyph> glyph = {});
    void setHealth(domain::Health health);
    QString text() const { return m_text; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_text{};
    Tone m_tone = Tone::Neutral;
    std::optional<Glyph> m_glyph{};
};

// Paints a tag as in cells of tables: `tone` absent means only an edge. Gives the width it took.
int paintTag(QPainter *painter, const QRect &room, const QString &text, std::optional<Tone> tone);
int tagWidth(const QString &text);

} // namespace gatehouse::ui
