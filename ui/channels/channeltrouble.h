#pragma once

#include "channels/channelcolumns.h"

#include <QObject>
#include <QSet>

#include <functional>

namespace gatehouse::ui {

class MessageBar;

// Says in the message bar of the page which channels need a person, and what can be done.
class ChannelTrouble : public QObject
{
    Q_OBJECT

public:
    ChannelTrouble(MessageBar *bar, QObject *parent = nullptr);

    // Of all channels, as they are now.
    void show(const std::vector<ChannelRow> &rows);

signals:
    void errorsRequested(gatehouse::domain::ChannelId channel);
    void resetRequested(gatehouse::domain::ChannelId channel);
    void keysRequested(gatehouse::domain::ChannelId channel);
    void disableRequested(gatehouse::domain::ChannelId channel);

private:
    void showOne(const ChannelRow &row, const QString &messageId);
    // Makes the text, in the language of the moment.
    static std::function<QString()> elsewhere(const ChannelRow &row,
                                              const std::vector<ChannelRow> &rows);

    MessageBar *const m_bar;
    QSet<QString> m_dismissed{}; // messages that the person closed; until the trouble is over
    QSet<QString> m_shown{};
    const std::vector<ChannelRow> *m_rows = nullptr; // during show()
};

} // namespace gatehouse::ui
