<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>gatehouse::app::Notifier</name>
    <message numerus="yes">
        <source>And %n more.</source>
        <translation>
            <numerusform>And %n more.</numerusform>
            <numerusform>And %n more.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::app::QuitQuestion</name>
    <message numerus="yes">
        <source>%n requests are running.</source>
        <translation>
            <numerusform>%n request is running.</numerusform>
            <numerusform>%n requests are running.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::AttentionPanel</name>
    <message numerus="yes">
        <source>Show all %n</source>
        <comment>things</comment>
        <translation>
            <numerusform>Show all %n</numerusform>
            <numerusform>Show all %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n channels have no keys since a backup was restored</source>
        <translation>
            <numerusform>%n channel has no keys since a backup was restored</numerusform>
            <numerusform>%n channels have no keys since a backup was restored</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::BackupBlock</name>
    <message numerus="yes">
        <source>%n channels</source>
        <translation>
            <numerusform>%n channel</numerusform>
            <numerusform>%n channels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n users</source>
        <translation>
            <numerusform>%n user</numerusform>
            <numerusform>%n users</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n requests</source>
        <translation>
            <numerusform>%n request</numerusform>
            <numerusform>%n requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::BulkDialog</name>
    <message numerus="yes">
        <source>Edit %n channels</source>
        <translation>
            <numerusform>Edit %n channel</numerusform>
            <numerusform>Edit %n channels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Change %n channels</source>
        <translation>
            <numerusform>Change %n channel</numerusform>
            <numerusform>Change %n channels</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::CacheBlock</name>
    <message numerus="yes">
        <source>%n answers, %1 of memory. They are gone when the program ends.</source>
        <translation>
            <numerusform>%n answer, %1 of memory. It is gone when the program ends.</numerusform>
            <numerusform>%n answers, %1 of memory. They are gone when the program ends.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Cleared %n kept answers</source>
        <translation>
            <numerusform>Cleared %n kept answer</numerusform>
            <numerusform>Cleared %n kept answers</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::CaptureChoice</name>
    <message numerus="yes">
        <source>Bodies: errors, %n days</source>
        <translation>
            <numerusform>Bodies: errors, %n day</numerusform>
            <numerusform>Bodies: errors, %n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Bodies: all, %n days</source>
        <translation>
            <numerusform>Bodies: all, %n day</numerusform>
            <numerusform>Bodies: all, %n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Heads and bodies are kept for %n days and take at most %1. Secrets are masked.</source>
        <translation>
            <numerusform>Heads and bodies are kept for %n day and take at most %1. Secrets are masked.</numerusform>
            <numerusform>Heads and bodies are kept for %n days and take at most %1. Secrets are masked.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::CapturePrompt</name>
    <message numerus="yes">
        <source>for %n days and up to %1 on this computer, compressed, with keys masked</source>
        <translation>
            <numerusform>for %n day and up to %1 on this computer, compressed, with keys masked</numerusform>
            <numerusform>for %n days and up to %1 on this computer, compressed, with keys masked</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelColumns</name>
    <message numerus="yes">
        <source>%n attempts in a row failed. It still serves.</source>
        <translation>
            <numerusform>%n attempt in a row failed. It still serves.</numerusform>
            <numerusform>%n attempts in a row failed. It still serves.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Paused after %n failures in a row; it is tried again by itself.</source>
        <translation>
            <numerusform>Paused after %n failure in a row; it is tried again by itself.</numerusform>
            <numerusform>Paused after %n failures in a row; it is tried again by itself.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelCommands</name>
    <message numerus="yes">
        <source>Enabled %n channels</source>
        <translation>
            <numerusform>Enabled %n channel</numerusform>
            <numerusform>Enabled %n channels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Disabled %n channels</source>
        <translation>
            <numerusform>Disabled %n channel</numerusform>
            <numerusform>Disabled %n channels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Moved %n channels to priority %1</source>
        <translation>
            <numerusform>Moved %n channel to priority %1</numerusform>
            <numerusform>Moved %n channels to priority %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Changed %n channels</source>
        <translation>
            <numerusform>Changed %n channel</numerusform>
            <numerusform>Changed %n channels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Deleted %n channels</source>
        <translation>
            <numerusform>Deleted %n channel</numerusform>
            <numerusform>Deleted %n channels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Duplicated %n channels; the copies are switched off</source>
        <translation>
            <numerusform>Duplicated %n channel; the copies are switched off</numerusform>
            <numerusform>Duplicated %n channels; the copies are switched off</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Disabled %n channels that failed</source>
        <translation>
            <numerusform>Disabled %n channel that failed</numerusform>
            <numerusform>Disabled %n channels that failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelDetail</name>
    <message numerus="yes">
        <source>%n channels are selected.</source>
        <translation>
            <numerusform>%n channel is selected.</numerusform>
            <numerusform>%n channels are selected.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelDialog</name>
    <message numerus="yes">
        <source>Search %n providers</source>
        <translation>
            <numerusform>Search %n provider</numerusform>
            <numerusform>Search %n providers</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n models are offered.</source>
        <translation>
            <numerusform>%1 of %n model is offered.</numerusform>
            <numerusform>%1 of %n models are offered.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A name has at most %n characters.</source>
        <translation>
            <numerusform>A name has at most %n character.</numerusform>
            <numerusform>A name has at most %n characters.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelKeyTable</name>
    <message numerus="yes">
        <source>%n models</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelKeys</name>
    <message numerus="yes">
        <source>%n keys, one a line</source>
        <translation>
            <numerusform>%n key, one a line</numerusform>
            <numerusform>%n keys, one a line</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n keys, one a line, recognised as %1</source>
        <translation>
            <numerusform>%n key, one a line, recognised as %1</numerusform>
            <numerusform>%n keys, one a line, recognised as %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelModelSheet</name>
    <message numerus="yes">
        <source>%1 of %n chosen</source>
        <translation>
            <numerusform>%1 of %n chosen</numerusform>
            <numerusform>%1 of %n chosen</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelTrouble</name>
    <message numerus="yes">
        <source>%n other channels serve its models.</source>
        <translation>
            <numerusform>%n other channel serves its models.</numerusform>
            <numerusform>%n other channels serve its models.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelsPage</name>
    <message numerus="yes">
        <source>%n selected</source>
        <translation>
            <numerusform>%n selected</numerusform>
            <numerusform>%n selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n requests</source>
        <translation>
            <numerusform>%n request</numerusform>
            <numerusform>%n requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Edit %n…</source>
        <translation>
            <numerusform>&amp;Edit %n…</numerusform>
            <numerusform>&amp;Edit %n…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 (%n channels)</source>
        <translation>
            <numerusform>%1 (%n channel)</numerusform>
            <numerusform>%1 (%n channels)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Exported %n channels, without their keys.</source>
        <translation>
            <numerusform>Exported %n channel, without their keys.</numerusform>
            <numerusform>Exported %n channels, without their keys.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChartText</name>
    <message numerus="yes">
        <source>per %n s</source>
        <comment>seconds</comment>
        <translation>
            <numerusform>per %n s</numerusform>
            <numerusform>per %n s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>per %n min</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>per %n min</numerusform>
            <numerusform>per %n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>per %n h</source>
        <comment>hours</comment>
        <translation>
            <numerusform>per %n h</numerusform>
            <numerusform>per %n h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>per %n d</source>
        <comment>days</comment>
        <translation>
            <numerusform>per %n d</numerusform>
            <numerusform>per %n d</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n budgets a day: %1</source>
        <translation>
            <numerusform>Budget a day: %1</numerusform>
            <numerusform>%n budgets a day: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n budgets a week: %1</source>
        <translation>
            <numerusform>Budget a week: %1</numerusform>
            <numerusform>%n budgets a week: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n budgets a month: %1</source>
        <translation>
            <numerusform>Budget a month: %1</numerusform>
            <numerusform>%n budgets a month: %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ConversationModel</name>
    <message numerus="yes">
        <source>%n tools</source>
        <translation>
            <numerusform>%n tool</numerusform>
            <numerusform>%n tools</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n earlier messages</source>
        <translation>
            <numerusform>%n earlier message</numerusform>
            <numerusform>%n earlier messages</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::DatabaseBlock</name>
    <message numerus="yes">
        <source>Waiting for %n running requests…</source>
        <translation>
            <numerusform>Waiting for a running request…</numerusform>
            <numerusform>Waiting for %n running requests…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::DetailTabs</name>
    <message numerus="yes">
        <source>Show these %n failures</source>
        <translation>
            <numerusform>Show this failure</numerusform>
            <numerusform>Show these %n failures</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n attempts in a row failed; the requests went on to other channels.</source>
        <translation>
            <numerusform>%n attempt failed; the request went on to another channel.</numerusform>
            <numerusform>%n attempts in a row failed; the requests went on to other channels.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show the %n requests that went on to another channel</source>
        <translation>
            <numerusform>Show the request that went on to another channel</numerusform>
            <numerusform>Show the %n requests that went on to another channel</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ExpiryFields</name>
    <message numerus="yes">
        <source>In %n days</source>
        <translation>
            <numerusform>In %n day</numerusform>
            <numerusform>In %n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::Format</name>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n s ago</source>
        <translation>
            <numerusform>%n s ago</numerusform>
            <numerusform>%n s ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %n s</source>
        <translation>
            <numerusform>in %n s</numerusform>
            <numerusform>in %n s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation>
            <numerusform>%n min ago</numerusform>
            <numerusform>%n min ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %n min</source>
        <translation>
            <numerusform>in %n min</numerusform>
            <numerusform>in %n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation>
            <numerusform>%n h ago</numerusform>
            <numerusform>%n h ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %n h</source>
        <translation>
            <numerusform>in %n h</numerusform>
            <numerusform>in %n h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n days ago</source>
        <translation>
            <numerusform>%n day ago</numerusform>
            <numerusform>%n days ago</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %n days</source>
        <translation>
            <numerusform>in %n day</numerusform>
            <numerusform>in %n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::FoundModel</name>
    <message numerus="yes">
        <source>%n models</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::GroupCommands</name>
    <message numerus="yes">
        <source>Added %n groups</source>
        <translation>
            <numerusform>Added %n group</numerusform>
            <numerusform>Added %n groups</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::HealthModel</name>
    <message numerus="yes">
        <source>last %n days</source>
        <translation>
            <numerusform>last day</numerusform>
            <numerusform>last %n days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1: %2 of %n attempts in the %3 succeeded</source>
        <comment>channel, share, last 60 minutes</comment>
        <translation>
            <numerusform>%1: %2 of %n attempt in the %3 succeeded</numerusform>
            <numerusform>%1: %2 of %n attempts in the %3 succeeded</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::HealthPanel</name>
    <message numerus="yes">
        <source>Show all %n</source>
        <comment>channels</comment>
        <translation>
            <numerusform>Show all %n</numerusform>
            <numerusform>Show all %n</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::HeatText</name>
    <message numerus="yes">
        <source>The breaker was open in %n stretch(es).</source>
        <translation>
            <numerusform>The breaker was open in one stretch.</numerusform>
            <numerusform>The breaker was open in %n stretches.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n attempts</source>
        <translation>
            <numerusform>%n attempt</numerusform>
            <numerusform>%n attempts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::HistoryDialog</name>
    <message numerus="yes">
        <source>%n changes</source>
        <translation>
            <numerusform>%n change</numerusform>
            <numerusform>%n changes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::Inspector</name>
    <message numerus="yes">
        <source>failed after %n attempts, the last with %1</source>
        <translation>
            <numerusform>failed after %n attempt, the last with %1</numerusform>
            <numerusform>failed after %n attempts, the last with %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1, after %n failed attempts</source>
        <translation>
            <numerusform>%1, after %n failed attempt</numerusform>
            <numerusform>%1, after %n failed attempts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::JsonTreeModel</name>
    <message numerus="yes">
        <source>{ %n members }</source>
        <translation>
            <numerusform>{ %n member }</numerusform>
            <numerusform>{ %n members }</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>[ %n values ]</source>
        <translation>
            <numerusform>[ %n value ]</numerusform>
            <numerusform>[ %n values ]</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::JsonView</name>
    <message numerus="yes">
        <source>%n values</source>
        <translation>
            <numerusform>%n value</numerusform>
            <numerusform>%n values</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ListPage</name>
    <message numerus="yes">
        <source>Exported %n rows to %1</source>
        <translation>
            <numerusform>Exported a row to %1</numerusform>
            <numerusform>Exported %n rows to %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::LostTexts</name>
    <message numerus="yes">
        <source>%n channels have no keys and are switched off.</source>
        <translation>
            <numerusform>%n channel has no keys and is switched off.</numerusform>
            <numerusform>%n channels have no keys and are switched off.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The keys of %n tokens stay valid, but cannot be shown.</source>
        <translation>
            <numerusform>The key of %n token stays valid, but cannot be shown.</numerusform>
            <numerusform>The keys of %n tokens stay valid, but cannot be shown.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::MainWindow</name>
    <message numerus="yes">
        <source>%n channels do not serve</source>
        <translation>
            <numerusform>%n channel does not serve</numerusform>
            <numerusform>%n channels do not serve</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n errors since you last looked</source>
        <translation>
            <numerusform>%n error since you last looked</numerusform>
            <numerusform>%n errors since you last looked</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::MessageBar</name>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>%n more</numerusform>
            <numerusform>%n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ModelChangeDialog</name>
    <message numerus="yes">
        <source>%1 of %n changes</source>
        <translation>
            <numerusform>%1 of %n change</numerusform>
            <numerusform>%1 of %n changes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ModelColumns</name>
    <message numerus="yes">
        <source>%n requests</source>
        <translation>
            <numerusform>%n request</numerusform>
            <numerusform>%n requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ModelsPage</name>
    <message numerus="yes">
        <source>%n models are used without a price.</source>
        <translation>
            <numerusform>%n model is used without a price.</numerusform>
            <numerusform>%n models are used without a price.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Exported %n rows to %1</source>
        <translation>
            <numerusform>Exported a row to %1</numerusform>
            <numerusform>Exported %n rows to %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Reset %n prices</source>
        <translation>
            <numerusform>Reset %n price</numerusform>
            <numerusform>Reset %n prices</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Removed %n prices of other dates</source>
        <translation>
            <numerusform>Removed %n price of another date</numerusform>
            <numerusform>Removed %n prices of other dates</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Change the routing of %n models</source>
        <translation>
            <numerusform>Change the routing of %n model</numerusform>
            <numerusform>Change the routing of %n models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::PrivacyBlock</name>
    <message numerus="yes">
        <source>Heads and bodies of %n requests, %1 on the disk.</source>
        <translation>
            <numerusform>Head and body of %n request, %1 on the disk.</numerusform>
            <numerusform>Heads and bodies of %n requests, %1 on the disk.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Delete what is kept of %n requests?</source>
        <translation>
            <numerusform>Delete what is kept of %n request?</numerusform>
            <numerusform>Delete what is kept of %n requests?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Deleted heads and bodies of %n requests</source>
        <translation>
            <numerusform>Deleted head and body of %n request</numerusform>
            <numerusform>Deleted heads and bodies of %n requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::RankingPanel</name>
    <message numerus="yes">
        <source>Other (%n)</source>
        <translation>
            <numerusform>Other (%n)</numerusform>
            <numerusform>Other (%n)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::RecalculationDialog</name>
    <message numerus="yes">
        <source>Recalculated the cost of %n records</source>
        <translation>
            <numerusform>Recalculated the cost of %n record</numerusform>
            <numerusform>Recalculated the cost of %n records</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::RestartBar</name>
    <message numerus="yes">
        <source>%n changes wait for a restart of the listener.</source>
        <translation>
            <numerusform>%n change waits for a restart of the listener.</numerusform>
            <numerusform>%n changes wait for a restart of the listener.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The %n requests in flight are broken off.</source>
        <translation>
            <numerusform>The request in flight is broken off.</numerusform>
            <numerusform>The %n requests in flight are broken off.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The %n requests in flight have %1 to finish.</source>
        <translation>
            <numerusform>The request in flight has %1 to finish.</numerusform>
            <numerusform>The %n requests in flight have %1 to finish.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::RouteDialog</name>
    <message numerus="yes">
        <source>%n usable keys</source>
        <translation>
            <numerusform>%n usable key</numerusform>
            <numerusform>%n usable keys</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n channels can serve it.</source>
        <translation>
            <numerusform>%n channel can serve it.</numerusform>
            <numerusform>%n channels can serve it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n keys at rest</source>
        <translation>
            <numerusform>%n key at rest</numerusform>
            <numerusform>%n keys at rest</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::SecretsBlock</name>
    <message numerus="yes">
        <source>Forgot the keys of %n tokens</source>
        <translation>
            <numerusform>Forgot the key of %n token</numerusform>
            <numerusform>Forgot the keys of %n tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::StatusHeader</name>
    <message numerus="yes">
        <source>%n req/min</source>
        <translation>
            <numerusform>%n req/min</numerusform>
            <numerusform>%n req/min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n in flight</source>
        <translation>
            <numerusform>%n in flight</numerusform>
            <numerusform>%n in flight</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::StatusLine</name>
    <message numerus="yes">
        <source>%n in flight</source>
        <translation>
            <numerusform>%n in flight</numerusform>
            <numerusform>%n in flight</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n channels</source>
        <translation>
            <numerusform>%n channel</numerusform>
            <numerusform>%n channels</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::StopQuestion</name>
    <message numerus="yes">
        <source>%n requests are running.</source>
        <translation>
            <numerusform>%n request is running.</numerusform>
            <numerusform>%n requests are running.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::StreamTab</name>
    <message numerus="yes">
        <source>%n characters</source>
        <translation>
            <numerusform>%n character</numerusform>
            <numerusform>%n characters</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n events</source>
        <translation>
            <numerusform>%n event</numerusform>
            <numerusform>%n events</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TestColumns</name>
    <message numerus="yes">
        <source>%n answered</source>
        <translation>
            <numerusform>%n answered</numerusform>
            <numerusform>%n answered</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n slow</source>
        <translation>
            <numerusform>%n slow</numerusform>
            <numerusform>%n slow</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n keys refused</source>
        <translation>
            <numerusform>%n key refused</numerusform>
            <numerusform>%n keys refused</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n out of credit</source>
        <translation>
            <numerusform>%n out of credit</numerusform>
            <numerusform>%n out of credit</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rate-limited</source>
        <translation>
            <numerusform>%n rate-limited</numerusform>
            <numerusform>%n rate-limited</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n models unknown</source>
        <translation>
            <numerusform>%n model unknown</numerusform>
            <numerusform>%n models unknown</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n refused</source>
        <translation>
            <numerusform>%n refused</numerusform>
            <numerusform>%n refused</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n provider errors</source>
        <translation>
            <numerusform>%n provider error</numerusform>
            <numerusform>%n provider errors</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n timed out</source>
        <translation>
            <numerusform>%n timed out</numerusform>
            <numerusform>%n timed out</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not reached</source>
        <translation>
            <numerusform>%n not reached</numerusform>
            <numerusform>%n not reached</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not understood</source>
        <translation>
            <numerusform>%n not understood</numerusform>
            <numerusform>%n not understood</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not tested</source>
        <translation>
            <numerusform>%n not tested</numerusform>
            <numerusform>%n not tested</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TestSheet</name>
    <message numerus="yes">
        <source>Test of %n selected channels</source>
        <translation>
            <numerusform>Test of %n selected channel</numerusform>
            <numerusform>Test of %n selected channels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n tests</source>
        <translation>
            <numerusform>%n test</numerusform>
            <numerusform>%n tests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n without a price</source>
        <translation>
            <numerusform>%n without a price</numerusform>
            <numerusform>%n without a price</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n channels</source>
        <translation>
            <numerusform>%n channel</numerusform>
            <numerusform>%n channels</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n keys</source>
        <translation>
            <numerusform>%n key</numerusform>
            <numerusform>%n keys</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TimeSpan</name>
    <message numerus="yes">
        <source>The last %n minutes, times of %1</source>
        <translation>
            <numerusform>The last %n minute, times of %1</numerusform>
            <numerusform>The last %n minutes, times of %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The last %n days, times of %1</source>
        <translation>
            <numerusform>The last %n day, times of %1</numerusform>
            <numerusform>The last %n days, times of %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokenBulkDialog</name>
    <message numerus="yes">
        <source>Edit %n tokens</source>
        <translation>
            <numerusform>Edit %n token</numerusform>
            <numerusform>Edit %n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Change %n tokens</source>
        <translation>
            <numerusform>Change %n token</numerusform>
            <numerusform>Change %n tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokenColumns</name>
    <message numerus="yes">
        <source>%n models</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokenCommands</name>
    <message numerus="yes">
        <source>Enabled %n tokens</source>
        <translation>
            <numerusform>Enabled %n token</numerusform>
            <numerusform>Enabled %n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Disabled %n tokens</source>
        <translation>
            <numerusform>Disabled %n token</numerusform>
            <numerusform>Disabled %n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Topped up %n tokens by %1</source>
        <translation>
            <numerusform>Topped up %n token by %1</numerusform>
            <numerusform>Topped up %n tokens by %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Deleted %n tokens</source>
        <translation>
            <numerusform>Deleted %n token</numerusform>
            <numerusform>Deleted %n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Changed %n tokens</source>
        <translation>
            <numerusform>Changed %n token</numerusform>
            <numerusform>Changed %n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Created %n tokens</source>
        <translation>
            <numerusform>Created %n token</numerusform>
            <numerusform>Created %n tokens</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokenDetail</name>
    <message numerus="yes">
        <source>%n tokens are selected.</source>
        <translation>
            <numerusform>%n token is selected.</numerusform>
            <numerusform>%n tokens are selected.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokenFacts</name>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 and %n more</numerusform>
            <numerusform>%1 and %n more</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n requests a minute</source>
        <translation>
            <numerusform>%n request a minute</numerusform>
            <numerusform>%n requests a minute</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n at the same time</source>
        <translation>
            <numerusform>%n at the same time</numerusform>
            <numerusform>%n at the same time</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show the %n requests in Traffic</source>
        <translation>
            <numerusform>Show the %n request in Traffic</numerusform>
            <numerusform>Show the %n requests in Traffic</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Show the %n failed requests in Traffic</source>
        <translation>
            <numerusform>Show the %n failed request in Traffic</numerusform>
            <numerusform>Show the %n failed requests in Traffic</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokenSheet</name>
    <message numerus="yes">
        <source>Whoever scans this code can spend the budget. It is hidden after %n seconds.</source>
        <translation>
            <numerusform>Whoever scans this code can spend the budget. It is hidden after %n second.</numerusform>
            <numerusform>Whoever scans this code can spend the budget. It is hidden after %n seconds.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokensPage</name>
    <message numerus="yes">
        <source>%n tokens</source>
        <translation>
            <numerusform>%n token</numerusform>
            <numerusform>%n tokens</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n active</source>
        <translation>
            <numerusform>%n active</numerusform>
            <numerusform>%n active</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n selected</source>
        <translation>
            <numerusform>%n selected</numerusform>
            <numerusform>%n selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The key is in the clipboard for %n seconds.</source>
        <translation>
            <numerusform>The key is in the clipboard for a second.</numerusform>
            <numerusform>The key is in the clipboard for %n seconds.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Edit %n…</source>
        <translation>
            <numerusform>&amp;Edit %n…</numerusform>
            <numerusform>&amp;Edit %n…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TrafficBookmarks</name>
    <message numerus="yes">
        <source>Bookmarked %n requests</source>
        <translation>
            <numerusform>Bookmarked one request</numerusform>
            <numerusform>Bookmarked %n requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Removed the bookmark of %n requests</source>
        <translation>
            <numerusform>Removed the bookmark of one request</numerusform>
            <numerusform>Removed the bookmarks of %n requests</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TrafficColumns</name>
    <message numerus="yes">
        <source>%n requests</source>
        <translation>
            <numerusform>%n request</numerusform>
            <numerusform>%n requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n failed</numerusform>
            <numerusform>%n failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TrafficPage</name>
    <message numerus="yes">
        <source>Forget head and body of %n requests?</source>
        <translation>
            <numerusform>Forget head and body of %n request?</numerusform>
            <numerusform>Forget head and body of %n requests?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Forgot %n requests</source>
        <translation>
            <numerusform>Forgot %n request</numerusform>
            <numerusform>Forgot %n requests</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>↑ more than %n new</source>
        <translation>
            <numerusform>↑ more than %n new</numerusform>
            <numerusform>↑ more than %n new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>↑ %n new</source>
        <translation>
            <numerusform>↑ %n new</numerusform>
            <numerusform>↑ %n new</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n selected</source>
        <translation>
            <numerusform>%n selected</numerusform>
            <numerusform>%n selected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TrayIcon</name>
    <message numerus="yes">
        <source>%n in flight</source>
        <translation>
            <numerusform>%n in flight</numerusform>
            <numerusform>%n in flight</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more in the window</source>
        <translation>
            <numerusform>%n more in the window</numerusform>
            <numerusform>%n more in the window</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::UserBulkDialog</name>
    <message numerus="yes">
        <source>Edit %n users</source>
        <translation>
            <numerusform>Edit %n user</numerusform>
            <numerusform>Edit %n users</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Change %n users</source>
        <translation>
            <numerusform>Change %n user</numerusform>
            <numerusform>Change %n users</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::UserCommands</name>
    <message numerus="yes">
        <source>Enabled %n users</source>
        <translation>
            <numerusform>Enabled %n user</numerusform>
            <numerusform>Enabled %n users</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Disabled %n users</source>
        <translation>
            <numerusform>Disabled %n user</numerusform>
            <numerusform>Disabled %n users</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Deleted %n users</source>
        <translation>
            <numerusform>Deleted %n user</numerusform>
            <numerusform>Deleted %n users</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Changed %n users</source>
        <translation>
            <numerusform>Changed %n user</numerusform>
            <numerusform>Changed %n users</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Topped up %n users by %1</source>
        <translation>
            <numerusform>Topped up %n user by %1</numerusform>
            <numerusform>Topped up %n users by %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::UsersPage</name>
    <message numerus="yes">
        <source>%n users</source>
        <translation>
            <numerusform>%n user</numerusform>
            <numerusform>%n users</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n selected</source>
        <translation>
            <numerusform>%n selected</numerusform>
            <numerusform>%n selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>&amp;Edit %n…</source>
        <translation>
            <numerusform>&amp;Edit %n…</numerusform>
            <numerusform>&amp;Edit %n…</numerusform>
        </translation>
    </message>
</context>
</TS>
