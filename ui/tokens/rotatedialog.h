#pragma once

#include "admin/people/tokenmanager.h"
#include "widgets/services.h"

#include <QDialog>

class QComboBox;
class QLabel;
class QPushButton;

namespace gatehouse::ui {

// Gives a token a new key after asking how long the former one stays valid. That cannot be undone.
class RotateDialog : public QDialog
{
    Q_OBJECT

public:
    RotateDialog(const Services &services,
                 const admin::TokenListing &listing,
                 QWidget *parent = nullptr);

signals:
    // The token with its new key.
    void rotated(const gatehouse::domain::Token &token);

private:
    void rotate();
    // Makes room for all texts.
    void fit();

    const Services m_services;
    const domain::TokenId m_id;
    QComboBox *m_grace;
    QLabel *m_problem;
    QPushButton *m_rotate = nullptr;
};

} // namespace gatehouse::ui
