"""What a desktop and a service manager are told of the program: the installed files, checked by the
tools of the formats where those are installed."""

import configparser
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

from support import Failure, check, main, same

ROOT = pathlib.Path(__file__).resolve().parents[2]
APPLICATION = "org.gatehouse.Gatehouse"
SIDES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def run(*command, **options):
    found = subprocess.run(command, capture_output=True, text=True, timeout=120, **options)
    if found.returncode != 0:
        raise Failure(f"{' '.join(map(str, command))}:\n{found.stdout}{found.stderr}")
    return found.stdout


def has(tool):
    if shutil.which(tool):
        return True
    print(f"  {tool} is not installed; what it checks is left out")
    return False


def test_desktop_file(share):
    path = share / "applications" / f"{APPLICATION}.desktop"
    if has("desktop-file-validate"):
        # Its one hint is that there are two main categories, which are meant.
        same(run("desktop-file-validate", "--no-hints", path).strip(), "", "desktop-file-validate")
    entry = configparser.ConfigParser(interpolation=None, strict=True, delimiters=("=",))
    entry.optionxform = str
    entry.read(path, encoding="utf-8")
    main = entry["Desktop Entry"]
    same(main["Icon"], APPLICATION, "the icon")
    same(main["Exec"], "gatehouse %u", "what opens a link")
    same(main["Categories"], "Network;Development;Qt;", "where menus show it")
    same(main["MimeType"], "x-scheme-handler/gatehouse;", "what it opens")
    for action in filter(None, main.get("Actions", "").split(";")):
        group = entry[f"Desktop Action {action}"]
        check(group["Name"] and group["Name[zh_CN]"], f"{action} has no name")
    for section in entry.sections():
        for key in ("Name", "GenericName", "Comment", "Keywords"):
            if key in entry[section] and (section, key) != ("Desktop Entry", "Name"):
                check(f"{key}[zh_CN]" in entry[section], f"{section}: {key} is not translated")


def test_metainfo(share):
    path = share / "metainfo" / f"{APPLICATION}.metainfo.xml"
    if has("appstreamcli"):
        run("appstreamcli", "validate", "--pedantic", "--no-net", path)
    component = xml.etree.ElementTree.parse(path).getroot()
    same(component.findtext("id"), APPLICATION, "the id")
    same(component.findtext("launchable"), f"{APPLICATION}.desktop", "what is launched")
    versions = [release.get("version") for release in component.iter("release")]
    project = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    check(f"VERSION {versions[0]} " in project, f"the newest release is {versions[0]}")


def test_icons(share):
    theme = share / "icons" / "hicolor"
    for side in SIDES:
        data = (theme / f"{side}x{side}" / "apps" / f"{APPLICATION}.png").read_bytes()
        same(data[:8], b"\x89PNG\r\n\x1a\n", f"the icon of {side} pixels")
        same(struct.unpack(">II", data[16:24]), (side, side), f"the icon of {side} pixels")
    for name in ("scalable/apps/%s.svg", "symbolic/apps/%s-symbolic.svg"):
        root = xml.etree.ElementTree.parse(theme / (name % APPLICATION)).getroot()
        check(root.tag.endswith("svg"), f"{name} is no SVG")


def test_collected_icons(directory):
    icons = ROOT / "resources" / "icons" / "app"
    for suffix, magic in ((".ico", b"\x00\x00\x01\x00\x07\x00"), (".icns", b"icns")):
        target = directory / f"gatehouse{suffix}"
        run(sys.executable, "-B", ROOT / "packaging" / "make-icons.py", icons, target)
        data = target.read_bytes()
        check(data.startswith(magic), f"{target.name} begins with {data[:8]!r}")
        if suffix == ".icns":
            same(struct.unpack(">I", data[4:8])[0], len(data), "the length of the .icns")


def test_units(prefix, directory):
    """Units name the program without its directory; for the check there is one where they look."""
    if not has("systemd-analyze"):
        return
    for kind in ("user", "system"):
        unit = (prefix / "lib" / "systemd" / kind / "gatehouse.service").read_text("utf-8")
        check("\nExecStart=gatehouse serve\n" in unit, f"the {kind} unit starts something else")
        check("\nExecReload=gatehouse reload\n" in unit, f"the {kind} unit reloads otherwise")
        check("\nType=notify\n" in unit, f"the {kind} unit does not wait for READY")
        # The manual is not installed here, and an absolute path is what a check can follow.
        for what in ("ExecStart", "ExecReload"):
            unit = unit.replace(f"{what}=gatehouse", f"{what}={prefix}/bin/gatehouse")
        unit = unit.replace("Documentation=man:gatehouse(1)\n", "")
        copy = directory / kind / "gatehouse.service"
        copy.parent.mkdir()
        copy.write_text(unit, "utf-8")
        scope = ["--user"] if kind == "user" else []
        found = subprocess.run(["systemd-analyze", *scope, "verify", copy], capture_output=True,
                               text=True, timeout=60,
                               env={**os.environ, "XDG_RUNTIME_DIR": str(directory)})
        complaints = [line for line in found.stderr.splitlines() if "gatehouse.service" in line]
        same(complaints, [], f"systemd-analyze verify of the {kind} unit")


def test_manual(share):
    page = share / "man" / "man1" / "gatehouse.1.gz"
    if has("man"):
        found = subprocess.run(["man", "--warnings", "-l", page], capture_output=True, text=True,
                               timeout=60, env={**os.environ, "MANPAGER": "cat", "LC_ALL": "C"})
        same(found.stderr.strip(), "", "warnings of man")
        check("one address for every language model" in found.stdout, "the page is empty")


def test_completion(share):
    completion = share / "bash-completion" / "completions" / "gatehouse"
    script = f"""
        source {completion}
        COMP_WORDS=(gatehouse "$1" "$2"); COMP_CWORD=${{3}}
        _gatehouse; printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    for words, position, expected in ((("se", ""), 1, "serve"), (("serve", "--li"), 2, "--listen"),
                                      (("channel", "te"), 2, "test"),
                                      (("stats", "--si"), 2, "--since"), (("--by", "tok"), 2, "token"),
                                      (("completion", "fi"), 2, "fish"),
                                      (("--log-format", "j"), 2, "json")):
        found = run("bash", "-c", script, "bash", *words, str(position)).split()
        same(found, [expected], f"completion of {words}")
    for shell, path in (("zsh", share / "zsh" / "vendor-completions" / "_gatehouse"),
                        ("fish", share / "fish" / "vendor_completions.d" / "gatehouse.fish")):
        check("doctor" in path.read_text("utf-8"), f"the completion of {shell} knows no doctor")
        if has(shell):
            run(shell, "-n", path)


def test_licences():
    """Every licence that files are said to be under has its text."""
    named = set(re.findall(r'^SPDX-License-Identifier = "([^"]+)"',
                           (ROOT / "REUSE.toml").read_text("utf-8"), re.MULTILINE))
    same({path.stem for path in (ROOT / "LICENSES").iterdir()}, named, "the texts of licences")
    same((ROOT / "LICENSES" / "GPL-3.0-or-later.txt").read_bytes(), (ROOT / "LICENSE").read_bytes(),
         "the licence of the program")
    if has("reuse"):
        run("reuse", "--root", ROOT, "lint")


def test_monitoring(share):
    for name in ("gatehouse-alerts.yml", "gatehouse-dashboard.json"):
        installed = share / "gatehouse" / "monitoring" / name
        check(installed.is_file(), f"{name} is not installed")


def test(program, build):
    test_licences()
    with tempfile.TemporaryDirectory(prefix="gatehouse-packaging-") as name:
        directory = pathlib.Path(name)
        prefix = directory / "usr"
        run("cmake", "--install", build, "--prefix", prefix)
        found = run(prefix / "bin" / "gatehouse", "--version")
        same(found, run(program, "--version"), "--version once installed")
        share = prefix / "share"
        test_manual(share)
        test_completion(share)
        test_units(prefix, directory)
        test_monitoring(share)
        if (share / "applications").exists():
            test_desktop_file(share)
            test_metainfo(share)
            test_icons(share)
            test_collected_icons(directory)


main(test)
