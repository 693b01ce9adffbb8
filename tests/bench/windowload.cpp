// Sends chats through the gateway at an even pace: the load beside which the window is measured.
//     bench_load PORT TOKEN MODEL PER_SECOND SECONDS
// Prints one JSON object: how many were answered with 200, failed, and sent late for want of a free
// connection. POSIX sockets, so that it costs as little as it can beside what is measured.

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace {

using Clock = std::chrono::steady_clock;

struct Client
{
    int socket = -1;
    bool busy = false;
    std::string received{};
};

struct Outcome
{
    long answered = 0;
    long failed = 0;
    long late = 0;
};

int connected(int port)
{
    const int made = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (connect(made, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0) {
        close(made);
        return -1;
    }
    const int on = 1;
    setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(made, F_SETFL, fcntl(made, F_GETFL) | O_NONBLOCK);
    return made;
}

// Whether the answer is there as a whole; such answers have a length.
bool isWhole(const std::string &received)
{
    const size_t head = received.find("\r\n\r\n");
    if (head == std::string::npos)
        return false;
    for (const char *name : {"\r\nContent-Length: ", "\r\ncontent-length: "}) {
        const size_t field = received.find(name);
        if (field != std::string::npos && field < head)
            return received.size()
                   >= head + 4 + static_cast<size_t>(std::atol(&received[field + 18]));
    }
    return received.ends_with("0\r\n\r\n");
}

void read(Client &client, Outcome &outcome)
{
    char part[16'384];
    const ssize_t size = recv(client.socket, part, sizeof part, 0);
    if (size < 0 && errno == EAGAIN)
        return;
    if (size > 0)
        client.received.append(part, static_cast<size_t>(size));
    if (size > 0 && !isWhole(client.received))
        return;
    const bool good = size > 0 && std::string_view(client.received).substr(9, 3) == "200";
    ++(good ? outcome.answered : outcome.failed);
    if (!good && outcome.failed == 1)
        std::fprintf(stderr, "%s\n", client.received.c_str());
    client.received.clear();
    client.busy = false;
    if (size <= 0) {
        close(client.socket);
        client.socket = -1;
    }
}

std::string requestFor(const char *token, const char *model)
{
    const std::string body = std::string("{\"model\":\"") + model
                             + "\",\"max_tokens\":16,\"messages\":[{\"role\":\"user\","
                               "\"content\":\"Say hello.\"}]}";
    return "POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: "
           "application/json\r\nAuthorization: Bearer "
           + std::string(token) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n"
           + body;
}

} // namespace

int main(int argc, char **argv)
{
    if (argc < 6)
        return 64;
    const int port = std::atoi(argv[1]);
    const std::string request = requestFor(argv[2], argv[3]);
    const auto interval = std::chrono::nanoseconds(static_cast<long>(1e9 / std::atof(argv[4])));
    const auto end = Clock::now() + std::chrono::seconds(std::atoi(argv[5]));
    std::vector<Client> clients(64);
    Outcome outcome;
    auto due = Clock::now();
    while (Clock::now() < end) {
        for (Client &client : clients) {
            if (Clock::now() < due)
                break;
            if (client.busy)
                continue;
            if (client.socket < 0)
                client.socket = connected(port);
            if (client.socket < 0
                || send(client.socket, request.data(), request.size(), MSG_NOSIGNAL)
                       != static_cast<ssize_t>(request.size())) {
                std::fprintf(stderr, "The gateway takes no connection.\n");
                return 1;
            }
            client.busy = true;
            due += interval;
        }
        // Whoever is late by more than a second does not catch up.
        if (Clock::now() > due + std::chrono::seconds(1)) {
            ++outcome.late;
            due += interval;
        }
        std::vector<pollfd> waiting;
        std::vector<Client *> whose;
        for (Client &client : clients) {
            if (client.busy) {
                waiting.push_back({client.socket, POLLIN, 0});
                whose.push_back(&client);
            }
        }
        const bool allBusy = waiting.size() == clients.size();
        const auto pause =
            std::chrono::duration_cast<std::chrono::milliseconds>(due - Clock::now());
        poll(waiting.data(), waiting.size(), allBusy ? 100 : std::max<int>(1, int(pause.count())));
        for (size_t i = 0; i < waiting.size(); ++i) {
            if (waiting[i].revents != 0)
                read(*whose[i], outcome);
        }
    }
    std::printf("{\"answered\": %ld, \"failed\": %ld, \"late\": %ld}\n",
                outcome.answered,
                outcome.failed,
                outcome.late);
    return 0;
}
