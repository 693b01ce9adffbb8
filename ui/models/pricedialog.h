#pragma once

#include "domain/modelprice.h"

#include <QDialog>

class QLineEdit;
class QPushButton;

namespace gatehouse::ui {

class Form;

// Asks what input and output of a model cost. Neither is taken without the other.
class PriceDialog : public QDialog
{
    Q_OBJECT

public:
    enum class Begin { Empty, AsItIs };

    // `channel` is the name of the one that the price is for; empty: all of them.
    PriceDialog(const domain::ModelPrice &price,
                Begin begin,
                const QString &channel,
                QWidget *parent = nullptr);

signals:
    void chosen(const gatehouse::domain::ModelPrice &price);

private:
    void build(const QString &channel);
    void review();
    std::optional<domain::ModelPrice> typed() const;

    const domain::ModelPrice m_price;
    Form *m_form = nullptr;
    QLineEdit *m_input = nullptr;
    QLineEdit *m_output = nullptr;
    QPushButton *m_save = nullptr;
};

} // namespace gatehouse::ui
