#include "wizard/peoplestep.h"

#include "theme/theme.h"
#include "widgets/translated.h"

#include <QButtonGroup>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QRadioButton>

using namespace Qt::StringLiterals;

namespace gatehouse::ui {

PeopleStep::PeopleStep(const QString &language, bool several, QWidget *parent)
    : WizardStep(parent)
    , m_language(new QComboBox(this))
    , m_one(new QRadioButton(this))
    , m_several(new QRadioButton(this))
{
    setTexts([] { return tr("One address for every language model"); },
             [] {
                 return tr("Gatehouse runs on this computer and passes the requests of your "
                           "programs on to providers. A few short questions; everything can be "
                           "changed later.");
             });
    m_language->setObjectName(u"language"_s);
    m_language->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_language->addItem(QString(), QString());
    // Each in its own language, for whoever cannot read the present one.
    m_language->addItem(u"English"_s, u"en"_s);
    m_language->addItem(u"简体中文"_s, u"zh_CN"_s);
    m_language->setCurrentIndex(qMax(0, m_language->findData(language)));
    connect(m_language, &QComboBox::currentIndexChanged, this, [this] {
        emit languageChosen(m_language->currentData().toString());
    });
    auto *label = new QLabel(this);
    label->setBuddy(m_language);
    auto *row = new QHBoxLayout;
    row->setSpacing(Theme::px(8));
    row->addWidget(label);
    row->addWidget(m_language);
    row->addStretch(1);
    content()->addLayout(row);
    content()->addSpacing(Theme::px(14));
    auto *question = new QLabel(this);
    question->setFont(Theme::font(TextRole::BodyStrong));
    content()->addWidget(question);
    content()->addWidget(explained(
        m_one,
        [] { return tr("Just me"); },
        [] {
            return tr("All tokens are yours. The page of users stays out of the way until you "
                      "want it.");
        }));
    content()->addWidget(explained(
        m_several,
        [] { return tr("Several people"); },
        [] {
            return tr("A family, a team, a lab: each with tokens and a budget. You add them on "
                      "the page of users.");
        }));
    content()->addStretch(1);
    auto *group = new QButtonGroup(this);
    group->addButton(m_one);
    group->addButton(m_several);
    (several ? m_several : m_one)->setChecked(true);
    texts()->add([this, label, question] {
        label->setText(tr("Language"));
        question->setText(tr("Who uses it?"));
        m_language->setItemText(0, tr("As the system"));
        m_language->setAccessibleName(tr("Language"));
    });
}

bool PeopleStep::isForSeveral() const
{
    return m_several->isChecked();
}

void PeopleStep::entered()
{
    (isForSeveral() ? m_several : m_one)->setFocus();
}

} // namespace gatehouse::ui
