#include "base/json.h"
#include "commands/channels.h"

#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

class TestChannels final : public ResourceCommand
{
public:
    TestChannels(const Options &options, ChannelTestChoice choice, bool json)
        : ResourceCommand(options, channelResource(), json)
        , m_choice(std::move(choice))
    {}

private:
    void run() override
    {
        const auto test = [this](const Rows &channels) { testAll(channels); };
        if (m_choice.references.isEmpty())
            list(test);
        else
            find(m_choice.references, test);
    }

    void testAll(const Rows &channels)
    {
        for (const QJsonObject &channel : channels) {
            if (isChosen(channel))
                m_channels.push_back(channel);
        }
        if (m_channels.empty() && m_choice.isServingModelOnly) {
            giveUp(ExitCode::NotFound,
                   u"No enabled channel offers \"%1\". \"gatehouse model list\" shows the models."_s
                       .arg(m_choice.model));
            return;
        }
        for (const QJsonObject &channel : m_channels) {
            QByteArray target =
                "/api/channel/test/" + QByteArray::number(channel.value(u"id"_s).toInteger());
            if (!m_choice.model.isEmpty())
                target += "?model=" + QUrl::toPercentEncoding(m_choice.model);
            commander().ask("GET", target, {}, [this, channel](const CommandAnswer &answer) {
                tested(channel, answer);
            });
        }
        if (m_channels.empty())
            end();
    }

    bool isChosen(const QJsonObject &channel) const
    {
        return !m_choice.isServingModelOnly
               || (channel.value(u"status"_s).toInt() == 1
                   && modelsOf(channel).contains(m_choice.model));
    }

    void tested(const QJsonObject &channel, const CommandAnswer &answer)
    {
        const bool good = answer.succeeded();
        m_good += good ? 1 : 0;
        const QJsonValue id = channel.value(u"id"_s);
        if (isJson()) {
            QJsonObject line = answer.body;
            line.insert(u"id"_s, id);
            m_results.append(line);
        } else {
            printLine(u"%1  %2  %3 s  %4  %5"_s.arg(id.toInteger(), 5)
                          .arg(good ? u"ok    "_s : u"failed"_s)
                          .arg(answer.body.value(u"time"_s).toDouble(), 6, 'f', 2)
                          .arg(plainLine(channel.value(u"name"_s).toString()),
                               plainLine(answer.message())));
        }
        m_lastExitCode = answer.exitCode();
        if (++m_done == m_channels.size())
            end();
    }

    void end()
    {
        if (isJson())
            printLine(QString::fromUtf8(base::compactJson(m_results)));
        const bool isOne = m_choice.references.size() == 1;
        if (m_good == m_channels.size())
            finish(ExitCode::Ok);
        else
            finish(isOne ? m_lastExitCode : ExitCode::PartialFailure);
    }

    const ChannelTestChoice m_choice;
    Rows m_channels{};
    QJsonArray m_results{};
    size_t m_done = 0;
    size_t m_good = 0;
    ExitCode m_lastExitCode = ExitCode::Ok;
};

} // namespace

std::unique_ptr<Command>
makeChannelTest(const Options &options, const ChannelTestChoice &choice, bool json)
{
    return std::make_unique<TestChannels>(options, choice, json);
}

} // namespace gatehouse::app
