#include "ui/trafficfixture.h"

#include "admin/administration.h"
#include "inspector/inspector.h"
#include "storage/traffic/usagerepository.h"
#include "widgets/messagebar.h"
#include "widgets/table/filterfield.h"
#include "widgets/table/tableview.h"

#include <QAction>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace gatehouse::tests {

QPushButton *buttonStarting(QWidget &root, const QString &text)
{
    const auto buttons = root.findChildren<QPushButton *>();
    const auto found = std::find_if(buttons.begin(), buttons.end(), [&text](const auto *button) {
        // One that is not laid out yet takes no click.
        return button->isVisible() && !button->size().isEmpty() && button->text().startsWith(text);
    });
    return found == buttons.end() ? nullptr : *found;
}

void TrafficFixture::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void TrafficFixture::init()
{
    m_fixture->services().state.setValue(u"traffic/filter"_s, QString());
    m_fixture->services().state.setValue(u"traffic/grouping"_s, 0);
    m_page = std::make_unique<ui::TrafficPage>(m_fixture->services());
    m_page->resize(1032, 690);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
    m_page->activateWindow();
    m_page->setActive(true);
}

void TrafficFixture::cleanup()
{
    m_page.reset();
}

void TrafficFixture::addGateway()
{
    m_channel = m_fixture->addEchoChannel(
        u"Echo & <b>sons</b>"_s,
        {u"echo"_s, u"echo-fast"_s, u"echo-error-503"_s, u"echo-gap-100-long-600"_s});
    m_token = m_fixture->addToken(u"alice laptop"_s);
}

ui::TableView *TrafficFixture::view() const
{
    return m_page->findChild<ui::TableView *>(u"trafficList"_s);
}

ui::FilterField *TrafficFixture::field() const
{
    return m_page->findChild<ui::FilterField *>();
}

ui::MessageBar *TrafficFixture::messages() const
{
    return m_page->findChild<ui::MessageBar *>(u"trafficMessages"_s);
}

ui::Inspector *TrafficFixture::inspector() const
{
    return m_page->findChild<ui::Inspector *>();
}

QAction *TrafficFixture::action(const char *name) const
{
    return m_page->findChild<QAction *>(QString::fromLatin1(name));
}

QString TrafficFixture::cell(int row, const QString &key) const
{
    const QModelIndex index = model().index(row, model().columnOf(key));
    return index.data(ui::role::cell).value<ui::Cell>().text;
}

void TrafficFixture::choose(int row)
{
    const QRect place = view()->visualRect(model().index(row, model().columnOf(u"model"_s)));
    QTest::mouseClick(view()->viewport(), Qt::LeftButton, {}, place.center());
}

void TrafficFixture::typeFilter(const QString &text)
{
    field()->setFocus();
    field()->selectAll();
    if (text.isEmpty())
        QTest::keyClick(field(), Qt::Key_Delete);
    else
        QTest::keyClicks(field(), text);
}

void TrafficFixture::store(int count, const QByteArray &prefix, const domain::UsageRecord &like)
{
    const qint64 now = QDateTime::currentMSecsSinceEpoch();
    m_fixture->waitFor(m_fixture->administration().foundation.storage.write(
        [count, prefix, like, now](storage::Database &database) -> base::Result<> {
            for (int i = 0; i < count; ++i) {
                domain::UsageRecord record = like;
                record.requestId = prefix + QByteArray::number(i);
                record.createdAt = now;
                record.operation = "chat";
                if (record.model.isEmpty())
                    record.model = "stored";
                if (record.httpStatus == 0)
                    record.httpStatus = 200;
                if (auto added = storage::UsageRepository(database).insert(record); !added)
                    return base::fail(added.error());
            }
            return {};
        }));
}

} // namespace gatehouse::tests
