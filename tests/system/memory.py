"""The memory of the program, in which all keys lie open, is for nobody else: no other program of the same
person can read it, and a crash leaves no image of it."""

import os
import resource
import shutil
import signal
import stat
import subprocess
import sys

from support import Management, Program, check, main, same

NOBODY = 65534
READ = "import sys; open(f'/proc/{sys.argv[1]}/mem', 'rb').close()"


def as_somebody(program):
    """The words before a command that make it an ordinary person's. Root may read everything."""
    if os.geteuid() != 0:
        return []
    # Where it was built, nobody may not be allowed to look.
    program.path = shutil.copy(program.path, program.root)
    os.chmod(program.path, 0o755)
    for folder, _, names in os.walk(program.root):
        for path in [folder] + [os.path.join(folder, name) for name in names]:
            os.chown(path, NOBODY, NOBODY)
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def can_read(somebody, pid):
    found = subprocess.run([*somebody, sys.executable, "-c", READ, str(pid)], capture_output=True,
                           text=True, check=False)
    check(found.returncode == 0 or "PermissionError" in found.stderr, f"the reader: {found.stderr}")
    return found.returncode == 0


def ends_with_image(process):
    """Whether the system made one, wherever its pattern has them go."""
    process.send_signal(signal.SIGSEGV)
    _, status = os.waitpid(process.pid, 0)
    process.returncode = -os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    same(process.returncode, -signal.SIGSEGV, "how a crash ends")
    return os.WCOREDUMP(status)


def test(path):
    # Both would be readable, and leave an image, but for what the program does about it.
    _, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))
    with Program(path) as program:
        somebody = as_somebody(program)
        program.wrapper = somebody
        os.chdir(program.root)
        other = subprocess.Popen([*somebody, "sleep", "600"])
        program.start()
        pid = program.process.pid
        Management(program).sign_in()

        # The files of a process that may be looked at are its person's own, all others root's.
        same(os.stat(f"/proc/{pid}/mem").st_uid, 0, "the owner of its memory")
        check(not can_read(somebody, pid), "its memory can be read by others of the same person")
        if not can_read(somebody, other.pid):
            print("no process may be looked at here")
        with open(f"/proc/{pid}/limits", encoding="ascii") as file:
            limit = next(line for line in file if line.startswith("Max core file size"))
        same(limit.split()[4:6], ["0", "0"], "the largest image of a crash")
        for folder, _, names in os.walk(program.data):
            for name in names:
                mode = os.lstat(os.path.join(folder, name)).st_mode
                check(not stat.S_IMODE(mode) & 0o077, f"others may look at {name}")

        if not ends_with_image(other):
            print("no crash leaves an image here")
        before = set(os.listdir(program.root))
        check(not ends_with_image(program.process), "a crash leaves an image")
        same(sorted(set(os.listdir(program.root)) - before), [], "what a crash leaves")
        os.chdir("/")


main(test)
