#pragma once

#include <QObject>
#include <QTranslator>

namespace gatehouse::app {

// The language of the window's texts, which can change at run time: widgets hear of it by
// QEvent::LanguageChange. English needs no file.
class Language : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;
    ~Language() override;

    // "en", "zh_CN"; empty: as the system says. What there is no translation for is English.
    void use(const QString &name);
    // The one in use: "en" or "zh_CN".
    QString name() const { return m_name; }

private:
    void remove();

    QTranslator m_own;
    QTranslator m_qt;
    QString m_name = QStringLiteral("en");
    bool m_installed = false;
};

} // namespace gatehouse::app
