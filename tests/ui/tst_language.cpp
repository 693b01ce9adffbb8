#include "admin/administration.h"
#include "channeleditor/channeldialog.h"
#include "channeleditor/channelgallery.h"
#include "channels/channelspage.h"
#include "desktop/language.h"
#include "models/routedialog.h"
#include "tokens/tokenspage.h"
#include "ui/find.h"
#include "ui/windowfixture.h"
#include "widgets/fields/searchablelist.h"
#include "widgets/messagebar.h"
#include "widgets/table/tableview.h"

#include <QAbstractItemView>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTest>

using namespace Qt::StringLiterals;

using namespace gatehouse;
using namespace gatehouse::ui;

namespace {

bool says(const QWidget *parent, const QString &text)
{
    const auto labels = parent->findChildren<QLabel *>();
    return std::any_of(labels.begin(), labels.end(), [&](const QLabel *label) {
        return label->isVisible() && label->text().contains(text);
    });
}

QStringList textsOf(const QAbstractItemModel *rows)
{
    QStringList all;
    for (int row = 0; row < rows->rowCount(); ++row) {
        for (int column = 0; column < rows->columnCount(); ++column)
            all.append(rows->index(row, column).data().toString());
    }
    return all;
}

} // namespace

// What the services say is shown in the window's language, and stays English for everybody else.
class LanguageTest : public QObject
{
    Q_OBJECT

private slots:
    void initTestCase();
    void wrongAddress();
    void takenName();
    void reasonOfARoute();
    void filterWords();
    void tipsOfHeaders();
    void roomForTitles();
    void messagesThatStand();

private:
    std::unique_ptr<support::WindowFixture> m_fixture;
    app::Language m_language;
};

void LanguageTest::initTestCase()
{
    m_fixture = std::make_unique<support::WindowFixture>();
    QVERIFY(m_fixture->start());
    m_language.use(u"zh_CN"_s);
}

void LanguageTest::wrongAddress()
{
    ChannelDialog dialog(m_fixture->services(), std::nullopt);
    dialog.open();
    emit dialog.findChild<SearchableList *>()->chosen(choiceId({.type = domain::provider::custom}));

    tests::field<QLineEdit>(&dialog, u"地址"_s)->setText(u"no address"_s);

    QVERIFY(says(&dialog, u"“no address”不是基础 URL。"_s));
}

void LanguageTest::takenName()
{
    const admin::Actor actor = m_fixture->services().actor;
    admin::UserService &users = m_fixture->administration().users;
    const admin::NewUser alice{.username = u"alice"_s,
                               .password = base::Secret(QByteArray("a long password"))};
    m_fixture->wait(users.create(actor, alice));

    const admin::Answer<domain::User> again = users.create(actor, alice);

    QTRY_VERIFY(again.isFinished());
    const base::Result<domain::User> outcome = again.result();
    QVERIFY(!outcome);
    QCOMPARE(outcome.error().message.translated(), u"此用户名已被占用。"_s);
    QCOMPARE(outcome.error().message.english(), u"This user name is taken."_s);
}

void LanguageTest::reasonOfARoute()
{
    m_fixture->wait(m_fixture->administration().channels.create(
        {{.type = domain::provider::echo,
          .name = u"Echo"_s,
          .status = domain::ChannelStatus::DisabledByHand,
          .models = {u"echo"_s}}}));

    RouteDialog dialog(m_fixture->services(), u"echo"_s);
    dialog.show();

    QTRY_COMPARE(dialog.table().rowCount(), 1);
    QVERIFY(textsOf(&dialog.table()).contains(u"已停用"_s));
    QVERIFY(says(&dialog, u"目前没有渠道能为分组“default”提供模型“echo”。"_s));
    QCOMPARE(dialog.table().row(0).reason.english(), u"disabled"_s);
}

// Those of the language and those of English.
void LanguageTest::filterWords()
{
    ChannelsPage page(m_fixture->services());
    static_cast<QWidget &>(page).show();
    page.setActive(true);
    const QAbstractItemModel *rows = page.findChild<TableView *>()->model();
    QTRY_COMPARE(rows->rowCount(), 1);

    for (const QString &filter :
         {u"status:disabled"_s, u"status:已停用"_s, u"enabled:no"_s, u"-enabled:是"_s}) {
        page.setFilter(filter);
        QCOMPARE(rows->rowCount(), 1);
    }
    for (const QString &filter : {u"status:healthy"_s, u"status:健康"_s, u"enabled:yes"_s}) {
        page.setFilter(filter);
        QCOMPARE(rows->rowCount(), 0);
    }
}

// "Prio" is shorter than what it is in Chinese.
void LanguageTest::roomForTitles()
{
    m_language.use(u"en"_s);
    ChannelsPage page(m_fixture->services());
    const auto *view = page.findChild<TableView *>();
    const int column = tableModelOf(view->model())->columnOf(u"priority"_s);
    const QHeaderView *header = view->horizontalHeader();

    m_language.use(u"zh_CN"_s);

    QCoreApplication::sendPostedEvents();
    QVERIFY(header->sectionSize(column) >= header->sectionSizeHint(column));
}

void LanguageTest::tipsOfHeaders()
{
    TokensPage page(m_fixture->services());
    const QAbstractItemModel *rows = page.findChild<TableView *>()->model();
    const int budget = tableModelOf(rows)->columnOf(u"budget"_s);
    const auto tip = [&] { return rows->headerData(budget, Qt::Horizontal, Qt::ToolTipRole); };
    const QString chinese = tip().toString();

    m_language.use(u"en"_s);
    const QString english = tip().toString();
    m_language.use(u"zh_CN"_s);

    QCOMPARE(english, u"Spent and given, in dollars"_s);
    QVERIFY(chinese != english);
    QCOMPARE(tip().toString(), chinese);
}

// What a message says follows a switch of the language while it is shown.
void LanguageTest::messagesThatStand()
{
    MessageBar bar;
    bar.showMessage({.id = u"taken"_s,
                     .tone = Tone::Failure,
                     .text = base::Message::tr("This user name is taken.")});
    QCOMPARE(bar.accessibleDescription(), u"此用户名已被占用。"_s);

    m_language.use(u"en"_s);
    QTRY_COMPARE(bar.accessibleDescription(), u"This user name is taken."_s);
    m_language.use(u"zh_CN"_s);
    QTRY_COMPARE(bar.accessibleDescription(), u"此用户名已被占用。"_s);
}

QTEST_MAIN(LanguageTest)
#include "tst_language.moc"
