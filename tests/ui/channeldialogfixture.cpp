#include "ui/channeldialogfixture.h"

#include "admin/administration.h"
#include "channeleditor/channelgallery.h"
#include "widgets/fields/keylistedit.h"
#include "widgets/fields/searchablelist.h"

#include <QInputMethodEvent>
#include <QLabel>
#include <QLineEdit>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::tests {

using ui::ChannelDialog;

support::Script answerListing(const support::ReceivedRequest &request)
{
    if (request.header("Authorization") != QByteArray("Bearer ") + goodKey) {
        return support::jsonAnswer(401,
                                   R"({"error":{"message":"invalid key","type":"auth_error"}})");
    }
    return support::jsonAnswer(200, R"({"object":"list","data":[{"id":"alpha"},{"id":"beta"}]})");
}

void ChannelDialogFixture::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
}

void ChannelDialogFixture::cleanup()
{
    m_dialog.reset();
    m_saved.reset();
}

ChannelDialog *ChannelDialogFixture::open(std::optional<domain::Channel> edited)
{
    m_dialog = std::make_unique<ChannelDialog>(m_fixture->services(), std::move(edited));
    connect(m_dialog.get(), &ChannelDialog::added, this, [this](const domain::Channel &channel) {
        m_saved = channel;
    });
    connect(m_dialog.get(),
            &ChannelDialog::edited,
            this,
            [this](const domain::Channel &, const domain::Channel &after) { m_saved = after; });
    m_dialog->open();
    return m_dialog.get();
}

domain::Channel ChannelDialogFixture::addChannel(const QString &name,
                                                 const QList<QByteArray> &secrets)
{
    domain::Channel channel{.name = name, .models = {u"gpt-4o"_s}};
    for (const QByteArray &secret : secrets)
        channel.keys.append({.secret = base::Secret(secret)});
    const domain::Channel made =
        m_fixture->wait(m_fixture->administration().channels.create({channel})).front();
    return stored(made.id);
}

domain::Channel ChannelDialogFixture::stored(domain::ChannelId id)
{
    return m_fixture->wait(m_fixture->administration().channels.find(id));
}

bool ChannelDialogFixture::says(const QString &text) const
{
    const auto labels = m_dialog->findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
        return label->isVisible() && label->text().contains(text);
    });
}

void ChannelDialogFixture::type(const QString &name, const QString &text)
{
    auto *line = field<QLineEdit>(name);
    line->setFocus();
    line->selectAll();
    // As an input method does, since not every text can be typed by single keys.
    QInputMethodEvent event;
    event.setCommitString(text);
    QCoreApplication::sendEvent(line, &event);
}

void ChannelDialogFixture::testAt(const support::FakeUpstream &upstream)
{
    emit m_dialog->findChild<ui::SearchableList *>()->chosen(
        ui::choiceId({.type = domain::provider::custom}));
    type(u"Address"_s, QString::fromLatin1(upstream.baseUrl()));
    keys()->field()->setPlainText(QString::fromLatin1(goodKey));
    click(u"Test && fetch models"_s);
    QTRY_COMPARE(button(u"Stop"_s), nullptr);
    QCOMPARE(keyTable()->index(0, 2).data().toString(), u"accepted"_s);
    QCOMPARE(m_dialog->channel().models, (QStringList{u"alpha"_s, u"beta"_s}));
}

} // namespace gatehouse::tests
