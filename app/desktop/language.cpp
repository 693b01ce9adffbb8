#include "desktop/language.h"

#include <QCoreApplication>
#include <QLibraryInfo>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace gatehouse::app {

namespace {

QString supported(const QString &wanted)
{
    const QLocale locale = wanted.isEmpty() ? QLocale::system() : QLocale(wanted);
    const bool simplified = locale.language() == QLocale::Chinese
                            && locale.script() != QLocale::TraditionalChineseScript;
    return simplified ? u"zh_CN"_s : u"en"_s;
}

} // namespace

Language::~Language()
{
    remove();
}

void Language::remove()
{
    if (!std::exchange(m_installed, false))
        return;
    QCoreApplication::removeTranslator(&m_own);
    QCoreApplication::removeTranslator(&m_qt);
}

void Language::use(const QString &name)
{
    const QString next = supported(name);
    // Numbers and dates follow the language, save where the system's own locale is of that language.
    const QLocale system = QLocale::system();
    const bool systemSpeaksIt = system.language() == QLocale(next).language();
    QLocale::setDefault(systemSpeaksIt ? system : QLocale(next));
    remove();
    m_name = next;
    // English is the source; its file holds the forms for one and for several.
    if (!m_own.load(u":/translations/gatehouse_"_s + next))
        return;
    if (next != u"en"_s
        && m_qt.load(u"qtbase_"_s + next, QLibraryInfo::path(QLibraryInfo::TranslationsPath))) {
        QCoreApplication::installTranslator(&m_qt);
    }
    QCoreApplication::installTranslator(&m_own);
    m_installed = true;
}

} // namespace gatehouse::app
