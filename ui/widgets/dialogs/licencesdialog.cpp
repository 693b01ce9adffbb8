#include "widgets/dialogs/licencesdialog.h"

#include "theme/theme.h"
#include "widgets/dialogs/dialogfooter.h"
#include "widgets/table/tablefiltermodel.h"
#include "widgets/table/tablemodel.h"
#include "widgets/table/tableview.h"

#include <QFile>
#include <QPlainTextEdit>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

// The macro must stand outside of any namespace.
static void initializeLicences()
{
    Q_INIT_RESOURCE(licences);
}

namespace gatehouse::ui {

namespace {

QString notice(const QString &name)
{
    initializeLicences();
    QFile file(u":/licences/"_s + name);
    return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

std::vector<Column<Component>> columns()
{
    const auto text = [](const QString &key,
                         std::function<QString()> title,
                         int width,
                         QString Component::*member) {
        return Column<Component>{
            .traits = {.key = key, .title = std::move(title), .width = width},
            .cell = [member](const Component &row) { return Cell::of(row.*member); }};
    };
    std::vector<Column<Component>> all{
        text(
            u"name"_s, [] { return LicencesDialog::tr("Part"); }, 150, &Component::name),
        text(
            u"licence"_s, [] { return LicencesDialog::tr("Licence"); }, 150, &Component::licence),
        text(
            u"address"_s, [] { return LicencesDialog::tr("Address"); }, 220, &Component::address)};
    all.back().traits.stretch = true;
    return all;
}

} // namespace

QList<Component> components()
{
    return {
        {u"Gatehouse"_s, u"GPL-3.0-or-later"_s, {}, notice(u"gatehouse"_s)},
        {u"Qt %1"_s.arg(QString::fromLatin1(qVersion())),
         u"LGPL-3.0-only"_s,
         u"https://www.qt.io"_s,
         {}},
        {u"QCustomPlot"_s, u"GPL-3.0-or-later"_s, u"https://www.qcustomplot.com"_s, {}},
        {u"Botan"_s, u"BSD-2-Clause"_s, u"https://botan.randombit.net"_s, {}},
        {u"Boost"_s, u"BSL-1.0"_s, u"https://www.boost.org"_s, {}},
        {u"simdjson"_s, u"Apache-2.0"_s, u"https://simdjson.org"_s, {}},
        {u"expected"_s, u"CC0-1.0"_s, u"https://github.com/TartanLlama/expected"_s, {}},
        {u"SQLite"_s, u"blessing"_s, u"https://www.sqlite.org"_s, {}},
        {u"QtKeychain"_s, u"BSD-3-Clause"_s, u"https://github.com/frankosterfeld/qtkeychain"_s, {}},
        {u"libqrencode"_s, u"LGPL-2.1-or-later"_s, u"https://fukuchi.org/works/qrencode"_s, {}},
        {u"yaml-cpp"_s, u"MIT"_s, u"https://github.com/jbeder/yaml-cpp"_s, notice(u"yaml-cpp"_s)},
        {u"zlib"_s, u"Zlib"_s, u"https://zlib.net"_s, {}},
        {u"Zstandard"_s, u"BSD-3-Clause"_s, u"https://facebook.github.io/zstd"_s, {}},
        {u"Lucide"_s, u"ISC"_s, u"https://lucide.dev"_s, notice(u"lucide"_s)},
        {u"genai-prices"_s,
         u"MIT"_s,
         u"https://github.com/pydantic/genai-prices"_s,
         notice(u"genai-prices"_s)},
        {u"LiteLLM"_s, u"MIT"_s, u"https://github.com/BerriAI/litellm"_s, notice(u"litellm"_s)},
        {u"tiktoken"_s, u"MIT"_s, u"https://github.com/openai/tiktoken"_s, notice(u"tiktoken"_s)}};
}

LicencesDialog::LicencesDialog(QWidget *parent)
    : QDialog(parent)
    , m_text(new QPlainTextEdit(this))
{
    setWindowTitle(tr("Licences"));
    auto *model = new TableModel<Component, QString>(
        columns(), [](const Component &row) { return row.name; }, this);
    const QList<Component> parts = components();
    model->setRows({parts.begin(), parts.end()});
    auto *sorted = new TableFilterModel(this);
    sorted->setSourceModel(model);
    auto *view = new TableView(this);
    view->setModel(sorted);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setAccessibleName(tr("Parts of the program"));
    m_text->setReadOnly(true);
    m_text->setTabChangesFocus(true);
    m_text->setFont(Theme::font(TextRole::Fixed));
    m_text->setAccessibleName(tr("Licence text"));
    auto *footer = new DialogFooter(this);
    footer->addButton(QDialogButtonBox::Close);
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);
    connect(view, &TableView::rowSelectionChanged, this, [this, view, model] {
        const QModelIndexList rows = view->selectedSourceRows();
        if (!rows.isEmpty())
            showText(model->row(rows.front().row()));
    });

    auto *content = new QVBoxLayout;
    content->setContentsMargins(Theme::px(20), Theme::px(20), Theme::px(20), Theme::px(12));
    content->setSpacing(Theme::px(12));
    content->addWidget(view, 1);
    content->addWidget(m_text, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addLayout(content, 1);
    layout->addWidget(footer);
    resize(Theme::px(640), Theme::px(560));
    view->selectSourceRow(0);
}

void LicencesDialog::showText(const Component &component)
{
    m_text->setPlainText(
        !component.text.isEmpty()
            ? component.text
            : tr("%1 is used under the licence %2. Its text comes with it, and stands at "
                 "https://spdx.org/licenses/%2.html.")
                  .arg(component.name, component.licence));
}

} // namespace gatehouse::ui
