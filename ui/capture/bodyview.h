#pragma once

#include "domain/capture.h"
#include "widgets/services.h"

#include <QWidget>

class QPushButton;

namespace gatehouse::ui {

class BodyText;
class CopyButton;
class FindBar;
class SecondaryLabel;
class Translated;

// The raw body of a captured message: its beginning at once, more as the person asks for it.
class BodyView : public QWidget
{
    Q_OBJECT

public:
    explicit BodyView(const Services &services, QWidget *parent = nullptr);

    // `message` holds the beginning of the body.
    void show(const QByteArray &requestId,
              domain::CapturePart part,
              const domain::CapturedMessage &message);
    using QWidget::show;
    const BodyText &text() const { return *m_text; }
    FindBar *findBar() const { return m_find; }

private:
    void loadMore(bool all);
    void take(const QByteArray &bytes);
    void refresh();
    void search(const QString &needle);
    void moveTo(int match);

    const Services m_services;
    Translated *const m_texts;
    QByteArray m_requestId{};
    domain::CapturePart m_part{};
    qint64 m_kept = 0;
    qint64 m_size = 0;
    int m_generation = 0;
    bool m_loading = false;
    bool m_wantsAll = false;
    std::vector<qsizetype> m_matches{};
    bool m_allMatches = true;
    int m_match = 0;
    int m_searchGeneration = 0;
    FindBar *m_find = nullptr;
    BodyText *m_text = nullptr;
    SecondaryLabel *m_note = nullptr;
    SecondaryLabel *m_empty = nullptr;
    QPushButton *m_more = nullptr;
    QPushButton *m_all = nullptr;
};

} // namespace gatehouse::ui
