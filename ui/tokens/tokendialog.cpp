#include "tokens/tokendialog.h"

#include "admin/administration.h"
#include "admin/flow.h"
#include "domain/networks.h"
#include "theme/theme.h"
#include "tokens/tokencolumns.h"
#include "widgets/fields/budgetfields.h"
#include "widgets/fields/calendarpopup.h"
#include "widgets/fields/form.h"
#include "widgets/fields/tagedit.h"
#include "widgets/format.h"
#include "widgets/naturalorder.h"
#include "widgets/secondarylabel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDateTimeEdit>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

// What the fields for networks and expiry offer besides a number of days.
enum Network { Anywhere, ThisComputer, LocalNetwork, OwnRanges };
constexpr int neverExpires = 0;
constexpr int ownDate = -1;
constexpr int keepsDate = -2;

QSpinBox *makeLimit(QWidget *parent, int most)
{
    auto *box = new QSpinBox(parent);
    box->setRange(0, most);
    box->setGroupSeparatorShown(true);
    return box;
}

void showLimit(QSpinBox *box, qint64 limit)
{
    const qint64 most = qMin<qint64>(limit, std::numeric_limits<int>::max());
    box->setMaximum(qMax(box->maximum(), static_cast<int>(most)));
    box->setValue(static_cast<int>(most));
}

// One that the field cannot hold stays as it was unless another is entered.
qint64 limitOf(const QSpinBox *box, qint64 former)
{
    return qMin<qint64>(former, box->maximum()) == box->value() ? former : box->value();
}

} // namespace

TokenDialog::TokenDialog(const Services &services,
                         std::optional<domain::Token> edited,
                         QWidget *parent)
    : FormDialog(parent)
    , m_services(services)
    , m_edited(std::move(edited))
{
    setWindowTitle(m_edited ? tr("Edit token") : tr("Create token"));
    build();
    fill(m_edited.value_or(domain::Token{.unlimited = true}));
    fillOwners();
    review();
    m_name->setFocus();
}

void TokenDialog::build()
{
    addIdentity();
    addBudget();
    addLimits();
    finish(
        m_edited ? tr("Save") : tr("Create"), [this] { save(); }, Overflow::Scrolled);
    resize(Theme::px(560), Theme::px(620));
}

void TokenDialog::addIdentity()
{
    m_name = new QLineEdit(this);
    m_name->setPlaceholderText(tr("Alice – laptop – Claude Code"));
    m_owner = new QComboBox(this);
    limitWidth(m_owner);
    m_expiry = new QComboBox(this);
    m_expiresAt = new QDateTimeEdit(this);
    CalendarPopup::give(m_expiresAt);
    m_expiresAt->setDisplayFormat(Format::momentPattern());
    m_expiresAt->setAccessibleName(tr("Expires at"));
    form()->addField(
        m_name,
        [] { return tr("Name"); },
        [] { return tr("Whose, on which device, for which program."); });
    if (m_edited && isInGrace(*m_edited)) {
        auto *former = new SecondaryLabel(TextRole::Small, this);
        former->setWordWrap(true);
        former->setTone(Tone::Caution);
        former->setText(formerKeyText(*m_edited));
        form()->addControl(former);
    }
    form()->addField(m_owner, [] { return tr("Owner"); });
    form()->addLine({m_expiry, m_expiresAt}, [] { return tr("Expires"); });
    if (m_edited && m_edited->expiresAt >= 0)
        m_expiry->addItem(tr("As it is"), keepsDate);
    m_expiry->addItem(tr("Never"), neverExpires);
    for (const int days : {7, 30, 90})
        m_expiry->addItem(tr("In %n days", nullptr, days), days);
    m_expiry->addItem(tr("On a date"), ownDate);
    connect(m_name, &QLineEdit::textChanged, this, &TokenDialog::review);
    connect(m_expiry, &QComboBox::currentIndexChanged, this, [this] {
        const int days = m_expiry->currentData().toInt();
        m_expiresAt->setVisible(days == ownDate);
        review();
    });
    connect(m_expiresAt, &QDateTimeEdit::dateTimeChanged, this, &TokenDialog::review);
}

void TokenDialog::addBudget()
{
    m_unlimited = new QCheckBox(tr("No limit but the owner’s own balance"), this);
    form()->addSection([] { return tr("Budget"); });
    form()->addControl(m_unlimited);
    m_budget = new BudgetFields(
        form(), [] { return tr("In dollars; the token is refused when it is used up."); });
    connect(m_unlimited, &QCheckBox::toggled, this, [this](bool unlimited) {
        m_budget->setVisible(!unlimited);
        review();
    });
    connect(m_budget, &BudgetFields::edited, this, &TokenDialog::review);
}

void TokenDialog::addLimits()
{
    m_models = new TagEdit(this);
    m_models->setPlaceholderText(tr("all models of the owner’s group"));
    m_requests = makeLimit(this, 1'000'000);
    m_tokens = makeLimit(this, 1'000'000'000);
    m_concurrent = makeLimit(this, 10'000);
    for (QSpinBox *box : {m_requests, m_tokens, m_concurrent})
        box->setSpecialValueText(tr("no limit"));
    m_network = new QComboBox(this);
    m_network->addItem(tr("Anywhere"), Anywhere);
    m_network->addItem(tr("This computer only"), ThisComputer);
    m_network->addItem(tr("This computer and the local network"), LocalNetwork);
    m_network->addItem(tr("These addresses"), OwnRanges);
    m_ranges = new QLineEdit(this);
    m_ranges->setPlaceholderText(u"192.168.1.0/24, 10.1.2.3"_s);
    m_capture = new QComboBox(this);
    m_capture->addItem(tr("As the setting says"),
                       static_cast<int>(domain::TokenCapture::BySetting));
    m_capture->addItem(tr("Not at all"), static_cast<int>(domain::TokenCapture::Never));
    m_capture->addItem(tr("Always"), static_cast<int>(domain::TokenCapture::All));

    form()->addSection([] { return tr("What it may do"); });
    form()->addField(m_models, [] { return tr("Models"); });
    form()->addField(m_network, [] { return tr("Used from"); });
    form()->addField(
        m_ranges,
        [] { return tr("Addresses"); },
        [] { return tr("Addresses or ranges such as 192.168.1.0/24, separated by commas."); });
    form()->addField(m_requests, [] { return tr("Requests a minute"); });
    form()->addField(m_tokens, [] { return tr("Tokens a minute"); });
    form()->addField(m_concurrent, [] { return tr("At the same time"); });
    form()->addField(
        m_capture,
        [] { return tr("Keep bodies"); },
        [] { return tr("Heads and bodies of its requests, for the inspector."); });
    connect(m_network, &QComboBox::currentIndexChanged, this, [this] {
        form()->setFieldVisible(m_ranges, m_network->currentData().toInt() == OwnRanges);
        review();
    });
    connect(m_ranges, &QLineEdit::textChanged, this, &TokenDialog::review);
}

void TokenDialog::fill(const domain::Token &token)
{
    m_name->setText(token.name);
    m_expiresAt->setDateTime(token.expiresAt >= 0 ? QDateTime::fromSecsSinceEpoch(token.expiresAt)
                                                  : QDateTime::currentDateTime().addDays(30));
    m_expiry->setCurrentIndex(0);
    m_expiresAt->setVisible(false);
    m_models->setTags(token.models);
    m_unlimited->setChecked(token.unlimited);
    m_budget->fill(token.budget,
                   token.unlimited ? domain::Quota{10 * domain::Quota::perDollar} : token.balance);
    m_budget->setVisible(!token.unlimited);
    showLimit(m_requests, token.requestsPerMinute);
    showLimit(m_tokens, token.tokensPerMinute);
    showLimit(m_concurrent, token.concurrentRequests);
    const int network = token.addressRanges.isEmpty()                         ? Anywhere
                        : token.addressRanges == domain::thisComputerRanges() ? ThisComputer
                        : token.addressRanges == domain::localNetworkRanges() ? LocalNetwork
                                                                              : OwnRanges;
    m_ranges->setText(rangesText(token.addressRanges));
    m_network->setCurrentIndex(m_network->findData(network));
    form()->setFieldVisible(m_ranges, network == OwnRanges);
    m_capture->setCurrentIndex(m_capture->findData(static_cast<int>(token.capture)));
    if (const auto catalog = m_services.administration.publisher.catalog()) {
        QSet<QString> models;
        for (const auto &each : catalog->channels()) {
            const QStringList &offered = each->channel.models;
            models.unite(QSet<QString>(offered.begin(), offered.end()));
        }
        QStringList sorted(models.begin(), models.end());
        sortNaturally(sorted);
        m_models->setProposals(sorted);
    }
}

// The owner of a token cannot be changed; a new one can be made for anyone.
void TokenDialog::fillOwners()
{
    m_owner->addItem(m_services.actor.username, m_services.actor.id.value);
    m_owner->setEnabled(!m_edited);
    admin::whenDone(m_services.administration.users.listings(m_services.actor),
                    this,
                    [this](const base::Result<std::vector<admin::UserListing>> &users) {
                        if (!users)
                            return;
                        const qint64 wanted =
                            m_edited ? m_edited->userId.value : m_services.actor.id.value;
                        m_owner->clear();
                        for (const admin::UserListing &each : *users)
                            m_owner->addItem(each.user.username, each.user.id.value);
                        m_owner->setCurrentIndex(qMax(0, m_owner->findData(wanted)));
                    });
}

domain::Token TokenDialog::token() const
{
    domain::Token token = m_edited.value_or(domain::Token{});
    token.name = m_name->text().trimmed();
    const int days = m_expiry->currentData().toInt();
    if (days == neverExpires)
        token.expiresAt = -1;
    else if (days == ownDate)
        token.expiresAt = m_expiresAt->dateTime().toSecsSinceEpoch();
    else if (days != keepsDate)
        token.expiresAt = QDateTime::currentDateTime().addDays(days).toSecsSinceEpoch();
    m_models->commitText();
    token.models = m_models->tags();
    token.unlimited = m_unlimited->isChecked();
    token.budget = m_budget->budget();
    if (token.unlimited)
        token.budget.period = domain::BudgetPeriod::Once;
    else if (!token.budget.isPeriodic())
        token.balance = m_budget->balance().value_or(token.balance);
    token.requestsPerMinute = m_requests->value();
    token.tokensPerMinute = limitOf(m_tokens, token.tokensPerMinute);
    token.concurrentRequests = m_concurrent->value();
    token.capture = static_cast<domain::TokenCapture>(m_capture->currentData().toInt());
    switch (m_network->currentData().toInt()) {
    case ThisComputer:
        token.addressRanges = domain::thisComputerRanges();
        break;
    case LocalNetwork:
        token.addressRanges = domain::localNetworkRanges();
        break;
    case OwnRanges:
        token.addressRanges =
            domain::addressRangesFrom(m_ranges->text()).value_or(token.addressRanges);
        break;
    default:
        token.addressRanges.clear();
    }
    return token;
}

// Says under each field what is wrong with it. False: it cannot be saved so.
bool TokenDialog::review()
{
    if (!actionButton())
        return false;
    const QString name = m_name->text().trimmed();
    const qsizetype most = domain::Token::longestName;
    if (name.size() > most)
        form()->setError(m_name, tr("The name of a token has at most %1 characters.").arg(most));
    else
        form()->setMissing(m_name, name.isEmpty() ? tr("A token needs a name.") : QString());
    const bool past = m_expiry->currentData().toInt() == ownDate
                      && m_expiresAt->dateTime() <= QDateTime::currentDateTime();
    form()->setError(m_expiry, past ? tr("This moment is over.") : QString());
    m_budget->review();
    form()->setError(m_ranges, {});
    if (m_network->currentData().toInt() == OwnRanges) {
        const auto parsed = domain::addressRangesFrom(m_ranges->text());
        if (!parsed)
            form()->setError(m_ranges, parsed.error().message.translated());
        else if (parsed->isEmpty())
            form()->setMissing(m_ranges, tr("Enter at least one address."));
    }
    return allowAction();
}

void TokenDialog::save()
{
    if (!review())
        return form()->focusFirstError();
    const domain::Token wanted = token();
    if (const base::Result<> valid = admin::validate(wanted); !valid)
        return showFailure(valid.error().message.translated());
    actionButton()->setEnabled(false);
    admin::TokenManager &tokens = m_services.administration.tokenManager;
    if (!m_edited) {
        const domain::UserId owner{m_owner->currentData().toLongLong()};
        admin::whenDone(tokens.create(m_services.actor, owner, wanted),
                        this,
                        [this](const base::Result<domain::Token> &made) {
                            if (!made)
                                return showFailure(made.error().message.translated());
                            emit created(*made);
                            accept();
                        });
        return;
    }
    const auto edit = [wanted,
                       shown = m_edited->balance,
                       budget = domain::BudgetChange::between(m_edited->budget, wanted.budget),
                       now = m_services.administration.foundation.now()](
                          domain::Token &stored) -> base::Result<> {
        const domain::Token former = stored;
        stored = wanted;
        stored.key = former.key; // what the dialog does not know or may not change stays
        stored.keyHash = former.keyHash;
        stored.used = former.used;
        if (wanted.balance == shown) // it may have been spent from meanwhile
            stored.balance = former.balance;
        stored.accessedAt = former.accessedAt;
        stored.formerKeyHash = former.formerKeyHash;
        stored.formerValidUntil = former.formerValidUntil;
        stored.formerUsedAt = former.formerUsedAt;
        stored.status = former.status;
        stored.budget = former.budget;
        admin::changeBudget(stored, budget.appliedTo(stored.budget), now);
        return {};
    };
    admin::whenDone(tokens.change(m_services.actor, {m_edited->id}, edit),
                    this,
                    [this](const base::Result<std::vector<admin::ChangedToken>> &outcome) {
                        if (!outcome)
                            return showFailure(outcome.error().message.translated());
                        if (!outcome->empty())
                            emit changed(outcome->front().before, outcome->front().after);
                        accept();
                    });
}

} // namespace gatehouse::ui
