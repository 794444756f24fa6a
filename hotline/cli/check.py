"""`hotline check`: is everything in place to answer calls?"""

import click

from hotline.cli._settings import known_settings
from hotline.preflight.ask_all import ask_all
from hotline.preflight.conform import MayGo, conform


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
@click.option(
    "--delete-picture",
    metavar="TEXT",
    default="",
    help="With --carrier: a text at the carrier whose picture may be deleted, likewise.",
)
def check(of_carrier: bool, delete: str, delete_picture: str) -> None:
    """Look at everything that answering calls needs; say in plain words what is wrong and how to mend it.

    With --carrier nothing is called, sent or deleted at a real carrier, unless it is named.
    """
    if (delete or delete_picture) and not of_carrier:
        raise click.UsageError("--delete and --delete-picture go with --carrier")
    settings = known_settings()
    answers = conform(settings, MayGo(delete, delete_picture)) if of_carrier else ask_all(settings)
    for answer in answers:
        for finding in answer.findings:
            click.echo(f"{'✗' if finding.wrong else '✓'} {answer.about}: {finding.says}")
            if finding.mend:
                click.echo(f"    → {finding.mend}")
    if any(answer.wrong for answer in answers):
        raise SystemExit(1)
