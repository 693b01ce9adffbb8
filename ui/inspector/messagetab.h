#pragma once

#include "admin/traffic/captureservice.h"
#include "capture/messagecolumns.h"
#include "inspector/inspectortab.h"

class QBoxLayout;
class QComboBox;
class QStackedWidget;

namespace gatehouse::ui {

class BodyView;
class JsonView;
class SecondaryLabel;
class SegmentedControl;
class TableView;

// The request or the answer on both sides of the gateway: its head, its body as text and as a tree,
// and of requests what was rewritten on the way.
class MessageTab : public CaptureTab
{
    Q_OBJECT

public:
    enum class Direction { Request, Answer };

    MessageTab(Direction direction, const Services &services, QWidget *parent = nullptr);

    QString title() const override;
    HeaderTable &headers() const { return *m_headers; }
    RewriteTable &rewrites() const { return *m_rewrites; }
    const BodyView &body() const { return *m_body; }
    const JsonView &tree() const { return *m_tree; }
    SegmentedControl *sides() const { return m_sides; }
    SegmentedControl *views() const { return m_views; }

protected:
    void read() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    void build();
    void setTexts();
    void present(const domain::Capture &capture);
    void fillAttempts();
    void refresh();
    void showView();
    void showTree();
    void showRewrites();
    QString nothingChanged() const;
    void showNote(const QString &text);
    domain::CapturePart part() const;
    const domain::CapturedMessage *message() const;

    const Direction m_direction;
    domain::Capture m_capture{};
    int m_viewGeneration = 0;
    HeaderTable *const m_headers;
    RewriteTable *const m_rewrites;
    QBoxLayout *m_bar = nullptr;
    SegmentedControl *m_sides = nullptr;
    SegmentedControl *m_views = nullptr;
    QComboBox *m_attempts = nullptr;
    SecondaryLabel *m_line = nullptr;
    QStackedWidget *m_pages = nullptr;
    TableView *m_headerView = nullptr;
    BodyView *m_body = nullptr;
    JsonView *m_tree = nullptr;
    TableView *m_rewriteView = nullptr;
    SecondaryLabel *m_note = nullptr;
};

} // namespace gatehouse::ui
