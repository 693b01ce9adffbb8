#include "channels/pasteguide.h"

#include "theme/theme.h"
#include "widgets/secondarylabel.h"
#include "widgets/translated.h"

#include <QGridLayout>
#include <QKeySequence>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

PasteGuide::PasteGuide(QWidget *parent)
    : QWidget(parent)
{
    auto *layout = new QGridLayout(this);
    layout->setContentsMargins(0, Theme::px(28), 0, 0);
    layout->setHorizontalSpacing(Theme::px(24));
    layout->setVerticalSpacing(Theme::px(6));
    auto *texts = new Translated(this);
    const auto addText = [&](int row, int column, std::function<QString()> text) {
        auto *label = new SecondaryLabel(TextRole::Small, this);
        layout->addWidget(label, row, column, 1, row == 0 ? 2 : 1);
        texts->add([label, text = std::move(text)] { label->setText(text()); });
    };
    const auto addExample = [&](int row, const QString &example) {
        auto *label = new SecondaryLabel(example, TextRole::Fixed, this);
        label->setPlain(true);
        layout->addWidget(label, row, 0);
    };
    addText(0, 0, [] {
        const QString keys = QKeySequence(QKeySequence::Paste).toString(QKeySequence::NativeText);
        return tr("Paste anything here with %1 and it is recognised:").arg(keys);
    });
    addExample(1, u"sk-ant-…  AIza…  sk-or-…"_s);
    addText(1, 1, [] { return tr("a key; the provider is known from its beginning"); });
    addExample(2, u"curl https://…"_s);
    addText(2, 1, [] { return tr("a command from a provider’s documentation"); });
    addExample(3, u"OPENAI_API_KEY=…"_s);
    addText(3, 1, [] { return tr("lines of an .env file"); });
}

} // namespace gatehouse::ui
