#pragma once

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

namespace gatehouse::support {

// A named pipe: who opens it for reading waits until release(), and then reads nonsense.
class HeldFile
{
public:
    HeldFile() { m_made = QProcess::execute(QStringLiteral("mkfifo"), {path()}) == 0; }

    bool isMade() const { return m_made; }
    QString path() const { return m_folder.filePath(QStringLiteral("held")); }
    // For readers that come later, too.
    bool release()
    {
        // More than QFile wants at once, and less than a pipe holds.
        const QByteArray nonsense(48 * 1024, 'x');
        // Who may read as well waits for nobody.
        return m_pipe.open(QIODevice::ReadWrite | QIODevice::ExistingOnly | QIODevice::Unbuffered)
               && m_pipe.write(nonsense) == nonsense.size();
    }

private:
    QTemporaryDir m_folder{};
    QFile m_pipe{path()};
    bool m_made = false;
};

} // namespace gatehouse::support
