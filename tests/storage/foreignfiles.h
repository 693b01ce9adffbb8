#pragma once

#include <QByteArray>
#include <QFile>
#include <QString>
#include <QTemporaryDir>

namespace gatehouse::tests {

// Where copies are made.
inline QString workFolder()
{
    static const QTemporaryDir folder;
    return folder.path();
}

inline bool write(const QString &path, const QByteArray &content)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly) && file.write(content) == content.size();
}

} // namespace gatehouse::tests
