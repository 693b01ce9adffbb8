#pragma once

#include "channeleditor/channeldialog.h"
#include "channeleditor/channelkeys.h"
#include "support/fakeupstream.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/table/tableview.h"

#include <QPushButton>
#include <QTest>

#include <memory>
#include <optional>

namespace gatehouse::tests {

inline constexpr auto goodKey = "sk-good-0123456789abcdef-x7Qa";
inline constexpr auto badKey = "sk-bad-00123456789abcdef-9tRe";

// Lists two models for the good key, refuses every other.
support::Script answerListing(const support::ReceivedRequest &request);

// The dialog in which a channel is added or edited. What its tests have in common.
class ChannelDialogFixture : public QObject
{
    Q_OBJECT

protected slots:
    void initTestCase();
    void cleanup();

protected:
    ui::ChannelDialog *open(std::optional<domain::Channel> edited = {});
    template<typename T>
    T *field(const QString &name) const
    {
        return tests::field<T>(m_dialog.get(), name);
    }
    QPushButton *button(const QString &text) const
    {
        return tests::button<QPushButton>(m_dialog.get(), text);
    }
    bool says(const QString &text) const;
    // Has a good key tested there, which tells of two models.
    void testAt(const support::FakeUpstream &upstream);
    void type(const QString &name, const QString &text);
    void click(const QString &text) { QTest::mouseClick(button(text), Qt::LeftButton); }
    ui::ChannelKeys *keys() const { return m_dialog->findChild<ui::ChannelKeys *>(); }
    QAbstractItemModel *keyTable() const { return keys()->findChild<ui::TableView *>()->model(); }
    domain::Channel stored(domain::ChannelId id);
    domain::Channel addChannel(const QString &name, const QList<QByteArray> &secrets);

    std::unique_ptr<support::WindowFixture> m_fixture{};
    std::unique_ptr<ui::ChannelDialog> m_dialog{};
    std::optional<domain::Channel> m_saved{};
};

} // namespace gatehouse::tests
