#include "models/pricedialog.h"

#include "models/modelcolumns.h"
#include "theme/theme.h"
#include "widgets/dialogfooter.h"
#include "widgets/fields/form.h"

#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

namespace gatehouse::ui {

PriceDialog::PriceDialog(const domain::ModelPrice &price,
                         Begin begin,
                         const QString &channel,
                         QWidget *parent)
    : QDialog(parent)
    , m_price(price)
    , m_form(new Form(this))
    , m_input(new QLineEdit(this))
    , m_output(new QLineEdit(this))
{
    setWindowTitle(tr("Price of a model"));
    build(channel);
    if (begin == Begin::AsItIs) {
        m_input->setText(typedPrice(price.tokens.input));
        m_output->setText(typedPrice(price.tokens.output));
    }
    connect(m_input, &QLineEdit::textChanged, this, &PriceDialog::review);
    connect(m_output, &QLineEdit::textChanged, this, &PriceDialog::review);
    review();
}

void PriceDialog::build(const QString &channel)
{
    // Names of providers, shown as they are and not to be changed here.
    const auto fixed = [this](const QString &text) {
        auto *field = new QLineEdit(text, this);
        field->setReadOnly(true);
        return field;
    };
    m_form->addField(fixed(QString::fromUtf8(m_price.model)), [] { return tr("Model"); });
    m_form->addField(fixed(channel.isEmpty() ? tr("all channels") : channel),
                     [] { return tr("For"); });
    m_form->addField(m_input, [] { return tr("&Input / M"); });
    m_form->addField(
        m_output,
        [] { return tr("&Output / M"); },
        [] { return tr("Dollars for a million tokens; 0 is free."); });
    auto *footer = new DialogFooter(this);
    m_save = footer->addButton(tr("Save"), QDialogButtonBox::AcceptRole);
    m_save->setDefault(true);
    footer->addButton(QDialogButtonBox::Cancel);
    connect(m_save, &QPushButton::clicked, this, [this] {
        const std::optional<domain::ModelPrice> price = typed();
        if (!price)
            return;
        accept();
        emit chosen(*price);
    });
    connect(footer, &DialogFooter::rejected, this, &QDialog::reject);
    auto *content = new QVBoxLayout;
    const int margin = Theme::px(20);
    content->setContentsMargins(margin, margin, margin, margin);
    content->addWidget(m_form);
    content->addStretch(1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(content, 1);
    layout->addWidget(footer);
    resize(Theme::px(460), Theme::px(260));
    m_input->setFocus();
}

std::optional<domain::ModelPrice> PriceDialog::typed() const
{
    const auto input = withPart(m_price, PricePart::Input, m_input->text());
    if (!input)
        return std::nullopt;
    const auto both = withPart(*input, PricePart::Output, m_output->text());
    return both ? std::optional(*both) : std::nullopt;
}

// What is still missing is no error yet.
void PriceDialog::review()
{
    const auto problem = [this](const QLineEdit *field) {
        const auto price = withPart(m_price, PricePart::Input, field->text());
        return price || field->text().trimmed().isEmpty() ? QString()
                                                          : price.error().message.translated();
    };
    m_form->setError(m_input, problem(m_input));
    m_form->setError(m_output, problem(m_output));
    m_save->setEnabled(typed().has_value());
}

} // namespace gatehouse::ui
