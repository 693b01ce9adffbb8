#pragma once

#include "tokens/tokenspage.h"
#include "ui/windowfixture.h"
#include "widgets/table/tableview.h"

#include <QTest>

#include <memory>

namespace gatehouse::tests {

// The page of tokens, without any at first. What its tests have in common.
class TokensFixture : public QObject
{
    Q_OBJECT

protected slots:
    void initTestCase();
    void init();
    void cleanup();

protected:
    domain::Token add(domain::Token token);
    domain::Token stored(domain::TokenId id);

    ui::TableView *view() const { return m_page->findChild<ui::TableView *>(); }
    int rowOf(const QString &name) const;
    QModelIndex cell(const QString &name, const QString &column) const;
    void select(const QStringList &names);
    void trigger(const QString &name);

    std::unique_ptr<support::WindowFixture> m_fixture{};
    std::unique_ptr<ui::TokensPage> m_page{};
};

} // namespace gatehouse::tests
