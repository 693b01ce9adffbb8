#include "widgets/splitter.h"

#include "theme/theme.h"
#include "widgets/uistate.h"

#include <QMouseEvent>
#include <QPainter>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr int saveDelay = 300; // milliseconds after the last movement
constexpr int catchWidth = 7;  // of which the line in the middle is visible

// A hairline that lies over the edges of its neighbours to be caught more easily.
class Handle : public QSplitterHandle
{
public:
    Handle(Qt::Orientation orientation, QSplitter *parent)
        : QSplitterHandle(orientation, parent)
    {
        setAttribute(Qt::WA_NoSystemBackground);
    }

protected:
    void resizeEvent(QResizeEvent *) override
    {
        // The splitter gives one pixel; three more on each side belong to the mouse alone.
        const int beside = catchWidth / 2;
        const bool upright = orientation() == Qt::Horizontal;
        if ((upright ? width() : height()) >= catchWidth)
            return;
        setGeometry(upright ? geometry().adjusted(-beside, 0, beside, 0)
                            : geometry().adjusted(0, -beside, 0, beside));
        raise();
    }
    void mousePressEvent(QMouseEvent *event) override
    {
        m_grip = along(event->position().toPoint()) - catchWidth / 2;
    }
    void mouseMoveEvent(QMouseEvent *event) override
    {
        if (!event->buttons().testFlag(Qt::LeftButton))
            return;
        const QPoint place = parentWidget()->mapFromGlobal(event->globalPosition().toPoint());
        moveSplitter(closestLegalPosition(along(place) - m_grip));
    }
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const bool upright = orientation() == Qt::Horizontal;
        const int middle = (upright ? width() : height()) / 2;
        painter.fillRect(upright ? QRect(middle, 0, 1, height()) : QRect(0, middle, width(), 1),
                         Theme::current().edge);
    }

private:
    int along(const QPoint &point) const
    {
        return orientation() == Qt::Horizontal ? point.x() : point.y();
    }

    int m_grip = 0; // from the line to where the mouse caught the handle
};

} // namespace

Splitter::Splitter(Qt::Orientation orientation, QWidget *parent)
    : QSplitter(orientation, parent)
{
    setHandleWidth(1);
    setChildrenCollapsible(false);
}

QSplitterHandle *Splitter::createHandle()
{
    return new Handle(orientation(), this);
}

// Sizes along one direction mean nothing along the other.
int Splitter::layoutVersion() const
{
    return 2 * count() + (orientation() == Qt::Horizontal ? 0 : 1);
}

void Splitter::remember(UiState &state, const QString &key)
{
    // The header of a table that has the same key writes bytes which a splitter takes for its own.
    const QString path = u"splitter/"_s + key;
    const Qt::Orientation own = orientation();
    const QByteArray saved = state.layout(path, layoutVersion());
    if (!saved.isEmpty()) {
        restoreState(saved);
        setOrientation(own);
        setHandleWidth(1);
        setChildrenCollapsible(false);
    }
    auto *timer = new QTimer(this);
    timer->setSingleShot(true);
    timer->setInterval(saveDelay);
    connect(timer, &QTimer::timeout, &state, [this, &state, path] {
        state.setLayout(path, layoutVersion(), saveState());
    });
    connect(this, &QSplitter::splitterMoved, timer, qOverload<>(&QTimer::start));
}

} // namespace gatehouse::ui
