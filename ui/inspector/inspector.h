#pragma once

#include "admin/traffic/requestreport.h"
#include "widgets/detailpane.h"
#include "widgets/livetext.h"
#include "widgets/page.h"

namespace gatehouse::ui {

class InspectorTab;

// Everything that is known of one request: what it cost, how it went, what was said and sent. Stands
// beside or under the list of requests. Texts of people and providers are shown as plain text.
class Inspector : public DetailPane
{
    Q_OBJECT

public:
    enum class Tab { Summary, Timeline, Conversation, Request, Response, Stream, Replay };

    explicit Inspector(const Services &services, QWidget *parent = nullptr);
    ~Inspector() override;

    using QWidget::show;
    // A line of the ledger, by its id. What was shown before stays until it is read.
    void show(qint64 id);
    // One that is being served, as far as it is known; to be called again as it goes on.
    void show(const admin::TrafficLine &running);
    void clear();
    // Of the ledger; 0: nothing, or one that is being served.
    qint64 shownId() const { return m_report.line.id; }

    Tab currentPart() const;
    void setCurrentPart(Tab tab);

signals:
    // A number or a link was clicked that leads to another page.
    void navigationRequested(gatehouse::ui::PageId page, const QString &filter);
    void itemRequested(gatehouse::ui::PageId page, qint64 item);
    // The person wants to know which channels would serve this model.
    void routeRequested(const QString &model);
    // Something short to be said in the status bar.
    void noticeRaised(const gatehouse::ui::LiveText &text);
    // The person wants this request in a file, as an HTTP archive.
    void saveRequested(const QByteArray &requestId);
    // The person wants this request, which is being served, to end.
    void cancelRequested(const gatehouse::admin::TrafficLine &line);
    // The person wants the heads and bodies of this request forgotten, or all those of its token.
    // It does not come back: whoever does it asks first.
    void forgetRequested(const gatehouse::admin::TrafficLine &line);
    void forgetTokenRequested(const gatehouse::admin::TrafficLine &line);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void build();
    void setTexts();
    void present(admin::RequestReport report);
    void refreshHeader();
    void openForgetMenu();

    const Services m_services;
    Translated *const m_texts;
    admin::RequestReport m_report{};
    int m_generation = 0;        // answers for what is not shown any more are dropped
    QAction *m_cancel = nullptr; // of one that is being served
    QAction *m_copy = nullptr;
    QAction *m_save = nullptr;
    QAction *m_forget = nullptr;
    std::vector<InspectorTab *> m_tabs{};
};

} // namespace gatehouse::ui
