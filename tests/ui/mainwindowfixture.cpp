#include "ui/mainwindowfixture.h"

#include "widgets/uistate.h"

using namespace Qt::StringLiterals;

namespace gatehouse::tests {

using ui::Page;
using ui::PageId;

RecordingPage::RecordingPage(PageId id, const ui::Services &services)
    : Page(id, services)
{
    addPageAction({.name = "recording.add",
                   .icon = u"plus"_s,
                   .shortcut = QKeySequence(u"Ctrl+N"_s),
                   .text = [] { return u"Add thing"_s; }},
                  [this] { ++added; });
    field->setGeometry(20, 20, 200, 28);
}

void RecordingPage::showEvent(QShowEvent *event)
{
    Page::showEvent(event);
    if (whenShown)
        whenShown();
}

void MainWindowFixture::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_fixture->addEchoChannel(u"Echo chamber"_s);
}

void MainWindowFixture::init()
{
    ui::PageFactories factories;
    for (const PageId id : {PageId::Dashboard, PageId::Traffic, PageId::Channels, PageId::Models}) {
        factories.emplace(id, [id](const ui::Services &services) -> Page * {
            return new RecordingPage(id, services);
        });
    }
    m_window = std::make_unique<ui::MainWindow>(m_fixture->services(), factories);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

void MainWindowFixture::cleanup()
{
    m_window.reset();
    m_fixture->services().state.remove(u"window/page"_s);
}

} // namespace gatehouse::tests
