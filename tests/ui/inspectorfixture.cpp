#include "ui/inspectorfixture.h"

#include "admin/administration.h"
#include "domain/providertype.h"
#include "widgets/fields/segmentedcontrol.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>

using namespace Qt::StringLiterals;

namespace gatehouse::tests {

QAbstractButton *buttonNamed(QWidget &root, const QString &name)
{
    const auto buttons = root.findChildren<QAbstractButton *>();
    for (QAbstractButton *button : buttons) {
        if ((button->text() == name || button->accessibleName() == name) && button->isVisible())
            return button;
    }
    return nullptr;
}

void click(QWidget &root, const QString &name)
{
    QTRY_VERIFY2(buttonNamed(root, name), qPrintable(name));
    QTest::mouseClick(buttonNamed(root, name), Qt::LeftButton);
}

void InspectorFixture::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_token = m_fixture->addToken(u"laptop"_s);
    const auto addChannel = [this](const QString &name, qint64 priority, const QString &served) {
        domain::Channel channel;
        channel.type = domain::provider::echo;
        channel.name = name;
        channel.models = {u"echo"_s, u"echo-fast"_s, u"echo-error-400"_s, u"echo-tool"_s};
        channel.priority = priority;
        if (!served.isEmpty()) {
            channel.models = {u"mapped"_s};
            channel.modelMapping = {{u"mapped"_s, served}};
        }
        m_fixture->wait(m_fixture->administration().channels.create({channel}));
    };
    addChannel(u"First"_s, 1, {});
    addChannel(u"Breaks"_s, 9, u"echo-error-503"_s);
    addChannel(u"Serves"_s, 3, u"echo-fast"_s);
    domain::ModelPrice price{.model = "echo-fast"};
    price.tokens.input = domain::UnitPrice::fromDollarsPerMillion(3.3333);
    price.tokens.output = domain::UnitPrice::fromDollarsPerMillion(15.1);
    price.tokens.cacheRead = domain::UnitPrice::fromDollarsPerMillion(0.3);
    m_fixture->waitFor(m_fixture->administration().prices.save(price));
    setSetting(u"traffic.capture_body_bytes"_s, QString::number(64 * 1024 * 1024));
}

void InspectorFixture::init()
{
    setSetting(u"traffic.capture"_s, u"all"_s);
    m_inspector = std::make_unique<ui::Inspector>(m_fixture->services());
    m_inspector->resize(900, 500);
    m_inspector->QWidget::show();
    QVERIFY(QTest::qWaitForWindowExposed(m_inspector.get()));
}

void InspectorFixture::cleanup()
{
    m_inspector.reset();
}

InspectorFixture::Sent InspectorFixture::send(const QByteArray &path, const QByteArray &body)
{
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(m_fixture->url() + QString::fromLatin1(path)));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    request.setRawHeader("Authorization", "Bearer sk-" + m_token.key.reveal());
    request.setRawHeader("X-Note", "it's $HOME");
    const std::unique_ptr<QNetworkReply> reply(network.post(request, body));
    if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, 20'000))
        return {};
    return {.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
            .requestId = reply->rawHeader("X-Request-Id")};
}

InspectorFixture::Sent
InspectorFixture::sendChat(const QByteArray &model, bool stream, const QByteArray &more)
{
    return send("/v1/chat/completions",
                "{\"model\":\"" + model + "\",\"stream\":" + (stream ? "true" : "false") + more
                    + ",\"messages\":[{\"role\":\"system\",\"content\":\"Be brief\"},"
                      "{\"role\":\"user\",\"content\":\"Hello there, how are you\"}]}");
}

qint64 InspectorFixture::lineOf(const QByteArray &requestId, bool captured)
{
    qint64 id = 0;
    const bool came = QTest::qWaitFor([&] {
        auto found = m_fixture->administration().traffic.find(requestId);
        if (!QTest::qWaitFor([&found] { return found.isFinished(); }) || !found.result())
            return false;
        id = found.result()->id;
        return !captured || found.result()->hasCapture;
    });
    return came ? id : 0;
}

void InspectorFixture::showRequest(const QByteArray &requestId, bool captured)
{
    const qint64 id = lineOf(requestId, captured);
    QVERIFY(id > 0);
    m_inspector->show(id);
    QTRY_COMPARE(m_inspector->shownId(), id);
}

void InspectorFixture::choose(ui::SegmentedControl *control, const QString &text)
{
    click(*control, text);
}

void InspectorFixture::setSetting(const QString &key, const QString &value)
{
    m_fixture->waitFor(m_fixture->administration().settings.set(key, value));
}

} // namespace gatehouse::tests
