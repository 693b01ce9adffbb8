"""One table of figures, with ratios to nginx and the targets that they are held against."""


class Table:
    def __init__(self):
        self._rows = []

    def compare(self, what, figures, key, limit=None):
        """`limit`: how many times nginx's figure is allowed."""
        nginx = figures["nginx"][key]
        own = figures.get("gatehouse", {}).get(key)
        ratio = own / nginx if own is not None and nginx else None
        met = None if limit is None or ratio is None else ratio <= limit
        target = "" if limit is None else f"≤ {limit:g} ×"
        self._rows.append((what, nginx, own, ratio, target, met))
        if "beside" in figures:
            other = figures["beside"][key]
            self._rows.append((f"  the other build: {what}", nginx, other,
                               other / nginx if nginx else None, "", None))

    def limit(self, what, value, limit):
        met = None if limit is None else value <= limit
        self._rows.append((what, None, value, None, "" if limit is None else f"≤ {limit:g}", met))

    def note(self, what, value):
        self._rows.append((what, None, value, None, "", None))

    def failures(self, what, figures):
        """Adds a row only if something failed."""
        if any(each["failed"] for each in figures.values()):
            own = figures.get("gatehouse", {}).get("failed")
            self._rows.append((f"FAILED, {what}", figures["nginx"]["failed"], own, None, "0",
                               False))

    def missed(self):
        return any(row[5] is False for row in self._rows)

    def values(self):
        names = ("what", "nginx", "gatehouse", "ratio", "target", "met")
        return [dict(zip(names, row)) for row in self._rows]

    def text(self):
        def number(value):
            if value is None:
                return ""
            return f"{value:.2f}" if abs(value) < 100 else f"{value:.0f}"

        verdicts = {None: "", True: "met", False: "MISSED"}
        lines = [("", "nginx", "gatehouse", "ratio", "target", "")]
        for what, nginx, own, ratio, target, met in self._rows:
            lines.append((what, number(nginx), number(own), number(ratio), target, verdicts[met]))
        widths = [max(len(line[column]) for line in lines) for column in range(6)]
        return "\n".join(
            line[0].ljust(widths[0]) + "".join(
                "  " + cell.rjust(width) for cell, width in zip(line[1:], widths[1:]))
            for line in lines)
