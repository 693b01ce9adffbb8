#pragma once

#include "admin/administration.h"
#include "management/router.h"

#include <QObject>

namespace gatehouse::management {

// What the controllers of the management API have in common: they turn calls into calls of the
// services and the services' values into One API's JSON. They live in the main thread.
class Controller
{
public:
    // `context` is the object whose life ends theirs.
    Controller(admin::Administration &administration, QObject *context)
        : m_admin(administration)
        , m_context(context)
    {}
    Controller(const Controller &) = delete;
    Controller &operator=(const Controller &) = delete;
    virtual ~Controller() = default;

    virtual void addTo(Router &router) = 0;

protected:
    template<typename Value, typename Make>
    Response respond(admin::Answer<Value> answer, Make make) const
    {
        return management::respond(std::move(answer), m_context, std::move(make));
    }
    Response respond(admin::Answer<> answer) const
    {
        return management::respond(std::move(answer), m_context);
    }

    admin::Administration &m_admin;
    QObject *const m_context;
};

} // namespace gatehouse::management
