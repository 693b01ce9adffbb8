#include "tokens/tokenbulkdialog.h"

#include "tokens/tokenfields.h"
#include "widgets/fields/form.h"
#include "widgets/fields/mixedvalue.h"
#include "widgets/fields/tagedit.h"

#include <QComboBox>
#include <QLineEdit>

#include <limits>

namespace gatehouse::ui {

using domain::Token;
using domain::TokenCapture;

namespace {

constexpr qint64 mostOfLimit = std::numeric_limits<int>::max();
constexpr int keepsCapture = -1;

enum ModelsChoice { KeepModels, AllModels, TheseModels };

QList<BudgetState> tokenBudgets(const QList<Token> &tokens)
{
    QList<BudgetState> states;
    for (const Token &token : tokens) {
        states.append(
            {.budget = token.budget, .balance = token.balance, .unlimited = token.unlimited});
    }
    return states;
}

} // namespace

// The balance of those who have no period alone: of the others the limit decides.
void TokenBulkChange::applyTo(Token &token, qint64 now) const
{
    token.expiresAt = expiresAt.value_or(token.expiresAt);
    token.models = models.value_or(token.models);
    token.addressRanges = addressRanges.value_or(token.addressRanges);
    token.requestsPerMinute = requestsPerMinute.value_or(token.requestsPerMinute);
    token.tokensPerMinute = tokensPerMinute.value_or(token.tokensPerMinute);
    token.concurrentRequests = concurrentRequests.value_or(token.concurrentRequests);
    token.capture = capture.value_or(token.capture);
    token.unlimited = budget.unlimited.value_or(token.unlimited);
    if (budget.change != domain::BudgetChange() || budget.unlimited)
        admin::changeBudget(token, budget.change.appliedTo(token.budget), now);
    if (budget.balance && !token.unlimited && !token.budget.isPeriodic())
        token.balance = *budget.balance;
}

TokenBulkDialog::TokenBulkDialog(const Services &services, QList<Token> tokens, QWidget *parent)
    : BulkForm(parent)
    , m_tokens(std::move(tokens))
{
    setWindowTitle(tr("Edit %n tokens", nullptr, static_cast<int>(m_tokens.size())));
    build(services);
    fill();
    review();
}

void TokenBulkDialog::build(const Services &services)
{
    m_expiry = new ExpiryFields(form());
    form()->addSection([] { return tr("Budget"); });
    m_budget = new BulkBudgetFields(
        form(), tokenBudgets(m_tokens), tr("No limit but the owner’s own balance"));
    form()->addSection([] { return tr("What they may do"); });
    addModels(services);
    m_network = new NetworkFields(form());
    addLimits();
    connect(m_expiry, &ExpiryFields::edited, this, &TokenBulkDialog::review);
    connect(m_budget, &BulkBudgetFields::edited, this, &TokenBulkDialog::review);
    connect(m_network, &NetworkFields::edited, this, &TokenBulkDialog::review);
    constexpr int height = 560;
    finishBulk(tr("Change %n tokens", nullptr, static_cast<int>(m_tokens.size())), height);
}

void TokenBulkDialog::addModels(const Services &services)
{
    m_modelsChoice = new QComboBox(this);
    m_models = new TagEdit(this);
    m_models->setProposals(offeredModels(services));
    form()->addField(m_modelsChoice, [] { return tr("Models"); });
    form()->addField(m_models, [] { return tr("These models"); });
    connect(m_modelsChoice, &QComboBox::currentIndexChanged, this, [this] {
        form()->setFieldVisible(m_models, m_modelsChoice->currentData().toInt() == TheseModels);
        review();
    });
    connect(m_models, &TagEdit::tagsChanged, this, &TokenBulkDialog::review);
}

void TokenBulkDialog::addLimits()
{
    m_requests = makeNumber();
    m_perMinute = makeNumber();
    m_concurrent = makeNumber();
    m_capture = new QComboBox(this);
    const auto help = [] { return tr("0: no limit. Empty: each keeps its own."); };
    form()->addField(
        m_requests, [] { return tr("Requests a minute"); }, help);
    form()->addField(
        m_perMinute, [] { return tr("Tokens a minute"); }, help);
    form()->addField(
        m_concurrent, [] { return tr("At the same time"); }, help);
    form()->addField(
        m_capture,
        [] { return tr("Keep bodies"); },
        [] { return tr("Heads and bodies of their requests, for the inspector."); });
}

void TokenBulkDialog::fill()
{
    m_shown.expiresAt = commonValue<qint64>(m_tokens, [](const Token &t) { return t.expiresAt; });
    m_shown.models = commonValue<QStringList>(m_tokens, [](const Token &t) { return t.models; });
    m_shown.addressRanges = commonValue<QList<domain::AddressRange>>(
        m_tokens, [](const Token &t) { return t.addressRanges; });
    m_shown.requestsPerMinute =
        commonValue<int>(m_tokens, [](const Token &t) { return t.requestsPerMinute; });
    m_shown.tokensPerMinute =
        commonValue<qint64>(m_tokens, [](const Token &t) { return t.tokensPerMinute; });
    m_shown.concurrentRequests =
        commonValue<int>(m_tokens, [](const Token &t) { return t.concurrentRequests; });
    m_shown.capture = commonValue<TokenCapture>(m_tokens, [](const Token &t) { return t.capture; });

    if (m_shown.expiresAt)
        m_expiry->fill(*m_shown.expiresAt);
    else
        m_expiry->fillMixed();
    if (m_shown.addressRanges)
        m_network->fill(*m_shown.addressRanges);
    else
        m_network->fillMixed();
    if (!m_shown.models)
        m_modelsChoice->addItem(mixedText(), KeepModels);
    m_modelsChoice->addItem(tr("All models of the owner’s group"), AllModels);
    m_modelsChoice->addItem(tr("Only these"), TheseModels);
    m_models->setTags(m_shown.models.value_or(QStringList()));
    const bool some = m_shown.models && !m_shown.models->isEmpty();
    if (some)
        m_modelsChoice->setCurrentIndex(m_modelsChoice->findData(TheseModels));
    form()->setFieldVisible(m_models, some);
    showNumber(m_requests, m_shown.requestsPerMinute);
    showNumber(m_perMinute, m_shown.tokensPerMinute);
    showNumber(m_concurrent, m_shown.concurrentRequests);
    if (!m_shown.capture)
        m_capture->addItem(mixedText(), keepsCapture);
    addCaptures(m_capture);
    const int capture = m_shown.capture ? static_cast<int>(*m_shown.capture) : keepsCapture;
    m_capture->setCurrentIndex(m_capture->findData(capture));
}

TokenBulkChange TokenBulkDialog::change() const
{
    m_models->commitText();
    TokenBulkChange wanted{.budget = m_budget->wanted()};
    const auto expiresAt = m_expiry->expiresAt();
    if (expiresAt && expiresAt != m_shown.expiresAt)
        wanted.expiresAt = expiresAt;
    const int choice = m_modelsChoice->currentData().toInt();
    const QStringList models = choice == TheseModels ? m_models->tags() : QStringList();
    if (choice != KeepModels && m_shown.models != models)
        wanted.models = models;
    const auto ranges = m_network->ranges();
    if (ranges && ranges != m_shown.addressRanges)
        wanted.addressRanges = ranges;
    wanted.requestsPerMinute =
        ifTouched<int>(wholeNumber(m_requests, 0, mostOfLimit), m_shown.requestsPerMinute);
    wanted.tokensPerMinute = ifTouched<qint64>(
        wholeNumber(m_perMinute, 0, std::numeric_limits<qint64>::max()), m_shown.tokensPerMinute);
    wanted.concurrentRequests =
        ifTouched<int>(wholeNumber(m_concurrent, 0, mostOfLimit), m_shown.concurrentRequests);
    const int capture = m_capture->currentData().toInt();
    if (capture != keepsCapture && m_shown.capture != static_cast<TokenCapture>(capture))
        wanted.capture = static_cast<TokenCapture>(capture);
    return wanted;
}

void TokenBulkDialog::check()
{
    m_expiry->review();
    m_budget->review();
    m_network->review();
    for (QLineEdit *field : {m_requests, m_concurrent})
        form()->setError(field, rangeProblem(field, 0, mostOfLimit));
    form()->setError(m_perMinute, rangeProblem(m_perMinute, 0, std::numeric_limits<qint64>::max()));
    const bool lacksModels =
        m_modelsChoice->currentData().toInt() == TheseModels && m_models->entered().isEmpty();
    form()->setMissing(m_models, lacksModels ? tr("Enter at least one model.") : QString());
}

} // namespace gatehouse::ui
