#!/usr/bin/env python3
"""Refuses texts of the window that are not translated, and ones whose placeholders differ.

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

# Where the sentences of core are looked for.
MESSAGES = "gatehouse::base::Message"


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


def faults(path):
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


def main():
    with tempfile.TemporaryDirectory() as directory:
        found = [
            f"{file.name}: {fault}"
            for file, options in FILES.items()
            for fault in faults(updated_copy(file, options, directory))
        ]
    for fault in found:
        print(fault)
    print(f"{len(found)} faults")
    return 1 if found else 0


sys.exit(main())
