#pragma once

#include "admin/foundation.h"
#include "domain/modelrouting.h"

#include <QObject>

#include <vector>

namespace gatehouse::admin {

// How requests for single models are routed, where that is not as the settings say. Lives in the main thread.
class ModelRoutingService : public QObject
{
    Q_OBJECT

public:
    explicit ModelRoutingService(const Foundation &foundation, QObject *parent = nullptr);

    Answer<std::vector<domain::ModelRouting>> list();
    // All of them or none. What says nothing makes its model be routed as the settings say. Undone by
    // saving what was there before.
    Answer<> save(std::vector<domain::ModelRouting> routings);

private:
    const Foundation m_base;
};

} // namespace gatehouse::admin
