#include "ui/channelsfixture.h"

#include "admin/administration.h"
#include "domain/providertype.h"
#include "ui/find.h"

using namespace Qt::StringLiterals;

namespace gatehouse::tests {

namespace provider = domain::provider;

void ChannelsFixture::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    connect(&m_fixture->services().undo,
            &ui::UndoStack::failed,
            this,
            [](const ui::LiveText &text, const base::Error &error) {
                qInfo().noquote() << text.text() << "was refused:" << error.message.english();
            });
}

void ChannelsFixture::init()
{
    m_fixture->services().undo.clear();
    m_page = std::make_unique<ui::ChannelsPage>(m_fixture->services());
    m_page->resize(1100, 640);
    m_page->setVisible(true);
    m_page->setActive(true);
}

void ChannelsFixture::cleanup()
{
    m_page.reset();
    std::vector<domain::ChannelId> ids;
    for (const auto &each : m_fixture->administration().publisher.catalog()->channels())
        ids.push_back(each->channel.id);
    if (!ids.empty())
        m_fixture->waitFor(m_fixture->administration().channels.removeAll(ids));
}

domain::Channel ChannelsFixture::add(domain::Channel channel)
{
    if (channel.type == provider::openAi && channel.baseUrl.isEmpty())
        channel.type = provider::echo;
    if (channel.models.isEmpty())
        channel.models = {u"echo"_s};
    const domain::Channel made =
        m_fixture->wait(m_fixture->administration().channels.create({channel})).front();
    if (!QTest::qWaitFor([&] { return viewRow(made.id) >= 0; }, 10'000))
        qWarning("The channel did not come to the table.");
    return made;
}

domain::Channel ChannelsFixture::stored(domain::ChannelId id)
{
    return m_fixture->wait(m_fixture->administration().channels.find(id));
}

ui::TableView *ChannelsFixture::view() const
{
    return m_page->findChild<ui::TableView *>();
}

int ChannelsFixture::viewRow(domain::ChannelId id) const
{
    return tests::rowOf(view(), u"id"_s, QString::number(id.value));
}

QModelIndex ChannelsFixture::cell(domain::ChannelId id, const QString &column) const
{
    return view()->model()->index(viewRow(id), ui::tableModelOf(view()->model())->columnOf(column));
}

void ChannelsFixture::select(const QList<domain::ChannelId> &ids)
{
    view()->clearSelection();
    for (const domain::ChannelId id : ids) {
        view()->selectionModel()->select(view()->model()->index(viewRow(id), 0),
                                         QItemSelectionModel::Select | QItemSelectionModel::Rows);
    }
    view()->selectionModel()->setCurrentIndex(cell(ids.back(), u"name"_s),
                                              QItemSelectionModel::NoUpdate);
}

QStringList ChannelsFixture::namesInOrder() const
{
    QStringList names;
    const int column = ui::tableModelOf(view()->model())->columnOf(u"name"_s);
    for (int row = 0; row < view()->model()->rowCount(); ++row)
        names.append(view()->model()->index(row, column).data().toString());
    return names;
}

QAction *ChannelsFixture::action(const QString &name) const
{
    return tests::action(*m_page, name);
}

void ChannelsFixture::trigger(const QString &name)
{
    action(name)->trigger();
}

} // namespace gatehouse::tests
