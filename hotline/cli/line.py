"""`hotline line`: the numbers that the hotline answers."""

import click
import sqlalchemy as sa

from hotline.cli._settings import known_settings, open_session
from hotline.db import utcnow
from hotline.flow.load_tree import load_trees
from hotline.flow.prompts import PROMPTS
from hotline.flow.studio import STUDIO
from hotline.intake.add_line import HOURS_UNASKED, NotALine, Opening, add_line, are_hours_unasked
from hotline.intake.line_voices import voices_wanted
from hotline.intake.models import Line
from hotline.menus.change_tree import live_tree
from hotline.studio.sound_book import with_takes
from hotline.webhooks.switchboard import load_catalogue


@click.group()
def line() -> None:
    """The numbers that the hotline answers: add, list."""


@line.command("add")
@click.argument("number")
@click.option("--tree", default=None, help="Of a new line: main.")
@click.option(
    "--studio", is_flag=True, help="Staff record prompts there; no caller of another line reaches it."
)
@click.option(
    "--languages",
    default="",
    help="In the order of the menu, such as my,th,ne,en. Of a studio: in which the PIN is asked for (en).",
)
@click.option("--name", default=None)
@click.option("--answer-texts/--no-answer-texts", default=None, help="A new line answers them.")
@click.option(
    "--call-back/--answer", default=None, help="Reject rings, which is free for callers, and call back."
)
@click.option(
    "--hours", default=None, help="When staff are there, such as 'mon-fri 09:00-17:30'; '' is always."
)
@click.option("--holidays", default=None, help="Days as 2026-12-07,2027-01-01.")
@click.option("--zone", default=None, help="The line's time zone; '' is the office's.")
@click.option(
    "--country", default=None, help="Where it is, such as MY, whose law it tells; '' is its calling code's."
)
@click.option(
    "--recording-limit",
    type=int,
    default=None,
    metavar="SECONDS",
    help="How long a message may be, at most HOTLINE_VOICEMAIL_SECONDS; 0 is as long as that.",
)
@click.option(
    "--rehearsal/--real", default=None, help="May speak with placeholder voices; what comes in is not real."
)
def add(
    number: str, tree: str | None, studio: bool, languages: str, name: str | None, answer_texts: bool | None,
    call_back: bool | None, hours: str | None, holidays: str | None, zone: str | None, recording_limit: int | None,
    country: str | None, rehearsal: bool | None,
) -> None:  # fmt: skip
    """Add a line, or change the one that bears this number: what is not given stays as it was."""
    settings = known_settings()
    spoken = [tag.strip() for tag in languages.split(",") if tag.strip()]
    shipped = load_trees(PROMPTS)
    with open_session(settings) as session:
        words = with_takes(session, load_catalogue(settings))
        trees = {name: live_tree(session, tree) for name, tree in shipped.items()}
        try:
            made = add_line(
                session,
                number,
                tree=STUDIO if studio else tree,
                languages=spoken,
                trees=trees,
                spoken=words.scripts,
                name=name,
                answers_texts=answer_texts,
                opening=Opening(
                    zone,
                    hours,
                    None if holidays is None else tuple(filter(None, holidays.split(","))),
                    None if call_back is None else "call_back" if call_back else "answer",
                    recording_limit,
                    country,
                ),
                longest=settings.voicemail_seconds,
                rehearsal=rehearsal,
                unspoken=voices_wanted(session, settings, trees, words),
                now=utcnow(),
            )
        except NotALine as wrong:
            raise click.ClickException(str(wrong)) from None
        session.commit()
        by = "the studio, for staff" if made.is_studio else made.tree
        click.echo(f"{made.number} is answered by {by} in {', '.join(made.languages)}.")
        if are_hours_unasked(made, trees):
            click.echo(HOURS_UNASKED)


@line.command("list")
def lines() -> None:
    """Every line."""
    with open_session() as session:
        for one in session.scalars(sa.select(Line).order_by(Line.number)):
            texts = "answers texts" if one.answers_texts else "does not answer texts"
            kind = "rehearsal, " if one.rehearsal else ""
            kind += "calls back, " if one.answer_mode == "call_back" else ""
            kind += f"in {one.country}, " if one.country else ""
            kind += f"{one.zone}, " if one.zone else ""
            kind += f"open {one.hours}, " if one.hours else ""
            kind += f"messages up to {one.recording_seconds} s, " if one.recording_seconds else ""
            click.echo(
                f"{one.number:18} {one.tree:12} {','.join(one.languages):24} {kind}{texts}  {one.name}"
            )
