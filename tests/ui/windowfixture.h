#pragma once

#include "application.h"
#include "widgets/services.h"
#include "widgets/uistate.h"
#include "widgets/undostack.h"

#include <QTemporaryDir>

namespace gatehouse::support {

// The whole program but for its window, in a temporary directory: real services over a real SQLite
// file, the Echo provider, and a gateway on a port of the system's choice. Made once for a test
// class, in initTestCase(); it applies the light theme and the widgets' font.
class WindowFixture
{
public:
    // Variables beside those that it needs itself; settings as if they had been stored before. With
    // stored settings of the listener it listens by these, else on a port of the system's choice.
    struct Given
    {
        QMap<QString, QString> environment{};
        QMap<QString, QString> stored{};
    };

    WindowFixture();
    explicit WindowFixture(const Given &given);
    ~WindowFixture();

    // Waits until it serves; false: it could not, and the test cannot go on.
    bool start();

    const ui::Services &services() { return *m_services; }
    admin::Administration &administration() { return m_application->administration(); }
    app::Application &application() { return *m_application; }
    QString directory() const { return m_directory.path(); }
    // Where the gateway listens: http://127.0.0.1:PORT
    QString url() const { return m_application->urls().value(0); }

    // Waits for an answer of a service; the test fails where it is an error.
    template<typename T>
    T wait(QFuture<base::Result<T>> answer);
    void waitFor(QFuture<base::Result<>> answer);

    // A channel of the Echo provider, stored.
    domain::Channel addEchoChannel(const QString &name, const QStringList &models = {});
    domain::Token addToken(const QString &name);
    // Sends one chat through the gateway, as a client does; gives the status.
    int chat(const domain::Token &token, const QString &model, bool stream = false);

private:
    void store(const QMap<QString, QString> &settings) const;

    QTemporaryDir m_directory;
    std::unique_ptr<app::Application> m_application;
    std::unique_ptr<ui::UiState> m_state;
    std::unique_ptr<ui::UndoStack> m_undo;
    std::unique_ptr<ui::Services> m_services;
    QString m_failure{};
};

} // namespace gatehouse::support

#include "ui/windowfixtureimplementation.h"
