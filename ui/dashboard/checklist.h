#pragma once

#include <QWidget>

#include <array>

class QLabel;
class QPushButton;

namespace gatehouse::ui {

class CopyButton;
class SecondaryLabel;
class Translated;

enum class SetupStep { Channel, Token, Client };

// What has to be done before there is anything to look at, in its order: a channel, a token, a client.
class Checklist : public QWidget
{
    Q_OBJECT

public:
    explicit Checklist(QWidget *parent = nullptr);

    void setDone(SetupStep step, bool done);
    bool isDone(SetupStep step) const;
    bool isComplete() const;
    // What clients are to be given; empty: the gateway does not run.
    void setAddress(const QString &address);

signals:
    void stepRequested(gatehouse::ui::SetupStep step);
    // The person wants the dashboard at once.
    void skipped();

private:
    struct Card
    {
        bool done = false;
        QLabel *mark = nullptr;
        SecondaryLabel *heading = nullptr;
        SecondaryLabel *sentence = nullptr;
        QPushButton *button = nullptr;
    };

    QWidget *makeCard(SetupStep step);
    void setTexts();
    void refresh();

    std::array<Card, 3> m_cards{};
    QString m_address{};
    SecondaryLabel *m_heading;
    SecondaryLabel *m_sentence;
    SecondaryLabel *m_addressLabel;
    CopyButton *m_copy;
    QPushButton *m_skip;
    Translated *m_texts;
};

} // namespace gatehouse::ui
