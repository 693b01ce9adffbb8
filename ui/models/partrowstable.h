#pragma once

#include <QWidget>

class QToolButton;

namespace gatehouse::ui {

class PartRowsModel;
class TableView;

// Rows of prices, edited in place, with buttons that add and remove some.
class PartRowsTable : public QWidget
{
    Q_OBJECT
    Q_PROPERTY(QStringList entered READ entered USER true)

public:
    // What its parts are called, for those who do not see them too.
    struct Texts
    {
        QString name{};
        QString add{};
        QString remove{};
    };

    void setCurrency(const QByteArray &currency);
    // The texts of all cells, whether they make sense or not.
    QStringList entered() const;

signals:
    void changed();

protected:
    // Takes the model.
    PartRowsTable(PartRowsModel *model, const Texts &texts, QWidget *parent);

private:
    void addRow();
    void removeSelected();
    void updateTools();

    PartRowsModel *m_rows = nullptr;
    TableView *m_view = nullptr;
    QToolButton *m_add = nullptr;
    QToolButton *m_remove = nullptr;
};

} // namespace gatehouse::ui
