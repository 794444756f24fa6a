"""The demo's processes under supervisord, which starts again what dies."""

import sys
from dataclasses import dataclass
from pathlib import Path

ACCESS_LOG = "%(t)s %(m)s %(U)s %(s)s %(B)s %(M)sms"  # no addresses, no queries, no agents
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Program:
    """One process. Lower ranks start earlier and stop later."""

    name: str
    command: tuple[str, ...]
    rank: int
    stop_by: str = "TERM"
    at_once: bool = False  # else started when the database is ready


def programs(data: Path, port: int, *, own_carrier: bool, workers: int = 2) -> list[Program]:
    """Everything that runs, in the order of its start."""
    python = sys.executable
    part = (python, "-m", "hotline.embedded.run")
    gunicorn = (
        *part, "with-parent", python, "-m", "gunicorn", "--worker-class", "gthread", "--no-control-socket",
        "--graceful-timeout", "10", "--access-logfile", "-", "--access-logformat", ACCESS_LOG,
    )  # fmt: skip
    made = [
        Program("postgres", (*part, "postgres", str(data / "postgres")), 1, stop_by="INT", at_once=True),
        Program("valkey", (*part, "valkey", str(data / "valkey")), 2, at_once=True),
        Program("web", (*gunicorn, "--workers", "2", "--threads", "16", "--bind", f"127.0.0.1:{port}", "wsgi:app"), 30),
        *(Program(f"worker{n}", (*part, "with-parent", python, "-m", "workers.work"), 40) for n in range(workers)),
        Program("sweep", (*part, "with-parent", python, "-m", "workers.sweep"), 40),
    ]  # fmt: skip
    if own_carrier:
        carrier = ("--workers", "1", "--threads", "64", "--bind", f"127.0.0.1:{port + 1}")
        made.append(Program("carrier", (*gunicorn, *carrier, "hotline.rehearsal.app:create_app()"), 20))
    return made


def write_config(folder: Path, socket: Path, programs: list[Program]) -> Path:
    """supervisord's configuration; the answer is its file."""
    logs = folder / "logs"
    logs.mkdir(exist_ok=True)
    parts = [
        f"[supervisord]\nnodaemon=true\nsilent=true\npidfile={folder}/supervisord.pid\n"
        f"logfile={logs}/supervisord.log\nlogfile_maxbytes=1MB\nlogfile_backups=1\nloglevel=warn\n",
        f"[unix_http_server]\nfile={socket}\nchmod=0700\n",
        "[rpcinterface:supervisor]\n"
        "supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface\n",
        *(_section(program, logs) for program in programs),
    ]
    path = folder / "supervisord.conf"
    path.write_text("\n".join(parts))
    return path


def _section(program: Program, logs: Path) -> str:
    command = " ".join(_quoted(word) for word in program.command)
    return (
        f"[program:{program.name}]\ncommand={command}\ndirectory={ROOT}\npriority={program.rank}\n"
        f"autostart={'true' if program.at_once else 'false'}\nautorestart=true\nstartsecs=1\nstartretries=20\n"
        f"stopsignal={program.stop_by}\nstopwaitsecs=20\nstdout_logfile={logs}/{program.name}.log\n"
        "stdout_logfile_maxbytes=5MB\nstdout_logfile_backups=1\nredirect_stderr=true\n"
    )


def _quoted(word: str) -> str:
    escaped = word.replace("%", "%%").replace('"', '\\"')
    return f'"{escaped}"' if any(sign in word for sign in " ;%()") else escaped
