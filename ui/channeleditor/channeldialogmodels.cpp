// Testing the keys of a ChannelDialog, and the models that it offers.
#include "admin/channels/channeltester.h"
#include "admin/flow.h"
#include "channeleditor/channeladvanced.h"
#include "channeleditor/channeldialog.h"
#include "channeleditor/channelkeys.h"
#include "channeleditor/channelmodelsheet.h"
#include "widgets/busyline.h"
#include "widgets/fields/searchablelist.h"
#include "widgets/fields/tagedit.h"
#include "widgets/messagebar.h"

#include <QCheckBox>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// More are not shown as chips, and not taken over without being asked for.
constexpr qsizetype mostChips = 24;
constexpr auto testMessage = "test"_L1;

} // namespace

void ChannelDialog::startOrStopTest()
{
    if (m_testing) {
        m_services.tester.cancelDraftTests();
        return;
    }
    m_messages->removeMessage(testMessage);
    m_keys->beginTest(m_chat->isChecked());
    setTesting(true);
    const domain::Channel draft = channel();
    admin::whenDone(
        m_services.tester.testDraft(
            {.channel = draft, .chat = m_chat->isChecked(), .model = draft.testModel}),
        this,
        [this](const base::Result<admin::DraftTestReport> &report) { finishTest(report); });
}

void ChannelDialog::setTesting(bool testing)
{
    m_testing = testing;
    m_test->setText(testing ? tr("Stop") : tr("Test && fetch models"));
    m_busy->setBusy(testing);
    m_gallery->setEnabled(!testing);
    m_url->setReadOnly(testing);
    m_chat->setEnabled(!testing);
    review();
}

void ChannelDialog::finishTest(const base::Result<admin::DraftTestReport> &report)
{
    if (report) {
        for (const admin::DraftKeyReport &key : report->keys)
            m_keys->showReport(key);
    }
    m_keys->endTest();
    setTesting(false);
    if (!report) {
        m_messages->showMessage(
            {.id = testMessage, .tone = Tone::Failure, .text = report.error().message});
        return;
    }
    // A channel without keys has no row for what went wrong; of Echo the rows are not shown.
    const bool hasRows = takesKeys() && !m_keys->keys().isEmpty();
    const bool failed = !hasRows && !report->keys.empty() && report->models.isEmpty();
    if (failed && !report->keys.front().text.isEmpty()) {
        m_messages->showMessage(
            {.id = testMessage, .tone = Tone::Failure, .text = report->keys.front().text});
    }
    if (report->models.isEmpty())
        return reviewNotes();
    m_listed = report->models;
    takeModels(report->models);
}

// The first list is taken over if it is short; later ones are there to choose from.
void ChannelDialog::takeModels(const QStringList &listed)
{
    m_models->setProposals(listed);
    m_advanced->setModels(listed);
    if (models().isEmpty() && listed.size() <= mostChips) {
        setModels(listed);
        m_filled = models();
    }
    reviewNotes();
}

// What another provider, or the one at another address, said says nothing of the present one.
void ChannelDialog::forgetListing()
{
    m_listed.clear();
    m_models->setProposals({});
    m_advanced->setModels({});
    m_messages->removeMessage(testMessage);
}

// Those that a person typed or chose stay.
void ChannelDialog::forgetModels()
{
    forgetListing();
    QStringList kept = models();
    for (const QString &model : std::exchange(m_filled, {}))
        kept.removeAll(model);
    if (kept != models())
        setModels(kept);
}

QStringList ChannelDialog::models() const
{
    return m_models->tags();
}

void ChannelDialog::setModels(const QStringList &models)
{
    QStringList unique = models;
    unique.removeDuplicates();
    m_models->setTags(unique);
    const bool many = unique.size() > mostChips;
    m_modelStack->setCurrentIndex(many ? 1 : 0);
    m_models->setSizePolicy(QSizePolicy::Expanding,
                            many ? QSizePolicy::Ignored : QSizePolicy::Preferred);
    constexpr qsizetype named = 3;
    m_modelSummary->setText(
        tr("%1 and %n more", nullptr, static_cast<int>(qMax<qsizetype>(0, unique.size() - named)))
            .arg(QStringList(unique.mid(0, named)).join(u", "_s)));
    m_modelSummary->setCursorPosition(0);
    reviewNotes();
}

void ChannelDialog::chooseModels()
{
    m_models->commitText();
    auto *sheet = new ChannelModelSheet(m_listed, models(), this);
    sheet->setAttribute(Qt::WA_DeleteOnClose);
    connect(sheet, &ChannelModelSheet::confirmed, this, [this](const QStringList &chosen) {
        m_filled.clear();
        setModels(chosen);
    });
    sheet->open();
}

} // namespace gatehouse::ui
