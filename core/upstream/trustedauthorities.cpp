#include "upstream/trustedauthorities.h"

#include <QDir>
#include <QSet>
#include <QSslConfiguration>

using namespace Qt::StringLiterals;

namespace gatehouse::upstream {

namespace {

const QString fileVariable = u"SSL_CERT_FILE"_s;
const QString directoryVariable = u"SSL_CERT_DIR"_s;

// Certificates in the order in which they are found, each once.
class Bundle
{
public:
    // Whether there was one.
    bool add(const QList<QSslCertificate> &found)
    {
        for (const QSslCertificate &certificate : found) {
            if (m_known.contains(certificate))
                continue;
            m_known.insert(certificate);
            m_certificates.append(certificate);
        }
        return !found.isEmpty();
    }

    bool addFile(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly)
               && add(QSslCertificate::fromData(file.readAll(), QSsl::Pem));
    }

    bool addDirectory(const QString &path)
    {
        bool isAny = false;
        const QStringList names = QDir(path).entryList(QDir::Files);
        for (const QString &name : names)
            isAny = addFile(path + u'/' + name) || isAny;
        return isAny;
    }

    const QList<QSslCertificate> &certificates() const { return m_certificates; }

private:
    QSet<QSslCertificate> m_known;
    QList<QSslCertificate> m_certificates;
};

} // namespace

std::optional<QList<QSslCertificate>> authoritiesFrom(const QMap<QString, QString> &environment,
                                                      QStringList *problems)
{
    const auto complain = [problems](const QString &variable, const QString &path) {
        if (problems) {
            problems->append(
                u"%1: %2 holds no certificate in PEM that can be read, and is passed over."_s.arg(
                    variable, QDir::toNativeSeparators(path)));
        }
    };
    const QString file = environment.value(fileVariable);
    const QStringList directories =
        environment.value(directoryVariable).split(QDir::listSeparator(), Qt::SkipEmptyParts);
    Bundle named;
    const bool hasFile = !file.isEmpty() && named.addFile(file);
    if (!file.isEmpty() && !hasFile)
        complain(fileVariable, file);
    bool hasDirectory = false;
    for (const QString &directory : directories) {
        if (named.addDirectory(directory))
            hasDirectory = true;
        else
            complain(directoryVariable, directory);
    }
    if (!hasFile && !hasDirectory)
        return {};
    if (!hasDirectory)
        named.add(QSslConfiguration::systemCaCertificates());
    return named.certificates();
}

QStringList trustAuthoritiesOf(const QMap<QString, QString> &environment)
{
    QStringList problems;
    if (const auto authorities = authoritiesFrom(environment, &problems)) {
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setCaCertificates(*authorities);
        QSslConfiguration::setDefaultConfiguration(configuration);
    }
    return problems;
}

} // namespace gatehouse::upstream
