#pragma once

#include <QComboBox>

namespace gatehouse::ui {

class Translated;

// Of which time the requests are: shows and changes the terms `since:` and `until:` of a filter.
class RangeChoice : public QComboBox
{
    Q_OBJECT

public:
    explicit RangeChoice(QWidget *parent = nullptr);

    // Shows what that filter says of time.
    void setFilter(const QString &filter);

signals:
    // The filter of setFilter() with another time.
    void filterChosen(const QString &filter);

private:
    void setTexts();
    void show(int index);
    void choose(int index);
    void chooseOwn();
    void propose(const QString &times);

    Translated *const m_texts;
    QString m_filter{};
};

} // namespace gatehouse::ui
