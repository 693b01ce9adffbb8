"""What Linux tells of a running process."""

import os

TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """The processor time that it has used so far, with that of its threads."""
    with open(f"/proc/{pid}/stat", encoding="utf-8", errors="replace") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def resident_bytes(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGESIZE")


def limited_to_files(count):
    """The words before a command that let it open that many files, and never more."""
    return ["sh", "-c", f'ulimit -n {count} && exec "$@"', "sh"]


def connections_to(address):
    """How many TCP connections of this machine go there, or try to."""
    number = "".join(f"{int(part):02X}" for part in reversed(address.split(".")))
    count = 0
    for path in ("/proc/net/tcp", "/proc/net/tcp6"):
        if os.path.exists(path):
            with open(path, encoding="ascii") as file:
                count += sum(line.split()[2].split(":")[0].endswith(number) for line in list(file)[1:])
    return count
