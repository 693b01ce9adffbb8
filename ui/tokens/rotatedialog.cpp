#include "tokens/rotatedialog.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "theme/theme.h"
#include "tokens/tokencolumns.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/dialogs/dialoglayout.h"
#include "widgets/fields/form.h"
#include "widgets/format.h"
#include "widgets/secondarylabel.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

RotateDialog::RotateDialog(const Services &services,
                           const admin::TokenListing &listing,
                           QWidget *parent)
    : QDialog(parent)
    , m_services(services)
    , m_id(listing.token.id)
    , m_grace(new QComboBox(this))
    , m_problem(new QLabel(this))
{
    const domain::Token &token = listing.token;
    setWindowTitle(tr("Rotate token"));
    m_grace->addItem(tr("No longer: it is void at once"), 0);
    m_grace->addItem(tr("1 hour"), 3600);
    m_grace->addItem(tr("24 hours"), 24 * 3600);
    m_grace->setCurrentIndex(1);
    auto *text = new QLabel(tr("%1 gets a new key. Programs need it in place of the former one; "
                               "this cannot be undone.")
                                .arg(Format::quoted(token.name)),
                            this);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    auto *caution = new SecondaryLabel(TextRole::Small, this);
    caution->setWordWrap(true);
    caution->setTone(Tone::Caution);
    caution->setVisible(isInGrace(token));
    if (isInGrace(token)) {
        const QDateTime until = QDateTime::fromSecsSinceEpoch(token.formerValidUntil);
        const QString ends = tr("The key before the present one was to stay valid until %1. It is "
                                "void as soon as you rotate again.")
                                 .arg(Format::full(until));
        const QString users = formerUsersText(listing);
        caution->setText(users.isEmpty() ? ends
                                         : tr("%1 It is still used by:\n%2").arg(ends, users));
    }
    m_problem->setTextFormat(Qt::PlainText);
    m_problem->setWordWrap(true);
    m_problem->hide();
    auto *form = new Form(this);
    form->addField(m_grace, [] { return tr("The former key stays valid"); });
    auto *footer = new DialogFooter(this);
    m_rotate = footer->addButton(tr("Rotate"), QDialogButtonBox::AcceptRole);
    footer->addButton(QDialogButtonBox::Cancel);
    connect(m_rotate, &QPushButton::clicked, this, &RotateDialog::rotate);
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);

    QVBoxLayout *content = layOut(this, footer);
    content->setSpacing(Theme::px(12));
    content->addWidget(text);
    content->addWidget(caution);
    content->addWidget(form);
    content->addWidget(m_problem);
    content->addStretch(1);
    resize(Theme::px(480), 0);
    fit();
}

void RotateDialog::fit()
{
    resize(width(), qMax(height(), layout()->totalHeightForWidth(width())));
}

void RotateDialog::rotate()
{
    m_rotate->setEnabled(false);
    const std::chrono::seconds grace(m_grace->currentData().toInt());
    admin::whenDone(m_services.administration.tokenManager.rotate(m_services.actor, m_id, grace),
                    this,
                    [this](const base::Result<admin::RotatedToken> &outcome) {
                        if (!outcome) {
                            m_problem->setText(outcome.error().message.translated());
                            m_problem->show();
                            fit();
                            m_rotate->setEnabled(true);
                            return;
                        }
                        accept();
                        emit rotated(outcome->token);
                    });
}

} // namespace gatehouse::ui
