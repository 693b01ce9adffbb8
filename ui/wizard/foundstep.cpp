#include "wizard/foundstep.h"

#include "admin/administration.h"
#include "admin/channels/channeltester.h"
#include "admin/flow.h"
#include "theme/theme.h"
#include "widgets/busyline.h"
#include "widgets/buttons.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"
#include "wizard/founddelegate.h"

#include <QDir>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QListView>
#include <QPointer>
#include <QPushButton>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

using Found = std::vector<admin::FoundProvider>;

// Every place that discovery looks at, with what came of it.
std::vector<FoundModel::Looked> lookedAt(const admin::Discovery &discovery, const Found &found)
{
    std::vector<FoundModel::Looked> all;
    for (const QString &variable : admin::discoveryVariables())
        all.push_back({.name = variable, .answered = discovery.isSet(variable)});
    for (const QString &profile : admin::profileFiles())
        all.push_back({.name = QFileInfo(profile).fileName(),
                       .place = profile,
                       .answered = discovery.profiles().contains(profile)});
    for (const admin::DiscoveryPlace &place : discovery.places()) {
        const bool answered = std::any_of(found.begin(), found.end(), [&place](const auto &each) {
            return each.origin == place.url;
        });
        all.push_back({.name = place.name, .place = place.url, .answered = answered});
    }
    return all;
}

} // namespace

FoundStep::FoundStep(const Services &services,
                     const QMap<QString, QString> &environment,
                     std::vector<admin::DiscoveryPlace> places,
                     const QStringList &files,
                     QWidget *parent)
    : WizardStep(parent)
    , m_services(services)
    , m_discovery(environment, std::move(places))
    , m_model(new FoundModel(this))
    , m_files(files.begin(), files.end())
{
    setTexts([] { return tr("Found on this computer"); },
             [] {
                 return tr("Nothing is taken over without a tick. Keys are copied and kept "
                           "encrypted; your files stay as they are.");
             });
    build();
    connect(m_model, &FoundModel::tickChanged, this, [this](size_t found, bool ticked) {
        if (ticked)
            ask(found);
        emit changed();
    });
    admin::whenDone(m_discovery.scan(), this, [this](base::Result<Found> found) {
        scanned(found ? std::move(*found) : Found());
    });
    showState();
}

FoundStep::~FoundStep()
{
    m_stop.request_stop();
}

void FoundStep::build()
{
    m_busy = new BusyLine(this);
    m_view = new QListView(this);
    m_view->setObjectName(u"found"_s);
    m_view->setModel(m_model);
    m_view->setItemDelegate(new FoundDelegate(m_view));
    m_view->setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_view->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_view->setMouseTracking(true);
    m_view->setTabKeyNavigation(false);
    m_nothing = makeNote([] {
        return tr("Nothing was found. Add a key by hand, or go on: channels can be added at any "
                  "time.");
    });
    m_looked = makeLinkButton(QString(), this);
    m_add = makeLinkButton(QString(), this);
    connect(m_add, &QPushButton::clicked, this, &FoundStep::addRequested);
    connect(m_looked, &QPushButton::clicked, this, [this] {
        m_model->setShowsLooked(!m_model->showsLooked());
        showState();
        // They begin below what was found.
        if (m_model->showsLooked())
            m_view->scrollTo(m_model->index(m_model->lookedRow()), QListView::PositionAtTop);
    });
    auto *links = new QHBoxLayout;
    links->addWidget(m_looked);
    links->addStretch(1);
    links->addWidget(m_add);
    content()->setSpacing(Theme::px(4));
    content()->addWidget(m_busy);
    content()->addWidget(m_nothing);
    content()->addWidget(m_view, 1);
    content()->addLayout(links);
    content()->addStretch(0);
    texts()->add([this] {
        m_view->setAccessibleName(tr("Found on this computer"));
        m_add->setText(tr("Add a key by hand…"));
        m_model->retranslate();
        showState();
    });
}

void FoundStep::scanned(Found found)
{
    m_isScanning = false;
    m_made.clear();
    for (size_t i = 0; i < found.size(); ++i)
        m_made.push_back(std::make_shared<std::optional<domain::ChannelId>>());
    m_asked.assign(found.size(), false);
    m_model->setFound(std::move(found));
    showLooked();
    lookAtFiles();
    showState();
    emit changed();
}

// Each is read in the services' own thread. What is very large takes its time, and is left to the settings.
void FoundStep::lookAtFiles()
{
    constexpr qint64 largest = 64 * 1024 * 1024;
    m_filesLeft = m_files.size();
    for (size_t i = 0; i < m_files.size(); ++i) {
        m_lookedFiles.push_back({.name = QFileInfo(m_files[i]).fileName(),
                                 .place = QDir::toNativeSeparators(m_files[i])});
        admin::whenDone(
            m_services.administration.imports.look(m_services.actor, m_files[i], m_stop, largest),
            this,
            [this, i](const base::Result<admin::ImportPreview> &preview) {
                lookedAtFile(i, preview);
            });
    }
}

void FoundStep::lookedAtFile(size_t file, const base::Result<admin::ImportPreview> &preview)
{
    --m_filesLeft;
    FoundModel::Looked &looked = m_lookedFiles.at(file);
    looked.answered = preview.has_value();
    if (!preview && preview.error().code != base::ErrorCode::NotFound)
        looked.problem = preview.error().message.translated();
    if (preview) {
        const admin::ImportReport &report = preview->report;
        const bool isWhole = admin::isGateway(report.source);
        admin::FoundProvider found{.source = admin::FoundProvider::Source::File,
                                   .origin = m_files[file]};
        found.channel.name = admin::sourceName(report.source);
        found.channels = isWhole ? report.count(admin::ImportKind::Channel).imported
                                 : static_cast<qint64>(preview->fresh().size());
        found.users = report.count(admin::ImportKind::User).imported;
        found.tokens = report.count(admin::ImportKind::Token).imported;
        if (found.channels + found.users + found.tokens > 0)
            addFound(std::move(found));
    }
    showLooked();
    showState();
}

void FoundStep::addFound(admin::FoundProvider found)
{
    const int row = m_view->currentIndex().row();
    m_made.push_back(std::make_shared<std::optional<domain::ChannelId>>());
    m_asked.push_back(false);
    m_model->addFound(std::move(found));
    m_view->setCurrentIndex(m_model->index(row));
    emit changed();
}

void FoundStep::showLooked()
{
    std::vector<FoundModel::Looked> all = lookedAt(m_discovery, m_model->found());
    all.insert(all.end(), m_lookedFiles.begin(), m_lookedFiles.end());
    m_model->setLooked(std::move(all));
}

void FoundStep::showState()
{
    const bool isBusy = m_isScanning || m_filesLeft > 0;
    m_busy->setBusy(isBusy);
    const bool isEmpty = m_model->rowCount() == 0;
    m_nothing->setVisible(!isBusy && m_model->found().empty());
    m_view->setVisible(!isEmpty || isBusy);
    const auto looked =
        static_cast<int>(admin::discoveryVariables().size() + admin::profileFiles().size()
                         + qsizetype(m_discovery.places().size()) + qsizetype(m_files.size()));
    m_looked->setVisible(!m_isScanning);
    m_looked->setText(m_model->showsLooked() ? tr("Hide what was looked at")
                                             : tr("What was looked at (%1)").arg(looked));
}

// Only of what was ticked: the key goes to the provider then.
void FoundStep::ask(size_t found)
{
    const admin::FoundProvider &provider = m_model->found().at(found);
    if (provider.source != admin::FoundProvider::Source::Environment || m_asked.at(found))
        return;
    m_asked.at(found) = true;
    m_model->setState(found, tr("asking…"), Tone::Busy, true);
    // Goes on where this step is gone before the provider answers.
    admin::ChannelService *channels = &m_services.administration.channels;
    m_services.tester.testDraft({.channel = provider.channel})
        .then(channels,
              [channels, made = m_made.at(found), found, step = QPointer(this)](
                  const base::Result<admin::DraftTestReport> &report) {
                  if (step)
                      step->answered(found, report);
                  if (!*made || !report || report->models.isEmpty())
                      return;
                  channels->change(**made, [models = report->models](domain::Channel &channel) {
                      if (channel.models.isEmpty())
                          channel.models = models;
                      return base::Result<>();
                  });
              });
}

void FoundStep::answered(size_t found, const base::Result<admin::DraftTestReport> &report)
{
    if (report && !report->models.isEmpty())
        return m_model->setModels(found, report->models);
    m_asked.at(found) = false; // ticked again, it is asked again
    QString reason = report ? QString() : report.error().message.translated();
    bool isRefused = false;
    if (report && !report->keys.empty()) {
        reason = report->keys.front().text.translated();
        isRefused = report->keys.front().refusal.has_value();
    }
    if (reason.isEmpty())
        reason = tr("no models listed");
    m_model->setState(found, reason, isRefused ? Tone::Action : Tone::Failure);
}

std::vector<domain::Channel> FoundStep::chosen() const
{
    std::vector<domain::Channel> channels;
    for (const size_t each : tickedProviders())
        channels.push_back(m_model->found().at(each).channel);
    return channels;
}

QStringList FoundStep::chosenFiles() const
{
    QStringList files;
    for (const size_t each : m_model->ticked()) {
        const admin::FoundProvider &found = m_model->found().at(each);
        if (found.source == admin::FoundProvider::Source::File)
            files.append(found.origin);
    }
    return files;
}

std::vector<size_t> FoundStep::tickedProviders() const
{
    std::vector<size_t> ticked = m_model->ticked();
    std::erase_if(ticked, [this](size_t each) {
        return m_model->found().at(each).source == admin::FoundProvider::Source::File;
    });
    return ticked;
}

void FoundStep::noteMade(const std::vector<std::optional<domain::Channel>> &made)
{
    const std::vector<size_t> ticked = tickedProviders();
    for (size_t i = 0; i < std::min(ticked.size(), made.size()); ++i) {
        if (made[i])
            *m_made.at(ticked[i]) = made[i]->id;
    }
}

QString FoundStep::continueText() const
{
    const size_t ticked = m_model->ticked().size();
    return ticked == 0 ? WizardStep::continueText() : tr("Continue with %1").arg(ticked);
}

void FoundStep::entered()
{
    if (!m_view->currentIndex().isValid() && m_model->rowCount() > 1)
        m_view->setCurrentIndex(m_model->index(1));
}

} // namespace gatehouse::ui
