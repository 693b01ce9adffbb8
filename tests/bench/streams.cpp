// Both ends of the benchmark's streams, as cheap as they can be, so that what lies between them is
// measured. Linux only.
//
//     streams provide PORT INTERVAL_MICROSECONDS EVENTS
//     streams consume PORT STREAMS TOKEN
//
// The provider answers every request with EVENTS events at the interval, each with the time at which
// it was sent, then with usage and [DONE]. The consumer opens its streams at once, spread over one
// interval by the provider, and prints one line of JSON: events, broken streams, and the delays from
// sending to arrival in microseconds.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

namespace {

long long now()
{
    timespec time{};
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1'000'000'000LL + time.tv_nsec;
}

void fail(const char *what)
{
    std::perror(what);
    std::exit(1);
}

int openSocket()
{
    const int descriptor = socket(AF_INET, SOCK_STREAM, 0);
    if (descriptor < 0)
        fail("socket");
    const int on = 1;
    setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return descriptor;
}

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

void watch(int epoll, int descriptor)
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = descriptor;
    if (epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) != 0)
        fail("epoll_ctl");
}

std::string chunk(const std::string &data)
{
    char size[32];
    std::snprintf(size, sizeof size, "%zx\r\n", data.size());
    return size + data + "\r\n";
}

std::string event(const std::string &choices, const char *rest = "")
{
    return R"(data: {"id":"chatcmpl-bench","object":"chat.completion.chunk","created":1790000000,)"
           R"("model":"gpt-4o","system_fingerprint":"fp_44709d6fcb","choices":)"
           + choices + rest + "}\n\n";
}

struct Stream
{
    int left = 0;
    long long due = 0;
};

class Provider
{
public:
    Provider(int port, long long interval, int events)
        : m_interval(interval)
        , m_events(events)
    {
        m_listener = openSocket();
        const sockaddr_in address = loopback(port);
        if (bind(m_listener, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0
            || listen(m_listener, 4096) != 0)
            fail("listen");
        m_timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK);
        watch(m_epoll, m_listener);
        watch(m_epoll, m_timer);
    }

    [[noreturn]] void run()
    {
        epoll_event events[256];
        for (;;) {
            const int count = epoll_wait(m_epoll, events, 256, -1);
            for (int index = 0; index < count; ++index) {
                const int descriptor = events[index].data.fd;
                if (descriptor == m_listener)
                    accept();
                else if (descriptor != m_timer)
                    read(descriptor);
            }
            send();
        }
    }

private:
    void accept()
    {
        const int descriptor = accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK);
        if (descriptor < 0)
            return;
        const int on = 1;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(m_epoll, descriptor);
    }

    // A request is taken to be whole when as much of its body came as its head says.
    void read(int descriptor)
    {
        char buffer[65536];
        const ssize_t size = recv(descriptor, buffer, sizeof buffer, 0);
        if (size <= 0) {
            m_requests.erase(descriptor);
            m_streams.erase(descriptor);
            close(descriptor);
            return;
        }
        std::string &request = m_requests[descriptor];
        request.append(buffer, static_cast<size_t>(size));
        const size_t end = request.find("\r\n\r\n");
        if (end == std::string::npos)
            return;
        std::string head = request.substr(0, end);
        std::transform(head.begin(), head.end(), head.begin(), ::tolower);
        const size_t length = head.find("content-length:");
        const size_t body =
            length == std::string::npos ? 0 : std::strtoul(head.c_str() + length + 15, nullptr, 10);
        if (request.size() < end + 4 + body)
            return;
        request.clear();
        write(descriptor,
              "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
              "Transfer-Encoding: chunked\r\n\r\n");
        // Streams that begin together are spread over one interval.
        const long long phase = m_interval * (m_started++ % 200) / 200;
        m_streams[descriptor] = {m_events, now() + m_interval + phase};
        m_order.push_back(descriptor);
        std::sort(m_order.begin(), m_order.end(), [this](int left, int right) {
            return dueOf(left) < dueOf(right);
        });
        arm();
    }

    long long dueOf(int descriptor) const
    {
        const auto found = m_streams.find(descriptor);
        return found == m_streams.end() ? 0 : found->second.due;
    }

    // All streams have one interval, so that whichever was served goes to the end.
    void send()
    {
        while (!m_order.empty()) {
            const int descriptor = m_order.front();
            const auto found = m_streams.find(descriptor);
            if (found == m_streams.end()) {
                m_order.pop_front();
                continue;
            }
            Stream &stream = found->second;
            if (stream.due > now())
                break;
            m_order.pop_front();
            if (stream.left-- > 0) {
                char choices[128];
                std::snprintf(choices,
                              sizeof choices,
                              R"([{"index":0,"delta":{"content":" %lld"},"finish_reason":null}])",
                              now());
                write(descriptor, chunk(event(choices)));
                stream.due += m_interval;
                m_order.push_back(descriptor);
                continue;
            }
            write(descriptor,
                  chunk(event("[]",
                              R"(,"usage":{"prompt_tokens":12,"completion_tokens":100,)"
                              R"("total_tokens":112})"))
                      + chunk("data: [DONE]\n\n") + "0\r\n\r\n");
            m_streams.erase(descriptor);
        }
        arm();
    }

    void arm()
    {
        itimerspec spec{};
        if (!m_order.empty()) {
            const long long due = std::max(dueOf(m_order.front()), 1LL);
            spec.it_value.tv_sec = due / 1'000'000'000;
            spec.it_value.tv_nsec = due % 1'000'000'000;
        }
        timerfd_settime(m_timer, TFD_TIMER_ABSTIME, &spec, nullptr);
    }

    static void write(int descriptor, const std::string &bytes)
    {
        (void)::send(descriptor, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }

    const long long m_interval;
    const int m_events;
    const int m_epoll = epoll_create1(0);
    int m_listener = -1;
    int m_timer = -1;
    unsigned m_started = 0;
    std::unordered_map<int, std::string> m_requests;
    std::unordered_map<int, Stream> m_streams;
    std::deque<int> m_order; // by the time at which the next event is due
};

std::string request(const char *token)
{
    const std::string body = R"({"model":"gpt-4o","stream":true,)"
                             R"("stream_options":{"include_usage":true},)"
                             R"("messages":[{"role":"user","content":"Count to one hundred."}]})";
    return std::string("POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                       "Content-Type: application/json\r\nAuthorization: Bearer ")
           + token + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Takes the delays of the whole events in `text`, which keeps what is not yet whole.
void takeEvents(std::string &text, std::vector<long long> &delays)
{
    constexpr std::string_view mark = R"("content":" )";
    size_t at = 0;
    size_t done = 0;
    while ((at = text.find(mark, at)) != std::string::npos) {
        const size_t end = text.find('"', at + mark.size());
        if (end == std::string::npos)
            break;
        delays.push_back(now() - std::strtoll(text.c_str() + at + mark.size(), nullptr, 10));
        at = done = end;
    }
    constexpr size_t longestMark = 64;
    const size_t keep = text.size() > longestMark ? text.size() - longestMark : 0;
    text.erase(0, std::max(done, at == std::string::npos ? keep : std::min(keep, at)));
}

int consume(int port, int streams, const char *token)
{
    const int epoll = epoll_create1(0);
    std::unordered_map<int, std::string> texts;
    const std::string wanted = request(token);
    for (int index = 0; index < streams; ++index) {
        const int descriptor = openSocket();
        const sockaddr_in address = loopback(port);
        if (connect(descriptor, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
            fail("connect");
        texts[descriptor];
        watch(epoll, descriptor);
    }
    for (const auto &[descriptor, text] : texts)
        (void)send(descriptor, wanted.data(), wanted.size(), MSG_NOSIGNAL);

    std::vector<long long> delays;
    int open = streams;
    int broken = 0;
    epoll_event events[256];
    while (open > 0) {
        const int count = epoll_wait(epoll, events, 256, 10'000);
        if (count <= 0) {
            broken += open;
            break;
        }
        for (int index = 0; index < count; ++index) {
            const int descriptor = events[index].data.fd;
            char buffer[65536];
            const ssize_t size = recv(descriptor, buffer, sizeof buffer, 0);
            std::string &text = texts[descriptor];
            if (size > 0)
                text.append(buffer, static_cast<size_t>(size));
            const bool isDone = text.find("data: [DONE]") != std::string::npos;
            takeEvents(text, delays);
            if (isDone || size <= 0) {
                broken += isDone ? 0 : 1;
                --open;
                close(descriptor);
            }
        }
    }

    std::sort(delays.begin(), delays.end());
    const auto percentile = [&delays](double share) {
        if (delays.empty())
            return 0.0;
        const auto index = static_cast<size_t>(share * static_cast<double>(delays.size() - 1));
        return static_cast<double>(delays[index]) / 1e3;
    };
    std::printf(R"({"events":%zu,"broken":%d,"p50":%.1f,"p99":%.1f,"max":%.1f})"
                "\n",
                delays.size(),
                broken,
                percentile(0.5),
                percentile(0.99),
                percentile(1));
    return 0;
}

} // namespace

int main(int count, char **words)
{
    if (count == 5 && std::strcmp(words[1], "provide") == 0)
        Provider(std::atoi(words[2]), std::atoll(words[3]) * 1000, std::atoi(words[4])).run();
    if (count == 5 && std::strcmp(words[1], "consume") == 0)
        return consume(std::atoi(words[2]), std::atoi(words[3]), words[4]);
    std::fprintf(stderr,
                 "streams provide PORT MICROSECONDS EVENTS\n"
                 "streams consume PORT STREAMS TOKEN\n");
    return 1;
}
