#include "admin/channels/channelrecognition.h"

#include "admin/applicationlink.h"
#include "domain/channel.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QUrl>
#include <QUrlQuery>

using namespace Qt::StringLiterals;

namespace gatehouse::admin {

namespace {

namespace provider = domain::provider;
using Form = RecognizedChannel::Form;

// What is longer is no paste of a person, and costs time.
constexpr qsizetype longestText = 256 * 1024;
constexpr qsizetype mostKeys = 1'000;
constexpr qsizetype mostModels = 200;
constexpr qsizetype shortestKey = 16;
constexpr qsizetype longestKey = 512;
constexpr qsizetype longestName = 100;

struct KeyForm
{
    const char *beginning = "";
    int type = 0;
};

// The more special beginnings stand first: "sk-" alone is used by many.
constexpr KeyForm keyForms[] = {{"sk-ant-", provider::anthropic},
                                {"sk-or-", provider::openRouter},
                                {"sk-proj-", provider::openAi},
                                {"sk-svcacct-", provider::openAi},
                                {"sk-admin-", provider::openAi},
                                {"AIza", provider::gemini},
                                {"gsk_", 29},
                                {"xai-", 45},
                                {"sk-", 0}};

int typeNamed(const char *name)
{
    for (const domain::ProviderType &type : domain::providerTypes()) {
        if (qstrcmp(type.name, name) == 0)
            return type.number;
    }
    return 0;
}

struct VariableForm
{
    QStringView beginning{};
    const char *type = "";
};

// By the beginning of the variable's name.
int typeOfVariable(const QString &name)
{
    static const std::vector<VariableForm> forms{{u"OPENAI_", "OpenAI"},
                                                 {u"ANTHROPIC_", "Anthropic"},
                                                 {u"GEMINI_", "Google Gemini"},
                                                 {u"GOOGLE_", "Google Gemini"},
                                                 {u"OPENROUTER_", "OpenRouter"},
                                                 {u"DEEPSEEK_", "DeepSeek"},
                                                 {u"GROQ_", "Groq"},
                                                 {u"MISTRAL_", "Mistral AI"},
                                                 {u"XAI_", "xAI"},
                                                 {u"DASHSCOPE_", "Alibaba DashScope"},
                                                 {u"MOONSHOT_", "Moonshot AI"},
                                                 {u"ZHIPUAI_", "Zhipu GLM"},
                                                 {u"SILICONFLOW_", "SiliconFlow"}};
    for (const VariableForm &form : forms) {
        if (name.startsWith(form.beginning))
            return typeNamed(form.type);
    }
    return 0;
}

bool isDecoration(QChar c)
{
    return c.isSpace() || c == u'"' || c == u'\'' || c == u'`' || c == u',' || c == u';'
           || c.category() == QChar::Other_Format || c.category() == QChar::Other_Control;
}

// Without blanks, quotes and zero-width characters around it.
QString bare(QStringView text)
{
    while (!text.isEmpty() && isDecoration(text.front()))
        text = text.sliced(1);
    while (!text.isEmpty() && isDecoration(text.back()))
        text.chop(1);
    return text.toString();
}

bool mayBeKey(const QString &text)
{
    return text.size() >= shortestKey && text.size() <= longestKey
           && std::all_of(text.cbegin(), text.cend(), [](QChar c) {
                  return c.unicode() > 0x20 && c.unicode() < 0x7f && c != u'"' && c != u'\\'
                         && c != u'<' && c != u'>';
              });
}

bool hasKnownForm(const QString &text)
{
    const QByteArray bytes = text.toLatin1();
    return mayBeKey(text)
           && std::any_of(std::begin(keyForms), std::end(keyForms), [&](const KeyForm &form) {
                  return bytes.startsWith(form.beginning);
              });
}

// Beside others whose form is known: neither a variable nor an address.
bool mayBeUnknownKey(const QString &text)
{
    static const QRegularExpression other(u"^[A-Za-z_][A-Za-z0-9_]*=.|://"_s);
    return mayBeKey(text) && !other.match(text).hasMatch();
}

void addKey(RecognizedChannel &channel, const QString &text)
{
    if (!mayBeKey(text) || channel.keys.size() >= mostKeys)
        return;
    const base::Secret key(text);
    if (!channel.keys.contains(key))
        channel.keys.append(key);
    if (channel.type == 0)
        channel.type = providerTypeOfKey(key.reveal());
}

// A key of a command, or the variable of the shell that stands for it.
void addKeyOrVariable(RecognizedChannel &channel, const QString &text)
{
    static const QRegularExpression variable(
        u"^\\$(?:env:)?\\{?(?:env:)?([A-Za-z_][A-Za-z0-9_]{0,80})\\}?$"_s);
    const QRegularExpressionMatch match = variable.match(text);
    if (match.hasMatch())
        channel.variable = match.captured(1);
    else if (!text.startsWith(u'$'))
        addKey(channel, text);
}

// An http or https address with a host, without user names; empty: it is none.
QUrl webAddress(const QString &text)
{
    const QUrl url(text.trimmed(), QUrl::StrictMode);
    const bool web = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
    return url.isValid() && web && !url.host().isEmpty() && url.userInfo().isEmpty() ? url : QUrl();
}

// `path` without what the gateway appends by itself.
QString basePath(QString path)
{
    static const QRegularExpression operation(
        u"/(chat/completions|completions|embeddings|responses|messages|models)(/.*)?$"_s);
    path.remove(operation);
    static const QRegularExpression version(u"/v1(beta)?$"_s);
    path.remove(version);
    while (path.endsWith(u'/'))
        path.chop(1);
    return path;
}

// Whether it is that of a request of OpenAI's dialect which stands elsewhere than behind /v1.
bool isOwnPath(const QString &path)
{
    static const QRegularExpression request(
        u"^(.*?)/(?:chat/completions|completions|embeddings|responses)/*$"_s);
    const QRegularExpressionMatch match = request.match(path);
    return match.hasMatch() && !match.capturedView(1).endsWith("/v1"_L1);
}

// Of a request at a path of its own: what stands before the operation.
QString ownBasePath(QString path)
{
    static const QRegularExpression operation(
        u"/(?:chat/completions|completions|embeddings|responses)/*$"_s);
    return path.remove(operation);
}

// The model that the path of a Gemini request names; empty: it is none.
QString modelOfPath(const QString &path)
{
    static const QRegularExpression request(u"/v1(?:beta)?/models/([^/:]+):[A-Za-z]+$"_s);
    return request.match(path).captured(1);
}

void setAddress(RecognizedChannel &channel, const QString &text)
{
    const QUrl url = webAddress(text);
    if (url.isEmpty())
        return;
    if (const int type = providerTypeOfHost(url.host()); type != 0) {
        channel.type = type;
        return; // the type's own address
    }
    QUrl address;
    address.setScheme(url.scheme());
    address.setHost(url.host());
    address.setPort(url.port());
    if (isOwnPath(url.path())) { // whoever made the key: nothing else calls that address
        channel.type = provider::openAiCompatible;
        channel.baseUrl = address.toString() + ownBasePath(url.path());
        return;
    }
    channel.baseUrl = address.toString() + basePath(url.path());
    if (channel.type == 0 && !modelOfPath(url.path()).isEmpty())
        channel.type = provider::gemini;
    if (channel.type == 0)
        channel.type = provider::custom; // which appends the version again
}

void addModel(RecognizedChannel &channel, const QString &text)
{
    const QString model = bare(text);
    const bool sound = !model.isEmpty() && model.size() <= 200
                       && std::none_of(model.cbegin(), model.cend(), [](QChar c) {
                              return c.isSpace() || c.category() == QChar::Other_Control;
                          });
    if (sound && channel.models.size() < mostModels && !channel.models.contains(model))
        channel.models.append(model);
}

// Splits a command line as a shell does, without its expansions.
QStringList words(const QString &command)
{
    QStringList all;
    QString word;
    bool within = false;
    QChar quote;
    for (qsizetype i = 0; i < command.size(); ++i) {
        const QChar c = command[i];
        const bool escapes = c == u'\\' && quote != u'\'' && i + 1 < command.size();
        if (escapes) {
            const QChar next = command[++i];
            if (next == u'\r' && i + 1 < command.size() && command[i + 1] == u'\n')
                ++i;
            else if (next != u'\n')
                word += next;
            within = within || next != u'\n';
        } else if (!quote.isNull()) {
            if (c == quote)
                quote = QChar();
            else
                word += c;
        } else if (c == u'\'' || c == u'"') {
            quote = c;
            within = true;
        } else if (c.isSpace()) {
            if (within || !word.isEmpty())
                all.append(std::exchange(word, QString()));
            within = false;
        } else {
            word += c;
        }
    }
    if (within || !word.isEmpty())
        all.append(word);
    return all;
}

void readHeader(RecognizedChannel &channel, const QString &header)
{
    const qsizetype colon = header.indexOf(u':');
    const QString name = header.left(colon).trimmed().toLower();
    QString value = bare(QStringView(header).mid(colon + 1));
    static const QStringList keys{
        u"authorization"_s, u"x-api-key"_s, u"api-key"_s, u"x-goog-api-key"_s};
    if (colon <= 0 || !keys.contains(name))
        return;
    if (value.startsWith("Bearer "_L1, Qt::CaseInsensitive))
        value = bare(QStringView(value).mid(7));
    if (name == "x-goog-api-key"_L1 && channel.type == 0)
        channel.type = provider::gemini;
    addKeyOrVariable(channel, value);
}

// Without the braces around a variable in place of a key, which no address may hold.
QString withoutBraces(QString part)
{
    static const QRegularExpression variable(u"([?&]key=)\\$\\{([A-Za-z0-9_]+)\\}"_s);
    return part.replace(variable, u"\\1$\\2"_s);
}

RecognizedChannel fromCurl(const QString &text)
{
    RecognizedChannel channel{.form = Form::CurlCommand};
    const QStringList parts = words(text);
    for (qsizetype i = 1; i < parts.size(); ++i) {
        const QString &part = parts[i];
        const bool hasNext = i + 1 < parts.size();
        if ((part == "-H"_L1 || part == "--header"_L1) && hasNext) {
            readHeader(channel, parts[++i]);
        } else if (part.startsWith("--header="_L1)) {
            readHeader(channel, part.mid(9));
        } else if ((part == "-d"_L1 || part.startsWith("--data"_L1) || part == "--json"_L1)
                   && hasNext) {
            const QJsonObject body = QJsonDocument::fromJson(parts[++i].toUtf8()).object();
            addModel(channel, body.value("model"_L1).toString());
        } else if (const QUrl url = webAddress(withoutBraces(part)); !url.isEmpty()) {
            addKeyOrVariable(channel, QUrlQuery(url).queryItemValue(u"key"_s));
            setAddress(channel, withoutBraces(part));
            addModel(channel, modelOfPath(url.path()));
        }
    }
    return channel;
}

struct Variable
{
    QString name{};
    QString value{};

    bool isKey() const { return name.endsWith("KEY"_L1) || name.endsWith("TOKEN"_L1); }
    bool isAddress() const
    {
        return name.endsWith("BASE_URL"_L1) || name.endsWith("API_BASE"_L1)
               || name.endsWith("ENDPOINT"_L1);
    }
    // Of the provider whom it belongs to; 0: it does not tell.
    int type() const
    {
        const int byName = typeOfVariable(name);
        if (byName != 0)
            return byName;
        return isKey() ? providerTypeOfKey(value.toUtf8())
                       : providerTypeOfHost(webAddress(value).host());
    }
};

// What a line of a `.env` file assigns, without the comment behind it.
QString assigned(QStringView text)
{
    text = text.trimmed();
    const QChar quote = text.isEmpty() ? QChar() : text.front();
    if (quote == u'"' || quote == u'\'' || quote == u'`') {
        if (const qsizetype end = text.indexOf(quote, 1); end > 0)
            return bare(text.sliced(1, end - 1));
        return bare(text);
    }
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == u'#' && (i == 0 || text[i - 1].isSpace()))
            return bare(text.first(i));
    }
    return bare(text);
}

std::vector<Variable> variablesIn(const QString &text)
{
    static const QRegularExpression line(
        u"^\\s*(?:export\\s+|set\\s+|\\$env:)?([A-Z][A-Z0-9_]{2,80})\\s*=\\s*(.*)$"_s);
    std::vector<Variable> variables;
    for (const QString &one : text.split(u'\n')) {
        const QRegularExpressionMatch match = line.match(one);
        if (match.hasMatch()) {
            variables.push_back(
                {.name = match.captured(1), .value = assigned(match.capturedView(2))});
        }
    }
    return variables;
}

// A file may hold the secrets of several providers. The first key that is known says whose channel it
// becomes: no other one's key may be sent there.
RecognizedChannel fromEnvironment(const QString &text)
{
    const std::vector<Variable> variables = variablesIn(text);
    const auto holdsKey = [](const Variable &variable) {
        return variable.isKey() && mayBeKey(variable.value);
    };
    const auto first =
        std::find_if(variables.begin(), variables.end(), [&holdsKey](const Variable &variable) {
            return holdsKey(variable) && variable.type() != 0;
        });
    const int owner = first != variables.end() ? first->type() : 0;
    RecognizedChannel channel;
    for (const Variable &variable : variables) {
        const int type = variable.type();
        if (holdsKey(variable)) {
            if (type != owner) {
                channel.leftOut.append(variable.name);
                continue;
            }
            if (channel.type == 0)
                channel.type = owner;
            addKey(channel, variable.value);
            continue;
        }
        const bool isAnothers = type != 0 && owner != 0 && type != owner;
        if (isAnothers)
            continue;
        if (variable.isAddress()) {
            setAddress(channel, variable.value);
            const bool isAnthropic = type == provider::anthropic && !channel.baseUrl.isEmpty();
            if (isAnthropic)
                channel.type = type;
        } else if (variable.name.endsWith("MODEL"_L1)) {
            addModel(channel, variable.value);
        }
    }
    if (!channel.keys.isEmpty() || !channel.baseUrl.isEmpty())
        channel.form = Form::Environment;
    return channel;
}

// Members that links of either kind use, each under one of several names.
QString member(const QJsonObject &object, const QStringList &names)
{
    for (const QString &name : names) {
        const QString value = object.value(name).toString();
        if (!value.isEmpty())
            return value;
    }
    return {};
}

void readProvider(RecognizedChannel &channel, const QJsonObject &object)
{
    channel.name = bare(member(object, {u"name"_s, u"title"_s})).left(longestName);
    addKey(channel, bare(member(object, {u"apiKey"_s, u"api_key"_s, u"key"_s, u"token"_s})));
    setAddress(
        channel,
        member(object, {u"endpoint"_s, u"baseUrl"_s, u"base_url"_s, u"api_base_url"_s, u"url"_s}));
    addModel(channel, member(object, {u"model"_s}));
    const QJsonValue models = object.value("models"_L1);
    for (const QJsonValue &model : models.toArray())
        addModel(channel, model.toString());
    // As a parameter of the address itself they are one text.
    for (const QString &model : models.toString().split(u',', Qt::SkipEmptyParts))
        addModel(channel, model);
    // What a link wraps up for the settings of a client.
    const QJsonObject environment = object.value("env"_L1).toObject();
    if (!environment.isEmpty()) {
        addKey(channel,
               bare(member(environment, {u"ANTHROPIC_AUTH_TOKEN"_s, u"OPENAI_API_KEY"_s})));
        setAddress(channel, member(environment, {u"ANTHROPIC_BASE_URL"_s, u"OPENAI_BASE_URL"_s}));
    }
}

QJsonObject objectOf(const QString &text)
{
    const QJsonObject plain = QJsonDocument::fromJson(text.toUtf8()).object();
    if (!plain.isEmpty())
        return plain;
    for (const auto alphabet : {QByteArray::Base64Encoding, QByteArray::Base64UrlEncoding}) {
        const auto decoded = QByteArray::fromBase64Encoding(
            text.toLatin1(), alphabet | QByteArray::AbortOnBase64DecodingErrors);
        if (decoded)
            return QJsonDocument::fromJson(*decoded).object();
    }
    return {};
}

RecognizedChannel fromLink(const QString &text)
{
    RecognizedChannel channel{.form = Form::Link};
    const QUrl url(text, QUrl::TolerantMode);
    const QUrlQuery query(url);
    QJsonObject object;
    for (const auto &[name, value] : query.queryItems(QUrl::FullyDecoded))
        object.insert(name, value);
    for (const QString &name : {u"config"_s, u"data"_s, u"provider"_s}) {
        const QJsonObject inner = objectOf(object.value(name).toString());
        for (auto it = inner.begin(); it != inner.end(); ++it)
            object.insert(it.key(), it.value());
    }
    const bool isAnthropic = object.value("app"_L1).toString() == "claude"_L1;
    readProvider(channel, object);
    if (isAnthropic && !channel.baseUrl.isEmpty())
        channel.type = provider::anthropic;
    if (channel.keys.isEmpty() && channel.baseUrl.isEmpty() && channel.type == 0)
        return {};
    return channel;
}

// What it says is as strictly read as if it had been clicked.
RecognizedChannel fromApplicationLink(const QString &text)
{
    const base::Result<ApplicationLink> link = parseApplicationLink(text);
    const auto *proposed = link ? std::get_if<LinkedChannel>(&*link) : nullptr;
    if (!proposed)
        return {};
    RecognizedChannel channel{.form = Form::Link,
                              .type = proposed->type,
                              .name = proposed->name,
                              .models = proposed->models};
    if (!proposed->key.isEmpty())
        channel.keys.append(proposed->key);
    if (channel.type == 0)
        channel.type = providerTypeOfKey(proposed->key.reveal());
    if (proposed->baseUrl.isEmpty())
        return channel;
    setAddress(channel, proposed->baseUrl);
    const bool isOtherType = proposed->type != 0 && channel.type != proposed->type;
    if (isOtherType) { // what the link says goes before what the host tells
        channel.type = proposed->type;
        channel.baseUrl = proposed->baseUrl;
    }
    if (!channel.baseUrl.isEmpty())
        channel.baseUrl = QUrl(channel.baseUrl).toString(QUrl::FullyEncoded);
    return channel;
}

RecognizedChannel fromKeys(const QString &text)
{
    RecognizedChannel channel;
    const QStringList lines = text.split(u'\n');
    bool isKnown = false;
    for (const QString &line : lines) {
        const QString key = bare(line);
        if (key.isEmpty())
            continue;
        isKnown = isKnown || hasKnownForm(key);
        if (!hasKnownForm(key) && !mayBeUnknownKey(key))
            return {};
        addKey(channel, key);
    }
    if (channel.keys.isEmpty() || !isKnown)
        return {};
    channel.form = Form::Keys;
    return channel;
}

} // namespace

int providerTypeOfKey(QByteArrayView key)
{
    for (const KeyForm &form : keyForms) {
        if (!key.startsWith(form.beginning))
            continue;
        return domain::providerType(form.type) ? form.type : 0;
    }
    return 0;
}

bool isKeyOfAnother(QByteArrayView key, int type)
{
    const int maker = providerTypeOfKey(key);
    return maker != 0 && maker != type && type != 0
           && std::any_of(std::begin(keyForms), std::end(keyForms), [type](const KeyForm &form) {
                  return form.type == type;
              });
}

int providerTypeOfHost(const QString &host)
{
    for (const domain::ProviderType &type : domain::providerTypes()) {
        const QUrl own(QString::fromLatin1(type.defaultBaseUrl));
        if (!type.local && !own.host().isEmpty()
            && own.host().compare(host, Qt::CaseInsensitive) == 0)
            return type.number;
    }
    return 0;
}

RecognizedChannel recognizeChannel(const QString &text)
{
    if (text.size() > longestText)
        return {};
    const QString trimmed = bare(text);
    if (trimmed.startsWith("ccswitch://v1/import"_L1, Qt::CaseInsensitive)
        || trimmed.startsWith("ccr://provider"_L1, Qt::CaseInsensitive))
        return fromLink(trimmed);
    if (isApplicationLink(trimmed))
        return fromApplicationLink(trimmed);
    if (trimmed.startsWith("curl "_L1) || trimmed.startsWith("curl.exe "_L1)) {
        RecognizedChannel channel = fromCurl(trimmed);
        const bool empty = channel.keys.isEmpty() && channel.baseUrl.isEmpty() && channel.type == 0;
        return empty ? RecognizedChannel() : channel;
    }
    if (RecognizedChannel keys = fromKeys(trimmed); !keys.isEmpty())
        return keys;
    return fromEnvironment(text);
}

} // namespace gatehouse::admin
