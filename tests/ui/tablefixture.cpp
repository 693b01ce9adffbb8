#include "ui/tablefixture.h"

#include "theme/theme.h"

#include <QHeaderView>
#include <QImage>

#include <algorithm>

namespace gatehouse::tests {

int pixelsOf(const QImage &image, const QColor &color)
{
    int found = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            found += image.pixelColor(x, y).rgb() == color.rgb() ? 1 : 0;
    }
    return found;
}

void TableFixture::initTestCase()
{
    ui::Theme::apply(ui::Scheme::Light);
}

void TableFixture::init()
{
    m_stored.clear();
    m_refusal.clear();
    m_view = std::make_unique<ui::TableView>();
    m_model = makeSampleModel(m_view.get());
    m_model->setRows(sampleRows());
    m_filter = new ui::TableFilterModel(m_view.get());
    m_filter->setSourceModel(m_model);
    m_view->setModel(m_filter);
    m_view->setCommit(
        [this](const QModelIndex &index, const QVariant &value) { return answer(index, value); });
    m_view->resize(900, 400);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowActive(m_view.get()));
    m_view->setFocus();
}

void TableFixture::cleanup()
{
    m_view.reset();
}

admin::Answer<> TableFixture::answer(const QModelIndex &index, const QVariant &value)
{
    m_stored.append({m_model->row(index.row()).name, value});
    if (!m_refusal.isEmpty())
        return admin::refused<void>(base::ErrorCode::InvalidInput,
                                    base::Message::verbatim(m_refusal));
    return admin::answered<void>({});
}

void TableFixture::clickHeader(int column, Qt::KeyboardModifiers modifiers)
{
    QHeaderView *header = m_view->horizontalHeader();
    const QPoint place(header->sectionViewportPosition(column) + header->sectionSize(column) / 2,
                       header->height() / 2);
    QTest::mouseClick(header->viewport(), Qt::LeftButton, modifiers, place);
}

QLineEdit *TableFixture::editor() const
{
    const QList<QLineEdit *> editors = m_view->viewport()->findChildren<QLineEdit *>();
    const auto open = std::find_if(
        editors.begin(), editors.end(), [](const QLineEdit *one) { return one->isVisible(); });
    return open == editors.end() ? nullptr : *open;
}

void TableFixture::beginEdit(int row, int column)
{
    m_view->setCurrentIndex(cell(row, column));
    QTest::keyClick(m_view.get(), Qt::Key_F2);
    QVERIFY(editor());
}

} // namespace gatehouse::tests
