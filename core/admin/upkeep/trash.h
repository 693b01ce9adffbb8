#pragma once

#include "admin/foundation.h"

#include <QObject>

namespace gatehouse::admin {

// Removes for good, once a day, what was deleted longer ago than it is kept for undo. Lives in the
// main thread.
class Trash : public QObject
{
    Q_OBJECT

public:
    static constexpr std::chrono::hours kept{30 * 24};

    explicit Trash(const Foundation &foundation, QObject *parent = nullptr);

    Answer<> purge();

private:
    const Foundation m_base;
};

} // namespace gatehouse::admin
