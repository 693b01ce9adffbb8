#pragma once

#include "domain/group.h"
#include "widgets/services.h"

#include <QObject>
#include <QStringList>

#include <vector>

class QPushButton;
class QWidget;

namespace gatehouse::admin {
struct UserListing;
} // namespace gatehouse::admin

namespace gatehouse::base {
struct Error;
} // namespace gatehouse::base

namespace gatehouse::ui {

class TagEdit;

// What stands beside the field of a channel's groups: makes those that there are not yet, and opens the list
// of all. Proposes to the field the groups that there are.
class ChannelGroups : public QObject
{
    Q_OBJECT

public:
    // `field` is not owned, nor are the buttons, which go beside it.
    ChannelGroups(const Services &services, TagEdit *field, QWidget *parent);

    QList<QWidget *> controls() const;
    // What a person should know of the groups in the field; empty: nothing.
    QString note() const;

signals:
    // note() may be another.
    void changed();
    void failed(const gatehouse::base::Error &error);

private:
    void fetch();
    void show(const std::vector<domain::Group> &groups,
              const std::vector<admin::UserListing> &users);
    void review();
    void make();
    QStringList missing() const;
    QStringList empty() const;

    const Services m_services;
    TagEdit *const m_field;
    QPushButton *const m_make;
    QPushButton *const m_list;
    QStringList m_groups{}; // that there are; empty: not known yet
    QStringList m_used{};   // that users are in
};

} // namespace gatehouse::ui
