#pragma once

#include "channeleditor/bulkchange.h"
#include "widgets/dialogs/bulkform.h"

class QComboBox;
class QLineEdit;

namespace gatehouse::ui {

class DurationField;
class ProxyChoice;
class ProxyField;
class TagEdit;

// Edits several channels at once.
class BulkDialog : public BulkForm
{
    Q_OBJECT

public:
    explicit BulkDialog(QList<domain::Channel> channels, QWidget *parent = nullptr);

    // The groups that there are, beside those that the channels serve.
    void proposeGroups(const QStringList &groups);
    // What was touched, as far as it can be read.
    BulkChange change() const;

signals:
    // Whoever hears it stores the change, and then closes the dialog or calls showFailure().
    void confirmed(const gatehouse::ui::BulkChange &change);

protected:
    void check() override;
    bool hasChange() const override { return !change().isEmpty(); }
    void announce() override { emit confirmed(change()); }

private:
    void build();
    void addOrder();
    void addLists();
    void addProxy();
    void addLimits();
    void fill();
    void fillLimits();
    void takeLimits(BulkChange &wanted) const;

    const QList<domain::Channel> m_channels;
    BulkChange m_shown{}; // what the fields say before they are touched
    QComboBox *m_enabled = nullptr;
    QLineEdit *m_priority = nullptr;
    QLineEdit *m_weight = nullptr;
    TagEdit *m_groups = nullptr;
    TagEdit *m_addedModels = nullptr;
    TagEdit *m_removedModels = nullptr;
    TagEdit *m_addedTags = nullptr;
    TagEdit *m_removedTags = nullptr;
    ProxyChoice *m_proxyChoice = nullptr;
    ProxyField *m_proxy = nullptr;
    DurationField *m_wholeTime = nullptr;
    QLineEdit *m_concurrent = nullptr;
    QLineEdit *m_requests = nullptr;
    QLineEdit *m_tokens = nullptr;
    QLineEdit *m_multiplier = nullptr;
};

} // namespace gatehouse::ui
