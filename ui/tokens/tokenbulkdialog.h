#pragma once

#include "admin/people/tokenmanager.h"
#include "widgets/dialogs/bulkform.h"
#include "widgets/fields/bulkbudgetfields.h"
#include "widgets/services.h"

class QComboBox;
class QLineEdit;

namespace gatehouse::ui {

class ExpiryFields;
class NetworkFields;
class TagEdit;

// What a person wants of several tokens at once. What is absent stays as each of them has it.
struct TokenBulkChange
{
    std::optional<qint64> expiresAt{}; // seconds since 1970, UTC; -1: never
    BulkBudget budget{};
    std::optional<QStringList> models{}; // empty: all
    std::optional<QList<domain::AddressRange>> addressRanges{};
    std::optional<int> requestsPerMinute{};
    std::optional<qint64> tokensPerMinute{};
    std::optional<int> concurrentRequests{};
    std::optional<domain::TokenCapture> capture{};

    bool isEmpty() const { return *this == TokenBulkChange(); }
    // `now` in seconds since 1970, UTC.
    void applyTo(domain::Token &token, qint64 now) const;
    bool operator==(const TokenBulkChange &) const = default;
};

// Edits several tokens at once.
class TokenBulkDialog : public BulkForm
{
    Q_OBJECT

public:
    TokenBulkDialog(const Services &services,
                    QList<domain::Token> tokens,
                    QWidget *parent = nullptr);

    // What was touched, as far as it can be read.
    TokenBulkChange change() const;

signals:
    // Whoever hears it stores the change, and then closes the dialog or calls showFailure().
    void confirmed(const gatehouse::ui::TokenBulkChange &change);

protected:
    void check() override;
    bool hasChange() const override { return !change().isEmpty(); }
    void announce() override { emit confirmed(change()); }

private:
    void build(const Services &services);
    void addModels(const Services &services);
    void addLimits();
    void fill();

    const QList<domain::Token> m_tokens;
    TokenBulkChange m_shown{}; // what the fields say before they are touched
    ExpiryFields *m_expiry = nullptr;
    BulkBudgetFields *m_budget = nullptr;
    QComboBox *m_modelsChoice = nullptr;
    TagEdit *m_models = nullptr;
    NetworkFields *m_network = nullptr;
    QLineEdit *m_requests = nullptr;
    QLineEdit *m_perMinute = nullptr;
    QLineEdit *m_concurrent = nullptr;
    QComboBox *m_capture = nullptr;
};

} // namespace gatehouse::ui
