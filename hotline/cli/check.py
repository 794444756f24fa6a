"""`hotline check`: is everything in place to answer calls?"""

import click

from hotline.cli._settings import known_settings
from hotline.preflight.ask_all import ask_all


@click.command()
def check() -> None:
    """Look at everything that answering calls needs; say in plain words what is wrong and how to mend it."""
    answers = ask_all(known_settings())
    for answer in answers:
        for finding in answer.findings:
            click.echo(f"{'✗' if finding.wrong else '✓'} {answer.about}: {finding.says}")
            if finding.wrong:
                click.echo(f"    → {finding.mend}")
    if any(answer.wrong for answer in answers):
        raise SystemExit(1)
