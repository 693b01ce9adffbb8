#pragma once

#include "widgets/livetext.h"
#include "widgets/services.h"

#include <QTimer>
#include <QWidget>

class QLabel;
class QToolButton;

namespace gatehouse::ui {

class GlyphLabel;

// The line at the bottom: how many channels serve, what is in flight, the size of the database, the
// version; at the right for ten seconds each a notice and the offer to undo what was just done.
class StatusLine : public QWidget
{
    Q_OBJECT

public:
    explicit StatusLine(const Services &services, QWidget *parent = nullptr);

    void notice(LiveText text);
    // Says what the action under the pointer does, in the place of the notice; empty: nothing any more.
    void setTip(const QString &text);
    // Nothing is asked for while the window is hidden.
    void setActive(bool active);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void build();
    void refresh();
    void showUndo(const LiveText &text);
    void dropUndo();
    void countDown();
    void showLeft();
    void setTexts();

    const Services m_services;
    GlyphLabel *m_channels;
    QLabel *m_streams;
    QLabel *m_size;
    QLabel *m_version;
    QLabel *m_tip;
    QLabel *m_notice;
    QToolButton *m_undo;
    QLabel *m_left;
    QTimer m_refresh;
    QTimer m_countdown;
    LiveText m_said{};     // the notice
    LiveText m_undoable{}; // what was just done
    int m_saidSeconds = 0;
    int m_undoSeconds = 0;
};

} // namespace gatehouse::ui
