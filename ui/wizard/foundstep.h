#pragma once

#include "admin/channels/discovery.h"
#include "widgets/services.h"
#include "wizard/wizardstep.h"

#include <memory>

class QListView;
class QPushButton;

namespace gatehouse::admin {
struct DraftTestReport;
}

namespace gatehouse::ui {

class BusyLine;
class FoundModel;

// The second screen: keys of the environment and servers of models on this computer, to be ticked. A
// provider whose key is ticked is asked for its models.
class FoundStep : public WizardStep
{
    Q_OBJECT

public:
    // Looks around at once, in the background.
    FoundStep(const Services &services,
              const QMap<QString, QString> &environment,
              std::vector<admin::DiscoveryPlace> places,
              QWidget *parent = nullptr);

    // What is ticked, as channels to be made.
    std::vector<domain::Channel> chosen() const;
    // They were made, in the order of chosen(); absent: one was not. Models that a provider lists later are added to them.
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
    void ask(size_t found);
    void answered(size_t found, const base::Result<admin::DraftTestReport> &report);
    void showState();

    const Services m_services;
    admin::Discovery m_discovery;
    FoundModel *m_model;
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
