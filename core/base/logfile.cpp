#include "base/logfile.h"

#include "base/systemreason.h"

#include <QDir>
#include <QFileInfo>

#include <filesystem>
#include <system_error>
#include <utility>

using namespace Qt::StringLiterals;

namespace gatehouse::base {

namespace {

constexpr QFileDevice::Permissions logFilePermissions =
    QFileDevice::ReadOwner | QFileDevice::WriteOwner;
constexpr QFileDevice::Permissions logFolderPermissions =
    logFilePermissions | QFileDevice::ExeOwner;

} // namespace

LogFile::LogFile(QString path, qint64 largest, int count)
    : m_path(std::move(path))
    , m_largest(largest)
    , m_count(count)
    , m_file(m_path)
{}

qsizetype LogFile::write(QByteArrayView text)
{
    if (m_isAtLineStart && m_file.isOpen() && !QFileInfo::exists(m_path))
        m_file.close();
    if (!m_file.isOpen() && !open())
        return -1;
    if (m_isAtLineStart && m_size > 0 && m_size + text.size() > m_largest) {
        rotate();
        if (!open())
            return -1;
    }
    const qint64 written = m_file.write(text.data(), text.size());
    if (written <= 0) {
        m_problem = systemReason(m_file.errorString()).english();
        return -1;
    }
    m_size += written;
    m_isAtLineStart = text.at(written - 1) == '\n';
    return written;
}

bool LogFile::open()
{
    const QFileInfo info(m_path);
    // Opening a pipe may take for ever, and the permissions of a device are not ours to change.
    if (info.exists() && !info.isFile()) {
        m_problem = u"it is not a regular file"_s;
        return false;
    }
    const QString folder = info.absolutePath();
    if (!QFileInfo::exists(folder) && QDir().mkpath(folder))
        QFile::setPermissions(folder, logFolderPermissions);
    if (!m_file.open(QIODevice::WriteOnly | QIODevice::Append | QIODevice::Unbuffered,
                     logFilePermissions)) {
        m_problem = systemReason(m_file.errorString()).english();
        return false;
    }
    m_file.setPermissions(logFilePermissions); // one that was there already
    m_size = m_file.size();
    return true;
}

void LogFile::rotate()
{
    m_file.close();
    for (int age = m_count - 1; age > 0; --age) {
        std::error_code absent; // or held open by another program
        std::filesystem::rename(QFileInfo(pathOf(age - 1)).filesystemFilePath(),
                                QFileInfo(pathOf(age)).filesystemFilePath(),
                                absent);
    }
    if (QFileInfo::exists(m_path))
        QFile::resize(m_path, 0); // all is better lost than the disk filled
}

QString LogFile::pathOf(int age) const
{
    return age == 0 ? m_path : m_path + u'.' + QString::number(age);
}

} // namespace gatehouse::base
