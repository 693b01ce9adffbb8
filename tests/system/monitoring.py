"""The dashboard and the alerts that are shipped name no metric that the program does not tell."""

import json
import pathlib
import re
import urllib.request

from support import Program, check, main, same

MONITORING = pathlib.Path(__file__).resolve().parents[2] / "packaging" / "monitoring"
TOKEN = "of-the-metrics"
SUFFIXES = {"counter": ("",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}
METRIC = re.compile(r"\b(?:gatehouse|process)_[a-z0-9_]+")


def exposed_by(program):
    """The names of all samples that may come, whether there are some yet or not."""
    request = urllib.request.Request(f"http://127.0.0.1:{program.port}/metrics",
                                     headers={"Authorization": f"Bearer {TOKEN}"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        text = answer.read().decode()
    names = set()
    for name, kind in re.findall(r"^# TYPE (\S+) (\S+)$", text, re.MULTILINE):
        check(f"# HELP {name} " in text, f"{name} is not explained")
        names.update(name + suffix for suffix in SUFFIXES[kind])
    return names


def expressions_of_dashboard():
    dashboard = json.loads((MONITORING / "gatehouse-dashboard.json").read_text("utf-8"))
    panels = dashboard["panels"]
    same(len({panel["id"] for panel in panels}), len(panels), "panels with an id of their own")
    for panel in panels:
        check(panel["title"] and panel["targets"], f"a panel is empty: {panel['id']}")
        for target in panel["targets"]:
            yield target["expr"]
    for variable in dashboard["templating"]["list"]:
        if variable["type"] == "query":
            yield variable["definition"]


def expressions_of_alerts():
    """Without a reader of YAML: an expression goes on while its lines are further in."""
    rules = re.split(r"^ *- alert: ", (MONITORING / "gatehouse-alerts.yml").read_text("utf-8"),
                     flags=re.MULTILINE)[1:]
    same(len(rules), 6, "alerts")
    names = [rule.split("\n", 1)[0] for rule in rules]
    same(len(set(names)), len(names), "alerts with a name of their own")
    for name, rule in zip(names, rules):
        for part in ("severity:", "summary:", "description:", "for:"):
            check(part in rule, f"{name} has no {part}")
        found = re.search(r"^( *)expr: (.*\n(?:\1 +.*\n)*)", rule, re.MULTILINE)
        check(found, f"{name} has no expression")
        yield found.group(2)


def test(path):
    environment = {"GATEHOUSE_INTEGRATIONS_METRICS": "true", "GATEHOUSE_METRICS_TOKEN": TOKEN}
    with Program(path, environment) as program:
        program.start()
        exposed = exposed_by(program)
        same(program.stop(), 0, "the exit code")
    # The system tells these, and not each one does.
    exposed.update(("process_cpu_seconds_total", "process_resident_memory_bytes",
                    "process_open_fds", "process_max_fds"))
    for expression in (*expressions_of_dashboard(), *expressions_of_alerts()):
        named = set(METRIC.findall(expression))
        check(named, f"{expression} names no metric")
        same(named - exposed, set(), f"what is not told of {expression!r}")
        same(expression.count("("), expression.count(")"), f"brackets of {expression!r}")


main(test)
