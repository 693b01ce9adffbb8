#include "settings/privacyblock.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "theme/theme.h"
#include "widgets/dialogs/confirmation.h"
#include "widgets/format.h"
#include "widgets/translated.h"

#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

PrivacyBlock::PrivacyBlock(const Services &services, QWidget *parent)
    : SettingsBlock(parent)
    , m_services(services)
    , m_kept(makeText())
    , m_remove(new QPushButton(this))
{
    auto *whole = new QWidget(this);
    auto *stack = new QVBoxLayout(whole);
    stack->setContentsMargins(0, 0, 0, 0);
    stack->setSpacing(Theme::px(3));
    m_remove->setAutoDefault(false);
    stack->addWidget(m_remove, 0, Qt::AlignLeft);
    stack->addWidget(m_kept);
    addLine([] { return tr("Kept now"); }, whole);
    connect(m_remove, &QPushButton::clicked, this, &PrivacyBlock::ask);
    (new Translated(this))->add([this] { refresh(); });
}

void PrivacyBlock::activated()
{
    admin::whenDone(m_services.administration.captures.totals(),
                    this,
                    [this](const base::Result<admin::CaptureTotals> &totals) {
                        if (!totals)
                            return emit failed(totals.error().message);
                        m_totals = *totals;
                        refresh();
                    });
}

void PrivacyBlock::refresh()
{
    const int requests = static_cast<int>(m_totals.requests);
    m_remove->setText(tr("Delete all heads and bodies…"));
    m_remove->setEnabled(requests > 0);
    m_kept->setText(requests == 0
                        ? tr("Nothing of any request is kept.")
                        : tr("Heads and bodies of %n requests, %1 on the disk.", nullptr, requests)
                              .arg(Format::bytes(m_totals.bytes)));
}

void PrivacyBlock::ask()
{
    Confirmation::ask(this,
                      {.title = tr("Delete all heads and bodies"),
                       .heading = tr("Delete what is kept of %n requests?",
                                     nullptr,
                                     static_cast<int>(m_totals.requests)),
                       .text = tr("The requests stay in the list with their figures and costs. "
                                  "What was sent and answered cannot be had back, not even of "
                                  "bookmarked requests."),
                       .action = tr("Delete all")},
                      [this] { removeAll(); });
}

void PrivacyBlock::removeAll()
{
    admin::whenDone(m_services.administration.captures.forgetAll(),
                    this,
                    [this](const base::Result<qint64> &removed) {
                        emit failed(removed ? LiveText() : removed.error().message);
                        if (removed) {
                            emit noticeRaised([count = static_cast<int>(*removed)] {
                                return tr(
                                    "Deleted heads and bodies of %n requests", nullptr, count);
                            });
                        }
                        activated();
                    });
}

} // namespace gatehouse::ui
