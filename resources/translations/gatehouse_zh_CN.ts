<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>ActionTips</name>
    <message>
        <source>Adds the account of a provider.</source>
        <translation>添加一个供应商账户。</translation>
    </message>
    <message>
        <source>Copies the address that requests are sent to.</source>
        <translation>复制请求发往的地址。</translation>
    </message>
    <message>
        <source>Deletes the selected channels; this can be undone.</source>
        <translation>删除所选渠道；可以撤销。</translation>
    </message>
    <message>
        <source>Opens or closes the details beside the list.</source>
        <translation>打开或关闭列表旁的详情。</translation>
    </message>
    <message>
        <source>Makes a copy that is disabled at first and has no keys.</source>
        <translation>创建一个副本，起初为停用状态且没有密钥。</translation>
    </message>
    <message>
        <source>Changes the selected channel, or several at once.</source>
        <translation>修改所选渠道，也可同时修改多个。</translation>
    </message>
    <message>
        <source>Shows the failed requests of the selected channels.</source>
        <translation>显示所选渠道失败的请求。</translation>
    </message>
    <message>
        <source>Writes the selected channels into a file, without their keys.</source>
        <translation>将所选渠道写入文件，不含密钥。</translation>
    </message>
    <message>
        <source>Writes the list as it is shown into a file.</source>
        <translation>将当前显示的列表写入文件。</translation>
    </message>
    <message>
        <source>Copies the selected channels as JSON, without their keys.</source>
        <translation>将所选渠道复制为 JSON，不含密钥。</translation>
    </message>
    <message>
        <source>Makes a channel of a key, an address or a cURL command that was copied.</source>
        <translation>用复制的密钥、地址或 cURL 命令创建渠道。</translation>
    </message>
    <message>
        <source>Sets which channels are tried first.</source>
        <translation>设置优先尝试哪些渠道。</translation>
    </message>
    <message>
        <source>Reads the list anew.</source>
        <translation>重新读取列表。</translation>
    </message>
    <message>
        <source>Asks the providers what is left on the accounts.</source>
        <translation>向供应商查询账户余额。</translation>
    </message>
    <message>
        <source>Asks the provider which models it offers.</source>
        <translation>向供应商查询它提供的模型。</translation>
    </message>
    <message>
        <source>Gives keys that are resting a new chance at once.</source>
        <translation>让冷却中的密钥立即重新获得机会。</translation>
    </message>
    <message>
        <source>Looks for model servers on this machine.</source>
        <translation>在本机上查找模型服务器。</translation>
    </message>
    <message>
        <source>Sends a small request through the selected channels.</source>
        <translation>通过所选渠道发送一个小请求。</translation>
    </message>
    <message>
        <source>Sends a small request through every channel.</source>
        <translation>通过每个渠道发送一个小请求。</translation>
    </message>
    <message>
        <source>Tests the selected channel with a model of your choice.</source>
        <translation>用您选择的模型测试所选渠道。</translation>
    </message>
    <message>
        <source>Takes the selected channels into use or out of it.</source>
        <translation>启用或停用所选渠道。</translation>
    </message>
    <message>
        <source>Shows the requests of the selected channels.</source>
        <translation>显示所选渠道的请求。</translation>
    </message>
    <message>
        <source>Shows the same span of time before, dashed.</source>
        <translation>以虚线显示之前同样长的时间段。</translation>
    </message>
    <message>
        <source>Gives short and long latencies the same room.</source>
        <translation>让短延迟和长延迟占据同样的空间。</translation>
    </message>
    <message>
        <source>Chooses the days that the dashboard shows.</source>
        <translation>选择概览显示的日期。</translation>
    </message>
    <message>
        <source>Reads the figures anew.</source>
        <translation>重新读取数据。</translation>
    </message>
    <message>
        <source>Shows the figures of the chart as a table.</source>
        <translation>以表格显示图表中的数据。</translation>
    </message>
    <message>
        <source>Goes to the filter of the page.</source>
        <translation>转到页面的筛选框。</translation>
    </message>
    <message>
        <source>Does again what was undone.</source>
        <translation>重新执行已撤销的操作。</translation>
    </message>
    <message>
        <source>Takes back what was done last.</source>
        <translation>撤销上一次操作。</translation>
    </message>
    <message>
        <source>Closes the window; the gateway goes on as the settings say.</source>
        <translation>关闭窗口；网关按设置继续运行。</translation>
    </message>
    <message>
        <source>Ends Gatehouse, and the gateway with it.</source>
        <translation>退出 Gatehouse，网关随之停止。</translation>
    </message>
    <message>
        <source>Opens the settings.</source>
        <translation>打开设置。</translation>
    </message>
    <message>
        <source>Copies a request that can be sent from a terminal.</source>
        <translation>复制一个可在终端中发送的请求。</translation>
    </message>
    <message>
        <source>Shows the version, the licences and where the data lies.</source>
        <translation>显示版本、许可证和数据位置。</translation>
    </message>
    <message>
        <source>Lists every key and what it does.</source>
        <translation>列出所有快捷键及其作用。</translation>
    </message>
    <message>
        <source>Sets a price for a model or a pattern of names.</source>
        <translation>为模型或名称模式设置价格。</translation>
    </message>
    <message>
        <source>Sets a price that holds for one channel alone.</source>
        <translation>设置仅对一个渠道有效的价格。</translation>
    </message>
    <message>
        <source>Says which channels would serve a request, in which order, and why not the others.</source>
        <translation>说明哪些渠道会按什么顺序处理请求，以及其他渠道为何不会。</translation>
    </message>
    <message>
        <source>Gives the selected models their built-in price again.</source>
        <translation>让所选模型恢复内置价格。</translation>
    </message>
    <message>
        <source>Shows the requests for the selected models.</source>
        <translation>显示对所选模型的请求。</translation>
    </message>
    <message>
        <source>Goes to the search of the settings.</source>
        <translation>转到设置的搜索框。</translation>
    </message>
    <message>
        <source>Makes a key that a program may use.</source>
        <translation>创建一个供程序使用的密钥。</translation>
    </message>
    <message>
        <source>Copies the name of the selected token.</source>
        <translation>复制所选令牌的名称。</translation>
    </message>
    <message>
        <source>Deletes the selected tokens; this can be undone.</source>
        <translation>删除所选令牌；可以撤销。</translation>
    </message>
    <message>
        <source>Lets the former key of a rotated token end now.</source>
        <translation>让已轮换令牌的旧密钥立即失效。</translation>
    </message>
    <message>
        <source>Counts what the token has spent from zero again.</source>
        <translation>将令牌的用量从零重新计算。</translation>
    </message>
    <message>
        <source>Copies the key of the selected token.</source>
        <translation>复制所选令牌的密钥。</translation>
    </message>
    <message>
        <source>Gives the token a new key; the former one can stay valid for a while.</source>
        <translation>为令牌更换新密钥；旧密钥可在一段时间内保持有效。</translation>
    </message>
    <message>
        <source>Shows the key as text, QR code and lines for programs.</source>
        <translation>以文本、二维码和程序配置行显示密钥。</translation>
    </message>
    <message>
        <source>Lets the selected tokens be used, or not.</source>
        <translation>允许或禁止使用所选令牌。</translation>
    </message>
    <message>
        <source>Shows the requests of the selected tokens.</source>
        <translation>显示所选令牌的请求。</translation>
    </message>
    <message>
        <source>Copies the address that programs are given.</source>
        <translation>复制提供给程序的地址。</translation>
    </message>
    <message>
        <source>Finds pages, actions, channels and requests by typing.</source>
        <translation>通过输入查找页面、操作、渠道和请求。</translation>
    </message>
    <message>
        <source>Sets a price for the model of the selected request.</source>
        <translation>为所选请求的模型设置价格。</translation>
    </message>
    <message>
        <source>Shows the requests for the same model alone.</source>
        <translation>仅显示对同一模型的请求。</translation>
    </message>
    <message>
        <source>Shows the requests of the same session alone.</source>
        <translation>仅显示同一会话的请求。</translation>
    </message>
    <message>
        <source>Ends the selected request, which still runs.</source>
        <translation>结束仍在运行的所选请求。</translation>
    </message>
    <message>
        <source>Chooses which heads and bodies are kept.</source>
        <translation>选择保留哪些头部和正文。</translation>
    </message>
    <message>
        <source>Shows the channel that served the request.</source>
        <translation>显示处理该请求的渠道。</translation>
    </message>
    <message>
        <source>Empties the list; nothing is deleted.</source>
        <translation>清空列表；不会删除任何内容。</translation>
    </message>
    <message>
        <source>Copies the request so that a terminal can repeat it.</source>
        <translation>复制请求，以便在终端中重复。</translation>
    </message>
    <message>
        <source>Copies what went wrong.</source>
        <translation>复制错误信息。</translation>
    </message>
    <message>
        <source>Copies the number by which provider and log know the request.</source>
        <translation>复制供应商和日志用来识别请求的编号。</translation>
    </message>
    <message>
        <source>Opens or closes the inspector.</source>
        <translation>打开或关闭检查器。</translation>
    </message>
    <message>
        <source>Puts the inspector beside the list or below it.</source>
        <translation>将检查器放在列表旁边或下方。</translation>
    </message>
    <message>
        <source>Lets the token of the request be used no more.</source>
        <translation>禁止再使用该请求的令牌。</translation>
    </message>
    <message>
        <source>Says which channels would serve this model, in which order.</source>
        <translation>说明哪些渠道会按什么顺序处理此模型。</translation>
    </message>
    <message>
        <source>Writes all that the filter lets through into a table.</source>
        <translation>将筛选出的全部内容写入表格。</translation>
    </message>
    <message>
        <source>Writes all that the filter lets through into an HTTP archive.</source>
        <translation>将筛选出的全部内容写入 HTTP 归档。</translation>
    </message>
    <message>
        <source>Writes all that the filter lets through, one request a line.</source>
        <translation>将筛选出的全部内容写入文件，每行一个请求。</translation>
    </message>
    <message>
        <source>Deletes the kept heads and bodies of this request.</source>
        <translation>清除此请求保留的头部和正文。</translation>
    </message>
    <message>
        <source>Deletes the kept heads and bodies of all requests of this token.</source>
        <translation>清除此令牌所有请求保留的头部和正文。</translation>
    </message>
    <message>
        <source>Lets the list stand still; requests go on.</source>
        <translation>让列表暂停更新；请求继续进行。</translation>
    </message>
    <message>
        <source>Removes the saved filter.</source>
        <translation>移除已保存的筛选。</translation>
    </message>
    <message>
        <source>Gives the saved filter another name.</source>
        <translation>为已保存的筛选改名。</translation>
    </message>
    <message>
        <source>Keeps the filter under a name of your choice.</source>
        <translation>以您选择的名称保存此筛选。</translation>
    </message>
    <message>
        <source>Writes this request into an HTTP archive.</source>
        <translation>将此请求写入 HTTP 归档。</translation>
    </message>
    <message>
        <source>Shows the token that the request came with.</source>
        <translation>显示该请求所用的令牌。</translation>
    </message>
    <message>
        <source>Makes an account with a budget of its own.</source>
        <translation>创建一个有独立预算的账户。</translation>
    </message>
    <message>
        <source>Deletes the selected users and their tokens; this can be undone.</source>
        <translation>删除所选用户及其令牌；可以撤销。</translation>
    </message>
    <message>
        <source>Lets the selected users sign in and spend, or not.</source>
        <translation>允许或禁止所选用户登录和消费。</translation>
    </message>
    <message>
        <source>Shows the tokens of the selected users.</source>
        <translation>显示所选用户的令牌。</translation>
    </message>
    <message>
        <source>Shows the requests of the selected users.</source>
        <translation>显示所选用户的请求。</translation>
    </message>
    <message>
        <source>Moves the focus to the next part of the window.</source>
        <translation>将焦点移到窗口的下一部分。</translation>
    </message>
    <message>
        <source>Moves the focus to the part of the window before.</source>
        <translation>将焦点移到窗口的上一部分。</translation>
    </message>
    <message>
        <source>Puts the window away.</source>
        <translation>最小化窗口。</translation>
    </message>
    <message>
        <source>Adds 20 dollars to what the selected tokens may spend.</source>
        <translation>为所选令牌的预算增加 20 美元。</translation>
    </message>
    <message>
        <source>Adds 5 dollars to what the selected tokens may spend.</source>
        <translation>为所选令牌的预算增加 5 美元。</translation>
    </message>
    <message>
        <source>Adds 20 dollars to what the selected users may spend.</source>
        <translation>为所选用户的预算增加 20 美元。</translation>
    </message>
    <message>
        <source>Adds 5 dollars to what the selected users may spend.</source>
        <translation>为所选用户的预算增加 5 美元。</translation>
    </message>
    <message>
        <source>Keeps the selected requests when old ones are removed, or no more.</source>
        <translation>移除旧请求时保留所选请求，或不再保留。</translation>
    </message>
    <message>
        <source>Asks the questions of the first start again; what there is stays.</source>
        <translation>再次询问首次启动时的问题；已有的内容保持不变。</translation>
    </message>
    <message>
        <source>Hides everything until the password of the administrator is given.</source>
        <translation>隐藏所有内容，直到输入管理员密码。</translation>
    </message>
    <message>
        <source>Prices past requests by what was in force then; this can be undone.</source>
        <translation>按当时生效的价格重新计算过去的请求；可以撤销。</translation>
    </message>
    <message>
        <source>Removes the selected prices that were in force or will be.</source>
        <translation>移除所选的已被取代或尚未生效的价格。</translation>
    </message>
    <message>
        <source>Chooses how requests for the selected models are shared among their channels.</source>
        <translation>选择所选模型的请求如何在其渠道之间分配。</translation>
    </message>
    <message>
        <source>Ends all sessions of the selected users and voids their access tokens.</source>
        <translation>结束所选用户的所有会话，并使其访问令牌失效。</translation>
    </message>
    <message>
        <source>Sets what the selected model costs from now on. Its former price is kept for the requests of before; an edit in its cells corrects it for those, too.</source>
        <translation>设置所选模型从现在起的价格。原价仍用于此前的请求；在单元格中编辑则会连同此前一并更正。</translation>
    </message>
    <message>
        <source>Shows the names of the pages beside their icons, or the icons only.</source>
        <translation>在图标旁显示页面名称，或只显示图标。</translation>
    </message>
    <message>
        <source>Writes the numbers of the chart that is shown into a file.</source>
        <translation>将所显示图表的数据写入文件。</translation>
    </message>
    <message>
        <source>Copies the beginning of the key, by which it is recognised.</source>
        <translation>复制密钥的开头部分，便于辨认。</translation>
    </message>
    <message>
        <source>Makes other tokens with the same limits.</source>
        <translation>创建具有相同限制的其他令牌。</translation>
    </message>
    <message>
        <source>Changes limits, models and budget of the selected token, or of several at once.</source>
        <translation>更改所选令牌的限制、模型和预算，也可同时更改多个。</translation>
    </message>
    <message>
        <source>Changes name, group and budget of the selected user, or of several at once.</source>
        <translation>更改所选用户的名称、分组和预算，也可同时更改多个。</translation>
    </message>
    <message>
        <source>Makes, renames, prices and removes the groups that users are in.</source>
        <translation>创建、重命名和移除用户所属的分组，并设置其价格倍率。</translation>
    </message>
    <message>
        <source>Shows who changed what, and when, with all sign-ins.</source>
        <translation>显示谁在何时更改了什么，包括所有登录。</translation>
    </message>
</context>
<context>
    <name>Conversation</name>
    <message>
        <source>The request was longer than what is kept of it, so that its messages cannot be shown.</source>
        <translation>请求超出了保留长度，无法显示其消息。</translation>
    </message>
    <message>
        <source>The request is no JSON, or nested too deeply.</source>
        <translation>请求不是 JSON，或嵌套过深。</translation>
    </message>
</context>
<context>
    <name>GatewayAddress</name>
    <message>
        <source>For programs on this computer.</source>
        <translation>供本机上的程序使用。</translation>
    </message>
    <message>
        <source>For programs in containers or in WSL, through %1.</source>
        <translation>供容器或 WSL 中的程序使用，经由 %1。</translation>
    </message>
    <message>
        <source>For other computers in the network, through %1.</source>
        <translation>供网络中的其他计算机使用，经由 %1。</translation>
    </message>
</context>
<context>
    <name>MixedValue</name>
    <message>
        <source>— (mixed)</source>
        <translation>—（不一致）</translation>
    </message>
    <message>
        <source>Enter a whole number from %1 to %2.</source>
        <translation>请输入 %1 到 %2 之间的整数。</translation>
    </message>
</context>
<context>
    <name>RequestReport</name>
    <message>
        <source>The provider refuses the request as it is. Another channel would refuse it as well: the client must send something else.</source>
        <translation>供应商拒绝了此请求的内容。换用其他渠道也会被拒绝：客户端需要修改请求。</translation>
    </message>
    <message>
        <source>The provider does not know this model. Check the models of the channel and their mapping.</source>
        <translation>供应商没有此模型。请检查渠道的模型及其映射。</translation>
    </message>
    <message>
        <source>The provider’s rules on content refuse this request.</source>
        <translation>供应商的内容规则拒绝了此请求。</translation>
    </message>
    <message>
        <source>The provider takes no more requests for now, since a rate limit of the account is reached.</source>
        <translation>账户已达到速率限制，供应商暂时不再接受请求。</translation>
    </message>
    <message>
        <source>The provider is overloaded. This passes by itself.</source>
        <translation>供应商过载，稍后会自行恢复。</translation>
    </message>
    <message>
        <source>The provider had a fault of its own.</source>
        <translation>供应商自身发生故障。</translation>
    </message>
    <message>
        <source>What the provider answered is no answer to such a request: a web page, nothing, or half of a document. Check the address of the channel.</source>
        <translation>供应商返回的不是此类请求的响应：而是网页、空内容或不完整的文档。请检查渠道的地址。</translation>
    </message>
    <message>
        <source>The provider did not answer in time.</source>
        <translation>供应商未在时限内响应。</translation>
    </message>
    <message>
        <source>The provider could not be reached, or the connection broke. Check its address and the network.</source>
        <translation>无法连接供应商，或连接中断。请检查其地址和网络。</translation>
    </message>
    <message>
        <source>The provider refuses the key of the channel. Enter a valid key.</source>
        <translation>供应商拒绝了渠道的密钥。请输入有效的密钥。</translation>
    </message>
    <message>
        <source>The provider’s account is out of credit. Fill it, or switch the channel off.</source>
        <translation>供应商账户余额不足。请充值或停用该渠道。</translation>
    </message>
    <message>
        <source>The channel cannot send such a request. Nothing was sent.</source>
        <translation>该渠道无法发送此类请求，未发送任何内容。</translation>
    </message>
    <message>
        <source>No channel could serve the model: each is switched off, rests after failures, or was tried already.</source>
        <translation>没有渠道能提供该模型：它们已停用、因失败而熔断，或已经尝试过。</translation>
    </message>
    <message>
        <source>No channel offers this model to the group of the token.</source>
        <translation>没有渠道向该令牌的分组提供此模型。</translation>
    </message>
    <message>
        <source>The request took longer than the settings allow, and was ended.</source>
        <translation>请求超过了设置允许的时长，已被终止。</translation>
    </message>
    <message>
        <source>The client closed the connection before the answer was whole.</source>
        <translation>客户端在响应完整之前关闭了连接。</translation>
    </message>
    <message>
        <source>The request was cancelled in this window.</source>
        <translation>请求在此窗口中被取消。</translation>
    </message>
    <message>
        <source>The gateway was stopped while the request was served.</source>
        <translation>处理请求时网关被停止。</translation>
    </message>
    <message>
        <source>The record of the request could not be stored, so that its answer was held back. See whether the disk is full.</source>
        <translation>无法存储请求的记录，因此未交付其响应。请检查磁盘是否已满。</translation>
    </message>
    <message>
        <source>The budget of the user or of the token is used up.</source>
        <translation>用户或令牌的预算已用尽。</translation>
    </message>
    <message>
        <source>What is left of the budget is held by requests that are still being served.</source>
        <translation>剩余预算已被仍在处理的请求预占。</translation>
    </message>
    <message>
        <source>The user’s limit of requests a minute is reached.</source>
        <translation>已达到用户每分钟请求数的上限。</translation>
    </message>
    <message>
        <source>The user’s limit of tokens a minute is reached.</source>
        <translation>已达到用户每分钟词元数的上限。</translation>
    </message>
    <message>
        <source>The user has too many requests open at once.</source>
        <translation>用户同时进行的请求过多。</translation>
    </message>
    <message>
        <source>The token may not use this model.</source>
        <translation>该令牌无权使用此模型。</translation>
    </message>
    <message>
        <source>The request failed.</source>
        <translation>请求失败。</translation>
    </message>
    <message>
        <source>The request was answered with the status %1.</source>
        <translation>请求的响应状态码为 %1。</translation>
    </message>
    <message>
        <source>Each channel that could serve the model has as many requests or tokens as its own limits allow. This passes by itself; the limits stand in the channels.</source>
        <translation>能够提供该模型的每个渠道都已达到自身限制允许的请求数或词元数。稍后会自行恢复；限制在渠道中设置。</translation>
    </message>
    <message>
        <source>The gateway was restarted with other settings while the request was served.</source>
        <translation>处理请求时网关因设置更改而重新启动。</translation>
    </message>
</context>
<context>
    <name>SettingLabels</name>
    <message>
        <source>Threads</source>
        <translation>线程数</translation>
    </message>
    <message>
        <source>Time to finish</source>
        <translation>收尾时间</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接数上限</translation>
    </message>
    <message>
        <source>Listen on</source>
        <translation>监听地址</translation>
    </message>
    <message>
        <source>Host names</source>
        <translation>主机名</translation>
    </message>
    <message>
        <source>Trusted proxies</source>
        <translation>受信任的代理</translation>
    </message>
    <message>
        <source>HTTPS</source>
        <translation>HTTPS</translation>
    </message>
    <message>
        <source>Certificate file</source>
        <translation>证书文件</translation>
    </message>
    <message>
        <source>Key file</source>
        <translation>私钥文件</translation>
    </message>
    <message>
        <source>Request head</source>
        <translation>请求头</translation>
    </message>
    <message>
        <source>Header fields</source>
        <translation>头字段数</translation>
    </message>
    <message>
        <source>Request target</source>
        <translation>请求目标</translation>
    </message>
    <message>
        <source>Request body</source>
        <translation>请求正文</translation>
    </message>
    <message>
        <source>All bodies</source>
        <translation>正文总量</translation>
    </message>
    <message>
        <source>TLS handshake</source>
        <translation>TLS 握手</translation>
    </message>
    <message>
        <source>Head within</source>
        <translation>请求头时限</translation>
    </message>
    <message>
        <source>Body within</source>
        <translation>正文时限</translation>
    </message>
    <message>
        <source>Upload rate</source>
        <translation>上传速率</translation>
    </message>
    <message>
        <source>Idle connections</source>
        <translation>空闲连接</translation>
    </message>
    <message>
        <source>Slow clients</source>
        <translation>慢速客户端</translation>
    </message>
    <message>
        <source>Management requests</source>
        <translation>管理请求</translation>
    </message>
    <message>
        <source>Other requests</source>
        <translation>其他请求</translation>
    </message>
    <message>
        <source>Retries</source>
        <translation>重试次数</translation>
    </message>
    <message>
        <source>Connect within</source>
        <translation>连接时限</translation>
    </message>
    <message>
        <source>First byte within</source>
        <translation>首字节时限</translation>
    </message>
    <message>
        <source>Longest silence</source>
        <translation>最长静默</translation>
    </message>
    <message>
        <source>Whole request</source>
        <translation>整个请求</translation>
    </message>
    <message>
        <source>Signs of life</source>
        <translation>保活间隔</translation>
    </message>
    <message>
        <source>Ledger receipt</source>
        <translation>记账回执</translation>
    </message>
    <message>
        <source>Longest answer</source>
        <translation>最长响应</translation>
    </message>
    <message>
        <source>Longest event</source>
        <translation>最长事件</translation>
    </message>
    <message>
        <source>Failures to rest</source>
        <translation>熔断失败次数</translation>
    </message>
    <message>
        <source>Length of a rest</source>
        <translation>熔断时长</translation>
    </message>
    <message>
        <source>Longest Retry-After</source>
        <translation>Retry-After 上限</translation>
    </message>
    <message>
        <source>Disable by itself</source>
        <translation>自动停用</translation>
    </message>
    <message>
        <source>Enable by itself</source>
        <translation>自动启用</translation>
    </message>
    <message>
        <source>Parallel tests</source>
        <translation>并行测试数</translation>
    </message>
    <message>
        <source>Test within</source>
        <translation>测试时限</translation>
    </message>
    <message>
        <source>Test every</source>
        <translation>测试间隔</translation>
    </message>
    <message>
        <source>Slow from</source>
        <translation>慢速阈值</translation>
    </message>
    <message>
        <source>Without a price</source>
        <translation>没有价格时</translation>
    </message>
    <message>
        <source>Default input price</source>
        <translation>默认输入价格</translation>
    </message>
    <message>
        <source>Default output price</source>
        <translation>默认输出价格</translation>
    </message>
    <message>
        <source>Reserved output</source>
        <translation>预留输出词元</translation>
    </message>
    <message>
        <source>New users get</source>
        <translation>新用户额度</translation>
    </message>
    <message>
        <source>Inviters get</source>
        <translation>邀请者额度</translation>
    </message>
    <message>
        <source>Invited users get</source>
        <translation>受邀者额度</translation>
    </message>
    <message>
        <source>Reminder below</source>
        <translation>提醒阈值</translation>
    </message>
    <message>
        <source>Request log</source>
        <translation>请求日志</translation>
    </message>
    <message>
        <source>Token estimates</source>
        <translation>词元估算</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>货币显示</translation>
    </message>
    <message>
        <source>Billing routes</source>
        <translation>账单接口</translation>
    </message>
    <message>
        <source>Token lists</source>
        <translation>令牌列表</translation>
    </message>
    <message>
        <source>Session length</source>
        <translation>会话时长</translation>
    </message>
    <message>
        <source>Password sign-in</source>
        <translation>密码登录</translation>
    </message>
    <message>
        <source>Wrong passwords</source>
        <translation>密码错误次数</translation>
    </message>
    <message>
        <source>Longest delay</source>
        <translation>最长延迟</translation>
    </message>
    <message>
        <source>Safe commits</source>
        <translation>安全提交</translation>
    </message>
    <message>
        <source>Busy database</source>
        <translation>数据库忙时</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Back up every</source>
        <translation>备份间隔</translation>
    </message>
    <message>
        <source>Keep requests</source>
        <translation>请求保留天数</translation>
    </message>
    <message>
        <source>Keep bodies</source>
        <translation>保留正文</translation>
    </message>
    <message>
        <source>Keep bodies for</source>
        <translation>正文保留天数</translation>
    </message>
    <message>
        <source>Disk space</source>
        <translation>磁盘空间</translation>
    </message>
    <message>
        <source>Longest body</source>
        <translation>单个正文上限</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Notice</source>
        <translation>公告</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>Home page</source>
        <translation>首页</translation>
    </message>
    <message>
        <source>Footer</source>
        <translation>页脚</translation>
    </message>
    <message>
        <source>Logo</source>
        <translation>徽标</translation>
    </message>
    <message>
        <source>Top-up link</source>
        <translation>充值链接</translation>
    </message>
    <message>
        <source>Chat link</source>
        <translation>聊天链接</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Largest database</source>
        <translation>数据库上限</translation>
    </message>
    <message>
        <source>Default model</source>
        <translation>默认模型</translation>
    </message>
    <message>
        <source>Connections per address</source>
        <translation>每个地址的连接数</translation>
    </message>
    <message>
        <source>Web pages</source>
        <translation>网页</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>Affinity</source>
        <translation>亲和</translation>
    </message>
    <message>
        <source>Affinity lasts</source>
        <translation>亲和时长</translation>
    </message>
    <message>
        <source>Sessions remembered</source>
        <translation>记住的会话</translation>
    </message>
    <message>
        <source>Exchange rates</source>
        <translation>汇率</translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation>指标</translation>
    </message>
    <message>
        <source>Webhook address</source>
        <translation>Webhook 地址</translation>
    </message>
    <message>
        <source>OTLP address</source>
        <translation>OTLP 地址</translation>
    </message>
    <message>
        <source>Service name</source>
        <translation>服务名称</translation>
    </message>
    <message>
        <source>Details in answers</source>
        <translation>响应中的详情</translation>
    </message>
    <message>
        <source>Keep answers</source>
        <translation>保留回答</translation>
    </message>
    <message>
        <source>Which answers</source>
        <translation>哪些回答</translation>
    </message>
    <message>
        <source>Given to</source>
        <translation>给谁</translation>
    </message>
    <message>
        <source>Keep for</source>
        <translation>保留时间</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Longest kept answer</source>
        <translation>最长保留回答</translation>
    </message>
    <message>
        <source>Metrics as well</source>
        <translation>同时发送指标</translation>
    </message>
    <message>
        <source>Send metrics every</source>
        <translation>指标发送间隔</translation>
    </message>
    <message>
        <source>Allowed networks</source>
        <translation>允许的网络</translation>
    </message>
    <message>
        <source>Retry after status</source>
        <translation>重试的状态码</translation>
    </message>
    <message>
        <source>Keys can be shown again</source>
        <translation>密钥可再次显示</translation>
    </message>
    <message>
        <source>Log requests</source>
        <translation>记录请求</translation>
    </message>
    <message>
        <source>Mask as well</source>
        <translation>额外遮盖</translation>
    </message>
    <message>
        <source>Keep changes</source>
        <translation>保留更改</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>milliseconds</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>minutes</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>hours</source>
        <translation>小时</translation>
    </message>
    <message>
        <source>bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>With the certificate named below</source>
        <translation>使用下方指定的证书</translation>
    </message>
    <message>
        <source>With a certificate of this computer’s own authority</source>
        <translation>使用本机自有证书颁发机构签发的证书</translation>
    </message>
    <message>
        <source>None</source>
        <translation>不保留</translation>
    </message>
    <message>
        <source>Those of failed requests</source>
        <translation>仅失败的请求</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>It is served for nothing</source>
        <translation>免费提供</translation>
    </message>
    <message>
        <source>It is refused</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>It is charged by the default prices</source>
        <translation>按默认价格计费</translation>
    </message>
    <message>
        <source>What happens to a request whose model has no price</source>
        <translation>请求的模型没有价格时的处理方式</translation>
    </message>
    <message>
        <source>Requests of which heads and bodies are kept for the inspector</source>
        <translation>为检查器保留哪些请求的头部和正文</translation>
    </message>
    <message>
        <source>Gateway threads; 0: half the cores</source>
        <translation>网关线程数；0：核心数的一半</translation>
    </message>
    <message>
        <source>How long open requests may go on after a stop</source>
        <translation>停止后未完成的请求可继续运行的时间</translation>
    </message>
    <message>
        <source>Addresses to listen on, such as 127.0.0.1:3000</source>
        <translation>监听地址，例如 127.0.0.1:3000</translation>
    </message>
    <message>
        <source>Further host names under which the management API answers</source>
        <translation>管理 API 响应的其他主机名</translation>
    </message>
    <message>
        <source>Address ranges whose X-Forwarded-For is believed</source>
        <translation>信任其 X-Forwarded-For 的地址范围</translation>
    </message>
    <message>
        <source>PEM file with the certificate chain; empty: no TLS</source>
        <translation>包含证书链的 PEM 文件；留空：不使用 TLS</translation>
    </message>
    <message>
        <source>PEM file with the private key</source>
        <translation>包含私钥的 PEM 文件</translation>
    </message>
    <message>
        <source>Longest head of a request</source>
        <translation>请求头部的最大长度</translation>
    </message>
    <message>
        <source>Most header fields of a request</source>
        <translation>请求头字段的最大数量</translation>
    </message>
    <message>
        <source>Longest request target</source>
        <translation>请求目标的最大长度</translation>
    </message>
    <message>
        <source>Longest body of a request</source>
        <translation>请求正文的最大长度</translation>
    </message>
    <message>
        <source>All long bodies together, on disk</source>
        <translation>所有长正文在磁盘上的总大小上限</translation>
    </message>
    <message>
        <source>Until the TLS handshake of a client must be done</source>
        <translation>客户端完成 TLS 握手的时限</translation>
    </message>
    <message>
        <source>Until the head of a request must be there</source>
        <translation>收到完整请求头部的时限</translation>
    </message>
    <message>
        <source>Until the body must be there, and longer by its size at the least rate</source>
        <translation>收到完整正文的时限，并按最低速率随正文大小延长</translation>
    </message>
    <message>
        <source>Least rate of an upload</source>
        <translation>上传的最低速率</translation>
    </message>
    <message>
        <source>How long an idle connection is kept</source>
        <translation>空闲连接的保留时间</translation>
    </message>
    <message>
        <source>How long a client may take nothing of an answer</source>
        <translation>客户端可不接收响应数据的最长时间</translation>
    </message>
    <message>
        <source>Management requests of one address in three minutes; 0: no limit</source>
        <translation>每个地址三分钟内的管理请求数；0：不限</translation>
    </message>
    <message>
        <source>Requests of one address in three minutes for what neither the relay nor the management serves; 0: no limit</source>
        <translation>每个地址三分钟内既不属于转发也不属于管理的请求数；0：不限</translation>
    </message>
    <message>
        <source>Further attempts after a failed one</source>
        <translation>失败后的重试次数</translation>
    </message>
    <message>
        <source>Until a provider must accept a connection</source>
        <translation>供应商接受连接的时限</translation>
    </message>
    <message>
        <source>Until a provider must begin to answer</source>
        <translation>供应商开始响应的时限</translation>
    </message>
    <message>
        <source>How long a provider may be silent within an answer</source>
        <translation>供应商在响应过程中可静默的最长时间</translation>
    </message>
    <message>
        <source>How long a request may take at all; 0: no limit</source>
        <translation>单个请求的总时限；0：不限</translation>
    </message>
    <message>
        <source>After how long a silence a stream gets a sign of life</source>
        <translation>流静默多久后发送保活信号</translation>
    </message>
    <message>
        <source>How long the end of an answer waits for its ledger row</source>
        <translation>响应结束前等待账本记录写入的最长时间</translation>
    </message>
    <message>
        <source>Longest answer of a provider</source>
        <translation>供应商响应的最大长度</translation>
    </message>
    <message>
        <source>Longest line of a stream</source>
        <translation>流中单行的最大长度</translation>
    </message>
    <message>
        <source>Failures in a row after which a channel rests</source>
        <translation>渠道连续失败多少次后熔断</translation>
    </message>
    <message>
        <source>How long a channel rests after repeated failures</source>
        <translation>渠道多次失败后熔断的时长</translation>
    </message>
    <message>
        <source>The most that a provider&apos;s Retry-After is heeded</source>
        <translation>遵从供应商 Retry-After 的时间上限</translation>
    </message>
    <message>
        <source>Disable a channel whose provider refuses its key or its credit</source>
        <translation>供应商拒绝密钥或余额不足时停用渠道</translation>
    </message>
    <message>
        <source>Enable such a channel again when a test succeeds</source>
        <translation>测试成功后重新启用此类渠道</translation>
    </message>
    <message>
        <source>Channel tests at one time</source>
        <translation>同时进行的渠道测试数</translation>
    </message>
    <message>
        <source>How long a channel test may take</source>
        <translation>渠道测试的时限</translation>
    </message>
    <message>
        <source>Time between scheduled tests of all channels; 0: none</source>
        <translation>定时测试所有渠道的间隔；0：不测试</translation>
    </message>
    <message>
        <source>A slower test is reported as slow; 0: never</source>
        <translation>测试超过此时间报告为缓慢；0：从不</translation>
    </message>
    <message>
        <source>Dollars a million input tokens, for models without a price</source>
        <translation>无价格模型每百万输入词元的美元价格</translation>
    </message>
    <message>
        <source>Dollars a million output tokens, for models without a price</source>
        <translation>无价格模型每百万输出词元的美元价格</translation>
    </message>
    <message>
        <source>Output tokens held back where a request names no limit</source>
        <translation>请求未指定上限时预留的输出词元数</translation>
    </message>
    <message>
        <source>Estimate tokens by length where a provider reports none</source>
        <translation>供应商未报告词元数时按长度估算</translation>
    </message>
    <message>
        <source>Show amounts in dollars</source>
        <translation>以美元显示金额</translation>
    </message>
    <message>
        <source>Billing routes speak of the token, not of the user</source>
        <translation>账单接口反映令牌而非用户的情况</translation>
    </message>
    <message>
        <source>Show tokens in lists only in part</source>
        <translation>在列表中仅显示令牌的一部分</translation>
    </message>
    <message>
        <source>How long a session lasts</source>
        <translation>会话的有效时间</translation>
    </message>
    <message>
        <source>Users may sign in with a password</source>
        <translation>允许用户使用密码登录</translation>
    </message>
    <message>
        <source>Wrong passwords before sign-in is slowed</source>
        <translation>密码错误多少次后延缓登录</translation>
    </message>
    <message>
        <source>The most that sign-in is slowed</source>
        <translation>登录延缓的时间上限</translation>
    </message>
    <message>
        <source>Commits survive a power loss too, and take longer</source>
        <translation>提交在断电后也能保留，但耗时更长</translation>
    </message>
    <message>
        <source>How long to wait for a database that another program uses</source>
        <translation>等待其他程序占用的数据库的时间</translation>
    </message>
    <message>
        <source>Days for which requests stay in the list; 0: for good</source>
        <translation>请求在列表中保留的天数；0：永久</translation>
    </message>
    <message>
        <source>Days for which heads and bodies are kept</source>
        <translation>头部和正文保留的天数</translation>
    </message>
    <message>
        <source>The disk space that heads and bodies may take; beyond it the oldest are removed</source>
        <translation>头部和正文可占用的磁盘空间；超出后移除最旧的内容</translation>
    </message>
    <message>
        <source>The most that is kept of one body</source>
        <translation>单个正文最多保留的大小</translation>
    </message>
    <message>
        <source>The name shown to users</source>
        <translation>向用户显示的名称</translation>
    </message>
    <message>
        <source>The address shown to users</source>
        <translation>向用户显示的地址</translation>
    </message>
    <message>
        <source>A notice for users</source>
        <translation>给用户的公告</translation>
    </message>
    <message>
        <source>A text about this gateway</source>
        <translation>关于此网关的说明</translation>
    </message>
    <message>
        <source>The content of the home page</source>
        <translation>首页内容</translation>
    </message>
    <message>
        <source>The footer of pages</source>
        <translation>页脚内容</translation>
    </message>
    <message>
        <source>The address of a logo</source>
        <translation>徽标地址</translation>
    </message>
    <message>
        <source>Where users can pay</source>
        <translation>用户充值的地址</translation>
    </message>
    <message>
        <source>Where users can chat</source>
        <translation>用户聊天的地址</translation>
    </message>
    <message>
        <source>The theme of a web console</source>
        <translation>网页控制台的主题</translation>
    </message>
    <message>
        <source>What a new user may spend at first</source>
        <translation>新用户的初始额度</translation>
    </message>
    <message>
        <source>Backups that are kept; a new one removes the oldest</source>
        <translation>保留的备份份数；新的备份会移除最旧的</translation>
    </message>
    <message>
        <source>Time after which a backup is made by itself; 0: never</source>
        <translation>自动备份的间隔；0：从不</translation>
    </message>
    <message>
        <source>Everything, for looking into a fault</source>
        <translation>全部，用于查找故障</translation>
    </message>
    <message>
        <source>Events and whatever goes wrong</source>
        <translation>事件以及所有问题</translation>
    </message>
    <message>
        <source>Warnings and failures</source>
        <translation>警告与失败</translation>
    </message>
    <message>
        <source>Failures alone</source>
        <translation>仅失败</translation>
    </message>
    <message>
        <source>The folder of backups, one for each Gatehouse; empty: beside the database</source>
        <translation>备份所在的文件夹，每个 Gatehouse 各用一个；留空：与数据库在一起</translation>
    </message>
    <message>
        <source>What the database may hold; beyond it the oldest requests are removed, but none of the last hour; 0: no limit</source>
        <translation>数据库允许的大小；超出后会删除最早的请求，但不会删除最近一小时的；0：不限</translation>
    </message>
    <message>
        <source>What is given to who invites; for consoles of One API, without effect here</source>
        <translation>邀请人获得的额度；供 One API 的控制台使用，在此无效果</translation>
    </message>
    <message>
        <source>What is given to who was invited; for consoles of One API, without effect here</source>
        <translation>被邀请人获得的额度；供 One API 的控制台使用，在此无效果</translation>
    </message>
    <message>
        <source>What is left when a user is reminded; for consoles of One API, without effect here</source>
        <translation>余额低于多少时提醒用户；供 One API 的控制台使用，在此无效果</translation>
    </message>
    <message>
        <source>Show requests in the log; for consoles of One API, without effect here</source>
        <translation>在日志中显示请求；供 One API 的控制台使用，在此无效果</translation>
    </message>
    <message>
        <source>The model that serves requests which name no model, or the model &quot;default&quot;; empty: such requests are refused</source>
        <translation>为未指定模型或指定模型“default”的请求提供服务的模型；留空：拒绝此类请求</translation>
    </message>
    <message>
        <source>Connections at one time; 0: 16,384, or fewer where the limit of open files is low</source>
        <translation>同时的连接数；0：16,384，若打开文件数上限较低则更少</translation>
    </message>
    <message>
        <source>Connections of one address at one time, but of trusted proxies; 0: no limit</source>
        <translation>同一地址同时的连接数（受信任的代理除外）；0：不限</translation>
    </message>
    <message>
        <source>How HTTPS is asked of other computers; without a certificate it is off. Programs on this computer may use it or plain HTTP</source>
        <translation>如何要求其他计算机使用 HTTPS；没有证书时关闭。本机上的程序可以使用 HTTPS 或普通 HTTP</translation>
    </message>
    <message>
        <source>What is written to the log; it never holds keys or bodies, but with debug what providers say, who may repeat a request</source>
        <translation>写入日志的内容；日志从不包含密钥或正文，但选择“全部”（debug）时会记录供应商的答复，其中可能复述请求内容</translation>
    </message>
    <message>
        <source>Priority, weight</source>
        <translation>优先级、权重</translation>
    </message>
    <message>
        <source>Round-robin</source>
        <translation>轮询</translation>
    </message>
    <message>
        <source>Lowest latency</source>
        <translation>最低延迟</translation>
    </message>
    <message>
        <source>Lowest cost</source>
        <translation>最低费用</translation>
    </message>
    <message>
        <source>Least busy</source>
        <translation>最空闲</translation>
    </message>
    <message>
        <source>How much of other currencies is a dollar, such as CNY 7.1 EUR 0.92, for prices in them</source>
        <translation>一美元合多少其他货币，例如 CNY 7.1 EUR 0.92，用于以这些货币标价的价格</translation>
    </message>
    <message>
        <source>Answer GET /metrics in the format of Prometheus, to whoever sends the token below</source>
        <translation>以 Prometheus 格式响应 GET /metrics，仅限发送下方令牌者</translation>
    </message>
    <message>
        <source>Where events are sent to: channels that fail and come back, refused keys, budgets, backups that fail; empty: nowhere</source>
        <translation>事件发送到的地址：渠道故障与恢复、密钥被拒、预算、备份失败；留空：不发送</translation>
    </message>
    <message>
        <source>What decides between the channels of the highest priority that offer a model; a model may have its own choice</source>
        <translation>同一模型有多个最高优先级渠道时由什么决定选择；可为单个模型另行设置</translation>
    </message>
    <message>
        <source>Origins of web pages that may use the relay from a browser, such as https://chat.example.com; empty: none. A single * lets every page that holds a token use it: prefer to name the origins. The management API is never opened</source>
        <translation>允许从浏览器使用转发接口的网页来源，例如 https://chat.example.com；留空：不允许任何网页。单独一个 * 允许任何持有令牌的网页使用：建议写明具体来源。管理 API 始终不开放</translation>
    </message>
    <message>
        <source>Send the requests of a session to the channel and key that served it last, where the provider has its prompt in the cache; a model may have its own choice</source>
        <translation>将同一会话的请求发往上次为其服务的渠道和密钥，供应商在那里缓存了提示词；可为单个模型另行设置</translation>
    </message>
    <message>
        <source>How long after its last request a session keeps to its channel and key</source>
        <translation>会话在最后一次请求之后保持其渠道和密钥的时间</translation>
    </message>
    <message>
        <source>Sessions whose channel and key are remembered; beyond, the one that was silent for longest is forgotten</source>
        <translation>记住渠道和密钥的会话数量；超出时忘记最久没有请求的会话</translation>
    </message>
    <message>
        <source>Where traces of requests are sent to by OTLP over HTTP, such as http://localhost:4318; /v1/traces is added; empty: nowhere</source>
        <translation>请求的链路追踪通过 OTLP over HTTP 发送到哪里，例如 http://localhost:4318；会自动加上 /v1/traces；留空：不发送</translation>
    </message>
    <message>
        <source>Embeddings and moderations</source>
        <translation>嵌入和内容审核</translation>
    </message>
    <message>
        <source>Those, and answers at temperature 0</source>
        <translation>以上，以及温度为 0 的回答</translation>
    </message>
    <message>
        <source>Those, and all answers in words</source>
        <translation>以上，以及所有文字回答</translation>
    </message>
    <message>
        <source>All tokens of the same user</source>
        <translation>同一用户的所有令牌</translation>
    </message>
    <message>
        <source>The same token alone</source>
        <translation>仅同一令牌</translation>
    </message>
    <message>
        <source>What traces and metrics call this program</source>
        <translation>链路追踪和指标中本程序的名称</translation>
    </message>
    <message>
        <source>Send metrics to the same receiver: times and tokens of requests; /v1/metrics is added to its address</source>
        <translation>将指标发送到同一接收端：请求的耗时和词元数；会在其地址后加上 /v1/metrics</translation>
    </message>
    <message>
        <source>How often metrics are sent</source>
        <translation>发送指标的间隔</translation>
    </message>
    <message>
        <source>Which answers are kept. Embeddings and moderations are the same each time. Those of language models are meant to be so at temperature 0 alone: else whoever asks again may want another answer</source>
        <translation>保留哪些回答。嵌入和内容审核每次都相同；语言模型的回答只有在温度为 0 时才应当相同：否则再次提问的人可能想要不同的回答</translation>
    </message>
    <message>
        <source>Who is given a kept answer: all tokens of the user whose request it was, or the same token alone; never another user</source>
        <translation>保留的回答给谁：提出该请求的用户的所有令牌，或仅同一令牌；绝不给其他用户</translation>
    </message>
    <message>
        <source>Keep whole answers in the memory of this program, and give them out again where the same request comes a second time: at once, for nothing, and without asking a provider. They are gone when the program ends</source>
        <translation>把完整的回答保留在本程序的内存中，同样的请求再次到来时直接给出：立即、免费，且不询问供应商。程序结束后即消失</translation>
    </message>
    <message>
        <source>How long an answer is kept</source>
        <translation>回答保留多久</translation>
    </message>
    <message>
        <source>What all kept answers may take of the memory; beyond, those go that were not asked for the longest</source>
        <translation>所有保留的回答可占用的内存；超出后，最久未被请求的先移除</translation>
    </message>
    <message>
        <source>A longer answer is not kept</source>
        <translation>更长的回答不保留</translation>
    </message>
    <message>
        <source>Tell clients in the head of each answer the number of the channel that served, how many attempts it took, the model if it is another one, and the times (X-Gatehouse-Channel, X-Gatehouse-Attempts, X-Gatehouse-Model, Server-Timing)</source>
        <translation>在每个响应的头部告知客户端：提供服务的渠道编号、尝试次数、实际模型（若不同于所请求的模型）以及各段耗时（X-Gatehouse-Channel、X-Gatehouse-Attempts、X-Gatehouse-Model、Server-Timing）</translation>
    </message>
    <message>
        <source>Words, or regular expressions between slashes, one a line, that are masked by asterisks in the log, in bodies that are kept from then on, in exports and in diagnostics; keys are masked anyway</source>
        <translation>每行一个词语，或写在斜杠之间的正则表达式；在日志、此后保存的正文、导出文件和诊断信息中以星号遮盖；密钥始终会被遮盖</translation>
    </message>
    <message>
        <source>Keys of tokens can be shown again. Off: of a new one only its ends are kept, and it is seen when it is made alone</source>
        <translation>令牌的密钥可再次显示。关闭时：新密钥仅保留首尾，只有在创建时才能看到</translation>
    </message>
    <message>
        <source>Days for which the history of changes is kept; 0: for good</source>
        <translation>更改历史保留的天数；0：永久保留</translation>
    </message>
    <message>
        <source>A line of the log for each request, with its id, who asked, what served it, its tokens and its cost</source>
        <translation>每个请求在日志中占一行，包含其编号、请求者、由谁提供服务、词元数和费用</translation>
    </message>
    <message>
        <source>Networks that clients may come from: local (this computer), lan (the local network, too) or ranges of addresses; empty: everywhere. Others are refused with 403, whatever they ask for. This computer always may</source>
        <translation>允许客户端来自哪些网络：local（本机）、lan（含局域网）或地址段；留空：不限。其他来源无论请求什么都以 403 拒绝。本机始终允许</translation>
    </message>
    <message>
        <source>Status codes of providers after which another key or channel is tried, such as 429, 500-599; after others that are errors the client is told. Empty: after everything but mistakes of the request itself. Without an answer another one is always tried</source>
        <translation>供应商返回哪些状态码后改试其他密钥或渠道，例如 429, 500-599；其他错误直接告知客户端。留空：除请求本身的错误外都会重试。没有收到响应时总会改试</translation>
    </message>
</context>
<context>
    <name>TokensPage</name>
    <message>
        <source>%1 (copy)</source>
        <translation>%1（副本）</translation>
    </message>
</context>
<context>
    <name>gatehouse::app::Announcer</name>
    <message>
        <source>A channel fails</source>
        <translation>渠道故障</translation>
    </message>
    <message>
        <source>%1 is left out for a moment, since it fails.</source>
        <translation>%1 出现故障，暂时跳过。</translation>
    </message>
    <message>
        <source>A key is refused</source>
        <translation>密钥被拒绝</translation>
    </message>
    <message>
        <source>The provider of %1 refuses its key.</source>
        <translation>%1 的供应商拒绝了它的密钥。</translation>
    </message>
    <message>
        <source>An account is empty</source>
        <translation>账户余额不足</translation>
    </message>
    <message>
        <source>The account of %1 has no credit left.</source>
        <translation>%1 的账户余额不足。</translation>
    </message>
    <message>
        <source>A channel is back</source>
        <translation>渠道已恢复</translation>
    </message>
    <message>
        <source>%1 serves again.</source>
        <translation>%1 已恢复服务。</translation>
    </message>
    <message>
        <source>A model is not served</source>
        <translation>模型不可用</translation>
    </message>
    <message>
        <source>No channel serves %1 at the moment.</source>
        <translation>目前没有渠道提供 %1。</translation>
    </message>
    <message>
        <source>A budget runs out</source>
        <translation>预算即将用尽</translation>
    </message>
    <message>
        <source>The budget of %1 is spent.</source>
        <translation>%1 的预算已用尽。</translation>
    </message>
    <message>
        <source>The gateway has another address</source>
        <translation>网关地址已变更</translation>
    </message>
    <message>
        <source>Gatehouse keeps running</source>
        <translation>Gatehouse 继续运行</translation>
    </message>
    <message>
        <source>Programs that use the gateway go on working. Quit from the icon in the tray.</source>
        <translation>使用网关的程序会继续工作。可通过托盘图标退出。</translation>
    </message>
    <message>
        <source>No backup was made</source>
        <translation>未能创建备份</translation>
    </message>
    <message>
        <source>%1 of the budget of %2 is spent.</source>
        <comment>80 %</comment>
        <translation>%2 的预算已用 %1。</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>复制地址</translation>
    </message>
</context>
<context>
    <name>gatehouse::app::CloseQuestion</name>
    <message>
        <source>Close the window</source>
        <translation>关闭窗口</translation>
    </message>
    <message>
        <source>Keep the gateway running?</source>
        <translation>是否让网关继续运行？</translation>
    </message>
    <message>
        <source>Programs that use it go on working. You can open the window again or quit from the icon in the tray.</source>
        <translation>使用网关的程序会继续工作。您可以通过托盘图标重新打开窗口或退出。</translation>
    </message>
    <message>
        <source>Programs that use it go on working. This desktop shows no tray, so the window is minimised instead of hidden.</source>
        <translation>使用网关的程序会继续工作。此桌面不显示托盘，因此窗口将最小化而不是隐藏。</translation>
    </message>
    <message>
        <source>Do not ask again</source>
        <translation>不再询问</translation>
    </message>
    <message>
        <source>Keep running</source>
        <translation>继续运行</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
</context>
<context>
    <name>gatehouse::app::Desktop</name>
    <message>
        <source>Quitting as soon as running requests have ended.</source>
        <translation>待运行中的请求结束后即退出。</translation>
    </message>
    <message>
        <source>In the keychain of your account on this computer</source>
        <translation>在本机您的账户的钥匙串中</translation>
    </message>
    <message>
        <source>In a file of the data folder that your account alone can read</source>
        <translation>在数据文件夹内仅您的账户可读的文件中</translation>
    </message>
    <message>
        <source>In the file %1, which GATEHOUSE_MASTER_KEY_FILE names</source>
        <translation>在 GATEHOUSE_MASTER_KEY_FILE 所指的文件 %1 中</translation>
    </message>
    <message>
        <source>Among the credentials that the service manager hands over</source>
        <translation>在服务管理器交付的凭据中</translation>
    </message>
    <message>
        <source>The gateway was not started.</source>
        <translation>网关未能启动。</translation>
    </message>
    <message>
        <source>No address was copied.</source>
        <translation>未复制任何地址。</translation>
    </message>
    <message>
        <source>The gateway is not running.</source>
        <translation>网关未在运行。</translation>
    </message>
    <message>
        <source>The address was copied.</source>
        <translation>地址已复制。</translation>
    </message>
    <message>
        <source>Copied %1</source>
        <translation>已复制 %1</translation>
    </message>
    <message>
        <source>The link was not opened.</source>
        <translation>链接未打开。</translation>
    </message>
    <message>
        <source>A further link was not opened: one asks for an answer already.</source>
        <translation>另一个链接未打开：已有一个链接正在等待答复。</translation>
    </message>
    <message>
        <source>The window was locked.</source>
        <translation>窗口已锁定。</translation>
    </message>
    <message>
        <source>What a further start asked for was not done.</source>
        <translation>再次启动程序时请求的操作未执行。</translation>
    </message>
</context>
<context>
    <name>gatehouse::app::Notifier</name>
    <message numerus="yes">
        <source>And %n more.</source>
        <translation>
            <numerusform>另有 %n 条。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::app::QuitQuestion</name>
    <message>
        <source>Quit Gatehouse</source>
        <translation>退出 Gatehouse</translation>
    </message>
    <message>
        <source>A request is running.</source>
        <translation>有一个请求正在运行。</translation>
    </message>
    <message numerus="yes">
        <source>%n requests are running.</source>
        <translation>
            <numerusform>有 %n 个请求正在运行。</numerusform>
        </translation>
    </message>
    <message>
        <source>They can end first, for up to a minute, while new ones are refused. If they are cut, their clients see an error; what was delivered is billed.</source>
        <translation>可以先等待它们结束（最多一分钟），期间拒绝新请求。如果中断，客户端会看到错误；已送达的内容照常计费。</translation>
    </message>
    <message>
        <source>Finish, then quit</source>
        <translation>完成后退出</translation>
    </message>
    <message>
        <source>Quit now</source>
        <translation>立即退出</translation>
    </message>
    <message>
        <source>Keep running</source>
        <translation>继续运行</translation>
    </message>
</context>
<context>
    <name>gatehouse::app::StartFailure</name>
    <message>
        <source>“gatehouse serve” (process %1) is using this data directory, so the gateway runs already, without a window. It can be ended here; programs that use it are interrupted until the window has started.</source>
        <translation>“gatehouse serve”（进程 %1）正在使用此数据目录，也就是说网关已在运行，只是没有窗口。可以在此结束该进程；在窗口启动之前，使用网关的程序会中断。</translation>
    </message>
    <message>
        <source>Gatehouse could not start</source>
        <translation>Gatehouse 无法启动</translation>
    </message>
    <message>
        <source>Without a keychain, the master key can be kept in a file of the data directory that only you can read. Whoever gets a copy of that file and of the database can read the keys of your providers.</source>
        <translation>没有钥匙串时，主密钥可以保存在数据目录中一个只有您能读取的文件里。任何人只要得到该文件和数据库的副本，就能读取您的供应商密钥。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Copy the text</source>
        <translation>复制文本</translation>
    </message>
    <message>
        <source>Use a file</source>
        <translation>使用文件</translation>
    </message>
    <message>
        <source>End it</source>
        <translation>结束进程</translation>
    </message>
    <message>
        <source>A window of Gatehouse (process %1) is using this data directory but does not answer. It may belong to another session, be of another version, or hang.</source>
        <translation>Gatehouse 的一个窗口（进程 %1）正在使用此数据目录，但没有响应。它可能属于另一个会话、是另一个版本，或已停止响应。</translation>
    </message>
    <message>
        <source>A command of Gatehouse (process %1) is using this data directory. It ends by itself; try again in a moment.</source>
        <translation>Gatehouse 的一个命令（进程 %1）正在使用此数据目录。它会自行结束，请稍后重试。</translation>
    </message>
    <message>
        <source>Data directory: %1</source>
        <translation>数据目录：%1</translation>
    </message>
    <message>
        <source>Other directory…</source>
        <translation>其他目录…</translation>
    </message>
    <message>
        <source>It was asked to end and does so as soon as open requests have ended. Gatehouse starts then.</source>
        <translation>已请求它结束，待未完成的请求结束后即会退出，随后 Gatehouse 将启动。</translation>
    </message>
    <message>
        <source>Other data directory</source>
        <translation>其他数据目录</translation>
    </message>
</context>
<context>
    <name>gatehouse::base::Message</name>
    <message>
        <source>The file %1 could not be written.</source>
        <translation>无法写入文件 %1。</translation>
    </message>
    <message>
        <source>The file %1 could not be removed.</source>
        <translation>无法移除文件 %1。</translation>
    </message>
    <message>
        <source>The registry could not be changed.</source>
        <translation>无法更改注册表。</translation>
    </message>
    <message>
        <source>The data directory %1 cannot be written to (%2).</source>
        <translation>无法写入数据目录 %1（%2）。</translation>
    </message>
    <message>
        <source>The data directory %1 cannot be made. Choose another one with --data-dir.</source>
        <translation>无法创建数据目录 %1。请用 --data-dir 选择其他目录。</translation>
    </message>
    <message>
        <source>The data directory %1 can be read by others, and its permissions cannot be changed to 0700.</source>
        <translation>数据目录 %1 可被其他用户读取，且无法将其权限改为 0700。</translation>
    </message>
    <message>
        <source>The other Gatehouse has ended already.</source>
        <translation>另一个 Gatehouse 已经结束。</translation>
    </message>
    <message>
        <source>The other Gatehouse belongs to another account.</source>
        <translation>另一个 Gatehouse 属于其他系统账户。</translation>
    </message>
    <message>
        <source>The other Gatehouse must be stopped where it was started.</source>
        <translation>另一个 Gatehouse 必须在其启动处停止。</translation>
    </message>
    <message>
        <source>Another Gatehouse is using this data directory (it holds %1). Stop it first, or choose another directory with --data-dir.</source>
        <translation>另一个 Gatehouse 正在使用此数据目录（它占用了 %1）。请先停止它，或用 --data-dir 选择其他目录。</translation>
    </message>
    <message>
        <source>The file %1 cannot be made (%2). Check the permissions of the data directory.</source>
        <translation>无法创建文件 %1（%2）。请检查数据目录的权限。</translation>
    </message>
    <message>
        <source>The change is stored, but not in force yet: %1</source>
        <translation>更改已保存，但尚未生效：%1</translation>
    </message>
    <message>
        <source>The provider answered %1 where it was asked for the balance.</source>
        <translation>查询余额时，供应商返回了状态码 %1。</translation>
    </message>
    <message>
        <source>The provider did not tell its balance in time.</source>
        <translation>供应商未在时限内返回余额。</translation>
    </message>
    <message>
        <source>There is no such channel.</source>
        <translation>没有这个渠道。</translation>
    </message>
    <message>
        <source>Providers of this type do not tell what is left on an account. See the provider&apos;s own page.</source>
        <translation>此类供应商不提供账户余额查询。请到供应商网站查看。</translation>
    </message>
    <message>
        <source>The provider gave no reason.</source>
        <translation>供应商未说明原因。</translation>
    </message>
    <message>
        <source>The provider listed its models; this one is too costly to try.</source>
        <translation>供应商已列出其模型；试用此模型费用过高，未作尝试。</translation>
    </message>
    <message>
        <source>The provider did not answer within %1 seconds.</source>
        <translation>供应商在 %1 秒内未响应。</translation>
    </message>
    <message>
        <source>The provider listed %1 models.</source>
        <translation>供应商列出了 %1 个模型。</translation>
    </message>
    <message>
        <source>The provider&apos;s answer holds no reply.</source>
        <translation>供应商的响应中没有回答内容。</translation>
    </message>
    <message>
        <source>The provider answered without a text.</source>
        <translation>供应商的回答中没有文本。</translation>
    </message>
    <message>
        <source>This version does not serve providers of this type.</source>
        <translation>此版本不支持这类供应商。</translation>
    </message>
    <message>
        <source>The provider’s answer is no list of models.</source>
        <translation>供应商的响应不是模型列表。</translation>
    </message>
    <message>
        <source>This channel no longer exists.</source>
        <translation>该渠道已不存在。</translation>
    </message>
    <message>
        <source>The channel has no model. Add one to test it with.</source>
        <translation>该渠道没有模型。请添加一个用于测试。</translation>
    </message>
    <message>
        <source>The run was cancelled before this channel.</source>
        <translation>在测试此渠道之前，测试已取消。</translation>
    </message>
    <message>
        <source>The test was cancelled.</source>
        <translation>测试已取消。</translation>
    </message>
    <message>
        <source>This key of the channel does not exist.</source>
        <translation>该渠道没有这个密钥。</translation>
    </message>
    <message>
        <source>The new key is empty.</source>
        <translation>新密钥为空。</translation>
    </message>
    <message>
        <source>The list of keys, models or groups is too long.</source>
        <translation>密钥、模型或分组列表过长。</translation>
    </message>
    <message>
        <source>A text of the channel is too long.</source>
        <translation>渠道的某项文本过长。</translation>
    </message>
    <message>
        <source>A timeout must lie between 0 and a day.</source>
        <translation>超时时间必须在 0 到一天之间。</translation>
    </message>
    <message>
        <source>A group has no usable name.</source>
        <translation>某个分组的名称不可用。</translation>
    </message>
    <message>
        <source>%1 is an address of this gateway itself. A channel cannot lead back to it; to try the gateway without a provider, make a channel of the type Echo.</source>
        <translation>%1 是本网关自身的地址，渠道不能指回网关；如需在没有供应商时试用网关，请创建 Echo 类型的渠道。</translation>
    </message>
    <message>
        <source>The keys of this channel were entered for %1 and are not sent to %2. Enter them again together with the new address.</source>
        <translation>此渠道的密钥是为 %1 填写的，不会发送到 %2。请连同新地址一起重新填写密钥。</translation>
    </message>
    <message>
        <source>This key is disabled already.</source>
        <translation>此密钥已停用。</translation>
    </message>
    <message>
        <source>The channel test ended unexpectedly. The log says more.</source>
        <translation>渠道测试意外结束。详情见日志。</translation>
    </message>
    <message>
        <source>disabled automatically: %1</source>
        <translation>已自动停用：%1</translation>
    </message>
    <message>
        <source>does not serve the group &quot;%1&quot;</source>
        <translation>不为分组“%1”提供服务</translation>
    </message>
    <message>
        <source>does not offer the model</source>
        <translation>不提供该模型</translation>
    </message>
    <message>
        <source>The quota of this token is used up.</source>
        <translation>此令牌的额度已用尽。</translation>
    </message>
    <message>
        <source>The balance of the owner of this token is used up.</source>
        <translation>此令牌所有者的余额已用尽。</translation>
    </message>
    <message>
        <source>The user &quot;%1&quot; is disabled.</source>
        <translation>用户“%1”已停用。</translation>
    </message>
    <message>
        <source>The balance of the user &quot;%1&quot; is used up.</source>
        <translation>用户“%1”的余额已用尽。</translation>
    </message>
    <message>
        <source>No channel can serve the model &quot;%1&quot; to the group &quot;%2&quot; now.</source>
        <translation>目前没有渠道能为分组“%2”提供模型“%1”。</translation>
    </message>
    <message>
        <source>No channel offers the model &quot;%1&quot; to the group &quot;%2&quot;.</source>
        <translation>没有渠道向分组“%2”提供模型“%1”。</translation>
    </message>
    <message>
        <source>The gateway is still starting.</source>
        <translation>网关仍在启动。</translation>
    </message>
    <message>
        <source>This token does not exist.</source>
        <translation>该令牌不存在。</translation>
    </message>
    <message>
        <source>This user does not exist.</source>
        <translation>该用户不存在。</translation>
    </message>
    <message>
        <source>The answer is no chat completion (HTTP %1).</source>
        <translation>响应不是聊天补全（HTTP %1）。</translation>
    </message>
    <message>
        <source>There was no answer within %1 seconds.</source>
        <translation>%1 秒内没有响应。</translation>
    </message>
    <message>
        <source>A job ended unexpectedly.</source>
        <translation>某项任务意外结束。</translation>
    </message>
    <message>
        <source>Port %1 of %2 is used by another program.</source>
        <translation>%2 的端口 %1 已被其他程序占用。</translation>
    </message>
    <message>
        <source>Port %1 of %2 is used by the program “%3” (process %4).</source>
        <translation>%2 的端口 %1 已被程序“%3”（进程 %4）占用。</translation>
    </message>
    <message>
        <source>Port %1 is below 1024 and takes rights that this program does not have. Choose a higher one.</source>
        <translation>端口 %1 低于 1024，需要本程序不具备的权限。请选择更大的端口号。</translation>
    </message>
    <message>
        <source>The system does not allow port %1 to be listened on. On Windows it may lie in a range that is reserved for other services: “netsh interface ipv4 show excludedportrange tcp” lists them.</source>
        <translation>系统不允许监听端口 %1。在 Windows 上，该端口可能处于为其他服务保留的范围内：可用“netsh interface ipv4 show excludedportrange tcp”列出这些范围。</translation>
    </message>
    <message>
        <source>This computer does not have the address %1 at the moment.</source>
        <translation>本机目前没有地址 %1。</translation>
    </message>
    <message>
        <source>Port %1 of %2 cannot be listened on.</source>
        <translation>无法监听 %2 的端口 %1。</translation>
    </message>
    <message>
        <source>The settings have not been read yet.</source>
        <translation>尚未读取设置。</translation>
    </message>
    <message>
        <source>GATEHOUSE_ROOT_PASSWORD cannot be used. %1</source>
        <translation>GATEHOUSE_ROOT_PASSWORD 不可用。%1</translation>
    </message>
    <message>
        <source>There are too many groups.</source>
        <translation>分组过多。</translation>
    </message>
    <message>
        <source>The group &quot;default&quot; must stay.</source>
        <translation>分组“default”必须保留。</translation>
    </message>
    <message>
        <source>Too many people are signing in at this moment. Try again in a minute.</source>
        <translation>当前登录的人数过多。请一分钟后重试。</translation>
    </message>
    <message>
        <source>A password must have %1 to %2 characters.</source>
        <translation>密码长度必须为 %1 到 %2 个字符。</translation>
    </message>
    <message>
        <source>You do not have the right to do this.</source>
        <translation>您无权执行此操作。</translation>
    </message>
    <message>
        <source>A former key can stay valid for at most 30 days.</source>
        <translation>旧密钥最多可继续有效 30 天。</translation>
    </message>
    <message>
        <source>The name of a token has at most %1 characters.</source>
        <translation>令牌名称最多 %1 个字符。</translation>
    </message>
    <message>
        <source>The expiry must be a time in seconds since 1970, or -1 for never.</source>
        <translation>到期时间必须是自 1970 年起的秒数；-1 表示永不过期。</translation>
    </message>
    <message>
        <source>The list of models or addresses is too long.</source>
        <translation>模型或地址列表过长。</translation>
    </message>
    <message>
        <source>A model in the list has no usable name.</source>
        <translation>列表中某个模型的名称不可用。</translation>
    </message>
    <message>
        <source>A limit cannot be negative; 0 means none.</source>
        <translation>限制不能为负数；0 表示不限。</translation>
    </message>
    <message>
        <source>The status must be 1 (enabled) or 2 (disabled).</source>
        <translation>状态必须是 1（启用）或 2（停用）。</translation>
    </message>
    <message>
        <source>This token has expired. Give it a later expiry first.</source>
        <translation>此令牌已过期。请先延后其到期时间。</translation>
    </message>
    <message>
        <source>The quota of this token is used up. Raise it first.</source>
        <translation>此令牌的额度已用尽。请先提高额度。</translation>
    </message>
    <message>
        <source>A key has %1 to %2 characters.</source>
        <translation>密钥长度为 %1 到 %2 个字符。</translation>
    </message>
    <message>
        <source>The role must be 1 (user) or 10 (administrator).</source>
        <translation>角色必须是 1（用户）或 10（管理员）。</translation>
    </message>
    <message>
        <source>Root cannot be disabled.</source>
        <translation>无法停用 root。</translation>
    </message>
    <message>
        <source>This user name is taken.</source>
        <translation>此用户名已被占用。</translation>
    </message>
    <message>
        <source>The balance would exceed %1 units.</source>
        <translation>余额将超过 %1 个单位。</translation>
    </message>
    <message>
        <source>A user name has 1 to %1 characters and no space at its ends.</source>
        <translation>用户名长度为 1 到 %1 个字符，首尾不能有空格。</translation>
    </message>
    <message>
        <source>A display name has at most %1 characters.</source>
        <translation>显示名称最多 %1 个字符。</translation>
    </message>
    <message>
        <source>This e-mail address cannot be used.</source>
        <translation>此电子邮件地址不可用。</translation>
    </message>
    <message>
        <source>This is no name for a group.</source>
        <translation>这不能用作分组名称。</translation>
    </message>
    <message>
        <source>An amount must lie between 0 and %1 units.</source>
        <translation>数额必须在 0 到 %1 个单位之间。</translation>
    </message>
    <message>
        <source>Root cannot be removed.</source>
        <translation>无法移除 root。</translation>
    </message>
    <message>
        <source>No invitation code is free at the moment.</source>
        <translation>目前没有可用的邀请码。</translation>
    </message>
    <message>
        <source>A price needs the name of a model.</source>
        <translation>价格必须指明模型名称。</translation>
    </message>
    <message>
        <source>A price cannot be negative.</source>
        <translation>价格不能为负数。</translation>
    </message>
    <message>
        <source>There are too many entries.</source>
        <translation>条目过多。</translation>
    </message>
    <message>
        <source>The value of &quot;%1&quot; must be a number from 0 to %2.</source>
        <translation>“%1”的值必须是 0 到 %2 之间的数字。</translation>
    </message>
    <message>
        <source>A name is empty or too long.</source>
        <translation>某个名称为空或过长。</translation>
    </message>
    <message>
        <source>The range must begin before it ends.</source>
        <translation>时段的开始必须早于结束。</translation>
    </message>
    <message>
        <source>Another recalculation is under way.</source>
        <translation>另一次重新计算正在进行。</translation>
    </message>
    <message>
        <source>This recalculation was undone already.</source>
        <translation>此次重新计算已经撤销。</translation>
    </message>
    <message>
        <source>The body was longer than what is kept of it.</source>
        <translation>正文超出了保留长度。</translation>
    </message>
    <message>
        <source>The body is too long for a command.</source>
        <translation>正文过长，无法写成命令。</translation>
    </message>
    <message>
        <source>The provider reports that the account is out of credit (status %1).</source>
        <translation>供应商报告账户余额不足（状态码 %1）。</translation>
    </message>
    <message>
        <source>The provider refuses the key (status %1).</source>
        <translation>供应商拒绝了该密钥（状态码 %1）。</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>The two bodies cannot be compared, since one of them is no JSON object.</source>
        <translation>无法比较两份正文，因为其中一份不是 JSON 对象。</translation>
    </message>
    <message>
        <source>The export was cancelled.</source>
        <translation>已取消导出。</translation>
    </message>
    <message>
        <source>The file %1 could not be written: %2</source>
        <translation>无法写入文件 %1：%2</translation>
    </message>
    <message>
        <source>This request is not in the list any more.</source>
        <translation>此请求已不在列表中。</translation>
    </message>
    <message>
        <source>This request has ended already.</source>
        <translation>此请求已结束。</translation>
    </message>
    <message>
        <source>A PostgreSQL database is backed up with its own tools, such as pg_dump.</source>
        <translation>PostgreSQL 数据库使用其自带工具（例如 pg_dump）备份。</translation>
    </message>
    <message>
        <source>The keys in this backup are sealed with another master key, so that this installation could not open it. Start Gatehouse on a new data directory with the master key of the computer it was made on (GATEHOUSE_MASTER_KEY_FILE), and restore it there.</source>
        <translation>此备份中的密钥是用另一个主密钥加密的，因此当前安装无法解密。请使用制作此备份的计算机的主密钥（GATEHOUSE_MASTER_KEY_FILE），在新的数据目录上启动 Gatehouse，并在那里还原。</translation>
    </message>
    <message>
        <source>There is no such backup in the folder of backups.</source>
        <translation>备份文件夹中没有这个备份。</translation>
    </message>
    <message>
        <source>%1 cannot be removed.</source>
        <translation>无法移除 %1。</translation>
    </message>
    <message>
        <source>%1 cannot be written.</source>
        <translation>无法写入 %1。</translation>
    </message>
    <message>
        <source>No local certificate was made yet.</source>
        <translation>尚未创建本地证书。</translation>
    </message>
    <message>
        <source>The key of the authority could not be sealed.</source>
        <translation>无法加密证书颁发机构的密钥。</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2.</source>
        <translation>无法写入 %1：%2。</translation>
    </message>
    <message>
        <source>The gateway needs an address to listen on.</source>
        <translation>网关需要一个监听地址。</translation>
    </message>
    <message>
        <source>There is no setting &quot;%1&quot;.</source>
        <translation>没有设置项“%1”。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no name for an option.</source>
        <translation>“%1”不能用作选项名称。</translation>
    </message>
    <message>
        <source>This gateway has no use for the option %1 and does not keep secrets that it does not need.</source>
        <translation>本网关用不到选项 %1，也不保存不需要的机密。</translation>
    </message>
    <message>
        <source>The value is too long.</source>
        <translation>该值过长。</translation>
    </message>
    <message>
        <source>Too many unknown options are stored.</source>
        <translation>已存储的未知选项过多。</translation>
    </message>
    <message>
        <source>This is not valid JSON: %1 at byte %2.</source>
        <translation>这不是有效的 JSON：第 %2 字节处，%1。</translation>
    </message>
    <message>
        <source>A JSON object is expected here.</source>
        <translation>此处应为 JSON 对象。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no log level. Use debug, info, warning or critical.</source>
        <translation>“%1”不是日志级别。请使用 debug、info、warning 或 critical。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no log format. Use text or json.</source>
        <translation>“%1”不是日志格式。请使用 text 或 json。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no IP range. Write it as 192.168.1.0/24 or fd00::/8.</source>
        <translation>“%1”不是 IP 范围。请写成 192.168.1.0/24 或 fd00::/8 的形式。</translation>
    </message>
    <message>
        <source>The header &quot;%1&quot; has a character that a header cannot carry.</source>
        <translation>请求头“%1”含有请求头不允许的字符。</translation>
    </message>
    <message>
        <source>The header &quot;%1&quot; is set by the gateway itself and cannot be overridden.</source>
        <translation>请求头“%1”由网关自行设置，不能覆盖。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no base URL. Write it as https://host or https://host/path.</source>
        <translation>“%1”不是基础 URL。请写成 https://主机 或 https://主机/路径 的形式。</translation>
    </message>
    <message>
        <source>A base URL has no user name, query or fragment. Put the key into the key field.</source>
        <translation>基础 URL 中不能有用户名、查询参数或片段。请将密钥填入密钥栏。</translation>
    </message>
    <message>
        <source>There is no channel type %1.</source>
        <translation>没有渠道类型 %1。</translation>
    </message>
    <message>
        <source>A channel needs a name of at most %1 characters.</source>
        <translation>渠道需要一个最多 %1 个字符的名称。</translation>
    </message>
    <message>
        <source>A channel of the type &quot;%1&quot; needs a base URL.</source>
        <translation>“%1”类型的渠道需要基础 URL。</translation>
    </message>
    <message>
        <source>The weight must lie between 0 and %1.</source>
        <translation>权重必须在 0 到 %1 之间。</translation>
    </message>
    <message>
        <source>A model name holds a control character or is too long.</source>
        <translation>某个模型名称含有控制字符或过长。</translation>
    </message>
    <message>
        <source>The proxy must be written as http://host:port or socks5://host:port.</source>
        <translation>代理必须写成 http://主机:端口 或 socks5://主机:端口 的形式。</translation>
    </message>
    <message>
        <source>A key holds a space or a control character. Enter one key a line.</source>
        <translation>某个密钥含有空格或控制字符。请每行输入一个密钥。</translation>
    </message>
    <message>
        <source> milliseconds</source>
        <translation> 毫秒</translation>
    </message>
    <message>
        <source> seconds</source>
        <translation> 秒</translation>
    </message>
    <message>
        <source> minutes</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source> hours</source>
        <translation> 小时</translation>
    </message>
    <message>
        <source> bytes</source>
        <translation> 字节</translation>
    </message>
    <message>
        <source>%1 must be a number from %2 to %3%4, not &quot;%5&quot;.</source>
        <translation>%1 必须是 %2 到 %3%4 之间的数字，不能是“%5”。</translation>
    </message>
    <message>
        <source>%1 must be true or false, not &quot;%2&quot;.</source>
        <translation>%1 必须是 true 或 false，不能是“%2”。</translation>
    </message>
    <message>
        <source>%1 must be one of: %2.</source>
        <translation>%1 必须是以下之一：%2。</translation>
    </message>
    <message>
        <source>%1 is longer than %2 characters.</source>
        <translation>%1 超过 %2 个字符。</translation>
    </message>
    <message>
        <source>The Echo provider cannot listen on a loopback port.</source>
        <translation>Echo 供应商无法监听回环端口。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no address to listen on. Write it as 127.0.0.1:3000, [::1]:3000 or 0.0.0.0:3000; port 0 lets the system choose.</source>
        <translation>“%1”不是监听地址。请写成 127.0.0.1:3000、[::1]:3000 或 0.0.0.0:3000 的形式；端口 0 表示由系统选择。</translation>
    </message>
    <message>
        <source>The certificate %1 or its key %2 cannot be read as PEM.</source>
        <translation>无法以 PEM 格式读取证书 %1 或其私钥 %2。</translation>
    </message>
    <message>
        <source>The private key %1 is neither RSA nor EC in PEM without a passphrase.</source>
        <translation>私钥 %1 不是未设密码短语的 PEM 格式 RSA 或 EC 私钥。</translation>
    </message>
    <message>
        <source>Cannot listen on %1, port %2: %3. Is another program using it? Choose another one with --listen.</source>
        <translation>无法监听 %1 的端口 %2：%3。是否有其他程序正在使用它？请用 --listen 选择其他端口。</translation>
    </message>
    <message>
        <source>The provider answered with an empty body.</source>
        <translation>供应商返回了空的响应正文。</translation>
    </message>
    <message>
        <source>The provider answered with a web page; check the base URL.</source>
        <translation>供应商返回了网页；请检查基础 URL。</translation>
    </message>
    <message>
        <source>The provider&apos;s answer is broken JSON.</source>
        <translation>供应商的响应是残缺的 JSON。</translation>
    </message>
    <message>
        <source>The provider&apos;s answer is not JSON.</source>
        <translation>供应商的响应不是 JSON。</translation>
    </message>
    <message>
        <source>The provider&apos;s answer is not a JSON object.</source>
        <translation>供应商的响应不是 JSON 对象。</translation>
    </message>
    <message>
        <source>The provider&apos;s answer does not say what is left on the account.</source>
        <translation>供应商的响应未说明账户余额。</translation>
    </message>
    <message>
        <source>The table of tokens is damaged.</source>
        <translation>词元表已损坏。</translation>
    </message>
    <message>
        <source>The provider reported an error without a text.</source>
        <translation>供应商报告了错误，但没有说明文字。</translation>
    </message>
    <message>
        <source>The request body is not a JSON object.</source>
        <translation>请求正文不是 JSON 对象。</translation>
    </message>
    <message>
        <source>The request body is not valid JSON.</source>
        <translation>请求正文不是有效的 JSON。</translation>
    </message>
    <message>
        <source>The member &quot;%1&quot; occurs more than once.</source>
        <translation>成员“%1”出现了不止一次。</translation>
    </message>
    <message>
        <source>The member &quot;messages&quot; must be an array.</source>
        <translation>成员“messages”必须是数组。</translation>
    </message>
    <message>
        <source>The messages could not be read.</source>
        <translation>无法读取消息。</translation>
    </message>
    <message>
        <source>The first message could not be read.</source>
        <translation>无法读取第一条消息。</translation>
    </message>
    <message>
        <source>The name of the model is empty.</source>
        <translation>模型名称为空。</translation>
    </message>
    <message>
        <source>The name of the model is longer than %1 bytes.</source>
        <translation>模型名称超过 %1 字节。</translation>
    </message>
    <message>
        <source>The name of the model holds a control character.</source>
        <translation>模型名称含有控制字符。</translation>
    </message>
    <message>
        <source>The name of the model holds an invisible byte order mark.</source>
        <translation>模型名称含有不可见的字节顺序标记。</translation>
    </message>
    <message>
        <source>The built-in price table is missing.</source>
        <translation>缺少内置价格表。</translation>
    </message>
    <message>
        <source>The built-in price table cannot be read.</source>
        <translation>无法读取内置价格表。</translation>
    </message>
    <message>
        <source>The provider answered with a redirect (status %1), which is not followed; check the base URL.</source>
        <translation>供应商返回了重定向（状态码 %1），网关不会跟随；请检查基础 URL。</translation>
    </message>
    <message>
        <source>The provider answered with a web page and status %1%2; check the base URL.</source>
        <translation>供应商返回了网页，状态码 %1%2；请检查基础 URL。</translation>
    </message>
    <message>
        <source>The provider has nothing at this address (status %1); check the base URL.</source>
        <translation>供应商在此地址没有任何内容（状态码 %1）；请检查基础 URL。</translation>
    </message>
    <message>
        <source>The provider answered with status %1%2 and no text.</source>
        <translation>供应商返回了状态码 %1%2，没有说明文字。</translation>
    </message>
    <message>
        <source>The channel&apos;s key holds a character that no key can have, such as a line break.</source>
        <translation>渠道的密钥含有密钥中不可能出现的字符，例如换行符。</translation>
    </message>
    <message>
        <source>The base URL must begin with http:// or https:// and name a host.</source>
        <translation>基础 URL 必须以 http:// 或 https:// 开头，并包含主机名。</translation>
    </message>
    <message>
        <source>%1 does not offer this operation (%2).</source>
        <translation>%1 不提供此操作（%2）。</translation>
    </message>
    <message>
        <source>The provider sent an event longer than relay.max_event_bytes.</source>
        <translation>供应商发送的事件超过了 relay.max_event_bytes。</translation>
    </message>
    <message>
        <source>The provider ended its stream before it had begun.</source>
        <translation>供应商在流开始之前就将其结束了。</translation>
    </message>
    <message>
        <source>The provider ended its stream before the answer was whole.</source>
        <translation>供应商在响应完整之前就结束了流。</translation>
    </message>
    <message>
        <source>This token has expired. Make a new one.</source>
        <translation>此令牌已过期。请创建新的令牌。</translation>
    </message>
    <message>
        <source>This token is disabled. Its owner can enable it.</source>
        <translation>此令牌已停用。其所有者可以启用它。</translation>
    </message>
    <message>
        <source>The owner of this token is disabled. Ask an administrator.</source>
        <translation>此令牌的所有者已停用。请联系管理员。</translation>
    </message>
    <message>
        <source>This token may not use the model &quot;%1&quot;. GET /v1/models lists what it may.</source>
        <translation>此令牌不能使用模型“%1”。GET /v1/models 会列出可用的模型。</translation>
    </message>
    <message>
        <source>disabled</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>disabled automatically</source>
        <translation>已自动停用</translation>
    </message>
    <message>
        <source>is being tried</source>
        <translation>正在试探</translation>
    </message>
    <message>
        <source>rests for %1 more seconds, as its provider asked</source>
        <translation>应供应商要求冷却，还剩 %1 秒</translation>
    </message>
    <message>
        <source>rests for %1 more seconds after failures</source>
        <translation>因失败而熔断，还剩 %1 秒</translation>
    </message>
    <message>
        <source>failed just now</source>
        <translation>刚刚失败</translation>
    </message>
    <message>
        <source>has no key</source>
        <translation>没有密钥</translation>
    </message>
    <message>
        <source>all its keys are disabled</source>
        <translation>所有密钥均已停用</translation>
    </message>
    <message>
        <source>no further key is usable</source>
        <translation>没有其他可用的密钥</translation>
    </message>
    <message>
        <source>its provider is not served by this version</source>
        <translation>此版本不支持其供应商</translation>
    </message>
    <message>
        <source>its provider does not offer &quot;%1&quot; requests</source>
        <translation>其供应商不提供“%1”请求</translation>
    </message>
    <message>
        <source>the model has no price, and such models are refused (accounting.unpriced)</source>
        <translation>该模型没有价格，而此类模型会被拒绝（accounting.unpriced）</translation>
    </message>
    <message>
        <source>the file %1</source>
        <translation>文件 %1</translation>
    </message>
    <message>
        <source>it is not a regular file</source>
        <translation>它不是普通文件</translation>
    </message>
    <message>
        <source>other users may read or change it; if it is yours, run: chmod 600 &quot;%1&quot;</source>
        <translation>其他用户可以读取或更改它；如果它属于您，请运行：chmod 600 &quot;%1&quot;</translation>
    </message>
    <message>
        <source>it is too large to be a file of secrets</source>
        <translation>它过大，不可能是机密文件</translation>
    </message>
    <message>
        <source>it cannot be protected from other users</source>
        <translation>无法防止其他用户访问它</translation>
    </message>
    <message>
        <source>no answer in time</source>
        <translation>未在时限内响应</translation>
    </message>
    <message>
        <source>the keychain (item &quot;%1&quot; of &quot;Gatehouse&quot;)</source>
        <translation>钥匙串（“Gatehouse”的项目“%1”）</translation>
    </message>
    <message>
        <source>a key file is never written</source>
        <translation>密钥文件从不写入</translation>
    </message>
    <message>
        <source>a key file is never removed</source>
        <translation>密钥文件从不移除</translation>
    </message>
    <message>
        <source>the key file %1</source>
        <translation>密钥文件 %1</translation>
    </message>
    <message>
        <source>it is not a file</source>
        <translation>它不是文件</translation>
    </message>
    <message>
        <source>it is larger than 64 KiB</source>
        <translation>它大于 64 KiB</translation>
    </message>
    <message>
        <source>it must hold at least 32 random bytes or characters, as made by: openssl rand -base64 48</source>
        <translation>它必须包含至少 32 个随机字节或字符，可用以下命令生成：openssl rand -base64 48</translation>
    </message>
    <message>
        <source>The certificate could not be made.</source>
        <translation>无法创建证书。</translation>
    </message>
    <message>
        <source>A certificate needs the name of a server.</source>
        <translation>证书需要服务器名称。</translation>
    </message>
    <message>
        <source>The stored secrets are damaged: they have another form.</source>
        <translation>存储的机密已损坏：格式不符。</translation>
    </message>
    <message>
        <source>The stored secrets are damaged: their checksum is wrong.</source>
        <translation>存储的机密已损坏：校验和不符。</translation>
    </message>
    <message>
        <source>The stored secrets were written by a newer version.</source>
        <translation>存储的机密由更新的版本写入。</translation>
    </message>
    <message>
        <source>The stored secrets are damaged: they have a wrong length.</source>
        <translation>存储的机密已损坏：长度不符。</translation>
    </message>
    <message>
        <source>the memory of this process</source>
        <translation>本进程的内存</translation>
    </message>
    <message>
        <source>The cost of password hashes is out of range.</source>
        <translation>密码哈希的开销超出范围。</translation>
    </message>
    <message>
        <source>The password could not be hashed.</source>
        <translation>无法计算密码哈希。</translation>
    </message>
    <message>
        <source>A stored secret cannot be opened: it is damaged, or was sealed with another master key.</source>
        <translation>无法解密存储的机密：它已损坏，或是用其他主密钥加密的。</translation>
    </message>
    <message>
        <source>Nothing can be stored safely, since there is no master key.</source>
        <translation>没有主密钥，无法安全地存储任何内容。</translation>
    </message>
    <message>
        <source>A secret could not be sealed.</source>
        <translation>无法加密机密。</translation>
    </message>
    <message>
        <source>Stored secrets cannot be opened, since there is no master key.</source>
        <translation>没有主密钥，无法解密存储的机密。</translation>
    </message>
    <message>
        <source>what was written could not be read back</source>
        <translation>写入的内容无法读回</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Choose where the secrets are kept and start again, with one of
  GATEHOUSE_SECRETS=file %1
    (a file in the data directory that only this user can read: %2)
  GATEHOUSE_MASTER_KEY_FILE=/path/to/key %1
    (a key file of your own, made for example by: openssl rand -base64 48)
or with LoadCredential=master-key:/path/to/key in the systemd unit.</source>
        <translation>请选择机密的存放位置并重新启动，可用以下方式之一：
  GATEHOUSE_SECRETS=file %1
    （数据目录中仅此用户可读的文件：%2）
  GATEHOUSE_MASTER_KEY_FILE=/path/to/key %1
    （您自己的密钥文件，例如用此命令生成：openssl rand -base64 48）
或在 systemd 单元中设置 LoadCredential=master-key:/path/to/key。</translation>
    </message>
    <message>
        <source>There is no keychain here that could keep the secrets of Gatehouse. %1</source>
        <translation>这里没有可存放 Gatehouse 机密的钥匙串。%1</translation>
    </message>
    <message>
        <source>The secrets are in %1, which is locked. Unlock it, then start again with: %2</source>
        <translation>机密存放在%1中，而它已锁定。请先解锁，再用以下命令重新启动：%2</translation>
    </message>
    <message>
        <source>Gatehouse may not use %1.</source>
        <translation>Gatehouse 无权使用%1。</translation>
    </message>
    <message>
        <source>The secrets are in %1, which did not answer in time. Look whether it waits for you to unlock it or to allow the access, then start again with: %2</source>
        <translation>机密存放在%1中，而它未在时限内响应。请查看它是否在等待您解锁或允许访问，再用以下命令重新启动：%2</translation>
    </message>
    <message>
        <source>New secrets could not be stored in %1.</source>
        <translation>无法将新的机密存入%1。</translation>
    </message>
    <message>
        <source>The secrets cannot be read from %1.</source>
        <translation>无法从%1读取机密。</translation>
    </message>
    <message>
        <source>the file that GATEHOUSE_MASTER_KEY_FILE named</source>
        <translation>GATEHOUSE_MASTER_KEY_FILE 指定的文件</translation>
    </message>
    <message>
        <source>systemd&apos;s credential &quot;master-key&quot;</source>
        <translation>systemd 凭据“master-key”</translation>
    </message>
    <message>
        <source>the file in the data directory (GATEHOUSE_SECRETS=file)</source>
        <translation>数据目录中的文件（GATEHOUSE_SECRETS=file）</translation>
    </message>
    <message>
        <source>the keychain</source>
        <translation>钥匙串</translation>
    </message>
    <message>
        <source>The secrets are to be read from %1, which does not exist.</source>
        <translation>应从%1读取机密，但它不存在。</translation>
    </message>
    <message>
        <source>They were last read from %1; choose that again.</source>
        <translation>上次是从%1读取的；请重新选择它。</translation>
    </message>
    <message>
        <source>Restore %1 from a backup, then start again with: %2</source>
        <translation>请从备份还原%1，再用以下命令重新启动：%2</translation>
    </message>
    <message>
        <source>The secrets of this data are not in %1. Without them its channel keys and tokens cannot be read, so no new ones are made over it. %2</source>
        <translation>%1中没有此数据的机密。没有它们就无法读取渠道密钥和令牌，因此不会创建新的机密来取代它们。%2</translation>
    </message>
    <message>
        <source>%1 (in %2) Nothing was changed; restore them from a backup.</source>
        <translation>%1（位于%2）未作任何更改；请从备份还原机密。</translation>
    </message>
    <message>
        <source>The master key from %1 is the wrong key: this data was sealed with another one. Nothing was changed.</source>
        <translation>来自%1的主密钥不正确：此数据是用另一个主密钥加密的。未作任何更改。</translation>
    </message>
    <message>
        <source>%1 The right key was last read from %2.</source>
        <translation>%1正确的密钥上次是从%2读取的。</translation>
    </message>
    <message>
        <source>The master key of this data came from %1, which is not there now. %2</source>
        <translation>此数据的主密钥来自%1，而它现在不存在。%2</translation>
    </message>
    <message>
        <source>GATEHOUSE_SECRETS must be &quot;file&quot; or &quot;keychain&quot;.</source>
        <translation>GATEHOUSE_SECRETS 必须是“file”或“keychain”。</translation>
    </message>
    <message>
        <source>Start again with: GATEHOUSE_MASTER_KEY_FILE=/path/to/key %1</source>
        <translation>请用以下命令重新启动：GATEHOUSE_MASTER_KEY_FILE=/path/to/key %1</translation>
    </message>
    <message>
        <source>Put LoadCredential=master-key:/path/to/key into the systemd unit, or start with: GATEHOUSE_MASTER_KEY_FILE=/path/to/key %1</source>
        <translation>请在 systemd 单元中设置 LoadCredential=master-key:/path/to/key，或用以下命令启动：GATEHOUSE_MASTER_KEY_FILE=/path/to/key %1</translation>
    </message>
    <message>
        <source>Nobody can sign in, since there is no session secret.</source>
        <translation>没有会话机密，无法登录。</translation>
    </message>
    <message>
        <source>A session needs a user and an id of its own.</source>
        <translation>会话需要用户和自己的标识。</translation>
    </message>
    <message>
        <source>The copy %1 cannot be written. Check the permissions and the free space of its folder.</source>
        <translation>无法写入副本 %1。请检查其文件夹的权限和可用空间。</translation>
    </message>
    <message>
        <source>%1 belongs to the database itself. Choose another name.</source>
        <translation>%1 属于数据库本身。请选择其他名称。</translation>
    </message>
    <message>
        <source>The copy %1 lacks a part of the database.</source>
        <translation>副本 %1 缺少数据库的一部分。</translation>
    </message>
    <message>
        <source>The file for bodies of requests cannot be opened.</source>
        <translation>无法打开保存请求正文的文件。</translation>
    </message>
    <message>
        <source>No heads and bodies are kept of this request.</source>
        <translation>此请求没有保留的头部和正文。</translation>
    </message>
    <message>
        <source>What was kept of this request is damaged.</source>
        <translation>此请求保留的内容已损坏。</translation>
    </message>
    <message>
        <source>This entry exists already.</source>
        <translation>此条目已存在。</translation>
    </message>
    <message>
        <source>The database %1 is locked by another program. Close that program and try again.</source>
        <translation>数据库 %1 被其他程序锁定。请关闭该程序后重试。</translation>
    </message>
    <message>
        <source>There is no room left for the database %1. Free some space on its disk.</source>
        <translation>数据库 %1 已没有可用空间。请释放其磁盘空间。</translation>
    </message>
    <message>
        <source>The database %1 cannot be written to. Check the permissions of the file and of its folder.</source>
        <translation>无法写入数据库 %1。请检查该文件及其文件夹的权限。</translation>
    </message>
    <message>
        <source>The database %1 is damaged. It was left as it is; restore a backup of it.</source>
        <translation>数据库 %1 已损坏，已保持原样；请还原其备份。</translation>
    </message>
    <message>
        <source>The database %1 cannot be reached.</source>
        <translation>无法连接数据库 %1。</translation>
    </message>
    <message>
        <source>The database took too long to answer.</source>
        <translation>数据库响应时间过长。</translation>
    </message>
    <message>
        <source>The database refused an operation.</source>
        <translation>数据库拒绝了某项操作。</translation>
    </message>
    <message>
        <source>Qt&apos;s database driver %1 is not installed.</source>
        <translation>未安装 Qt 数据库驱动程序 %1。</translation>
    </message>
    <message>
        <source>The database %1 is damaged or no database at all. It was left as it is. Restore a backup, or move it away to begin anew.</source>
        <translation>数据库 %1 已损坏或根本不是数据库，已保持原样。请还原备份，或将其移走以重新开始。</translation>
    </message>
    <message>
        <source>The database %1 cannot be read. Check its permissions.</source>
        <translation>无法读取数据库 %1。请检查其权限。</translation>
    </message>
    <message>
        <source>The database %1 cannot be made. Check the permissions of its folder.</source>
        <translation>无法创建数据库 %1。请检查其文件夹的权限。</translation>
    </message>
    <message>
        <source>The database %1 cannot be put in its place.</source>
        <translation>无法将数据库 %1 放到指定位置。</translation>
    </message>
    <message>
        <source>The file %1 is a database, but not one of Gatehouse. It was left as it is.</source>
        <translation>文件 %1 是数据库，但不是 Gatehouse 的数据库，已保持原样。</translation>
    </message>
    <message>
        <source>The database address must look like postgresql://user:password@host:port/name.</source>
        <translation>数据库地址必须采用 postgresql://user:password@host:port/name 的形式。</translation>
    </message>
    <message>
        <source>A storage operation ended unexpectedly.</source>
        <translation>某项存储操作意外结束。</translation>
    </message>
    <message>
        <source>A description of the database&apos;s schema cannot be read.</source>
        <translation>无法读取某个数据库结构说明。</translation>
    </message>
    <message>
        <source>The descriptions of the database&apos;s schema are missing.</source>
        <translation>缺少数据库结构说明。</translation>
    </message>
    <message>
        <source>The database %1 was made by a newer version of Gatehouse. Install that version, or restore a backup.</source>
        <translation>数据库 %1 由更新版本的 Gatehouse 创建。请安装该版本，或还原备份。</translation>
    </message>
    <message>
        <source>The backup cannot be copied to %1. Check the permissions and the free space of its folder.</source>
        <translation>无法将备份复制到 %1。请检查其文件夹的权限和可用空间。</translation>
    </message>
    <message>
        <source>This channel does not exist.</source>
        <translation>该渠道不存在。</translation>
    </message>
    <message>
        <source>This group does not exist.</source>
        <translation>该分组不存在。</translation>
    </message>
    <message>
        <source>This entry does not exist.</source>
        <translation>该条目不存在。</translation>
    </message>
    <message>
        <source>This price was not edited.</source>
        <translation>该价格未被修改过。</translation>
    </message>
    <message>
        <source>The program is shutting down.</source>
        <translation>程序正在关闭。</translation>
    </message>
    <message>
        <source>The operation was cancelled.</source>
        <translation>操作已取消。</translation>
    </message>
    <message>
        <source>The database is too busy. Try again later.</source>
        <translation>数据库过于繁忙。请稍后重试。</translation>
    </message>
    <message>
        <source>This recalculation does not exist.</source>
        <translation>此次重新计算不存在。</translation>
    </message>
    <message>
        <source>“%1” is no key of this filter.</source>
        <translation>“%1”不是此筛选的键。</translation>
    </message>
    <message>
        <source>“%1” is no status. Write ok, error, cancelled, 4xx, 5xx or a number such as 429.</source>
        <translation>“%1”不是状态。请写 ok、error、cancelled、4xx、5xx 或 429 这样的数字。</translation>
    </message>
    <message>
        <source>“%1” is a text, which is not greater or less.</source>
        <translation>“%1”是文本，不能比较大小。</translation>
    </message>
    <message>
        <source>“%1” is no number that “%2” could be compared with.</source>
        <translation>“%1”不是可与“%2”比较的数字。</translation>
    </message>
    <message>
        <source>Write %1:yes or %1:no.</source>
        <translation>请写 %1:yes 或 %1:no。</translation>
    </message>
    <message>
        <source>“%1” is no time. Write 30m, 24h, 7d, today or a date such as 2026-01-31.</source>
        <translation>“%1”不是时间。请写 30m、24h、7d、today 或 2026-01-31 这样的日期。</translation>
    </message>
    <message>
        <source>There are no lines.</source>
        <translation>没有记录。</translation>
    </message>
    <message>
        <source>There are no sums.</source>
        <translation>没有合计。</translation>
    </message>
    <message>
        <source>This time of running was not noted.</source>
        <translation>未记录此次运行时间。</translation>
    </message>
    <message>
        <source>This request has a line in the ledger already.</source>
        <translation>此请求在账本中已有记录。</translation>
    </message>
    <message>
        <source>The body of the request could not be read back.</source>
        <translation>无法读回请求正文。</translation>
    </message>
    <message>
        <source>The provider closed the connection without an answer.</source>
        <translation>供应商未作响应就关闭了连接。</translation>
    </message>
    <message>
        <source>The provider closed the connection before its answer was complete.</source>
        <translation>供应商在响应完整之前关闭了连接。</translation>
    </message>
    <message>
        <source>The provider&apos;s answer is larger than is allowed.</source>
        <translation>供应商的响应超过了允许的大小。</translation>
    </message>
    <message>
        <source>The provider&apos;s compressed answer is damaged.</source>
        <translation>供应商的压缩响应已损坏。</translation>
    </message>
    <message>
        <source>The provider&apos;s answer is not valid HTTP.</source>
        <translation>供应商的响应不是有效的 HTTP。</translation>
    </message>
    <message>
        <source>The provider&apos;s answer is compressed in a way that was not asked for.</source>
        <translation>供应商的响应采用了未请求的压缩方式。</translation>
    </message>
    <message>
        <source>The connection to the provider was not made in time.</source>
        <translation>未能在时限内连接到供应商。</translation>
    </message>
    <message>
        <source>The provider did not take the request in time.</source>
        <translation>供应商未在时限内接收请求。</translation>
    </message>
    <message>
        <source>The provider did not answer in time.</source>
        <translation>供应商未在时限内响应。</translation>
    </message>
    <message>
        <source>The provider stopped in the midst of its answer.</source>
        <translation>供应商在响应中途停止了。</translation>
    </message>
    <message>
        <source>The provider&apos;s host refused the connection.</source>
        <translation>供应商的主机拒绝了连接。</translation>
    </message>
    <message>
        <source>No address was found for the host.</source>
        <translation>找不到该主机的地址。</translation>
    </message>
    <message>
        <source>The proxy did not accept the user name and password.</source>
        <translation>代理不接受该用户名和密码。</translation>
    </message>
    <message>
        <source>The proxy refused the connection.</source>
        <translation>代理拒绝了连接。</translation>
    </message>
    <message>
        <source>The proxy was not found.</source>
        <translation>找不到代理。</translation>
    </message>
    <message>
        <source>The proxy closed the connection.</source>
        <translation>代理关闭了连接。</translation>
    </message>
    <message>
        <source>The proxy did not answer in time.</source>
        <translation>代理未在时限内响应。</translation>
    </message>
    <message>
        <source>The proxy did not answer as a proxy of its kind does.</source>
        <translation>代理的响应不符合此类代理的协议。</translation>
    </message>
    <message>
        <source>The provider could not be reached.</source>
        <translation>无法连接供应商。</translation>
    </message>
    <message>
        <source>The channel&apos;s certificate authority is not a valid PEM text.</source>
        <translation>渠道的证书颁发机构不是有效的 PEM 文本。</translation>
    </message>
    <message>
        <source>The channel may not connect to the address of this host.</source>
        <translation>不允许此渠道连接该主机的地址。</translation>
    </message>
    <message>
        <source>The provider closed the connection during the TLS handshake.</source>
        <translation>供应商在 TLS 握手期间关闭了连接。</translation>
    </message>
    <message>
        <source>The provider&apos;s certificate has expired.</source>
        <translation>供应商的证书已过期。</translation>
    </message>
    <message>
        <source>The provider&apos;s certificate is not valid yet. Check this machine&apos;s clock.</source>
        <translation>供应商的证书尚未生效。请检查本机时钟。</translation>
    </message>
    <message>
        <source>The provider&apos;s certificate is for another host name.</source>
        <translation>供应商的证书属于其他主机名。</translation>
    </message>
    <message>
        <source>The provider&apos;s certificate is self-signed and not trusted by this machine.</source>
        <translation>供应商的证书是自签名的，不受本机信任。</translation>
    </message>
    <message>
        <source>The provider&apos;s certificate was issued by an authority that is not trusted.</source>
        <translation>供应商的证书由不受信任的机构签发。</translation>
    </message>
    <message>
        <source>The provider&apos;s certificate has been revoked.</source>
        <translation>供应商的证书已被吊销。</translation>
    </message>
    <message>
        <source>The provider showed no certificate.</source>
        <translation>供应商未出示证书。</translation>
    </message>
    <message>
        <source>The provider&apos;s certificate could not be verified.</source>
        <translation>无法验证供应商的证书。</translation>
    </message>
    <message>
        <source>The TLS handshake with the provider failed.</source>
        <translation>与供应商的 TLS 握手失败。</translation>
    </message>
    <message>
        <source>%1 through %2</source>
        <translation>%1（经由 %2）</translation>
    </message>
    <message>
        <source>Another recalculation is under way. Try again when it has ended.</source>
        <translation>另一次重新计算正在进行。请在其结束后重试。</translation>
    </message>
    <message>
        <source>A limit of a channel must lie between 0 (none) and %1.</source>
        <translation>渠道的限制必须介于 0（不限）与 %1 之间。</translation>
    </message>
    <message>
        <source>The price multiplier of a channel must lie between 0 and %1.</source>
        <translation>渠道的价格倍率必须介于 0 与 %1 之间。</translation>
    </message>
    <message>
        <source>has as many requests at a time as its limit allows: %1</source>
        <translation>同时进行的请求数已达上限：%1</translation>
    </message>
    <message>
        <source>has had its %1 requests a minute; takes the next in %2 seconds</source>
        <translation>已用完每分钟 %1 个请求；%2 秒后可接受下一个</translation>
    </message>
    <message>
        <source>has had its %1 tokens a minute; takes the next in %2 seconds</source>
        <translation>已用完每分钟 %1 个词元；%2 秒后可接受下一个请求</translation>
    </message>
    <message>
        <source>The request took longer than its channel allows.</source>
        <translation>请求耗时超过了其渠道的允许值。</translation>
    </message>
    <message>
        <source>A warning comes at 1 to 100 percent of a budget, or with 0 never.</source>
        <translation>提醒比例须为预算的 1% 到 100%，0 表示从不提醒。</translation>
    </message>
    <message>
        <source>A budget begins anew each day, week or month, or not at all.</source>
        <translation>预算可以每天、每周或每月重新开始，也可以不重新开始。</translation>
    </message>
    <message>
        <source>What may be spent in a period must lie between 1 and %1 units.</source>
        <translation>每个周期可用的金额须在 1 到 %1 个单位之间。</translation>
    </message>
    <message>
        <source>The file %1 could not be written. Check the permissions and the free space of its folder.</source>
        <translation>无法写入文件 %1。请检查其文件夹的权限和可用空间。</translation>
    </message>
    <message>
        <source>A PostgreSQL database is looked after with its own tools, such as VACUUM.</source>
        <translation>PostgreSQL 数据库请用它自带的工具维护，例如 VACUUM。</translation>
    </message>
    <message>
        <source>The database is damaged: %1. Restore the newest backup that is whole.</source>
        <translation>数据库已损坏：%1。请还原最新的完好备份。</translation>
    </message>
    <message>
        <source>%1 must be a folder with its whole path, not &quot;%2&quot;.</source>
        <translation>%1 必须是带完整路径的文件夹，而不是“%2”。</translation>
    </message>
    <message>
        <source>The file %1 is a database of Gatehouse itself. It is restored as a backup: Settings, Backup, &quot;Restore from a file…&quot;.</source>
        <translation>文件 %1 是 Gatehouse 自己的数据库。请作为备份还原：设置 → 备份 → 从文件还原…</translation>
    </message>
    <message>
        <source>The database %1 is of an old version of One API. Start a current One API once on a copy of it, which brings it up to date, and import that.</source>
        <translation>数据库 %1 来自旧版 One API。请用当前版本的 One API 在其副本上启动一次以完成升级，然后导入该副本。</translation>
    </message>
    <message>
        <source>There is no file %1.</source>
        <translation>文件 %1 不存在。</translation>
    </message>
    <message>
        <source>%1 is no file. Choose the database itself, mostly one-api.db.</source>
        <translation>%1 不是文件。请选择数据库本身，通常为 one-api.db。</translation>
    </message>
    <message>
        <source>The file %1 cannot be read. Check its permissions.</source>
        <translation>文件 %1 无法读取。请检查其权限。</translation>
    </message>
    <message>
        <source>The file %1 is empty. Choose the database of One API or New API, mostly one-api.db.</source>
        <translation>文件 %1 为空。请选择 One API 或 New API 的数据库，通常为 one-api.db。</translation>
    </message>
    <message>
        <source>The file %1 is no SQLite database, or it is encrypted. Choose the database of One API or New API, mostly one-api.db. One on MySQL or PostgreSQL cannot be imported.</source>
        <translation>文件 %1 不是 SQLite 数据库，或已加密。请选择 One API 或 New API 的数据库，通常为 one-api.db。无法导入 MySQL 或 PostgreSQL 上的数据库。</translation>
    </message>
    <message>
        <source>The file %1 cannot be copied to %2. Check the permissions and the free space.</source>
        <translation>文件 %1 无法复制到 %2。请检查权限和可用空间。</translation>
    </message>
    <message>
        <source>There is no room for a copy of %1 in %2. Free %3 MB there.</source>
        <translation>%2 中没有空间存放 %1 的副本。请在那里腾出 %3 MB。</translation>
    </message>
    <message>
        <source>The file %1 lies in Gatehouse&apos;s own folder. Choose the database of One API or New API, mostly one-api.db; if it is that, copy it elsewhere first.</source>
        <translation>文件 %1 位于 Gatehouse 自己的文件夹中。请选择 One API 或 New API 的数据库，通常为 one-api.db；如果正是该文件，请先复制到别处。</translation>
    </message>
    <message>
        <source>No folder for a copy can be made in %1. Check its permissions.</source>
        <translation>无法在 %1 中为副本创建文件夹。请检查其权限。</translation>
    </message>
    <message>
        <source>The file %1 changed again and again while it was copied. Stop the program that writes to it, and try again.</source>
        <translation>复制文件 %1 时它不断变化。请停止写入它的程序，然后重试。</translation>
    </message>
    <message>
        <source>Its type %1 is not known here. Make it anew with a type that fits.</source>
        <translation>此处不认识其类型 %1。请用合适的类型重新创建。</translation>
    </message>
    <message>
        <source>It is here already.</source>
        <translation>此处已有。</translation>
    </message>
    <message>
        <source>Its base URL cannot be used here. Make it anew with another one.</source>
        <translation>其基础 URL 在此处无法使用。请用其他地址重新创建。</translation>
    </message>
    <message>
        <source>Its base URL is an address of this gateway itself.</source>
        <translation>其基础 URL 是本网关自身的地址。</translation>
    </message>
    <message>
        <source>It is named %1 here.</source>
        <translation>在此处名为 %1。</translation>
    </message>
    <message>
        <source>A text of it was shortened.</source>
        <translation>其中一段文本已被缩短。</translation>
    </message>
    <message>
        <source>Models with unusable names were taken out of its list.</source>
        <translation>名称无法使用的模型已从其列表中去除。</translation>
    </message>
    <message>
        <source>Groups with unusable names were taken out of its list.</source>
        <translation>名称无法使用的分组已从其列表中去除。</translation>
    </message>
    <message>
        <source>Its model mapping cannot be read as a whole. Look at it before the channel is used.</source>
        <translation>其模型映射无法完整读取。使用该渠道前请先检查。</translation>
    </message>
    <message>
        <source>Its state is not known here; it is disabled.</source>
        <translation>此处不认识其状态；已停用。</translation>
    </message>
    <message>
        <source>Providers of the type &quot;%1&quot; are not served by this gateway; it is kept, but gets no requests.</source>
        <translation>本网关不支持“%1”类型的供应商；渠道会保留，但不会收到请求。</translation>
    </message>
    <message>
        <source>It is deleted there.</source>
        <translation>在原处已被删除。</translation>
    </message>
    <message>
        <source>Another user there has the same number.</source>
        <translation>原处另有用户使用同一编号。</translation>
    </message>
    <message>
        <source>It is here already, as %1.</source>
        <translation>此处已有，名为 %1。</translation>
    </message>
    <message>
        <source>Its name cannot be used here; it signs in as %1.</source>
        <translation>其名称在此处无法使用；请以 %1 登录。</translation>
    </message>
    <message>
        <source>Its name is taken here; it signs in as %1.</source>
        <translation>其名称在此处已被占用；请以 %1 登录。</translation>
    </message>
    <message>
        <source>It is root there and an administrator here.</source>
        <translation>在原处是 root，在此处是管理员。</translation>
    </message>
    <message>
        <source>It is root there and an ordinary user here.</source>
        <translation>在原处是 root，在此处是普通用户。</translation>
    </message>
    <message>
        <source>Its role %1 is not known here; it is an ordinary user.</source>
        <translation>此处不认识其角色 %1；作为普通用户导入。</translation>
    </message>
    <message>
        <source>It has no password that can be taken over. Give it one, so that it can sign in.</source>
        <translation>没有可以沿用的密码。请为其设置密码，以便登录。</translation>
    </message>
    <message>
        <source>Its access token for the management was left behind.</source>
        <translation>其管理访问令牌未被导入。</translation>
    </message>
    <message>
        <source>Its group has a name that cannot be used here; it is in the group default.</source>
        <translation>其分组名称在此处无法使用；已归入 default 分组。</translation>
    </message>
    <message>
        <source>An amount of it was beyond what can be stored.</source>
        <translation>其某项数额超出可存储的范围。</translation>
    </message>
    <message>
        <source>Its owner is deleted there.</source>
        <translation>其所有者在原处已被删除。</translation>
    </message>
    <message>
        <source>Its key is here already.</source>
        <translation>其密钥在此处已存在。</translation>
    </message>
    <message>
        <source>Its key cannot be used here: it must have %1 to %2 characters, no blank, and no number behind a hyphen at its end. Make a new token.</source>
        <translation>其密钥在此处无法使用：必须有 %1 到 %2 个字符，不含空格，且末尾连字符后不能是数字。请新建令牌。</translation>
    </message>
    <message>
        <source>Its name was shortened.</source>
        <translation>其名称已被缩短。</translation>
    </message>
    <message>
        <source>It may use no model that has a usable name; it is disabled.</source>
        <translation>它没有可用名称的模型可用；已停用。</translation>
    </message>
    <message>
        <source>The addresses that it may be used from cannot be read; it is disabled. Look at them before it is enabled.</source>
        <translation>允许使用它的地址无法读取；已停用。启用前请先检查。</translation>
    </message>
    <message>
        <source>It has the group %1 of its own there; here that of its owner counts.</source>
        <translation>在原处有自己的分组 %1；在此处以所有者的分组为准。</translation>
    </message>
    <message>
        <source>Its provider settings cannot be read and were left out.</source>
        <translation>其供应商设置无法读取，已被略去。</translation>
    </message>
    <message>
        <source>Its proxy cannot be used here; the channel is disabled. Look at it before you enable the channel.</source>
        <translation>其代理在此处无法使用；渠道已停用。启用渠道前请先检查。</translation>
    </message>
    <message>
        <source>Its body overrides are of a form that is not known here; they were left out.</source>
        <translation>其请求正文覆盖的形式此处不认识，已被略去。</translation>
    </message>
    <message>
        <source>Header overrides that cannot be used here were left out.</source>
        <translation>在此处无法使用的请求头覆盖已被略去。</translation>
    </message>
    <message>
        <source>It is no JSON object; groups have the factor 1.</source>
        <translation>不是 JSON 对象；各分组的倍率为 1。</translation>
    </message>
    <message>
        <source>This is no name for a group here.</source>
        <translation>在此处不能作为分组名称。</translation>
    </message>
    <message>
        <source>Its factor cannot be used here; it is 1 now. Look at it before the group is used.</source>
        <translation>其倍率在此处无法使用，现为 1。使用该分组前请先检查。</translation>
    </message>
    <message>
        <source>It is here with the factor %1, which stays; there it is %2.</source>
        <translation>此处的倍率为 %1，保持不变；原处为 %2。</translation>
    </message>
    <message>
        <source>Its value cannot be used here.</source>
        <translation>其值在此处无法使用。</translation>
    </message>
    <message>
        <source>It is the address of the other program.</source>
        <translation>这是另一程序的地址。</translation>
    </message>
    <message>
        <source>It was changed here, and stays as it is.</source>
        <translation>在此处已被更改，保持原样。</translation>
    </message>
    <message>
        <source>A limit needs a period: day, week or month.</source>
        <translation>预算需要指定周期：每天、每周或每月。</translation>
    </message>
    <message>
        <source>The folder of backups, %1, is not there. Connect the disk it is on, or choose another folder.</source>
        <translation>备份文件夹 %1 不存在。请连接它所在的磁盘，或选择其他文件夹。</translation>
    </message>
    <message>
        <source>The database was not compacted; it is as it was. There must be twice as much free space as it takes, and nobody else may be writing to it. Try again at a quieter time.</source>
        <translation>数据库未压缩，保持原样。可用空间须为数据库大小的两倍，且不能有其他程序正在写入。请在较空闲时重试。</translation>
    </message>
    <message>
        <source>It was deleted here.</source>
        <translation>它在此处已被删除。</translation>
    </message>
    <message>
        <source>Of its keys, the first %1 were taken over.</source>
        <translation>其密钥只导入了前 %1 个。</translation>
    </message>
    <message>
        <source>It has no key that can be used; it is disabled. Give it one before you enable it.</source>
        <translation>它没有可用的密钥；已停用。启用前请先为其填写密钥。</translation>
    </message>
    <message>
        <source>Its owner was deleted here.</source>
        <translation>其所有者在此处已被删除。</translation>
    </message>
    <message>
        <source>It is here already, with a new key.</source>
        <translation>此处已有，并已换用新密钥。</translation>
    </message>
    <message>
        <source>Its expiry, or whether it may use some models alone, cannot be read; it is disabled. Look at both before it is enabled.</source>
        <translation>无法读取其到期时间，或其是否仅可使用部分模型；已停用。启用前请先检查这两项。</translation>
    </message>
    <message>
        <source>It expires later there than can be stored; here at the end of the year 9999.</source>
        <translation>其在原处的到期时间超出可存储的范围；此处为 9999 年年底到期。</translation>
    </message>
    <message>
        <source>It is here with the factor %1, which stays; the one there cannot be used.</source>
        <translation>此处的倍率为 %1，保持不变；原处的倍率无法使用。</translation>
    </message>
    <message>
        <source>A dollar is %1 units here, and %2 there. Balances keep their numbers of units, and so are worth something else.</source>
        <translation>此处一美元为 %1 个单位，原处为 %2 个。余额的单位数保持不变，因此价值有所不同。</translation>
    </message>
    <message>
        <source>There is no other way to sign in here.</source>
        <translation>此处没有其他登录方式。</translation>
    </message>
    <message>
        <source>There is no room for reading %1 in %2. Free some space there.</source>
        <translation>%2 中没有足够的空间来读取 %1。请在该处释放一些空间。</translation>
    </message>
    <message>
        <source>The database %1 cannot be read to its end; it seems to be damaged. It was left as it is. Import a backup of it, or what SQLite&apos;s command .recover saves of it.</source>
        <translation>数据库 %1 无法完整读取，似乎已损坏。文件保持原样。请导入它的备份，或用 SQLite 的 .recover 命令恢复出的内容。</translation>
    </message>
    <message>
        <source>The database %1 cannot be read. Check its disk, and try again.</source>
        <translation>无法读取数据库 %1。请检查其所在磁盘，然后重试。</translation>
    </message>
    <message>
        <source>The import was stopped. Nothing was changed.</source>
        <translation>导入已停止。未作任何更改。</translation>
    </message>
    <message>
        <source>The former costs of this recalculation are kept no more.</source>
        <translation>此次重新计算之前的费用已不再保留。</translation>
    </message>
    <message>
        <source>There is no channel %1.</source>
        <translation>没有渠道 %1。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no part of a price. There are: %2.</source>
        <translation>“%1”不是价格的组成部分。可用的有：%2。</translation>
    </message>
    <message>
        <source>%1 must be a number from 0 to %2.</source>
        <translation>%1 必须是 0 到 %2 之间的数字。</translation>
    </message>
    <message>
        <source>Some of its keys are those of channels that were here before, too.</source>
        <translation>它的部分密钥也属于此处原有的渠道。</translation>
    </message>
    <message>
        <source>Rewards for invitations that it had not moved to its balance yet were left behind: %1 units.</source>
        <translation>尚未转入余额的邀请奖励未导入：%1 个单位。</translation>
    </message>
    <message>
        <source>The provider answered with a web page and status %1%2.</source>
        <translation>供应商返回了一个网页，状态码 %1%2。</translation>
    </message>
    <message>
        <source>Each tier needs tokens, and above_input_tokens that are more than those of the one before.</source>
        <translation>每个阶梯都需要词元的价格（tokens）和 above_input_tokens，且后者须大于前一个阶梯。</translation>
    </message>
    <message>
        <source>A picture of the size &quot;%1&quot; needs a price.</source>
        <translation>尺寸为“%1”的图片需要价格。</translation>
    </message>
    <message>
        <source>The link is damaged: its encoding is broken.</source>
        <translation>链接已损坏：编码有误。</translation>
    </message>
    <message>
        <source>The link holds invisible characters that could make it look like something else.</source>
        <translation>链接含有不可见字符，可能使其看起来像别的内容。</translation>
    </message>
    <message>
        <source>The link says something twice.</source>
        <translation>链接中有内容重复出现。</translation>
    </message>
    <message>
        <source>The link has a part that this version does not know.</source>
        <translation>链接中有此版本不认识的部分。</translation>
    </message>
    <message>
        <source>The address in the link is no address of a provider. It must begin with http:// or https://.</source>
        <translation>链接中的地址不是供应商的地址。它必须以 http:// 或 https:// 开头。</translation>
    </message>
    <message>
        <source>The address in the link holds a user name, which can make it look like another one.</source>
        <translation>链接中的地址含有用户名，可能使其看起来像另一个地址。</translation>
    </message>
    <message>
        <source>The key in the link is no key.</source>
        <translation>链接中的密钥不是有效的密钥。</translation>
    </message>
    <message>
        <source>The models in the link are too many, or no names.</source>
        <translation>链接中的模型过多，或不是模型名称。</translation>
    </message>
    <message>
        <source>The link brings something that this version cannot import.</source>
        <translation>链接带来的内容无法由此版本导入。</translation>
    </message>
    <message>
        <source>The name in the link is too long.</source>
        <translation>链接中的名称过长。</translation>
    </message>
    <message>
        <source>The link names a provider that this version does not serve.</source>
        <translation>链接指定的供应商不受此版本支持。</translation>
    </message>
    <message>
        <source>The link says nothing of a channel.</source>
        <translation>链接中没有任何渠道信息。</translation>
    </message>
    <message>
        <source>The link names a page that this version does not have.</source>
        <translation>链接指定的页面在此版本中不存在。</translation>
    </message>
    <message>
        <source>The filter in the link is too long.</source>
        <translation>链接中的筛选条件过长。</translation>
    </message>
    <message>
        <source>This is no link of Gatehouse.</source>
        <translation>这不是 Gatehouse 的链接。</translation>
    </message>
    <message>
        <source>The link is too long.</source>
        <translation>链接过长。</translation>
    </message>
    <message>
        <source>The link is of another version of Gatehouse.</source>
        <translation>该链接属于另一版本的 Gatehouse。</translation>
    </message>
    <message>
        <source>The link asks for something that this version does not know.</source>
        <translation>链接请求的操作不为此版本所知。</translation>
    </message>
    <message>
        <source>Providers of %1 are not taken over.</source>
        <translation>%1 的供应商不会导入。</translation>
    </message>
    <message>
        <source>Its settings cannot be read.</source>
        <translation>无法读取它的设置。</translation>
    </message>
    <message>
        <source>It is signed in to with an account; there is no key to take over.</source>
        <translation>它通过账户登录，没有可导入的密钥。</translation>
    </message>
    <message>
        <source>The file %1 is none that can be imported. Choose a database of One API, New API or cc-switch (a SQLite database; those on MySQL or PostgreSQL cannot be imported), a configuration of LiteLLM, cc-switch or Claude Code Router, or a .env file.</source>
        <translation>文件 %1 无法导入。请选择 One API、New API 或 cc-switch 的数据库（SQLite；MySQL 或 PostgreSQL 上的数据库无法导入），LiteLLM、cc-switch 或 Claude Code Router 的配置文件，或者 .env 文件。</translation>
    </message>
    <message>
        <source>The file %1 is broken: %2</source>
        <translation>文件 %1 已损坏：%2</translation>
    </message>
    <message>
        <source>The file %1 is of LiteLLM, but lists no models (model_list). What its own database holds cannot be imported.</source>
        <translation>文件 %1 属于 LiteLLM，但没有列出模型（model_list）。其自有数据库中的内容无法导入。</translation>
    </message>
    <message>
        <source>The file %1 is empty.</source>
        <translation>文件 %1 是空的。</translation>
    </message>
    <message>
        <source>It is not known which provider the key is for. Add the channel by hand if it is one of a model.</source>
        <translation>无法确定这个密钥属于哪个供应商。如果它是模型的密钥，请手动添加渠道。</translation>
    </message>
    <message>
        <source>Of its entries, the first %1 are read.</source>
        <translation>只读取其中前 %1 个条目。</translation>
    </message>
    <message>
        <source>It is another file. Import it by itself.</source>
        <translation>它是另一个文件，请单独导入。</translation>
    </message>
    <message>
        <source>It names no model.</source>
        <translation>它没有写明模型。</translation>
    </message>
    <message>
        <source>Its provider is not named: write it before the model, as in openai/%1.</source>
        <translation>没有写明它的供应商：请写在模型之前，例如 openai/%1。</translation>
    </message>
    <message>
        <source>The provider %1 is not served by this gateway.</source>
        <translation>本网关不支持供应商 %1。</translation>
    </message>
    <message>
        <source>The variable %1 with its address is not set here.</source>
        <translation>存放其地址的变量 %1 在此处没有设置。</translation>
    </message>
    <message>
        <source>It has no address (api_base).</source>
        <translation>它没有地址（api_base）。</translation>
    </message>
    <message>
        <source>Limits of single models (rpm, tpm) are not taken over.</source>
        <translation>单个模型的限制（rpm、tpm）不会导入。</translation>
    </message>
    <message>
        <source>Headers of its own are not taken over.</source>
        <translation>它自带的请求头不会导入。</translation>
    </message>
    <message>
        <source>There it serves whatever model is asked for; here each is named. Fetch the provider&apos;s list in the channel&apos;s dialog.</source>
        <translation>它在原处接受任意模型；在此处需要逐一写明。请在渠道对话框中获取供应商的模型列表。</translation>
    </message>
    <message>
        <source>This is no YAML that can be read; see line %1.</source>
        <translation>这不是可读取的 YAML，请查看第 %1 行。</translation>
    </message>
    <message>
        <source>A YAML mapping is expected here.</source>
        <translation>此处应为一个 YAML 映射。</translation>
    </message>
    <message>
        <source>This is no JSON that can be read; see line %1.</source>
        <translation>这不是可读取的 JSON，请查看第 %1 行。</translation>
    </message>
    <message>
        <source>Its key has a blank or is too long; it is disabled. Give it another one before you enable it.</source>
        <translation>其密钥含有空格或过长，因此已停用。启用前请先更换密钥。</translation>
    </message>
    <message>
        <source>The variable %1 with its key is not set here; it is disabled. Give it a key before you enable it.</source>
        <translation>存放其密钥的变量 %1 在此处没有设置，因此已停用。启用前请先为其填写密钥。</translation>
    </message>
    <message>
        <source>Of a file, the first %1 channels are taken over.</source>
        <translation>每个文件只导入前 %1 个渠道。</translation>
    </message>
    <message>
        <source>Its address is not encrypted: keys and texts cross the internet for all to read.</source>
        <translation>它的地址未加密：密钥和文本会以任何人都能读取的形式经过互联网。</translation>
    </message>
    <message>
        <source>It has no address (api_base_url).</source>
        <translation>它没有地址（api_base_url）。</translation>
    </message>
    <message>
        <source>Its e-mail address is that of another user, and only one can sign in by it; it was left without one.</source>
        <translation>它的电子邮件地址与另一位用户相同，而只有一位用户能凭该地址登录；它被导入时不带电子邮件地址。</translation>
    </message>
    <message>
        <source>The file %1 is large. It can be imported in Settings, Import.</source>
        <translation>文件 %1 很大，可以在“设置 → 导入”中导入。</translation>
    </message>
    <message>
        <source>It is here already as %1.</source>
        <translation>此处已有，名为 %1。</translation>
    </message>
    <message>
        <source>Something was changed here while the import was prepared. Nothing was imported; try again.</source>
        <translation>准备导入期间，此处的数据有改动。未导入任何内容；请重试。</translation>
    </message>
    <message>
        <source>%1 must be 0 or at least %2%3, not &quot;%4&quot;.</source>
        <translation>%1 必须为 0 或至少 %2%3，而不是“%4”。</translation>
    </message>
    <message>
        <source>%1 must be the name of a model: at most %2 bytes, without invisible characters.</source>
        <translation>%1 必须是模型名称：最多 %2 字节，且不含不可见字符。</translation>
    </message>
    <message>
        <source>The file %1 is a database, but neither of One API nor of New API nor of cc-switch. Databases of other programs cannot be imported.</source>
        <translation>文件 %1 是数据库，但既不属于 One API，也不属于 New API 或 cc-switch。其他程序的数据库无法导入。</translation>
    </message>
    <message>
        <source>The file %1 is larger than %2 MB, which no configuration is that can be imported.</source>
        <translation>文件 %1 超过 %2 MB，可导入的配置不会这么大。</translation>
    </message>
    <message>
        <source>A user who was to get tokens was deleted meanwhile.</source>
        <translation>一位本应得到令牌的用户在此期间被删除了。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Its %1 stands in a variable and is not taken over. Enter it in the channel&apos;s dialog.</source>
        <translation>其 %1 写在变量中，不会导入。请在渠道对话框中填写。</translation>
    </message>
    <message>
        <source>YAML of more than %1 MiB is not read.</source>
        <translation>超过 %1 MiB 的 YAML 不予读取。</translation>
    </message>
    <message>
        <source>It is nested too deeply.</source>
        <translation>嵌套层级过深。</translation>
    </message>
    <message>
        <source>Of a file, the first %1 models are taken over.</source>
        <translation>每个文件只导入前 %1 个模型。</translation>
    </message>
    <message>
        <source>is asked, though its model takes %1 tokens and the prompt has about %2</source>
        <translation>仍会尝试，但其模型最多容纳 %1 个词元，而提示词约有 %2 个</translation>
    </message>
    <message>
        <source>See line %1 of the text.</source>
        <translation>请看正文第 %1 行。</translation>
    </message>
    <message>
        <source>The body has %1 bytes; at most %2 are taken (http.max_body_bytes).</source>
        <translation>正文有 %1 字节，最多接受 %2 字节（http.max_body_bytes）。</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>A key that has a blank or is too long was left out.</source>
        <translation>含有空格或过长的密钥已被略去。</translation>
    </message>
    <message>
        <source>The provider&apos;s stream is not a JSON array of objects.</source>
        <translation>供应商的流式响应不是由对象组成的 JSON 数组。</translation>
    </message>
    <message>
        <source>A backup is being made already. Wait until it is there.</source>
        <translation>已有一个备份正在进行。请等它完成。</translation>
    </message>
    <message>
        <source>The user of the PostgreSQL database may not make the temporary tables that an import needs while it runs. Let its owner run: %1</source>
        <translation>PostgreSQL 数据库用户无权创建导入期间所需的临时表。请让数据库所有者执行：%1</translation>
    </message>
    <message>
        <source>%1 refused</source>
        <translation>%1 个被拒绝</translation>
    </message>
    <message>
        <source>%1 out of credit</source>
        <translation>%1 个余额不足</translation>
    </message>
    <message>
        <source>%1 at rest</source>
        <translation>%1 个冷却中</translation>
    </message>
    <message>
        <source>%1 disabled</source>
        <translation>%1 个已停用</translation>
    </message>
    <message>
        <source>no usable key: %1</source>
        <translation>没有可用的密钥：%1</translation>
    </message>
    <message>
        <source>%1; the next request tries one again</source>
        <translation>%1；下一个请求会再试一次</translation>
    </message>
    <message>
        <source>%1; tried again in %2 seconds</source>
        <translation>%1；%2 秒后再试</translation>
    </message>
    <message>
        <source>The header &quot;%1&quot; of this channel was entered for %2 and is not sent to %3. Enter it again together with the new address, or remove it.</source>
        <translation>此渠道的请求头“%1”是为 %2 填写的，不会发送到 %3。请连同新地址一起重新填写，或将其移除。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; in the body of this channel was entered for %2 and is not sent to %3. Remove it, or enter another one together with the new address.</source>
        <translation>此渠道请求正文中的“%1”是为 %2 填写的，不会发送到 %3。请将其移除，或连同新地址一起填写新的值。</translation>
    </message>
    <message>
        <source>These users are in the group &quot;%1&quot;: %2. Move them to another group first.</source>
        <translation>这些用户属于分组“%1”：%2。请先将他们移到其他分组。</translation>
    </message>
    <message>
        <source>These channels are in the group &quot;%1&quot;: %2. Take them out of it first.</source>
        <translation>这些渠道属于分组“%1”：%2。请先将它们移出该分组。</translation>
    </message>
    <message>
        <source>A user name holds a character that cannot be seen.</source>
        <translation>用户名含有不可见的字符。</translation>
    </message>
    <message>
        <source>There is no group &quot;%1&quot;.</source>
        <translation>没有名为“%1”的分组。</translation>
    </message>
    <message>
        <source>Set by %1 when Gatehouse was started; it cannot be changed here.</source>
        <translation>启动 Gatehouse 时由 %1 设置；无法在此更改。</translation>
    </message>
    <message>
        <source>The provider answered with an error that is too long to be read.</source>
        <translation>供应商返回了错误，但内容过长，无法读取。</translation>
    </message>
    <message>
        <source>There is nothing of Gatehouse in %1 yet. Name another directory with --data-dir, or start &quot;gatehouse serve&quot; to begin there.</source>
        <translation>%1 中还没有 Gatehouse 的数据。请用 --data-dir 指定其他目录，或启动“gatehouse serve”在此开始。</translation>
    </message>
    <message>
        <source>An e-mail address has a name, an @ and a host.</source>
        <translation>电子邮件地址应由名称、@ 和主机名组成。</translation>
    </message>
    <message>
        <source>Channels of one priority take turns.</source>
        <translation>同一优先级的渠道轮流处理请求。</translation>
    </message>
    <message>
        <source>Of the channels of one priority, the one is asked that answered soonest lately; one that was not measured comes first.</source>
        <translation>在同一优先级的渠道中，选择近来响应最快的；尚未测量的渠道优先。</translation>
    </message>
    <message>
        <source>Of the channels of one priority, the one is asked whose input and output cost the least.</source>
        <translation>在同一优先级的渠道中，选择输入和输出费用最低的。</translation>
    </message>
    <message>
        <source>Of the channels of one priority, the one is asked that has the fewest running requests for its weight.</source>
        <translation>在同一优先级的渠道中，选择相对其权重正在处理的请求最少的。</translation>
    </message>
    <message>
        <source>Channels of one priority share the requests by their weights.</source>
        <translation>同一优先级的渠道按权重分担请求。</translation>
    </message>
    <message>
        <source>Sessions keep to no channel.</source>
        <translation>会话不固定于任何渠道。</translation>
    </message>
    <message>
        <source>A session keeps to its channel and key for %1 minutes after its last request.</source>
        <translation>会话在最后一次请求之后 %1 分钟内保持其渠道和密钥。</translation>
    </message>
    <message>
        <source>A secret may have letters, digits and signs of ASCII, without blanks: at most %1.</source>
        <translation>密钥可以包含 ASCII 字母、数字和符号，不含空格：最多 %1 个字符。</translation>
    </message>
    <message>
        <source>The secret could not be sealed.</source>
        <translation>无法加密该密钥。</translation>
    </message>
    <message>
        <source>The name %1 was not found.</source>
        <translation>找不到名称 %1。</translation>
    </message>
    <message>
        <source>%1 is at an address that nothing is sent to.</source>
        <translation>%1 所在的地址不允许发送。</translation>
    </message>
    <message>
        <source>Nothing takes connections at %1.</source>
        <translation>%1 不接受连接。</translation>
    </message>
    <message>
        <source>No encrypted connection to %1 could be made. Its certificate may not be trusted here.</source>
        <translation>无法与 %1 建立加密连接。此处可能不信任其证书。</translation>
    </message>
    <message>
        <source>%1 did not answer in time.</source>
        <translation>%1 未在时限内响应。</translation>
    </message>
    <message>
        <source>%1 ended the connection without an answer.</source>
        <translation>%1 未作响应就断开了连接。</translation>
    </message>
    <message>
        <source>%1 answered with the status %2.</source>
        <translation>%1 返回了状态码 %2。</translation>
    </message>
    <message>
        <source>No webhook address was set.</source>
        <translation>尚未设置 Webhook 地址。</translation>
    </message>
    <message>
        <source>This webhook address leads back to this gateway.</source>
        <translation>该 Webhook 地址会指回本网关。</translation>
    </message>
    <message>
        <source>The program ends.</source>
        <translation>程序正在退出。</translation>
    </message>
    <message>
        <source>This key is not known here: it came with a backup of another computer, without its secrets. It is valid as before. Rotate the token for a new one.</source>
        <translation>此处不知道这个密钥：它来自另一台计算机的备份，且备份不含机密。它仍然有效。请轮换令牌以获得新的密钥。</translation>
    </message>
    <message>
        <source>The hours of a price are two different times of the day.</source>
        <translation>价格的时段应为一天中两个不同的时刻。</translation>
    </message>
    <message>
        <source>The hours of a price cannot overlap.</source>
        <translation>价格的时段不能重叠。</translation>
    </message>
    <message>
        <source>A currency is named by its three letters, such as EUR.</source>
        <translation>货币由三个字母表示，例如 EUR。</translation>
    </message>
    <message>
        <source>A price cannot be effective from that date.</source>
        <translation>价格不能从该日期起生效。</translation>
    </message>
    <message>
        <source>There is no exchange rate for %1. Say how much of it is a dollar in the setting accounting.exchange_rates, such as &quot;%1 7.1&quot;, then save the price again.</source>
        <translation>没有 %1 的汇率。请在设置 accounting.exchange_rates 中写明一美元合多少，例如“%1 7.1”，然后重新保存价格。</translation>
    </message>
    <message>
        <source>There are no secrets that a backup could include.</source>
        <translation>没有可包含在备份中的机密。</translation>
    </message>
    <message>
        <source>The keys in this backup open with the passphrase that it was made with.</source>
        <translation>此备份中的密钥要用制作备份时的密码短语解密。</translation>
    </message>
    <message>
        <source>The secrets in this backup are not those that its keys are sealed with.</source>
        <translation>此备份中的机密与加密其密钥的机密不符。</translation>
    </message>
    <message>
        <source>The passphrase must not be empty.</source>
        <translation>密码短语不能为空。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is the origin of no page in particular: files, and frames of anybody. It cannot be allowed.</source>
        <translation>“%1”不是任何特定网页的来源：本地文件和任何人的嵌入页面都会使用它，因此不能允许。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; names no single origin. Write each one as a whole, or * alone for all.</source>
        <translation>“%1”不是单个来源。请完整写出每个来源，或单独写 * 表示全部。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; has a path. An origin ends with the host or its port, without a slash: https://chat.example.com.</source>
        <translation>“%1”带有路径。来源以主机名或端口结尾，不带斜杠：https://chat.example.com。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no origin. Write it as https://chat.example.com or http://localhost:8080.</source>
        <translation>“%1”不是来源。请写成 https://chat.example.com 或 http://localhost:8080 的形式。</translation>
    </message>
    <message>
        <source>At most %1 origins can be allowed.</source>
        <translation>最多可以允许 %1 个来源。</translation>
    </message>
    <message>
        <source>Exchange rates are pairs of a currency, each named once, and of how much of it is a dollar, such as &quot;CNY 7.1 EUR 0.92&quot;: up to six digits before and behind the point. This is none: &quot;%1&quot;.</source>
        <translation>汇率由货币（每种只写一次）和一美元合多少该货币成对组成，例如“CNY 7.1 EUR 0.92”：小数点前后各至多六位数字。这不是汇率：“%1”。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no address that events can be sent to. Write it as https://host/path, without a user name.</source>
        <translation>“%1”不是可以发送事件的地址。请写成 https://主机/路径 的形式，不带用户名。</translation>
    </message>
    <message>
        <source>%1 must be a time of the UTC day, such as 16:30.</source>
        <translation>%1 必须是 UTC 时刻，例如 16:30。</translation>
    </message>
    <message>
        <source>The hours of a price need tokens.</source>
        <translation>价格的时段需要词元的价格（tokens）。</translation>
    </message>
    <message>
        <source>The built-in table of what models can do cannot be read.</source>
        <translation>无法读取内置的模型能力表。</translation>
    </message>
    <message>
        <source>What the passphrase protects is damaged.</source>
        <translation>密码短语所保护的内容已损坏。</translation>
    </message>
    <message>
        <source>What the passphrase protects was written by a newer version.</source>
        <translation>密码短语所保护的内容由更新的版本写入。</translation>
    </message>
    <message>
        <source>The passphrase is not the right one.</source>
        <translation>密码短语不正确。</translation>
    </message>
    <message>
        <source>No key could be made of the passphrase.</source>
        <translation>无法从密码短语生成密钥。</translation>
    </message>
    <message>
        <source>Headers may have at most %1 bytes.</source>
        <translation>请求头最多 %1 字节。</translation>
    </message>
    <message>
        <source>Write headers as name=value, with commas between them. What is special within a value may be percent-encoded.</source>
        <translation>请将请求头写成 名称=值，多个之间用逗号分隔。值中的特殊字符可用百分号编码。</translation>
    </message>
    <message>
        <source>No OTLP address was set.</source>
        <translation>尚未设置 OTLP 地址。</translation>
    </message>
    <message>
        <source>This OTLP address leads back to this gateway.</source>
        <translation>此 OTLP 地址指回本网关。</translation>
    </message>
    <message>
        <source>OTEL_SDK_DISABLED switched traces off when Gatehouse was started.</source>
        <translation>Gatehouse 启动时 OTEL_SDK_DISABLED 关闭了链路追踪。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no address that traces can be sent to. Write it as https://host:port, without a user name.</source>
        <translation>“%1”不是可以发送链路追踪的地址。请写成 https://主机:端口，不带用户名。</translation>
    </message>
    <message>
        <source>Nothing is remembered of the session of this request: its next one is served as that of a new session.</source>
        <translation>已没有此请求所属会话的记录：其下一个请求按新会话处理。</translation>
    </message>
    <message>
        <source>The session of this request was served by %1 last, which is not to be had for it now: it moves to another.</source>
        <translation>此请求所属会话上次由%1处理，但现在无法使用：会话将改用其他渠道或密钥。</translation>
    </message>
    <message>
        <source>The session of this request keeps to %1, which served it last.</source>
        <translation>此请求所属会话保持使用上次处理它的%1。</translation>
    </message>
    <message>
        <source>a channel that is no more</source>
        <translation>已不存在的渠道</translation>
    </message>
    <message>
        <source>the channel &quot;%1&quot; with the key …%2</source>
        <translation>渠道“%1”（密钥 …%2）</translation>
    </message>
    <message>
        <source>the channel &quot;%1&quot;</source>
        <translation>渠道“%1”</translation>
    </message>
    <message>
        <source>Metrics were not taken: %1</source>
        <translation>指标未被接收：%1</translation>
    </message>
    <message>
        <source>What the passphrase protects asks for more memory or work than Gatehouse spends on it. Gatehouse has not made it so.</source>
        <translation>密码短语所保护的内容要求的内存或计算量超出 Gatehouse 的上限。它不是由 Gatehouse 这样生成的。</translation>
    </message>
    <message>
        <source>Write cache:hit, cache:miss or cache:bypass.</source>
        <translation>请写 cache:hit、cache:miss 或 cache:bypass。</translation>
    </message>
    <message>
        <source>Enter its key first; it could not be opened when the backup was restored.</source>
        <translation>请先输入它的密钥；还原备份时无法解密原来的密钥。</translation>
    </message>
    <message>
        <source>The channel has no key that is enabled. Enable one, or enter another.</source>
        <translation>该渠道没有已启用的密钥。请启用一个，或输入新的密钥。</translation>
    </message>
    <message>
        <source>Through %1, which %2 names.</source>
        <translation>经由 %1（由 %2 指定）。</translation>
    </message>
    <message>
        <source>https:// through %1, which %2 names; http:// through %3, which %4 names.</source>
        <translation>https:// 经由 %1（由 %2 指定）；http:// 经由 %3（由 %4 指定）。</translation>
    </message>
    <message>
        <source>https:// through %1, which %2 names; http:// without a proxy.</source>
        <translation>https:// 经由 %1（由 %2 指定）；http:// 不使用代理。</translation>
    </message>
    <message>
        <source>http:// through %1, which %2 names; https:// without a proxy.</source>
        <translation>http:// 经由 %1（由 %2 指定）；https:// 不使用代理。</translation>
    </message>
    <message>
        <source>Without a proxy: the environment names none.</source>
        <translation>不使用代理：环境变量未指定代理。</translation>
    </message>
    <message>
        <source>%1 This computer is reached without it.</source>
        <translation>%1访问本机时不经过代理。</translation>
    </message>
    <message>
        <source>%1 This computer and what NO_PROXY names (%2) are reached without it.</source>
        <translation>%1访问本机以及 NO_PROXY 所列地址（%2）时不经过代理。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Allowed addresses</source>
        <translation>允许的地址</translation>
    </message>
    <message>
        <source>Session affinity</source>
        <translation>会话亲和</translation>
    </message>
    <message>
        <source>Private addresses</source>
        <translation>私有地址</translation>
    </message>
    <message>
        <source>API version</source>
        <translation>API 版本</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>余额</translation>
    </message>
    <message>
        <source>Base URL</source>
        <translation>Base URL</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>早于</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>正文</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>Budget period</source>
        <translation>预算周期</translation>
    </message>
    <message>
        <source>Budget warning, percent</source>
        <translation>预算提醒（百分比）</translation>
    </message>
    <message>
        <source>Cache read</source>
        <translation>缓存读取</translation>
    </message>
    <message>
        <source>Cache write</source>
        <translation>缓存写入</translation>
    </message>
    <message>
        <source>Cache write, long</source>
        <translation>缓存写入（长期）</translation>
    </message>
    <message>
        <source>Capture</source>
        <translation>记录正文</translation>
    </message>
    <message>
        <source>Certificate authority</source>
        <translation>证书颁发机构</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>渠道</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>渠道</translation>
    </message>
    <message>
        <source>Requests at the same time</source>
        <translation>并发请求数</translation>
    </message>
    <message>
        <source>Provider&apos;s settings</source>
        <translation>供应商的设置</translation>
    </message>
    <message>
        <source>Connect within</source>
        <translation>连接时限</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>货币</translation>
    </message>
    <message>
        <source>Display name</source>
        <translation>显示名称</translation>
    </message>
    <message>
        <source>Effective from</source>
        <translation>生效时间</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>电子邮件</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>到期时间</translation>
    </message>
    <message>
        <source>First byte within</source>
        <translation>首字节时限</translation>
    </message>
    <message>
        <source>Former key valid until</source>
        <translation>旧密钥有效至</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Longest silence</source>
        <translation>最长静默</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Audio input</source>
        <translation>音频输入</translation>
    </message>
    <message>
        <source>Keys added</source>
        <translation>添加的密钥</translation>
    </message>
    <message>
        <source>Keys changed</source>
        <translation>更改的密钥</translation>
    </message>
    <message>
        <source>Keys disabled</source>
        <translation>停用的密钥</translation>
    </message>
    <message>
        <source>Keys enabled</source>
        <translation>启用的密钥</translation>
    </message>
    <message>
        <source>Keys removed</source>
        <translation>移除的密钥</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Model mapping</source>
        <translation>模型映射</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Organization</source>
        <translation>组织</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Audio output</source>
        <translation>音频输出</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>所有者</translation>
    </message>
    <message>
        <source>Per call</source>
        <translation>每次调用</translation>
    </message>
    <message>
        <source>Per character</source>
        <translation>每个字符</translation>
    </message>
    <message>
        <source>Prices of pictures</source>
        <translation>图片价格</translation>
    </message>
    <message>
        <source>Price multiplier</source>
        <translation>价格倍率</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Price factor</source>
        <translation>价格倍率</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Reasoning</source>
        <translation>推理</translation>
    </message>
    <message>
        <source>Requests a minute</source>
        <translation>每分钟请求数</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Test model</source>
        <translation>测试模型</translation>
    </message>
    <message>
        <source>Price tiers</source>
        <translation>价格阶梯</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Tokens a minute</source>
        <translation>每分钟词元数</translation>
    </message>
    <message>
        <source>Whole answer within</source>
        <translation>完整回答时限</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>供应商</translation>
    </message>
    <message>
        <source>Unlimited</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>已用</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Check of certificates</source>
        <translation>证书校验</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Window lock</source>
        <translation>窗口锁定</translation>
    </message>
    <message>
        <source>Price hours</source>
        <translation>分时价格</translation>
    </message>
    <message>
        <source>administrator</source>
        <translation>管理员</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>by the setting</source>
        <translation>按设置</translation>
    </message>
    <message>
        <source>day</source>
        <translation>天</translation>
    </message>
    <message>
        <source>enabled</source>
        <translation>已启用</translation>
    </message>
    <message>
        <source>exhausted</source>
        <translation>已用尽</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>month</source>
        <translation>月</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>once</source>
        <translation>一次性</translation>
    </message>
    <message>
        <source>root</source>
        <translation>root</translation>
    </message>
    <message>
        <source>user</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>week</source>
        <translation>周</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>已创建</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>已更改</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>已删除</translation>
    </message>
    <message>
        <source>Restored</source>
        <translation>已还原</translation>
    </message>
    <message>
        <source>Disabled automatically</source>
        <translation>已自动停用</translation>
    </message>
    <message>
        <source>Enabled automatically</source>
        <translation>已自动启用</translation>
    </message>
    <message>
        <source>Circuit opened</source>
        <translation>熔断已触发</translation>
    </message>
    <message>
        <source>Circuit closed</source>
        <translation>熔断已恢复</translation>
    </message>
    <message>
        <source>Key revealed</source>
        <translation>已显示密钥</translation>
    </message>
    <message>
        <source>Key replaced</source>
        <translation>已更换密钥</translation>
    </message>
    <message>
        <source>Former key ended</source>
        <translation>旧密钥已失效</translation>
    </message>
    <message>
        <source>Usage reset</source>
        <translation>已重置用量</translation>
    </message>
    <message>
        <source>Topped up</source>
        <translation>已充值</translation>
    </message>
    <message>
        <source>Password changed</source>
        <translation>已更改密码</translation>
    </message>
    <message>
        <source>Access token renewed</source>
        <translation>已更换访问令牌</translation>
    </message>
    <message>
        <source>Signed in</source>
        <translation>已登录</translation>
    </message>
    <message>
        <source>Sign-in failed</source>
        <translation>登录失败</translation>
    </message>
    <message>
        <source>Signed out everywhere</source>
        <translation>已在所有地方退出登录</translation>
    </message>
    <message>
        <source>Cleared</source>
        <translation>已清除</translation>
    </message>
    <message>
        <source>Costs recalculated</source>
        <translation>已重新计算费用</translation>
    </message>
    <message>
        <source>Exported</source>
        <translation>已导出</translation>
    </message>
    <message>
        <source>ever since</source>
        <translation>一直以来</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>the usual</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message>
        <source>Header %1</source>
        <translation>请求头 %1</translation>
    </message>
    <message>
        <source>%1: changed</source>
        <translation>%1：已更改</translation>
    </message>
    <message>
        <source>%1: %2 → %3</source>
        <translation>%1：%2 → %3</translation>
    </message>
    <message>
        <source>Token of the metrics</source>
        <translation>指标的令牌</translation>
    </message>
    <message>
        <source>Secret of the webhook</source>
        <translation>Webhook 的密钥</translation>
    </message>
    <message>
        <source>Headers of the OTLP export</source>
        <translation>OTLP 导出的请求头</translation>
    </message>
    <message>
        <source>Somebody</source>
        <translation>某人</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Channel “%1”</source>
        <translation>渠道“%1”</translation>
    </message>
    <message>
        <source>User “%1”</source>
        <translation>用户“%1”</translation>
    </message>
    <message>
        <source>All users</source>
        <translation>所有用户</translation>
    </message>
    <message>
        <source>Unknown user</source>
        <translation>未知用户</translation>
    </message>
    <message>
        <source>Token “%1”</source>
        <translation>令牌“%1”</translation>
    </message>
    <message>
        <source>Group “%1”</source>
        <translation>分组“%1”</translation>
    </message>
    <message>
        <source>Price of %1</source>
        <translation>%1 的价格</translation>
    </message>
    <message>
        <source>Routing of %1</source>
        <translation>%1 的路由</translation>
    </message>
    <message>
        <source>Setting %1</source>
        <translation>设置 %1</translation>
    </message>
    <message>
        <source>Backup %1</source>
        <translation>备份 %1</translation>
    </message>
    <message>
        <source>Import from %1</source>
        <translation>从 %1 导入</translation>
    </message>
    <message>
        <source>Requests of the ledger</source>
        <translation>账本中的请求</translation>
    </message>
    <message>
        <source>%1 (undo)</source>
        <translation>%1（撤销）</translation>
    </message>
    <message>
        <source>%1 (redo)</source>
        <translation>%1（重做）</translation>
    </message>
    <message>
        <source>The proxy that the environment names made no connection to %1.</source>
        <translation>环境变量指定的代理未能连接到 %1。</translation>
    </message>
    <message>
        <source>A group needs a name.</source>
        <translation>分组需要一个名称。</translation>
    </message>
    <message>
        <source>The name of a group has at most %1 characters.</source>
        <translation>分组名称最多 %1 个字符。</translation>
    </message>
    <message>
        <source>The name of a group has no space at its ends.</source>
        <translation>分组名称首尾不能有空格。</translation>
    </message>
    <message>
        <source>The name of a group holds no comma: lists of groups do.</source>
        <translation>分组名称不能含有逗号：逗号用于分隔分组列表。</translation>
    </message>
    <message>
        <source>The name of a group holds a character that cannot be seen.</source>
        <translation>分组名称含有不可见的字符。</translation>
    </message>
    <message>
        <source>The price factor of a group must lie between 0 and 1000000.</source>
        <translation>分组的价格倍率必须在 0 到 1000000 之间。</translation>
    </message>
    <message>
        <source>These deleted users of the group &quot;%1&quot; can be restored for 30 days: %2. The group goes after them, or can be renamed.</source>
        <translation>分组“%1”中这些已删除的用户在 30 天内仍可还原：%2。在此之后才能移除该分组；也可以将其重命名。</translation>
    </message>
    <message>
        <source>The group &quot;default&quot; keeps its name: new users are in it.</source>
        <translation>分组“default”的名称不能更改：新用户属于该分组。</translation>
    </message>
    <message>
        <source>Only the ends of this key are kept: it could be seen when it was made alone. It is valid as before. Rotate the token for a new one.</source>
        <translation>该密钥仅保留了首尾：只有在创建时才能看到。它仍然有效。轮换令牌可获得新密钥。</translation>
    </message>
    <message>
        <source>This is a masked key, not a whole one.</source>
        <translation>这是隐去部分内容的密钥，不是完整的密钥。</translation>
    </message>
    <message>
        <source>Line %1: %2</source>
        <translation>第 %1 行：%2</translation>
    </message>
    <message>
        <source>there are more than %1 rules.</source>
        <translation>规则超过 %1 条。</translation>
    </message>
    <message>
        <source>this is no regular expression: %1, at its character %2.</source>
        <translation>这不是正则表达式：%1，位于第 %2 个字符。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no network. Write it as 192.168.1.0/24 or fd00::/8, or lan for the local network.</source>
        <translation>“%1”不是网络。请写成 192.168.1.0/24 或 fd00::/8，或用 lan 表示局域网。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no status code and no range of them. Write them as 429, 500-599.</source>
        <translation>“%1”不是状态码或状态码范围。请写成 429, 500-599。</translation>
    </message>
    <message>
        <source>%1 is outside the status codes of errors, %2 to %3.</source>
        <translation>%1 超出错误状态码的范围（%2 至 %3）。</translation>
    </message>
    <message>
        <source>The range %1 ends before it begins. Write %2-%3.</source>
        <translation>范围 %1 的终点小于起点。请写成 %2-%3。</translation>
    </message>
    <message>
        <source>The damaged database %1 cannot be moved away. Check the permissions of its folder.</source>
        <translation>无法移开已损坏的数据库 %1。请检查其所在文件夹的权限。</translation>
    </message>
    <message>
        <source>There is a group &quot;%1&quot; already.</source>
        <translation>分组“%1”已存在。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no moment. Write a span such as 7d, or a date such as 2026-01-31.</source>
        <translation>“%1”不是时间。请写 7d 这样的时间跨度，或 2026-01-31 这样的日期。</translation>
    </message>
    <message>
        <source>Keys forgotten</source>
        <translation>密钥已遗忘</translation>
    </message>
    <message>
        <source>All tokens</source>
        <translation>所有令牌</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::AboutDialog</name>
    <message>
        <source>About Gatehouse</source>
        <translation>关于 Gatehouse</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>复制诊断信息</translation>
    </message>
    <message>
        <source>One endpoint for every language model.</source>
        <translation>一个端点，接入所有语言模型。</translation>
    </message>
    <message>
        <source>Free software under the GNU General Public License, version 3 or later. It comes without any warranty.</source>
        <translation>自由软件，依据 GNU 通用公共许可证第 3 版或更高版本发布。不提供任何担保。</translation>
    </message>
    <message>
        <source>Licences…</source>
        <translation>许可证…</translation>
    </message>
    <message>
        <source>Made with Qt %1, QCustomPlot, Botan, Boost, simdjson, SQLite, QtKeychain, libqrencode, yaml-cpp, zlib and zstd. Icons by Lucide. Prices from genai-prices, what models can do from LiteLLM, token tables from tiktoken.</source>
        <translation>使用 Qt %1、QCustomPlot、Botan、Boost、simdjson、SQLite、QtKeychain、libqrencode、yaml-cpp、zlib 和 zstd 构建。图标来自 Lucide，价格来自 genai-prices，模型能力数据来自 LiteLLM，词元表来自 tiktoken。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::AccountBlock</name>
    <message>
        <source>Administrator</source>
        <translation>管理员</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>Change password…</source>
        <translation>更改密码…</translation>
    </message>
    <message>
        <source>Sign out everywhere…</source>
        <translation>在所有位置退出登录…</translation>
    </message>
    <message>
        <source>The password was changed.</source>
        <translation>密码已更改。</translation>
    </message>
    <message>
        <source>Sign out everywhere</source>
        <translation>在所有位置退出登录</translation>
    </message>
    <message>
        <source>Sign everybody out?</source>
        <translation>让所有人退出登录？</translation>
    </message>
    <message>
        <source>Everybody is signed out.</source>
        <translation>所有人都已退出登录。</translation>
    </message>
    <message>
        <source>For signing in to the management API, and for unlocking this window.</source>
        <translation>用于登录管理 API 和解锁此窗口。</translation>
    </message>
    <message>
        <source>Ends all sessions at the management API and voids all access tokens to it. The tokens that programs use go on working.</source>
        <translation>结束管理 API 上的所有会话，并使其所有访问令牌失效。程序使用的令牌继续有效。</translation>
    </message>
    <message>
        <source>All sessions at the management API end, yours included, and all access tokens to it are void; everybody has to sign in again. The tokens that programs use go on working.</source>
        <translation>管理 API 上的所有会话（包括您的）都将结束，其所有访问令牌失效，所有人都须重新登录。程序使用的令牌继续有效。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ActionRow</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::AddressField</name>
    <message>
        <source>Copy the address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>The address for clients. Click for its variants.</source>
        <translation>供客户端使用的地址。点击查看其他形式。</translation>
    </message>
    <message>
        <source>No address</source>
        <translation>无地址</translation>
    </message>
    <message>
        <source>The gateway has no address now</source>
        <translation>网关目前没有地址</translation>
    </message>
    <message>
        <source>Address: %1</source>
        <translation>地址：%1</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>local network</source>
        <translation>局域网</translation>
    </message>
    <message>
        <source>containers and WSL</source>
        <translation>容器和 WSL</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::AddressList</name>
    <message>
        <source>Copy %1</source>
        <translation>复制 %1</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::AttentionPanel</name>
    <message>
        <source>Needs attention</source>
        <translation>需要关注</translation>
    </message>
    <message>
        <source>Nothing needs your attention.</source>
        <translation>没有需要关注的事项。</translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation>收起</translation>
    </message>
    <message numerus="yes">
        <source>Show all %n</source>
        <comment>things</comment>
        <translation>
            <numerusform>显示全部 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>button, what it is about</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1: the key was refused</source>
        <translation>%1：密钥被拒绝</translation>
    </message>
    <message>
        <source>%1: all keys were refused</source>
        <translation>%1：所有密钥均被拒绝</translation>
    </message>
    <message>
        <source>%1: %2 of %3 keys were refused</source>
        <translation>%1：%3 个密钥中有 %2 个被拒绝</translation>
    </message>
    <message>
        <source>%1: out of credit</source>
        <translation>%1：余额不足</translation>
    </message>
    <message>
        <source>%1: %2 of %3 keys are out of credit</source>
        <translation>%1：%3 个密钥中有 %2 个余额不足</translation>
    </message>
    <message>
        <source>%1: breaker open</source>
        <translation>%1：已熔断</translation>
    </message>
    <message>
        <source>%1: breaker open until %2</source>
        <translation>%1：熔断至 %2</translation>
    </message>
    <message>
        <source>%1: its budget is used up</source>
        <translation>%1：预算已用尽</translation>
    </message>
    <message>
        <source>%1: %2 of its budget is used</source>
        <translation>%1：预算已使用 %2</translation>
    </message>
    <message>
        <source>%1 expires %2</source>
        <comment>token, in 3 days</comment>
        <translation>%1 %2过期</translation>
    </message>
    <message>
        <source>%1 is used without a price</source>
        <translation>%1 使用中但没有价格</translation>
    </message>
    <message>
        <source>Enter keys…</source>
        <translation>输入密钥…</translation>
    </message>
    <message>
        <source>Show channel</source>
        <translation>显示渠道</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Budget…</source>
        <translation>预算…</translation>
    </message>
    <message>
        <source>Extend…</source>
        <translation>延期…</translation>
    </message>
    <message>
        <source>Add price…</source>
        <translation>添加价格…</translation>
    </message>
    <message>
        <source>Prometheus has no token since a backup was restored</source>
        <translation>自还原备份以来，Prometheus 没有令牌</translation>
    </message>
    <message>
        <source>Traces are sent without headers since a backup was restored</source>
        <translation>自还原备份以来，链路追踪发送时不带请求头</translation>
    </message>
    <message>
        <source>The webhook has no secret since a backup was restored</source>
        <translation>自还原备份以来，Webhook 没有密钥</translation>
    </message>
    <message>
        <source>The last backup failed %1: %2</source>
        <comment>3 min ago, why</comment>
        <translation>最近一次备份失败（%1）：%2</translation>
    </message>
    <message numerus="yes">
        <source>%n channels have no keys since a backup was restored</source>
        <translation>
            <numerusform>自还原备份以来，%n 个渠道没有密钥</numerusform>
        </translation>
    </message>
    <message>
        <source>Backups…</source>
        <translation>备份…</translation>
    </message>
    <message>
        <source>Show channels</source>
        <translation>显示渠道</translation>
    </message>
    <message>
        <source>Enter it…</source>
        <translation>输入…</translation>
    </message>
    <message>
        <source>Metrics do not reach their collector</source>
        <translation>指标无法送达收集器</translation>
    </message>
    <message>
        <source>Traces do not reach their collector</source>
        <translation>链路追踪数据无法送达收集器</translation>
    </message>
    <message>
        <source>Events do not reach the webhook</source>
        <translation>事件无法送达 Webhook</translation>
    </message>
    <message>
        <source>%1 since %2: %3</source>
        <comment>the webhook fails, time, why</comment>
        <translation>%1（自 %2 起）：%3</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::BackupBlock</name>
    <message>
        <source>Backups</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Back up now</source>
        <translation>立即备份</translation>
    </message>
    <message>
        <source>Save a copy…</source>
        <translation>另存副本…</translation>
    </message>
    <message>
        <source>Restore from a file…</source>
        <translation>从文件还原…</translation>
    </message>
    <message>
        <source>Restore…</source>
        <translation>还原…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>No backups yet</source>
        <translation>还没有备份</translation>
    </message>
    <message>
        <source>Make one now, or let them be made by schedule.</source>
        <translation>立即创建一个，或设置定时备份。</translation>
    </message>
    <message>
        <source>A PostgreSQL database is backed up with its own tools, such as pg_dump.</source>
        <translation>PostgreSQL 数据库使用其自带工具（例如 pg_dump）备份。</translation>
    </message>
    <message>
        <source>A backup waits to be restored.</source>
        <translation>有一个备份等待还原。</translation>
    </message>
    <message>
        <source>It takes the place of the present data when Gatehouse starts next.</source>
        <translation>Gatehouse 下次启动时，它将取代当前数据。</translation>
    </message>
    <message>
        <source>Do not restore</source>
        <translation>不还原</translation>
    </message>
    <message>
        <source>Quit now</source>
        <translation>立即退出</translation>
    </message>
    <message>
        <source>Backed up: %1</source>
        <translation>已备份：%1</translation>
    </message>
    <message>
        <source>Save a copy</source>
        <translation>另存副本</translation>
    </message>
    <message>
        <source>Databases (*.db)</source>
        <translation>数据库 (*.db)</translation>
    </message>
    <message>
        <source>Saved to %1</source>
        <translation>已保存到 %1</translation>
    </message>
    <message>
        <source>Restore from a file</source>
        <translation>从文件还原</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Restore a backup</source>
        <translation>还原备份</translation>
    </message>
    <message>
        <source>Restore the backup %1?</source>
        <translation>还原备份 %1？</translation>
    </message>
    <message>
        <source>Back up and restore</source>
        <translation>备份并还原</translation>
    </message>
    <message>
        <source>The present data are kept in %1</source>
        <translation>当前数据保存在 %1</translation>
    </message>
    <message>
        <source>Nothing is restored.</source>
        <translation>不进行还原。</translation>
    </message>
    <message>
        <source>Delete a backup</source>
        <translation>删除备份</translation>
    </message>
    <message>
        <source>Delete this backup?</source>
        <translation>删除此备份？</translation>
    </message>
    <message>
        <source>%1, made %2. It cannot be had back.</source>
        <translation>%1，创建于 %2。删除后无法恢复。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Deleted a backup</source>
        <translation>已删除一个备份</translation>
    </message>
    <message>
        <source>Backing up…</source>
        <translation>正在备份…</translation>
    </message>
    <message>
        <source>Saving a copy…</source>
        <translation>正在保存副本…</translation>
    </message>
    <message>
        <source>Reading the backup…</source>
        <translation>正在读取备份…</translation>
    </message>
    <message>
        <source>Preparing the restore…</source>
        <translation>正在准备还原…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>It holds %1, %2 and %3. The present data are backed up first; the backup takes their place when Gatehouse starts next. Who is signed in to the management API has to sign in again, and access tokens to it are void. API keys are those of the backup.</source>
        <translation>其中有 %1、%2和%3。会先备份当前数据；下次启动 Gatehouse 时，该备份将取代它们。已登录管理 API 的人须重新登录，其访问令牌全部失效。API 密钥以备份中的为准。</translation>
    </message>
    <message numerus="yes">
        <source>%n channels</source>
        <translation>
            <numerusform>%n 个渠道</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n users</source>
        <translation>
            <numerusform>%n 个用户</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n requests</source>
        <translation>
            <numerusform>%n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>Include secrets</source>
        <translation>包含机密</translation>
    </message>
    <message>
        <source>A passphrase protects the master key in the backup, so that another computer can open its keys. Backups by schedule never include it.</source>
        <translation>备份中的主密钥由密码短语保护，使另一台计算机能够解密其中的密钥。定时备份从不包含主密钥。</translation>
    </message>
    <message>
        <source>In %1. Keys in them stay sealed with the master key of this computer, which another one has only from a backup that includes secrets.</source>
        <translation>位于 %1。其中的密钥仍由本机的主密钥加密，另一台计算机只能从包含机密的备份中获得该主密钥。</translation>
    </message>
    <message>
        <source>It was made on another computer: its keys open with the passphrase that it was made with. Without it, what is listed here is lost:</source>
        <translation>它是在另一台计算机上制作的：其中的密钥要用制作时的密码短语解密。没有密码短语，以下内容将丢失：</translation>
    </message>
    <message>
        <source>It was made on another computer, and does not include the secrets that open its keys. What is listed here is lost:</source>
        <translation>它是在另一台计算机上制作的，且不包含能解密其密钥的机密。以下内容将丢失：</translation>
    </message>
    <message>
        <source>Restore without secrets</source>
        <translation>不含机密地还原</translation>
    </message>
    <message>
        <source>Enter the passphrase…</source>
        <translation>输入密码短语…</translation>
    </message>
    <message>
        <source>the keys, headers and proxies of its channels, which are switched off until you enter them again; the texts of its API keys, which stay valid but cannot be shown; the certificate authority for HTTPS; and the secrets of Prometheus, traces and the webhook.</source>
        <translation>其渠道的密钥、请求头和代理（这些渠道将停用，直到您重新输入）；其 API 密钥的原文（仍然有效，但无法再显示）；用于 HTTPS 的证书颁发机构；以及 Prometheus、链路追踪和 Webhook 的机密。</translation>
    </message>
    <message>
        <source>The last backup failed.</source>
        <translation>最近一次备份失败。</translation>
    </message>
    <message>
        <source>It was due %1: %2</source>
        <comment>date and time, why</comment>
        <translation>应于 %1 进行：%2</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::BackupColumns</name>
    <message>
        <source>By hand</source>
        <translation>手动</translation>
    </message>
    <message>
        <source>By schedule</source>
        <translation>定时</translation>
    </message>
    <message>
        <source>Before a restore</source>
        <translation>还原之前</translation>
    </message>
    <message>
        <source>Before an update</source>
        <translation>更新之前</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Before an import</source>
        <translation>导入之前</translation>
    </message>
    <message>
        <source>By hand, with secrets</source>
        <translation>手动，含机密</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::BodyText</name>
    <message>
        <source>[%1: show]</source>
        <comment>a folded picture, its type and size</comment>
        <translation>[%1：显示]</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::BodyView</name>
    <message>
        <source>Body</source>
        <translation>正文</translation>
    </message>
    <message>
        <source>The body is empty.</source>
        <translation>正文为空。</translation>
    </message>
    <message>
        <source>%1 of %2 shown</source>
        <translation>已显示 %1，共 %2</translation>
    </message>
    <message>
        <source>only the first %1 of %2 were kept</source>
        <translation>仅保留了 %2 中的前 %1</translation>
    </message>
    <message>
        <source>no text, shown as bytes</source>
        <translation>非文本，以字节显示</translation>
    </message>
    <message>
        <source>Load %1 more</source>
        <translation>再加载 %1</translation>
    </message>
    <message>
        <source>Loading…</source>
        <translation>正在加载…</translation>
    </message>
    <message>
        <source>Load all</source>
        <translation>全部加载</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::BudgetFields</name>
    <message>
        <source>Given once</source>
        <translation>一次性</translation>
    </message>
    <message>
        <source>For each day</source>
        <translation>每天</translation>
    </message>
    <message>
        <source>For each week</source>
        <translation>每周</translation>
    </message>
    <message>
        <source>For each month</source>
        <translation>每月</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source> %</source>
        <comment>percent, behind a number</comment>
        <translation> %</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>Left to spend</source>
        <translation>剩余金额</translation>
    </message>
    <message>
        <source>May spend</source>
        <translation>可用金额</translation>
    </message>
    <message>
        <source>In dollars.</source>
        <translation>以美元计。</translation>
    </message>
    <message>
        <source>Warn at</source>
        <translation>提醒比例</translation>
    </message>
    <message>
        <source>Of the budget: it then needs attention, and a notification says so.</source>
        <translation>占预算的比例：达到后列入“需要关注”，并发出通知。</translation>
    </message>
    <message>
        <source>In dollars; it begins anew each midnight.</source>
        <translation>以美元计；每天零点重新开始。</translation>
    </message>
    <message>
        <source>In dollars; it begins anew on Mondays.</source>
        <translation>以美元计；每周一重新开始。</translation>
    </message>
    <message>
        <source>In dollars; it begins anew on the first of the month.</source>
        <translation>以美元计；每月一日重新开始。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::BudgetText</name>
    <message>
        <source>%1 / %2</source>
        <comment>spent, given</comment>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>a day</source>
        <translation>每天</translation>
    </message>
    <message>
        <source>a week</source>
        <translation>每周</translation>
    </message>
    <message>
        <source>a month</source>
        <translation>每月</translation>
    </message>
    <message>
        <source>It begins anew %1.</source>
        <comment>moment</comment>
        <translation>%1 重新开始。</translation>
    </message>
    <message>
        <source>in total</source>
        <translation>总计</translation>
    </message>
    <message>
        <source>%1 +%2 once. %3</source>
        <comment>budget of a period, what was added to it, when it begins anew</comment>
        <translation>%1，另加一次性 %2。%3</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>amount, a month</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Enter an amount in dollars, such as 12.50.</source>
        <translation>请输入美元金额，例如 12.50。</translation>
    </message>
    <message>
        <source>At most $%1.</source>
        <translation>最多 $%1。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::BulkBudgetFields</name>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>Left to spend</source>
        <translation>剩余可用</translation>
    </message>
    <message>
        <source>In dollars, for each of them. Empty: each keeps what it has left.</source>
        <translation>每个各自的美元金额。留空则各自的余额保持不变。</translation>
    </message>
    <message>
        <source>May spend</source>
        <translation>可用额度</translation>
    </message>
    <message>
        <source>In dollars, each of them in each period.</source>
        <translation>每个在每个周期内的美元金额。</translation>
    </message>
    <message>
        <source>Warn at</source>
        <translation>预警比例</translation>
    </message>
    <message>
        <source>Percent of the budget; 0: never. Empty: each keeps its own.</source>
        <translation>预算的百分比；0：从不。留空则各自保持不变。</translation>
    </message>
    <message>
        <source>Some of them had no limit: enter what they may spend.</source>
        <translation>其中有的没有限制：请输入可用额度。</translation>
    </message>
    <message>
        <source>Some of them had no such limit: enter what they may spend.</source>
        <translation>其中有的没有这样的限制：请输入可用额度。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::BulkDialog</name>
    <message numerus="yes">
        <source>Edit %n channels</source>
        <translation>
            <numerusform>编辑 %n 个渠道</numerusform>
        </translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>The highest is tried first. Empty: each keeps its own.</source>
        <translation>数值最高的最先使用。留空则各自保持不变。</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>The share among channels of one priority. Empty: each keeps its own.</source>
        <translation>同一优先级渠道之间的份额。留空则各自保持不变。</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Users of these groups are served. Empty: each keeps its own.</source>
        <translation>为这些分组的用户提供服务。留空则各自保持不变。</translation>
    </message>
    <message>
        <source>Models and tags</source>
        <translation>模型与标签</translation>
    </message>
    <message>
        <source>Add models</source>
        <translation>添加模型</translation>
    </message>
    <message>
        <source>Remove models</source>
        <translation>移除模型</translation>
    </message>
    <message>
        <source>Add tags</source>
        <translation>添加标签</translation>
    </message>
    <message>
        <source>Remove tags</source>
        <translation>移除标签</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Its address</source>
        <translation>代理地址</translation>
    </message>
    <message>
        <source>http://host:port or socks5://host:port</source>
        <translation>http://主机:端口 或 socks5://主机:端口</translation>
    </message>
    <message numerus="yes">
        <source>Change %n channels</source>
        <translation>
            <numerusform>更改 %n 个渠道</numerusform>
        </translation>
    </message>
    <message>
        <source>Enabled</source>
        <translation>已启用</translation>
    </message>
    <message>
        <source>Disabled</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>Enter the proxy’s address.</source>
        <translation>请输入代理地址。</translation>
    </message>
    <message>
        <source>0: no limit. Empty: each keeps its own.</source>
        <translation>0：不限。留空则各自保持不变。</translation>
    </message>
    <message>
        <source>Whole answer within</source>
        <translation>完整回答时限</translation>
    </message>
    <message>
        <source>Limits and prices</source>
        <translation>限制与价格</translation>
    </message>
    <message>
        <source>At the same time</source>
        <translation>同时进行</translation>
    </message>
    <message>
        <source>Requests a minute</source>
        <translation>每分钟请求数</translation>
    </message>
    <message>
        <source>Tokens a minute</source>
        <translation>每分钟词元数</translation>
    </message>
    <message>
        <source>Price multiplier</source>
        <translation>价格倍率</translation>
    </message>
    <message>
        <source>What requests cost by the prices is multiplied by this. Empty: each keeps its own.</source>
        <translation>按价格算出的请求费用会乘以此数。留空则各自保持不变。</translation>
    </message>
    <message>
        <source>Enter a number from 0 to %1.</source>
        <translation>请输入 0 到 %1 之间的数。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::BulkForm</name>
    <message>
        <source>What you do not touch stays as it is.</source>
        <translation>未改动的内容保持不变。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::BusyLine</name>
    <message>
        <source>Loading</source>
        <translation>正在加载</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::BytesField</name>
    <message>
        <source>This is not a size, such as “32 MiB” or “1.5 GB”.</source>
        <translation>这不是大小，正确的例子：“32 MiB”或“1.5 GB”。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::CacheBlock</name>
    <message>
        <source>Kept now</source>
        <translation>当前保留</translation>
    </message>
    <message>
        <source>Since the start</source>
        <translation>启动以来</translation>
    </message>
    <message>
        <source>Clear now</source>
        <translation>立即清除</translation>
    </message>
    <message>
        <source>No answer is kept.</source>
        <translation>没有保留任何回答。</translation>
    </message>
    <message numerus="yes">
        <source>%n answers, %1 of memory. They are gone when the program ends.</source>
        <translation>
            <numerusform>%n 个回答，占用内存 %1。程序结束后即消失。</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 requests answered from the cache, %2 not found in it, %3 not looked for</source>
        <translation>%1 个请求由缓存回答，%2 个未命中，%3 个未查找</translation>
    </message>
    <message numerus="yes">
        <source>Cleared %n kept answers</source>
        <translation>
            <numerusform>已清除 %n 个保留的回答</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::CanvasText</name>
    <message>
        <source>off</source>
        <comment>the gateway did not run</comment>
        <translation>未运行</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::CapabilityText</name>
    <message>
        <source>tools</source>
        <translation>工具</translation>
    </message>
    <message>
        <source>tools: calls functions</source>
        <translation>工具：可调用函数</translation>
    </message>
    <message>
        <source>vision</source>
        <translation>视觉</translation>
    </message>
    <message>
        <source>vision: reads pictures</source>
        <translation>视觉：可读取图片</translation>
    </message>
    <message>
        <source>reasoning</source>
        <translation>推理</translation>
    </message>
    <message>
        <source>reasoning: thinks before it answers</source>
        <translation>推理：回答前先思考</translation>
    </message>
    <message>
        <source>cache</source>
        <translation>缓存</translation>
    </message>
    <message>
        <source>cache: charges less for a prompt that it has read before</source>
        <translation>缓存：对读取过的提示词收费更低</translation>
    </message>
    <message>
        <source>audio</source>
        <translation>音频</translation>
    </message>
    <message>
        <source>audio: listens to recordings</source>
        <translation>音频：可听取录音</translation>
    </message>
    <message>
        <source>voice</source>
        <translation>语音输出</translation>
    </message>
    <message>
        <source>voice: answers aloud</source>
        <translation>语音输出：以语音回答</translation>
    </message>
    <message>
        <source>video</source>
        <translation>视频</translation>
    </message>
    <message>
        <source>video: watches videos</source>
        <translation>视频：可观看视频</translation>
    </message>
    <message>
        <source>PDF</source>
        <translation>PDF</translation>
    </message>
    <message>
        <source>PDF: reads documents</source>
        <translation>PDF：可读取文档</translation>
    </message>
    <message>
        <source>schema</source>
        <translation>结构化</translation>
    </message>
    <message>
        <source>schema: answers in the form of a JSON schema</source>
        <translation>结构化：按 JSON Schema 的形式回答</translation>
    </message>
    <message>
        <source>web</source>
        <translation>联网</translation>
    </message>
    <message>
        <source>web: searches the web</source>
        <translation>联网：可搜索网页</translation>
    </message>
    <message>
        <source>embeddings</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>embeddings: turns texts into vectors</source>
        <translation>嵌入：将文本转换为向量</translation>
    </message>
    <message>
        <source>images</source>
        <translation>图片生成</translation>
    </message>
    <message>
        <source>images: paints them</source>
        <translation>图片生成：绘制图片</translation>
    </message>
    <message>
        <source>speech</source>
        <translation>语音合成</translation>
    </message>
    <message>
        <source>speech: reads texts aloud</source>
        <translation>语音合成：朗读文本</translation>
    </message>
    <message>
        <source>transcription</source>
        <translation>转录</translation>
    </message>
    <message>
        <source>transcription: writes down what is said</source>
        <translation>转录：将语音写成文字</translation>
    </message>
    <message>
        <source>reranking</source>
        <translation>重排序</translation>
    </message>
    <message>
        <source>reranking: sorts texts by how well they fit</source>
        <translation>重排序：按相关程度排列文本</translation>
    </message>
    <message>
        <source>moderation</source>
        <translation>内容审核</translation>
    </message>
    <message>
        <source>moderation: finds what should not be said</source>
        <translation>内容审核：找出不当内容</translation>
    </message>
    <message>
        <source>videos</source>
        <translation>视频生成</translation>
    </message>
    <message>
        <source>videos: makes them</source>
        <translation>视频生成：制作视频</translation>
    </message>
    <message>
        <source>realtime</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>realtime: talks over a lasting connection</source>
        <translation>实时：通过持续连接对话</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::CaptureChoice</name>
    <message>
        <source>Bodies: off</source>
        <translation>正文：不保留</translation>
    </message>
    <message numerus="yes">
        <source>Bodies: errors, %n days</source>
        <translation>
            <numerusform>正文：仅错误，%n 天</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Bodies: all, %n days</source>
        <translation>
            <numerusform>正文：全部，%n 天</numerusform>
        </translation>
    </message>
    <message>
        <source>Which heads and bodies are kept</source>
        <translation>保留哪些请求的头部和正文</translation>
    </message>
    <message numerus="yes">
        <source>Heads and bodies are kept for %n days and take at most %1. Secrets are masked.</source>
        <translation>
            <numerusform>头部和正文保留 %n 天，最多占用 %1。密钥等机密会被遮盖。</numerusform>
        </translation>
    </message>
    <message>
        <source>Set by %1, so it cannot be changed here.</source>
        <translation>由 %1 设定，无法在此更改。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::CapturePrompt</name>
    <message>
        <source>Keep heads and bodies of</source>
        <translation>保留头部和正文的请求</translation>
    </message>
    <message>
        <source>No requests</source>
        <translation>不保留</translation>
    </message>
    <message>
        <source>Failed ones</source>
        <translation>失败的请求</translation>
    </message>
    <message>
        <source>All requests</source>
        <translation>所有请求</translation>
    </message>
    <message>
        <source>What was sent is not kept</source>
        <translation>未保留收发的内容</translation>
    </message>
    <message>
        <source>This request is still being served. If its heads and bodies are kept, they can be seen when it has ended.</source>
        <translation>此请求仍在处理中。若保留其头部和正文，结束后即可查看。</translation>
    </message>
    <message>
        <source>Of this request only the figures are stored, not its heads and bodies. Of which requests shall they be kept from now on?</source>
        <translation>此请求只存储了统计数据，未保留头部和正文。今后要保留哪些请求的头部和正文？</translation>
    </message>
    <message numerus="yes">
        <source>for %n days and up to %1 on this computer, compressed, with keys masked</source>
        <translation>
            <numerusform>在本机上保留 %n 天，最多 %1，经过压缩，密钥已遮盖</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing of what people write or models answer is stored, unless a token says otherwise.</source>
        <translation>除非令牌另有设定，否则不会存储任何用户输入或模型响应的内容。</translation>
    </message>
    <message>
        <source>Failed and repeated requests are kept %1. They hold what people wrote: tell those who use this gateway.</source>
        <translation>失败和重试过的请求将%1。其中包含用户输入的内容：请告知此网关的使用者。</translation>
    </message>
    <message>
        <source>All requests are kept %1. They hold what people wrote: tell those who use this gateway.</source>
        <translation>所有请求将%1。其中包含用户输入的内容：请告知此网关的使用者。</translation>
    </message>
    <message>
        <source>A variable of the environment sets this, and goes first.</source>
        <translation>此项由环境变量设定，环境变量优先。</translation>
    </message>
    <message>
        <source>Not ended yet</source>
        <translation>尚未结束</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::CertificateBlock</name>
    <message>
        <source>Copy the fingerprint</source>
        <translation>复制指纹</translation>
    </message>
    <message>
        <source>Own authority</source>
        <translation>自有证书颁发机构</translation>
    </message>
    <message>
        <source>Issued for</source>
        <translation>颁发给</translation>
    </message>
    <message>
        <source>Valid until</source>
        <translation>有效期至</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>指纹</translation>
    </message>
    <message>
        <source>Make it now</source>
        <translation>立即创建</translation>
    </message>
    <message>
        <source>Export CA certificate…</source>
        <translation>导出 CA 证书…</translation>
    </message>
    <message>
        <source>Devices must trust the CA certificate once. Compare the fingerprint when you install it there.</source>
        <translation>各设备需要信任一次此 CA 证书。安装时请核对指纹。</translation>
    </message>
    <message>
        <source>It is made when HTTPS is first used with it.</source>
        <translation>首次用它启用 HTTPS 时创建。</translation>
    </message>
    <message>
        <source>%1, renewed by itself 30 days before</source>
        <translation>%1，到期前 30 天自动续期</translation>
    </message>
    <message>
        <source>Export CA certificate</source>
        <translation>导出 CA 证书</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt)</source>
        <translation>证书 (*.pem *.crt)</translation>
    </message>
    <message>
        <source>Exported to %1</source>
        <translation>已导出到 %1</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::CertificateHelp</name>
    <message>
        <source>Send the file to the device and open it. Settings &gt; General &gt; VPN &amp; Device Management: install the profile. Then Settings &gt; General &gt; About &gt; Certificate Trust Settings: switch it on. Without the second step it is not trusted.</source>
        <translation>将文件发送到设备并打开。在“设置 &gt; 通用 &gt; VPN 与设备管理”中安装描述文件，然后在“设置 &gt; 通用 &gt; 关于本机 &gt; 证书信任设置”中打开它。没有第二步，设备不会信任该证书。</translation>
    </message>
    <message>
        <source>Settings &gt; Security &amp; privacy &gt; More security &gt; Encryption &amp; credentials &gt; Install a certificate &gt; CA certificate: choose the file. Makers name the menus otherwise: search the settings for “CA certificate”. Browsers trust it then, other apps only if their makers allow it.</source>
        <translation>在“设置 &gt; 安全和隐私 &gt; 更多安全设置 &gt; 加密与凭据 &gt; 安装证书 &gt; CA 证书”中选择该文件。各厂商的菜单名称不同：可在设置中搜索“CA 证书”。此后浏览器会信任它，其他应用只有在其开发者允许时才会信任。</translation>
    </message>
    <message>
        <source>Save the file with the ending .crt and open it. Install Certificate &gt; Local Machine &gt; Place all certificates in the following store: Trusted Root Certification Authorities. Or as administrator:
%1</source>
        <translation>以扩展名 .crt 保存文件并打开。安装证书 &gt; 本地计算机 &gt; 将所有的证书都放入下列存储：受信任的根证书颁发机构。或以管理员身份运行：
%1</translation>
    </message>
    <message>
        <source>Open the file, which adds it to Keychain Access. Open it there, and choose Trust &gt; When using this certificate: Always Trust. Or in a terminal:
%1</source>
        <translation>打开文件，将证书添加到“钥匙串访问”。在其中打开它，选择“信任 &gt; 使用此证书时：始终信任”。或在终端中运行：
%1</translation>
    </message>
    <message>
        <source>Programs with certificates of their own are told by a variable: Node.js by NODE_EXTRA_CA_CERTS, many others by SSL_CERT_FILE; Firefox in its settings.</source>
        <translation>自带证书列表的程序通过变量得知：Node.js 用 NODE_EXTRA_CA_CERTS，许多其他程序用 SSL_CERT_FILE；Firefox 在其设置中添加。</translation>
    </message>
    <message>
        <source>Hide how devices trust it</source>
        <translation>隐藏设备信任证书的步骤</translation>
    </message>
    <message>
        <source>Show how on iOS, Android, Windows, macOS</source>
        <translation>显示在 iOS、Android、Windows、macOS 上的步骤</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelAdvanced</name>
    <message>
        <source>Model that is asked for</source>
        <translation>请求的模型名称</translation>
    </message>
    <message>
        <source>Model of the provider</source>
        <translation>供应商的模型名称</translation>
    </message>
    <message>
        <source>Both sides need the name of a model.</source>
        <translation>两侧都要填写模型名称。</translation>
    </message>
    <message>
        <source>Header</source>
        <translation>请求头</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>Model names</source>
        <translation>模型名称</translation>
    </message>
    <message>
        <source>A request for the left name is sent under the right one.</source>
        <translation>请求左侧名称时，以右侧名称发送。</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>请求头</translation>
    </message>
    <message>
        <source>Sent with every request, in place of those of the same name.</source>
        <translation>随每个请求发送，并替换同名的请求头。</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>请求正文</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>Put before the messages of every request.</source>
        <translation>置于每个请求的消息之前。</translation>
    </message>
    <message>
        <source>as in the settings</source>
        <translation>与设置相同</translation>
    </message>
    <message>
        <source>May lead to this computer and the local network</source>
        <translation>允许指向本机和局域网</translation>
    </message>
    <message>
        <source>Connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Connect within</source>
        <translation>连接时限</translation>
    </message>
    <message>
        <source>First byte within</source>
        <translation>首字节时限</translation>
    </message>
    <message>
        <source>Longest silence</source>
        <translation>最长静默</translation>
    </message>
    <message>
        <source>Own authority</source>
        <translation>自有证书颁发机构</translation>
    </message>
    <message>
        <source>Certificates in PEM, trusted for this channel instead of the system’s.</source>
        <translation>PEM 格式的证书，此渠道信任它们，而不使用系统证书。</translation>
    </message>
    <message>
        <source>chosen by itself</source>
        <translation>自动选择</translation>
    </message>
    <message>
        <source>Account and test</source>
        <translation>账户与测试</translation>
    </message>
    <message>
        <source>Organization</source>
        <translation>组织</translation>
    </message>
    <message>
        <source>API version</source>
        <translation>API 版本</translation>
    </message>
    <message>
        <source>Test model</source>
        <translation>测试模型</translation>
    </message>
    <message>
        <source>Asked for when the channel is tested.</source>
        <translation>测试渠道时请求此模型。</translation>
    </message>
    <message>
        <source>the usual one</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>This is no JSON object, such as {&quot;temperature&quot;: 0.7}.</source>
        <translation>这不是 JSON 对象，正确的例子：{&quot;temperature&quot;: 0.7}。</translation>
    </message>
    <message>
        <source>A certificate begins with -----BEGIN CERTIFICATE----- and ends with -----END CERTIFICATE-----.</source>
        <translation>证书应以 -----BEGIN CERTIFICATE----- 开头，以 -----END CERTIFICATE----- 结尾。</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Accept any certificate (no verification)</source>
        <translation>接受任何证书（不验证）</translation>
    </message>
    <message>
        <source>Whoever sits between this computer and the provider can read and change keys and texts, and nobody will notice. If the provider has a certificate of its own making, enter its authority above instead.</source>
        <translation>位于本机与供应商之间的任何人都能读取并篡改密钥和内容，且无人会察觉。如果供应商使用自制证书，请改为在上方填写其颁发机构。</translation>
    </message>
    <message>
        <source>Whole answer within</source>
        <translation>完整回答时限</translation>
    </message>
    <message>
        <source>A call that takes longer is ended; if nothing was answered yet, another channel is tried.</source>
        <translation>超时的调用会被结束；如果尚未开始回答，则尝试其他渠道。</translation>
    </message>
    <message>
        <source>Limits and prices</source>
        <translation>限制与价格</translation>
    </message>
    <message>
        <source>At the same time</source>
        <translation>同时进行</translation>
    </message>
    <message>
        <source>Requests a minute</source>
        <translation>每分钟请求数</translation>
    </message>
    <message>
        <source>Tokens a minute</source>
        <translation>每分钟词元数</translation>
    </message>
    <message>
        <source>A channel that has had so much is passed over; where all have, clients are told when to ask again.</source>
        <translation>达到限制的渠道会被跳过；如果全部达到，则告知客户端何时重试。</translation>
    </message>
    <message>
        <source>Price multiplier</source>
        <translation>价格倍率</translation>
    </message>
    <message>
        <source>What its requests cost by the prices is multiplied by this.</source>
        <translation>按价格算出的请求费用会乘以此数。</translation>
    </message>
    <message>
        <source>A JSON object whose members are set in every request. *** stands for a secret, and keeps it.</source>
        <translation>一个 JSON 对象，其成员会写入每个请求。*** 代表已隐藏的机密内容，保留它则不作更改。</translation>
    </message>
    <message>
        <source>The system says: %1</source>
        <translation>系统设置：%1</translation>
    </message>
    <message>
        <source>Its address</source>
        <translation>代理地址</translation>
    </message>
    <message>
        <source>http://host:port or socks5://host:port</source>
        <translation>http://主机:端口 或 socks5://主机:端口</translation>
    </message>
    <message>
        <source>Enter the proxy’s address.</source>
        <translation>请输入代理地址。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelColumns</name>
    <message>
        <source>running…</source>
        <translation>进行中…</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>健康</translation>
    </message>
    <message>
        <source>Last 60 min</source>
        <translation>近 60 分钟</translation>
    </message>
    <message>
        <source>TTFT p50</source>
        <translation>TTFT p50</translation>
    </message>
    <message>
        <source>no request</source>
        <translation>无请求</translation>
    </message>
    <message>
        <source>Success</source>
        <translation>成功率</translation>
    </message>
    <message>
        <source>Cost 24 h</source>
        <translation>24 小时费用</translation>
    </message>
    <message>
        <source>free</source>
        <translation>免费</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>余额</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Last test</source>
        <translation>上次测试</translation>
    </message>
    <message>
        <source>type %1</source>
        <translation>类型 %1</translation>
    </message>
    <message>
        <source>A test is under way.</source>
        <translation>正在测试。</translation>
    </message>
    <message>
        <source>All is well.</source>
        <translation>一切正常。</translation>
    </message>
    <message numerus="yes">
        <source>%n attempts in a row failed. It still serves.</source>
        <translation>
            <numerusform>连续 %n 次尝试失败。渠道仍在服务。</numerusform>
        </translation>
    </message>
    <message>
        <source>The provider asked for a rest. Others serve meanwhile.</source>
        <translation>供应商要求冷却，其间由其他渠道处理。</translation>
    </message>
    <message numerus="yes">
        <source>Paused after %n failures in a row; it is tried again by itself.</source>
        <translation>
            <numerusform>连续失败 %n 次后已熔断，稍后会自动重试。</numerusform>
        </translation>
    </message>
    <message>
        <source>The pause is over: one request is let through to see whether it works again.</source>
        <translation>熔断时间已过：放行一个请求，以确认是否恢复。</translation>
    </message>
    <message>
        <source>The provider refused %1 of %2 keys. New keys are needed.</source>
        <translation>供应商拒绝了 %2 个密钥中的 %1 个，需要新的密钥。</translation>
    </message>
    <message>
        <source>The account of %1 of %2 keys is out of credit.</source>
        <translation>%2 个密钥中有 %1 个的账户余额不足。</translation>
    </message>
    <message>
        <source>All of its keys are switched off.</source>
        <translation>所有密钥均已停用。</translation>
    </message>
    <message>
        <source>Switched off by a person.</source>
        <translation>已手动停用。</translation>
    </message>
    <message>
        <source>Switched off automatically.</source>
        <translation>已自动停用。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Prio</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Base URL</source>
        <translation>基础 URL</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>%1 / %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>ID</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>%1 of %2 attempts within 24 hours failed. A click shows their requests.</source>
        <translation>24 小时内 %2 次尝试中有 %1 次失败。点击可查看相应请求。</translation>
    </message>
    <message>
        <source>%1 of %2 attempts of the last ten minutes failed. It still serves.</source>
        <translation>最近十分钟的 %2 次尝试中有 %1 次失败，渠道仍在提供服务。</translation>
    </message>
    <message>
        <source>%1, about %2 at the exchange rate of the settings</source>
        <translation>%1，按设置中的汇率约合 %2</translation>
    </message>
    <message>
        <source>%1. No exchange rate is set for it, so that it is not sorted among the others.</source>
        <translation>%1。没有为它设置汇率，因此不参与排序。</translation>
    </message>
    <message>
        <source>No models</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>No model is entered for it, so that it serves no request.</source>
        <translation>尚未为其填写模型，因此不会处理任何请求。</translation>
    </message>
    <message>
        <source>Switched off by the restore: its keys are lost.</source>
        <translation>还原备份时已停用：它的密钥已丢失。</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelCommands</name>
    <message>
        <source>Enter a whole number from %1 to %2.</source>
        <translation>请输入 %1 到 %2 之间的整数。</translation>
    </message>
    <message>
        <source>A channel needs a name.</source>
        <translation>渠道需要名称。</translation>
    </message>
    <message>
        <source>A channel serves at least one group.</source>
        <translation>渠道至少要服务一个分组。</translation>
    </message>
    <message numerus="yes">
        <source>Enabled %n channels</source>
        <translation>
            <numerusform>启用了 %n 个渠道</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Disabled %n channels</source>
        <translation>
            <numerusform>停用了 %n 个渠道</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Moved %n channels to priority %1</source>
        <translation>
            <numerusform>将 %n 个渠道移到了优先级 %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Changed %n channels</source>
        <translation>
            <numerusform>更改了 %n 个渠道</numerusform>
        </translation>
    </message>
    <message>
        <source>Changed the order of channels</source>
        <translation>更改了渠道顺序</translation>
    </message>
    <message>
        <source>Changed %1</source>
        <translation>更改了 %1</translation>
    </message>
    <message>
        <source>Deleted %1</source>
        <translation>删除了 %1</translation>
    </message>
    <message numerus="yes">
        <source>Deleted %n channels</source>
        <translation>
            <numerusform>删除了 %n 个渠道</numerusform>
        </translation>
    </message>
    <message>
        <source>Duplicated %1; the copy is switched off</source>
        <translation>复制了 %1；副本处于停用状态</translation>
    </message>
    <message numerus="yes">
        <source>Duplicated %n channels; the copies are switched off</source>
        <translation>
            <numerusform>复制了 %n 个渠道；副本处于停用状态</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Disabled %n channels that failed</source>
        <translation>
            <numerusform>停用了 %n 个失败的渠道</numerusform>
        </translation>
    </message>
    <message>
        <source>Added %1</source>
        <translation>添加了 %1</translation>
    </message>
    <message>
        <source>Nothing was left to disable</source>
        <translation>没有需要停用的渠道了</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelDetail</name>
    <message>
        <source>Overview</source>
        <translation>概况</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>View traffic</source>
        <translation>查看流量</translation>
    </message>
    <message>
        <source>Last 60 minutes</source>
        <translation>最近 60 分钟</translation>
    </message>
    <message>
        <source>Recent failures</source>
        <translation>最近的失败</translation>
    </message>
    <message>
        <source>Select a channel to see its details.</source>
        <translation>选择一个渠道以查看详情。</translation>
    </message>
    <message numerus="yes">
        <source>%n channels are selected.</source>
        <translation>
            <numerusform>已选择 %n 个渠道。</numerusform>
        </translation>
    </message>
    <message>
        <source>Routing</source>
        <translation>路由</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>History</source>
        <translation>历史</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 of %2, full</source>
        <comment>requests that run, most at once</comment>
        <translation>%1/%2，已满</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <comment>requests that run, most at once</comment>
        <translation>%1/%2</translation>
    </message>
    <message>
        <source>Running now</source>
        <translation>正在进行</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>%1 since %2: %3</source>
        <comment>state, time, reason</comment>
        <translation>%1（自 %2 起）：%3</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelDialog</name>
    <message>
        <source>Edit channel</source>
        <translation>编辑渠道</translation>
    </message>
    <message>
        <source>Add channel</source>
        <translation>添加渠道</translation>
    </message>
    <message numerus="yes">
        <source>Search %n providers</source>
        <translation>
            <numerusform>搜索 %n 个供应商</numerusform>
        </translation>
    </message>
    <message>
        <source>This is an address of this gateway itself. A channel cannot lead back to it; to try the gateway without a provider, choose Echo.</source>
        <translation>这是本网关自身的地址，渠道不能指回网关；如需在没有供应商时试用网关，请选择 Echo。</translation>
    </message>
    <message>
        <source>Enter the provider’s address.</source>
        <translation>请输入供应商的地址。</translation>
    </message>
    <message>
        <source>Requests will go to %1</source>
        <translation>请求将发送至 %1</translation>
    </message>
    <message>
        <source>This address is public and has no TLS: keys and texts can be read on the way. Use https:// if the provider offers it.</source>
        <translation>此地址位于公网且未使用 TLS：密钥和文本可能在途中被读取。如果供应商支持，请使用 https://。</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n models are offered.</source>
        <translation>
            <numerusform>提供 %n 个模型中的 %1 个。</numerusform>
        </translation>
    </message>
    <message>
        <source>Without models the channel serves nothing yet.</source>
        <translation>没有模型时，渠道暂时无法提供服务。</translation>
    </message>
    <message>
        <source>Without a usable key the channel can only be saved disabled.</source>
        <translation>没有可用的密钥时，渠道只能以停用状态保存。</translation>
    </message>
    <message>
        <source>A channel needs a name.</source>
        <translation>渠道需要名称。</translation>
    </message>
    <message numerus="yes">
        <source>A name has at most %n characters.</source>
        <translation>
            <numerusform>名称最多 %n 个字符。</numerusform>
        </translation>
    </message>
    <message>
        <source>A channel serves at least one group.</source>
        <translation>渠道至少要服务一个分组。</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Test &amp;&amp; fetch models</source>
        <translation>测试并获取模型</translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 及另外 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Providers</source>
        <translation>供应商</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Send one short message</source>
        <translation>发送一条短消息</translation>
    </message>
    <message>
        <source>Asks for one token through each key. The provider may charge for it.</source>
        <translation>通过每个密钥请求一个词元。供应商可能会收费。</translation>
    </message>
    <message>
        <source>costs very little</source>
        <translation>费用极低</translation>
    </message>
    <message>
        <source>type a model, or fetch the list</source>
        <translation>输入模型，或获取列表</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose models</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>The highest priority is tried first; channels of one share by weight.</source>
        <translation>优先级最高的先尝试；优先级相同的渠道按权重分配。</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Users of these groups are served.</source>
        <translation>为这些分组的用户提供服务。</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>Keys are stored encrypted and are not shown again.</source>
        <translation>密钥加密存储，之后不再显示。</translation>
    </message>
    <message>
        <source>Save and enable</source>
        <translation>保存并启用</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Save disabled</source>
        <translation>保存为停用</translation>
    </message>
    <message>
        <source>On this computer</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Common</source>
        <translation>常用</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
    <message>
        <source>Any other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>OpenAI-compatible</source>
        <translation>OpenAI 兼容</translation>
    </message>
    <message>
        <source>OpenAI-compatible, own path</source>
        <translation>OpenAI 兼容，自定义路径</translation>
    </message>
    <message>
        <source>%1-compatible</source>
        <translation>%1 兼容</translation>
    </message>
    <message>
        <source>Looking for models that run on this computer…</source>
        <translation>正在查找本机运行的模型…</translation>
    </message>
    <message>
        <source>No models are running on this computer.</source>
        <translation>本机没有运行中的模型。</translation>
    </message>
    <message>
        <source>Looked for %1. Start one of them and choose it at the left, or enter an address.</source>
        <translation>已查找 %1。请启动其中之一并在左侧选择，或输入地址。</translation>
    </message>
    <message>
        <source>Documentation</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>model names, headers, proxy, certificates, limits, price multiplier</source>
        <translation>模型名称、请求头、代理、证书、限制、价格倍率</translation>
    </message>
    <message>
        <source>Some keys were left out.</source>
        <translation>部分密钥未填入。</translation>
    </message>
    <message>
        <source>A channel takes the keys of one provider. These are not among them: %1.</source>
        <translation>一个渠道只使用一家供应商的密钥。以下密钥不属于该供应商：%1。</translation>
    </message>
    <message>
        <source>The command names the variable %1 in place of the key. Enter the key itself.</source>
        <translation>该命令在密钥的位置写的是变量 %1。请输入密钥本身。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelGroups</name>
    <message>
        <source>Make group</source>
        <translation>新建分组</translation>
    </message>
    <message>
        <source>Groups…</source>
        <translation>分组…</translation>
    </message>
    <message>
        <source>There is no group %1 yet: no user can be in it before it is made.</source>
        <translation>还没有分组 %1：新建之前没有用户能加入。</translation>
    </message>
    <message>
        <source>No user is in the group %1 yet.</source>
        <translation>分组 %1 中还没有用户。</translation>
    </message>
    <message>
        <source>Makes the group %1 with the price factor 1.</source>
        <translation>以价格倍率 1 新建分组 %1。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelKeyTable</name>
    <message>
        <source>A short key</source>
        <translation>较短的密钥</translation>
    </message>
    <message>
        <source>The key that ends in %1</source>
        <translation>以 %1 结尾的密钥</translation>
    </message>
    <message>
        <source>is removed on saving</source>
        <translation>保存时移除</translation>
    </message>
    <message>
        <source>is replaced on saving</source>
        <translation>保存时替换</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>new</source>
        <translation>新</translation>
    </message>
    <message>
        <source>Use this key</source>
        <translation>使用此密钥</translation>
    </message>
    <message>
        <source>testing…</source>
        <translation>正在测试…</translation>
    </message>
    <message>
        <source>not tried</source>
        <translation>未测试</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>accepted</source>
        <translation>已接受</translation>
    </message>
    <message numerus="yes">
        <source>%n models</source>
        <translation>
            <numerusform>%n 个模型</numerusform>
        </translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Used</source>
        <translation>使用</translation>
    </message>
    <message>
        <source>Key accepted</source>
        <translation>密钥有效</translation>
    </message>
    <message>
        <source>Model list</source>
        <translation>模型列表</translation>
    </message>
    <message>
        <source>First token</source>
        <translation>首个词元</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelKeys</name>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Keys and what their test said</source>
        <translation>密钥及其测试结果</translation>
    </message>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Another key for the selected one</source>
        <translation>用于替换所选密钥的新密钥</translation>
    </message>
    <message>
        <source>Replace</source>
        <translation>替换</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>One a line.</source>
        <translation>每行一个。</translation>
    </message>
    <message>
        <source>New keys are added, one a line.</source>
        <translation>新密钥会追加到列表，每行一个。</translation>
    </message>
    <message numerus="yes">
        <source>%n keys, one a line</source>
        <translation>
            <numerusform>%n 个密钥，每行一个</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n keys, one a line, recognised as %1</source>
        <translation>
            <numerusform>%n 个密钥，每行一个，识别为 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>The key …%1 is in the channel %2 already.</source>
        <translation>密钥 …%1 已存在于渠道 %2 中。</translation>
    </message>
    <message>
        <source>The key …%1 was refused. Saving keeps it disabled; remove its line to drop it.</source>
        <translation>密钥 …%1 被拒绝。保存后它仍为停用状态；删除该行即可去掉它。</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message>
        <source>Where do I get a key?</source>
        <translation>在哪里获取密钥？</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>a key and who made it</comment>
        <translation>%1（%2）</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>另外 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Left out, since the keys of this channel go to %1: %2. Add another channel for keys of another provider.</source>
        <translation>已略去，因为此渠道的密钥会发送给 %1：%2。其他供应商的密钥请另建渠道。</translation>
    </message>
    <message>
        <source>The key %1 is one of %2, but would be sent to %3.</source>
        <translation>密钥 %1 属于 %2，却会被发送给 %3。</translation>
    </message>
    <message>
        <source>These are keys of several providers: %1. All of them would be sent to the address of this channel.</source>
        <translation>这些密钥属于多个供应商：%1。它们都会被发送到此渠道的地址。</translation>
    </message>
    <message>
        <source>…%1: %2</source>
        <translation>…%1：%2</translation>
    </message>
    <message>
        <source>The key %1 was entered with blanks inside, which no key has. It is used without them.</source>
        <translation>输入的密钥 %1 中间有空格，而密钥不会含有空格。使用时将去掉空格。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelModelSheet</name>
    <message>
        <source>Choose models</source>
        <translation>选择模型</translation>
    </message>
    <message>
        <source>Search, or type a model and press Enter</source>
        <translation>搜索，或输入模型后按 Enter</translation>
    </message>
    <message>
        <source>Search models</source>
        <translation>搜索模型</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Choose all shown</source>
        <translation>选中全部显示项</translation>
    </message>
    <message>
        <source>Choose none shown</source>
        <translation>取消选中显示项</translation>
    </message>
    <message>
        <source>Use these models</source>
        <translation>使用这些模型</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n chosen</source>
        <translation>
            <numerusform>已选 %1 / %n</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelTrouble</name>
    <message>
        <source>No other channel serves its models.</source>
        <translation>没有其他渠道提供它的模型。</translation>
    </message>
    <message numerus="yes">
        <source>%n other channels serve its models.</source>
        <translation>
            <numerusform>另有 %n 个渠道提供它的模型。</numerusform>
        </translation>
    </message>
    <message>
        <source>Its models go to %1 meanwhile.</source>
        <translation>其间由 %1 提供它的模型。</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Show the errors</source>
        <translation>显示错误</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>立即尝试</translation>
    </message>
    <message>
        <source>Enter keys…</source>
        <translation>输入密钥…</translation>
    </message>
    <message>
        <source>Disable channel</source>
        <translation>停用渠道</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChannelsPage</name>
    <message>
        <source>&amp;Add channel</source>
        <translation>添加渠道(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Edit…</source>
        <translation>编辑(&amp;E)…</translation>
    </message>
    <message>
        <source>D&amp;uplicate</source>
        <translation>复制一份(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Test</source>
        <translation>测试(&amp;T)</translation>
    </message>
    <message>
        <source>Test &amp;all</source>
        <translation>全部测试(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Reset breaker</source>
        <translation>重置熔断(&amp;R)</translation>
    </message>
    <message>
        <source>View e&amp;rrors</source>
        <translation>查看错误(&amp;R)</translation>
    </message>
    <message>
        <source>Copy &amp;base URL</source>
        <translation>复制基础 URL(&amp;B)</translation>
    </message>
    <message>
        <source>Enable or d&amp;isable</source>
        <translation>启用或停用(&amp;I)</translation>
    </message>
    <message>
        <source>De&amp;lete</source>
        <translation>删除(&amp;L)</translation>
    </message>
    <message>
        <source>Show &amp;details</source>
        <translation>显示详情(&amp;D)</translation>
    </message>
    <message>
        <source>Testing %1 / %2</source>
        <translation>正在测试 %1 / %2</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>渠道</translation>
    </message>
    <message>
        <source>Filter, e.g. status:open type:openai</source>
        <translation>筛选，例如 status:open type:openai</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>No channels yet</source>
        <translation>还没有渠道</translation>
    </message>
    <message>
        <source>Add a provider key, or use a model running on this computer.</source>
        <translation>添加供应商的密钥，或使用本机运行的模型。</translation>
    </message>
    <message>
        <source>%1 of %2 selected</source>
        <translation>已选 %1 / %2 项</translation>
    </message>
    <message numerus="yes">
        <source>%n selected</source>
        <translation>
            <numerusform>已选 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 in 24 h</source>
        <translation>24 小时内 %1</translation>
    </message>
    <message>
        <source>24 h: %1, %2</source>
        <translation>24 小时：%1，%2</translation>
    </message>
    <message numerus="yes">
        <source>%n requests</source>
        <translation>
            <numerusform>%n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>No channel matches %1.</source>
        <translation>没有符合 %1 的渠道。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Test with &amp;model</source>
        <translation>用模型测试(&amp;M)</translation>
    </message>
    <message>
        <source>Re&amp;fresh models…</source>
        <translation>刷新模型(&amp;F)…</translation>
    </message>
    <message>
        <source>Refresh balan&amp;ce</source>
        <translation>刷新余额(&amp;C)</translation>
    </message>
    <message>
        <source>Move to &amp;priority</source>
        <translation>移到优先级(&amp;P)</translation>
    </message>
    <message>
        <source>E&amp;xport without keys…</source>
        <translation>导出（不含密钥）(&amp;X)…</translation>
    </message>
    <message>
        <source>Add from the clip&amp;board</source>
        <translation>从剪贴板添加(&amp;B)</translation>
    </message>
    <message>
        <source>Refres&amp;h</source>
        <translation>刷新(&amp;H)</translation>
    </message>
    <message>
        <source>D&amp;isable</source>
        <translation>停用(&amp;I)</translation>
    </message>
    <message>
        <source>Ena&amp;ble</source>
        <translation>启用(&amp;B)</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Edit %n…</source>
        <translation>
            <numerusform>编辑 %n 项(&amp;E)…</numerusform>
        </translation>
    </message>
    <message>
        <source>Several models or keys…</source>
        <translation>多个模型或密钥…</translation>
    </message>
    <message>
        <source>Before all others (%1)</source>
        <translation>排在最前（%1）</translation>
    </message>
    <message numerus="yes">
        <source>%1 (%n channels)</source>
        <translation>
            <numerusform>%1（%n 个渠道）</numerusform>
        </translation>
    </message>
    <message>
        <source>Behind all others (%1)</source>
        <translation>排在最后（%1）</translation>
    </message>
    <message>
        <source>Another number…</source>
        <translation>其他数值…</translation>
    </message>
    <message>
        <source>Asking %1 for its models…</source>
        <translation>正在向 %1 查询模型…</translation>
    </message>
    <message>
        <source>%1 offers the same models as before.</source>
        <translation>%1 提供的模型没有变化。</translation>
    </message>
    <message>
        <source>Export channels</source>
        <translation>导出渠道</translation>
    </message>
    <message>
        <source>JSON files (*.json)</source>
        <translation>JSON 文件 (*.json)</translation>
    </message>
    <message numerus="yes">
        <source>Exported %n channels, without their keys.</source>
        <translation>
            <numerusform>已导出 %n 个渠道，不含密钥。</numerusform>
        </translation>
    </message>
    <message>
        <source>The file could not be written: %1</source>
        <translation>无法写入文件：%1</translation>
    </message>
    <message>
        <source>The clipboard holds no key, cURL command or .env lines that could be recognised.</source>
        <translation>剪贴板中没有可识别的密钥、cURL 命令或 .env 内容。</translation>
    </message>
    <message>
        <source>Sort by priority alone, and clear the filter, to change the order by dragging or by Alt with the arrow keys.</source>
        <translation>只按优先级排序并清除筛选时，才能拖动或用 Alt 加方向键改变顺序。</translation>
    </message>
    <message>
        <source>Vie&amp;w traffic</source>
        <translation>查看流量(&amp;W)</translation>
    </message>
    <message>
        <source>Loo&amp;k for local models</source>
        <translation>查找本机模型(&amp;K)</translation>
    </message>
    <message>
        <source>%1 has %2 left.</source>
        <translation>%1 还剩 %2。</translation>
    </message>
    <message>
        <source>Being tested…</source>
        <translation>正在测试…</translation>
    </message>
    <message>
        <source>Asked for its models…</source>
        <translation>正在查询其模型…</translation>
    </message>
    <message>
        <source>Asked for its balance…</source>
        <translation>正在查询其余额…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChartPanel</name>
    <message>
        <source>What the chart shows</source>
        <translation>图表显示的内容</translation>
    </message>
    <message>
        <source>Which time is shown</source>
        <translation>显示哪种时间</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>总计</translation>
    </message>
    <message>
        <source>Until the end of the answer</source>
        <translation>直到回答结束</translation>
    </message>
    <message>
        <source>TTFT</source>
        <translation>TTFT</translation>
    </message>
    <message>
        <source>Until the first token</source>
        <translation>直到首个词元</translation>
    </message>
    <message>
        <source>By what tokens are told apart</source>
        <translation>词元的划分方式</translation>
    </message>
    <message>
        <source>By kind</source>
        <translation>按类别</translation>
    </message>
    <message>
        <source>Input, cache and output</source>
        <translation>输入、缓存与输出</translation>
    </message>
    <message>
        <source>By model</source>
        <translation>按模型</translation>
    </message>
    <message>
        <source>The five models with the most output, and the others</source>
        <translation>输出最多的五个模型及其他</translation>
    </message>
    <message>
        <source>%1×</source>
        <comment>so many failures</comment>
        <translation>%1×</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChartTable</name>
    <message>
        <source>&amp;Copy as CSV</source>
        <translation>复制为 CSV(&amp;C)</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChartText</name>
    <message>
        <source>d MMM</source>
        <comment>the format of a date on a chart&apos;s axis</comment>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>MMM yyyy</source>
        <comment>the format of a month on a chart&apos;s axis</comment>
        <translation>yyyy年M月</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>今天</translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <comment>a span of time</comment>
        <translation>%1 – %2</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>a day and a time of it</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>There is nothing to show.</source>
        <translation>没有可显示的内容。</translation>
    </message>
    <message>
        <source>From %1 to %2.</source>
        <translation>从 %1 到 %2。</translation>
    </message>
    <message>
        <source>%1: least %2, most %3, last %4.</source>
        <translation>%1：最低 %2，最高 %3，最新 %4。</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>Tokens/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>成功</translation>
    </message>
    <message>
        <source>4xx</source>
        <translation>4xx</translation>
    </message>
    <message>
        <source>5xx</source>
        <translation>5xx</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>cache read</source>
        <translation>缓存读取</translation>
    </message>
    <message>
        <source>cache write</source>
        <translation>缓存写入</translation>
    </message>
    <message>
        <source>output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>cost</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>in total</source>
        <translation>合计</translation>
    </message>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p95</source>
        <translation>p95</translation>
    </message>
    <message>
        <source>p99</source>
        <translation>p99</translation>
    </message>
    <message>
        <source>first token, p50</source>
        <translation>首个词元，p50</translation>
    </message>
    <message numerus="yes">
        <source>per %n s</source>
        <comment>seconds</comment>
        <translation>
            <numerusform>每 %n 秒</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>per %n min</source>
        <comment>minutes</comment>
        <translation>
            <numerusform>每 %n 分钟</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>per %n h</source>
        <comment>hours</comment>
        <translation>
            <numerusform>每 %n 小时</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>per %n d</source>
        <comment>days</comment>
        <translation>
            <numerusform>每 %n 天</numerusform>
        </translation>
    </message>
    <message>
        <source>No request succeeded in this time.</source>
        <translation>此时段内没有成功的请求。</translation>
    </message>
    <message>
        <source>No stream was long enough in this time to be measured.</source>
        <translation>此时段内没有长到足以测量的流。</translation>
    </message>
    <message>
        <source>Nothing was spent in this time.</source>
        <translation>此时段内没有费用。</translation>
    </message>
    <message>
        <source>No tokens were used in this time.</source>
        <translation>此时段内没有使用词元。</translation>
    </message>
    <message>
        <source>No requests in this time.</source>
        <translation>此时段内没有请求。</translation>
    </message>
    <message>
        <source>Error rate</source>
        <translation>错误率</translation>
    </message>
    <message>
        <source>of fewer than 5 requests</source>
        <translation>请求少于 5 个</translation>
    </message>
    <message>
        <source>No request failed in this time.</source>
        <translation>此时段内没有失败的请求。</translation>
    </message>
    <message>
        <source>Dashed line: %1.</source>
        <translation>虚线：%1。</translation>
    </message>
    <message>
        <source>of the day</source>
        <translation>当日累计</translation>
    </message>
    <message>
        <source>of the week</source>
        <translation>本周累计</translation>
    </message>
    <message>
        <source>of the month</source>
        <translation>本月累计</translation>
    </message>
    <message numerus="yes">
        <source>%n budgets a day: %1</source>
        <translation>
            <numerusform>%n 项每日预算：%1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n budgets a week: %1</source>
        <translation>
            <numerusform>%n 项每周预算：%1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n budgets a month: %1</source>
        <translation>
            <numerusform>%n 项每月预算：%1</numerusform>
        </translation>
    </message>
    <message>
        <source>forecast</source>
        <translation>预测</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::Checklist</name>
    <message>
        <source>Three steps to the first request</source>
        <translation>三步发出第一个请求</translation>
    </message>
    <message>
        <source>After them, this page shows what goes through the gateway.</source>
        <translation>完成后，此页面会显示经过网关的请求。</translation>
    </message>
    <message>
        <source>A channel is a provider with its keys, or a model server of your own.</source>
        <translation>渠道是一个供应商及其密钥，或您自己的模型服务器。</translation>
    </message>
    <message>
        <source>Go to channels</source>
        <translation>前往渠道</translation>
    </message>
    <message>
        <source>A token is the key that your programs send to the gateway.</source>
        <translation>令牌是您的程序发送给网关的密钥。</translation>
    </message>
    <message>
        <source>Go to tokens</source>
        <translation>前往令牌</translation>
    </message>
    <message>
        <source>Watch traffic</source>
        <translation>查看流量</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>Show the dashboard now</source>
        <translation>立即显示概览</translation>
    </message>
    <message>
        <source>Add a channel</source>
        <translation>添加渠道</translation>
    </message>
    <message>
        <source>Create a token</source>
        <translation>创建令牌</translation>
    </message>
    <message>
        <source>Connect a client</source>
        <translation>连接客户端</translation>
    </message>
    <message>
        <source>%1 – done</source>
        <translation>%1 – 已完成</translation>
    </message>
    <message>
        <source>Give your program this address and the token, then send it anything:</source>
        <translation>将此地址和令牌填入您的程序，然后随便发送一个请求：</translation>
    </message>
    <message>
        <source>Start the gateway, then give your program its address and the token.</source>
        <translation>先启动网关，再将其地址和令牌填入您的程序。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ChipRow</name>
    <message>
        <source>%1, %2</source>
        <comment>a saved filter and its count</comment>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Remove this filter</source>
        <translation>移除此筛选</translation>
    </message>
    <message>
        <source>Rename this filter…</source>
        <translation>重命名此筛选…</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ClockText</name>
    <message>
        <source>h:mm:ss AP</source>
        <comment>a time of day by 12 hours</comment>
        <translation>APh:mm:ss</translation>
    </message>
    <message>
        <source>h:mm AP</source>
        <comment>a time of day by 12 hours</comment>
        <translation>APh:mm</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::CommandPalette</name>
    <message>
        <source>Search or run a command</source>
        <translation>搜索或运行命令</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Nothing has that name.</source>
        <translation>没有匹配的名称。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ConsequenceBox</name>
    <message>
        <source>Windows asks when the first computer connects: tick “Private networks” alone. Later: Windows Security &gt; Firewall &gt; Allow an app through the firewall, or
%1</source>
        <translation>第一台计算机连接时 Windows 会询问：只勾选“专用网络”。之后：Windows 安全中心 &gt; 防火墙 &gt; 允许应用通过防火墙，或者
%1</translation>
    </message>
    <message>
        <source>macOS asks when the first computer connects: choose “Allow”. Later: System Settings &gt; Network &gt; Firewall &gt; Options.</source>
        <translation>第一台计算机连接时 macOS 会询问：请选择“允许”。之后：系统设置 &gt; 网络 &gt; 防火墙 &gt; 选项。</translation>
    </message>
    <message>
        <source>After the restart every device in your network can reach Gatehouse.</source>
        <translation>重启后，您网络中的每台设备都能访问 Gatehouse。</translation>
    </message>
    <message>
        <source>Every device in your network can reach Gatehouse.</source>
        <translation>您网络中的每台设备都能访问 Gatehouse。</translation>
    </message>
    <message>
        <source>A token is required, also from this computer.</source>
        <translation>必须使用令牌，本机也不例外。</translation>
    </message>
    <message>
        <source>Tokens and texts can be read on their way: HTTPS is off.</source>
        <translation>令牌和文本在传输途中可被读取：HTTPS 未启用。</translation>
    </message>
    <message>
        <source>The management API asks for the password or the access token of a user.</source>
        <translation>管理 API 要求用户的密码或访问令牌。</translation>
    </message>
    <message>
        <source>The firewall may have to let port %1 in; allow private networks only.</source>
        <translation>防火墙可能需要放行端口 %1；请只允许专用网络。</translation>
    </message>
    <message>
        <source>Hide the help for the firewall</source>
        <translation>隐藏防火墙帮助</translation>
    </message>
    <message>
        <source>Help for the firewall</source>
        <translation>防火墙帮助</translation>
    </message>
    <message>
        <source>What other computers send is encrypted (HTTPS). Programs on this computer keep plain http.</source>
        <translation>其他计算机发送的内容会被加密（HTTPS）。本机上的程序继续使用普通 http。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ConversationModel</name>
    <message>
        <source>open</source>
        <translation>已展开</translation>
    </message>
    <message>
        <source>folded</source>
        <translation>已折叠</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>One tool</source>
        <translation>1 个工具</translation>
    </message>
    <message numerus="yes">
        <source>%n tools</source>
        <translation>
            <numerusform>%n 个工具</numerusform>
        </translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Assistant</source>
        <translation>助手</translation>
    </message>
    <message>
        <source>Reasoning</source>
        <translation>推理</translation>
    </message>
    <message>
        <source>Result of a tool</source>
        <translation>工具结果</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Something else</source>
        <translation>其他内容</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message>
        <source>≈ %1 tok</source>
        <translation>≈ %1 词元</translation>
    </message>
    <message>
        <source>cached up to here, %1 tokens</source>
        <translation>已缓存到此处，%1 个词元</translation>
    </message>
    <message>
        <source>to be cached up to here, ≈ %1 tokens</source>
        <translation>要求缓存到此处，约 %1 个词元</translation>
    </message>
    <message numerus="yes">
        <source>%n earlier messages</source>
        <translation>
            <numerusform>此前的 %n 条消息</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ConversationTab</name>
    <message>
        <source>Conversation</source>
        <translation>对话</translation>
    </message>
    <message>
        <source>There are no messages in this request.</source>
        <translation>此请求中没有消息。</translation>
    </message>
    <message>
        <source>In %1</source>
        <translation>输入 %1</translation>
    </message>
    <message>
        <source>Cached %1</source>
        <translation>缓存 %1</translation>
    </message>
    <message>
        <source>Out %1</source>
        <translation>输出 %1</translation>
    </message>
    <message>
        <source>Cost %1</source>
        <translation>费用 %1</translation>
    </message>
    <message>
        <source>Ended with %1</source>
        <translation>结束原因 %1</translation>
    </message>
    <message>
        <source>&amp;Copy the text</source>
        <translation>复制文本(&amp;C)</translation>
    </message>
    <message>
        <source>The cache saved %1</source>
        <translation>缓存节省 %1</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::CostRows</name>
    <message>
        <source>Call</source>
        <translation>调用</translation>
    </message>
    <message>
        <source>Input, not cached</source>
        <translation>输入（未缓存）</translation>
    </message>
    <message>
        <source>Cache read</source>
        <translation>缓存读取</translation>
    </message>
    <message>
        <source>Cache write, 5 min</source>
        <translation>缓存写入（5 分钟）</translation>
    </message>
    <message>
        <source>Cache write, 1 h</source>
        <translation>缓存写入（1 小时）</translation>
    </message>
    <message>
        <source>Input, audio</source>
        <translation>输入（音频）</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Reasoning</source>
        <translation>推理</translation>
    </message>
    <message>
        <source>Output, audio</source>
        <translation>输出（音频）</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Characters</source>
        <translation>字符</translation>
    </message>
    <message>
        <source>free</source>
        <translation>免费</translation>
    </message>
    <message>
        <source>%1 / M</source>
        <translation>%1 / 百万</translation>
    </message>
    <message>
        <source>%1 each</source>
        <translation>每个 %1</translation>
    </message>
    <message>
        <source>Usage</source>
        <translation>用量</translation>
    </message>
    <message>
        <source>Count</source>
        <translation>数量</translation>
    </message>
    <message>
        <source>Unit price</source>
        <translation>单价</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>Other prices then</source>
        <translation>当时的价格差异</translation>
    </message>
    <message>
        <source>no price</source>
        <translation>无价格</translation>
    </message>
    <message>
        <source>× %1</source>
        <translation>× %1</translation>
    </message>
    <message>
        <source>The costs of the lines are multiplied by it already.</source>
        <translation>各行费用已乘以此数。</translation>
    </message>
    <message>
        <source>Factor of the group %1</source>
        <translation>分组 %1 的倍率</translation>
    </message>
    <message>
        <source>Multiplier of %1</source>
        <translation>%1 的倍率</translation>
    </message>
    <message>
        <source>The unit prices are those of the time of the request. Since then they were corrected, or a factor or an exchange rate has changed, or the lines do not tell what it was charged for. Its cost stays as it was.</source>
        <translation>单价为请求当时的价格。此后价格被更正，或倍率、汇率有变，或各行未能说明其计费内容。其费用保持不变。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::DashboardPage</name>
    <message>
        <source>&amp;Time range…</source>
        <translation>时间范围(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Compare with the time before</source>
        <translation>与之前时段比较(&amp;C)</translation>
    </message>
    <message>
        <source>View the chart as a &amp;table</source>
        <translation>以表格查看图表(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Logarithmic latency</source>
        <translation>对数延迟(&amp;L)</translation>
    </message>
    <message>
        <source>Re&amp;fresh</source>
        <translation>刷新(&amp;F)</translation>
    </message>
    <message>
        <source>More about the time range</source>
        <translation>关于此时间范围的更多选项</translation>
    </message>
    <message>
        <source>Dashboard</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Time range</source>
        <translation>时间范围</translation>
    </message>
    <message>
        <source>Older requests are being summed up.</source>
        <translation>正在汇总较早的请求。</translation>
    </message>
    <message>
        <source>%1 of %2 are done; figures grow until then.</source>
        <translation>已完成 %1 / %2；在此之前数字会继续增长。</translation>
    </message>
    <message>
        <source>What is older than two days is known by whole hours.</source>
        <translation>两天之前的数据以整小时为单位。</translation>
    </message>
    <message>
        <source>Export the chart</source>
        <translation>导出图表</translation>
    </message>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation>逗号分隔值 (*.csv)</translation>
    </message>
    <message>
        <source>Exported the chart to %1</source>
        <translation>图表已导出到 %1</translation>
    </message>
    <message>
        <source>The file could not be written: %1</source>
        <translation>无法写入文件：%1</translation>
    </message>
    <message>
        <source>E&amp;xport the chart…</source>
        <translation>导出图表(&amp;X)…</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::DatabaseBlock</name>
    <message>
        <source>On the disk</source>
        <translation>占用磁盘</translation>
    </message>
    <message>
        <source>Compact…</source>
        <translation>压缩…</translation>
    </message>
    <message>
        <source>Check</source>
        <translation>检查</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>A PostgreSQL database is looked after with its own tools.</source>
        <translation>PostgreSQL 数据库请用它自带的工具维护。</translation>
    </message>
    <message>
        <source>%1, of which %2 are not used</source>
        <translation>%1，其中 %2 未使用</translation>
    </message>
    <message numerus="yes">
        <source>Waiting for %n running requests…</source>
        <translation>
            <numerusform>正在等待 %n 个运行中的请求…</numerusform>
        </translation>
    </message>
    <message>
        <source>Compacting %1…</source>
        <translation>正在压缩 %1…</translation>
    </message>
    <message>
        <source>Reading %1…</source>
        <translation>正在读取 %1…</translation>
    </message>
    <message>
        <source>Compact the database</source>
        <translation>压缩数据库</translation>
    </message>
    <message>
        <source>Compact the database now?</source>
        <translation>现在压缩数据库？</translation>
    </message>
    <message>
        <source>Pause and compact</source>
        <translation>暂停并压缩</translation>
    </message>
    <message>
        <source>The database is smaller by %1.</source>
        <translation>数据库减小了 %1。</translation>
    </message>
    <message>
        <source>The database was compact already.</source>
        <translation>数据库本来就是紧凑的。</translation>
    </message>
    <message>
        <source>The database is whole.</source>
        <translation>数据库完好。</translation>
    </message>
    <message>
        <source>The gateway pauses until it is done: requests that are running end first, new ones are told to come again in a moment. For a while it takes twice the space of the database on the disk.</source>
        <translation>网关会暂停到压缩完成：正在进行的请求先结束，新请求会被告知稍后再试。期间会临时占用两倍于数据库大小的磁盘空间。</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <translation>正在取消…</translation>
    </message>
    <message>
        <source>Cancelled. The database is as it was.</source>
        <translation>已取消。数据库保持原样。</translation>
    </message>
    <message>
        <source>The check was cancelled.</source>
        <translation>检查已取消。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::DecimalEditor</name>
    <message>
        <source>This is not a number.</source>
        <translation>这不是数字。</translation>
    </message>
    <message>
        <source>At least %1.</source>
        <translation>不得小于 %1。</translation>
    </message>
    <message>
        <source>At most %1.</source>
        <translation>不得大于 %1。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::DetailPane</name>
    <message>
        <source>Close the details</source>
        <translation>关闭详情</translation>
    </message>
    <message>
        <source>All tabs</source>
        <translation>所有标签页</translation>
    </message>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::DetailTabs</name>
    <message>
        <source>usable</source>
        <translation>可用</translation>
    </message>
    <message>
        <source>rests until %1</source>
        <translation>冷却至 %1</translation>
    </message>
    <message>
        <source>refused by the provider</source>
        <translation>被供应商拒绝</translation>
    </message>
    <message>
        <source>out of credit</source>
        <translation>余额不足</translation>
    </message>
    <message>
        <source>switched off</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>%1, failed</source>
        <translation>%1，失败</translation>
    </message>
    <message>
        <source>%1, answered in %2</source>
        <translation>%1，响应用时 %2</translation>
    </message>
    <message>
        <source>not now</source>
        <translation>目前不参与</translation>
    </message>
    <message>
        <source>after %1</source>
        <translation>在 %1 之后</translation>
    </message>
    <message>
        <source>first, shared with %1</source>
        <translation>首选，与 %1 分担</translation>
    </message>
    <message>
        <source>first</source>
        <translation>首选</translation>
    </message>
    <message>
        <source>Requests go to</source>
        <translation>请求发往</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>none needed</source>
        <translation>不需要</translation>
    </message>
    <message>
        <source>%1 of %2 usable</source>
        <translation>%2 个中 %1 个可用</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>顺序</translation>
    </message>
    <message>
        <source>priority %1, weight %2</source>
        <translation>优先级 %1，权重 %2</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Last test</source>
        <translation>上次测试</translation>
    </message>
    <message>
        <source>Tags</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1, key …%2</source>
        <translation>%1，密钥 …%2</translation>
    </message>
    <message>
        <source>%1×</source>
        <translation>%1×</translation>
    </message>
    <message numerus="yes">
        <source>Show these %n failures</source>
        <translation>
            <numerusform>显示这 %n 次失败</numerusform>
        </translation>
    </message>
    <message>
        <source>None in the last 24 hours.</source>
        <translation>过去 24 小时内没有。</translation>
    </message>
    <message>
        <source>…%1</source>
        <translation>…%1</translation>
    </message>
    <message>
        <source>This channel needs no key.</source>
        <translation>此渠道不需要密钥。</translation>
    </message>
    <message>
        <source>Without models the channel serves nothing.</source>
        <translation>没有模型，渠道不提供任何服务。</translation>
    </message>
    <message>
        <source>%1 → %2</source>
        <translation>%1 → %2</translation>
    </message>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>以及另外 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>权重</translation>
    </message>
    <message>
        <source>is sent as %1</source>
        <translation>以 %1 发送</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>已隐藏</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>正文</translation>
    </message>
    <message>
        <source>System prompt</source>
        <translation>系统提示词</translation>
    </message>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>Connect within</source>
        <translation>连接时限</translation>
    </message>
    <message>
        <source>First byte within</source>
        <translation>首字节时限</translation>
    </message>
    <message>
        <source>Longest silence</source>
        <translation>最长静默</translation>
    </message>
    <message>
        <source>Organization</source>
        <translation>组织</translation>
    </message>
    <message>
        <source>API version</source>
        <translation>API 版本</translation>
    </message>
    <message>
        <source>Test model</source>
        <translation>测试模型</translation>
    </message>
    <message>
        <source>Authority</source>
        <translation>证书颁发机构</translation>
    </message>
    <message>
        <source>one of its own is trusted</source>
        <translation>信任渠道自带的证书颁发机构</translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>public ones alone</source>
        <translation>仅限公网地址</translation>
    </message>
    <message>
        <source>Everything is as usual.</source>
        <translation>没有特别设置。</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>自 %1</translation>
    </message>
    <message>
        <source>since before the program was started</source>
        <translation>自程序启动之前</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>余额</translation>
    </message>
    <message>
        <source>Switched off</source>
        <translation>停用原因</translation>
    </message>
    <message>
        <source>Used so far</source>
        <translation>累计用量</translation>
    </message>
    <message>
        <source>at most %1</source>
        <translation>最多 %1</translation>
    </message>
    <message>
        <source>Certificate</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>⚠ Any is accepted: others may read along</source>
        <translation>⚠ 接受任何证书：内容可能被他人读取</translation>
    </message>
    <message>
        <source>Whole answer within</source>
        <translation>完整回答时限</translation>
    </message>
    <message>
        <source>At the same time</source>
        <translation>同时进行</translation>
    </message>
    <message>
        <source>Requests a minute</source>
        <translation>每分钟请求数</translation>
    </message>
    <message>
        <source>Tokens a minute</source>
        <translation>每分钟词元数</translation>
    </message>
    <message>
        <source>Price multiplier</source>
        <translation>价格倍率</translation>
    </message>
    <message>
        <source>refused by the provider, tried again at %1</source>
        <translation>被供应商拒绝，%1 再试</translation>
    </message>
    <message>
        <source>refused by the provider, tried again by the next request</source>
        <translation>被供应商拒绝，下一个请求会再试</translation>
    </message>
    <message>
        <source>its rest is over; the next request tries it</source>
        <translation>冷却已结束，下一个请求会再试</translation>
    </message>
    <message>
        <source>An attempt failed; its request went on to another channel.</source>
        <translation>有一次尝试失败；该请求已转由其他渠道处理。</translation>
    </message>
    <message numerus="yes">
        <source>%n attempts in a row failed; the requests went on to other channels.</source>
        <translation>
            <numerusform>已连续失败 %n 次；这些请求已转由其他渠道处理。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 及另外 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>left for another channel</source>
        <translation>转到了其他渠道</translation>
    </message>
    <message numerus="yes">
        <source>Show the %n requests that went on to another channel</source>
        <translation>
            <numerusform>显示转到其他渠道的 %n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>Attempts in 24 h</source>
        <translation>24 小时内的尝试</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <comment>an amount and a moment</comment>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>lost in the restore; enter them again</source>
        <translation>还原备份时已丢失；请重新输入</translation>
    </message>
    <message>
        <source>They were lost in the restore; enter them again.</source>
        <translation>密钥在还原备份时已丢失；请重新输入。</translation>
    </message>
    <message>
        <source>%1: %2. Show the requests</source>
        <comment>cost of a day, amount</comment>
        <translation>%1：%2。显示这些请求</translation>
    </message>
    <message>
        <source>Cost, 24 h</source>
        <translation>费用，24 小时</translation>
    </message>
    <message>
        <source>Cost, 30 d</source>
        <translation>费用，30 天</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Used so far: %1. Show the requests</source>
        <translation>迄今用量：%1。显示这些请求</translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n 次失败</numerusform>
        </translation>
    </message>
    <message>
        <source>Attempts in 24 h: %1. Show their requests</source>
        <translation>24 小时内的尝试：%1。显示其请求</translation>
    </message>
    <message>
        <source>%1, by %2</source>
        <comment>what was done, who did it</comment>
        <translation>%1，由 %2</translation>
    </message>
    <message>
        <source>Older changes are in Tools, History of changes.</source>
        <translation>更早的更改请见“工具 &gt; 更改历史”。</translation>
    </message>
    <message>
        <source>Nothing was changed as far as the history goes back.</source>
        <translation>在保留的历史范围内没有任何更改。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::DoneStep</name>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Give a program this address and this token, and it is served.</source>
        <translation>把这个地址和令牌填入程序，即可使用。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Copy it now. Later, lists show it only by its ends.</source>
        <translation>请立即复制。以后列表中只显示首尾字符。</translation>
    </message>
    <message>
        <source>Try it</source>
        <translation>试一试</translation>
    </message>
    <message>
        <source>Set up a program</source>
        <translation>配置程序</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>Copy the token</source>
        <translation>复制令牌</translation>
    </message>
    <message>
        <source>Copy the lines</source>
        <translation>复制这些行</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Lines for the program</source>
        <translation>程序所需的配置行</translation>
    </message>
    <message>
        <source>Save the certificate…</source>
        <translation>保存证书…</translation>
    </message>
    <message>
        <source>Save the certificate</source>
        <translation>保存证书</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt)</source>
        <translation>证书 (*.pem *.crt)</translation>
    </message>
    <message>
        <source>The certificate is in %1.</source>
        <translation>证书已保存到 %1。</translation>
    </message>
    <message>
        <source>The file could not be written: %1</source>
        <translation>无法写入文件：%1</translation>
    </message>
    <message>
        <source>%1 (this computer)</source>
        <translation>%1（本机）</translation>
    </message>
    <message>
        <source>Open Gatehouse</source>
        <translation>打开 Gatehouse</translation>
    </message>
    <message>
        <source>HTTPS is on: programs on other computers have to be told the certificate, for instance by NODE_EXTRA_CA_CERTS or SSL_CERT_FILE.</source>
        <translation>HTTPS 已开启：其他计算机上的程序需要知道该证书，例如通过 NODE_EXTRA_CA_CERTS 或 SSL_CERT_FILE。</translation>
    </message>
    <message>
        <source>Your tokens stay as they are; their keys are found on the page of tokens.</source>
        <translation>您的令牌保持不变；它们的密钥可在令牌页面中找到。</translation>
    </message>
    <message>
        <source>No address</source>
        <translation>无地址</translation>
    </message>
    <message>
        <source>%1: the provider has listed no models yet, so that nothing can be asked of it. See on the page of channels whether the key is right, or enter models there.</source>
        <translation>%1：供应商尚未列出模型，因此还不能使用。请在渠道页面查看密钥是否正确，或在那里填写模型。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::DurationEditor</name>
    <message>
        <source>Only whole hours can be kept.</source>
        <translation>只能保存整小时数。</translation>
    </message>
    <message>
        <source>Only whole minutes can be kept.</source>
        <translation>只能保存整分钟数。</translation>
    </message>
    <message>
        <source>Only whole seconds can be kept.</source>
        <translation>只能保存整秒数。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::DurationField</name>
    <message>
        <source>ms</source>
        <translation>毫秒</translation>
    </message>
    <message>
        <source>s</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>min</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>h</source>
        <translation>小时</translation>
    </message>
    <message>
        <source>d</source>
        <translation>天</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>a number and its unit</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>This is not a length of time, such as “90 s” or “5 min”.</source>
        <translation>这不是时长，正确的例子：“90 秒”或“5 分钟”。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::EditDialog</name>
    <message>
        <source>Discard what you typed?</source>
        <translation>放弃已输入的内容？</translation>
    </message>
    <message>
        <source>Nothing of it has been saved.</source>
        <translation>这些内容尚未保存。</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Keep editing</source>
        <translation>继续编辑</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::EmbeddedData</name>
    <message>
        <source>%1, %2</source>
        <comment>a type and a size</comment>
        <translation>%1，%2</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::EmptyState</name>
    <message>
        <source>Clear filter</source>
        <translation>清除筛选</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::EnabledColumn</name>
    <message>
        <source>Enabled</source>
        <translation>已启用</translation>
    </message>
    <message>
        <source>Disabled</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ExpiryFields</name>
    <message>
        <source>Expires at</source>
        <translation>过期时间</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>到期时间</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message numerus="yes">
        <source>In %n days</source>
        <translation>
            <numerusform>%n 天后</numerusform>
        </translation>
    </message>
    <message>
        <source>On a date</source>
        <translation>指定日期</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>This moment is over.</source>
        <translation>此时间已过。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::FactList</name>
    <message>
        <source>Copy: %1</source>
        <translation>复制：%1</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::FactsBlock</name>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Built with</source>
        <translation>构建于</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Copied the diagnostics</source>
        <translation>已复制诊断信息</translation>
    </message>
    <message>
        <source>Copy diagnostics</source>
        <translation>复制诊断信息</translation>
    </message>
    <message>
        <source>Open the data folder</source>
        <translation>打开数据文件夹</translation>
    </message>
    <message>
        <source>Licences…</source>
        <translation>许可证…</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>There is no log yet</source>
        <translation>还没有日志</translation>
    </message>
    <message>
        <source>Open the log folder</source>
        <translation>打开日志文件夹</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::FilterActions</name>
    <message>
        <source>&amp;Save this filter…</source>
        <translation>保存此筛选(&amp;S)…</translation>
    </message>
    <message>
        <source>Re&amp;name this filter…</source>
        <translation>重命名此筛选(&amp;N)…</translation>
    </message>
    <message>
        <source>Remo&amp;ve this filter</source>
        <translation>移除此筛选(&amp;V)</translation>
    </message>
    <message>
        <source>Save this filter</source>
        <translation>保存此筛选</translation>
    </message>
    <message>
        <source>Rename this filter</source>
        <translation>重命名此筛选</translation>
    </message>
    <message>
        <source>Removed the filter %1</source>
        <translation>移除了筛选 %1</translation>
    </message>
    <message>
        <source>Replaced the filter %1</source>
        <translation>替换了筛选 %1</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::FilterBar</name>
    <message>
        <source>Group by</source>
        <translation>分组方式</translation>
    </message>
    <message>
        <source>none</source>
        <comment>group by</comment>
        <translation>无</translation>
    </message>
    <message>
        <source>session</source>
        <comment>group by</comment>
        <translation>会话</translation>
    </message>
    <message>
        <source>token</source>
        <comment>group by</comment>
        <translation>令牌</translation>
    </message>
    <message>
        <source>model</source>
        <comment>group by</comment>
        <translation>模型</translation>
    </message>
    <message>
        <source>channel</source>
        <comment>group by</comment>
        <translation>渠道</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::FilterField</name>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::FindBar</name>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search in this body</source>
        <translation>在此正文中搜索</translation>
    </message>
    <message>
        <source>Previous match</source>
        <translation>上一个匹配项</translation>
    </message>
    <message>
        <source>Next match</source>
        <translation>下一个匹配项</translation>
    </message>
    <message>
        <source>no match</source>
        <translation>无匹配项</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>第 %1 个，共 %2 个</translation>
    </message>
    <message>
        <source>%1 of more than %2</source>
        <translation>第 %1 个，超过 %2 个</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::FirstTokenChart</name>
    <message>
        <source>p50</source>
        <translation>p50</translation>
    </message>
    <message>
        <source>p95</source>
        <translation>p95</translation>
    </message>
    <message>
        <source>p50 %1, p95 %2</source>
        <translation>p50 %1，p95 %2</translation>
    </message>
    <message>
        <source>Time to first token</source>
        <translation>到首个词元的时间</translation>
    </message>
    <message>
        <source>Of the latest minute with an answer</source>
        <translation>取自最近有响应的一分钟</translation>
    </message>
    <message>
        <source>No answers in the last hour</source>
        <translation>最近一小时没有响应</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::Format</name>
    <message>
        <source>&lt;%1</source>
        <translation>&lt;%1</translation>
    </message>
    <message>
        <source>%1k</source>
        <comment>thousands</comment>
        <translation>%1k</translation>
    </message>
    <message>
        <source>%1 M</source>
        <comment>millions</comment>
        <translation>%1 M</translation>
    </message>
    <message>
        <source>%1 G</source>
        <comment>thousands of millions</comment>
        <translation>%1 G</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>%1 tok/s</source>
        <translation>%1 词元/秒</translation>
    </message>
    <message>
        <source>0 ms</source>
        <translation>0 ms</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message numerus="yes">
        <source>%n days</source>
        <translation>
            <numerusform>%n 天</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分钟</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>刚刚</translation>
    </message>
    <message numerus="yes">
        <source>%n s ago</source>
        <translation>
            <numerusform>%n 秒前</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %n s</source>
        <translation>
            <numerusform>%n 秒后</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n min ago</source>
        <translation>
            <numerusform>%n 分钟前</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %n min</source>
        <translation>
            <numerusform>%n 分钟后</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h ago</source>
        <translation>
            <numerusform>%n 小时前</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %n h</source>
        <translation>
            <numerusform>%n 小时后</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n days ago</source>
        <translation>
            <numerusform>%n 天前</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>in %n days</source>
        <translation>
            <numerusform>%n 天后</numerusform>
        </translation>
    </message>
    <message>
        <source>HH:mm</source>
        <comment>a time of day</comment>
        <translation>HH:mm</translation>
    </message>
    <message>
        <source>ddd</source>
        <comment>a weekday</comment>
        <translation>ddd</translation>
    </message>
    <message>
        <source>d MMM</source>
        <comment>a day of this year</comment>
        <translation>M月d日</translation>
    </message>
    <message>
        <source>d MMM yyyy</source>
        <comment>a day</comment>
        <translation>yyyy年M月d日</translation>
    </message>
    <message>
        <source>HH:mm:ss</source>
        <comment>a time of day</comment>
        <translation>HH:mm:ss</translation>
    </message>
    <message>
        <source>d MMM yyyy, HH:mm:ss</source>
        <comment>a moment</comment>
        <translation>yyyy年M月d日 HH:mm:ss</translation>
    </message>
    <message>
        <source>“%1”</source>
        <translation>“%1”</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>parts of a list</comment>
        <translation>%1、%2</translation>
    </message>
    <message>
        <source>%1 and %2</source>
        <comment>the end of a list</comment>
        <translation>%1 和 %2</translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation>%1 个百分点</translation>
    </message>
    <message>
        <source>$%1k</source>
        <comment>thousands of dollars</comment>
        <translation>$%1k</translation>
    </message>
    <message>
        <source>$%1M</source>
        <comment>millions of dollars</comment>
        <translation>$%1M</translation>
    </message>
    <message>
        <source>$%1B</source>
        <comment>thousands of millions of dollars</comment>
        <translation>$%1B</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::FoundModel</name>
    <message>
        <source>Keys in the environment</source>
        <translation>环境变量中的密钥</translation>
    </message>
    <message>
        <source>Models running here</source>
        <translation>本机运行的模型</translation>
    </message>
    <message>
        <source>What was looked at</source>
        <translation>查找过的位置</translation>
    </message>
    <message>
        <source>1 model</source>
        <translation>1 个模型</translation>
    </message>
    <message numerus="yes">
        <source>%n models</source>
        <translation>
            <numerusform>%n 个模型</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>%1 in the environment</source>
        <translation>环境变量中的 %1</translation>
    </message>
    <message>
        <source>found</source>
        <translation>已找到</translation>
    </message>
    <message>
        <source>nothing there</source>
        <translation>未找到</translation>
    </message>
    <message>
        <source>Files of other programs</source>
        <translation>其他程序的文件</translation>
    </message>
    <message>
        <source>channels: %1, users: %2, tokens: %3</source>
        <translation>渠道：%1，用户：%2，令牌：%3</translation>
    </message>
    <message>
        <source>channels: %1</source>
        <translation>渠道：%1</translation>
    </message>
    <message>
        <source>%1 in %2</source>
        <comment>a variable and a file</comment>
        <translation>%2 中的 %1</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::FoundStep</name>
    <message>
        <source>Found on this computer</source>
        <translation>在本机上找到</translation>
    </message>
    <message>
        <source>Nothing is taken over without a tick. Keys are copied and kept encrypted; your files stay as they are.</source>
        <translation>未勾选的内容不会被导入。密钥会复制并加密保存；您的文件保持不变。</translation>
    </message>
    <message>
        <source>Nothing was found. Add a key by hand, or go on: channels can be added at any time.</source>
        <translation>没有找到任何内容。可以手动添加密钥，也可以继续：渠道随时可以添加。</translation>
    </message>
    <message>
        <source>Add a key by hand…</source>
        <translation>手动添加密钥…</translation>
    </message>
    <message>
        <source>Hide what was looked at</source>
        <translation>隐藏查找过的位置</translation>
    </message>
    <message>
        <source>What was looked at (%1)</source>
        <translation>查找过的位置（%1）</translation>
    </message>
    <message>
        <source>asking…</source>
        <translation>正在查询…</translation>
    </message>
    <message>
        <source>no models listed</source>
        <translation>没有列出模型</translation>
    </message>
    <message>
        <source>Continue with %1</source>
        <translation>继续（%1 项）</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::GapHistogram</name>
    <message>
        <source>Pauses of the stream by their length</source>
        <translation>流的停顿，按时长</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a class of lengths and how many</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>&lt; 10 ms</source>
        <translation>&lt; 10 ms</translation>
    </message>
    <message>
        <source>10–50 ms</source>
        <translation>10–50 ms</translation>
    </message>
    <message>
        <source>50–200 ms</source>
        <translation>50–200 ms</translation>
    </message>
    <message>
        <source>0.2–1 s</source>
        <translation>0.2–1 秒</translation>
    </message>
    <message>
        <source>1–5 s</source>
        <translation>1–5 秒</translation>
    </message>
    <message>
        <source>≥ 5 s</source>
        <translation>≥ 5 秒</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::GatewayActions</name>
    <message>
        <source>&amp;Start the gateway</source>
        <translation>启动网关(&amp;S)</translation>
    </message>
    <message>
        <source>S&amp;top…</source>
        <translation>停止(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Restart the listener</source>
        <translation>重启监听(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Pause new requests</source>
        <translation>暂停新请求(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Drain and stop</source>
        <translation>处理完后停止(&amp;D)</translation>
    </message>
    <message>
        <source>Begins to serve clients.</source>
        <translation>开始为客户端提供服务。</translation>
    </message>
    <message>
        <source>Stops serving; running requests may end first.</source>
        <translation>停止服务；正在进行的请求可先完成。</translation>
    </message>
    <message>
        <source>Applies changed addresses, certificates and threads.</source>
        <translation>应用已更改的地址、证书和线程数。</translation>
    </message>
    <message>
        <source>New requests are refused, running ones go on.</source>
        <translation>拒绝新请求，正在进行的请求继续。</translation>
    </message>
    <message>
        <source>Takes no new requests and stops when the running ones have ended.</source>
        <translation>不再接受新请求，待正在进行的请求结束后停止。</translation>
    </message>
    <message>
        <source>Not while the database is being compacted: no request could be logged.</source>
        <translation>压缩数据库期间不可用：此时无法记录任何请求。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::GatewayProblemBar</name>
    <message>
        <source>Use port %1</source>
        <translation>使用端口 %1</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Nobody reaches the gateway by %1: this computer does not have that address at the moment. Connect to that network again, or choose another address in Settings, Server.</source>
        <translation>无法通过 %1 访问网关：本机目前没有该地址。请重新连接到该网络，或在“设置 → 服务器”中选择其他地址。</translation>
    </message>
    <message>
        <source>%1 It is tried again by itself.</source>
        <translation>%1 系统会自动重试。</translation>
    </message>
    <message>
        <source>%1 The gateway goes on as it was before the change.</source>
        <translation>%1 网关按更改前的设置继续运行。</translation>
    </message>
    <message>
        <source>Nobody reaches the gateway by %1: another program took it while the gateway was to start anew. It is listened on again as soon as it is free.</source>
        <translation>无法通过 %1 访问网关：网关准备重新启动时，另一个程序占用了它。一旦空闲，网关将立即重新监听。</translation>
    </message>
    <message>
        <source>Choose another…</source>
        <translation>选择其他…</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::GatewayState</name>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>Starting</source>
        <translation>启动中</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Draining</source>
        <translation>收尾中</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Programs reach it by %1 now.</source>
        <translation>程序现在通过 %1 访问它。</translation>
    </message>
    <message>
        <source>Other computers reach it by %1 now.</source>
        <translation>其他计算机现在通过 %1 访问它。</translation>
    </message>
    <message>
        <source>Programs on this computer reach it by %1 now, other computers by %2.</source>
        <translation>本机的程序现在通过 %1 访问它，其他计算机通过 %2。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::GroupColumns</name>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Price factor</source>
        <translation>价格倍率</translation>
    </message>
    <message>
        <source>What a request costs by the prices is multiplied by this.</source>
        <translation>请求按价格算出的费用会乘以此数。</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>渠道</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::GroupCommands</name>
    <message>
        <source>There is a group %1 already.</source>
        <translation>已经有名为 %1 的分组。</translation>
    </message>
    <message>
        <source>Added the group %1</source>
        <translation>添加了分组 %1</translation>
    </message>
    <message numerus="yes">
        <source>Added %n groups</source>
        <translation>
            <numerusform>添加了 %n 个分组</numerusform>
        </translation>
    </message>
    <message>
        <source>Changed the group %1</source>
        <translation>更改了分组 %1</translation>
    </message>
    <message>
        <source>Removed the group %1</source>
        <translation>移除了分组 %1</translation>
    </message>
    <message>
        <source>A price factor is a number from 0 to 1000000, such as 0.8.</source>
        <translation>价格倍率是 0 到 1000000 之间的数，例如 0.8。</translation>
    </message>
    <message>
        <source>Renamed the group %1 to %2</source>
        <translation>已将分组 %1 重命名为 %2</translation>
    </message>
    <message>
        <source>There is no group %1 any more.</source>
        <translation>分组%1已不存在。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::GroupsDialog</name>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Each user is in one group. It decides which channels serve the user, and what the price of a request is multiplied by.</source>
        <translation>每个用户属于一个分组。分组决定由哪些渠道服务该用户，以及请求的价格乘以多少。</translation>
    </message>
    <message>
        <source>&amp;Remove</source>
        <translation>移除(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;New group</source>
        <translation>新建分组(&amp;N)</translation>
    </message>
    <message>
        <source>Name of the new group</source>
        <translation>新建分组的名称</translation>
    </message>
    <message>
        <source>Price factor of the new group</source>
        <translation>新分组的价格倍率</translation>
    </message>
    <message>
        <source>Price &amp;factor</source>
        <translation>价格倍率(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Add group</source>
        <translation>添加分组(&amp;A)</translation>
    </message>
    <message>
        <source>The group %1 stays: new users are in it.</source>
        <translation>分组 %1 不能移除：新用户都在其中。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::HealthGrid</name>
    <message>
        <source>Show these &amp;requests</source>
        <translation>显示这些请求(&amp;R)</translation>
    </message>
    <message>
        <source>Copy &amp;image</source>
        <translation>复制图片(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Copy as CSV</source>
        <translation>复制为 CSV(&amp;C)</translation>
    </message>
    <message>
        <source>View as &amp;table</source>
        <translation>以表格查看(&amp;T)</translation>
    </message>
    <message>
        <source>open</source>
        <translation>已熔断</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>渠道</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>尝试</translation>
    </message>
    <message>
        <source>Success</source>
        <translation>成功率</translation>
    </message>
    <message>
        <source>Breaker</source>
        <translation>熔断</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::HealthModel</name>
    <message>
        <source>idle</source>
        <translation>空闲</translation>
    </message>
    <message>
        <source>chosen time</source>
        <translation>所选时间</translation>
    </message>
    <message>
        <source>last 60 minutes</source>
        <translation>最近 60 分钟</translation>
    </message>
    <message>
        <source>last 24 hours</source>
        <translation>最近 24 小时</translation>
    </message>
    <message numerus="yes">
        <source>last %n days</source>
        <translation>
            <numerusform>最近 %n 天</numerusform>
        </translation>
    </message>
    <message>
        <source>%1/%2</source>
        <comment>running, most at once</comment>
        <translation>%1/%2</translation>
    </message>
    <message>
        <source>%1, %2, %3, %4: %5</source>
        <comment>channel, state, share of successes, time shown, strip</comment>
        <translation>%1，%2，%3，%4：%5</translation>
    </message>
    <message>
        <source>Running now: %1 of %2.</source>
        <comment>requests, most at once</comment>
        <translation>正在进行：%1/%2。</translation>
    </message>
    <message>
        <source>No models</source>
        <translation>没有模型</translation>
    </message>
    <message>
        <source>%1: no requests in the %2</source>
        <comment>channel, last 60 minutes</comment>
        <translation>%1：%2内没有请求</translation>
    </message>
    <message numerus="yes">
        <source>%1: %2 of %n attempts in the %3 succeeded</source>
        <comment>channel, share, last 60 minutes</comment>
        <translation>
            <numerusform>%1：%3内 %n 次尝试中 %2 成功</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::HealthPanel</name>
    <message>
        <source>worse</source>
        <translation>较差</translation>
    </message>
    <message>
        <source>better</source>
        <translation>较好</translation>
    </message>
    <message>
        <source>breaker open</source>
        <translation>已熔断</translation>
    </message>
    <message>
        <source>Show fewer</source>
        <translation>收起</translation>
    </message>
    <message numerus="yes">
        <source>Show all %n</source>
        <comment>channels</comment>
        <translation>
            <numerusform>显示全部 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>Channel health, %1</source>
        <translation>渠道健康状况，%1</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::HealthText</name>
    <message>
        <source>Healthy</source>
        <translation>健康</translation>
    </message>
    <message>
        <source>Degraded</source>
        <translation>降级</translation>
    </message>
    <message>
        <source>Limited</source>
        <translation>受限</translation>
    </message>
    <message>
        <source>Testing</source>
        <translation>试探中</translation>
    </message>
    <message>
        <source>Open</source>
        <comment>the circuit breaker of a channel</comment>
        <translation>熔断</translation>
    </message>
    <message>
        <source>Auth failed</source>
        <translation>认证失败</translation>
    </message>
    <message>
        <source>No credit</source>
        <translation>余额不足</translation>
    </message>
    <message>
        <source>Disabled</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>a state and the time left of it: Limited 0:38</comment>
        <translation>%1 %2</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::HeatText</name>
    <message>
        <source>There were no requests.</source>
        <translation>没有请求。</translation>
    </message>
    <message>
        <source>The worst stretch had %1 % success.</source>
        <translation>最差时段的成功率为 %1%。</translation>
    </message>
    <message numerus="yes">
        <source>The breaker was open in %n stretch(es).</source>
        <translation>
            <numerusform>有 %n 个时段处于熔断状态。</numerusform>
        </translation>
    </message>
    <message>
        <source>The breaker was open</source>
        <translation>处于熔断状态</translation>
    </message>
    <message>
        <source>No requests</source>
        <translation>无请求</translation>
    </message>
    <message>
        <source>%1 % success</source>
        <translation>成功率 %1%</translation>
    </message>
    <message numerus="yes">
        <source>%n attempts</source>
        <translation>
            <numerusform>%n 次尝试</numerusform>
        </translation>
    </message>
    <message>
        <source>1 cell = %1 h</source>
        <translation>1 格 = %1 小时</translation>
    </message>
    <message>
        <source>1 cell = %1 min</source>
        <translation>1 格 = %1 分钟</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::HistoryColumns</name>
    <message>
        <source>Setting %1</source>
        <translation>设置 %1</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>By</source>
        <translation>操作者</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::HistoryDialog</name>
    <message>
        <source>History of changes</source>
        <translation>更改历史</translation>
    </message>
    <message>
        <source>Filter, e.g. object:channel action:removed since:7d</source>
        <translation>筛选，例如 object:channel action:removed since:7d</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Show &amp;older</source>
        <translation>显示更早的(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>导出(&amp;E)…</translation>
    </message>
    <message>
        <source>No changes yet</source>
        <translation>还没有更改</translation>
    </message>
    <message>
        <source>What is changed in the window, by commands or by the management API is listed here, and who signed in.</source>
        <translation>在窗口中、通过命令或管理 API 所做的更改，以及谁登录过，都列在这里。</translation>
    </message>
    <message numerus="yes">
        <source>%n changes</source>
        <translation>
            <numerusform>%n 项更改</numerusform>
        </translation>
    </message>
    <message>
        <source>No change matches %1.</source>
        <translation>没有符合 %1 的更改。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::HoursModel</name>
    <message>
        <source>A time of the day in UTC, such as 16:30</source>
        <translation>一天中的时刻（UTC），例如 16:30</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Tokens of input, such as 200,000 or 200k; nothing: any input</source>
        <translation>输入的词元数，例如 200,000 或 200k；留空表示任意输入</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>Hours need two times of the day in UTC, such as 16:30.</source>
        <translation>时段需要两个 UTC 时刻，例如 16:30。</translation>
    </message>
    <message>
        <source>The hours from %1 end when they begin.</source>
        <translation>从 %1 开始的时段在开始时就已结束。</translation>
    </message>
    <message>
        <source>%1: the input is a number of tokens, or nothing.</source>
        <translation>%1：输入应为词元数，或留空。</translation>
    </message>
    <message>
        <source>%1: there are two rows of the same.</source>
        <translation>%1：有两行相同。</translation>
    </message>
    <message>
        <source>%1: a row without a length of the input is missing.</source>
        <translation>%1：缺少一行不限输入长度的价格。</translation>
    </message>
    <message>
        <source>%1 and %2 overlap.</source>
        <translation>%1 与 %2 重叠。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::HoursTable</name>
    <message>
        <source>Prices at certain hours</source>
        <translation>特定时段的价格</translation>
    </message>
    <message>
        <source>Add hours</source>
        <translation>添加时段</translation>
    </message>
    <message>
        <source>Remove the selected hours</source>
        <translation>移除所选时段</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ImportBlock</name>
    <message>
        <source>Contents</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Left out or changed</source>
        <translation>略去或更改</translation>
    </message>
    <message>
        <source>Reading %1…</source>
        <translation>正在读取 %1…</translation>
    </message>
    <message>
        <source>Importing %1…</source>
        <translation>正在导入 %1…</translation>
    </message>
    <message>
        <source>%1 was imported.</source>
        <translation>%1 已导入。</translation>
    </message>
    <message>
        <source>What was here before is kept in %1.</source>
        <translation>此前的数据保存在 %1。</translation>
    </message>
    <message>
        <source>%1: %2 of %3</source>
        <translation>%1：%2 / %3</translation>
    </message>
    <message>
        <source>Imported from %1</source>
        <translation>已从 %1 导入</translation>
    </message>
    <message>
        <source>Would be imported from %1</source>
        <translation>将从 %1 导入</translation>
    </message>
    <message>
        <source>Logs (%1 lines) and redemption codes (%2) are not imported.</source>
        <translation>日志（%1 行）和兑换码（%2 个）不会导入。</translation>
    </message>
    <message>
        <source>Prices are those of Gatehouse&apos;s table, not the ratios of models there.</source>
        <translation>价格以 Gatehouse 的价格表为准，而非原处的模型倍率。</translation>
    </message>
    <message>
        <source>Databases (*.db)</source>
        <translation>数据库 (*.db)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>Imported %1</source>
        <translation>已导入 %1</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Choose a file…</source>
        <translation>选择文件…</translation>
    </message>
    <message>
        <source>Of a database of One API or New API (mostly one-api.db), users with their passwords, tokens with their keys, channels, groups and settings come along. Of LiteLLM&apos;s config.yaml, cc-switch&apos;s database or config.json, Claude Code Router&apos;s config.json and .env files it is the channels that you tick. The file is only read, and may be in use. What is here already is not changed.</source>
        <translation>从 One API 或 New API 的数据库（通常为 one-api.db）导入用户及其密码、令牌及其密钥、渠道、分组和设置。从 LiteLLM 的 config.yaml、cc-switch 的数据库或 config.json、Claude Code Router 的 config.json 以及 .env 文件导入您勾选的渠道。文件只会被读取，可以正在使用中。此处已有的内容不会改变。</translation>
    </message>
    <message>
        <source>Channels in the file of %1</source>
        <translation>%1 文件中的渠道</translation>
    </message>
    <message>
        <source>%1 of %2 ticked</source>
        <translation>已勾选 %1 / %2</translation>
    </message>
    <message>
        <source>What LiteLLM&apos;s own database holds (users, keys, budgets, prices) is not imported.</source>
        <translation>LiteLLM 自有数据库中的内容（用户、密钥、预算、价格）不会导入。</translation>
    </message>
    <message>
        <source>Nothing but channels is imported from this file.</source>
        <translation>从这个文件只导入渠道。</translation>
    </message>
    <message>
        <source>%1 more are not listed.</source>
        <translation>另有 %1 项未列出。</translation>
    </message>
    <message>
        <source>Import from a file</source>
        <translation>从文件导入</translation>
    </message>
    <message>
        <source>Configurations (*.yaml *.yml *.json *.env .env)</source>
        <translation>配置文件 (*.yaml *.yml *.json *.env .env)</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ImportColumns</name>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>渠道</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>渠道</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>已更改</translation>
    </message>
    <message>
        <source>Left out</source>
        <translation>已略去</translation>
    </message>
    <message>
        <source>What</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::Inspector</name>
    <message>
        <source>streaming</source>
        <translation>流式传输</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>a channel</source>
        <translation>某个渠道</translation>
    </message>
    <message>
        <source>being served</source>
        <translation>正在处理</translation>
    </message>
    <message>
        <source>being served by %1</source>
        <translation>正由 %1 处理</translation>
    </message>
    <message>
        <source>refused before it was sent to a channel</source>
        <translation>在发送到渠道之前被拒绝</translation>
    </message>
    <message>
        <source>cancelled while %1 served it</source>
        <translation>在 %1 处理时被取消</translation>
    </message>
    <message numerus="yes">
        <source>failed after %n attempts, the last with %1</source>
        <translation>
            <numerusform>尝试 %n 次后失败，最后一次使用 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>failed with %1</source>
        <translation>失败，使用 %1</translation>
    </message>
    <message>
        <source>served by %1 as %2</source>
        <translation>由 %1 以 %2 提供</translation>
    </message>
    <message>
        <source>served by %1</source>
        <translation>由 %1 提供</translation>
    </message>
    <message>
        <source>%1, after a failed attempt</source>
        <translation>%1，此前 1 次尝试失败</translation>
    </message>
    <message numerus="yes">
        <source>%1, after %n failed attempts</source>
        <translation>
            <numerusform>%1，此前 %n 次尝试失败</numerusform>
        </translation>
    </message>
    <message>
        <source>Forget what was sent in this request</source>
        <translation>清除此请求收发的内容</translation>
    </message>
    <message>
        <source>No request</source>
        <translation>无请求</translation>
    </message>
    <message>
        <source>Select a request to see what it cost and how it went.</source>
        <translation>选择一个请求以查看其费用和处理过程。</translation>
    </message>
    <message>
        <source>Save as HAR…</source>
        <translation>另存为 HAR…</translation>
    </message>
    <message>
        <source>Cancel the request</source>
        <translation>取消该请求</translation>
    </message>
    <message>
        <source>&amp;Forget what was sent in this request…</source>
        <translation>清除此请求收发的内容(&amp;F)…</translation>
    </message>
    <message>
        <source>Forget what was sent with the &amp;token %1…</source>
        <translation>清除使用令牌 %1 收发的内容(&amp;T)…</translation>
    </message>
    <message>
        <source>answered from the cache of answers</source>
        <translation>由回答缓存直接响应</translation>
    </message>
    <message>
        <source>The request ID is in the clipboard.</source>
        <translation>请求 ID 已复制到剪贴板。</translation>
    </message>
    <message>
        <source>Copy the request ID</source>
        <translation>复制请求 ID</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::IntegerField</name>
    <message>
        <source>This is not a whole number.</source>
        <translation>这不是整数。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::JsonTreeModel</name>
    <message numerus="yes">
        <source>{ %n members }</source>
        <translation>
            <numerusform>{ %n 个成员 }</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>[ %n values ]</source>
        <translation>
            <numerusform>[ %n 个值 ]</numerusform>
        </translation>
    </message>
    <message>
        <source>Document</source>
        <translation>文档</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::JsonView</name>
    <message>
        <source>Structure of the body</source>
        <translation>正文的结构</translation>
    </message>
    <message>
        <source>The body is no JSON.</source>
        <translation>正文不是 JSON。</translation>
    </message>
    <message>
        <source>The JSON breaks off at its end.</source>
        <translation>JSON 在末尾中断。</translation>
    </message>
    <message>
        <source>The JSON cannot be read on from byte %1.</source>
        <translation>从第 %1 字节起无法继续读取 JSON。</translation>
    </message>
    <message numerus="yes">
        <source>%n values</source>
        <translation>
            <numerusform>%n 个值</numerusform>
        </translation>
    </message>
    <message>
        <source>Copy the &amp;path</source>
        <translation>复制路径(&amp;P)</translation>
    </message>
    <message>
        <source>Copy the &amp;value</source>
        <translation>复制值(&amp;V)</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::KeyListEdit</name>
    <message>
        <source>Keys, one a line</source>
        <translation>密钥，每行一个</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::LanSheet</name>
    <message>
        <source>Open to the network</source>
        <translation>向网络开放</translation>
    </message>
    <message>
        <source>Let other computers connect?</source>
        <translation>允许其他计算机连接？</translation>
    </message>
    <message>
        <source>Nothing changes until the listener is restarted. These will be the addresses:</source>
        <translation>重启监听之前不会有任何变化。地址将是：</translation>
    </message>
    <message>
        <source>Use HTTPS with a certificate of this computer’s own authority</source>
        <translation>启用 HTTPS，使用本机自有证书颁发机构签发的证书</translation>
    </message>
    <message>
        <source>Devices must trust the authority’s certificate once. It can be exported on this page.</source>
        <translation>各设备需要信任一次该证书颁发机构的证书。可在此页面导出。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::LicencesDialog</name>
    <message>
        <source>Part</source>
        <translation>组成部分</translation>
    </message>
    <message>
        <source>Licence</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Licences</source>
        <translation>许可证</translation>
    </message>
    <message>
        <source>Parts of the program</source>
        <translation>程序的组成部分</translation>
    </message>
    <message>
        <source>Licence text</source>
        <translation>许可证文本</translation>
    </message>
    <message>
        <source>%1 is used under the licence %2. Its text comes with it, and stands at https://spdx.org/licenses/%2.html.</source>
        <translation>%1 依据许可证 %2 使用。许可证文本随其附带，也可见于 https://spdx.org/licenses/%2.html。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::LinkSheet</name>
    <message>
        <source>The address mixes letters of several scripts. It may look like one that you know, and is another one.</source>
        <translation>该地址混用了多种文字的字母。它可能看起来像您熟悉的地址，实际却是另一个。</translation>
    </message>
    <message>
        <source>The address leads to this computer or to the network it stands in, not to a provider on the internet.</source>
        <translation>该地址指向本机或其所在的网络，而不是互联网上的供应商。</translation>
    </message>
    <message>
        <source>The link brings a key. Whoever made the link knows it, and may see what is sent with it.</source>
        <translation>链接带有密钥。制作链接的人知道该密钥，并可能看到用它发送的内容。</translation>
    </message>
    <message>
        <source>Channel from a link</source>
        <translation>来自链接的渠道</translation>
    </message>
    <message>
        <source>A link proposes this channel.</source>
        <translation>一个链接建议添加此渠道。</translation>
    </message>
    <message>
        <source>Anybody can make such a link. Go on only if you trust where it comes from. Nothing is stored before you save the channel.</source>
        <translation>任何人都可以制作这样的链接。仅在您信任其来源时才继续。在您保存渠道之前，不会存储任何内容。</translation>
    </message>
    <message>
        <source>Review channel…</source>
        <translation>查看渠道…</translation>
    </message>
    <message>
        <source>A link</source>
        <translation>链接</translation>
    </message>
    <message>
        <source>Origin</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>The link does not tell</source>
        <translation>链接未说明</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>供应商</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Host as written</source>
        <translation>主机的原文写法</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ListEditor</name>
    <message>
        <source>%1 has a space in it.</source>
        <translation>“%1”中有空格。</translation>
    </message>
    <message>
        <source>%1 is no address and no range of addresses, such as 192.168.0.0/16.</source>
        <translation>“%1”不是地址，也不是地址范围（例如 192.168.0.0/16）。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ListPage</name>
    <message numerus="yes">
        <source>Exported %n rows to %1</source>
        <translation>
            <numerusform>已导出 %n 行到 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Exp&amp;ort this list…</source>
        <translation>导出此列表(&amp;O)…</translation>
    </message>
    <message>
        <source>The export was cancelled.</source>
        <translation>已取消导出。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ListenBlock</name>
    <message>
        <source>Addresses</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
    <message>
        <source>After the restart of the listener.</source>
        <translation>重启监听之后生效。</translation>
    </message>
    <message>
        <source>Once the gateway runs.</source>
        <translation>网关运行之后生效。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ListenEditor</name>
    <message>
        <source>At least one address is needed, such as 127.0.0.1:3000.</source>
        <translation>至少需要一个地址，例如 127.0.0.1:3000。</translation>
    </message>
    <message>
        <source>%1 is no address to listen on. Write it as 127.0.0.1:3000 or [::1]:3000.</source>
        <translation>“%1”不是监听地址。请写成 127.0.0.1:3000 或 [::1]:3000 的形式。</translation>
    </message>
    <message>
        <source>This computer only</source>
        <translation>仅本机</translation>
    </message>
    <message>
        <source>Local network</source>
        <translation>局域网</translation>
    </message>
    <message>
        <source>Addresses of your own</source>
        <translation>自定义地址</translation>
    </message>
    <message>
        <source>Addresses to listen on</source>
        <translation>监听的地址</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::LockScreen</name>
    <message>
        <source>Gatehouse is locked</source>
        <translation>Gatehouse 已锁定</translation>
    </message>
    <message>
        <source>The gateway goes on. The password of the administrator unlocks the window.</source>
        <translation>网关继续运行。输入管理员密码可解锁窗口。</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>解锁</translation>
    </message>
    <message>
        <source>Forgotten, or never set? A new one can be set in a terminal:
%1</source>
        <translation>忘记密码，或从未设置过？可在终端中设置新密码：
%1</translation>
    </message>
    <message>
        <source>This is not the password of the administrator.</source>
        <translation>这不是管理员的密码。</translation>
    </message>
    <message>
        <source>Too many wrong passwords. Try again in %1.</source>
        <translation>密码错误次数过多。请在 %1 后重试。</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::LostTexts</name>
    <message numerus="yes">
        <source>%n channels have no keys and are switched off.</source>
        <translation>
            <numerusform>%n 个渠道没有密钥，已停用。</numerusform>
        </translation>
    </message>
    <message>
        <source>the token of Prometheus</source>
        <translation>Prometheus 的令牌</translation>
    </message>
    <message>
        <source>the headers of OpenTelemetry</source>
        <translation>OpenTelemetry 的请求头</translation>
    </message>
    <message>
        <source>the secret of the webhook</source>
        <translation>Webhook 的密钥</translation>
    </message>
    <message>
        <source>To be entered again in Settings, Integrations: %1.</source>
        <translation>需要在“设置 → 集成”中重新输入：%1。</translation>
    </message>
    <message numerus="yes">
        <source>The keys of %n tokens stay valid, but cannot be shown.</source>
        <translation>
            <numerusform>%n 个令牌的密钥仍然有效，但无法显示。</numerusform>
        </translation>
    </message>
    <message>
        <source>The certificate authority for HTTPS is gone: who trusts it has to trust the next one.</source>
        <translation>HTTPS 的证书颁发机构已丢失：此前信任它的设备需要信任新的颁发机构。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::MainWindow</name>
    <message>
        <source>Copied %1</source>
        <translation>已复制 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n channels do not serve</source>
        <translation>
            <numerusform>%n 个渠道未在服务</numerusform>
        </translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>渠道</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>a setting and its key</comment>
        <translation>%1（%2）</translation>
    </message>
    <message numerus="yes">
        <source>%n errors since you last looked</source>
        <translation>
            <numerusform>自上次查看以来有 %n 个错误</numerusform>
        </translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>The gateway has another address.</source>
        <translation>网关的地址变了。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>It ended early: %1 What was changed until then can be taken back.</source>
        <translation>提前结束：%1 在此之前的更改可以撤销。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Lock the window</source>
        <translation>锁定窗口</translation>
    </message>
    <message>
        <source>Do you know the password of the administrator?</source>
        <translation>您知道管理员的密码吗？</translation>
    </message>
    <message>
        <source>Only it unlocks the window. If you have never set it, do so first: Settings, Security, Change password.</source>
        <translation>只有它能解锁窗口。如果从未设置过，请先设置：设置 → 安全 → 更改密码。</translation>
    </message>
    <message>
        <source>Lock</source>
        <translation>锁定</translation>
    </message>
    <message>
        <source>A backup was restored without its secrets.</source>
        <translation>已还原备份，但不含其机密。</translation>
    </message>
    <message>
        <source>Show channels</source>
        <translation>显示渠道</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a page and what it can do</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::Menus</name>
    <message>
        <source>&amp;Channel</source>
        <translation>渠道(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Traffic</source>
        <translation>流量(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>文件(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Settings…</source>
        <translation>设置(&amp;S)…</translation>
    </message>
    <message>
        <source>&amp;Close window</source>
        <translation>关闭窗口(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>退出(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>编辑(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>撤销(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>重做(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Filter</source>
        <translation>筛选(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>视图(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Next pane</source>
        <translation>下一个窗格(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Previous pane</source>
        <translation>上一个窗格(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Theme</source>
        <translation>主题(&amp;T)</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>&amp;Language</source>
        <translation>语言(&amp;L)</translation>
    </message>
    <message>
        <source>T&amp;ools</source>
        <translation>工具(&amp;O)</translation>
    </message>
    <message>
        <source>&amp;Command palette…</source>
        <translation>命令面板(&amp;C)…</translation>
    </message>
    <message>
        <source>Copy the &amp;address</source>
        <translation>复制地址(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Window</source>
        <translation>窗口(&amp;W)</translation>
    </message>
    <message>
        <source>&amp;Minimize</source>
        <translation>最小化(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>帮助(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Keyboard shortcuts</source>
        <translation>键盘快捷键(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;About Gatehouse</source>
        <translation>关于 Gatehouse(&amp;A)</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>全局</translation>
    </message>
    <message>
        <source>In tables</source>
        <translation>表格中</translation>
    </message>
    <message>
        <source>In charts</source>
        <translation>图表中</translation>
    </message>
    <message>
        <source>Show the requests of a step</source>
        <translation>显示某一时段的请求</translation>
    </message>
    <message>
        <source>%1, a click</source>
        <translation>%1，单击</translation>
    </message>
    <message>
        <source>&amp;Lock window</source>
        <translation>锁定窗口(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Set up again…</source>
        <translation>重新设置(&amp;S)…</translation>
    </message>
    <message>
        <source>Edit the cell</source>
        <translation>编辑单元格</translation>
    </message>
    <message>
        <source>Copy the selected rows</source>
        <translation>复制所选行</translation>
    </message>
    <message>
        <source>Select all rows</source>
        <translation>选择所有行</translation>
    </message>
    <message>
        <source>&amp;Undo: %1</source>
        <translation>撤销：%1(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Redo: %1</source>
        <translation>重做：%1(&amp;R)</translation>
    </message>
    <message>
        <source>Open the row</source>
        <translation>打开该行</translation>
    </message>
    <message>
        <source>Names in the n&amp;avigation</source>
        <translation>导航中显示名称(&amp;A)</translation>
    </message>
    <message>
        <source>Move the row, where the order is one&apos;s own</source>
        <translation>移动行（可自定顺序之处）</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>two shortcuts for one thing</comment>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Open or close a group</source>
        <translation>展开或收起分组</translation>
    </message>
    <message>
        <source>Go to the step before or after</source>
        <translation>前往前一步或后一步</translation>
    </message>
    <message>
        <source>Go to the first or last step</source>
        <translation>前往第一步或最后一步</translation>
    </message>
    <message>
        <source>Look closer or from farther away</source>
        <translation>放大或缩小</translation>
    </message>
    <message>
        <source>Show all again</source>
        <translation>恢复显示全部</translation>
    </message>
    <message>
        <source>&amp;History of changes…</source>
        <translation>更改历史(&amp;H)…</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::MessageBar</name>
    <message>
        <source>Close this message</source>
        <translation>关闭此消息</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>消息</translation>
    </message>
    <message numerus="yes">
        <source>%n more</source>
        <translation>
            <numerusform>还有 %n 条</numerusform>
        </translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Copy the details</source>
        <translation>复制详情</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::MessageColumns</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>This is a secret, and is not stored.</source>
        <translation>此为机密，不会存储。</translation>
    </message>
    <message>
        <source>What</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>added</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>As the client sent it</source>
        <translation>客户端发送的内容</translation>
    </message>
    <message>
        <source>As the provider got it</source>
        <translation>供应商收到的内容</translation>
    </message>
    <message>
        <source>#</source>
        <translation>#</translation>
    </message>
    <message>
        <source>Δt</source>
        <translation>Δt</translation>
    </message>
    <message>
        <source>%1 after the request began</source>
        <translation>请求开始后 %1</translation>
    </message>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Bytes</source>
        <translation>字节</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>数据</translation>
    </message>
    <message>
        <source>As the provider sent it</source>
        <translation>供应商发送的内容</translation>
    </message>
    <message>
        <source>As the client got it</source>
        <translation>客户端收到的内容</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::MessageTab</name>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Response</source>
        <translation>响应</translation>
    </message>
    <message>
        <source>Side of the gateway</source>
        <translation>网关的哪一侧</translation>
    </message>
    <message>
        <source>Part of the message</source>
        <translation>消息的哪一部分</translation>
    </message>
    <message>
        <source>Attempt</source>
        <translation>尝试</translation>
    </message>
    <message>
        <source>Head</source>
        <translation>头部</translation>
    </message>
    <message>
        <source>What was rewritten</source>
        <translation>改写的内容</translation>
    </message>
    <message>
        <source>Client ⇄ gateway</source>
        <translation>客户端 ⇄ 网关</translation>
    </message>
    <message>
        <source>Gateway ⇄ provider</source>
        <translation>网关 ⇄ 供应商</translation>
    </message>
    <message>
        <source>Headers</source>
        <translation>头部</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>正文</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>What the gateway changed on the way to the provider</source>
        <translation>网关在发往供应商途中所做的改动</translation>
    </message>
    <message>
        <source>Attempt %1, %2</source>
        <translation>第 %1 次尝试，%2</translation>
    </message>
    <message>
        <source>Status %1</source>
        <translation>状态码 %1</translation>
    </message>
    <message>
        <source>Nothing was sent here.</source>
        <translation>此处未发送任何内容。</translation>
    </message>
    <message>
        <source>Nothing was answered here.</source>
        <translation>此处未收到任何响应。</translation>
    </message>
    <message>
        <source>The body is no JSON.</source>
        <translation>正文不是 JSON。</translation>
    </message>
    <message>
        <source>Nothing was sent to a provider.</source>
        <translation>未向供应商发送任何内容。</translation>
    </message>
    <message>
        <source>Nothing was changed: the provider got the body as the client sent it.</source>
        <translation>没有改动：供应商收到的正文与客户端发送的一致。</translation>
    </message>
    <message>
        <source>What the gateway changed on the way to the client</source>
        <translation>网关在发往客户端途中所作的更改</translation>
    </message>
    <message>
        <source>Nothing was changed: the client got the body as the provider sent it.</source>
        <translation>没有更改：客户端收到的正文与供应商发送的一致。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::MetricsBlock</name>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Make a new token…</source>
        <translation>生成新令牌…</translation>
    </message>
    <message>
        <source>Make a token</source>
        <translation>生成令牌</translation>
    </message>
    <message>
        <source>Token of the metrics</source>
        <translation>指标令牌</translation>
    </message>
    <message>
        <source>Copy the token</source>
        <translation>复制令牌</translation>
    </message>
    <message>
        <source>Set by %1 when Gatehouse was started; it cannot be changed here.</source>
        <translation>由启动 Gatehouse 时的 %1 设定；不能在此更改。</translation>
    </message>
    <message>
        <source>Copy it now: it is not shown again. Prometheus sends it as a bearer token to the path /metrics of this gateway.</source>
        <translation>请立即复制：之后不再显示。Prometheus 以 Bearer 令牌的形式将其发送到本网关的 /metrics 路径。</translation>
    </message>
    <message>
        <source>There is one. It is kept sealed and not shown again.</source>
        <translation>已有令牌。它以加密形式保存，不再显示。</translation>
    </message>
    <message>
        <source>Without one nobody can read the metrics.</source>
        <translation>没有令牌时，任何人都无法读取指标。</translation>
    </message>
    <message>
        <source>Make a new token</source>
        <translation>生成新令牌</translation>
    </message>
    <message>
        <source>Make a new token for the metrics?</source>
        <translation>为指标生成新令牌？</translation>
    </message>
    <message>
        <source>Programs that read the metrics with the present one are refused from then on.</source>
        <translation>此后，使用当前令牌读取指标的程序将被拒绝。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ModelChangeDialog</name>
    <message>
        <source>Refresh models</source>
        <translation>刷新模型</translation>
    </message>
    <message>
        <source>The models of %1 have changed: %2</source>
        <translation>%1 的模型有变化：%2</translation>
    </message>
    <message>
        <source>new: %1</source>
        <translation>新增：%1</translation>
    </message>
    <message>
        <source>gone: %1</source>
        <translation>已移除：%1</translation>
    </message>
    <message>
        <source>+ is new at the provider, − is gone. What has a tick is taken over.</source>
        <translation>+ 表示供应商新增，− 表示已移除。勾选的更改将被采用。</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Take all</source>
        <translation>全部采用</translation>
    </message>
    <message>
        <source>Take none</source>
        <translation>全部不采用</translation>
    </message>
    <message>
        <source>Take over</source>
        <translation>采用</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %n changes</source>
        <translation>
            <numerusform>%n 项更改中的 %1 项</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ModelColumns</name>
    <message>
        <source>free</source>
        <translation>免费</translation>
    </message>
    <message>
        <source>no price</source>
        <translation>无价格</translation>
    </message>
    <message>
        <source>%1. %2, %3 of its tier</source>
        <translation>%1。%2，占本级的 %3</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Not served</source>
        <translation>不可用</translation>
    </message>
    <message>
        <source>No price</source>
        <translation>无价格</translation>
    </message>
    <message>
        <source>Served</source>
        <translation>可用</translation>
    </message>
    <message>
        <source>as the plain price</source>
        <translation>与普通价格相同</translation>
    </message>
    <message numerus="yes">
        <source>%n requests</source>
        <translation>
            <numerusform>%n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>Built-in</source>
        <translation>内置</translation>
    </message>
    <message>
        <source>Edited</source>
        <translation>已编辑</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Routed to, in this order</source>
        <translation>路由顺序</translation>
    </message>
    <message>
        <source>Context</source>
        <translation>上下文</translation>
    </message>
    <message>
        <source>not known</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Input / M</source>
        <translation>输入 / 百万</translation>
    </message>
    <message>
        <source>Dollars for a million input tokens, through the channel that is tried first</source>
        <translation>每百万输入词元的美元价格，按最先尝试的渠道计</translation>
    </message>
    <message>
        <source>Output / M</source>
        <translation>输出 / 百万</translation>
    </message>
    <message>
        <source>Groups</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>For</source>
        <translation>适用于</translation>
    </message>
    <message>
        <source>all channels</source>
        <translation>所有渠道</translation>
    </message>
    <message>
        <source>Cache read</source>
        <translation>缓存读取</translation>
    </message>
    <message>
        <source>Cache write</source>
        <translation>缓存写入</translation>
    </message>
    <message>
        <source>Write, 1 h</source>
        <translation>写入，1 小时</translation>
    </message>
    <message>
        <source>Reasoning</source>
        <translation>推理</translation>
    </message>
    <message>
        <source>Long context</source>
        <translation>长上下文</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>&gt; %1: %2</source>
        <translation>&gt; %1：%2</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>As of</source>
        <translation>截至</translation>
    </message>
    <message>
        <source>Offered by</source>
        <translation>提供渠道</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1。%2</translation>
    </message>
    <message>
        <source>At rest</source>
        <translation>熔断中</translation>
    </message>
    <message>
        <source>Doubtful</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>no other name</source>
        <translation>没有别名</translation>
    </message>
    <message>
        <source>%1 (the default model)</source>
        <translation>%1（默认模型）</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>ever since</source>
        <translation>一直有效</translation>
    </message>
    <message>
        <source>in future</source>
        <translation>尚未生效</translation>
    </message>
    <message>
        <source>formerly</source>
        <translation>已被取代</translation>
    </message>
    <message>
        <source>No exchange rate</source>
        <translation>没有汇率</translation>
    </message>
    <message>
        <source>It counts as a model without a price until the settings say the rate.</source>
        <translation>在设置中填写汇率之前，按没有价格的模型处理。</translation>
    </message>
    <message>
        <source>Aliases</source>
        <translation>别名</translation>
    </message>
    <message>
        <source>Other names by which clients reach the same models of the same channels</source>
        <translation>客户端可用来访问相同渠道的相同模型的其他名称</translation>
    </message>
    <message>
        <source>Capabilities</source>
        <translation>能力</translation>
    </message>
    <message>
        <source>What is known that the model can do, through the channel that is tried first</source>
        <translation>已知该模型通过首先尝试的渠道能做什么</translation>
    </message>
    <message>
        <source>Currency</source>
        <translation>货币</translation>
    </message>
    <message>
        <source>Hours (UTC)</source>
        <translation>时段（UTC）</translation>
    </message>
    <message>
        <source>At these hours of the day, input costs this</source>
        <translation>在这些时段，输入的价格如此</translation>
    </message>
    <message>
        <source>Effective from</source>
        <translation>生效自</translation>
    </message>
    <message>
        <source>Users of these groups may use the model</source>
        <translation>这些分组的用户可以使用该模型</translation>
    </message>
    <message>
        <source>%1, another one at certain hours</source>
        <translation>%1，某些时段价格不同</translation>
    </message>
    <message>
        <source>At these hours of the day (UTC) it is another one:</source>
        <translation>在这些时段（UTC）价格不同：</translation>
    </message>
    <message>
        <source>%1, for a million tokens. An edit of a cell corrects a price of your own, also for requests of before; &quot;Set the price…&quot; makes one that begins now.</source>
        <translation>%1，每百万词元。编辑单元格会更正自定价格，包括此前的请求；“设置价格…”则设定从现在起生效的价格。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ModelsPage</name>
    <message>
        <source>&amp;Explain route…</source>
        <translation>解释路由(&amp;E)…</translation>
    </message>
    <message>
        <source>View &amp;traffic</source>
        <translation>查看流量(&amp;T)</translation>
    </message>
    <message>
        <source>Own price for a &amp;channel…</source>
        <translation>为渠道单独定价(&amp;C)…</translation>
    </message>
    <message>
        <source>&amp;Back to the built-in price</source>
        <translation>恢复内置价格(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Recalculate cost for a range…</source>
        <translation>重新计算时段内的费用(&amp;R)…</translation>
    </message>
    <message>
        <source>Re&amp;fresh</source>
        <translation>刷新(&amp;F)</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Prices</source>
        <translation>价格</translation>
    </message>
    <message>
        <source>Models or prices</source>
        <translation>模型或价格</translation>
    </message>
    <message>
        <source>Filter, e.g. channel:openai model:gpt*</source>
        <translation>筛选，例如 channel:openai model:gpt*</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Prices in dollars for a million tokens</source>
        <translation>价格为每百万词元的美元数</translation>
    </message>
    <message>
        <source>No models yet</source>
        <translation>还没有模型</translation>
    </message>
    <message>
        <source>Models appear here as soon as a channel offers them.</source>
        <translation>渠道提供模型后，会显示在这里。</translation>
    </message>
    <message>
        <source>No prices yet</source>
        <translation>还没有价格</translation>
    </message>
    <message>
        <source>Prices appear here for the models that channels offer.</source>
        <translation>渠道所提供模型的价格会显示在这里。</translation>
    </message>
    <message numerus="yes">
        <source>%n models are used without a price.</source>
        <translation>
            <numerusform>%n 个使用中的模型没有价格。</numerusform>
        </translation>
    </message>
    <message>
        <source>Their requests are counted as free.</source>
        <translation>其请求按免费计算。</translation>
    </message>
    <message>
        <source>Show them</source>
        <translation>显示这些模型</translation>
    </message>
    <message>
        <source>%1 of %2 selected</source>
        <translation>已选 %1 / %2 项</translation>
    </message>
    <message>
        <source>%1 of %2 shown</source>
        <translation>显示 %1 / %2 项</translation>
    </message>
    <message>
        <source>Nothing matches %1.</source>
        <translation>没有符合 %1 的内容。</translation>
    </message>
    <message>
        <source>channel %1</source>
        <translation>渠道 %1</translation>
    </message>
    <message>
        <source>This cannot be edited.</source>
        <translation>此项无法编辑。</translation>
    </message>
    <message>
        <source>Changed the price of %1</source>
        <translation>更改了 %1 的价格</translation>
    </message>
    <message>
        <source>Reset the price of %1</source>
        <translation>重置了 %1 的价格</translation>
    </message>
    <message>
        <source>Made a price of %1 for %2</source>
        <translation>为 %2 设置了 %1 的价格</translation>
    </message>
    <message>
        <source>%1 has a price of its own for %2 already.</source>
        <translation>%1 已有针对 %2 的单独价格。</translation>
    </message>
    <message>
        <source>Add &amp;price…</source>
        <translation>添加价格(&amp;P)…</translation>
    </message>
    <message>
        <source>Made a price of %1</source>
        <translation>为 %1 设置了价格</translation>
    </message>
    <message numerus="yes">
        <source>Exported %n rows to %1</source>
        <translation>
            <numerusform>已导出 %n 行到 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Exp&amp;ort this list…</source>
        <translation>导出此列表(&amp;O)…</translation>
    </message>
    <message>
        <source>The export was cancelled.</source>
        <translation>已取消导出。</translation>
    </message>
    <message numerus="yes">
        <source>Reset %n prices</source>
        <translation>
            <numerusform>重置了 %n 个价格</numerusform>
        </translation>
    </message>
    <message>
        <source>Set t&amp;he price…</source>
        <translation>设置价格(&amp;H)…</translation>
    </message>
    <message>
        <source>Its requests are counted as free.</source>
        <translation>其请求按免费计算。</translation>
    </message>
    <message>
        <source>Rout&amp;ing…</source>
        <translation>路由(&amp;I)…</translation>
    </message>
    <message>
        <source>Re&amp;move the price of another date</source>
        <translation>移除其他日期的价格(&amp;M)</translation>
    </message>
    <message>
        <source>Removed a price of %1 of another date</source>
        <translation>移除了 %1 其他日期的一个价格</translation>
    </message>
    <message numerus="yes">
        <source>Removed %n prices of other dates</source>
        <translation>
            <numerusform>移除了 %n 个其他日期的价格</numerusform>
        </translation>
    </message>
    <message>
        <source>Change the routing of %1</source>
        <translation>更改 %1 的路由</translation>
    </message>
    <message numerus="yes">
        <source>Change the routing of %n models</source>
        <translation>
            <numerusform>更改 %n 个模型的路由</numerusform>
        </translation>
    </message>
    <message>
        <source>Corrected the price of %1</source>
        <translation>更正了 %1 的价格</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::MoneyField</name>
    <message>
        <source>This is not an amount of dollars, such as “5” or “12.50”.</source>
        <translation>这不是有效的美元金额，例如“5”或“12.50”。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::NameDialog</name>
    <message>
        <source>&amp;Name</source>
        <translation>名称(&amp;N)</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Another filter has this name.</source>
        <translation>另一个筛选已使用此名称。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::Navigation</name>
    <message>
        <source>Pages</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>More pages</source>
        <translation>更多页面</translation>
    </message>
    <message>
        <source>Show names</source>
        <translation>显示名称</translation>
    </message>
    <message>
        <source>Show icons only</source>
        <translation>仅显示图标</translation>
    </message>
    <message>
        <source>Dashboard</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Traffic</source>
        <translation>流量</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>渠道</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::NetworkFields</name>
    <message>
        <source>Used from</source>
        <translation>使用来源</translation>
    </message>
    <message>
        <source>Addresses</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Addresses or ranges such as 192.168.1.0/24, separated by commas.</source>
        <translation>地址或网段，例如 192.168.1.0/24，以逗号分隔。</translation>
    </message>
    <message>
        <source>Anywhere</source>
        <translation>任何位置</translation>
    </message>
    <message>
        <source>This computer only</source>
        <translation>仅本机</translation>
    </message>
    <message>
        <source>This computer and the local network</source>
        <translation>本机和局域网</translation>
    </message>
    <message>
        <source>These addresses</source>
        <translation>以下地址</translation>
    </message>
    <message>
        <source>Enter at least one address.</source>
        <translation>请至少输入一个地址。</translation>
    </message>
    <message>
        <source>As the setting says</source>
        <translation>遵循设置</translation>
    </message>
    <message>
        <source>Not at all</source>
        <translation>不保留</translation>
    </message>
    <message>
        <source>Always</source>
        <translation>始终</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::NetworksEditor</name>
    <message>
        <source>Enter a network, such as 192.168.0.0/16.</source>
        <translation>请输入网络，例如 192.168.0.0/16。</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>This computer only</source>
        <translation>仅本机</translation>
    </message>
    <message>
        <source>This computer and the local network</source>
        <translation>本机和局域网</translation>
    </message>
    <message>
        <source>These networks</source>
        <translation>以下网络</translation>
    </message>
    <message>
        <source>Networks: %1</source>
        <translation>网络：%1</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::NewPassword</name>
    <message>
        <source>%1 to %2 characters.</source>
        <translation>%1 至 %2 个字符。</translation>
    </message>
    <message>
        <source>A password has %1 to %2 characters.</source>
        <translation>密码须为 %1 至 %2 个字符。</translation>
    </message>
    <message>
        <source>This is easily guessed: use more different characters.</source>
        <translation>太容易被猜中：请使用更多不同的字符。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::OtlpBlock</name>
    <message>
        <source>Headers</source>
        <translation>请求头</translation>
    </message>
    <message>
        <source>Headers of traces</source>
        <translation>链路追踪的请求头</translation>
    </message>
    <message>
        <source>There are some; type to replace them</source>
        <translation>已有请求头；输入即可替换</translation>
    </message>
    <message>
        <source>Save the headers of traces</source>
        <translation>保存链路追踪的请求头</translation>
    </message>
    <message>
        <source>Remove the headers of traces</source>
        <translation>移除链路追踪的请求头</translation>
    </message>
    <message>
        <source>Send a test trace</source>
        <translation>发送测试追踪</translation>
    </message>
    <message>
        <source>They are sent with all traces and never shown again.</source>
        <translation>随所有链路追踪一起发送，且不再显示。</translation>
    </message>
    <message>
        <source>What the receiver asks for, such as Authorization=Bearer KEY; several are separated by commas.</source>
        <translation>接收方要求的内容，例如 Authorization=Bearer KEY；多个之间用逗号分隔。</translation>
    </message>
    <message>
        <source>OTEL_SDK_DISABLED switched traces off when Gatehouse was started.</source>
        <translation>Gatehouse 启动时 OTEL_SDK_DISABLED 关闭了链路追踪。</translation>
    </message>
    <message>
        <source>The headers of traces were changed.</source>
        <translation>链路追踪的请求头已更改。</translation>
    </message>
    <message>
        <source>Save the headers first.</source>
        <translation>请先保存请求头。</translation>
    </message>
    <message>
        <source>%1 answered, but did not take it: %2</source>
        <translation>%1 已响应，但未接收：%2</translation>
    </message>
    <message>
        <source>%1 took it, with the status %2.</source>
        <translation>%1 已接收，状态码为 %2。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::PageHeader</name>
    <message>
        <source>More</source>
        <translation>更多</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::PairTable</name>
    <message>
        <source>The left side of “%1” is missing.</source>
        <translation>“%1”缺少左侧的值。</translation>
    </message>
    <message>
        <source>“%1” appears twice.</source>
        <translation>“%1”出现了两次。</translation>
    </message>
    <message>
        <source>This is not a JSON object, such as {&quot;left&quot;: &quot;right&quot;}.</source>
        <translation>这不是 JSON 对象，例如 {&quot;left&quot;: &quot;right&quot;}。</translation>
    </message>
    <message>
        <source>The value of “%1” must be a text in quotation marks.</source>
        <translation>“%1”的值必须是带引号的文本。</translation>
    </message>
    <message>
        <source>Add a row</source>
        <translation>添加一行</translation>
    </message>
    <message>
        <source>Remove the selected rows</source>
        <translation>移除所选行</translation>
    </message>
    <message>
        <source>Edit as a table</source>
        <translation>以表格编辑</translation>
    </message>
    <message>
        <source>Edit as JSON</source>
        <translation>以 JSON 编辑</translation>
    </message>
    <message>
        <source>Pairs</source>
        <translation>键值对</translation>
    </message>
    <message>
        <source>Pairs as JSON</source>
        <translation>JSON 格式的键值对</translation>
    </message>
    <message>
        <source>Enter the value of “%1” anew.</source>
        <translation>请重新输入“%1”的值。</translation>
    </message>
    <message>
        <source>Show the hidden values</source>
        <translation>显示隐藏的值</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::PartRowsModel</name>
    <message>
        <source>Write, 5 min</source>
        <translation>写入，5 分钟</translation>
    </message>
    <message>
        <source>Write, 1 h</source>
        <translation>写入，1 小时</translation>
    </message>
    <message>
        <source>%1, for a million tokens</source>
        <translation>%1，每百万词元</translation>
    </message>
    <message>
        <source>Input above</source>
        <translation>输入超过</translation>
    </message>
    <message>
        <source>Tokens of input, such as 200,000 or 200k</source>
        <translation>输入的词元数，例如 200,000 或 200k</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1，%2：%3</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::PassphraseDialog</name>
    <message>
        <source>Protect the secrets in the backup</source>
        <translation>保护备份中的机密</translation>
    </message>
    <message>
        <source>Open the secrets in the backup</source>
        <translation>解密备份中的机密</translation>
    </message>
    <message>
        <source>Passphrase</source>
        <translation>密码短语</translation>
    </message>
    <message>
        <source>The one that the backup was made with.</source>
        <translation>制作备份时所用的密码短语。</translation>
    </message>
    <message>
        <source>Again</source>
        <translation>再次输入</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Back up and restore</source>
        <translation>备份并还原</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>两次输入不一致。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::PassphraseText</name>
    <message>
        <source>Five random words or more are good. Without it the secrets in the backup are lost.</source>
        <translation>最好用五个以上的随机词。没有它，备份中的机密就会丢失。</translation>
    </message>
    <message>
        <source>Weak: it could be guessed. Take a longer one.</source>
        <translation>弱：可能被猜中。请用更长的。</translation>
    </message>
    <message>
        <source>Fair: a few more words would make it strong.</source>
        <translation>一般：再加几个词就会变强。</translation>
    </message>
    <message>
        <source>Strong, if the words are random.</source>
        <translation>强，前提是用词随机。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::PasswordDialog</name>
    <message>
        <source>Change the password of %1</source>
        <translation>更改 %1 的密码</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>新密码</translation>
    </message>
    <message>
        <source>Again</source>
        <translation>再次输入</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>两次输入不一致。</translation>
    </message>
    <message>
        <source>For signing in to the management API; all sessions of the administrator end.</source>
        <translation>用于登录管理 API；管理员的所有会话都会结束。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::PasteGuide</name>
    <message>
        <source>Paste anything here with %1 and it is recognised:</source>
        <translation>按 %1 粘贴以下任意内容即可识别：</translation>
    </message>
    <message>
        <source>a key; the provider is known from its beginning</source>
        <translation>密钥；由开头即可知道供应商</translation>
    </message>
    <message>
        <source>a command from a provider’s documentation</source>
        <translation>供应商文档中的命令</translation>
    </message>
    <message>
        <source>lines of an .env file</source>
        <translation>.env 文件中的行</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::PathEditor</name>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose: %1</source>
        <translation>选择：%1</translation>
    </message>
    <message>
        <source>There is no such file.</source>
        <translation>没有这个文件。</translation>
    </message>
    <message>
        <source>Certificates and keys (*.pem *.crt *.cer *.key)</source>
        <translation>证书和密钥 (*.pem *.crt *.cer *.key)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>所有文件 (*)</translation>
    </message>
    <message>
        <source>There is no such folder.</source>
        <translation>没有这个文件夹。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::PeopleStep</name>
    <message>
        <source>One address for every language model</source>
        <translation>一个地址，访问所有语言模型</translation>
    </message>
    <message>
        <source>Just me</source>
        <translation>仅我自己</translation>
    </message>
    <message>
        <source>All tokens are yours. The page of users stays out of the way until you want it.</source>
        <translation>所有令牌都属于您。在您需要之前，用户页面不会出现。</translation>
    </message>
    <message>
        <source>Several people</source>
        <translation>多人</translation>
    </message>
    <message>
        <source>A family, a team, a lab: each with tokens and a budget. You add them on the page of users.</source>
        <translation>家庭、团队或实验室：每个人都有自己的令牌和预算。可在用户页面中添加。</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Who uses it?</source>
        <translation>谁在使用？</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Gatehouse runs on this computer and passes the requests of your programs on to providers. A few short questions; everything can be changed later.</source>
        <translation>Gatehouse 在本机运行，把您程序的请求转发给供应商。只需几步，所有内容以后都可以更改。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::PortEditor</name>
    <message>
        <source>free on all addresses</source>
        <translation>在所有地址上均空闲</translation>
    </message>
    <message>
        <source>used by another program</source>
        <translation>已被其他程序占用</translation>
    </message>
    <message>
        <source>cannot be listened on</source>
        <translation>无法监听</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::PriceDialog</name>
    <message>
        <source>Price of a model</source>
        <translation>模型价格</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>all channels</source>
        <translation>所有渠道</translation>
    </message>
    <message>
        <source>For</source>
        <translation>适用于</translation>
    </message>
    <message>
        <source>&amp;Input / M</source>
        <translation>输入 / 百万(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Output / M</source>
        <translation>输出 / 百万(&amp;O)</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Add a price</source>
        <translation>添加价格</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>模型(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;For</source>
        <translation>适用于(&amp;F)</translation>
    </message>
    <message>
        <source>Requests with a long input</source>
        <translation>长输入请求</translation>
    </message>
    <message>
        <source>Above so much input, all tokens of a request cost this, for a million.</source>
        <translation>输入超过此数时，请求的全部词元按此计价（每百万）。</translation>
    </message>
    <message>
        <source>as the plain price</source>
        <translation>与普通价格相同</translation>
    </message>
    <message>
        <source>0 is free.</source>
        <translation>0 表示免费。</translation>
    </message>
    <message>
        <source>Prices of pictures</source>
        <translation>图片价格</translation>
    </message>
    <message>
        <source>Size, quality</source>
        <translation>尺寸、质量</translation>
    </message>
    <message>
        <source>Each picture needs a price; 0 is free.</source>
        <translation>每种图片都需要价格；0 表示免费。</translation>
    </message>
    <message>
        <source>Other prices</source>
        <translation>其他价格</translation>
    </message>
    <message>
        <source>A request</source>
        <translation>每次请求</translation>
    </message>
    <message>
        <source>Characters / M</source>
        <translation>字符 / 百万</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>It has such a price already. Change that one in the table.</source>
        <translation>已有这样的价格。请在表格中修改它。</translation>
    </message>
    <message>
        <source>The provider’s name of the model. A * stands for any characters. A price set for the very name comes first, then longer patterns; built-in prices come last.</source>
        <translation>供应商对该模型的名称。* 代表任意字符。为确切名称设定的价格优先，其次是较长的模式，内置价格最后。</translation>
    </message>
    <message>
        <source>Enter the model that the price is for.</source>
        <translation>请输入该价格所适用的模型。</translation>
    </message>
    <message>
        <source>ever since</source>
        <translation>一直有效</translation>
    </message>
    <message>
        <source>&amp;Effective from</source>
        <translation>生效自(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Currency</source>
        <translation>货币(&amp;C)</translation>
    </message>
    <message>
        <source>Three letters, such as EUR. The ledger stays in dollars.</source>
        <translation>三个字母，例如 EUR。账本仍以美元计。</translation>
    </message>
    <message>
        <source>A currency has three letters, such as EUR.</source>
        <translation>货币由三个字母表示，例如 EUR。</translation>
    </message>
    <message>
        <source>There is no exchange rate for %1. Enter it in the settings, at Prices &amp; budgets, then set the price.</source>
        <translation>没有 %1 的汇率。请先在“设置 → 价格与预算”中填写，再设置价格。</translation>
    </message>
    <message>
        <source>%1 at the present rate</source>
        <translation>按当前汇率为 %1</translation>
    </message>
    <message>
        <source>Requests at certain hours</source>
        <translation>特定时段的请求</translation>
    </message>
    <message>
        <source>What begins from one time of the day (UTC) until before the other costs this, for a million. Long inputs cost more at these hours only if they have a row of their own.</source>
        <translation>在这两个时刻（UTC）之间开始的请求按此计价（每百万词元）。只有另设一行时，长输入在这些时段才会更贵。</translation>
    </message>
    <message>
        <source>Prices of a million tokens</source>
        <translation>每百万词元的价格</translation>
    </message>
    <message>
        <source>Price</source>
        <translation>价格</translation>
    </message>
    <message>
        <source>For each, beside its tokens.</source>
        <translation>每次请求另加，与词元分开计价。</translation>
    </message>
    <message>
        <source>For a million characters that are read aloud.</source>
        <translation>每百万朗读字符。</translation>
    </message>
    <message>
        <source>1024x1024/hd, 1024x1024, or * for any; the price of one picture.</source>
        <translation>1024x1024/hd、1024x1024，或以 * 表示任意；每张图片的价格。</translation>
    </message>
    <message>
        <source>Until then the price of before stays in force; it is kept, and tells what requests cost that began before. To correct that price instead, edit its cells in the table.</source>
        <translation>在此之前仍沿用原价；原价会保留，用于计算此前开始的请求的费用。若要更正原价，请在表格的单元格中编辑。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::PriceParts</name>
    <message>
        <source>Input</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Cache read</source>
        <translation>缓存读取</translation>
    </message>
    <message>
        <source>Cache write, 5 min</source>
        <translation>缓存写入（5 分钟）</translation>
    </message>
    <message>
        <source>Cache write, 1 h</source>
        <translation>缓存写入（1 小时）</translation>
    </message>
    <message>
        <source>Reasoning</source>
        <translation>推理</translation>
    </message>
    <message>
        <source>Input, audio</source>
        <translation>输入（音频）</translation>
    </message>
    <message>
        <source>Output, audio</source>
        <translation>输出（音频）</translation>
    </message>
    <message>
        <source>The plain input and output need a price; 0 is free.</source>
        <translation>普通输入和输出需要价格；0 表示免费。</translation>
    </message>
    <message>
        <source>At most %1.</source>
        <translation>最多 %1。</translation>
    </message>
    <message>
        <source>Enter the price of a million tokens, such as 2.50.</source>
        <translation>请输入每百万词元的价格，例如 2.50。</translation>
    </message>
    <message>
        <source>Enter a price, such as 0.04.</source>
        <translation>请输入价格，例如 0.04。</translation>
    </message>
    <message>
        <source>This price is in %1, not in dollars.</source>
        <translation>此价格的货币是 %1，不是美元。</translation>
    </message>
    <message>
        <source>This is too little to be charged; 0 is free.</source>
        <translation>金额过小，无法计费；0 表示免费。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::PrivacyBlock</name>
    <message>
        <source>Kept now</source>
        <translation>当前保留</translation>
    </message>
    <message>
        <source>Delete all heads and bodies…</source>
        <translation>删除所有头部和正文…</translation>
    </message>
    <message>
        <source>Nothing of any request is kept.</source>
        <translation>没有保留任何请求的内容。</translation>
    </message>
    <message numerus="yes">
        <source>Heads and bodies of %n requests, %1 on the disk.</source>
        <translation>
            <numerusform>%n 个请求的头部和正文，占用磁盘 %1。</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete all heads and bodies</source>
        <translation>删除所有头部和正文</translation>
    </message>
    <message numerus="yes">
        <source>Delete what is kept of %n requests?</source>
        <translation>
            <numerusform>删除 %n 个请求的保留内容？</numerusform>
        </translation>
    </message>
    <message>
        <source>Delete all</source>
        <translation>全部删除</translation>
    </message>
    <message numerus="yes">
        <source>Deleted heads and bodies of %n requests</source>
        <translation>
            <numerusform>已删除 %n 个请求的头部和正文</numerusform>
        </translation>
    </message>
    <message>
        <source>The requests stay in the list with their figures and costs. What was sent and answered cannot be had back, not even of bookmarked requests.</source>
        <translation>请求及其数据和费用仍保留在列表中。发送和响应的内容无法恢复，已加书签的请求也不例外。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ProposalColumns</name>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>Import %1</source>
        <translation>导入 %1</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Provider</source>
        <translation>供应商</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>没有密钥</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Remark</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>It is here already as %1.</source>
        <translation>此处已有，名为 %1。</translation>
    </message>
    <message>
        <source>Entry in the file</source>
        <translation>文件中的条目</translation>
    </message>
    <message>
        <source>The section or the variable of the file that the channel was read from.</source>
        <translation>该渠道读自文件中的哪一部分或哪个变量。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ProposalList</name>
    <message>
        <source>Tick all</source>
        <translation>全部勾选</translation>
    </message>
    <message>
        <source>Tick none</source>
        <translation>全部取消</translation>
    </message>
    <message>
        <source>Channels of the file</source>
        <translation>文件中的渠道</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ProxyBlock</name>
    <message>
        <source>Proxy</source>
        <translation>代理</translation>
    </message>
    <message>
        <source>By HTTPS_PROXY, HTTP_PROXY, ALL_PROXY and NO_PROXY, as they were when Gatehouse was started. Each channel can name a proxy of its own, or none.</source>
        <translation>依据 Gatehouse 启动时的 HTTPS_PROXY、HTTP_PROXY、ALL_PROXY 和 NO_PROXY。每个渠道可以指定自己的代理，也可以不使用代理。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ProxyChoice</name>
    <message>
        <source>As the system says (environment)</source>
        <translation>跟随系统（环境变量）</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>This address</source>
        <translation>此地址</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ProxyField</name>
    <message>
        <source>Show user name and password</source>
        <translation>显示用户名和密码</translation>
    </message>
    <message>
        <source>Show user name and password. With another address they are dropped.</source>
        <translation>显示用户名和密码。改用其他地址时，它们会被去掉。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::QrCode</name>
    <message>
        <source>QR code</source>
        <translation>二维码</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::RangeChoice</name>
    <message>
        <source>All time</source>
        <translation>全部时间</translation>
    </message>
    <message>
        <source>Custom…</source>
        <translation>自定义…</translation>
    </message>
    <message>
        <source>Time range</source>
        <translation>时间范围</translation>
    </message>
    <message>
        <source>Of which time requests are shown</source>
        <translation>显示哪段时间的请求</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::RangeDialog</name>
    <message>
        <source>Time range</source>
        <translation>时间范围</translation>
    </message>
    <message>
        <source>&amp;From</source>
        <translation>从(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;To</source>
        <translation>到(&amp;T)</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>The end must be at least a minute after the beginning.</source>
        <translation>结束时间必须比开始时间晚至少一分钟。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::RankedBars</name>
    <message>
        <source>Show these &amp;requests</source>
        <translation>显示这些请求(&amp;R)</translation>
    </message>
    <message>
        <source>Copy &amp;image</source>
        <translation>复制图片(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Copy as CSV</source>
        <translation>复制为 CSV(&amp;C)</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>值</translation>
    </message>
    <message>
        <source>View as &amp;table</source>
        <translation>以表格查看(&amp;T)</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::RankingPanel</name>
    <message>
        <source>By model</source>
        <translation>按模型</translation>
    </message>
    <message>
        <source>By channel</source>
        <translation>按渠道</translation>
    </message>
    <message>
        <source>By user</source>
        <translation>按用户</translation>
    </message>
    <message>
        <source>By token</source>
        <translation>按令牌</translation>
    </message>
    <message>
        <source>Cost by model</source>
        <translation>各模型费用</translation>
    </message>
    <message>
        <source>Requests by model</source>
        <translation>各模型请求数</translation>
    </message>
    <message>
        <source>Cost by channel</source>
        <translation>各渠道费用</translation>
    </message>
    <message>
        <source>Requests by channel</source>
        <translation>各渠道请求数</translation>
    </message>
    <message>
        <source>Cost by user</source>
        <translation>各用户费用</translation>
    </message>
    <message>
        <source>Requests by user</source>
        <translation>各用户请求数</translation>
    </message>
    <message>
        <source>Cost by token</source>
        <translation>各令牌费用</translation>
    </message>
    <message>
        <source>Requests by token</source>
        <translation>各令牌请求数</translation>
    </message>
    <message>
        <source>Choose what is compared</source>
        <translation>选择比较的内容</translation>
    </message>
    <message>
        <source>No requests in this time.</source>
        <translation>此时段内没有请求。</translation>
    </message>
    <message>
        <source>(removed)</source>
        <translation>（已移除）</translation>
    </message>
    <message numerus="yes">
        <source>Other (%n)</source>
        <translation>
            <numerusform>其他（%n）</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ReachStep</name>
    <message>
        <source>Who may connect</source>
        <translation>谁可以连接</translation>
    </message>
    <message>
        <source>Whoever connects needs a token. You can change this in the settings at any time.</source>
        <translation>任何连接都需要令牌。您可以随时在设置中更改。</translation>
    </message>
    <message>
        <source>Programs on this computer only</source>
        <translation>仅本机上的程序</translation>
    </message>
    <message>
        <source>Other computers cannot reach the gateway at all.</source>
        <translation>其他计算机完全无法访问网关。</translation>
    </message>
    <message>
        <source>Other computers in the local network, too</source>
        <translation>还包括局域网中的其他计算机</translation>
    </message>
    <message>
        <source>Every device in your network can reach the address.</source>
        <translation>您网络中的每台设备都能访问该地址。</translation>
    </message>
    <message>
        <source>This start listens on %1, as %2 says.</source>
        <translation>本次启动按 %2 的规定监听 %1。</translation>
    </message>
    <message>
        <source>Encrypt with HTTPS</source>
        <translation>使用 HTTPS 加密</translation>
    </message>
    <message>
        <source>A firewall may ask whether Gatehouse may be reached: allow it for private networks. Every request needs a token, and each token can be limited to certain addresses and to a budget.</source>
        <translation>防火墙可能会询问是否允许访问 Gatehouse：请在专用网络中允许。每个请求都需要令牌，每个令牌都可以限定地址和预算。</translation>
    </message>
    <message>
        <source>This window acts as the user “root” and asks for no password. One is needed only to sign in to the management API, as scripts and web consoles do. Until you set one, nobody can sign in as root.</source>
        <translation>此窗口以用户“root”的身份运行，不要求密码。只有登录管理 API 时才需要密码，例如脚本和网页控制台。在您设置之前，没有人能以 root 身份登录。</translation>
    </message>
    <message>
        <source>Password of root</source>
        <translation>root 的密码</translation>
    </message>
    <message>
        <source>Once more</source>
        <translation>再次输入</translation>
    </message>
    <message>
        <source>Signing in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Set a password for root…</source>
        <translation>为 root 设置密码…</translation>
    </message>
    <message>
        <source>The two differ</source>
        <translation>两次输入不一致</translation>
    </message>
    <message>
        <source>Set up</source>
        <translation>完成设置</translation>
    </message>
    <message>
        <source>This start encrypts, as %1 says.</source>
        <translation>本次启动已加密，由 %1 决定。</translation>
    </message>
    <message>
        <source>This start does not encrypt, as %1 says: tokens and conversations will cross the network in the clear.</source>
        <translation>本次启动不加密，由 %1 决定：令牌和对话将以明文在网络中传输。</translation>
    </message>
    <message>
        <source>Without it, tokens and conversations cross the network in the clear. A certificate authority is made for this computer alone; other computers have to be told its certificate once. Programs on this computer keep plain http.</source>
        <translation>不加密时，令牌和对话会以明文在网络上传输。将为本机单独创建一个证书颁发机构；其他计算机需要安装一次它的证书。本机上的程序继续使用普通 http。</translation>
    </message>
    <message>
        <source>This window acts as the user “root” and asks for no password. One is needed only to sign in to the management API, as scripts and web consoles do. Root has one, in the place of which you can set another.</source>
        <translation>此窗口以用户“root”的身份运行，不要求密码。只有登录管理 API 时才需要密码，例如脚本和网页控制台。root 已有密码，您可以另设一个来替换它。</translation>
    </message>
    <message>
        <source>This window acts as the user “root” and asks for no password. One is needed only to sign in to the management API, as scripts and web consoles do. Unless one was set before, nobody can sign in as root until you set one.</source>
        <translation>此窗口以用户“root”的身份运行，不要求密码。只有登录管理 API 时才需要密码，例如脚本和网页控制台。如果之前没有设置过，在您设置之前，没有人能以 root 身份登录。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::RecalculationDialog</name>
    <message>
        <source>Recalculate cost</source>
        <translation>重新计算费用</translation>
    </message>
    <message>
        <source>%1 records so far…</source>
        <translation>目前 %1 条记录…</translation>
    </message>
    <message>
        <source>all models</source>
        <translation>所有模型</translation>
    </message>
    <message>
        <source>From</source>
        <translation>从</translation>
    </message>
    <message>
        <source>To</source>
        <translation>到</translation>
    </message>
    <message>
        <source>Both days are included.</source>
        <translation>包含首尾两天。</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>The provider&apos;s name of the model.</source>
        <translation>供应商对该模型的名称。</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Preview</source>
        <translation>预览</translation>
    </message>
    <message>
        <source>Recalculate</source>
        <translation>重新计算</translation>
    </message>
    <message>
        <source>The former costs are back.</source>
        <translation>已恢复原先的费用。</translation>
    </message>
    <message>
        <source>%1 of %2 records: %3 before, %4 after.</source>
        <translation>%2 条记录中的 %1 条：之前 %3，之后 %4。</translation>
    </message>
    <message>
        <source>Done. %1</source>
        <translation>已完成。%1</translation>
    </message>
    <message>
        <source>Would change %1</source>
        <translation>将更改 %1</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message numerus="yes">
        <source>Recalculated the cost of %n records</source>
        <translation>
            <numerusform>重新计算了 %n 条记录的费用</numerusform>
        </translation>
    </message>
    <message>
        <source>Stopped. What was changed until then can be taken back. %1</source>
        <translation>已停止。在此之前的更改可以撤销。%1</translation>
    </message>
    <message>
        <source>A recalculation is under way.</source>
        <translation>正在重新计算。</translation>
    </message>
    <message>
        <source>The recalculation has ended.</source>
        <translation>重新计算已结束。</translation>
    </message>
    <message>
        <source>It ended early: %1 What was changed until then can be taken back. %2</source>
        <translation>提前结束：%1 在此之前的更改可以撤销。%2</translation>
    </message>
    <message>
        <source>Reading the ledger…</source>
        <translation>正在读取账本…</translation>
    </message>
    <message>
        <source>The preview was stopped.</source>
        <translation>预览已停止。</translation>
    </message>
    <message>
        <source>No cost differs from its price.</source>
        <translation>没有与价格不符的费用。</translation>
    </message>
    <message>
        <source>Costs in the ledger and in charts follow the prices that were in force when the requests began, or those of now where there were none. Prices in other currencies count at the exchange rates of now. What users have paid stays as it is.</source>
        <translation>账本和图表中的费用按请求开始时生效的价格计算，当时没有价格的按现价计算。其他货币的价格按当前汇率换算。用户已支付的金额不变。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ReceiverBlock</name>
    <message>
        <source>Try it</source>
        <translation>试一试</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Set by %1 when Gatehouse was started; it cannot be changed here.</source>
        <translation>由启动 Gatehouse 时的 %1 设定；不能在此更改。</translation>
    </message>
    <message>
        <source>Send a test</source>
        <translation>发送测试</translation>
    </message>
    <message>
        <source>Waiting for an answer…</source>
        <translation>正在等待响应…</translation>
    </message>
    <message>
        <source>The address above is not stored: correct it, or press Enter in its field.</source>
        <translation>上面的地址尚未保存：请改正，或在输入框中按 Enter 键。</translation>
    </message>
    <message>
        <source>Enter an address first.</source>
        <translation>请先输入地址。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a host, what went wrong there</comment>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ReplayTab</name>
    <message>
        <source>The command is in the clipboard.</source>
        <translation>命令已复制到剪贴板。</translation>
    </message>
    <message>
        <source>Send to</source>
        <translation>发送到</translation>
    </message>
    <message>
        <source>Copy as cURL</source>
        <translation>复制为 cURL</translation>
    </message>
    <message>
        <source>Command</source>
        <translation>命令</translation>
    </message>
    <message>
        <source>Address of the gateway</source>
        <translation>网关地址</translation>
    </message>
    <message>
        <source>Set the variable API_KEY to a token of this gateway first. The request is sent anew, and costs what it costs.</source>
        <translation>请先将变量 API_KEY 设为此网关的令牌。请求会重新发送，并照常计费。</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>重放</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ResetBlock</name>
    <message>
        <source>Reset all settings…</source>
        <translation>重置所有设置…</translation>
    </message>
    <message>
        <source>Every setting has its default already.</source>
        <translation>所有设置已是默认值。</translation>
    </message>
    <message>
        <source>%1: %2 → %3</source>
        <translation>%1：%2 → %3</translation>
    </message>
    <message>
        <source>Reset all settings</source>
        <translation>重置所有设置</translation>
    </message>
    <message>
        <source>Reset all settings?</source>
        <translation>重置所有设置？</translation>
    </message>
    <message>
        <source>These settings return to their defaults. What was given to this start stays, and Undo brings the present values back.</source>
        <translation>以下设置将恢复为默认值。启动时指定的值保持不变，撤销可恢复现在的值。</translation>
    </message>
    <message>
        <source>What changes</source>
        <translation>将更改的内容</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>The settings are no longer there.</source>
        <translation>设置已不存在。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::RestartBar</name>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>One change waits for a restart of the listener.</source>
        <translation>1 项更改等待重启监听。</translation>
    </message>
    <message numerus="yes">
        <source>%n changes wait for a restart of the listener.</source>
        <translation>
            <numerusform>%n 项更改等待重启监听。</numerusform>
        </translation>
    </message>
    <message>
        <source>Stored changes wait for a restart of the listener.</source>
        <translation>已保存的更改等待重启监听。</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>Apply &amp;&amp; restart listener</source>
        <translation>应用并重启监听</translation>
    </message>
    <message numerus="yes">
        <source>The %n requests in flight are broken off.</source>
        <translation>
            <numerusform>%n 个进行中的请求将被中断。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The %n requests in flight have %1 to finish.</source>
        <translation>
            <numerusform>%n 个进行中的请求还有 %1 可以完成。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::RotateDialog</name>
    <message>
        <source>Rotate token</source>
        <translation>轮换令牌</translation>
    </message>
    <message>
        <source>No longer: it is void at once</source>
        <translation>立即失效</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>24 hours</source>
        <translation>24 小时</translation>
    </message>
    <message>
        <source>%1 gets a new key. Programs need it in place of the former one; this cannot be undone.</source>
        <translation>%1 将获得新密钥。程序需要改用新密钥；此操作无法撤销。</translation>
    </message>
    <message>
        <source>The former key stays valid</source>
        <translation>旧密钥有效期</translation>
    </message>
    <message>
        <source>Rotate</source>
        <translation>轮换</translation>
    </message>
    <message>
        <source>The key before the present one was to stay valid until %1. It is void as soon as you rotate again.</source>
        <translation>当前密钥之前的旧密钥原定在 %1 之前有效。再次轮换后，它会立即失效。</translation>
    </message>
    <message>
        <source>%1 It is still used by:
%2</source>
        <translation>%1 仍在使用它的有：
%2</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::RouteDialog</name>
    <message>
        <source>left out</source>
        <translation>已排除</translation>
    </message>
    <message>
        <source>tried first</source>
        <translation>最先尝试</translation>
    </message>
    <message>
        <source>tier %1</source>
        <translation>第 %1 级</translation>
    </message>
    <message numerus="yes">
        <source>%n usable keys</source>
        <translation>
            <numerusform>%n 个可用密钥</numerusform>
        </translation>
    </message>
    <message>
        <source>Order</source>
        <translation>顺序</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>渠道</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>Sent as</source>
        <translation>发送名称</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Explain route</source>
        <translation>解释路由</translation>
    </message>
    <message>
        <source>Channels in the order of trying</source>
        <translation>按尝试顺序排列的渠道</translation>
    </message>
    <message>
        <source>For</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Nothing is sent to any provider.</source>
        <translation>不会向任何供应商发送内容。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Anyone of the group %1</source>
        <translation>分组 %1 的任意用户</translation>
    </message>
    <message>
        <source>Token %1 of %2</source>
        <translation>%2 的令牌 %1</translation>
    </message>
    <message>
        <source>Choose a model.</source>
        <translation>请选择模型。</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>Served</source>
        <translation>可用</translation>
    </message>
    <message numerus="yes">
        <source>%n channels can serve it.</source>
        <translation>
            <numerusform>%n 个渠道可以提供服务。</numerusform>
        </translation>
    </message>
    <message>
        <source>Chat completions</source>
        <translation>聊天补全</translation>
    </message>
    <message>
        <source>Responses</source>
        <translation>Responses 响应</translation>
    </message>
    <message>
        <source>Anthropic messages</source>
        <translation>Anthropic 消息</translation>
    </message>
    <message>
        <source>Gemini content</source>
        <translation>Gemini 内容生成</translation>
    </message>
    <message>
        <source>Completions</source>
        <translation>文本补全</translation>
    </message>
    <message>
        <source>Embeddings</source>
        <translation>嵌入</translation>
    </message>
    <message>
        <source>Gemini embeddings</source>
        <translation>Gemini 嵌入</translation>
    </message>
    <message>
        <source>Gemini embeddings in a batch</source>
        <translation>Gemini 批量嵌入</translation>
    </message>
    <message>
        <source>Moderations</source>
        <translation>内容审核</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>图片</translation>
    </message>
    <message>
        <source>Speech</source>
        <translation>语音</translation>
    </message>
    <message>
        <source>Any request</source>
        <translation>任意请求</translation>
    </message>
    <message>
        <source>prompt tokens, such as 128k</source>
        <translation>提示词的词元数，例如 128k</translation>
    </message>
    <message>
        <source>Prompt tokens</source>
        <translation>提示词的词元数</translation>
    </message>
    <message>
        <source>Paste the body of a request here, as a client sends it</source>
        <translation>在此粘贴客户端发送的请求正文</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Body</source>
        <translation>正文</translation>
    </message>
    <message>
        <source>The gateway refuses this request and asks no channel.</source>
        <translation>网关会拒绝此请求，不会尝试任何渠道。</translation>
    </message>
    <message>
        <source>Doubtful</source>
        <translation>存疑</translation>
    </message>
    <message>
        <source>%1 The prompt is longer than the models of %2 of them take.</source>
        <translation>%1 提示词超出了其中 %2 个渠道模型的上限。</translation>
    </message>
    <message>
        <source>Read as: %1</source>
        <translation>识别为：%1</translation>
    </message>
    <message>
        <source>its own model %1</source>
        <translation>请求自带模型 %1</translation>
    </message>
    <message>
        <source>streamed</source>
        <translation>流式</translation>
    </message>
    <message>
        <source>about %1 prompt tokens</source>
        <translation>提示词约 %1 个词元</translation>
    </message>
    <message>
        <source>at most %1 of answer</source>
        <translation>回答最多 %1 个词元</translation>
    </message>
    <message>
        <source>holds back up to %1</source>
        <translation>最多预留 %1</translation>
    </message>
    <message>
        <source>only the beginning of the body is shown</source>
        <translation>仅显示正文开头</translation>
    </message>
    <message>
        <source>needs no key</source>
        <translation>不需要密钥</translation>
    </message>
    <message>
        <source>%1, %2 refused</source>
        <translation>%1，%2 个被拒绝</translation>
    </message>
    <message>
        <source>No channel has a usable key; one that failed is tried again.</source>
        <translation>没有渠道有可用的密钥；会再试一个失败过的密钥。</translation>
    </message>
    <message>
        <source>not tried</source>
        <translation>不会尝试</translation>
    </message>
    <message>
        <source>%1 The prompt is longer than its model takes.</source>
        <translation>%1 提示词超出了其模型的上限。</translation>
    </message>
    <message>
        <source>%1 The prompt is longer than their models take.</source>
        <translation>%1 提示词超出了这些渠道模型的上限。</translation>
    </message>
    <message>
        <source>%1 The prompt is longer than the model of one of them takes.</source>
        <translation>%1 提示词超出了其中一个渠道的模型上限。</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>a sentence on the strategy and one on affinity</comment>
        <translation>%1%2</translation>
    </message>
    <message>
        <source>tried next</source>
        <translation>其次尝试</translation>
    </message>
    <message numerus="yes">
        <source>%n keys at rest</source>
        <translation>
            <numerusform>%n 个密钥冷却中</numerusform>
        </translation>
    </message>
    <message>
        <source>1 at rest until %1</source>
        <translation>1 个冷却至 %1</translation>
    </message>
    <message>
        <source>%1 at rest, the first until %2</source>
        <translation>%1 个冷却中，最早至 %2</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>two parts of a list</comment>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>served this session last</source>
        <translation>上次处理此会话</translation>
    </message>
    <message>
        <source>%1, through %2</source>
        <translation>%1，经由 %2</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::RoutingColumns</name>
    <message>
        <source>On</source>
        <translation>开</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>%1 (default)</source>
        <translation>%1（默认）</translation>
    </message>
    <message>
        <source>Strategy</source>
        <translation>策略</translation>
    </message>
    <message>
        <source>What decides between the channels of the highest priority</source>
        <translation>最高优先级的渠道之间由什么决定选择</translation>
    </message>
    <message>
        <source>Affinity</source>
        <translation>亲和</translation>
    </message>
    <message>
        <source>Whether the requests of a session keep to their channel and key, where the provider has its prompt in the cache</source>
        <translation>同一会话的请求是否保持其渠道和密钥（供应商在那里缓存了提示词）</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::RoutingDialog</name>
    <message>
        <source>— (mixed)</source>
        <translation>—（不一致）</translation>
    </message>
    <message>
        <source>Routing of models</source>
        <translation>模型的路由</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>&amp;Strategy</source>
        <translation>策略(&amp;S)</translation>
    </message>
    <message>
        <source>What decides between the channels of the highest priority. Channels of a lower one serve only when none of them can.</source>
        <translation>最高优先级的渠道之间由什么决定选择。只有当它们都不可用时，才使用较低优先级的渠道。</translation>
    </message>
    <message>
        <source>&amp;Affinity</source>
        <translation>亲和(&amp;A)</translation>
    </message>
    <message>
        <source>On: the requests of a session go to the channel and key that served it last, where the provider has its prompt in the cache.</source>
        <translation>开：同一会话的请求发往上次为其服务的渠道和密钥，供应商在那里缓存了提示词。</translation>
    </message>
    <message>
        <source>Apply</source>
        <translation>应用</translation>
    </message>
    <message>
        <source>What you do not touch stays as it is.</source>
        <translation>未改动的内容保持不变。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::SavedFilters</name>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::SearchableList</name>
    <message>
        <source>%1, %2</source>
        <comment>an entry and its badge</comment>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Entries</source>
        <translation>条目</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::SecretField</name>
    <message>
        <source>Hide</source>
        <translation>隐藏</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>显示</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::SecretsBlock</name>
    <message>
        <source>Master key</source>
        <translation>主密钥</translation>
    </message>
    <message>
        <source>Not known here</source>
        <translation>此处未知</translation>
    </message>
    <message>
        <source>It seals the keys of channels and tokens in the database. Without it a backup cannot be used on another computer.</source>
        <translation>它用来加密数据库中渠道和令牌的密钥。没有它，备份无法在另一台计算机上使用。</translation>
    </message>
    <message>
        <source>Stored keys</source>
        <translation>已保存的密钥</translation>
    </message>
    <message>
        <source>Forget the keys of all tokens…</source>
        <translation>忘记所有令牌的密钥…</translation>
    </message>
    <message>
        <source>Only their ends stay. The keys are valid as before.</source>
        <translation>仅保留首尾。密钥仍然有效。</translation>
    </message>
    <message>
        <source>Forget the keys of all tokens</source>
        <translation>忘记所有令牌的密钥</translation>
    </message>
    <message>
        <source>Forget the keys of the tokens that there are?</source>
        <translation>要忘记现有令牌的密钥吗？</translation>
    </message>
    <message>
        <source>Their keys stay valid for the programs that have them, but nobody can look at them again. This cannot be undone.</source>
        <translation>它们对已持有密钥的程序仍然有效，但任何人都无法再次查看。此操作无法撤销。</translation>
    </message>
    <message>
        <source>New tokens keep the ends of their keys alone from now on. Those that there are can be shown still, until their keys are forgotten, too. They stay valid for the programs that have them, but nobody can look at them again. This cannot be undone.</source>
        <translation>从现在起，新令牌只保留密钥的首尾。现有的密钥仍可显示，除非也将其忘记。它们对已持有的程序仍然有效，但任何人都无法再次查看。此操作无法撤销。</translation>
    </message>
    <message>
        <source>Forget the keys</source>
        <translation>忘记密钥</translation>
    </message>
    <message numerus="yes">
        <source>Forgot the keys of %n tokens</source>
        <translation>
            <numerusform>已忘记 %n 个令牌的密钥</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::SettingEditor</name>
    <message>
        <source>This is longer than %1 characters.</source>
        <translation>超过了 %1 个字符。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::SettingRow</name>
    <message>
        <source>Reset</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Reset: %1</source>
        <translation>重置：%1</translation>
    </message>
    <message>
        <source>Takes effect when Gatehouse starts next.</source>
        <translation>Gatehouse 下次启动时生效。</translation>
    </message>
    <message>
        <source>Changed from its default.</source>
        <translation>已更改，不是默认值。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::SettingText</name>
    <message>
        <source>Default: %1</source>
        <translation>默认：%1</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>空</translation>
    </message>
    <message>
        <source>Set by %1</source>
        <translation>由 %1 设置</translation>
    </message>
    <message>
        <source>Can be set by %1</source>
        <translation>可通过 %1 设置</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>从不</translation>
    </message>
    <message>
        <source>For good</source>
        <translation>永久</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>自动</translation>
    </message>
    <message>
        <source>days</source>
        <translation>天</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>秒</translation>
    </message>
    <message>
        <source>per second</source>
        <translation>每秒</translation>
    </message>
    <message>
        <source>$ per million tokens</source>
        <translation>美元/百万词元</translation>
    </message>
    <message>
        <source>retention history</source>
        <comment>words of a search, between blanks</comment>
        <translation>保留 历史 retention history</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Not at all</source>
        <translation>不等待</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::SettingsLayout</name>
    <message>
        <source>General</source>
        <translation>常规</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>People</source>
        <translation>使用者</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>Who may connect</source>
        <translation>谁可以连接</translation>
    </message>
    <message>
        <source>addresses port firewall local network LAN</source>
        <translation>地址 端口 防火墙 局域网 LAN</translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation>加密</translation>
    </message>
    <message>
        <source>certificate authority CA fingerprint export TLS SSL</source>
        <translation>证书 颁发机构 CA 指纹 导出 TLS SSL</translation>
    </message>
    <message>
        <source>Capacity</source>
        <translation>容量</translation>
    </message>
    <message>
        <source>Size of requests</source>
        <translation>请求大小</translation>
    </message>
    <message>
        <source>Patience with clients</source>
        <translation>客户端时限</translation>
    </message>
    <message>
        <source>Security</source>
        <translation>安全</translation>
    </message>
    <message>
        <source>Accounts</source>
        <translation>账户</translation>
    </message>
    <message>
        <source>password root administrator sign out everywhere sessions</source>
        <translation>密码 root 管理员 在所有位置退出登录 会话</translation>
    </message>
    <message>
        <source>Signing in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Routing</source>
        <translation>路由</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>尝试</translation>
    </message>
    <message>
        <source>Channels that fail</source>
        <translation>失败的渠道</translation>
    </message>
    <message>
        <source>Channel tests</source>
        <translation>渠道测试</translation>
    </message>
    <message>
        <source>Answers</source>
        <translation>响应</translation>
    </message>
    <message>
        <source>Prices &amp; budgets</source>
        <translation>价格与预算</translation>
    </message>
    <message>
        <source>Prices</source>
        <translation>价格</translation>
    </message>
    <message>
        <source>Budgets of users</source>
        <translation>用户的预算</translation>
    </message>
    <message>
        <source>Management API</source>
        <translation>管理 API</translation>
    </message>
    <message>
        <source>Logging &amp; privacy</source>
        <translation>日志与隐私</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Heads and bodies</source>
        <translation>头部和正文</translation>
    </message>
    <message>
        <source>delete all captured bodies</source>
        <translation>删除所有保留的正文</translation>
    </message>
    <message>
        <source>Notifications</source>
        <translation>通知</translation>
    </message>
    <message>
        <source>Tell me when</source>
        <translation>何时通知</translation>
    </message>
    <message>
        <source>Startup</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>窗口</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>备份</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>定时</translation>
    </message>
    <message>
        <source>Copies</source>
        <translation>副本</translation>
    </message>
    <message>
        <source>Advanced</source>
        <translation>高级</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>数据库</translation>
    </message>
    <message>
        <source>Texts for users of the management API</source>
        <translation>面向管理 API 用户的文本</translation>
    </message>
    <message>
        <source>About</source>
        <translation>关于</translation>
    </message>
    <message>
        <source>This program</source>
        <translation>本程序</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>keychain master key secrets</source>
        <translation>钥匙串 主密钥 机密 keychain</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>导入</translation>
    </message>
    <message>
        <source>size compact vacuum check integrity</source>
        <translation>大小 压缩 检查 完整性 vacuum</translation>
    </message>
    <message>
        <source>Default model</source>
        <translation>默认模型</translation>
    </message>
    <message>
        <source>From another program</source>
        <translation>来自其他程序</translation>
    </message>
    <message>
        <source>migrate take over database users tokens channels One API New API LiteLLM cc-switch Claude Code Router .env configuration</source>
        <translation>迁移 接管 导入 数据库 用户 令牌 渠道 One API New API LiteLLM cc-switch Claude Code Router .env 配置</translation>
    </message>
    <message>
        <source>Choice of the channel</source>
        <translation>渠道的选择</translation>
    </message>
    <message>
        <source>Integrations</source>
        <translation>集成</translation>
    </message>
    <message>
        <source>Prometheus</source>
        <translation>Prometheus</translation>
    </message>
    <message>
        <source>metrics token monitoring OpenMetrics Grafana</source>
        <translation>指标 令牌 监控 OpenMetrics Grafana</translation>
    </message>
    <message>
        <source>Webhook</source>
        <translation>Webhook</translation>
    </message>
    <message>
        <source>events notifications send a test secret signature HMAC</source>
        <translation>事件 通知 发送测试 密钥 签名 HMAC</translation>
    </message>
    <message>
        <source>All settings</source>
        <translation>所有设置</translation>
    </message>
    <message>
        <source>reset defaults factory</source>
        <translation>重置 默认 出厂</translation>
    </message>
    <message>
        <source>OpenTelemetry (OTLP)</source>
        <translation>OpenTelemetry（OTLP）</translation>
    </message>
    <message>
        <source>Cache</source>
        <translation>缓存</translation>
    </message>
    <message>
        <source>Kept answers</source>
        <translation>保留的回答</translation>
    </message>
    <message>
        <source>clear now memory hits same request again</source>
        <translation>立即清除 内存 命中 相同请求 再次</translation>
    </message>
    <message>
        <source>back up now restore save a copy delete include secrets passphrase</source>
        <translation>立即备份 还原 另存副本 删除 包含机密 密码短语</translation>
    </message>
    <message>
        <source>traces spans metrics collector OTel Jaeger Tempo headers send a test</source>
        <translation>链路追踪 跨度 指标 收集器 OTel Jaeger Tempo 请求头 发送测试</translation>
    </message>
    <message>
        <source>version licence licences data folder log copy diagnostics</source>
        <translation>版本 许可证 数据文件夹 日志 复制诊断信息</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Outgoing connections</source>
        <translation>出站连接</translation>
    </message>
    <message>
        <source>proxy HTTPS_PROXY HTTP_PROXY ALL_PROXY NO_PROXY SOCKS environment</source>
        <translation>代理 HTTPS_PROXY HTTP_PROXY ALL_PROXY NO_PROXY SOCKS 环境变量</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::SettingsPage</name>
    <message>
        <source>&amp;Search settings</source>
        <translation>搜索设置(&amp;S)</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>Pages of settings</source>
        <translation>设置页面</translation>
    </message>
    <message>
        <source>has changed settings</source>
        <translation>有已更改的设置</translation>
    </message>
    <message>
        <source>No setting matches %1.</source>
        <translation>没有符合 %1 的设置。</translation>
    </message>
    <message>
        <source>Stored. It counts from the next start of the gateway on.</source>
        <translation>已保存。网关下次启动时生效。</translation>
    </message>
    <message>
        <source>The listener was restarted.</source>
        <translation>监听已重启。</translation>
    </message>
    <message>
        <source>The gateway does not run.</source>
        <translation>网关未运行。</translation>
    </message>
    <message>
        <source>Use port %1 instead</source>
        <translation>改用端口 %1</translation>
    </message>
    <message>
        <source>Go back</source>
        <translation>恢复原设置</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>The gateway goes on as it was before the change.</source>
        <translation>网关按更改前的设置继续运行。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a page of settings, a part of it</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Choose another…</source>
        <translation>选择其他…</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::SettingsStore</name>
    <message>
        <source>Gatehouse starts when you log in to this computer</source>
        <translation>登录本机时启动 Gatehouse</translation>
    </message>
    <message>
        <source>Set by %1 when Gatehouse was started; it cannot be changed here.</source>
        <translation>启动 Gatehouse 时由 %1 设置；无法在此更改。</translation>
    </message>
    <message>
        <source>This desktop shows no tray, so that a hidden window could not be reached. It is minimised instead.</source>
        <translation>此桌面没有托盘，隐藏的窗口将无法找到，因此改为最小化。</translation>
    </message>
    <message>
        <source>There is no such setting.</source>
        <translation>没有这个设置。</translation>
    </message>
    <message>
        <source>A PostgreSQL database cannot be limited here; limit the days instead.</source>
        <translation>PostgreSQL 数据库的大小无法在此限制；请改为限制天数。</translation>
    </message>
    <message>
        <source>This desktop shows no tray that the gateway could be kept running in.</source>
        <translation>此桌面没有托盘，网关无法留在其中运行。</translation>
    </message>
    <message>
        <source>Not used: the own authority makes the certificate and its key.</source>
        <translation>未使用：证书及其密钥由自有证书颁发机构生成。</translation>
    </message>
    <message>
        <source>So that nobody is locked out, change the password of the administrator first, or lock and unlock the window once (Tools, Lock window).</source>
        <translation>为避免被锁在外面，请先更改管理员密码，或先锁定并解锁一次窗口（工具 → 锁定窗口）。</translation>
    </message>
    <message>
        <source>Start at login</source>
        <translation>登录时启动</translation>
    </message>
    <message>
        <source>The settings are no longer there.</source>
        <translation>设置已不存在。</translation>
    </message>
    <message>
        <source>Changed the setting %1</source>
        <translation>已更改设置%1</translation>
    </message>
    <message>
        <source>Changed a setting</source>
        <translation>已更改一项设置</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::Setup</name>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>HTTPS was not switched on, and so nothing was opened to the network.</source>
        <translation>HTTPS 未能启用，因此未对网络开放。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>搜索</translation>
    </message>
    <message>
        <source>Search shortcuts</source>
        <translation>搜索快捷键</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>快捷键</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::ShownSecret</name>
    <message>
        <source>&amp;Copy</source>
        <translation>复制(&amp;C)</translation>
    </message>
    <message>
        <source>Select &amp;all</source>
        <translation>全选(&amp;A)</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::StandingMessages</name>
    <message>
        <source>Metrics do not reach their collector.</source>
        <translation>指标无法送达收集器。</translation>
    </message>
    <message>
        <source>Traces do not reach their collector.</source>
        <translation>链路追踪数据无法送达收集器。</translation>
    </message>
    <message>
        <source>Events do not reach the webhook.</source>
        <translation>事件无法送达 Webhook。</translation>
    </message>
    <message>
        <source>The budget of the user %1 is used up.</source>
        <translation>用户%1的预算已用尽。</translation>
    </message>
    <message>
        <source>The budget of the token %1 is used up.</source>
        <translation>令牌%1的预算已用尽。</translation>
    </message>
    <message>
        <source>Budget…</source>
        <translation>预算…</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::StatusHeader</name>
    <message>
        <source>Search or run a command</source>
        <translation>搜索或运行命令</translation>
    </message>
    <message>
        <source>Finds actions, channels, models, tokens, users, settings and requests</source>
        <translation>可查找操作、渠道、模型、令牌、用户、设置和请求</translation>
    </message>
    <message>
        <source>Start, stop or pause the gateway</source>
        <translation>启动、停止或暂停网关</translation>
    </message>
    <message>
        <source>Requests of the last eleven minutes</source>
        <translation>最近十一分钟的请求</translation>
    </message>
    <message numerus="yes">
        <source>%n req/min</source>
        <translation>
            <numerusform>%n 请求/分钟</numerusform>
        </translation>
    </message>
    <message>
        <source>Requests of the last minute. Click to see them.</source>
        <translation>最近一分钟的请求。点击查看。</translation>
    </message>
    <message numerus="yes">
        <source>%n in flight</source>
        <translation>
            <numerusform>%n 个进行中</numerusform>
        </translation>
    </message>
    <message>
        <source>Requests that are being served now. Click to see them.</source>
        <translation>正在处理的请求。点击查看。</translation>
    </message>
    <message>
        <source>%1 today</source>
        <translation>今日 %1</translation>
    </message>
    <message>
        <source>What today&apos;s requests cost. Click to see them.</source>
        <translation>今日请求的费用。点击查看。</translation>
    </message>
    <message>
        <source>Running in part</source>
        <translation>部分运行</translation>
    </message>
    <message>
        <source>This computer does not have %1 at the moment.</source>
        <translation>本机目前没有 %1。</translation>
    </message>
    <message>
        <source>Another program has taken %1. It is tried again until it is free.</source>
        <translation>另一个程序占用了 %1。将持续重试，直到它空闲。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::StatusLine</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message numerus="yes">
        <source>%n in flight</source>
        <translation>
            <numerusform>%n 个进行中</numerusform>
        </translation>
    </message>
    <message>
        <source>No channels</source>
        <translation>没有渠道</translation>
    </message>
    <message>
        <source>%1 of %2 channels serving</source>
        <translation>%1 / %2 个渠道正在服务</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>DB %1</source>
        <translation>数据库 %1</translation>
    </message>
    <message>
        <source>PostgreSQL</source>
        <translation>PostgreSQL</translation>
    </message>
    <message>
        <source>All channels are disabled</source>
        <translation>所有渠道均已停用</translation>
    </message>
    <message numerus="yes">
        <source>%n channels</source>
        <translation>
            <numerusform>%n 个渠道</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>撤销：%1</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::StepBar</name>
    <message>
        <source>Step %1 of %2: %3</source>
        <translation>第 %1 步，共 %2 步：%3</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::StopQuestion</name>
    <message>
        <source>Stop the gateway</source>
        <translation>停止网关</translation>
    </message>
    <message numerus="yes">
        <source>%n requests are running.</source>
        <translation>
            <numerusform>有 %n 个请求正在运行。</numerusform>
        </translation>
    </message>
    <message>
        <source>They can end first, for up to a minute, while new ones are refused. If they are cut, their clients see an error; what was delivered is billed.</source>
        <translation>可以先等待它们结束（最多一分钟），期间拒绝新请求。如果中断，客户端会看到错误；已送达的内容照常计费。</translation>
    </message>
    <message>
        <source>Finish, then stop</source>
        <translation>完成后停止</translation>
    </message>
    <message>
        <source>Stop now</source>
        <translation>立即停止</translation>
    </message>
    <message>
        <source>A request is running.</source>
        <translation>有一个请求正在运行。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::StreamTab</name>
    <message>
        <source>Stream</source>
        <translation>流式</translation>
    </message>
    <message>
        <source>Events or text</source>
        <translation>事件或文本</translation>
    </message>
    <message>
        <source>Side of the gateway</source>
        <translation>网关的哪一侧</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>What the stream says</source>
        <translation>流的内容</translation>
    </message>
    <message>
        <source>Assembled</source>
        <translation>合并文本</translation>
    </message>
    <message>
        <source>Client ⇄ gateway</source>
        <translation>客户端 ⇄ 网关</translation>
    </message>
    <message>
        <source>Gateway ⇄ provider</source>
        <translation>网关 ⇄ 供应商</translation>
    </message>
    <message>
        <source>The answer was no stream.</source>
        <translation>响应不是流。</translation>
    </message>
    <message numerus="yes">
        <source>%n characters</source>
        <translation>
            <numerusform>%n 个字符</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n events</source>
        <translation>
            <numerusform>%n 个事件</numerusform>
        </translation>
    </message>
    <message>
        <source>the longest, %1, before #%2</source>
        <translation>最长 %1，在 #%2 之前</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::SummaryTab</name>
    <message>
        <source>still being served</source>
        <translation>仍在处理</translation>
    </message>
    <message>
        <source>completed</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>the client left</source>
        <translation>客户端已离开</translation>
    </message>
    <message>
        <source>timed out</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>the gateway was stopped</source>
        <translation>网关被停止</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>The provider told figures that cannot be; they were corrected.</source>
        <translation>供应商报告的数字不可能成立，已予修正。</translation>
    </message>
    <message>
        <source>The provider told no figures; the tokens were counted here.</source>
        <translation>供应商未报告用量，词元数由本机统计。</translation>
    </message>
    <message>
        <source>Usage and cost</source>
        <translation>用量与费用</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Route</source>
        <translation>路由</translation>
    </message>
    <message>
        <source>Summary</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>The model has no price, so that its cost is not known.</source>
        <translation>该模型没有价格，费用未知。</translation>
    </message>
    <message>
        <source>What the provider answered</source>
        <translation>供应商的响应</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>End</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>%1, status %2, after %3</source>
        <translation>%1，状态码 %2，用时 %3</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Served as</source>
        <translation>实际模型</translation>
    </message>
    <message>
        <source>a channel that is no more</source>
        <translation>已不存在的渠道</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>渠道</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a channel and why it was left</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Attempts</source>
        <translation>尝试</translation>
    </message>
    <message>
        <source>Left before</source>
        <translation>此前放弃</translation>
    </message>
    <message>
        <source>Explain route…</source>
        <translation>解释路由…</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Answered as</source>
        <translation>响应方式</translation>
    </message>
    <message>
        <source>a stream</source>
        <translation>流</translation>
    </message>
    <message>
        <source>one document</source>
        <translation>单个文档</translation>
    </message>
    <message>
        <source>First token</source>
        <translation>首个词元</translation>
    </message>
    <message>
        <source>after %1</source>
        <translation>在 %1 之后</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>速度</translation>
    </message>
    <message>
        <source>Error code</source>
        <translation>错误代码</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>the answer was complete</source>
        <translation>回答已完成</translation>
    </message>
    <message>
        <source>the limit of tokens was reached</source>
        <translation>已达到词元上限</translation>
    </message>
    <message>
        <source>a tool is to be called</source>
        <translation>需要调用工具</translation>
    </message>
    <message>
        <source>the provider’s rules on content</source>
        <translation>供应商的内容规则</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Ended by</source>
        <translation>结束原因</translation>
    </message>
    <message>
        <source>the gateway was restarted</source>
        <translation>网关被重新启动</translation>
    </message>
    <message>
        <source>given out again from the cache, at no cost</source>
        <translation>由缓存再次给出，免费</translation>
    </message>
    <message>
        <source>not in the cache</source>
        <translation>不在缓存中</translation>
    </message>
    <message>
        <source>not looked for in the cache</source>
        <translation>未在缓存中查找</translation>
    </message>
    <message>
        <source>Answer cache</source>
        <translation>回答缓存</translation>
    </message>
    <message>
        <source>Request ID</source>
        <translation>请求 ID</translation>
    </message>
    <message>
        <source>The request ID is in the clipboard.</source>
        <translation>请求 ID 已复制到剪贴板。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TableExporter</name>
    <message>
        <source>Table with commas (*.csv)</source>
        <translation>逗号分隔的表格 (*.csv)</translation>
    </message>
    <message>
        <source>JSON (*.json)</source>
        <translation>JSON (*.json)</translation>
    </message>
    <message>
        <source>Export the list</source>
        <translation>导出列表</translation>
    </message>
    <message>
        <source>Exporting the list, %1 %</source>
        <translation>正在导出列表，%1%</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TableFilterModel</name>
    <message>
        <source>A value is missing after “%1:”.</source>
        <translation>“%1:”后缺少值。</translation>
    </message>
    <message>
        <source>There is no “%1”.</source>
        <translation>没有“%1”。</translation>
    </message>
    <message>
        <source>“%1” cannot be compared by size.</source>
        <translation>“%1”不能比较大小。</translation>
    </message>
    <message>
        <source>“%1” is not a number.</source>
        <translation>“%1”不是数字。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TableHeader</name>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Sort by</source>
        <translation>排序方式</translation>
    </message>
    <message>
        <source>Reset columns</source>
        <translation>重置列</translation>
    </message>
    <message>
        <source>Move column to the left</source>
        <translation>将此列左移</translation>
    </message>
    <message>
        <source>Move column to the right</source>
        <translation>将此列右移</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TableView</name>
    <message>
        <source>Copy as</source>
        <translation>复制为</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>文本</translation>
    </message>
    <message>
        <source>JSON</source>
        <translation>JSON</translation>
    </message>
    <message>
        <source>CSV</source>
        <translation>CSV</translation>
    </message>
    <message>
        <source>Markdown</source>
        <translation>Markdown</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>This cannot be used here.</source>
        <translation>此处无法使用。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TagEdit</name>
    <message>
        <source>Remove “%1”</source>
        <translation>移除“%1”</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TestColumns</name>
    <message>
        <source>In line</source>
        <translation>排队中</translation>
    </message>
    <message>
        <source>Waiting for an answer</source>
        <translation>等待响应</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>渠道</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>short</source>
        <translation>过短</translation>
    </message>
    <message>
        <source>…%1</source>
        <translation>…%1</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>its list</source>
        <translation>模型列表</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Answered</source>
        <translation>已响应</translation>
    </message>
    <message>
        <source>Answered slowly</source>
        <translation>响应缓慢</translation>
    </message>
    <message>
        <source>Key refused</source>
        <translation>密钥被拒绝</translation>
    </message>
    <message>
        <source>Out of credit</source>
        <translation>余额不足</translation>
    </message>
    <message>
        <source>Rate-limited</source>
        <translation>被限速</translation>
    </message>
    <message>
        <source>Model unknown</source>
        <translation>模型不存在</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>Provider error</source>
        <translation>供应商出错</translation>
    </message>
    <message>
        <source>No answer in time</source>
        <translation>响应超时</translation>
    </message>
    <message>
        <source>Not reached</source>
        <translation>无法连接</translation>
    </message>
    <message>
        <source>Answer not understood</source>
        <translation>响应无法理解</translation>
    </message>
    <message>
        <source>Not tested</source>
        <translation>未测试</translation>
    </message>
    <message numerus="yes">
        <source>%n answered</source>
        <translation>
            <numerusform>%n 个已响应</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n slow</source>
        <translation>
            <numerusform>%n 个缓慢</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n keys refused</source>
        <translation>
            <numerusform>%n 个密钥被拒绝</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n out of credit</source>
        <translation>
            <numerusform>%n 个余额不足</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n rate-limited</source>
        <translation>
            <numerusform>%n 个被限速</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n models unknown</source>
        <translation>
            <numerusform>%n 个模型不存在</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n refused</source>
        <translation>
            <numerusform>%n 个被拒绝</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n provider errors</source>
        <translation>
            <numerusform>%n 个供应商出错</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n timed out</source>
        <translation>
            <numerusform>%n 个超时</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not reached</source>
        <translation>
            <numerusform>%n 个无法连接</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not understood</source>
        <translation>
            <numerusform>%n 个响应无法理解</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n not tested</source>
        <translation>
            <numerusform>%n 个未测试</numerusform>
        </translation>
    </message>
    <message>
        <source>answered in %1</source>
        <translation>%1 内响应</translation>
    </message>
    <message>
        <source>the provider answered %1: %2</source>
        <translation>供应商返回 %1：%2</translation>
    </message>
    <message>
        <source>&lt;1 ms</source>
        <translation>&lt;1 ms</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TestSheet</name>
    <message>
        <source>Results</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Copy report</source>
        <translation>复制报告</translation>
    </message>
    <message>
        <source>Disable failed</source>
        <translation>停用失败的渠道</translation>
    </message>
    <message>
        <source>Retry failed</source>
        <translation>重试失败的渠道</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>Test channels</source>
        <translation>测试渠道</translation>
    </message>
    <message>
        <source>one model</source>
        <translation>一个模型</translation>
    </message>
    <message>
        <source>all models</source>
        <translation>全部模型</translation>
    </message>
    <message>
        <source>the list of models</source>
        <translation>模型列表</translation>
    </message>
    <message>
        <source>What is tested</source>
        <translation>测试内容</translation>
    </message>
    <message>
        <source>With each key</source>
        <translation>逐个密钥测试</translation>
    </message>
    <message>
        <source>Disabled channels too</source>
        <translation>包括已停用的渠道</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>测试</translation>
    </message>
    <message numerus="yes">
        <source>Test of %n selected channels</source>
        <translation>
            <numerusform>测试所选的 %n 个渠道</numerusform>
        </translation>
    </message>
    <message>
        <source>Switches off the keys that failed, and channels of which no key is left.</source>
        <translation>停用失败的密钥；没有可用密钥的渠道也会停用。</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>开始</translation>
    </message>
    <message numerus="yes">
        <source>%n tests</source>
        <translation>
            <numerusform>%n 项测试</numerusform>
        </translation>
    </message>
    <message>
        <source>they cost nothing</source>
        <translation>免费</translation>
    </message>
    <message>
        <source>at most about %1</source>
        <translation>最多约 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n without a price</source>
        <translation>
            <numerusform>%n 项没有价格</numerusform>
        </translation>
    </message>
    <message>
        <source>Another run is under way; it is shown here.</source>
        <translation>另一轮测试正在进行，此处显示的就是它。</translation>
    </message>
    <message>
        <source>Test again</source>
        <translation>重新测试</translation>
    </message>
    <message>
        <source>Nothing was tested since the start of the program.</source>
        <translation>程序启动以来尚未测试。</translation>
    </message>
    <message>
        <source>%1 of %2 done</source>
        <translation>已完成 %1 / %2</translation>
    </message>
    <message>
        <source>Stopping, %1</source>
        <translation>正在停止，%1</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停止</translation>
    </message>
    <message>
        <source>You may close this; the test goes on.</source>
        <translation>可以关闭此窗口，测试会继续。</translation>
    </message>
    <message>
        <source>What failed is switched off.</source>
        <translation>失败的项目已停用。</translation>
    </message>
    <message>
        <source>%1 of %2 answered</source>
        <translation>%2 项中 %1 项有响应</translation>
    </message>
    <message numerus="yes">
        <source>%n channels</source>
        <translation>
            <numerusform>%n 个渠道</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n keys</source>
        <translation>
            <numerusform>%n 个密钥</numerusform>
        </translation>
    </message>
    <message>
        <source>There is nothing to test.</source>
        <translation>没有可测试的内容。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TierModel</name>
    <message>
        <source>A tier needs the tokens of input above which it applies, such as 200,000.</source>
        <translation>阶梯需要一个输入词元数，超过它时适用，例如 200,000。</translation>
    </message>
    <message>
        <source>Two tiers begin above %1 tokens.</source>
        <translation>有两个阶梯都从 %1 个词元以上开始。</translation>
    </message>
    <message>
        <source>Above %1 tokens</source>
        <translation>超过 %1 个词元</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TierTable</name>
    <message>
        <source>Add a tier</source>
        <translation>添加阶梯</translation>
    </message>
    <message>
        <source>Remove the selected tiers</source>
        <translation>移除所选阶梯</translation>
    </message>
    <message>
        <source>Prices of long requests</source>
        <translation>长请求的价格</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TileText</name>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Success</source>
        <translation>成功率</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>词元</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>First token, p50</source>
        <translation>首个词元，p50</translation>
    </message>
    <message>
        <source>%1: not known yet</source>
        <translation>%1：尚不明确</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>number, unit</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>name, number</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>up by %1</source>
        <translation>上升 %1</translation>
    </message>
    <message>
        <source>down by %1</source>
        <translation>下降 %1</translation>
    </message>
    <message>
        <source>&gt;9999 %</source>
        <translation>&gt;9999%</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1%</translation>
    </message>
    <message>
        <source>%1 points</source>
        <translation>%1 个百分点</translation>
    </message>
    <message>
        <source>%1 of %2 requests failed.</source>
        <translation>%2 个请求中有 %1 个失败。</translation>
    </message>
    <message>
        <source>in %1, out %2</source>
        <translation>输入 %1，输出 %2</translation>
    </message>
    <message>
        <source>Input %1, of it read from caches %2 and written to them %3; output %4.</source>
        <translation>输入 %1，其中缓存读取 %2，缓存写入 %3；输出 %4。</translation>
    </message>
    <message>
        <source>p95 %1</source>
        <translation>p95 %1</translation>
    </message>
    <message>
        <source>saved %1</source>
        <translation>节省 %1</translation>
    </message>
    <message>
        <source>The share of the input that providers read from their caches.</source>
        <translation>输入中由供应商从缓存读取的比例。</translation>
    </message>
    <message>
        <source>%1 / %2</source>
        <comment>tokens in and out</comment>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Requests without a price: %1. The filter priced:no finds them.</source>
        <translation>没有价格的请求：%1。筛选条件 priced:no 可找到它们。</translation>
    </message>
    <message>
        <source>Prompt cache hits</source>
        <translation>提示词缓存命中</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TimeSeriesChart</name>
    <message>
        <source>Copy &amp;image</source>
        <translation>复制图片(&amp;I)</translation>
    </message>
    <message>
        <source>&amp;Copy as CSV</source>
        <translation>复制为 CSV(&amp;C)</translation>
    </message>
    <message>
        <source>View as &amp;table</source>
        <translation>以表格查看(&amp;T)</translation>
    </message>
    <message>
        <source>&amp;Logarithmic values</source>
        <translation>对数刻度(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Show all</source>
        <translation>全部显示(&amp;S)</translation>
    </message>
    <message>
        <source>Show these &amp;requests</source>
        <translation>显示这些请求(&amp;R)</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TimeSeriesModel</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TimeSpan</name>
    <message>
        <source>15 m</source>
        <comment>range of 15 minutes</comment>
        <translation>15 分钟</translation>
    </message>
    <message>
        <source>1 h</source>
        <comment>range of an hour</comment>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>24 h</source>
        <comment>range of 24 hours</comment>
        <translation>24 小时</translation>
    </message>
    <message>
        <source>7 d</source>
        <comment>range of 7 days</comment>
        <translation>7 天</translation>
    </message>
    <message>
        <source>30 d</source>
        <comment>range of 30 days</comment>
        <translation>30 天</translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <comment>from, until</comment>
        <translation>%1 – %2</translation>
    </message>
    <message>
        <source>From %1 to %2, times of %3</source>
        <translation>从 %1 到 %2，时间按 %3</translation>
    </message>
    <message numerus="yes">
        <source>The last %n minutes, times of %1</source>
        <translation>
            <numerusform>最近 %n 分钟，时间按 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>The last hour, times of %1</source>
        <translation>最近 1 小时，时间按 %1</translation>
    </message>
    <message>
        <source>The last 24 hours, times of %1</source>
        <translation>最近 24 小时，时间按 %1</translation>
    </message>
    <message numerus="yes">
        <source>The last %n days, times of %1</source>
        <translation>
            <numerusform>最近 %n 天，时间按 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>compared with the 15 minutes before</source>
        <translation>与之前 15 分钟相比</translation>
    </message>
    <message>
        <source>compared with the hour before</source>
        <translation>与之前 1 小时相比</translation>
    </message>
    <message>
        <source>compared with the day before</source>
        <translation>与之前 1 天相比</translation>
    </message>
    <message>
        <source>compared with the 7 days before</source>
        <translation>与之前 7 天相比</translation>
    </message>
    <message>
        <source>compared with the 30 days before</source>
        <translation>与之前 30 天相比</translation>
    </message>
    <message>
        <source>compared with the same length before</source>
        <translation>与之前等长时段相比</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::Timeline</name>
    <message>
        <source>connection reused, TLS</source>
        <translation>复用连接，TLS</translation>
    </message>
    <message>
        <source>connection reused</source>
        <translation>复用连接</translation>
    </message>
    <message>
        <source>connect, TLS, new</source>
        <translation>新建连接，TLS</translation>
    </message>
    <message>
        <source>connect, new</source>
        <translation>新建连接</translation>
    </message>
    <message>
        <source>receiving the answer</source>
        <translation>接收响应</translation>
    </message>
    <message>
        <source>streaming</source>
        <translation>流式传输</translation>
    </message>
    <message>
        <source>streaming %1 tokens, %2</source>
        <translation>流式传输 %1 个词元，%2</translation>
    </message>
    <message>
        <source>no connection</source>
        <translation>无法连接</translation>
    </message>
    <message>
        <source>waiting for the first token</source>
        <translation>等待首个词元</translation>
    </message>
    <message>
        <source>waiting for the answer</source>
        <translation>等待响应</translation>
    </message>
    <message>
        <source>no answer</source>
        <translation>无响应</translation>
    </message>
    <message>
        <source>broke off</source>
        <translation>中断</translation>
    </message>
    <message>
        <source>a channel that is no more</source>
        <translation>已不存在的渠道</translation>
    </message>
    <message>
        <source>Gatehouse: no channel was asked</source>
        <translation>Gatehouse：未请求任何渠道</translation>
    </message>
    <message>
        <source>Gatehouse: token, budget, route</source>
        <translation>Gatehouse：令牌、预算、路由</translation>
    </message>
    <message>
        <source>Gatehouse: before the next attempt</source>
        <translation>Gatehouse：下一次尝试之前</translation>
    </message>
    <message>
        <source>Gatehouse: record stored</source>
        <translation>Gatehouse：存储记录</translation>
    </message>
    <message>
        <source>%1: %2, from %3 on</source>
        <translation>%1：%2，始于 %3</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 s</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ms</translation>
    </message>
    <message>
        <source>%1: %2, from %3 to %4</source>
        <translation>%1：%2，从 %3 到 %4</translation>
    </message>
    <message>
        <source>%1 µs</source>
        <translation>%1 微秒</translation>
    </message>
    <message>
        <source>sending the request</source>
        <translation>正在发送请求</translation>
    </message>
    <message>
        <source>waiting for the first byte</source>
        <translation>等待第一个字节</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TimelineTab</name>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>streaming</source>
        <translation>流式传输</translation>
    </message>
    <message>
        <source>Explain route…</source>
        <translation>解释路由…</translation>
    </message>
    <message>
        <source>a channel that is no more</source>
        <translation>已不存在的渠道</translation>
    </message>
    <message>
        <source>Left %1: %2</source>
        <translation>放弃 %1：%2</translation>
    </message>
    <message>
        <source>The gateway itself took %1.</source>
        <translation>网关自身耗时 %1。</translation>
    </message>
    <message>
        <source>The gateway itself took too little to be measured.</source>
        <translation>网关自身耗时过短，无法测出。</translation>
    </message>
    <message>
        <source>Ended with %1: %2</source>
        <translation>最终止于 %1：%2</translation>
    </message>
    <message>
        <source>connect and send</source>
        <translation>连接与发送</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokenBulkDialog</name>
    <message numerus="yes">
        <source>Edit %n tokens</source>
        <translation>
            <numerusform>编辑 %n 个令牌</numerusform>
        </translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>No limit but the owner’s own balance</source>
        <translation>仅受所有者余额限制</translation>
    </message>
    <message>
        <source>What they may do</source>
        <translation>权限</translation>
    </message>
    <message numerus="yes">
        <source>Change %n tokens</source>
        <translation>
            <numerusform>更改 %n 个令牌</numerusform>
        </translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>These models</source>
        <translation>以下模型</translation>
    </message>
    <message>
        <source>0: no limit. Empty: each keeps its own.</source>
        <translation>0：不限。留空则各自保持不变。</translation>
    </message>
    <message>
        <source>Requests a minute</source>
        <translation>每分钟请求数</translation>
    </message>
    <message>
        <source>Tokens a minute</source>
        <translation>每分钟词元数</translation>
    </message>
    <message>
        <source>At the same time</source>
        <translation>同时进行</translation>
    </message>
    <message>
        <source>Keep bodies</source>
        <translation>保留正文</translation>
    </message>
    <message>
        <source>Heads and bodies of their requests, for the inspector.</source>
        <translation>其请求的头部和正文，供检查器查看。</translation>
    </message>
    <message>
        <source>All models of the owner’s group</source>
        <translation>所有者分组的全部模型</translation>
    </message>
    <message>
        <source>Only these</source>
        <translation>仅以下模型</translation>
    </message>
    <message>
        <source>Enter at least one model.</source>
        <translation>请至少输入一个模型。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokenColumns</name>
    <message>
        <source>%1 req/min</source>
        <translation>%1 请求/分钟</translation>
    </message>
    <message>
        <source>%1 tok/min</source>
        <translation>%1 词元/分钟</translation>
    </message>
    <message>
        <source>%1 at a time</source>
        <translation>并发 %1</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>到期时间</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation>上次使用</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>Spent and given, in dollars</source>
        <translation>已用与总额，以美元计</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>all</source>
        <translation>全部</translation>
    </message>
    <message numerus="yes">
        <source>%n models</source>
        <translation>
            <numerusform>%n 个模型</numerusform>
        </translation>
    </message>
    <message>
        <source>anywhere</source>
        <translation>任何位置</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>this computer and the local network</source>
        <translation>本机和局域网</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>%1 used</source>
        <translation>已用 %1</translation>
    </message>
    <message>
        <source>Used up</source>
        <translation>已用尽</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>Disabled</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>所有者</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>限制</translation>
    </message>
    <message>
        <source>no limits</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>ID</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>剩余</translation>
    </message>
    <message>
        <source>The former key is valid until %1 and was last used %2.</source>
        <translation>旧密钥有效期至 %1，最近使用：%2。</translation>
    </message>
    <message>
        <source>The former key is valid until %1; nobody has used it since.</source>
        <translation>旧密钥有效期至 %1；轮换后尚未使用。</translation>
    </message>
    <message>
        <source>%1. %2</source>
        <translation>%1。%2</translation>
    </message>
    <message>
        <source>, </source>
        <translation>，</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>no expiry</source>
        <translation>永不过期</translation>
    </message>
    <message>
        <source>A program at %1, %2</source>
        <translation>位于 %1 的程序，%2</translation>
    </message>
    <message>
        <source>%1 at %2, %3</source>
        <translation>%1（位于 %2），%3</translation>
    </message>
    <message>
        <source>Old key used</source>
        <translation>旧密钥在用</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokenCommands</name>
    <message numerus="yes">
        <source>Enabled %n tokens</source>
        <translation>
            <numerusform>启用了 %n 个令牌</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Disabled %n tokens</source>
        <translation>
            <numerusform>停用了 %n 个令牌</numerusform>
        </translation>
    </message>
    <message>
        <source>A token needs a name.</source>
        <translation>令牌需要名称。</translation>
    </message>
    <message>
        <source>Renamed %1</source>
        <translation>重命名了 %1</translation>
    </message>
    <message>
        <source>Changed the budget of %1</source>
        <translation>更改了 %1 的预算</translation>
    </message>
    <message>
        <source>Topped up %1 by %2</source>
        <translation>为 %1 充值了 %2</translation>
    </message>
    <message numerus="yes">
        <source>Topped up %n tokens by %1</source>
        <translation>
            <numerusform>为 %n 个令牌充值了 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>Deleted %1</source>
        <translation>删除了 %1</translation>
    </message>
    <message numerus="yes">
        <source>Deleted %n tokens</source>
        <translation>
            <numerusform>删除了 %n 个令牌</numerusform>
        </translation>
    </message>
    <message>
        <source>Created %1</source>
        <translation>创建了 %1</translation>
    </message>
    <message>
        <source>Changed %1</source>
        <translation>更改了 %1</translation>
    </message>
    <message numerus="yes">
        <source>Changed %n tokens</source>
        <translation>
            <numerusform>已更改 %n 个令牌</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Created %n tokens</source>
        <translation>
            <numerusform>已创建 %n 个令牌</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokenDetail</name>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>View traffic</source>
        <translation>查看流量</translation>
    </message>
    <message>
        <source>Requests of the last 30 days</source>
        <translation>最近 30 天的请求</translation>
    </message>
    <message>
        <source>Last used by</source>
        <translation>最近使用者</translation>
    </message>
    <message>
        <source>Select a token to see its details.</source>
        <translation>选择一个令牌以查看详情。</translation>
    </message>
    <message numerus="yes">
        <source>%n tokens are selected.</source>
        <translation>
            <numerusform>已选择 %n 个令牌。</numerusform>
        </translation>
    </message>
    <message>
        <source>Requests of the last 30 days, day by day</source>
        <translation>最近 30 天的请求，按天显示</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokenDialog</name>
    <message>
        <source>Edit token</source>
        <translation>编辑令牌</translation>
    </message>
    <message>
        <source>Create token</source>
        <translation>创建令牌</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Create</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>Alice – laptop – Claude Code</source>
        <translation>Alice – 笔记本 – Claude Code</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Whose, on which device, for which program.</source>
        <translation>谁在哪台设备上用于哪个程序。</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>所有者</translation>
    </message>
    <message>
        <source>No limit but the owner’s own balance</source>
        <translation>仅受所有者余额限制</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>In dollars; the token is refused when it is used up.</source>
        <translation>以美元计；用尽后令牌将被拒绝。</translation>
    </message>
    <message>
        <source>all models of the owner’s group</source>
        <translation>所有者分组的全部模型</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>What it may do</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Requests a minute</source>
        <translation>每分钟请求数</translation>
    </message>
    <message>
        <source>Tokens a minute</source>
        <translation>每分钟词元数</translation>
    </message>
    <message>
        <source>At the same time</source>
        <translation>并发数</translation>
    </message>
    <message>
        <source>Keep bodies</source>
        <translation>保留正文</translation>
    </message>
    <message>
        <source>Heads and bodies of its requests, for the inspector.</source>
        <translation>保留其请求的头部和正文，供检查器使用。</translation>
    </message>
    <message>
        <source>A token needs a name.</source>
        <translation>令牌需要名称。</translation>
    </message>
    <message>
        <source>The name of a token has at most %1 characters.</source>
        <translation>令牌名称最多 %1 个字符。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokenFacts</name>
    <message>
        <source>not at all</source>
        <translation>不保留</translation>
    </message>
    <message>
        <source>always</source>
        <translation>始终</translation>
    </message>
    <message>
        <source>as the setting says</source>
        <translation>遵循设置</translation>
    </message>
    <message>
        <source>all models of the owner’s group</source>
        <translation>所有者分组的全部模型</translation>
    </message>
    <message numerus="yes">
        <source>%1 and %n more</source>
        <translation>
            <numerusform>%1 及另外 %n 个</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n requests a minute</source>
        <translation>
            <numerusform>每分钟 %n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 tokens a minute</source>
        <translation>每分钟 %1 个词元</translation>
    </message>
    <message numerus="yes">
        <source>%n at the same time</source>
        <translation>
            <numerusform>同时 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>no limit but the owner’s own balance</source>
        <translation>仅受所有者余额限制</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>amounts, a month</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>剩余 %1</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>Spent so far</source>
        <translation>累计花费</translation>
    </message>
    <message>
        <source>Limits</source>
        <translation>限制</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>到期时间</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Used from</source>
        <translation>使用来源</translation>
    </message>
    <message>
        <source>Keep bodies</source>
        <translation>保留正文</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message numerus="yes">
        <source>Show the %n requests in Traffic</source>
        <translation>
            <numerusform>在流量页查看这 %n 个请求</numerusform>
        </translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message numerus="yes">
        <source>Show the %n failed requests in Traffic</source>
        <translation>
            <numerusform>在流量页查看这 %n 个失败的请求</numerusform>
        </translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>%1 in, %2 out</source>
        <translation>输入 %1，输出 %2</translation>
    </message>
    <message>
        <source>Unknown program</source>
        <translation>未知程序</translation>
    </message>
    <message>
        <source>Show the requests of %1 in Traffic</source>
        <translation>在流量页查看 %1 的请求</translation>
    </message>
    <message>
        <source>Nobody used it in the last 30 days.</source>
        <translation>最近 30 天内无人使用。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokenSheet</name>
    <message>
        <source>Token rotated</source>
        <translation>令牌已轮换</translation>
    </message>
    <message>
        <source>Token created</source>
        <translation>令牌已创建</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>QR code with the address and the key</source>
        <translation>包含地址和密钥的二维码</translation>
    </message>
    <message numerus="yes">
        <source>Whoever scans this code can spend the budget. It is hidden after %n seconds.</source>
        <translation>
            <numerusform>任何人扫描此二维码后都能使用预算。它将在 %n 秒后隐藏。</numerusform>
        </translation>
    </message>
    <message>
        <source>Hide code now</source>
        <translation>立即隐藏二维码</translation>
    </message>
    <message>
        <source>I have saved it</source>
        <translation>我已保存</translation>
    </message>
    <message>
        <source>Copy the new key now; programs need it in place of the former one.</source>
        <translation>请立即复制新密钥；程序需要用它替换原来的密钥。</translation>
    </message>
    <message>
        <source>Copy the key now. In lists it is shown only by its ends.</source>
        <translation>请立即复制密钥。列表中只显示其首尾部分。</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>到期时间</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Save as .env…</source>
        <translation>保存为 .env…</translation>
    </message>
    <message>
        <source>Copy as</source>
        <translation>复制为</translation>
    </message>
    <message>
        <source>Save as .env</source>
        <translation>保存为 .env</translation>
    </message>
    <message>
        <source>Environment files (*.env)</source>
        <translation>环境变量文件 (*.env)</translation>
    </message>
    <message>
        <source>The file could not be written: %1</source>
        <translation>无法写入文件：%1</translation>
    </message>
    <message>
        <source>Key of a token</source>
        <translation>令牌密钥</translation>
    </message>
    <message>
        <source>Whoever has this key can spend the budget of the token.</source>
        <translation>任何持有此密钥的人都能使用该令牌的预算。</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Clear the clipboard after %1 s</source>
        <translation>%1 秒后清空剪贴板</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>amount, a month</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1, warns at %2 %</source>
        <translation>%1，达到 %2% 时提醒</translation>
    </message>
    <message>
        <source>Saved to %1</source>
        <translation>已保存到 %1</translation>
    </message>
    <message>
        <source>Former key</source>
        <translation>旧密钥</translation>
    </message>
    <message>
        <source>Copy the key now. Only its fingerprint is kept; later you can only make a new one.</source>
        <translation>请立即复制密钥。系统只保留其指纹，之后只能创建新密钥。</translation>
    </message>
    <message>
        <source>Copy the new key now; programs need it in place of the former one. Only its fingerprint is kept.</source>
        <translation>请立即复制新密钥；程序需要用它替换旧密钥。系统只保留其指纹。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokensField</name>
    <message>
        <source>This is not a number of tokens, such as “8000” or “128k”.</source>
        <translation>这不是词元数，例如“8000”或“128k”。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TokensPage</name>
    <message>
        <source>&amp;Create token</source>
        <translation>创建令牌(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Edit…</source>
        <translation>编辑(&amp;E)…</translation>
    </message>
    <message>
        <source>Copy the &amp;key</source>
        <translation>复制密钥(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;Rotate…</source>
        <translation>轮换(&amp;R)…</translation>
    </message>
    <message>
        <source>Top up by $&amp;5</source>
        <translation>充值 $5(&amp;5)</translation>
    </message>
    <message>
        <source>Top up by $&amp;20</source>
        <translation>充值 $20(&amp;2)</translation>
    </message>
    <message>
        <source>Reset the &amp;usage counter</source>
        <translation>重置用量计数(&amp;U)</translation>
    </message>
    <message>
        <source>View &amp;traffic</source>
        <translation>查看流量(&amp;T)</translation>
    </message>
    <message>
        <source>Enable or &amp;disable</source>
        <translation>启用或停用(&amp;D)</translation>
    </message>
    <message>
        <source>De&amp;lete</source>
        <translation>删除(&amp;L)</translation>
    </message>
    <message>
        <source>Re&amp;fresh</source>
        <translation>刷新(&amp;F)</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Filter, e.g. owner:bob expires:&lt;7d</source>
        <translation>筛选，例如 owner:bob expires:&lt;7d</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>No tokens yet</source>
        <translation>还没有令牌</translation>
    </message>
    <message>
        <source>A token is the key that a program uses to talk to the gateway.</source>
        <translation>令牌是程序访问网关时使用的密钥。</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message numerus="yes">
        <source>%n tokens</source>
        <translation>
            <numerusform>%n 个令牌</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n active</source>
        <translation>
            <numerusform>%n 个有效</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n selected</source>
        <translation>
            <numerusform>已选 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 spent</source>
        <translation>已用 %1</translation>
    </message>
    <message>
        <source>%1 of %2 shown</source>
        <translation>显示 %1 / %2 项</translation>
    </message>
    <message>
        <source>No token matches %1.</source>
        <translation>没有符合 %1 的令牌。</translation>
    </message>
    <message>
        <source>The counter of %1 stood at %2 and begins anew.</source>
        <translation>%1 的用量计数原为 %2，现重新开始。</translation>
    </message>
    <message>
        <source>Show key and &amp;QR code…</source>
        <translation>显示密钥和二维码(&amp;Q)…</translation>
    </message>
    <message>
        <source>End the &amp;grace period</source>
        <translation>结束宽限期(&amp;G)</translation>
    </message>
    <message>
        <source>Its counter stands at %1 and begins anew. This cannot be undone; the traffic stays.</source>
        <translation>用量计数当前为 %1，将重新开始。此操作无法撤销；流量记录会保留。</translation>
    </message>
    <message>
        <source>Reset the counter</source>
        <translation>重置用量计数</translation>
    </message>
    <message>
        <source>The former key is void now.</source>
        <translation>旧密钥已失效。</translation>
    </message>
    <message>
        <source>Programs that still use its former key are refused at once. This cannot be undone.</source>
        <translation>仍在使用其旧密钥的程序会立即被拒绝。此操作无法撤销。</translation>
    </message>
    <message>
        <source>End the grace period</source>
        <translation>结束宽限期</translation>
    </message>
    <message numerus="yes">
        <source>The key is in the clipboard for %n seconds.</source>
        <translation>
            <numerusform>密钥将在剪贴板中保留 %n 秒。</numerusform>
        </translation>
    </message>
    <message>
        <source>The key is in the clipboard.</source>
        <translation>密钥已在剪贴板中。</translation>
    </message>
    <message>
        <source>Cop&amp;y name</source>
        <translation>复制名称(&amp;Y)</translation>
    </message>
    <message>
        <source>Duplic&amp;ate</source>
        <translation>复制一份(&amp;A)</translation>
    </message>
    <message>
        <source>Copy &amp;prefix</source>
        <translation>复制前缀(&amp;P)</translation>
    </message>
    <message>
        <source>S&amp;how details</source>
        <translation>显示详情(&amp;H)</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Edit %n…</source>
        <translation>
            <numerusform>编辑 %n 项(&amp;E)…</numerusform>
        </translation>
    </message>
    <message>
        <source>30 days: %1</source>
        <translation>30 天：%1</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TrafficBookmarks</name>
    <message numerus="yes">
        <source>Bookmarked %n requests</source>
        <translation>
            <numerusform>为 %n 个请求加了书签</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Removed the bookmark of %n requests</source>
        <translation>
            <numerusform>移除了 %n 个请求的书签</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TrafficColumns</name>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>no price</source>
        <translation>无价格</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>cancelling</source>
        <translation>正在取消</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>The answer comes in</source>
        <translation>正在接收回答</translation>
    </message>
    <message>
        <source>Waits for the provider</source>
        <translation>等待供应商</translation>
    </message>
    <message>
        <source>broken off</source>
        <translation>中断</translation>
    </message>
    <message>
        <source>failed with %1</source>
        <translation>失败，状态码 %1</translation>
    </message>
    <message>
        <source>There is no price for this model, so it counts as nothing.</source>
        <translation>此模型没有价格，因此按免费计算。</translation>
    </message>
    <message>
        <source>free</source>
        <translation>免费</translation>
    </message>
    <message>
        <source>Without a session</source>
        <translation>无会话</translation>
    </message>
    <message>
        <source>Without a model</source>
        <translation>无模型</translation>
    </message>
    <message>
        <source>Token #%1</source>
        <translation>令牌 #%1</translation>
    </message>
    <message>
        <source>No channel</source>
        <translation>无渠道</translation>
    </message>
    <message>
        <source>Channel #%1</source>
        <translation>渠道 #%1</translation>
    </message>
    <message numerus="yes">
        <source>%n requests</source>
        <translation>
            <numerusform>%n 个请求</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n failed</source>
        <translation>
            <numerusform>%n 个失败</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 – %2</source>
        <comment>from, until</comment>
        <translation>%1 – %2</translation>
    </message>
    <message>
        <source>%1, open</source>
        <translation>%1，已展开</translation>
    </message>
    <message>
        <source>%1, closed</source>
        <translation>%1，已折叠</translation>
    </message>
    <message>
        <source>Estimated while the answer comes in</source>
        <translation>回答传输期间的估计值</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>%1, with attempt %2</source>
        <translation>%1，第 %2 次尝试</translation>
    </message>
    <message>
        <source>Head and body are kept</source>
        <translation>已保留头部和正文</translation>
    </message>
    <message>
        <source>streamed</source>
        <translation>流式</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Channel</source>
        <translation>渠道</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>流式</translation>
    </message>
    <message>
        <source>In</source>
        <translation>输入</translation>
    </message>
    <message>
        <source>Input tokens, cached ones included</source>
        <translation>输入词元，包含缓存的</translation>
    </message>
    <message>
        <source>Cached</source>
        <translation>缓存</translation>
    </message>
    <message>
        <source>Out</source>
        <translation>输出</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>费用</translation>
    </message>
    <message>
        <source>TTFT</source>
        <translation>TTFT</translation>
    </message>
    <message>
        <source>Time to the first token</source>
        <translation>到首个词元的时间</translation>
    </message>
    <message>
        <source>Duration</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>tok/s</source>
        <translation>词元/秒</translation>
    </message>
    <message>
        <source>Output tokens a second after the first one</source>
        <translation>首个词元之后每秒输出的词元</translation>
    </message>
    <message>
        <source>Bodies</source>
        <translation>正文</translation>
    </message>
    <message>
        <source>HTTP</source>
        <translation>HTTP</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>会话</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Overhead</source>
        <translation>网关开销</translation>
    </message>
    <message>
        <source>What the gateway took before it asked a provider</source>
        <translation>网关在请求供应商之前所用的时间</translation>
    </message>
    <message>
        <source>Bookmarked: it is kept</source>
        <translation>已加书签：会保留</translation>
    </message>
    <message>
        <source>Bookmark</source>
        <translation>书签</translation>
    </message>
    <message>
        <source>Bookmarked requests stay when old ones are removed</source>
        <translation>移除旧请求时，已加书签的请求会保留</translation>
    </message>
    <message>
        <source>The list is always in the order of time.</source>
        <translation>列表始终按时间排序。</translation>
    </message>
    <message>
        <source>miss</source>
        <translation>未命中</translation>
    </message>
    <message>
        <source>hit</source>
        <translation>命中</translation>
    </message>
    <message>
        <source>spill</source>
        <translation>溢出</translation>
    </message>
    <message>
        <source>Affinity</source>
        <translation>亲和</translation>
    </message>
    <message>
        <source>Whether the request went to the channel and key of its session (hit), the session was new (miss), or they could not be used (spill)</source>
        <translation>请求是发往其会话的渠道和密钥（命中），还是会话为新会话（未命中），或它们不可用（溢出）</translation>
    </message>
    <message>
        <source>from the cache</source>
        <translation>来自缓存</translation>
    </message>
    <message>
        <source>bypass</source>
        <translation>绕过</translation>
    </message>
    <message>
        <source>Whether the answer was kept in the cache of answers (hit), was not in it (miss), or was not looked for (bypass)</source>
        <translation>回答是否在回答缓存中（命中）、不在其中（未命中）或未查找（绕过）</translation>
    </message>
    <message>
        <source>Answer cache</source>
        <translation>回答缓存</translation>
    </message>
    <message>
        <source>The end of the channel’s key that was used</source>
        <translation>所用渠道密钥的末尾几位</translation>
    </message>
    <message>
        <source>Request ID</source>
        <translation>请求 ID</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TrafficExporter</name>
    <message>
        <source>Export requests</source>
        <translation>导出请求</translation>
    </message>
    <message>
        <source>Table with commas (*.csv)</source>
        <translation>逗号分隔的表格 (*.csv)</translation>
    </message>
    <message>
        <source>Lines of JSON (*.jsonl)</source>
        <translation>JSON 行 (*.jsonl)</translation>
    </message>
    <message>
        <source>HTTP archive (*.har)</source>
        <translation>HTTP 归档 (*.har)</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TrafficFilters</name>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Errors</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Retried</source>
        <translation>重试过</translation>
    </message>
    <message>
        <source>Slow, over 10 s to first token</source>
        <translation>慢，首个词元超过 10 秒</translation>
    </message>
    <message>
        <source>Bookmarked</source>
        <translation>已加书签</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TrafficPage</name>
    <message>
        <source>&amp;Cancel the request</source>
        <translation>取消该请求(&amp;C)</translation>
    </message>
    <message>
        <source>Only this &amp;model</source>
        <translation>仅此模型(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Open the channel</source>
        <translation>打开渠道(&amp;O)</translation>
    </message>
    <message>
        <source>Open t&amp;he token</source>
        <translation>打开令牌(&amp;H)</translation>
    </message>
    <message>
        <source>Re&amp;fresh</source>
        <translation>刷新(&amp;F)</translation>
    </message>
    <message>
        <source>Traffic</source>
        <translation>流量</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>No requests yet</source>
        <translation>还没有请求</translation>
    </message>
    <message>
        <source>Requests appear here while they are served and stay afterwards.</source>
        <translation>请求在处理期间会显示在这里，之后也会保留。</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>live</source>
        <translation>实时</translation>
    </message>
    <message>
        <source>No request matches %1.</source>
        <translation>没有符合 %1 的请求。</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>What people write is kept from now on.</source>
        <translation>从现在起会保留人们所写的内容。</translation>
    </message>
    <message>
        <source>Tell those who use this gateway, where the law asks for it.</source>
        <translation>如果法律要求，请告知使用此网关的人。</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Filter, e.g. status:error model:gpt* cost:&gt;0.01</source>
        <translation>筛选，例如 status:error model:gpt* cost:&gt;0.01</translation>
    </message>
    <message>
        <source>&amp;Go on</source>
        <translation>继续(&amp;G)</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>暂停(&amp;P)</translation>
    </message>
    <message>
        <source>Show &amp;details</source>
        <translation>显示详情(&amp;D)</translation>
    </message>
    <message>
        <source>Details at the &amp;right</source>
        <translation>详情显示在右侧(&amp;R)</translation>
    </message>
    <message>
        <source>C&amp;lear the view</source>
        <translation>清空视图(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;Export as CSV…</source>
        <translation>导出为 CSV(&amp;E)…</translation>
    </message>
    <message>
        <source>Export as &amp;JSON lines…</source>
        <translation>导出为 JSON 行(&amp;J)…</translation>
    </message>
    <message>
        <source>E&amp;xplain route…</source>
        <translation>解释路由(&amp;X)…</translation>
    </message>
    <message>
        <source>Disa&amp;ble this token</source>
        <translation>停用此令牌(&amp;B)</translation>
    </message>
    <message>
        <source>Add a pri&amp;ce for this model</source>
        <translation>为此模型添加价格(&amp;C)</translation>
    </message>
    <message>
        <source>For&amp;get this request</source>
        <translation>清除此请求的内容(&amp;G)</translation>
    </message>
    <message>
        <source>Forget everyt&amp;hing of this token</source>
        <translation>清除此令牌的全部内容(&amp;H)</translation>
    </message>
    <message>
        <source>Copied %1</source>
        <translation>已复制 %1</translation>
    </message>
    <message>
        <source>Copy as c&amp;URL</source>
        <translation>复制为 cURL(&amp;U)</translation>
    </message>
    <message>
        <source>Copy the e&amp;rror</source>
        <translation>复制错误(&amp;R)</translation>
    </message>
    <message>
        <source>Filter by this</source>
        <translation>按此筛选</translation>
    </message>
    <message>
        <source>Exclude</source>
        <translation>排除</translation>
    </message>
    <message>
        <source>Copied the command. The key in it is $API_KEY.</source>
        <translation>已复制命令，其中的密钥为 $API_KEY。</translation>
    </message>
    <message>
        <source>Disabled the token %1</source>
        <translation>停用了令牌 %1</translation>
    </message>
    <message>
        <source>This cannot be undone.</source>
        <translation>此操作无法撤销。</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
    <message numerus="yes">
        <source>Forget head and body of %n requests?</source>
        <translation>
            <numerusform>要清除 %n 个请求的头部和正文吗？</numerusform>
        </translation>
    </message>
    <message>
        <source>Forget all heads and bodies of the token %1?</source>
        <translation>要清除令牌 %1 的全部头部和正文吗？</translation>
    </message>
    <message numerus="yes">
        <source>Forgot %n requests</source>
        <translation>
            <numerusform>已清除 %n 个请求的内容</numerusform>
        </translation>
    </message>
    <message>
        <source>Exporting, %1 requests so far</source>
        <translation>正在导出，已完成 %1 个请求</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>%1 requests were written to %2.</source>
        <translation>已将 %1 个请求写入 %2。</translation>
    </message>
    <message>
        <source>The export was cancelled.</source>
        <translation>已取消导出。</translation>
    </message>
    <message numerus="yes">
        <source>↑ more than %n new</source>
        <translation>
            <numerusform>↑ 超过 %n 个新请求</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>↑ %n new</source>
        <translation>
            <numerusform>↑ %n 个新请求</numerusform>
        </translation>
    </message>
    <message>
        <source>To the newest requests</source>
        <translation>转到最新的请求</translation>
    </message>
    <message>
        <source>1 of %1 selected</source>
        <translation>已选 1 个，共 %1 个</translation>
    </message>
    <message>
        <source>1 selected</source>
        <translation>已选 1 个</translation>
    </message>
    <message numerus="yes">
        <source>%n selected</source>
        <translation>
            <numerusform>已选 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>the newest %1 requests</source>
        <translation>最新的 %1 个请求</translation>
    </message>
    <message>
        <source>%1 failed</source>
        <translation>%1 个失败</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>输入 %1</translation>
    </message>
    <message>
        <source>cached %1</source>
        <translation>缓存 %1</translation>
    </message>
    <message>
        <source>out %1</source>
        <translation>输出 %1</translation>
    </message>
    <message>
        <source>New requests appear here. Earlier ones come back with F5.</source>
        <translation>新请求会显示在这里。按 F5 恢复之前的请求。</translation>
    </message>
    <message>
        <source>There were no requests at this time.</source>
        <translation>这段时间没有请求。</translation>
    </message>
    <message>
        <source>At most %1 requests are copied at once. A file takes them all.</source>
        <translation>一次最多复制 %1 个请求。导出为文件可包含全部。</translation>
    </message>
    <message>
        <source>Export as CSV…</source>
        <translation>导出为 CSV…</translation>
    </message>
    <message>
        <source>Export as H&amp;AR…</source>
        <translation>导出为 HAR(&amp;A)…</translation>
    </message>
    <message>
        <source>Save as HAR…</source>
        <translation>另存为 HAR…</translation>
    </message>
    <message>
        <source>Another export is being written.</source>
        <translation>正在写入另一个导出文件。</translation>
    </message>
    <message>
        <source>One request was written to %1.</source>
        <translation>已将 1 个请求写入 %1。</translation>
    </message>
    <message>
        <source>Boo&amp;kmark (kept beyond retention)</source>
        <translation>加书签（超过保留期限仍保留）(&amp;K)</translation>
    </message>
    <message>
        <source>Also of bookmarked ones. This cannot be undone.</source>
        <translation>已加书签的也不例外。此操作无法撤销。</translation>
    </message>
    <message>
        <source>Onl&amp;y this session</source>
        <translation>仅此会话(&amp;Y)</translation>
    </message>
    <message>
        <source>channel: is where a request ended, tried: any channel that had an attempt of it. Both take a name or a number such as #3.</source>
        <translation>channel: 指请求最终所在的渠道，tried: 指尝试过该请求的任一渠道。两者都可填名称或编号，例如 #3。</translation>
    </message>
    <message>
        <source>no price</source>
        <translation>无价格</translation>
    </message>
    <message>
        <source>Details below the list</source>
        <translation>详情在列表下方</translation>
    </message>
    <message>
        <source>Details at the right</source>
        <translation>详情在右侧</translation>
    </message>
    <message>
        <source>Copy request &amp;ID</source>
        <translation>复制请求 ID(&amp;I)</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TrayIcon</name>
    <message numerus="yes">
        <source>%n in flight</source>
        <translation>
            <numerusform>%n 个进行中</numerusform>
        </translation>
    </message>
    <message>
        <source>Open Gatehouse</source>
        <translation>打开 Gatehouse</translation>
    </message>
    <message>
        <source>Recent errors</source>
        <translation>最近的错误</translation>
    </message>
    <message>
        <source>None in the last 24 hours</source>
        <translation>最近 24 小时内没有</translation>
    </message>
    <message>
        <source>Start at login</source>
        <translation>登录时启动</translation>
    </message>
    <message>
        <source>Settings…</source>
        <translation>设置…</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>渠道</translation>
    </message>
    <message numerus="yes">
        <source>%n more in the window</source>
        <translation>
            <numerusform>窗口中还有 %n 个</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1，%2：%3</translation>
    </message>
    <message>
        <source>%1 today</source>
        <translation>今日 %1</translation>
    </message>
    <message>
        <source>Starting at login was not changed.</source>
        <translation>登录时启动的设置未能更改。</translation>
    </message>
    <message>
        <source>%1 was not switched on.</source>
        <translation>未能启用 %1。</translation>
    </message>
    <message>
        <source>%1 was not switched off.</source>
        <translation>未能停用 %1。</translation>
    </message>
    <message>
        <source>Default model</source>
        <translation>默认模型</translation>
    </message>
    <message>
        <source>As requested</source>
        <translation>按请求指定</translation>
    </message>
    <message>
        <source>%1 (not served)</source>
        <translation>%1（不可用）</translation>
    </message>
    <message>
        <source>Set by %1</source>
        <translation>由 %1 设定</translation>
    </message>
    <message>
        <source>More…</source>
        <translation>更多…</translation>
    </message>
    <message>
        <source>The default model was not changed.</source>
        <translation>默认模型未更改。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::TrialPanel</name>
    <message>
        <source>Model of the test message</source>
        <translation>测试消息的模型</translation>
    </message>
    <message>
        <source>Send a test message</source>
        <translation>发送测试消息</translation>
    </message>
    <message>
        <source>Try it with the built-in Echo</source>
        <translation>用内置的 Echo 试一试</translation>
    </message>
    <message>
        <source>One short question. With a paid provider it costs a fraction of a cent.</source>
        <translation>一个简短的问题。使用付费供应商时费用不到一美分。</translation>
    </message>
    <message>
        <source>A provider that needs no key and no network: it answers with what it was asked.</source>
        <translation>无需密钥和网络的供应商：它会原样返回所问的内容。</translation>
    </message>
    <message>
        <source>No channel serves a model yet. Add one later on the page of channels.</source>
        <translation>还没有渠道提供模型。稍后可在渠道页面中添加。</translation>
    </message>
    <message>
        <source>Waiting for the answer…</source>
        <translation>正在等待回答…</translation>
    </message>
    <message>
        <source>(an answer without a text)</source>
        <translation>（回答没有文本）</translation>
    </message>
    <message>
        <source>%1 after %2: %3</source>
        <translation>%1，用时 %2：%3</translation>
    </message>
    <message>
        <source>The gateway could not be reached. %1</source>
        <translation>无法连接网关。%1</translation>
    </message>
    <message>
        <source>HTTP %1. %2</source>
        <translation>HTTP %1。%2</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::UndoStack</name>
    <message>
        <source>The program is shutting down.</source>
        <translation>程序正在关闭。</translation>
    </message>
    <message>
        <source>Undone: %1</source>
        <translation>已撤销：%1</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::UnitField</name>
    <message>
        <source>A value is missing.</source>
        <translation>缺少值。</translation>
    </message>
    <message>
        <source>At least %1.</source>
        <translation>不得小于 %1。</translation>
    </message>
    <message>
        <source>At most %1.</source>
        <translation>不得大于 %1。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::UserBulkDialog</name>
    <message numerus="yes">
        <source>Edit %n users</source>
        <translation>
            <numerusform>编辑 %n 个用户</numerusform>
        </translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Decides which channels serve the users, and at which price factor.</source>
        <translation>决定由哪些渠道为这些用户服务，以及价格倍率。</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message numerus="yes">
        <source>Change %n users</source>
        <translation>
            <numerusform>更改 %n 个用户</numerusform>
        </translation>
    </message>
    <message>
        <source>The role of one of them cannot be changed.</source>
        <translation>其中有用户的角色不能更改。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::UserColumns</name>
    <message>
        <source>Guest</source>
        <translation>访客</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Administrator</source>
        <translation>管理员</translation>
    </message>
    <message>
        <source>Root</source>
        <translation>超级管理员</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Disabled</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>Used up</source>
        <translation>已用尽</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>Cost 30 d</source>
        <translation>30 天费用</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>上次活动</translation>
    </message>
    <message>
        <source>never</source>
        <translation>从未</translation>
    </message>
    <message>
        <source>Email</source>
        <translation>电子邮件</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>ID</source>
        <translation>ID</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>剩余</translation>
    </message>
    <message>
        <source>What may still be spent, in dollars</source>
        <translation>还可花费的金额，以美元计</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::UserCommands</name>
    <message>
        <source>Changed %1</source>
        <translation>更改了 %1</translation>
    </message>
    <message>
        <source>Enabled %1</source>
        <translation>启用了 %1</translation>
    </message>
    <message>
        <source>Disabled %1</source>
        <translation>停用了 %1</translation>
    </message>
    <message>
        <source>Topped up %1 by %2</source>
        <translation>为 %1 充值了 %2</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message numerus="yes">
        <source>Enabled %n users</source>
        <translation>
            <numerusform>启用了 %n 个用户</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Disabled %n users</source>
        <translation>
            <numerusform>停用了 %n 个用户</numerusform>
        </translation>
    </message>
    <message>
        <source>Deleted %1</source>
        <translation>删除了 %1</translation>
    </message>
    <message numerus="yes">
        <source>Deleted %n users</source>
        <translation>
            <numerusform>删除了 %n 个用户</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>There is no such group. There are: %1. “Groups…” makes others.</source>
        <translation>没有这个分组。现有分组：%1。可用“分组…”新建。</translation>
    </message>
    <message numerus="yes">
        <source>Changed %n users</source>
        <translation>
            <numerusform>已更改 %n 个用户</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Topped up %n users by %1</source>
        <translation>
            <numerusform>已为 %n 个用户充值 %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::UserDialog</name>
    <message>
        <source>Edit user</source>
        <translation>编辑用户</translation>
    </message>
    <message>
        <source>Add user</source>
        <translation>添加用户</translation>
    </message>
    <message>
        <source>User name</source>
        <translation>用户名</translation>
    </message>
    <message>
        <source>For signing in to the management API.</source>
        <translation>用于登录管理 API。</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Email</source>
        <translation>电子邮件</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Empty: it stays as it is. A new one signs the user out everywhere.</source>
        <translation>留空则保持不变。设置新密码会使该用户在所有位置退出登录。</translation>
    </message>
    <message>
        <source>Again</source>
        <translation>再次输入</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Decides which channels serve the user, and at which price factor.</source>
        <translation>决定由哪些渠道为该用户服务，以及采用的价格倍率。</translation>
    </message>
    <message>
        <source>In dollars, through all tokens of the user.</source>
        <translation>以美元计，该用户的所有令牌共用。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>A user needs a name.</source>
        <translation>用户需要名称。</translation>
    </message>
    <message>
        <source>The two passwords differ.</source>
        <translation>两次输入的密码不一致。</translation>
    </message>
    <message>
        <source>Groups…</source>
        <translation>分组…</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::UsersPage</name>
    <message>
        <source>&amp;Add user</source>
        <translation>添加用户(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Edit…</source>
        <translation>编辑(&amp;E)…</translation>
    </message>
    <message>
        <source>Show &amp;tokens</source>
        <translation>显示令牌(&amp;T)</translation>
    </message>
    <message>
        <source>Top up by $%1</source>
        <translation>充值 $%1</translation>
    </message>
    <message>
        <source>Enable or &amp;disable</source>
        <translation>启用或停用(&amp;D)</translation>
    </message>
    <message>
        <source>De&amp;lete</source>
        <translation>删除(&amp;L)</translation>
    </message>
    <message>
        <source>Re&amp;fresh</source>
        <translation>刷新(&amp;F)</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Filter, e.g. group:vip cost:&gt;5</source>
        <translation>筛选，例如 group:vip cost:&gt;5</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>No users yet</source>
        <translation>还没有用户</translation>
    </message>
    <message>
        <source>Each user has a budget and tokens of their own.</source>
        <translation>每个用户都有自己的预算和令牌。</translation>
    </message>
    <message numerus="yes">
        <source>%n users</source>
        <translation>
            <numerusform>%n 个用户</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n selected</source>
        <translation>
            <numerusform>已选 %n 项</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 shown</source>
        <translation>显示 %1 / %2 项</translation>
    </message>
    <message>
        <source>No user matches %1.</source>
        <translation>没有符合 %1 的用户。</translation>
    </message>
    <message>
        <source>Added %1</source>
        <translation>添加了 %1</translation>
    </message>
    <message>
        <source>%1 is signed out everywhere.</source>
        <translation>%1 已在所有位置退出登录。</translation>
    </message>
    <message>
        <source>Sign out everywhere</source>
        <translation>在所有位置退出登录</translation>
    </message>
    <message>
        <source>Sign %1 out everywhere?</source>
        <translation>让 %1 在所有位置退出登录？</translation>
    </message>
    <message>
        <source>Vie&amp;w traffic</source>
        <translation>查看流量(&amp;W)</translation>
    </message>
    <message>
        <source>Si&amp;gn out everywhere…</source>
        <translation>在所有位置退出登录(&amp;G)…</translation>
    </message>
    <message>
        <source>All sessions of the user at the management API end, and the access token to it is void; the user has to sign in again. This cannot be undone. The tokens that programs use go on working.</source>
        <translation>该用户在管理 API 上的所有会话都将结束，其访问令牌失效，该用户须重新登录。此操作无法撤销。程序使用的令牌继续有效。</translation>
    </message>
    <message>
        <source>Gro&amp;ups…</source>
        <translation>分组(&amp;U)…</translation>
    </message>
    <message numerus="yes">
        <source>&amp;Edit %n…</source>
        <translation>
            <numerusform>编辑 %n 项(&amp;E)…</numerusform>
        </translation>
    </message>
    <message>
        <source>30 days: %1</source>
        <translation>30 天：%1</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::WebhookBlock</name>
    <message>
        <source>Secret</source>
        <translation>密钥</translation>
    </message>
    <message>
        <source>Secret of the webhook</source>
        <translation>Webhook 密钥</translation>
    </message>
    <message>
        <source>There is one; type to replace it</source>
        <translation>已设置；输入以替换</translation>
    </message>
    <message>
        <source>Save the secret of the webhook</source>
        <translation>保存 Webhook 密钥</translation>
    </message>
    <message>
        <source>Remove the secret of the webhook</source>
        <translation>移除 Webhook 密钥</translation>
    </message>
    <message>
        <source>Each message is signed: X-Gatehouse-Signature holds the HMAC-SHA256 of its body.</source>
        <translation>每条消息都会签名：X-Gatehouse-Signature 为正文的 HMAC-SHA256。</translation>
    </message>
    <message>
        <source>Without one messages are not signed, and anybody can send the like.</source>
        <translation>没有密钥时消息不签名，任何人都可以伪造。</translation>
    </message>
    <message>
        <source>The secret of the webhook was changed.</source>
        <translation>Webhook 密钥已更改。</translation>
    </message>
    <message>
        <source>Save the secret first.</source>
        <translation>请先保存密钥。</translation>
    </message>
    <message>
        <source>%1 took it, with the status %2.</source>
        <translation>%1 已接收，状态码为 %2。</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::Welcome</name>
    <message>
        <source>Welcome to Gatehouse</source>
        <translation>欢迎使用 Gatehouse</translation>
    </message>
    <message>
        <source>Who uses it</source>
        <translation>使用者</translation>
    </message>
    <message>
        <source>Found here</source>
        <translation>本机发现</translation>
    </message>
    <message>
        <source>Who may connect</source>
        <translation>谁可以连接</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Skip set-up</source>
        <translation>跳过设置</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>返回</translation>
    </message>
    <message>
        <source>First token</source>
        <translation>第一个令牌</translation>
    </message>
    <message>
        <source>You can open it again from the menu: Help ▸ Set up again…</source>
        <translation>您可以从菜单再次打开它：帮助 → 重新设置…</translation>
    </message>
    <message>
        <source>Skip the set-up?</source>
        <translation>跳过设置？</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>继续</translation>
    </message>
    <message>
        <source>Discard what you chose?</source>
        <translation>要放弃所做的选择吗？</translation>
    </message>
    <message>
        <source>Nothing of it has been carried out.</source>
        <translation>这些选择都尚未执行。</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::WindowSettings</name>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Changes at once.</source>
        <translation>立即生效。</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Start page</source>
        <translation>起始页</translation>
    </message>
    <message>
        <source>The page that the window opens with.</source>
        <translation>窗口打开时显示的页面。</translation>
    </message>
    <message>
        <source>The one shown last</source>
        <translation>上次显示的页面</translation>
    </message>
    <message>
        <source>Dashboard</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Traffic</source>
        <translation>流量</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>渠道</translation>
    </message>
    <message>
        <source>Models</source>
        <translation>模型</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Who uses it</source>
        <translation>使用者</translation>
    </message>
    <message>
        <source>For one person the page of users stays out of the way. Users that exist keep their tokens and budgets.</source>
        <translation>单人使用时不显示用户页面。已有用户保留其令牌和预算。</translation>
    </message>
    <message>
        <source>Just me</source>
        <translation>仅我自己</translation>
    </message>
    <message>
        <source>Several people</source>
        <translation>多人</translation>
    </message>
    <message>
        <source>Closing the window</source>
        <translation>关闭窗口时</translation>
    </message>
    <message>
        <source>Asks what to do</source>
        <translation>询问如何处理</translation>
    </message>
    <message>
        <source>Keeps the gateway running in the tray</source>
        <translation>网关在托盘中继续运行</translation>
    </message>
    <message>
        <source>Quits Gatehouse</source>
        <translation>退出 Gatehouse</translation>
    </message>
    <message>
        <source>Channel fails</source>
        <translation>渠道失败</translation>
    </message>
    <message>
        <source>A channel is left out because it fails</source>
        <translation>某个渠道因失败被跳过</translation>
    </message>
    <message>
        <source>Channel is back</source>
        <translation>渠道恢复</translation>
    </message>
    <message>
        <source>A channel that failed serves again</source>
        <translation>失败过的渠道恢复服务</translation>
    </message>
    <message>
        <source>Model is down</source>
        <translation>模型不可用</translation>
    </message>
    <message>
        <source>No channel serves a model any more</source>
        <translation>某个模型已没有渠道提供服务</translation>
    </message>
    <message>
        <source>Budget</source>
        <translation>预算</translation>
    </message>
    <message>
        <source>80 % or all of a budget is spent</source>
        <translation>预算已用 80% 或全部用完</translation>
    </message>
    <message>
        <source>Key refused</source>
        <translation>密钥被拒绝</translation>
    </message>
    <message>
        <source>A provider refuses a key</source>
        <translation>供应商拒绝了密钥</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>The gateway has another port or address</source>
        <translation>网关的端口或地址已改变</translation>
    </message>
    <message>
        <source>Backup failed</source>
        <translation>备份失败</translation>
    </message>
    <message>
        <source>A backup that was due could not be made</source>
        <translation>到期的备份未能完成</translation>
    </message>
    <message>
        <source>Still running</source>
        <translation>仍在运行</translation>
    </message>
    <message>
        <source>The gateway goes on without a window</source>
        <translation>没有窗口时网关继续运行</translation>
    </message>
    <message>
        <source>Start hidden</source>
        <translation>隐藏启动</translation>
    </message>
    <message>
        <source>What becomes of the gateway when the window is closed.</source>
        <translation>关闭窗口后网关如何处理。</translation>
    </message>
    <message>
        <source>Minimises the window, the gateway runs on</source>
        <translation>最小化窗口，网关继续运行</translation>
    </message>
    <message>
        <source>Clipboard</source>
        <translation>剪贴板</translation>
    </message>
    <message>
        <source>After this time keys that were copied are taken out of the clipboard, unless something else was copied meanwhile; 0: they stay</source>
        <translation>到时会把复制的密钥从剪贴板中清除，除非期间复制了其他内容；0：一直保留</translation>
    </message>
    <message>
        <source>Time format</source>
        <translation>时间格式</translation>
    </message>
    <message>
        <source>Of times of day. Changes at once.</source>
        <translation>用于显示时刻。立即生效。</translation>
    </message>
    <message>
        <source>24 hours (18:30)</source>
        <translation>24 小时制（18:30）</translation>
    </message>
    <message>
        <source>12 hours (6:30 PM)</source>
        <translation>12 小时制（下午6:30）</translation>
    </message>
    <message>
        <source>Units</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Of sizes. Changes at once.</source>
        <translation>用于显示大小。立即生效。</translation>
    </message>
    <message>
        <source>KiB, MiB, GiB (of 1024)</source>
        <translation>KiB、MiB、GiB（1024 进制）</translation>
    </message>
    <message>
        <source>kB, MB, GB (of 1000)</source>
        <translation>kB、MB、GB（1000 进制）</translation>
    </message>
    <message>
        <source>Lock the window after</source>
        <translation>自动锁定窗口</translation>
    </message>
    <message>
        <source>When nobody has used a window of Gatehouse for so long, it asks for the password of the administrator, and so does each start; the gateway goes on.</source>
        <translation>在此时间内无人使用 Gatehouse 的窗口时，窗口会要求输入管理员密码，每次启动时也是如此；网关继续运行。</translation>
    </message>
    <message>
        <source>A start at login shows no window</source>
        <translation>登录时启动不显示窗口</translation>
    </message>
    <message>
        <source>Keep awake</source>
        <translation>保持唤醒</translation>
    </message>
    <message>
        <source>While answers run, the computer does not go to sleep by itself</source>
        <translation>有响应正在进行时，计算机不会自动进入睡眠</translation>
    </message>
</context>
<context>
    <name>gatehouse::ui::WizardStep</name>
    <message>
        <source>Continue</source>
        <translation>继续</translation>
    </message>
</context>
</TS>
