#!/usr/bin/env python3
"""Refuses texts of the window that are not translated, and ones whose placeholders differ; in Chinese also
those that name a thing by another word than the rest, or that are set as no Chinese reader expects.

A copy of the translation is brought in line with the sources, so that a text that was added or changed
without its translation is found too.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "resources/translations"
# English is the source: its file holds the forms of the plurals alone.
FILES = {FOLDER / "gatehouse_zh_CN.ts": [], FOLDER / "gatehouse_en.ts": ["-pluralonly"]}

# What desktops show of the program, in Chinese, too.
DESKTOP_FILES = [
    ROOT / "packaging/linux/org.gatehouse.Gatehouse.desktop",
    ROOT / "packaging/linux/org.gatehouse.Gatehouse.metainfo.xml",
]

# Where the sentences of core are looked for.
MESSAGES = "gatehouse::base::Message"

CHINESE = "zh_CN"

# One word for each thing: a text in which the English word stands has one of the Chinese ones.
WORDS = {
    "affinity": "亲和",
    "backups?": "备份",
    "breaker": "熔断",
    "budgets?": "预算",
    "certificates?": "证书",
    "channels?": "渠道",
    "factor|multiplier": "倍率",
    "fallback": "故障转移",
    "gateway": "网关",
    "groups?": "分组",
    "heads? and bod(?:y|ies)": "头部和正文",
    "keychain": "钥匙串",
    "listener": "监听",
    "models?": "模型",
    "passphrase": "密码短语",
    "prices?": "价",
    "prompts?": "提示词",
    "providers?": "供应商",
    "quotas?": "额度",
    "relay": "转发",
    "restored?": "还原",
    "sessions?": "会话",
    "tokens?": "令牌|词元",
    "traces": "链路追踪",
}

# Words that other programs, or this one before, had for the same things.
OTHER_WORDS = {
    "服务商|提供商": "供应商",
    "通道|频道": "渠道",
    "配额|限额": "额度",
    "系数": "倍率",
    "(?<![分数])组(?![织成件])": "分组",
    "中继(?!续)": "转发",
    "断路": "熔断",
    "粘性|粘滞": "亲和",
    "休息": "冷却",
    "禁用": "停用",
    "应答": "响应",
    "仪表盘": "概览",
    "筛选器": "筛选",
    "封存": "加密",
    "请求体": "请求正文",
    "标头": "请求头",
    "这台计算机|此计算机": "本机",
    "本地网络": "局域网",
    "首词元": "首个词元",
    "账号": "账户",
    "图像": "图片",
    "不限制|无限制": "不限",
    "不收费|不产生费用|不计费用": "免费",
    "恢复.{0,3}备份|备份.{0,3}恢复": "还原",
    "忘记(?:此|使用|令牌)": "清除",
}

HAN = "[\u4e00-\u9fff]"

# What a Chinese text may not hold, beside the placeholders, keys of menus and patterns of file names in it.
SETTING = {
    f"{HAN}[,;:!?]|[,;:!?]{HAN}|{HAN}\\.(?!\\w)": "a half-width mark beside Chinese",
    f"\\({HAN}|{HAN}\\)|{HAN}\\((?!&|\\*)": "half-width brackets beside Chinese",
    f"{HAN}[A-Za-z]|[A-Za-z]{HAN}|(?<![上下]午)(?<={HAN})\\d|\\d{HAN}": "no space between Latin and Chinese",
    "[，。：；！？、（）“”] | [，。：；！？、（）]": "a space beside a full-width mark",
}


def lupdate():
    """Qt 6's own; on Debian the one in PATH may be a switch that leads to Qt 5."""
    own = pathlib.Path("/usr/lib/qt6/bin/lupdate")
    return str(own) if own.exists() else "lupdate"


def updated_copy(file, options, directory):
    copy = pathlib.Path(directory) / file.name
    shutil.copy(file, copy)
    folders = [str(ROOT / each) for each in ("ui", "app", "core")]
    subprocess.run(
        [lupdate(), "-silent", "-no-obsolete", "-locations", "none", *options, *folders, "-ts", str(copy)],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return copy


def texts_of(translation):
    forms = translation.findall("numerusform")
    return [form.text or "" for form in forms] if forms else [translation.text or ""]


# Whether `source` is a sample to be copied, or a form of dates, rather than a text in words.
def is_pattern(source):
    return bool(re.fullmatch(r"[dMyHhmsAP ,:]+", source))


def prose(source):
    """The text without what stands for itself: names of settings, paths, addresses, filters, quoted words."""
    return re.sub(r'\S*[/_=@*]\S*|\b[\w-]+[:.][\w<>*]\S*|"[^"]*"', " ", source)


def other_words(text):
    for other, wanted in OTHER_WORDS.items():
        if re.search(other, text):
            yield f"another word than {wanted}"


def chinese_faults(source, text):
    words = prose(source)
    for english, chinese in WORDS.items():
        if re.search(rf"\b(?:{english})\b", words, re.IGNORECASE) and not re.search(chinese, text):
            yield f"a text of {english!r} without {chinese}"
    yield from other_words(text)
    if is_pattern(source):
        return
    plain = re.sub(r"https?://\S+|socks5://\S+|(?<=\n) +", "", text)
    plain = re.sub(r"%(?:\d|n)", "%", plain)
    for pattern, fault in SETTING.items():
        if re.search(pattern, plain):
            yield fault


def faults(path):
    is_chinese = CHINESE in path.name
    for context in ElementTree.parse(path).getroot().findall("context"):
        name = context.findtext("name")
        if name.endswith("Message") and MESSAGES.endswith(name) and name != MESSAGES:
            yield f"{name}: lupdate took the texts for those of another class than {MESSAGES}"
        for message in context.findall("message"):
            source = message.findtext("source") or ""
            translation = message.find("translation")
            if translation.get("type") is not None or not all(texts_of(translation)):
                yield f"{name}: not translated: {source!r}"
                continue
            wanted = set(re.findall(r"%(?:\d|n)", source)) - {"%n"}
            for text in texts_of(translation):
                if set(re.findall(r"%(?:\d|n)", text)) - {"%n"} != wanted:
                    yield f"{name}: other placeholders: {source!r} -> {text!r}"
                if is_chinese:
                    for fault in chinese_faults(source, text):
                        yield f"{name}: {fault}: {source!r} -> {text!r}"


def main():
    with tempfile.TemporaryDirectory() as directory:
        found = [
            f"{file.name}: {fault}"
            for file, options in FILES.items()
            for fault in faults(updated_copy(file, options, directory))
        ]
    found += [
        f"{file.name}: {fault}: {line.strip()!r}"
        for file in DESKTOP_FILES
        for line in file.read_text(encoding="utf-8").splitlines()
        for fault in other_words(line)
    ]
    for fault in found:
        print(fault)
    print(f"{len(found)} faults")
    return 1 if found else 0


sys.exit(main())
