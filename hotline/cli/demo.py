"""`hotline demo`: the whole hotline on this machine, until Ctrl-C."""

import os
import signal
import sys
from pathlib import Path
from types import FrameType

import click

from hotline.cli._settings import known_settings, open_session
from hotline.settings import DEMO


@click.command()
@click.option("--port", default=8000, show_default=True, help="Of the console; the phone is on the next one.")
@click.option("--empty", is_flag=True, help="Without rehearsal calls.")
@click.option("--clear", is_flag=True, help="Remove what rehearsal made (of the demo that runs), and end.")
def demo(port: int, empty: bool, clear: bool) -> None:
    """Run the hotline on this machine, with everything it needs, until Ctrl-C."""
    data = Path(os.environ.get("HOTLINE_DATA", ".hotline"))
    if clear:
        _clear(data)
        return
    try:
        from hotline.demo.checks import NotReady, check_machine
        from hotline.demo.run import Demo
    except ModuleNotFoundError as missing:  # production is installed without it
        needs = "pip install 'worker-voice-hotline[demo,placeholders]'"
        raise click.ClickException(f"The demo needs more ({missing.name}): {needs}") from None
    signal.signal(signal.SIGTERM, _leave)
    running = None
    try:
        check_machine(data, (port,) if os.environ.get("TWILIO_API_URL") else (port, port + 1))
        running = Demo(data, port)
        running.start(empty=empty, say=click.echo)
        running.wait()
    except NotReady as not_ready:
        click.echo(f"Error: {not_ready}", err=True)
        sys.exit(1)
    except KeyboardInterrupt:
        click.echo("\nStopping …")
    finally:
        if running is not None:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            running.stop()
            click.echo("Stopped. What was told is kept; make demo goes on with it.")


def _leave(_sign: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _clear(data: Path) -> None:
    from hotline.intake.clear_rehearsal import clear_rehearsal  # brings ffmpeg and the store along
    from hotline.media.open_store import open_store

    if not (data / DEMO).exists():
        raise click.ClickException(f"There is no demo in {data}.")
    settings = known_settings()
    with open_session(settings) as session:
        removed = clear_rehearsal(session, open_store(settings))
    click.echo(f"Removed {removed} rehearsal reports, with their calls, texts, cases and audio.")
