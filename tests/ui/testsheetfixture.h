#pragma once

#include "channels/testsheet.h"
#include "support/fakeupstream.h"
#include "ui/find.h"
#include "ui/windowfixture.h"

#include <QCheckBox>
#include <QLabel>
#include <QPushButton>
#include <QTest>

#include <algorithm>
#include <memory>

namespace gatehouse::tests {

// What a provider says that is well: the body, and with its head.
QByteArray soundBody();
support::Script soundAnswer();

// Tests of channels as they are run from their sheet, without any channel at first. What its tests have in common.
class TestSheetFixture : public QObject
{
    Q_OBJECT

protected slots:
    void initTestCase();
    void cleanup();

protected:
    domain::Channel add(const QString &name,
                        const support::FakeUpstream &upstream,
                        const QStringList &models = {QStringLiteral("m")},
                        const QList<QByteArray> &keys = {"sk-canary-0123456789"});
    domain::Channel stored(domain::ChannelId id);
    static QPushButton *button(const QWidget &sheet, const QString &text)
    {
        return tests::button<QPushButton>(&sheet, text);
    }
    static void click(const QWidget &sheet, const QString &text);
    static void choose(const QWidget &sheet, admin::TestSubject subject);
    static bool says(const QWidget &sheet, const QString &text)
    {
        const auto labels = sheet.findChildren<QLabel *>();
        return std::any_of(labels.begin(), labels.end(), [&text](const QLabel *label) {
            return label->isVisible() && label->text().contains(text);
        });
    }
    static QCheckBox *check(const QWidget &sheet, const QString &text)
    {
        return tests::button<QCheckBox>(&sheet, text);
    }
    std::optional<admin::ChannelTestRun> run() const;
    bool isOver() const { return run() && !run()->isRunning(); }
    // Runs the tests of the sheet to their end.
    void runAll(ui::TestSheet &sheet);

    std::unique_ptr<support::WindowFixture> m_fixture{};
};

} // namespace gatehouse::tests
