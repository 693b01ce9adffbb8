#pragma once

#include "models/modelspage.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/table/tableview.h"

#include <QTest>

#include <memory>

namespace gatehouse::tests {

// The page of models, over a channel without prices and one with. What its tests have in common.
class ModelsFixture : public QObject
{
    Q_OBJECT

protected slots:
    void initTestCase();
    void init();
    void cleanup();

protected:
    ui::TableView *view() const
    {
        return m_page->findChild<ui::TableView *>(m_tab == 0 ? QStringLiteral("models")
                                                             : QStringLiteral("prices"));
    }
    void showTab(int tab);
    int rowOf(const QString &model) const
    {
        return tests::rowOf(view(), QStringLiteral("model"), model);
    }
    QModelIndex cell(const QString &model, const QString &column) const;

    std::unique_ptr<support::WindowFixture> m_fixture{};
    std::unique_ptr<ui::ModelsPage> m_page{};
    int m_tab = 0;
};

} // namespace gatehouse::tests
