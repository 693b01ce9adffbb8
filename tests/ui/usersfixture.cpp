#include "ui/usersfixture.h"

#include "admin/administration.h"
#include "ui/find.h"

#include <QSignalSpy>

using namespace Qt::StringLiterals;

namespace gatehouse::tests {

using domain::Quota;

void UsersFixture::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void UsersFixture::init()
{
    m_fixture->services().undo.clear();
    m_page = std::make_unique<ui::UsersPage>(m_fixture->services());
    m_page->resize(1000, 600);
    m_page->setVisible(true);
    m_page->setActive(true);
    QTRY_VERIFY(view()->model()->rowCount() >= 1);
}

void UsersFixture::cleanup()
{
    m_page.reset();
    admin::UserService &users = m_fixture->administration().users;
    const admin::Actor actor = m_fixture->services().actor;
    for (const auto &each : m_fixture->wait(users.listings(actor))) {
        if (each.user.id != actor.id)
            m_fixture->waitFor(users.remove(actor, each.user.id));
    }
}

domain::User UsersFixture::add(const QString &name, const QString &displayName)
{
    const domain::User made = m_fixture->wait(m_fixture->administration().users.create(
        m_fixture->services().actor,
        {.username = name,
         .password = base::Secret(QByteArray("correct horse")),
         .displayName = displayName,
         .balance = Quota{Quota::perDollar * 10}}));
    const QString shown = displayName.isEmpty() ? name : displayName;
    if (!QTest::qWaitFor(
            [&] {
                m_page->setActive(false);
                m_page->setActive(true);
                return rowOf(shown) >= 0;
            },
            10'000))
        qWarning("The user did not come to the table.");
    return made;
}

domain::User UsersFixture::stored(domain::UserId id)
{
    return m_fixture->wait(m_fixture->administration().users.find(m_fixture->services().actor, id));
}

void UsersFixture::setBalance(domain::UserId id, Quota balance)
{
    m_fixture->wait(m_fixture->administration().users.change(
        m_fixture->services().actor, id, {.balance = balance}));
}

ui::TableView *UsersFixture::view() const
{
    return m_page->findChild<ui::TableView *>();
}

int UsersFixture::rowOf(const QString &name) const
{
    return tests::rowOf(view(), u"name"_s, name);
}

void UsersFixture::select(const QString &name)
{
    view()->selectSourceRow(ui::sourceIndex(view()->model()->index(rowOf(name), 0)).row());
}

void UsersFixture::trigger(const QString &name)
{
    tests::trigger(*m_page, name);
}

void UsersFixture::undo()
{
    QSignalSpy undone(&m_fixture->services().undo, &ui::UndoStack::undone);
    QTRY_VERIFY(m_fixture->services().undo.canUndo());
    m_fixture->services().undo.undo();
    QTRY_COMPARE(undone.size(), 1);
}

void UsersFixture::redo()
{
    QSignalSpy done(&m_fixture->services().undo, &ui::UndoStack::done);
    m_fixture->services().undo.redo();
    QTRY_COMPARE(done.size(), 1);
}

} // namespace gatehouse::tests
