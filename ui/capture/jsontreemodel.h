#pragma once

#include "admin/traffic/jsonoutline.h"

#include <QAbstractItemModel>
#include <QHash>

#include <memory>

namespace gatehouse::ui {

// A JSON text as a tree of names and values. Long lists are given in parts, by fetchMore().
class JsonTreeModel : public QAbstractItemModel
{
    Q_OBJECT

public:
    enum Column { Name, Value, ColumnCount };

    using QAbstractItemModel::QAbstractItemModel;

    void setOutline(std::shared_ptr<const admin::JsonOutline> outline);
    const admin::JsonOutline *outline() const { return m_outline.get(); }
    std::shared_ptr<const admin::JsonOutline> sharedOutline() const { return m_outline; }
    // The node of an index; -1: there is none.
    int nodeAt(const QModelIndex &index) const;
    // Fetches what is needed for the node to be there.
    QModelIndex reveal(int node);
    void retranslate();

    QModelIndex index(int row, int column, const QModelIndex &parent = {}) const override;
    QModelIndex parent(const QModelIndex &child) const override;
    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;
    using QAbstractItemModel::parent;

private:
    QModelIndex indexOf(int node, int column = Name) const;
    int fetchedOf(int node) const;
    QString valueText(int node, qsizetype most) const;

    std::shared_ptr<const admin::JsonOutline> m_outline{};
    QHash<int, int> m_fetched{}; // by node, where it is not the usual number
};

} // namespace gatehouse::ui
