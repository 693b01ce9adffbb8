#pragma once

#include <QByteArray>
#include <QByteArrayView>

#include <memory>

struct z_stream_s;

namespace gatehouse::upstream {

// Unpacks a compressed body in pieces, so that neither a pause nor a bomb makes it hold more than
// one buffer.
class ContentDecoder
{
public:
    enum class Format { Gzip, Deflate };

    ContentDecoder();
    ~ContentDecoder();
    ContentDecoder(const ContentDecoder &) = delete;
    ContentDecoder &operator=(const ContentDecoder &) = delete;

    // Begins a new body.
    void begin(Format format);
    // Takes from the front of `input` and sets `output` to what came of it, at most 32 KiB, valid
    // until the next call. False: the body is damaged. To be called until `input` is empty and
    // hasMore() is false.
    bool step(QByteArrayView &input, QByteArrayView &output);
    // There is output that the last step had no room for.
    bool hasMore() const { return m_hasMore; }
    // The body may end here: it is whole, or nothing at all came.
    bool isWhole() const { return m_isWhole; }

private:
    bool choose(QByteArrayView &input);

    std::unique_ptr<z_stream_s> m_stream;
    QByteArray m_buffer;
    QByteArray m_first; // the first two bytes of a deflate body
    Format m_format = Format::Gzip;
    bool m_isChosen = false;
    bool m_hasMore = false;
    bool m_isWhole = true;
};

} // namespace gatehouse::upstream
