#pragma once

#include "inspector/inspector.h"
#include "ui/windowfixture.h"

#include <QAbstractButton>
#include <QTest>

namespace gatehouse::ui {
class SegmentedControl;
}

namespace gatehouse::tests {

// The visible button of that text or accessible name; null: there is none.
QAbstractButton *buttonNamed(QWidget &root, const QString &name);
// Waits for the button first: what was just laid out is shown by the event loop.
void click(QWidget &root, const QString &name);

// The inspector over a gateway that serves real requests by the Echo provider, of which everything is
// captured. What the tests of the inspector have in common.
class InspectorFixture : public QObject
{
    Q_OBJECT

protected slots:
    void initTestCase();
    void init();
    void cleanup();

protected:
    struct Sent
    {
        int status = 0;
        QByteArray requestId{};
    };
    Sent send(const QByteArray &path, const QByteArray &body);
    Sent sendChat(const QByteArray &model, bool stream = false, const QByteArray &more = {});
    // Waits until it is in the ledger; the capture is kept by then if `captured`.
    qint64 lineOf(const QByteArray &requestId, bool captured = true);
    void showRequest(const QByteArray &requestId, bool captured = true);
    void setSetting(const QString &key, const QString &value);
    template<typename Tab>
    Tab &tab(ui::Inspector::Tab which);
    void choose(ui::SegmentedControl *control, const QString &text);

    std::unique_ptr<support::WindowFixture> m_fixture{};
    std::unique_ptr<ui::Inspector> m_inspector{};
    domain::Token m_token{};
};

template<typename Tab>
Tab &InspectorFixture::tab(ui::Inspector::Tab which)
{
    m_inspector->setCurrentPart(which);
    for (Tab *each : m_inspector->findChildren<Tab *>()) {
        if (each->isVisible())
            return *each;
    }
    qFatal("There is no such tab.");
}

} // namespace gatehouse::tests
