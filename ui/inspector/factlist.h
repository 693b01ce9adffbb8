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

    void clear();
    // Nothing is added for an empty value.
    void add(const QString &name, const QString &value, const QString &toolTip = {});
    void addLink(const QString &name, const QString &value, std::function<void()> run);
    // "name: value" in lines, for tests and for copying.
    QString text() const { return m_lines.join(u'\n'); }

private:
    void addRow(const QString &name, const QString &value, QWidget *shown);

    QGridLayout *m_layout = nullptr;
    QStringList m_lines{};
    int m_row = 0;
};

} // namespace gatehouse::ui
