#pragma once

#include "ui/sampletable.h"
#include "widgets/table/tableview.h"

#include <QLineEdit>
#include <QTest>

#include <memory>

namespace gatehouse::tests {

// Of the sample table.
inline constexpr int nameColumn = 2;
inline constexpr int priorityColumn = 3;

// How many pixels of the image have that colour.
int pixelsOf(const QImage &image, const QColor &color);

// A table of samples that can be sorted, filtered and edited. What its tests have in common.
class TableFixture : public QObject
{
    Q_OBJECT

protected slots:
    void initTestCase();
    void init();
    void cleanup();

protected:
    // The editor that is open; those that were closed are deleted a moment later.
    QLineEdit *editor() const;
    QModelIndex cell(int row, int column) const { return m_filter->index(row, column); }
    void clickHeader(int column, Qt::KeyboardModifiers modifiers = {});
    void beginEdit(int row, int column);

    std::unique_ptr<ui::TableView> m_view{};
    SampleModel *m_model = nullptr;
    ui::TableFilterModel *m_filter = nullptr;
    QList<QPair<QString, QVariant>> m_stored{}; // the name of the row and what was stored
    QString m_refusal{};                        // unless it is empty, nothing is stored

private:
    admin::Answer<> answer(const QModelIndex &index, const QVariant &value);
};

} // namespace gatehouse::tests
