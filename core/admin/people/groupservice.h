#pragma once

#include "admin/foundation.h"
#include "domain/group.h"

#include <QObject>

#include <vector>

namespace gatehouse::admin {

// The groups of users with their price factors. Lives in the main thread.
class GroupService : public QObject
{
    Q_OBJECT

public:
    explicit GroupService(const Foundation &foundation, QObject *parent = nullptr);

    Answer<std::vector<domain::Group>> list();
    Answer<> save(const domain::Group &group);
    // Together with the users and channels that name it. "default" keeps its name.
    Answer<> rename(const QByteArray &from, const QByteArray &to);
    // Of both: no group is removed that users or channels are in, deleted ones that can be restored
    // included.
    Answer<> replaceAll(std::vector<domain::Group> groups);
    Answer<> remove(const QByteArray &name);

private:
    const Foundation m_base;
};

} // namespace gatehouse::admin
