#include "ui/testsheetfixture.h"

#include "admin/administration.h"
#include "admin/channels/channeltester.h"

#include <QComboBox>

using namespace Qt::StringLiterals;

namespace gatehouse::tests {

QByteArray soundBody()
{
    return R"({"id":"1","object":"chat.completion","model":"m","choices":[)"
           R"({"index":0,"message":{"role":"assistant","content":"hi"},)"
           R"("finish_reason":"stop"}],"usage":{"prompt_tokens":1,)"
           R"("completion_tokens":1,"total_tokens":2}})";
}

support::Script soundAnswer()
{
    return support::jsonAnswer(200, soundBody());
}

domain::Channel TestSheetFixture::stored(domain::ChannelId id)
{
    return m_fixture->wait(m_fixture->administration().channels.find(id));
}

std::optional<admin::ChannelTestRun> TestSheetFixture::run() const
{
    return m_fixture->application().tester().latestRun();
}

void TestSheetFixture::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_fixture->waitFor(m_fixture->administration().settings.set(u"tests.timeout"_s, u"2"_s));
}

void TestSheetFixture::cleanup()
{
    if (run() && run()->isRunning())
        m_fixture->services().tester.cancelRun(run()->id);
    QTRY_VERIFY(!run() || !run()->isRunning());
    m_fixture->services().undo.clear();
    std::vector<domain::ChannelId> ids;
    for (const auto &each : m_fixture->administration().publisher.catalog()->channels())
        ids.push_back(each->channel.id);
    if (!ids.empty())
        m_fixture->waitFor(m_fixture->administration().channels.removeAll(ids));
}

domain::Channel TestSheetFixture::add(const QString &name,
                                      const support::FakeUpstream &upstream,
                                      const QStringList &models,
                                      const QList<QByteArray> &keys)
{
    domain::Channel channel{
        .name = name, .baseUrl = QString::fromLatin1(upstream.baseUrl()), .models = models};
    for (const QByteArray &key : keys)
        channel.keys.append({.secret = base::Secret(key)});
    return m_fixture->wait(m_fixture->administration().channels.create({channel})).front();
}

void TestSheetFixture::click(const QWidget &sheet, const QString &text)
{
    QPushButton *wanted = button(sheet, text);
    QVERIFY2(wanted && wanted->isVisible() && wanted->isEnabled(), qPrintable(text));
    QTest::mouseClick(wanted, Qt::LeftButton);
}

void TestSheetFixture::choose(const QWidget &sheet, admin::TestSubject subject)
{
    auto *box = sheet.findChild<QComboBox *>();
    box->setCurrentIndex(box->findData(static_cast<int>(subject)));
}

void TestSheetFixture::runAll(ui::TestSheet &sheet)
{
    sheet.show();
    click(sheet, button(sheet, u"Start"_s) ? u"Start"_s : u"Test again"_s);
    QTRY_VERIFY_WITH_TIMEOUT(isOver(), 30'000);
    const int total = run()->total;
    QTRY_COMPARE(sheet.table().rowCount(), total);
}

} // namespace gatehouse::tests
