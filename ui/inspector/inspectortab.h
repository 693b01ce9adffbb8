#pragma once

#include "admin/traffic/requestreport.h"
#include "domain/capture.h"
#include "widgets/livetext.h"
#include "widgets/page.h"

#include <QWidget>

class QStackedWidget;
class QVBoxLayout;

namespace gatehouse::ui {

class BusyLine;
class CapturePrompt;
class SecondaryLabel;

// One of the tabs of the inspector. It is told of every request and reads what it shows when a person
// sees it.
class InspectorTab : public QWidget
{
    Q_OBJECT

public:
    explicit InspectorTab(const Services &services, QWidget *parent = nullptr);

    virtual QString title() const = 0;
    // What was shown before stays until the new is there.
    void setReport(const admin::RequestReport &report);
    const admin::RequestReport &report() const { return m_report; }

signals:
    void navigationRequested(gatehouse::ui::PageId page, const QString &filter);
    void itemRequested(gatehouse::ui::PageId page, qint64 item);
    void routeRequested(const QString &model);
    void noticeRaised(const gatehouse::ui::LiveText &text);

protected:
    // Called while the tab is visible and the report is another one.
    virtual void fill() = 0;

    const Services &services() const { return m_services; }
    Translated &texts() { return *m_texts; }
    const domain::UsageRecord &record() const { return m_report.line.record; }
    // Answers of an earlier generation are to be dropped.
    int generation() const { return m_generation; }

    void showEvent(QShowEvent *event) override;

private:
    const Services m_services;
    Translated *const m_texts;
    admin::RequestReport m_report{};
    int m_generation = 0;
    bool m_stale = false;
};

// A tab of what was captured. Where nothing was, it says so and offers to keep it from now on.
class CaptureTab : public InspectorTab
{
    Q_OBJECT

public:
    explicit CaptureTab(const Services &services, QWidget *parent = nullptr);

protected:
    // The two sides of the gateway that a tab can show.
    static const QString clientSide;
    static const QString providerSide;

    // Into this goes the content.
    QVBoxLayout *content() const { return m_contentLayout; }
    // Reads what is captured, whose answer calls one of the next two.
    virtual void read() = 0;
    void showContent();
    // In the place of the content, such as an error.
    void showText(const QString &text);
    void setBusy(bool busy);

    void fill() override;
    void resizeEvent(QResizeEvent *event) override;

private:
    QStackedWidget *m_stack = nullptr;
    QVBoxLayout *m_contentLayout = nullptr;
    CapturePrompt *m_prompt = nullptr;
    SecondaryLabel *m_text = nullptr;
    BusyLine *m_busy = nullptr;
};

} // namespace gatehouse::ui
