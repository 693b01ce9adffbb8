#pragma once

#include <QByteArrayView>

#include <algorithm>
#include <array>
#include <charconv>

namespace gatehouse::http {

// The value of a header field that is put together on the stack. What has no room any more is left out.
template<qsizetype room>
class ShortText
{
public:
    ShortText &operator<<(QByteArrayView text)
    {
        const qsizetype taken = std::min(text.size(), room - m_size);
        std::copy_n(text.data(), taken, m_bytes.data() + m_size);
        m_size += taken;
        return *this;
    }
    ShortText &operator<<(qint64 number) { return padded(number, 0); }
    // With zeros in front, up to so many digits. `number` is not negative where there are any.
    ShortText &padded(qint64 number, qsizetype digits)
    {
        std::array<char, 24> text{};
        const auto end = std::to_chars(text.data(), text.data() + text.size(), number).ptr;
        const qsizetype size = end - text.data();
        for (qsizetype i = size; i < digits; ++i)
            *this << QByteArrayView("0");
        return *this << QByteArrayView(text.data(), size);
    }

    bool isEmpty() const { return m_size == 0; }
    QByteArrayView text() const { return {m_bytes.data(), m_size}; }

private:
    std::array<char, static_cast<size_t>(room)> m_bytes{};
    qsizetype m_size = 0;
};

} // namespace gatehouse::http
