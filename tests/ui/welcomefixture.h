#pragma once

#include "domain/channel.h"
#include "support/fakeupstream.h"
#include "ui/windowfixture.h"
#include "wizard/foundmodel.h"
#include "wizard/foundstep.h"
#include "wizard/welcome.h"

#include <QListView>
#include <QPushButton>
#include <QRadioButton>
#include <QTest>

#include <memory>
#include <vector>

namespace gatehouse::tests {

// What is found is asked for on loopback ports that belong to this test.
admin::DiscoveryPlace placeOf(const support::FakeUpstream &server, const QString &name, int type);

// The first run as a person goes through it. Each test has a program of its own: what is stored by
// one would be existing data for the next.
class WelcomeFixture : public QObject
{
    Q_OBJECT

protected slots:
    void init();
    void cleanup();

protected:
    void open(const QMap<QString, QString> &environment = {},
              std::vector<admin::DiscoveryPlace> places = {},
              const QStringList &files = {},
              bool isAgain = false);
    // Enter is enough on every screen.
    void goOn();
    void goTo(int step);
    // Null: there is none.
    QPushButton *button(const QString &text) const;
    QRadioButton *radio(const QString &beginning) const;
    QListView *list() const { return m_welcome->findChild<QListView *>(QStringLiteral("found")); }
    ui::FoundModel &model() { return m_welcome->found().model(); }
    // Ticks as a person does: a click on the row.
    void tick(const QString &name);
    std::vector<domain::Channel> channels();

    std::unique_ptr<support::WindowFixture> m_fixture{};
    std::unique_ptr<ui::Welcome> m_welcome{};
};

} // namespace gatehouse::tests
