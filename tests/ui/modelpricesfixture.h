#pragma once

#include "models/modelspage.h"
#include "models/pricedialog.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/table/tableview.h"

#include <QLineEdit>
#include <QPushButton>
#include <QTest>

#include <memory>

namespace gatehouse::tests {

// The prices on the Models page, of two channels with the same models. What its tests have in common.
class ModelPricesFixture : public QObject
{
    Q_OBJECT

protected slots:
    void initTestCase();
    void init();
    void cleanup();

protected:
    ui::TableView *view() const
    {
        return m_page->findChild<ui::TableView *>(QStringLiteral("prices"));
    }
    // Empty: of any channel.
    int rowOf(const QString &model, const QString &channel) const;
    QString cell(int row, const QString &column) const;
    void select(int row);
    QAction *action(const QString &name) const { return m_page->findChild<QAction *>(name); }
    ui::PriceDialog *dialog() const { return m_page->findChild<ui::PriceDialog *>(); }
    void chooseChannel(const QString &name);
    QLineEdit *field(const QString &name) const { return tests::field<QLineEdit>(dialog(), name); }
    QPushButton *saveButton() const
    {
        return tests::button<QPushButton>(dialog(), QStringLiteral("Save"));
    }
    void type(const QString &name, const QString &text);
    std::vector<domain::ModelPrice> edited();
    void undoAll();

    std::unique_ptr<support::WindowFixture> m_fixture{};
    std::unique_ptr<ui::ModelsPage> m_page{};
    const QString m_all = QStringLiteral("all channels");
    const QString m_odd = QStringLiteral("A & <b>B</b>");
};

} // namespace gatehouse::tests
