#pragma once

#include <QWidget>

#include <array>

namespace gatehouse::ui {

// How long a stream paused between its events: so many pauses of each class of length, as bars with
// their numbers above and their classes below.
class GapHistogram : public QWidget
{
    Q_OBJECT

public:
    static constexpr size_t classCount = 6;
    using Counts = std::array<int, classCount>;

    explicit GapHistogram(QWidget *parent = nullptr);

    void setCounts(const Counts &counts);
    const Counts &counts() const { return m_counts; }
    // The class of a pause, from 0 on.
    static size_t classOf(qint64 microseconds);
    // "10–50 ms"
    static QString className(size_t of);
    void retranslate();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int columnWidth() const;

    Counts m_counts{};
};

} // namespace gatehouse::ui
