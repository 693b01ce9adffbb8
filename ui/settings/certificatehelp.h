#pragma once

#include <QWidget>

namespace gatehouse::ui {

class LinkButton;
class SecondaryLabel;

// How devices are told to trust the certificate of this computer's own authority; folded at first.
class CertificateHelp : public QWidget
{
    Q_OBJECT

public:
    explicit CertificateHelp(QWidget *parent);

private:
    // System by system, each a paragraph.
    static QString steps();
    void refresh();

    bool m_isShown = false;
    LinkButton *m_link;
    SecondaryLabel *m_steps;
};

} // namespace gatehouse::ui
