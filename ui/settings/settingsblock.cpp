#include "settings/settingsblock.h"

#include "theme/theme.h"
#include "widgets/translated.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QUrl>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

SettingsBlock::SettingsBlock(QWidget *parent)
    : QWidget(parent)
    , m_column(new QVBoxLayout(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
}

void SettingsBlock::notePending(const QString &, bool) {}

QWidget *SettingsBlock::addLine(std::function<QString()> label, QWidget *content, bool tall)
{
    auto *line = new QWidget(this);
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(Theme::px(18), Theme::px(5), Theme::px(8), Theme::px(5));
    layout->setSpacing(Theme::px(12));
    auto *name = new QLabel(line);
    name->setTextFormat(Qt::PlainText);
    name->setWordWrap(true);
    name->setFixedWidth(Theme::px(128));
    name->setAlignment(Qt::AlignLeft | Qt::AlignTop);
    layout->addWidget(name, 0, Qt::AlignTop);
    layout->addWidget(content, 1);
    if (label)
        (new Translated(line))->add([name, label = std::move(label)] { name->setText(label()); });
    if (tall)
        name->setContentsMargins(0, (Theme::px(28) - name->fontMetrics().height()) / 2, 0, 0);
    m_column->addWidget(line);
    return line;
}

SecondaryLabel *SettingsBlock::makeText(TextRole role)
{
    auto *text = new SecondaryLabel(role, this);
    text->setTextFormat(Qt::PlainText);
    text->setWordWrap(true);
    return text;
}

QString SettingsBlock::placeOf(const QString &address)
{
    constexpr int http = 80;
    constexpr int https = 443;
    QUrl url(address);
    url.setUserInfo({});
    url.setPort(url.port(url.scheme() == "https"_L1 ? https : http));
    return url.authority();
}

} // namespace gatehouse::ui
