#pragma once

#include "traffic/trafficpage.h"
#include "ui/windowfixture.h"
#include "widgets/table/cell.h"

#include <QTest>

class QPushButton;

namespace gatehouse::tests {

// The visible push button whose text begins so; null: there is none.
QPushButton *buttonStarting(QWidget &root, const QString &text);

// A page of requests over a gateway that can serve real ones. What the tests of the page have in
// common.
class TrafficFixture : public QObject
{
    Q_OBJECT

protected slots:
    void initTestCase();
    void init();
    void cleanup();

protected:
    // A channel of the Echo provider and a token.
    void addGateway();

    ui::TableView *view() const;
    ui::FilterField *field() const;
    ui::MessageBar *messages() const;
    ui::Inspector *inspector() const;
    QAction *action(const char *name) const;
    const ui::TrafficModel &model() const { return m_page->model(); }
    QString cell(int row, const QString &key) const;
    // By a click.
    void choose(int row);
    void typeFilter(const QString &text);
    // Writes requests into the ledger that differ in their ids.
    void store(int count, const QByteArray &prefix, const domain::UsageRecord &like = {});

    std::unique_ptr<support::WindowFixture> m_fixture{};
    std::unique_ptr<ui::TrafficPage> m_page{};
    domain::Token m_token{};
    domain::Channel m_channel{};
};

} // namespace gatehouse::tests
