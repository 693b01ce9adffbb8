#pragma once

#include "admin/channels/channelchange.h"
#include "channeleditor/channelkeytable.h"

#include <QWidget>

class QLineEdit;
class QPushButton;

namespace gatehouse::ui {

class KeyListEdit;
class SecondaryLabel;
class TableView;
class WebLink;

// The keys of a channel that is being edited: a field for new ones, and a table of all with what
// their test said, in which stored ones are switched off, replaced and removed. Stored keys are
// known by their last characters alone.
class ChannelKeys : public QWidget
{
    Q_OBJECT
    Q_PROPERTY(size_t entered READ entered USER true)

public:
    explicit ChannelKeys(QWidget *parent = nullptr);

    // What is stored of the channel so far.
    void setStored(const QList<domain::ChannelKey> &keys);
    // How the stored ones end, once it is known.
    void setEndings(const std::vector<admin::ChannelKeyView> &views);
    void addTyped(const QList<base::Secret> &keys);
    // Those in the field.
    QList<base::Secret> typed() const;
    // The keys as they would be stored; those that stay have an id and no secret.
    QList<domain::ChannelKey> keys() const;
    // Another one after each change by the person.
    size_t entered() const;
    // Whether one is left that would be used.
    bool hasUsable() const;

    // Where people get one; empty: no link is shown.
    void setKeyPage(const QUrl &page);
    // What the keys look like, such as "recognised as Anthropic"; empty: nothing is known.
    void setRecognition(const QString &text);
    // What else is to be said under the field of the keys in it, or of those that did not come there.
    void setCautions(const QStringList &texts);
    // Which of typed() other channels have.
    void setKnown(const std::vector<admin::KnownKey> &known);

    // Test results belong to keys() at the time of beginTest(); the field cannot be edited meanwhile.
    // `chats`: each key is sent a message, too.
    void beginTest(bool chats);
    void showReport(const admin::DraftKeyReport &report);
    void endTest();
    void forgetResults();
    bool isTested() const;

    KeyListEdit *field() const { return m_field; }

signals:
    // By the person.
    void changed();
    // See KeyListEdit::pasted().
    void pasted(const QString &text, bool *taken);

private:
    using Row = ChannelKeyRow;

    void build();
    QWidget *makeTools();
    void typedChanged();
    void refresh();
    void refreshNotes();
    void showFailure();
    void fitHeight();
    void describe();
    void chooseRow();
    void removeCurrent();
    void replaceCurrent();
    const Row *currentRow() const;
    Row *storedRow(qint64 id);
    std::vector<Row> rows() const;
    bool switchesOff(const Row &row) const;
    static QString endingOf(const base::Secret &key);

    KeyListEdit *m_field = nullptr;
    SecondaryLabel *m_count = nullptr;
    WebLink *m_page = nullptr;
    QPushButton *m_reveal = nullptr;
    SecondaryLabel *m_note = nullptr;
    ChannelKeyTable *m_table = nullptr;
    TableView *m_view = nullptr;
    SecondaryLabel *m_failure = nullptr;
    QWidget *m_tools = nullptr;
    QLineEdit *m_replacement = nullptr;
    QPushButton *m_replace = nullptr;
    QPushButton *m_remove = nullptr;
    QList<domain::ChannelKey> m_before{};
    std::vector<Row> m_stored{};
    QHash<qint64, base::Secret> m_replacements{}; // by the stored key's id
    QHash<QByteArray, Row> m_new{};               // by the key: results, and who else has it
    std::vector<std::pair<qint64, QByteArray>> m_order{}; // of the keys under test
    QString m_recognition{};
    QStringList m_cautions{};
    bool m_testing = false;
};

} // namespace gatehouse::ui
