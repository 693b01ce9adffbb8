#pragma once

#include "admin/channels/discovery.h"
#include "admin/import/importservice.h"
#include "widgets/services.h"
#include "wizard/foundmodel.h"
#include "wizard/wizardstep.h"

#include <memory>
#include <stop_token>

class QListView;
class QPushButton;

namespace gatehouse::admin {
struct DraftTestReport;
}

namespace gatehouse::ui {

class BusyLine;

// The second screen: keys of the environment, servers of models on this computer and files of other
// programs, to be ticked. A provider whose key is ticked is asked for its models.
class FoundStep : public WizardStep
{
    Q_OBJECT

public:
    // Looks around at once, in the background.
    FoundStep(const Services &services,
              const QMap<QString, QString> &environment,
              std::vector<admin::DiscoveryPlace> places,
              const QStringList &files = {},
              QWidget *parent = nullptr);
    ~FoundStep() override;

    // What is ticked, as channels to be made.
    std::vector<domain::Channel> chosen() const;
    // The files that are ticked, to be imported.
    QStringList chosenFiles() const;
    // They were made, in the order of chosen(); absent: one was not. Models that a provider lists later
    // are added to them.
    void noteMade(const std::vector<std::optional<domain::Channel>> &made);
    QString continueText() const override;
    void entered() override;

    FoundModel &model() { return *m_model; }

signals:
    // The person wants to enter a channel.
    void addRequested();

private:
    // The channel that was made of something found; none yet.
    using Made = std::shared_ptr<std::optional<domain::ChannelId>>;

    void build();
    void scanned(std::vector<admin::FoundProvider> found);
    void lookAtFiles();
    void lookedAtFile(size_t file, const base::Result<admin::ImportPreview> &preview);
    void addFound(admin::FoundProvider found);
    void showLooked();
    std::vector<size_t> tickedProviders() const;
    void ask(size_t found);
    void answered(size_t found, const base::Result<admin::DraftTestReport> &report);
    void showState();

    const Services m_services;
    admin::Discovery m_discovery;
    FoundModel *m_model;
    const std::vector<QString> m_files;
    std::vector<FoundModel::Looked> m_lookedFiles{}; // in the order of m_files
    size_t m_filesLeft = 0;
    std::stop_source m_stop{}; // of the reading of files
    std::vector<Made> m_made{};
    std::vector<bool> m_asked{};
    bool m_isScanning = true;
    QListView *m_view = nullptr;
    BusyLine *m_busy = nullptr;
    QWidget *m_nothing = nullptr;
    QPushButton *m_looked = nullptr;
    QPushButton *m_add = nullptr;
};

} // namespace gatehouse::ui
