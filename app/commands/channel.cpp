#include "base/json.h"
#include "commander.h"
#include "commands/command.h"

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

constexpr int pageLength = 10;

// Reads all channels, page after page.
class ChannelLister final
{
public:
    using Listed = std::function<void(const QJsonArray &)>;
    using Failed = std::function<void(ExitCode code, const QString &message)>;

    ChannelLister(Commander &commander, Listed listed, Failed failed)
        : m_commander(commander)
        , m_listed(std::move(listed))
        , m_failed(std::move(failed))
    {}

    void start() { askPage(); }

private:
    void askPage()
    {
        m_commander.ask("GET",
                        "/api/channel/?p=" + QByteArray::number(m_page),
                        {},
                        [this](const CommandAnswer &answer) { paged(answer); });
    }

    void paged(const CommandAnswer &answer)
    {
        if (!answer.succeeded()) {
            m_failed(answer.exitCode(), answer.message());
            return;
        }
        const QJsonArray page = answer.body.value(u"data"_s).toArray();
        for (const QJsonValue &channel : page)
            m_channels.append(channel);
        if (page.size() < pageLength) {
            m_listed(m_channels);
            return;
        }
        ++m_page;
        askPage();
    }

    Commander &m_commander;
    const Listed m_listed;
    const Failed m_failed;
    QJsonArray m_channels;
    int m_page = 0;
};

QString statusName(int status)
{
    switch (status) {
    case 1:
        return u"enabled"_s;
    case 2:
        return u"disabled"_s;
    case 3:
        return u"disabled automatically"_s;
    default:
        return u"unknown"_s;
    }
}

class ListChannels final : public Command
{
public:
    ListChannels(const Options &options, bool json)
        : m_commander(options)
        , m_json(json)
        , m_lister(
              m_commander,
              [this](const QJsonArray &channels) { show(channels); },
              [this](ExitCode code, const QString &message) { giveUp(code, message); })
    {}

    void start() override
    {
        connect(&m_commander, &Commander::failed, this, &ListChannels::giveUp);
        m_lister.start();
    }

private:
    void show(const QJsonArray &channels)
    {
        if (m_json) {
            printLine(QString::fromUtf8(base::compactJson(channels)));
        } else if (channels.isEmpty()) {
            printLine(u"There are no channels yet. README.md shows how to add one."_s);
        } else {
            printLine(u"   ID  STATUS                  NAME"_s);
            for (const QJsonValue &channel : channels) {
                const QJsonObject object = channel.toObject();
                printLine(u"%1  %2  %3"_s.arg(object.value(u"id"_s).toInteger(), 5)
                              .arg(statusName(object.value(u"status"_s).toInt()), -22)
                              .arg(object.value(u"name"_s).toString()));
            }
        }
        finish(ExitCode::Ok);
    }

    Commander m_commander;
    const bool m_json;
    ChannelLister m_lister;
};

class TestChannels final : public Command
{
public:
    // No id: all of them.
    TestChannels(const Options &options, std::optional<qint64> id, bool json)
        : m_commander(options)
        , m_id(id)
        , m_json(json)
        , m_lister(
              m_commander,
              [this](const QJsonArray &channels) { testAll(channels); },
              [this](ExitCode code, const QString &message) { giveUp(code, message); })
    {}

    void start() override
    {
        connect(&m_commander, &Commander::failed, this, &TestChannels::giveUp);
        if (!m_id) {
            m_lister.start();
            return;
        }
        m_total = 1;
        test(*m_id, {});
    }

private:
    void testAll(const QJsonArray &channels)
    {
        m_total = static_cast<int>(channels.size());
        for (const QJsonValue &channel : channels) {
            const QJsonObject object = channel.toObject();
            test(object.value(u"id"_s).toInteger(), object.value(u"name"_s).toString());
        }
        if (channels.isEmpty())
            end();
    }

    void test(qint64 id, const QString &name)
    {
        m_commander.ask(
            "GET",
            "/api/channel/test/" + QByteArray::number(id),
            {},
            [this, id, name](const CommandAnswer &answer) { tested(id, name, answer); });
    }

    void tested(qint64 id, const QString &name, const CommandAnswer &answer)
    {
        const bool good = answer.succeeded();
        m_good += good ? 1 : 0;
        if (m_json) {
            QJsonObject line = answer.body;
            line.insert(u"id"_s, id);
            m_results.append(line);
        } else {
            printLine(u"%1  %2  %3 s  %4  %5"_s.arg(id, 5)
                          .arg(good ? u"ok    "_s : u"failed"_s)
                          .arg(answer.body.value(u"time"_s).toDouble(), 6, 'f', 2)
                          .arg(name, answer.message()));
        }
        m_lastExitCode = answer.exitCode();
        if (++m_done == m_total)
            end();
    }

    void end()
    {
        if (m_json)
            printLine(QString::fromUtf8(base::compactJson(m_results)));
        if (m_good == m_total)
            finish(ExitCode::Ok);
        else
            finish(m_id ? m_lastExitCode : ExitCode::PartialFailure);
    }

    Commander m_commander;
    const std::optional<qint64> m_id;
    const bool m_json;
    ChannelLister m_lister;
    QJsonArray m_results;
    int m_total = 0;
    int m_done = 0;
    int m_good = 0;
    ExitCode m_lastExitCode = ExitCode::Ok;
};

base::Result<std::unique_ptr<Command>> make(const Options &options, QStringList arguments)
{
    const bool json = arguments.removeAll(u"--json"_s) > 0;
    const bool all = arguments.removeAll(u"--all"_s) > 0;
    if (arguments == QStringList{u"list"_s} && !all)
        return std::make_unique<ListChannels>(options, json);
    if (arguments == QStringList{u"test"_s} && all)
        return std::make_unique<TestChannels>(options, std::nullopt, json);
    if (arguments.size() == 2 && arguments.front() == "test"_L1 && !all) {
        bool isNumber = false;
        const qint64 id = arguments.at(1).toLongLong(&isNumber);
        if (isNumber && id > 0)
            return std::make_unique<TestChannels>(options, id, json);
        return base::fail(base::ErrorCode::InvalidInput,
                          base::Message::verbatim(
                              u"\"%1\" is no channel ID. gatehouse channel list shows them."_s.arg(
                                  arguments.at(1))));
    }
    return base::fail(base::ErrorCode::InvalidInput,
                      base::Message::verbatim(
                          u"Write: gatehouse channel list, gatehouse channel test ID, or gatehouse "
                          "channel test --all"_s));
}

} // namespace

CommandDescription channelCommand()
{
    return {
        .name = u"channel"_s,
        .summary = u"list and test channels"_s,
        .help =
            u"  list                all channels\n"
            "  test ID             sends one small request through a channel\n"
            "  test --all          tests every channel\n"
            "  --json              print JSON\n"_s
            + commonOptionsHelp()
            + u"\nSpeaks to the running Gatehouse of the data directory, or works on its own if "
              u"there\n"
              "is none. Exit codes: 0 all is well, 1 the channel failed, 4 there is no such "
              "channel,\n"
              "or nothing in the data directory, 8 some channels failed.\n"_s,
        .words = {u"list"_s, u"test"_s, u"--all"_s, u"--json"_s},
        .make = make};
}

} // namespace gatehouse::app
