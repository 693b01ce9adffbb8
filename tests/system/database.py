"""A database that is damaged, foreign, not writable, in use, of a newer program, or on a full disk: the
program says so, ends with 69, and leaves the file as it is."""

import hashlib
import os
import resource
import shutil
import sqlite3
import stat
import subprocess
import sys

from support import Management, Program, check, main, same

UNAVAILABLE = 69
NOBODY = "65534"


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def put(path, data):
    """The file alone, without a journal beside it."""
    for suffix in ("-wal", "-shm"):
        if os.path.exists(path + suffix):
            os.remove(path + suffix)
    with open(path, "wb") as file:
        file.write(data)


def digest(path):
    """Of the database with its journal: what SQLite keeps of it."""
    journal = path + "-wal"
    parts = contents(path) + (contents(journal) if os.path.exists(journal) else b"")
    return hashlib.sha256(parts).hexdigest()


def refuses(program, file, what, *words, **more):
    before = digest(file)
    code, text = program.fail_to_start(**more)
    same(code, UNAVAILABLE, f"the exit code, {what}: {text[-800:]}")
    check(file in text, f"{what}: the message does not name the file: {text[-800:]}")
    for word in words:
        check(word in text, f"{what}: the message does not say {word!r}: {text[-800:]}")
    same(digest(file), before, f"the database, {what}")


def damaged(program, file):
    good = contents(file)
    size = len(good)
    for what, bad in (("a header that is not SQLite's", b"x" * 100 + good[100:]),
                      ("an empty file", b""),
                      ("a file that was cut off", good[:size // 2]),
                      ("pages that were overwritten", good[:4096] + b"\xa5" * (size - 4096))):
        put(file, bad)
        refuses(program, file, what, "damaged")
    put(file, b"")
    with sqlite3.connect(file) as other:
        other.execute("CREATE TABLE cats (name TEXT)")
    other.close()
    refuses(program, file, "a database of another program", "not one of Gatehouse")
    put(file, good)


def of_a_newer_program(program, file):
    good = contents(file)
    connection = sqlite3.connect(file)
    columns = [row[1] for row in connection.execute("PRAGMA table_info(schema_migrations)")]
    newest = dict(zip(columns, connection.execute(
        "SELECT * FROM schema_migrations ORDER BY number DESC LIMIT 1").fetchone()))
    newest["number"] += 1
    newest = {name: value for name, value in newest.items() if value is not None}
    connection.execute(f"INSERT INTO schema_migrations ({', '.join(newest)}) "
                       f"VALUES ({', '.join('?' * len(newest))})", list(newest.values()))
    connection.commit()
    connection.close()
    refuses(program, file, "a newer schema", "newer version")
    put(file, good)


# In a process of its own: a process loses its locks on a file when it closes it anywhere.
LOCK = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA locking_mode = EXCLUSIVE")
connection.execute("BEGIN EXCLUSIVE")
connection.execute("SELECT count(*) FROM users").fetchone()
print("locked", flush=True)
sys.stdin.read()
"""


def in_use(program, file):
    with subprocess.Popen([sys.executable, "-c", LOCK, file], stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as other:
        same(other.stdout.readline(), "locked\n", "what the other program says")
        refuses(program, file, "a file that another program uses", "another program")
        other.stdin.close()


def as_nobody(program):
    """The words before a command that take root's rights away; the files are nobody's then."""
    if os.geteuid() != 0:
        return []
    for folder, _, names in os.walk(program.root):
        for path in [folder] + [os.path.join(folder, name) for name in names]:
            os.chown(path, int(NOBODY), int(NOBODY))
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def not_writable(program, file):
    # Where it was built, nobody may not be allowed to look.
    program.path = shutil.copy(program.path, program.root)
    wrapper = as_nobody(program)
    for path, mode, what in ((file, 0o400, "a file that must not be written"),
                             (file, 0o000, "a file that must not be read")):
        before = stat.S_IMODE(os.stat(path).st_mode)
        os.chmod(path, mode)
        refuses(program, file, what, "permissions", wrapper=wrapper)
        same(stat.S_IMODE(os.stat(path).st_mode), mode, f"its mode, {what}")
        os.chmod(path, before)


def too_large():
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, 64 * 1024))


def full_at_the_first_start(path):
    """Nothing may be left that a later start would take for a database."""
    with Program(path) as program:
        # The signal is ignored, as Python does, so that writing fails as on a full disk.
        code, text = program.fail_to_start(preexec_fn=too_large, restore_signals=False)
        check(code in (1, UNAVAILABLE), f"a full disk at the first start ends with {code}: {text}")
        check(text.strip(), "a full disk is refused without a word")
        program.start()
        person = Management(program)
        person.sign_in()
        same(program.stop(), 0, "the exit code once there is room")


# Runs inside a mount namespace of its own: FOLDER becomes a small disk with a copy of the data.
FILL = """
set -e
mount -t tmpfs -o size="$1" none "$2"
cp -a "$3/." "$2"
cat /dev/zero >"$2/ballast" 2>/dev/null || true
before=$(sha256sum <"$2/gatehouse.db")
shift 3
code=0
"$@" || code=$?
after=$(sha256sum <"$FOLDER/gatehouse.db")
[ "$before" = "$after" ] || { echo "the database was changed" >&2; exit 99; }
exit $code
"""


def full_later(program, file):
    """With a real small disk, where the system lets a test mount one."""
    folder = os.path.join(program.root, "small")
    os.mkdir(folder, 0o700)
    probe = subprocess.run(["unshare", "--mount", "mount", "-t", "tmpfs", "none", folder],
                           capture_output=True, check=False)
    if probe.returncode != 0:
        print("no file system can be mounted here: the full disk is one with a limit on files")
        limit = os.path.getsize(file)
        refuses(program, file, "a full disk", restore_signals=False,
                preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)))
        return
    size = str(sum(os.path.getsize(os.path.join(program.data, name))
                   for name in os.listdir(program.data)) + 128 * 1024)
    data = program.data
    program.data = folder
    program.environment["FOLDER"] = folder
    wrapper = ["unshare", "--mount", "sh", "-c", FILL, "sh", size, folder, data]
    code, text = program.fail_to_start(wrapper=wrapper)
    program.data = data
    same(code, UNAVAILABLE, f"the exit code on a full disk: {text[-800:]}")
    check("no room left" in text, f"the message does not say that the disk is full: {text[-800:]}")


def test(path):
    full_at_the_first_start(path)
    with Program(path) as program:
        program.start()
        person = Management(program)
        person.sign_in()
        person.add_token("kept")
        same(program.stop(), 0, "the exit code")
        file = program.database()
        same(os.path.basename(file), "gatehouse.db", "the name of the database")
        journal = file + "-wal"
        check(not os.path.exists(journal) or os.path.getsize(journal) == 0,
              "the database without its journal is not whole after a stop")
        damaged(program, file)
        of_a_newer_program(program, file)
        in_use(program, file)
        full_later(program, file)
        # After all that the data is what it was.
        program.start()
        check(person.is_signed_in(), "the session is not valid any more")
        person.token("kept")
        same(program.stop(), 0, "the exit code")
        not_writable(program, file)


main(test)
