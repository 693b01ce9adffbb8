#pragma once

#include <QProxyStyle>

class QHeaderView;
class QStyleOptionGroupBox;
class QStyleOptionMenuItem;
class QStyleOptionSlider;
class QStyleOptionSpinBox;
class QStyleOptionToolButton;

namespace gatehouse::ui {

// Fusion with flat fills instead of gradients, one focus ring, and the measures of the design.
class Style : public QProxyStyle
{
    Q_OBJECT

public:
    Style();

    void drawPrimitive(PrimitiveElement element,
                       const QStyleOption *option,
                       QPainter *painter,
                       const QWidget *widget) const override;
    void drawControl(ControlElement element,
                     const QStyleOption *option,
                     QPainter *painter,
                     const QWidget *widget) const override;
    void drawComplexControl(ComplexControl control,
                            const QStyleOptionComplex *option,
                            QPainter *painter,
                            const QWidget *widget) const override;
    int pixelMetric(PixelMetric metric,
                    const QStyleOption *option,
                    const QWidget *widget) const override;
    int styleHint(StyleHint hint,
                  const QStyleOption *option,
                  const QWidget *widget,
                  QStyleHintReturn *returned) const override;
    QSize sizeFromContents(ContentsType type,
                           const QStyleOption *option,
                           const QSize &contents,
                           const QWidget *widget) const override;
    QRect subElementRect(SubElement element,
                         const QStyleOption *option,
                         const QWidget *widget) const override;
    QRect subControlRect(ComplexControl control,
                         const QStyleOptionComplex *option,
                         SubControl part,
                         const QWidget *widget) const override;
    void polish(QWidget *widget) override;
    using QProxyStyle::polish;

private:
    void
    drawMenuItem(const QStyleOptionMenuItem &item, QPainter *painter, const QWidget *widget) const;
    void drawToolButton(const QStyleOptionToolButton &tool,
                        QPainter *painter,
                        const QWidget *widget) const;
    QRect spinBoxPart(const QStyleOptionSpinBox &option, SubControl part) const;
    QRect scrollBarPart(const QStyleOptionSlider &option, SubControl part) const;
    QRect groupBoxPart(const QStyleOptionGroupBox &option, SubControl part) const;
    bool drawLabelled(ControlElement element,
                      const QStyleOption *option,
                      QPainter *painter,
                      const QWidget *widget) const;
};

// Paints the edge of a field red while what it holds cannot be taken; to be said in words as well.
void setInvalid(QWidget *field, bool invalid);
bool isInvalid(const QWidget *field);
// The second of the columns that a table is sorted by, if there is one.
struct SecondSort
{
    int section = -1;
    Qt::SortOrder order = Qt::AscendingOrder;
};

// Shows it in the header as a second arrow with the number 2.
void setSecondSort(QHeaderView *header, const SecondSort &sort);
SecondSort secondSort(const QHeaderView *header);
// Makes a button, field or combo box 24 instead of 28 high.
void setSmall(QWidget *control);
bool isSmall(const QWidget *control);

} // namespace gatehouse::ui
