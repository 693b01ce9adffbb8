#pragma once

#include "frame/mainwindow.h"
#include "ui/windowfixture.h"
#include "widgets/page.h"
#include "widgets/table/filterfield.h"

#include <QTest>

#include <functional>
#include <memory>

namespace gatehouse::tests {

// A page that remembers what it was told.
class RecordingPage : public ui::Page
{
public:
    RecordingPage(ui::PageId id, const ui::Services &services);

    void setFilter(const QString &text) override { filter = text; }
    void showItem(qint64 wanted) override { item = wanted; }
    void explainRoute(const QString &model, qint64, const QString &) override { explained = model; }
    void activated() override { ++activations; }
    void deactivated() override { ++deactivations; }
    void showEvent(QShowEvent *event) override;
    void showJob() override { ++jobsShown; }
    void work(const QString &text) { setJob(text); }
    void ask(ui::PageId page, const QString &text) { emit navigationRequested(page, text); }

    ui::FilterField *field = new ui::FilterField(this);
    QString filter{};
    qint64 item = 0;
    QString explained{}; // the model
    int added = 0;
    int activations = 0;
    int deactivations = 0;
    int jobsShown = 0;
    std::function<void()> whenShown{};
};

// The main window, with four such pages. What its tests have in common.
class MainWindowFixture : public QObject
{
    Q_OBJECT

protected slots:
    void initTestCase();
    void init();
    void cleanup();

protected:
    RecordingPage *pageOf(ui::PageId id)
    {
        return static_cast<RecordingPage *>(m_window->page(id));
    }

    std::unique_ptr<support::WindowFixture> m_fixture{};
    std::unique_ptr<ui::MainWindow> m_window{};
};

} // namespace gatehouse::tests
