#pragma once

#include <QFile>

namespace gatehouse::base {

// The file that a log is kept in. One that would grow beyond its largest size becomes `path`.1, the one
// before it .2 and so on, and it begins anew; the oldest goes. Only the account can read them, and the
// folder if it is made here. One that was taken away meanwhile is made again. Lives in one thread.
class LogFile
{
public:
    static constexpr qint64 usualSize = 10'000'000; // bytes
    static constexpr int usualCount = 5;            // with the one that is written

    explicit LogFile(QString path, qint64 largest = usualSize, int count = usualCount);

    // How much of `text` was written; it is opened at the first. Not above 0: nothing could be, and
    // problem() says why.
    qsizetype write(QByteArrayView text);
    const QString &path() const { return m_path; }
    const QString &problem() const { return m_problem; }

private:
    bool open();
    void rotate();
    QString pathOf(int age) const;

    const QString m_path;
    const qint64 m_largest;
    const int m_count;
    QFile m_file;
    qint64 m_size = 0;
    bool m_isAtLineStart = true;
    QString m_problem{};
};

} // namespace gatehouse::base
