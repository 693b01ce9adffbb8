#pragma once

#include "channels/channelspage.h"
#include "ui/windowfixture.h"
#include "widgets/table/tableview.h"

#include <QTest>

namespace gatehouse::tests {

// The page of channels, without any at first. What its tests have in common.
class ChannelsFixture : public QObject
{
    Q_OBJECT

protected slots:
    void initTestCase();
    void init();
    void cleanup();

protected:
    // Unless it says otherwise it is of the Echo provider and serves "echo".
    domain::Channel add(domain::Channel channel);
    domain::Channel stored(domain::ChannelId id);

    ui::TableView *view() const;
    int viewRow(domain::ChannelId id) const;
    QModelIndex cell(domain::ChannelId id, const QString &column) const;
    void select(const QList<domain::ChannelId> &ids);
    QStringList namesInOrder() const;
    QAction *action(const QString &name) const;
    void trigger(const QString &name);
    template<typename T>
    T *dialog() const
    {
        return m_page->findChild<T *>();
    }

    std::unique_ptr<support::WindowFixture> m_fixture{};
    std::unique_ptr<ui::ChannelsPage> m_page{};
};

} // namespace gatehouse::tests
