#pragma once

#include "admin/people/tokenmanager.h"
#include "tokens/tokenbulkdialog.h"
#include "widgets/livetext.h"
#include "widgets/services.h"

#include <QCoreApplication>

#include <functional>

namespace gatehouse::ui {

// What a person does to tokens, each as one command that can be taken back. The futures tell how it
// went.
class TokenCommands
{
    Q_DECLARE_TR_FUNCTIONS(gatehouse::ui::TokenCommands)

public:
    using Tokens = QList<domain::Token>;

    explicit TokenCommands(const Services &services);

    admin::Answer<> setEnabled(const Tokens &tokens, bool enabled);
    admin::Answer<> rename(const domain::Token &token, const QString &name);
    // What may still be spent, as it was typed: "5", "$ 12.50".
    admin::Answer<> setLeft(const domain::Token &token, const QString &typed);
    admin::Answer<> topUp(const Tokens &tokens, domain::Quota amount);
    admin::Answer<> change(const Tokens &tokens, const TokenBulkChange &change);
    admin::Answer<> remove(const Tokens &tokens);

    // What has been stored already; it can be taken back from now on.
    void noteCreated(const Tokens &created);
    void noteChanged(const domain::Token &before, const domain::Token &after);

private:
    using Change = std::function<admin::Answer<std::vector<admin::ChangedToken>>()>;

    admin::Answer<> perform(const LiveText &text, Change change);
    admin::Answer<> edit(const LiveText &text, const Tokens &tokens, admin::TokenEdit edit);
    admin::TokenManager &manager() const;

    const Services m_services;
};

} // namespace gatehouse::ui
