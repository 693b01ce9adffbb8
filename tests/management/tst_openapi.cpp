#include "support/managementfixture.h"

#include "management/router.h"

using namespace Qt::StringLiterals;

namespace gatehouse {

using support::ManagementFixture;

namespace {

// The operations of the document by its indentation: two blanks before a path, four before a method.
QStringList documented()
{
    QFile file(QStringLiteral(OPENAPI_FILE));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    static const QStringList methods{u"get"_s, u"post"_s, u"put"_s, u"delete"_s};
    QStringList operations;
    QString path;
    for (const QString &line : QString::fromUtf8(file.readAll()).split(u'\n')) {
        if (line.startsWith(u"  /"_s) && line.endsWith(u':'))
            path = line.trimmed().chopped(1);
        else if (!line.startsWith(u' '))
            path.clear();
        const QString word = line.trimmed().chopped(line.endsWith(u':') ? 1 : 0);
        if (!path.isEmpty() && line == u"    "_s + word + u':' && methods.contains(word))
            operations.append(QString(word.toUpper() + u' ' + path));
    }
    return operations;
}

} // namespace

// docs/openapi.yaml says all that is served, and nothing else of the management API.
class TestOpenApi : public QObject
{
    Q_OBJECT

private slots:
    void namesEveryRoute();
};

void TestOpenApi::namesEveryRoute()
{
    ManagementFixture gateway;
    gateway.startApi();
    const QStringList known = documented();
    QVERIFY(known.size() > 50);

    QStringList served;
    for (const management::Route &route : gateway.api->routes()) {
        QByteArray path = route.pattern;
        path.replace(":id", "{id}");
        served.append(QString::fromLatin1(route.method + ' ' + path));
        QVERIFY2(known.contains(served.last()), qPrintable(served.last()));
    }
    for (const QString &operation : known) {
        if (operation.contains(u" /api/"_s) || operation.contains(u"/dashboard/"_s))
            QVERIFY2(served.contains(operation), qPrintable(operation));
    }
}

} // namespace gatehouse

QTEST_GUILESS_MAIN(gatehouse::TestOpenApi)
#include "tst_openapi.moc"
