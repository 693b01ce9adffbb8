#include "preferences/texteditors.h"

#include "domain/addressrange.h"
#include "theme/theme.h"
#include "widgets/fields/tagedit.h"
#include "widgets/format.h"

#include <QEvent>
#include <QFileDialog>
#include <QFileInfo>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

namespace {

constexpr qsizetype longest = 64 * 1024;

QString lengthProblem(const QString &text)
{
    return text.size() <= longest ? QString()
                                  : SettingEditor::tr("This is longer than %1 characters.")
                                        .arg(QLocale().toString(longest));
}

} // namespace

TextEditor::TextEditor(QWidget *parent)
    : SettingEditor(parent)
    , m_field(new QLineEdit(this))
{
    m_field->setMaxLength(1 << 20);
    add(m_field, 1);
    connect(m_field, &QLineEdit::textEdited, this, &SettingEditor::edited);
    connect(m_field, &QLineEdit::editingFinished, this, &SettingEditor::committed);
}

void TextEditor::setValue(const QString &value)
{
    m_field->setText(value);
    m_field->setCursorPosition(0);
}

QString TextEditor::value() const
{
    return m_field->text().trimmed();
}

QString TextEditor::problem() const
{
    return lengthProblem(value());
}

LongTextEditor::LongTextEditor(QWidget *parent)
    : SettingEditor(parent)
    , m_field(new QPlainTextEdit(this))
{
    constexpr int lines = 3;
    m_field->setTabChangesFocus(true);
    m_field->setFixedHeight(m_field->fontMetrics().lineSpacing() * lines + Theme::px(14));
    m_field->installEventFilter(this);
    add(m_field, 1);
    connect(m_field, &QPlainTextEdit::textChanged, this, [this] {
        if (!m_quiet)
            emit edited();
    });
}

void LongTextEditor::setValue(const QString &value)
{
    if (m_field->toPlainText() == value)
        return;
    m_quiet = true;
    m_field->setPlainText(value);
    m_quiet = false;
}

QString LongTextEditor::value() const
{
    return m_field->toPlainText();
}

QString LongTextEditor::problem() const
{
    return lengthProblem(value());
}

bool LongTextEditor::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusOut)
        emit committed();
    return SettingEditor::eventFilter(watched, event);
}

PathEditor::PathEditor(Target target, QWidget *parent)
    : SettingEditor(parent)
    , m_target(target)
    , m_field(new QLineEdit(this))
    , m_choose(new QPushButton(this))
{
    m_choose->setAutoDefault(false);
    add(m_field, 1);
    add(m_choose);
    connect(m_field, &QLineEdit::textEdited, this, &SettingEditor::edited);
    connect(m_field, &QLineEdit::editingFinished, this, &SettingEditor::committed);
    connect(m_choose, &QPushButton::clicked, this, &PathEditor::choose);
}

void PathEditor::retranslate(const admin::SettingView &setting)
{
    m_choose->setText(tr("Choose…"));
    m_choose->setAccessibleName(tr("Choose: %1").arg(setting.label));
}

void PathEditor::setValue(const QString &value)
{
    m_field->setText(value);
}

QString PathEditor::value() const
{
    return m_field->text().trimmed();
}

QString PathEditor::problem() const
{
    const QString path = value();
    if (path.isEmpty())
        return {};
    if (m_target == Target::Folder)
        return QFileInfo(path).isDir() ? QString() : tr("There is no such folder.");
    return QFileInfo(path).isFile() ? QString() : tr("There is no such file.");
}

void PathEditor::choose()
{
    auto *dialog = new QFileDialog(this, m_choose->accessibleName());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    if (m_target == Target::Folder) {
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
    } else {
        dialog->setFileMode(QFileDialog::ExistingFile);
        dialog->setNameFilters(
            {tr("Certificates and keys (*.pem *.crt *.cer *.key)"), tr("All files (*)")});
    }
    if (!value().isEmpty())
        dialog->selectFile(value());
    connect(dialog, &QFileDialog::fileSelected, this, [this](const QString &path) {
        m_field->setText(path);
        emit edited();
        emit committed();
    });
    dialog->open();
}

ListEditor::ListEditor(const admin::SettingView &setting, QWidget *parent)
    : SettingEditor(parent)
    , m_holdsRanges(setting.key == "server.trusted_proxies"_L1)
    , m_tags(new TagEdit(this))
{
    m_tags->setPlaceholderText(m_holdsRanges ? u"192.168.0.0/16"_s : u"gateway.example"_s);
    add(m_tags, 1);
    connect(m_tags, &TagEdit::tagsChanged, this, [this] {
        if (m_quiet)
            return;
        emit edited();
        emit committed();
    });
}

bool ListEditor::isFor(const admin::SettingView &setting)
{
    return setting.key == "server.allowed_hosts"_L1 || setting.key == "server.trusted_proxies"_L1;
}

void ListEditor::setValue(const QString &value)
{
    static const QRegularExpression separators(u"[\\s,;]+"_s);
    m_quiet = true;
    m_tags->setTags(value.split(separators, Qt::SkipEmptyParts));
    m_quiet = false;
}

QString ListEditor::value() const
{
    return m_tags->tags().join(u' ');
}

QString ListEditor::problem() const
{
    for (const QString &tag : m_tags->tags()) {
        if (tag.contains(u' '))
            return tr("%1 has a space in it.").arg(Format::quoted(tag));
        if (m_holdsRanges && !domain::addressRangesFrom(tag))
            return tr("%1 is no address and no range of addresses, such as 192.168.0.0/16.")
                .arg(Format::quoted(tag));
    }
    return {};
}

} // namespace gatehouse::ui
