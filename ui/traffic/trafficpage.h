#pragma once

#include "domain/filterquery.h"
#include "traffic/trafficfeed.h"
#include "widgets/page.h"

#include <QTimer>

class QMenu;
class QPushButton;

namespace gatehouse::ui {

class CaptureChoice;
class EmptyState;
class FilterActions;
class FilterBar;
class FilterField;
class Inspector;
class MessageBar;
class PageHeader;
class RangeChoice;
class SavedFilters;
class Splitter;
class TableFooter;
class TableView;
class TrafficBookmarks;
class TrafficExporter;

// The requests as they pass: those that are being served on top, then the ledger, the newest first,
// or in groups; beside or under them the inspector of the one that is looked at.
class TrafficPage : public Page
{
    Q_OBJECT

public:
    explicit TrafficPage(const Services &services, QWidget *parent = nullptr);
    ~TrafficPage() override;

    void setFilter(const QString &text) override;
    // The request of that number in the ledger.
    void showItem(qint64 item) override;
    void focusFilter() override;
    QList<QWidget *> panes() override;

    const TrafficModel &model() const { return *m_model; }

protected:
    void activated() override;
    void deactivated() override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void build();
    void buildHeader();
    void buildList();
    void connectFilter();
    void connectList();
    void connectInspector();
    void connectExporter();
    void setTexts();

    void makeActions();
    void makeViewActions();
    void makeCopyActions();
    void makeRequestActions();
    void makeFilterActions();
    QAction *addLineAction(const ActionDescription &description,
                           std::function<void(const admin::TrafficLine &)> run);
    void fillContextMenu(QMenu *menu);
    void addTermMenu(QMenu *menu, const QString &title, bool excluded);
    void updateActions();

    void filterChanged(const domain::FilterQuery &query);
    void reviewFilter();
    void applyTerm(const QString &key, const QString &term, bool excluded);
    QStringList completions(const QString &key) const;

    void updateLive();
    void updateFooter();
    void updateEmptyState();
    void updatePill();
    void lookSoon();
    void keepPlace(int first, int rows);
    bool isAtTop() const;
    void toggleGroup(int row);

    const admin::TrafficLine *currentLine() const;
    std::vector<admin::TrafficLine> selectedLines(size_t most) const;
    void selectRow(int row);
    void updateInspector();
    void placeInspector();
    void openInspector();
    void showCurrentAnew();

    void cancelRequest(const admin::TrafficLine &line);
    QString gatewayUrl() const;
    void saveRequest(const QByteArray &requestId);
    void copyCommand(const admin::TrafficLine &line);
    void disableToken(const admin::TrafficLine &line);
    // `bookmarked`: there may be bookmarked requests among them.
    void askToForget(const LiveText &question, bool bookmarked, std::function<void()> forget);
    // The question of what to forget: the selection is another one by now.
    void withdrawQuestion();
    QByteArrayList selectedIds() const;
    void toggleBookmark();
    void bookmarksChanged(const QByteArrayList &requestIds, bool bookmarked);
    void readAnew();
    void forgetRequests(std::vector<admin::TrafficLine> lines);
    void forgetToken(const admin::TrafficLine &line);
    void copyRows();
    void finish(const base::Result<> &outcome);
    void showFailure(const base::Error &error);

    TrafficModel *m_model;
    TrafficFeed *m_feed;
    SavedFilters *m_filters;
    FilterActions *m_filterActions;
    TrafficBookmarks *m_bookmarks;
    TableView *m_view = nullptr;
    PageHeader *m_header = nullptr;
    FilterField *m_field = nullptr;
    RangeChoice *m_range = nullptr;
    CaptureChoice *m_capture = nullptr;
    FilterBar *m_bar = nullptr;
    MessageBar *m_messages = nullptr;
    EmptyState *m_empty = nullptr;
    TableFooter *m_footer = nullptr;
    QPushButton *m_pill = nullptr;
    Splitter *m_splitter = nullptr;
    Inspector *m_inspector = nullptr;
    TrafficExporter *m_exporter = nullptr;
    QAction *m_pause = nullptr;
    QAction *m_details = nullptr;
    QAction *m_detailsRight = nullptr;
    QAction *m_place = nullptr; // in the header of the inspector
    QAction *m_cancel = nullptr;
    QAction *m_curl = nullptr;
    QAction *m_saveHar = nullptr;
    QAction *m_copyError = nullptr;
    QAction *m_openChannel = nullptr;
    QAction *m_openToken = nullptr;
    QAction *m_disableToken = nullptr;
    QAction *m_addPrice = nullptr;
    QAction *m_forget = nullptr;
    QAction *m_forgetToken = nullptr;
    QAction *m_bookmark = nullptr;
    QList<QAction *> m_exports{};
    QList<QAction *> m_lineActions{};
    QTimer m_lookTimer;
    QTimer m_reviewTimer;
    QByteArray m_chosen{};         // the request that is looked at
    QByteArrayList m_askedAbout{}; // what was selected when the person was asked
    int m_newAbove = 0;
    bool m_beginsAtTop = false; // when the rows of another grouping come
    bool m_everServed = false;  // the ledger is known to hold requests
};

} // namespace gatehouse::ui
