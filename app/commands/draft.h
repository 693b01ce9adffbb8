#pragma once

#include "commands/resource.h"

namespace gatehouse::app {

// What the command line says of a thing that is made or changed.
class Draft
{
public:
    // Refuses values that cannot be used, before anything is read or asked. `resource` outlives it.
    static base::Result<Draft> of(const Resource &resource, const Arguments &arguments, bool isNew);
    // What may be said of it.
    static std::vector<OptionRule> options(const Resource &resource, bool isNew);

    const Arguments &arguments() const { return m_arguments; }
    // The body to send, with what is read from files and standard input.
    base::Result<QJsonObject> body(const QMap<QString, QString> &environment) const;

private:
    Draft(const Resource &resource, Arguments arguments)
        : m_resource(resource)
        , m_arguments(std::move(arguments))
    {}

    const Resource &m_resource;
    Arguments m_arguments;
    std::optional<SecretSource> m_source{};
};

} // namespace gatehouse::app
