#include "ui/modelpricesfixture.h"

#include "admin/administration.h"
#include "domain/providertype.h"

#include <QApplication>
#include <QMenu>
#include <QTabBar>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::tests {

void ModelPricesFixture::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    for (const QString &name : {m_odd, u"Second"_s}) {
        domain::Channel channel{.type = domain::provider::openAi,
                                .name = name,
                                .models = {u"gpt-4o"_s, u"mystery-1"_s}};
        channel.keys.append({.secret = base::Secret(QByteArray("sk-test-0123456789abcdef"))});
        m_fixture->wait(m_fixture->administration().channels.create({channel}));
    }
}

void ModelPricesFixture::init()
{
    m_page = std::make_unique<ui::ModelsPage>(m_fixture->services());
    m_page->resize(1000, 600);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->setActive(true);
    m_page->findChild<QTabBar *>()->setCurrentIndex(1);
    QTRY_VERIFY(rowOf(u"mystery-1"_s, m_all) >= 0);
}

void ModelPricesFixture::cleanup()
{
    m_page.reset();
    undoAll();
}

void ModelPricesFixture::undoAll()
{
    ui::UndoStack &undo = m_fixture->services().undo;
    QTRY_VERIFY(!undo.isBusy());
    while (undo.canUndo()) {
        undo.undo();
        QTRY_VERIFY(!undo.isBusy());
    }
    undo.clear();
    QCOMPARE(edited().size(), 0U);
}

int ModelPricesFixture::rowOf(const QString &model, const QString &channel) const
{
    for (int row = 0; row < view()->model()->rowCount(); ++row) {
        if (cell(row, u"model"_s) == model
            && (channel.isEmpty() || cell(row, u"channel"_s) == channel))
            return row;
    }
    return -1;
}

QString ModelPricesFixture::cell(int row, const QString &column) const
{
    const int at = ui::tableModelOf(view()->model())->columnOf(column);
    return view()->model()->index(row, at).data().toString();
}

void ModelPricesFixture::select(int row)
{
    const QModelIndex index = view()->model()->index(row, 0);
    QVERIFY(index.isValid());
    QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, view()->visualRect(index).center());
    QCOMPARE(view()->currentIndex().row(), row);
}

void ModelPricesFixture::chooseChannel(const QString &name)
{
    action(u"models.channelPrice"_s)->trigger();
    auto *menu = qobject_cast<QMenu *>(QApplication::activePopupWidget());
    QVERIFY(menu);
    const auto actions = menu->actions();
    const auto found = std::find_if(actions.begin(), actions.end(), [&name](const auto *each) {
        return each->text() == QString(name).replace(u'&', u"&&"_s);
    });
    QVERIFY(found != actions.end());
    menu->setActiveAction(*found);
    QTest::keyClick(menu, Qt::Key_Return);
}

void ModelPricesFixture::type(const QString &name, const QString &text)
{
    field(name)->selectAll();
    QTest::keyClicks(field(name), text);
}

std::vector<domain::ModelPrice> ModelPricesFixture::edited()
{
    return m_fixture->wait(m_fixture->administration().prices.edited());
}

} // namespace gatehouse::tests
