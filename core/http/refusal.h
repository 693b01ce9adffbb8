#pragma once

namespace gatehouse::http {

// Why a message was not accepted. After it nothing more of the connection may be served.
struct Refusal
{
    int status = 400;
    const char *code = "bad_request"; // stable, for programs
    const char *message = "";         // a sentence for people
};

} // namespace gatehouse::http
