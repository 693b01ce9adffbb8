#include "frame/navigation.h"
#include "theme/theme.h"
#include "ui/find.h"

#include <QSignalSpy>
#include <QTest>

using namespace gatehouse::ui;
using namespace Qt::StringLiterals;

// The list of pages: what it marks, and what takes a person to another page.
class NavigationTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void marksThePageThatIsSelected();
    void keepsItsMarkWhenOtherPagesGoAndCome();
    void leadsNowhereWhenItsPageGoes();
    void leadsNowhereByTheFocusAlone();
    void followsTheKeys();
    void followsAClick();

private:
    // Of both lists.
    QList<PageId> marked() const;
    QListView *list(const QString &name) const;

    std::unique_ptr<Navigation> m_navigation;
    QList<PageId> m_chosen;
};

void NavigationTest::initTestCase()
{
    Theme::apply(Scheme::Light);
}

void NavigationTest::init()
{
    m_navigation = std::make_unique<Navigation>();
    m_navigation->resize(m_navigation->width(), 400);
    m_chosen.clear();
    connect(m_navigation.get(), &Navigation::selected, this, [this](PageId page) {
        m_chosen.append(page);
    });
    m_navigation->show();
    QVERIFY(QTest::qWaitForWindowActive(m_navigation.get()));
}

void NavigationTest::cleanup()
{
    m_navigation.reset();
}

QList<PageId> NavigationTest::marked() const
{
    QList<PageId> pages;
    for (const QListView *each : m_navigation->findChildren<QListView *>()) {
        for (const QModelIndex &row : each->selectionModel()->selectedIndexes())
            pages.append(static_cast<PageId>(row.data(NavigationModel::PageRole).toInt()));
    }
    return pages;
}

QListView *NavigationTest::list(const QString &name) const
{
    return gatehouse::tests::field<QListView>(m_navigation.get(), name);
}

void NavigationTest::marksThePageThatIsSelected()
{
    QCOMPARE(marked(), QList<PageId>{PageId::Dashboard});

    m_navigation->select(PageId::Settings);
    QCOMPARE(marked(), QList<PageId>{PageId::Settings});
    m_navigation->select(PageId::Models);

    QCOMPARE(marked(), QList<PageId>{PageId::Models});
    QCOMPARE(m_chosen, QList<PageId>());
}

void NavigationTest::keepsItsMarkWhenOtherPagesGoAndCome()
{
    m_navigation->select(PageId::Channels);

    for (const PageId page : {PageId::Users, PageId::Traffic}) {
        m_navigation->setShown(page, false);
        QVERIFY(!m_navigation->pages().contains(page));
        QCOMPARE(marked(), QList<PageId>{PageId::Channels});
    }
    const QList<PageId> all{PageId::Dashboard,
                            PageId::Traffic,
                            PageId::Channels,
                            PageId::Models,
                            PageId::Tokens,
                            PageId::Users,
                            PageId::Settings};
    for (const PageId page : {PageId::Users, PageId::Traffic})
        m_navigation->setShown(page, true);

    QCOMPARE(m_navigation->pages(), all);
    QCOMPARE(marked(), QList<PageId>{PageId::Channels});
    QCOMPARE(m_chosen, QList<PageId>());
}

void NavigationTest::leadsNowhereWhenItsPageGoes()
{
    m_navigation->select(PageId::Tokens);

    m_navigation->setShown(PageId::Tokens, false);
    QCOMPARE(marked(), QList<PageId>());
    m_navigation->setShown(PageId::Tokens, true);

    QCOMPARE(marked(), QList<PageId>{PageId::Tokens});
    QCOMPARE(m_chosen, QList<PageId>());
}

// As it falls there when the page that had it hides.
void NavigationTest::leadsNowhereByTheFocusAlone()
{
    m_navigation->select(PageId::Channels);
    const QSignalSpy chosen(m_navigation.get(), &Navigation::chosen);
    QListView *others = list(u"More pages"_s);

    others->setFocus(Qt::TabFocusReason);
    QVERIFY(others->hasFocus());
    QCOMPARE(m_chosen, QList<PageId>());
    QCOMPARE(marked(), QList<PageId>{PageId::Channels});
    QTest::keyClick(others, Qt::Key_Return);

    QCOMPARE(m_chosen, QList<PageId>{PageId::Settings});
    QCOMPARE(marked(), QList<PageId>{PageId::Settings});
    QCOMPARE(chosen.size(), 1);
}

void NavigationTest::followsTheKeys()
{
    QListView *pages = list(u"Pages"_s);
    pages->setFocus(Qt::TabFocusReason);

    QTest::keyClick(pages, Qt::Key_Down);

    QCOMPARE(m_chosen, QList<PageId>{PageId::Traffic});
    QCOMPARE(marked(), QList<PageId>{PageId::Traffic});
}

void NavigationTest::followsAClick()
{
    const QSignalSpy chosen(m_navigation.get(), &Navigation::chosen);
    QListView *pages = list(u"Pages"_s);
    const auto click = [pages](int row, Qt::KeyboardModifiers keys = {}) {
        QTest::mouseClick(pages->viewport(),
                          Qt::LeftButton,
                          keys,
                          pages->visualRect(pages->model()->index(row, 0)).center());
    };

    click(2);
    QCOMPARE(m_chosen, QList<PageId>{PageId::Channels});
    QCOMPARE(chosen.size(), 1);
    click(2, Qt::ControlModifier); // which would take the mark away

    QCOMPARE(m_chosen, QList<PageId>{PageId::Channels});
    QCOMPARE(marked(), QList<PageId>{PageId::Channels});
}

QTEST_MAIN(NavigationTest)
#include "tst_navigation.moc"
