#include "ui/modelsfixture.h"

#include "admin/administration.h"
#include "domain/providertype.h"

#include <QTabBar>

using namespace Qt::StringLiterals;

namespace gatehouse::tests {

void ModelsFixture::showTab(int tab)
{
    m_page->findChild<QTabBar *>()->setCurrentIndex(tab);
    m_tab = tab;
}

void ModelsFixture::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_fixture->addEchoChannel(u"Echo <b>bold</b>"_s, {u"echo"_s, u"shared"_s});
    domain::Channel priced{.type = domain::provider::openAi,
                           .name = u"OpenAI"_s,
                           .models = {u"gpt-4o"_s, u"shared"_s, QString(200, u'm')},
                           .priority = 5};
    priced.keys.append({.secret = base::Secret(QByteArray("sk-test-0123456789abcdef"))});
    m_fixture->wait(m_fixture->administration().channels.create({priced}));
}

void ModelsFixture::init()
{
    m_page = std::make_unique<ui::ModelsPage>(m_fixture->services());
    m_page->resize(1000, 600);
    m_page->show();
    m_page->setActive(true);
    showTab(0);
    QTRY_VERIFY(view()->model()->rowCount() >= 4);
    showTab(1);
    QTRY_VERIFY(view()->model()->rowCount() >= 1);
    showTab(0);
}

void ModelsFixture::cleanup()
{
    m_page.reset();
}

QModelIndex ModelsFixture::cell(const QString &model, const QString &column) const
{
    return view()->model()->index(rowOf(model),
                                  ui::tableModelOf(view()->model())->columnOf(column));
}

} // namespace gatehouse::tests
