#include "admin/administration.h"
#include "channels/channelcolumns.h"
#include "channels/detailtabs.h"
#include "domain/lostsecrets.h"
#include "storage/repositories/metarepository.h"
#include "ui/channelsfixture.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

QString keysOf(const ChannelRow &row)
{
    for (const Fact &fact : DetailTabs::overview(row)) {
        if (fact.label == u"Keys"_s)
            return fact.text;
    }
    return {};
}

} // namespace

// Channels whose keys could not be opened when a backup was restored.
class ChannelLossesTest : public tests::ChannelsFixture
{
    Q_OBJECT

private slots:
    void detailsSayWhatIsLost();
    void isSwitchedOnWithAKeyAlone();

private:
    // As a restore without secrets leaves it.
    domain::Channel addLost();
    QString healthOf(domain::ChannelId id) const
    {
        return cell(id, u"status"_s).data(Qt::ToolTipRole).toString();
    }
};

domain::Channel ChannelLossesTest::addLost()
{
    domain::Channel made = add({.type = domain::provider::anthropic,
                                .name = u"Restored"_s,
                                .status = domain::ChannelStatus::DisabledByHand,
                                .models = {u"m"_s}});
    admin::Administration &administration = m_fixture->administration();
    const QByteArray lost = domain::lostSecretsJson({.channels = {made.id}, .isTold = true});
    m_fixture->waitFor(administration.foundation.storage.write([lost](storage::Database &database) {
        return storage::MetaRepository(database).save(storage::meta::lostSecrets, lost);
    }));
    m_fixture->waitFor(administration.losses.load());
    trigger(u"channels.refresh"_s);
    return made;
}

void ChannelLossesTest::detailsSayWhatIsLost()
{
    ChannelRow row{.channel = {.type = domain::provider::anthropic,
                               .status = domain::ChannelStatus::DisabledByHand},
                   .keysLost = true};
    row.overview.reason.kind = admin::HealthReason::Kind::DisabledByHand;

    QCOMPARE(keysOf(row), u"lost in the restore; enter them again"_s);
    QCOMPARE(ChannelColumns::reasonText(row), u"Switched off by the restore: its keys are lost."_s);
    QCOMPARE(DetailTabs::keys({}, row).front().text,
             u"They were lost in the restore; enter them again."_s);
    row.keysLost = false;
    QCOMPARE(keysOf(row), u"none needed"_s);
    QCOMPARE(ChannelColumns::reasonText(row), u"Switched off by a person."_s);
    QCOMPARE(DetailTabs::keys({}, row).front().text, u"This channel needs no key."_s);
}

void ChannelLossesTest::isSwitchedOnWithAKeyAlone()
{
    const domain::Channel channel = addLost();
    QTRY_VERIFY(healthOf(channel.id).contains(u"its keys are lost"_s));
    QSignalSpy refused(view(), &TableView::commitFailed);

    view()->commitCell(cell(channel.id, u"enabled"_s), true);

    QTRY_COMPARE(refused.size(), 1);
    QVERIFY(refused.front().front().value<base::Error>().message.english().startsWith(
        u"Enter its key first"_s));
    QVERIFY(!stored(channel.id).isEnabled());
    m_fixture->wait(m_fixture->administration().channels.addKeys(
        channel.id, {base::Secret(QByteArray("entered-again"))}));
    QTRY_COMPARE(healthOf(channel.id), u"Switched off by a person."_s);
    view()->commitCell(cell(channel.id, u"enabled"_s), true);
    QTRY_VERIFY(stored(channel.id).isEnabled());
}

QTEST_MAIN(ChannelLossesTest)
#include "tst_channellosses.moc"
