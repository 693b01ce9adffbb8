#pragma once

#include "preferences/settingsstore.h"
#include "widgets/livetext.h"

#include <QScrollArea>

class QVBoxLayout;

namespace gatehouse::ui {

class SectionHeading;
class SettingRow;
class SettingsBlock;

// A part of a pane under one heading: rows, and maybe something of another kind.
struct SectionSpec
{
    std::function<QString()> title{};
    QStringList keys{};
    std::function<SettingsBlock *(QWidget *parent)> block{}; // may be empty
    std::function<QString()> words{};                        // by which the block is found
    bool blockFirst = false;
};

// One of the pages of settings.
struct PaneSpec
{
    QString id{};
    QString icon{};
    std::function<QString()> title{};
    std::vector<SectionSpec> sections{};

    QStringList keys() const;
    // All that a search may find it by.
    QStringList searched(const SettingsStore &store) const;
};

// Shows the settings of one PaneSpec, one under the other.
class SettingsPane : public QScrollArea
{
    Q_OBJECT

public:
    SettingsPane(const PaneSpec &spec, SettingsStore &store, QWidget *parent);

    // Shows only what matches; everything for an empty text.
    void search(const QString &text);
    // Scrolls to the row of the setting and gives it the focus. False: it is not here.
    bool showSetting(const QString &key);
    // Scrolls to the section of that number and gives its first control the focus.
    void showSection(size_t number);
    void activate();
    // What goes on for a while in one of its blocks; empty: nothing.
    QString job() const;

signals:
    void noticeRaised(const gatehouse::ui::LiveText &text);
    void failed(const gatehouse::ui::LiveText &text);
    void jobChanged();

protected:
    void changeEvent(QEvent *event) override;

private:
    struct Section
    {
        SectionSpec spec{};
        QWidget *whole = nullptr;
        QList<SettingRow *> rows{};
        SettingsBlock *block = nullptr;
        QString job{}; // of the block
    };

    Section makeSection(const SectionSpec &spec, SettingsStore &store);
    void noteJob(const SettingsBlock *block, const QString &text);

    const std::function<QString()> m_title;
    std::vector<Section> m_sections{};
    QVBoxLayout *m_column = nullptr;
};

} // namespace gatehouse::ui
