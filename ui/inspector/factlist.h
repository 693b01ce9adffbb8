#pragma once

#include <QWidget>

#include <functional>

class QGridLayout;

namespace gatehouse::ui {

// Names at the left and what they are at the right, to be read and copied; a value may lead
// somewhere.
class FactList : public QWidget
{
    Q_OBJECT

public:
    explicit FactList(QWidget *parent = nullptr);

    // Between begin() and finish() the facts are told. Where they are those of before nothing is made
    // anew, so that a link keeps the focus.
    void begin();
    void finish();
    // Nothing is added for an empty value.
    void add(const QString &name, const QString &value, const QString &toolTip = {});
    void addLink(const QString &name, const QString &value, std::function<void()> run);
    // What says most at its ends, such as an id: its middle is left out where it is too long. A button
    // beside it calls `copy`.
    void addId(const QString &name, const QString &value, std::function<void()> copy);
    // "name: value" in lines.
    QString text() const { return m_lines.join(u'\n'); }

private:
    struct Fact
    {
        QString name{};
        QString value{};
        QString toolTip{};
        std::function<void()> run{}; // of a link, and of the button beside an id
        bool isId = false;
    };

    void clear();
    QWidget *makeValue(const Fact &fact);
    QWidget *makeLink(const Fact &fact);
    QWidget *makeId(const Fact &fact);

    QGridLayout *m_layout = nullptr;
    QList<Fact> m_facts{};
    QStringList m_lines{};
};

} // namespace gatehouse::ui
