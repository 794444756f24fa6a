"""`hotline line`: the numbers that the hotline answers."""

import click
import sqlalchemy as sa

from hotline.cli._settings import known_settings, open_session
from hotline.db import utcnow
from hotline.intake.add_line import NotALine, add_line
from hotline.intake.models import Line
from hotline.webhooks.switchboard import PROMPTS, load_catalogue, load_trees


@click.group()
def line() -> None:
    """The numbers that the hotline answers: add, list."""


@line.command("add")
@click.argument("number")
@click.option("--tree", default="main", show_default=True)
@click.option("--languages", required=True, help="In the order of the menu, such as my,th,ne,en.")
@click.option("--name", default="")
@click.option("--answer-texts/--no-answer-texts", default=True, show_default=True)
def add(number: str, tree: str, languages: str, name: str, answer_texts: bool) -> None:
    """Add a line, or change the one that bears this number."""
    settings = known_settings()
    spoken = [tag.strip() for tag in languages.split(",") if tag.strip()]
    with open_session(settings) as session:
        try:
            made = add_line(
                session,
                number,
                tree=tree,
                languages=spoken,
                trees=load_trees(PROMPTS),
                spoken=load_catalogue(settings).scripts,
                name=name,
                answers_texts=answer_texts,
                now=utcnow(),
            )
        except NotALine as wrong:
            raise click.ClickException(str(wrong)) from None
        session.commit()
        click.echo(f"{made.number} is answered by {made.tree} in {', '.join(made.languages)}.")


@line.command("list")
def lines() -> None:
    """Every line."""
    with open_session() as session:
        for one in session.scalars(sa.select(Line).order_by(Line.number)):
            texts = "answers texts" if one.answers_texts else "does not answer texts"
            click.echo(f"{one.number:18} {one.tree:12} {','.join(one.languages):24} {texts}  {one.name}")
