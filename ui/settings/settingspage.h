#pragma once

#include "settings/settingspane.h"
#include "widgets/page.h"

#include <map>
#include <memory>

class QStackedWidget;

namespace gatehouse::ui {

class EmptyState;
class MessageBar;
class PageHeader;
class RestartBar;
class SearchableList;

// All settings: the list of their pages with a search over all of them, and the page that is shown.
// The key of a setting as the filter leads to its row.
class SettingsPage : public Page
{
    Q_OBJECT

public:
    // What waits for a restart of the listener lives in `store`, on when the page is dropped.
    SettingsPage(const Services &services,
                 std::shared_ptr<SettingsStore> store,
                 QWidget *parent = nullptr);
    ~SettingsPage() override;

    void setFilter(const QString &text) override;
    void focusFilter() override;
    std::vector<PagePlace> places() const override;
    void showPlace(const QString &id) override;
    void showJob() override;
    QList<QWidget *> panes() override;

    QString currentPane() const { return m_current; }
    void showPane(const QString &id);
    // The tray came up or went away, or the like: what the program around the window says is asked anew.
    void surroundingsChanged();

protected:
    void activated() override;

private:
    using Panes = std::map<QString, SettingsPane *>;

    void build();
    void setTexts();
    void fillList();
    SettingsPane *pane(const QString &id);
    void search(const QString &text);
    Panes::const_iterator busyPane() const;
    void noteJobs();
    void showSetting(const QString &key);
    void notePaneFailure(const QString &pane, const LiveText &text);
    void showPaneFailure();
    void showFailure(const LiveText &text);

    void apply();
    void discard();
    void restart();
    void gatewayChanged();
    void useFreePort(quint16 port);
    void goBack();

    const std::shared_ptr<SettingsStore> m_keeper;
    SettingsStore &m_store;
    const std::vector<PaneSpec> m_specs;
    Panes m_panes{};                          // those that were shown
    std::map<QString, LiveText> m_failures{}; // of the panes
    QString m_current{};
    PageHeader *m_header = nullptr;
    MessageBar *m_messages = nullptr;
    SearchableList *m_list = nullptr;
    QStackedWidget *m_stack = nullptr;
    EmptyState *m_nothing = nullptr; // no setting matches the search
    RestartBar *m_bar = nullptr;
    bool m_applied = false; // the listener is being restarted from here
};

} // namespace gatehouse::ui
