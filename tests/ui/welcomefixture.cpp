#include "ui/welcomefixture.h"

#include "admin/administration.h"

using namespace Qt::StringLiterals;

namespace gatehouse::tests {

admin::DiscoveryPlace placeOf(const support::FakeUpstream &server, const QString &name, int type)
{
    const QString base = QString::fromLatin1(server.baseUrl());
    return {.name = name, .url = base + u"/v1/models"_s, .providerType = type, .baseUrl = base};
}

void WelcomeFixture::init()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void WelcomeFixture::cleanup()
{
    m_welcome.reset();
    m_fixture.reset();
}

void WelcomeFixture::open(const QMap<QString, QString> &environment,
                          std::vector<admin::DiscoveryPlace> places,
                          const QStringList &files,
                          bool isAgain)
{
    m_welcome = std::make_unique<ui::Welcome>(m_fixture->services(),
                                              ui::WelcomeHooks{.environment = environment,
                                                               .places = std::move(places),
                                                               .files = files,
                                                               .isAgain = isAgain});
    m_welcome->show();
    QVERIFY(QTest::qWaitForWindowActive(m_welcome.get()));
}

QPushButton *WelcomeFixture::button(const QString &text) const
{
    for (QPushButton *each : m_welcome->findChildren<QPushButton *>()) {
        if (each->text() == text && each->isVisible())
            return each;
    }
    return nullptr;
}

QRadioButton *WelcomeFixture::radio(const QString &beginning) const
{
    for (QRadioButton *each : m_welcome->findChildren<QRadioButton *>()) {
        if (each->text().startsWith(beginning))
            return each;
    }
    return nullptr;
}

void WelcomeFixture::goOn()
{
    const int before = m_welcome->step();
    QTest::keyClick(m_welcome.get(), Qt::Key_Return);
    QTRY_COMPARE_WITH_TIMEOUT(m_welcome->step(), before + 1, 20'000);
}

void WelcomeFixture::goTo(int step)
{
    for (int at = m_welcome->step(); at < step; ++at)
        goOn();
}

void WelcomeFixture::tick(const QString &name)
{
    QTRY_VERIFY_WITH_TIMEOUT(!model().found().empty(), 5'000);
    for (int row = 0; row < model().rowCount(); ++row) {
        const QModelIndex index = model().index(row);
        if (index.data().toString() != name || index.data(ui::FoundModel::HeadingRole).toBool())
            continue;
        list()->scrollTo(index);
        QTRY_COMPARE(list()->visualRect(index).width(), list()->viewport()->width());
        QTest::mouseClick(
            list()->viewport(), Qt::LeftButton, {}, list()->visualRect(index).center());
        return;
    }
    QFAIL(qPrintable(u"%1 was not found"_s.arg(name)));
}

std::vector<domain::Channel> WelcomeFixture::channels()
{
    return m_fixture->wait(m_fixture->administration().channels.list({.limit = 100}));
}

} // namespace gatehouse::tests
