#pragma once

#include "application.h"

#include <QJsonObject>
#include <QLocalSocket>

#include <deque>

namespace gatehouse::app {

// What the management API answered to a command.
struct CommandAnswer
{
    int status = 0;
    QJsonObject body{};

    bool succeeded() const { return body.value(u"success").toBool(); }
    QString message() const { return body.value(u"message").toString(); }
    // What a command ends with that got this answer.
    ExitCode exitCode() const;
};

// Carries commands to the management API: of the running program through its local socket, else of
// an Application of its own that holds the data directory meanwhile. There is no other protocol.
// `mode` is Command, or Filling for a command that may be the first one on its directory. With
// Reach::RunningAlone, failed() tells where nobody runs.
class Commander final : public QObject
{
    Q_OBJECT

public:
    using Answered = std::function<void(const CommandAnswer &)>;

    enum class Reach { RunningOrOwn, RunningAlone };

    explicit Commander(Options options,
                       Application::Mode mode = Application::Mode::Command,
                       Reach reach = Reach::RunningOrOwn);
    ~Commander() override;

    void ask(const QByteArray &method,
             const QByteArray &target,
             const QByteArray &body,
             Answered answered);

    // Who carries out what was asked; Nobody while that is being found out.
    enum class Worker { Nobody, Running, Own };
    Worker worker() const { return m_worker; }
    // See Application; empty with Worker::Running.
    QString damagedDatabase() const { return m_own ? m_own->damagedDatabase() : QString(); }
    // For Worker::Own alone.
    admin::Administration &administration() { return m_own->administration(); }

signals:
    // No command can be carried out.
    void failed(gatehouse::app::ExitCode code, const QString &message);

private:
    struct Question
    {
        QByteArray method{};
        QByteArray target{};
        QByteArray body{};
        Answered answered{};
    };

    void askRunning(const Question &question);
    void askOwn(Question question);
    void nobodyRuns(QLocalSocket::LocalSocketError error);
    void startOwn();

    const Options m_options;
    const Application::Mode m_mode;
    const Reach m_reach;
    std::unique_ptr<Application> m_own; // once nobody answered on the socket
    std::deque<Question> m_waiting;     // for it
    bool m_ownIsReady = false;
    Worker m_worker = Worker::Nobody;
};

} // namespace gatehouse::app
