#include "commands/secretsource.h"

#include "base/systemreason.h"

#include <QFile>
#include <QStringDecoder>

#include <cstdio>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

using base::ErrorCode;
using base::fail;
using base::Result;

namespace {

constexpr qint64 longestInput = 1024 * 1024;

tl::unexpected<base::Error> unread(ErrorCode code, const QString &message)
{
    return fail(code, base::Message::verbatim(message));
}

// From standard input where `file` is "-". `isLine`: up to the first line break.
Result<QString> readText(const QString &file, bool isLine)
{
    const bool isInput = file == "-"_L1;
    QFile source(file);
    if (isInput ? !source.open(stdin, QIODevice::ReadOnly) : !source.open(QIODevice::ReadOnly)) {
        return unread(
            ErrorCode::NotFound,
            u"%1 cannot be read: %2"_s.arg(isInput ? u"Standard input"_s : file,
                                           base::systemReason(source.errorString()).english()));
    }
    const QByteArray bytes =
        isLine ? source.readLine(longestInput + 2) : source.read(longestInput + 1);
    const QString name = isInput ? u"What stands on standard input"_s : file;
    if (bytes.size() > longestInput)
        return unread(ErrorCode::InvalidInput, u"%1 is longer than 1 MiB."_s.arg(name));
    QStringDecoder decoder(QStringDecoder::Utf8);
    const QString text = decoder(bytes);
    // What stands in the place of a byte that is no text is not what was typed.
    if (decoder.hasError())
        return unread(ErrorCode::InvalidInput, u"%1 is not valid UTF-8."_s.arg(name));
    return text;
}

Result<QString>
readFrom(const SecretSource &source, const QMap<QString, QString> &environment, bool isLine)
{
    switch (source.kind) {
    case SecretSource::Kind::Input:
        return readText(u"-"_s, isLine);
    case SecretSource::Kind::File:
        return readText(source.place, isLine);
    case SecretSource::Kind::Variable:
        break;
    }
    const auto found = environment.constFind(source.place);
    if (found == environment.constEnd())
        return unread(ErrorCode::NotFound,
                      u"There is no environment variable of the given name."_s);
    return isLine ? found->section(u'\n', 0, 0) : *found;
}

Result<QString> present(const QString &secret)
{
    if (secret.trimmed().isEmpty())
        return unread(ErrorCode::InvalidInput, u"There is nothing where it is to be read."_s);
    return secret;
}

} // namespace

std::vector<OptionRule> secretOptions(const QString &stem, const QString &what)
{
    return {{.name = stem + u"-stdin"_s, .help = u"read the %1 from standard input"_s.arg(what)},
            {.name = stem + u"-file"_s,
             .value = u"FILE"_s,
             .help = u"read the %1 from a file"_s.arg(what)},
            {.name = stem + u"-env"_s,
             .value = u"NAME"_s,
             .help = u"take the %1 from an environment variable"_s.arg(what)}};
}

Result<std::optional<SecretSource>> secretSourceFrom(const QString &stem,
                                                     const Arguments &arguments)
{
    std::vector<SecretSource> sources;
    if (arguments.has(stem + u"-stdin"_s))
        sources.push_back({SecretSource::Kind::Input, {}});
    if (const auto file = arguments.value(stem + u"-file"_s))
        sources.push_back({SecretSource::Kind::File, *file});
    if (const auto variable = arguments.value(stem + u"-env"_s))
        sources.push_back({SecretSource::Kind::Variable, *variable});
    if (sources.size() > 1) {
        return unread(ErrorCode::InvalidInput,
                      u"Only one of %1-stdin, %1-file and %1-env can be given."_s.arg(stem));
    }
    return sources.empty() ? std::nullopt : std::optional(sources.front());
}

Result<QString> readWhole(const QString &file)
{
    return readText(file, false);
}

Result<QString> readSecret(const SecretSource &source, const QMap<QString, QString> &environment)
{
    return readFrom(source, environment, false).and_then(present);
}

Result<QString> readSecretLine(const SecretSource &source,
                               const QMap<QString, QString> &environment)
{
    return readFrom(source, environment, true).and_then([](QString line) {
        while (line.endsWith(u'\n') || line.endsWith(u'\r'))
            line.chop(1);
        return present(line);
    });
}

} // namespace gatehouse::app
