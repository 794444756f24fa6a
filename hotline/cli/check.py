"""`hotline check`: is everything in place to answer calls?"""

import click

from hotline.cli._settings import known_settings
from hotline.preflight.ask_all import ask_all
from hotline.preflight.conform import conform


@click.command()
@click.option(
    "--carrier",
    "of_carrier",
    is_flag=True,
    help="Prove instead, claim by claim, that the carrier does what its profile says.",
)
@click.option(
    "--delete",
    metavar="RECORDING",
    default="",
    help="With --carrier: a recording at the carrier that may be deleted to prove that it can be.",
)
def check(of_carrier: bool, delete: str) -> None:
    """Look at everything that answering calls needs; say in plain words what is wrong and how to mend it.

    With --carrier nothing is called, sent or deleted at a real carrier, unless a recording is named.
    """
    if delete and not of_carrier:
        raise click.UsageError("--delete goes with --carrier")
    answers = conform(known_settings(), delete) if of_carrier else ask_all(known_settings())
    for answer in answers:
        for finding in answer.findings:
            click.echo(f"{'✗' if finding.wrong else '✓'} {answer.about}: {finding.says}")
            if finding.wrong:
                click.echo(f"    → {finding.mend}")
    if any(answer.wrong for answer in answers):
        raise SystemExit(1)
