#include "commander.h"

#include "base/json.h"
#include "http/responseparser.h"

#include <QDir>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

// No answer came from the program that holds the data directory.
const QString unreachable = u"unreachable"_s;

class Collector final : public http::BodySink
{
public:
    bool take(QByteArrayView bytes) override
    {
        content.append(bytes);
        return true;
    }

    QByteArray content;
};

CommandAnswer answerFrom(int status, const QByteArray &body)
{
    CommandAnswer answer{.status = status};
    const base::Result<QJsonObject> object = base::parseJsonObject(body);
    if (object)
        answer.body = *object;
    else
        answer.body.insert(u"message"_s, u"The answer could not be understood."_s);
    return answer;
}

// One question on the local socket and its answer.
class Conversation final : public QObject
{
public:
    Conversation(QLocalSocket *socket, Commander::Answered answered)
        : QObject(socket)
        , m_socket(*socket)
        , m_answered(std::move(answered))
        , m_parser(m_limits)
    {
        connect(socket, &QLocalSocket::readyRead, this, [this] { read(); });
        connect(socket, &QLocalSocket::disconnected, this, [this] { end(); });
    }

private:
    void read()
    {
        using State = http::ResponseParser::State;
        m_pending += m_socket.readAll();
        while (m_parser.state() == State::Head || m_parser.state() == State::Body) {
            const qsizetype used = m_parser.parse(m_pending, &m_body);
            m_pending.remove(0, used);
            if (used == 0 || m_pending.isEmpty())
                break;
        }
        if (m_parser.state() == State::Complete)
            end();
    }

    void end()
    {
        if (!m_answered)
            return;
        const Commander::Answered answered = std::exchange(m_answered, nullptr);
        m_socket.deleteLater();
        if (m_parser.state() == http::ResponseParser::State::Complete)
            answered(answerFrom(m_parser.head().status, m_body.content));
        else
            answered({.body = {{u"message"_s, u"The running Gatehouse did not answer."_s},
                               {u"code"_s, unreachable}}});
    }

    QLocalSocket &m_socket;
    Commander::Answered m_answered;
    const http::ResponseLimits m_limits{};
    http::ResponseParser m_parser;
    Collector m_body;
    QByteArray m_pending;
};

} // namespace

ExitCode CommandAnswer::exitCode() const
{
    if (succeeded())
        return ExitCode::Ok;
    const QString code = body.value(u"code"_s).toString();
    if (code == "not_found"_L1)
        return ExitCode::NotFound;
    if (code == "conflict"_L1)
        return ExitCode::Conflict;
    if (code == unreachable)
        return ExitCode::Unreachable;
    return code == "denied"_L1 || code == "not_signed_in"_L1 ? ExitCode::Denied : ExitCode::Failure;
}

Commander::Commander(Options options, Application::Mode mode, Reach reach)
    : m_options(std::move(options))
    , m_mode(mode)
    , m_reach(reach)
{}

Commander::~Commander() = default;

void Commander::ask(const QByteArray &method,
                    const QByteArray &target,
                    const QByteArray &body,
                    Answered answered)
{
    Question question{method, target, body, std::move(answered)};
    if (m_own)
        askOwn(std::move(question));
    else
        askRunning(question);
}

void Commander::askRunning(const Question &question)
{
    auto *socket = new QLocalSocket(this);
    const auto connected = [this, socket, question] {
        m_worker = Worker::Running;
        new Conversation(socket, question.answered);
        QByteArray request = question.method + ' ' + question.target
                             + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: "
                             + QByteArray::number(question.body.size());
        if (!question.body.isEmpty())
            request += "\r\nContent-Type: application/json";
        socket->write(request + "\r\n\r\n" + question.body);
        socket->flush();
        disconnect(socket, &QLocalSocket::errorOccurred, this, nullptr);
    };
    connect(socket, &QLocalSocket::connected, this, connected);
    connect(socket, &QLocalSocket::errorOccurred, this, [this, socket, question] {
        socket->disconnect(this);
        socket->deleteLater();
        if (m_reach == Reach::RunningAlone)
            nobodyRuns(socket->error());
        else
            askOwn(question);
    });
    socket->connectToServer(gateway::localDoorPath(m_options.dataDirectory));
}

void Commander::nobodyRuns(QLocalSocket::LocalSocketError error)
{
    const QString directory = QDir::toNativeSeparators(m_options.dataDirectory);
    if (error == QLocalSocket::SocketAccessError) {
        emit failed(ExitCode::Denied,
                    u"The Gatehouse that runs on %1 belongs to another account."_s.arg(directory));
        return;
    }
    emit failed(ExitCode::Unreachable,
                u"No Gatehouse runs on %1. Start \"gatehouse serve\" or the window, or name "
                "another directory with --data-dir."_s.arg(directory));
}

void Commander::askOwn(Question question)
{
    if (!m_own)
        startOwn();
    if (!m_ownIsReady) {
        m_waiting.push_back(std::move(question));
        return;
    }
    const qsizetype mark = question.target.indexOf('?');
    gateway::ApiRequest request{
        .method = question.method,
        .path = mark < 0 ? question.target : question.target.first(mark),
        .query = mark < 0 ? QByteArray() : question.target.mid(mark + 1),
        .headers = {{"Host", "localhost"}, {"Content-Type", "application/json"}},
        .body = question.body,
        .client = QHostAddress(QHostAddress::LocalHost),
        .local = true};
    m_own->api().handle(
        std::move(request),
        [this, answered = question.answered](const gateway::ApiResponse &response) {
            QMetaObject::invokeMethod(
                this,
                [answered, response] { answered(answerFrom(response.status, response.body)); },
                Qt::QueuedConnection);
        });
}

void Commander::startOwn()
{
    m_own = std::make_unique<Application>(m_options, m_mode);
    connect(m_own.get(),
            &Application::failed,
            this,
            [this](ExitCode code, const base::Message &message) {
                emit failed(code, message.english());
            });
    connect(m_own.get(), &Application::started, this, [this] {
        m_ownIsReady = true;
        m_worker = Worker::Own;
        for (Question &question : std::exchange(m_waiting, {}))
            askOwn(std::move(question));
    });
    m_own->start();
}

} // namespace gatehouse::app
