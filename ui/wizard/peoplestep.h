#pragma once

#include "wizard/wizardstep.h"

class QComboBox;
class QRadioButton;

namespace gatehouse::ui {

// The first screen: in which language, and for whom.
class PeopleStep : public WizardStep
{
    Q_OBJECT

public:
    // `language` as in languageChosen(); `several`: what is chosen by now.
    PeopleStep(const QString &language, bool several, QWidget *parent = nullptr);

    bool isForSeveral() const;
    void entered() override;

signals:
    // "en", "zh_CN"; empty: as the system says.
    void languageChosen(const QString &language);

private:
    QComboBox *m_language;
    QRadioButton *m_one;
    QRadioButton *m_several;
};

} // namespace gatehouse::ui
