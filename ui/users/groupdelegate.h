#pragma once

#include "widgets/table/tabledelegate.h"

#include <QStringList>

#include <functional>

namespace gatehouse::ui {

// The cells of a user's group: their editor offers the groups that there are.
class GroupDelegate : public TableDelegate
{
    Q_OBJECT

public:
    GroupDelegate(std::function<QStringList()> groups, QObject *parent);

    QWidget *createEditor(QWidget *parent,
                          const QStyleOptionViewItem &option,
                          const QModelIndex &index) const override;

private:
    const std::function<QStringList()> m_groups;
};

} // namespace gatehouse::ui
