#pragma once

namespace gatehouse::admin {

struct ListenChoice;

enum class PortState {
    Free,
    Taken,    // by another program, or by this one
    Unusable, // this computer does not have one of the addresses, or the system forbids the port
};

// Whether each address of the choice could be listened on. It is tried, for a moment; nothing waits.
PortState portState(const ListenChoice &choice);

} // namespace gatehouse::admin
