#include "widgets/clientsnippets.h"

#include <QTest>

#include <algorithm>

using namespace Qt::StringLiterals;
using namespace gatehouse;

class ClientSnippetsTest : public QObject
{
    Q_OBJECT

private slots:
    void everyOneHasAddressAndKey();
    void codexIsToldOfAProvider();
};

void ClientSnippetsTest::everyOneHasAddressAndKey()
{
    for (const ui::ClientSnippet &each : ui::clientSnippets()) {
        const QString filled =
            ui::filledSnippet(each.text, u"http://127.0.0.1:3000"_s, base::Secret(u"sk-one"_s));

        QVERIFY2(filled.contains(u"http://127.0.0.1:3000"_s), qPrintable(each.title));
        QVERIFY2(filled.contains(u"sk-one"_s), qPrintable(each.title));
        QVERIFY2(!filled.contains(u"$URL"_s) && !filled.contains(u"$KEY"_s),
                 qPrintable(each.title));
    }
}

// It speaks the Responses API alone, and takes a key from a variable that the file names.
void ClientSnippetsTest::codexIsToldOfAProvider()
{
    const std::vector<ui::ClientSnippet> all = ui::clientSnippets();
    const auto codex = std::ranges::find_if(
        all, [](const ui::ClientSnippet &each) { return each.title.startsWith(u"Codex"_s); });
    QVERIFY(codex != all.end());

    const QStringList lines =
        ui::filledSnippet(codex->text, u"http://127.0.0.1:3000"_s, base::Secret(u"sk-one"_s))
            .split(u'\n');

    QVERIFY(lines.contains(u"# In the shell: export CODEX_GATEWAY_KEY='sk-one'"_s));
    QVERIFY(lines.contains(u"base_url = \"http://127.0.0.1:3000/v1\""_s));
    QVERIFY(lines.contains(u"env_key = \"CODEX_GATEWAY_KEY\""_s));
    QVERIFY(lines.contains(u"wire_api = \"responses\""_s));
    // What stands behind the head of a table belongs to the table.
    QVERIFY(lines.indexOf(u"model_provider = \"gatehouse\""_s)
            < lines.indexOf(u"[model_providers.gatehouse]"_s));
}

QTEST_GUILESS_MAIN(ClientSnippetsTest)
#include "tst_clientsnippets.moc"
