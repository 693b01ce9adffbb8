#include "ui/tokensfixture.h"

#include "admin/administration.h"
#include "ui/find.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/undostack.h"

using namespace Qt::StringLiterals;

namespace gatehouse::tests {

void TokensFixture::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void TokensFixture::init()
{
    m_fixture->services().undo.clear();
    m_page = std::make_unique<ui::TokensPage>(m_fixture->services());
    m_page->resize(1100, 600);
    m_page->setVisible(true);
    m_page->setActive(true);
}

void TokensFixture::cleanup()
{
    m_page.reset();
    admin::TokenManager &tokens = m_fixture->administration().tokenManager;
    std::vector<domain::TokenId> ids;
    for (const auto &each : m_fixture->wait(tokens.list(m_fixture->services().actor)))
        ids.push_back(each.token.id);
    m_fixture->waitFor(tokens.remove(m_fixture->services().actor, ids));
}

domain::Token TokensFixture::add(domain::Token token)
{
    const domain::Token made = m_fixture->wait(m_fixture->administration().tokenManager.create(
        m_fixture->services().actor, m_fixture->services().actor.id, token));
    if (!QTest::qWaitFor([&] { return rowOf(token.name) >= 0; }, 10'000))
        qWarning("The token did not come to the table.");
    return made;
}

domain::Token TokensFixture::stored(domain::TokenId id)
{
    return m_fixture
        ->wait(m_fixture->administration().tokenManager.find(m_fixture->services().actor, id))
        .token;
}

int TokensFixture::rowOf(const QString &name) const
{
    return tests::rowOf(view(), u"name"_s, name);
}

QModelIndex TokensFixture::cell(const QString &name, const QString &column) const
{
    return view()->model()->index(rowOf(name), ui::tableModelOf(view()->model())->columnOf(column));
}

void TokensFixture::select(const QStringList &names)
{
    view()->clearSelection();
    for (const QString &name : names) {
        view()->selectionModel()->select(view()->model()->index(rowOf(name), 0),
                                         QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
}

void TokensFixture::trigger(const QString &name)
{
    tests::trigger(*m_page, name);
}

} // namespace gatehouse::tests
