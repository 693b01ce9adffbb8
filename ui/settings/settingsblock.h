#pragma once

#include "widgets/livetext.h"
#include "widgets/secondarylabel.h"

#include <QWidget>

#include <functional>

class QVBoxLayout;

namespace gatehouse::ui {

// A part of a page of settings that is more than rows of settings.
class SettingsBlock : public QWidget
{
    Q_OBJECT

public:
    // Called when it becomes visible to a person, for fetching what is shown.
    virtual void activated() {}
    // Whether what was entered for the setting, in a row beside the block, is not stored (yet).
    virtual void notePending(const QString &key, bool pending);

signals:
    // Something short for the status bar.
    void noticeRaised(const gatehouse::ui::LiveText &text);
    // What goes on for a while, for the header; the page stays as long. Empty: nothing.
    void jobChanged(const QString &text);
    // For the message bar; an empty text takes the message away.
    void failed(const gatehouse::ui::LiveText &text);

protected:
    explicit SettingsBlock(QWidget *parent);
    QVBoxLayout *column() const { return m_column; }
    // A line with a label in the column of the rows' labels. `tall`: it begins with a control, whose
    // text is lower than that of a label.
    QWidget *addLine(std::function<QString()> label, QWidget *content, bool tall = true);
    SecondaryLabel *makeText(TextRole role = TextRole::Small);
    // Host and port of an address, for a text.
    static QString placeOf(const QString &address);

private:
    QVBoxLayout *m_column;
};

} // namespace gatehouse::ui
