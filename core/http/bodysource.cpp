#include "http/bodysource.h"

#include <QDir>

#include <algorithm>
#include <cstring>

using namespace Qt::StringLiterals;

namespace gatehouse::http {

namespace {

// What clear() keeps. More would make idle connections large.
constexpr qsizetype keptBytes = 8 * 1024;

} // namespace

bool SpoolBudget::take(qint64 bytes, qint64 owner)
{
    const std::lock_guard lock(m_mutex);
    if (bytes > m_left || (owner != 0 && m_taken.value(owner) + bytes > m_share))
        return false;
    m_left -= bytes;
    if (owner != 0)
        m_taken[owner] += bytes;
    return true;
}

void SpoolBudget::giveBack(qint64 bytes, qint64 owner)
{
    if (bytes == 0)
        return;
    const std::lock_guard lock(m_mutex);
    m_left += bytes;
    const auto taken = m_taken.find(owner);
    if (taken == m_taken.end())
        return;
    *taken -= bytes;
    if (*taken <= 0)
        m_taken.erase(taken);
}

BodySource::BodySource(SpoolBudget &budget)
    : m_budget(budget)
{}

BodySource::~BodySource()
{
    dropFile();
}

void BodySource::clear()
{
    dropFile();
    if (m_memory.capacity() > keptBytes)
        m_memory = QByteArray();
    else
        m_memory.resize(0);
    m_size = 0;
    m_owner = 0;
}

void BodySource::dropFile()
{
    unmap();
    m_file.reset();
    m_budget.giveBack(m_budgeted, m_owner);
    m_budgeted = 0;
}

void BodySource::unmap()
{
    if (m_map)
        m_file->unmap(m_map);
    m_map = nullptr;
    if (m_file)
        m_memory = QByteArray(); // a copy for whole()
}

bool BodySource::take(QByteArrayView bytes)
{
    if (!m_file && m_size + bytes.size() <= memoryBytes) {
        m_memory.resize(static_cast<qsizetype>(m_size));
        const qsizetype needed = m_memory.size() + bytes.size() + padding;
        if (needed > m_memory.capacity())
            m_memory.reserve(std::max<qsizetype>({1024, needed, 2 * m_memory.capacity()}));
        m_memory.append(bytes);
        m_size += bytes.size();
        return true;
    }
    return (m_file || moveToFile()) && append(bytes);
}

bool BodySource::moveToFile()
{
    const QString directory = QDir::tempPath(); // empty if it does not exist
    if (directory.isEmpty())
        return false;
    auto file = std::make_unique<QTemporaryFile>(directory + u"/gatehouse-body-XXXXXX"_s);
    // Each write goes straight to the system, so that a full disk is seen at once.
    QFile &opened = *file;
    if (!opened.open(QIODevice::ReadWrite | QIODevice::Unbuffered)
        || !file->setPermissions(QFile::ReadOwner | QFile::WriteOwner))
        return false;
    // Where an open file can lose its name nobody else can open it, and no crash leaves it behind.
    // The static function is meant: that of the object closes the file first.
    if (QFile::remove(file->fileName()))
        file->setAutoRemove(false);

    m_file = std::move(file);
    const QByteArray memory = std::exchange(m_memory, QByteArray());
    const auto size = static_cast<qsizetype>(std::exchange(m_size, 0));
    if (append(QByteArrayView(memory).first(size)))
        return true;
    dropFile();
    m_memory = memory;
    m_size = size;
    return false;
}

bool BodySource::append(QByteArrayView bytes)
{
    unmap();
    if (!m_budget.take(bytes.size(), m_owner))
        return false;
    m_budgeted += bytes.size();
    if (!m_file->seek(m_size) || m_file->write(bytes.data(), bytes.size()) != bytes.size())
        return false;
    m_size += bytes.size();
    return true;
}

QByteArrayView BodySource::whole()
{
    const auto size = static_cast<qsizetype>(m_size);
    if (m_file) {
        // Bytes behind the end belong to the file too, so that the pages they lie in exist.
        if (!m_map && m_memory.isEmpty() && m_file->resize(m_size + padding))
            m_map = m_file->map(0, m_size + padding);
        if (m_map)
            return {m_map, size};
        if (m_memory.isEmpty())
            m_memory = read(0, m_size);
        if (m_memory.size() < size)
            return {}; // the file fails
    }
    m_memory.resize(size + padding);
    std::memset(m_memory.data() + size, 0, padding);
    return QByteArrayView(m_memory).first(size);
}

QByteArray BodySource::read(qint64 offset, qint64 most)
{
    const qint64 length = std::min(most, m_size - offset);
    if (offset < 0 || length <= 0)
        return {};
    if (m_map)
        return QByteArray(reinterpret_cast<const char *>(m_map) + offset, length);
    if (!m_file)
        return m_memory.mid(static_cast<qsizetype>(offset), static_cast<qsizetype>(length));
    if (!m_file->seek(offset))
        return {};
    return m_file->read(length);
}

} // namespace gatehouse::http
