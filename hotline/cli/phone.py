"""`hotline phone`: the rehearsal telephone in the terminal."""

import os
import select
import threading
import time
from pathlib import Path

import click

from hotline.cli._settings import known_settings
from hotline.rehearsal.client import Phone, PhoneError

TYPED = 0  # standard input
HELP = "keys (such as 1 or 12#) · say FILE · hang (hang up)"


@click.command()
@click.argument("line", default="+6620000142")
@click.option(
    "--from", "from_", default="+66812345601", show_default=True, help="Your number; `withheld` hides it."
)
@click.option("--text", default="", help="Send this text instead of calling, and show the thread.")
def phone(line: str, from_: str, text: str) -> None:
    """Call LINE and talk to it by keys: what is played is shown in words."""
    settings = known_settings()
    if not settings.rehearsal:
        raise click.ClickException("This hotline has a real carrier: use a real telephone.")
    caller = "+266696687" if from_ == "withheld" else from_
    carrier = Phone(settings.twilio_api_url)
    try:
        if text:
            _text(carrier, caller, line, text)
        else:
            _call(carrier, caller, line)
    except PhoneError as failed:
        raise click.ClickException(str(failed)) from None
    except OSError:
        raise click.ClickException(
            "The rehearsal carrier does not answer. Start it with: make demo"
        ) from None


def _text(carrier: Phone, caller: str, line: str, body: str) -> None:
    carrier.text(from_=caller, to=line, body=body)
    time.sleep(2)
    for one in carrier.thread(caller):
        click.echo(f"{'you' if one['mine'] else 'hotline':8} {one['body']}  ({one['status']})")


def _call(carrier: Phone, caller: str, line: str) -> None:
    sid = carrier.dial(from_=caller, to=line)
    click.echo(HELP)
    watching = threading.Thread(target=_show, args=(carrier, sid), daemon=True)
    watching.start()
    while watching.is_alive():
        if not select.select([TYPED], [], [], 0.2)[0]:
            continue  # a call that ends by itself waits for nobody's key
        said = _read_line()
        if not said:
            watching.join()
            break
        word, _, rest = said.strip().partition(" ")
        if word == "hang":
            carrier.hang_up(sid)
        elif word == "say" and Path(rest).is_file():
            carrier.speak(sid, Path(rest).read_bytes())
        elif word and set(word) <= set("0123456789*#"):
            carrier.press(sid, word)
        elif word:
            click.echo(HELP)
    watching.join(2)


def _read_line() -> str:
    """One line and nothing beyond it, which `select` would not see any more; empty at the end."""
    line = b""
    while not line.endswith(b"\n") and (sign := os.read(TYPED, 1)):
        line += sign
    return line.decode(errors="replace")


def _show(carrier: Phone, sid: str) -> None:
    """Print what the carrier does, until the call ends."""
    shown = 0
    while True:
        state = carrier.look(sid)
        for entry in state["log"][shown:]:
            words = f"“{entry['words']}”" if entry.get("words") else entry["says"]
            meaning = (
                f"  ({entry['meaning']})" if entry.get("meaning") and entry.get("language") != "en" else ""
            )
            click.echo(f"{entry['at']:>4} s  {entry['verb']:8} {words}{meaning} {entry.get('detail', '')}")
        shown = len(state["log"])
        if state["over"]:
            return
        time.sleep(0.2)
