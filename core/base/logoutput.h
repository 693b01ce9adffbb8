#pragma once

#include <QByteArrayView>

namespace gatehouse::base {

// Standard error as what a log is written to: a terminal, a file, or a pipe. Its disk may be full, and
// whoever reads it may be slow or gone; a line is lost then, and who logs goes on. Use it from one thread
// at a time.
class LogOutput
{
public:
    // A line with its end. False: it is lost, at least in part.
    bool write(QByteArrayView line);

private:
    bool writeAll(QByteArrayView text);

    bool m_isTorn = false;  // the last line broke off
    bool m_isStuck = false; // the last line found no room
};

} // namespace gatehouse::base
