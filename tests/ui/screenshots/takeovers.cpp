#include "ui/screenshots/takeovers.h"

#include "admin/applicationlink.h"
#include "channeleditor/linksheet.h"
#include "domain/providertype.h"
#include "settings/importblock.h"
#include "settings/settingspage.h"
#include "support/foreigndatabase.h"
#include "wizard/foundmodel.h"
#include "wizard/foundstep.h"
#include "wizard/welcome.h"

#include <QDir>
#include <QFileInfo>
#include <QTableView>
#include <QTest>

using namespace Qt::StringLiterals;

namespace gatehouse::screenshots {

namespace {

// The sheet as for a link that was opened; null where the link cannot be read.
QWidget *linkSheet(Stage &stage, const QString &parts)
{
    const auto link =
        admin::parseApplicationLink(u"gatehouse://v1/import?resource=channel&"_s + parts);
    const auto *channel = link ? std::get_if<admin::LinkedChannel>(&*link) : nullptr;
    return channel ? stage.show(new ui::LinkSheet(*channel, &stage.window())) : nullptr;
}

QString write(const Stage &stage, const QString &name, const QByteArray &content)
{
    const QString path = stage.directory() + u"/home/"_s + name;
    QFile file(path);
    if (!QDir().mkpath(QFileInfo(path).path()) || !file.open(QIODevice::WriteOnly)
        || file.write(content) != content.size())
        qFatal("%s cannot be written", qPrintable(path));
    return path;
}

QString routerConfig(const Stage &stage)
{
    return write(stage, u".claude-code-router/config.json"_s, R"({"Providers":[
        {"name":"openrouter","api_base_url":"https://openrouter.ai/api/v1/chat/completions",
         "api_key":"sk-or-v1-4b1f9c20a7e84d3c","models":["anthropic/claude-sonnet-4.5",
         "google/gemini-2.5-pro","moonshotai/kimi-k2"]},
        {"name":"deepseek","api_base_url":"https://api.deepseek.com/chat/completions",
         "api_key":"sk-0f2a6b7c9d4e41ab","models":["deepseek-chat","deepseek-reasoner"]},
        {"name":"modelscope","api_base_url":
         "https://api-inference.modelscope.cn/v1/chat/completions",
         "api_key":"ms-5c1d7e9f-22ab-4c6d","models":["Qwen/Qwen3-Coder-480B-A35B-Instruct"]},
        {"name":"ollama","api_base_url":"http://localhost:11434/v1/chat/completions",
         "api_key":"ollama","models":["qwen3:8b","gemma3:27b"]},
        {"name":"volcengine","api_key":"8d1c3a7e-5f42"}]})");
}

// Settings, Import, with the channels of another program, one of which is not wanted.
QWidget *ticks(Stage &stage)
{
    QWidget *window = stage.page(ui::PageId::Settings);
    auto *page = qobject_cast<ui::SettingsPage *>(stage.window().currentPage());
    page->showPane(u"import"_s);
    auto *block = page->findChild<ui::ImportBlock *>();
    block->open(routerConfig(stage));
    auto *proposals = block->findChild<QTableView *>(u"proposals"_s);
    if (!QTest::qWaitFor([proposals] { return proposals->model()->rowCount() > 2; }))
        return nullptr;
    stage.settle();
    const QRect box = proposals->visualRect(proposals->model()->index(2, 0));
    QTest::mouseClick(proposals->viewport(), Qt::LeftButton, {}, box.center());
    stage.settle();
    return window;
}

// The first run at one of its steps before the last, which would store what was chosen.
ui::Welcome *welcome(Stage &stage, int step)
{
    support::ForeignDatabase oneApi;
    for (const auto &[id, name] : {std::pair(401, u"lin"_s), std::pair(402, u"marta"_s)}) {
        oneApi.addUser(id, name);
        oneApi.addToken(id, id);
    }
    oneApi.addChannel(401, 1, {{u"name"_s, u"OpenAI, shared"_s}});
    const QString database = stage.directory() + u"/home/one-api.db"_s;
    QDir().mkpath(QFileInfo(database).path());
    QFile::remove(database);
    QFile::copy(oneApi.path(), database);
    const ui::WelcomeHooks hooks{
        .environment = {{u"ANTHROPIC_API_KEY"_s, u"sk-ant-api03-7f3e9b21c8d04a56"_s},
                        {u"OPENAI_API_KEY"_s, u"sk-proj-1c9e5d7a40b2f683"_s},
                        {u"GEMINI_API_KEY"_s, u"AIzaSyB6c1e9d3f7a2408b5"_s}},
        .places = {},
        .files = {routerConfig(stage), database}};
    auto *dialog = new ui::Welcome(stage.services(), hooks, &stage.window());
    stage.show(dialog);
    const ui::FoundModel &model = dialog->found().model();
    // The keys, and the files after them.
    constexpr size_t found = 5;
    if (!QTest::qWaitFor([&model] { return model.found().size() >= found; }))
        return nullptr;
    while (dialog->step() < step) {
        const int before = dialog->step();
        QTest::keyClick(dialog, Qt::Key_Return);
        if (!QTest::qWaitFor([&] { return dialog->step() > before; }))
            return nullptr;
    }
    stage.settle();
    return dialog;
}

void tick(ui::FoundModel &model, const QString &name)
{
    for (int row = 0; row < model.rowCount(); ++row) {
        const QModelIndex index = model.index(row);
        if (index.data().toString() == name && !index.data(ui::FoundModel::HeadingRole).toBool())
            model.setData(index, Qt::Checked, Qt::CheckStateRole);
    }
}

// Files and a server of models are ticked. A key that is ticked would be sent to its provider.
QWidget *welcomeTicks(Stage &stage)
{
    ui::Welcome *dialog = welcome(stage, 0);
    if (!dialog)
        return nullptr;
    ui::FoundModel &model = dialog->found().model();
    admin::FoundProvider ollama{.origin = u"http://127.0.0.1:11434/api/tags"_s};
    ollama.channel = {.type = domain::provider::ollama,
                      .name = u"Ollama"_s,
                      .baseUrl = u"http://127.0.0.1:11434"_s,
                      .models = {u"qwen3:8b"_s, u"gemma3:27b"_s, u"nomic-embed-text"_s}};
    model.addFound(ollama);
    QTest::keyClick(dialog, Qt::Key_Return);
    stage.settle();
    for (const QString &name : {u"Ollama"_s, u"Claude Code Router"_s})
        tick(model, name);
    stage.settle();
    return dialog;
}

} // namespace

QList<Shot> takeovers()
{
    return {
        {u"link-sheet"_s,
         [](Stage &s) {
             return linkSheet(s,
                              u"type=OpenAI+compatible&name=Team+relay&base_url=https%3A%2F%2Fllm."
                              u"example.org%2Fv1"
                              "&models=gpt-5.1,gpt-5-mini,claude-sonnet-4-5,gemini-2.5-pro,"
                              "deepseek-chat,qwen3-max"_s);
         }},
        {u"link-sheet-warnings"_s,
         [](Stage &s) {
             // The first letter of the host is Cyrillic.
             return linkSheet(s,
                              u"type=openai&name=OpenAI"
                              "&base_url=https%3A%2F%2F%D0%B0pi-openai.example%2Fv1"
                              "&key=sk-proj-9a41c7e2b05d48f3&models=gpt-5.1,gpt-5-mini"_s);
         }},
        {u"settings-import-ticks"_s, ticks},
        {u"welcome-people"_s, [](Stage &s) { return welcome(s, 0); }, true},
        {u"welcome-found"_s, welcomeTicks, true},
        {u"welcome-reach"_s, [](Stage &s) { return welcome(s, 2); }, true},
    };
}

} // namespace gatehouse::screenshots
