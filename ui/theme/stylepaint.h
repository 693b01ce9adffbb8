#pragma once

#include <QStyleOption>

class QPainter;
class QStyleOptionButton;
class QStyleOptionComboBox;
class QStyleOptionComplex;
class QStyleOptionGroupBox;
class QStyleOptionHeader;
class QStyleOptionMenuItem;
class QStyleOptionProgressBar;
class QStyleOptionSlider;
class QStyleOptionSpinBox;
class QStyleOptionTab;
class QStyleOptionToolButton;

// How the style paints its elements. For Style alone.
namespace gatehouse::ui::stylepaint {

inline bool has(const QStyleOption &option, QStyle::StateFlag flag)
{
    return option.state.testFlag(flag);
}

// A rectangle with round corners; its edge is one device-independent pixel, an invalid colour of
// either leaves it out.
void box(QPainter *painter,
         const QRectF &rect,
         double radius,
         const QColor &fill,
         const QColor &edge = {},
         double width = 1);
void chevron(QPainter *painter, const QRectF &rect, Qt::ArrowType direction, const QColor &color);
void chevron(QPainter *painter, const QRectF &rect, Qt::ArrowType direction, bool enabled);
// The chevron of a menu's item that opens another menu.
void menuChevron(QPainter *painter, const QStyleOptionMenuItem &item, Qt::ArrowType direction);
// A tick stands at the end of an item whose icon has the place of one.
bool hasTickAtItsEnd(const QStyleOptionMenuItem &item, const QWidget *widget);
int tickRoom();
void tickAtEnd(QPainter *painter, const QStyleOptionMenuItem &item, const QColor &color);

void buttonPanel(QPainter *painter, const QStyleOptionButton &option);
void buttonLabel(QPainter *painter, const QStyleOptionButton &option);
void fieldPanel(QPainter *painter, const QStyleOption &option, const QWidget *widget);
// The frame of a cell's editor.
void cellEditor(QPainter *painter, const QStyleOption &option, const QWidget *widget);
void comboBox(QPainter *painter,
              const QStyleOptionComboBox &option,
              const QRect &arrow,
              const QWidget *widget);
void spinBox(QPainter *painter,
             const QStyleOptionSpinBox &option,
             const QRect &up,
             const QRect &down,
             const QWidget *widget);
void checkIndicator(QPainter *painter, const QStyleOption &option);
void radioIndicator(QPainter *painter, const QStyleOption &option);
void toolButtonPanel(QPainter *painter, const QStyleOptionToolButton &option);
// Whether it has a mark (an icon or an arrow) with a text beside it.
bool hasTextBesideMark(const QStyleOptionToolButton &option);
void markAndText(QPainter *painter, const QStyleOptionToolButton &option);

void header(QPainter *painter, const QStyleOptionHeader &option, const QWidget *widget);
int headerWidth(const QStyleOptionHeader &option);
void tabShape(QPainter *painter, const QStyleOptionTab &option);
void tabLabel(QPainter *painter, const QStyleOptionTab &option);
QSize tabSize(const QStyleOptionTab &option);
void scrollBar(QPainter *painter,
               const QStyleOptionSlider &option,
               const QRect &thumb,
               const QWidget *widget);
void progressBar(QPainter *painter, const QStyleOptionProgressBar &option, const QWidget *widget);
void groupBox(QPainter *painter, const QStyleOptionGroupBox &option, const QRect &title);
void menuBarItem(QPainter *painter, const QStyleOptionMenuItem &option);
// The ring around a button or the indicator of a check box; `option.rect` is the focus frame's.
void focusRing(QPainter *painter, const QStyleOption &option, const QWidget *frame);

// The icon as it looks on the accent colour.
QIcon onAccent(const QIcon &icon, const QSize &size, double scale);

} // namespace gatehouse::ui::stylepaint
