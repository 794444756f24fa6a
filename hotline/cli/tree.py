"""`hotline tree`: look at menu trees, check them, walk through one."""

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import click

from hotline.cli._settings import known_settings, open_session
from hotline.db import utcnow
from hotline.flow.check_tree import find_doubts
from hotline.flow.engine import (
    Clip,
    Dial,
    Gather,
    Heard,
    NobodyTook,
    NoKey,
    NothingRecorded,
    Record,
    Recorded,
    Talked,
    Turn,
    resume,
    start,
)
from hotline.flow.load_tree import load_tree, read_source, read_tree, schema_of_trees
from hotline.flow.prompts import PROMPTS, Catalogue, Script
from hotline.flow.reach import prompts_wanted
from hotline.flow.topics import TOPICS, fresh_in, read_topics
from hotline.flow.tree import Tree, TreeError
from hotline.menus.change_tree import live_tree
from hotline.menus.exits import LATELY, Callers, count_callers
from hotline.menus.picture import keys_of
from hotline.menus.rehearse import CALLERS, facts_of, press
from hotline.menus.voices import Voices, voices_of_nodes
from hotline.studio.coverage import cover, cover_by_files
from hotline.studio.sound_book import with_takes
from hotline.webhooks.switchboard import load_catalogue


@click.group()
def tree() -> None:
    """Menu trees: show, check, walk."""


def _catalogue() -> Catalogue:
    """With the voices made at set-up, where they are."""
    return Catalogue.load(PROMPTS, Path(os.environ.get("HOTLINE_DATA", ".hotline")) / "prompts")


def _load(name: str, scripts: Mapping[str, Script] | None = None, offered: tuple[str, ...] = ()) -> Tree:
    path = Path(name) if name.endswith((".yaml", ".yml")) else PROMPTS / "trees" / f"{name}.yaml"
    if not path.exists():
        raise click.ClickException(f"There is no tree {path}.")
    try:
        if scripts:
            return read_tree(read_source(path), path.stem, scripts=scripts, offered=offered)
        return load_tree(path)
    except TreeError as broken:
        raise click.ClickException(str(broken)) from None


@tree.command("check")
@click.argument("names", nargs=-1)
@click.option("--languages", default="", help="Those of a line, such as my,km; else the tree's.")
def check(names: tuple[str, ...], languages: str) -> None:
    """Check trees (all of them, or those named or given as files)."""
    chosen = names or tuple(path.stem for path in sorted((PROMPTS / "trees").glob("*.yaml")))
    catalogue = _catalogue()
    scripts, offered = catalogue.scripts, _offered(languages, catalogue)
    for name in chosen:
        loaded = _load(name, scripts, offered)
        if offered:  # as it is heard on such a line
            loaded = loaded.model_copy(update={"languages": offered})
        for language in loaded.languages:
            script = scripts[language]
            unwritten = sorted(prompts_wanted(loaded, script) - set(script.prompts))
            if unwritten:
                mend = f"write them in ivr_prompts/{language}/script.yaml"
                raise click.ClickException(
                    f"{name}: {language} has no words for {', '.join(unwritten)}: {mend}"
                )
        for doubt in find_doubts(loaded, _seconds(catalogue)):
            click.echo(f"{loaded.name}.yaml, {doubt} (a warning)")
        click.echo(f"{loaded.name}: {len(loaded.nodes)} nodes, in order.")


def _offered(languages: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The languages of a line as they are typed."""
    offered = tuple(tag.strip() for tag in languages.split(",") if tag.strip())
    if unknown := [language for language in offered if language not in catalogue.scripts]:
        raise click.ClickException(f"No prompts are written in {', '.join(unknown)}.")
    return offered


def _seconds(catalogue: Catalogue) -> Callable[[str, str], float]:
    return lambda prompt, language: catalogue.sound(Clip(prompt, language)).seconds


@tree.command("schema")
def schema() -> None:
    """The shape of a tree's file as JSON Schema (kept as ivr_prompts/trees/tree.schema.json)."""
    click.echo(json.dumps(schema_of_trees(), indent=1, ensure_ascii=False))


@tree.command("show")
@click.argument("name", default="main")
@click.option("--counts", is_flag=True, help="The tree that is live, with its callers of the last 7 days.")
def show(name: str, counts: bool) -> None:
    """Each node, the keys and exits where its answers lead, and the languages it can be heard in."""
    loaded, callers, voices = _counted(name) if counts else _by_files(name)
    click.echo(f"{loaded.name}, in {', '.join(loaded.languages)}{_told(callers.calls, ' calls')}")
    for node_name, node in loaded.nodes.items():
        mark = " (start)" if node_name == loaded.start else ""
        click.echo(f"{node_name}{mark}: {node.kind}{_told(callers.hung_up[node_name], ' hung up here')}")
        for told in voices[node_name]:
            click.echo(f"    {told}")
        for key, meant in keys_of(loaded, node_name, callers):
            click.echo(f"    {key:10} {meant}")
        for place, target in node.targets():
            taken = _told(callers.exits[node_name, place])
            click.echo(f"    {place.removeprefix('keys.'):10} → {target}{taken}")


def _by_files(name: str) -> tuple[Tree, Callers, Voices]:
    loaded, words = _load(name), _catalogue()
    return (
        loaded,
        Callers(),
        voices_of_nodes(loaded, words.scripts, cover_by_files(words, _known(loaded, words))),
    )


def _known(loaded: Tree, words: Catalogue) -> list[str]:
    return [language for language in loaded.languages if language in words.scripts]


def _counted(name: str) -> tuple[Tree, Callers, Voices]:
    settings = known_settings()
    with open_session(settings) as session:
        loaded = live_tree(session, _load(name))
        callers = count_callers(session, loaded, utcnow() - LATELY, rehearsal=settings.rehearsal)
        words = with_takes(session, load_catalogue(settings))
        return (
            loaded,
            callers,
            voices_of_nodes(loaded, words.scripts, cover(session, words, _known(loaded, words))),
        )


def _told(count: int, what: str = "") -> str:
    return f" ({count}{what})" if count else ""


@tree.command("walk")
@click.argument("name", default="main")
@click.option("--languages", default="", help="The line's order, such as my,th; else the tree's.")
@click.option("--country", default="", help="The line's, such as TH: what is told of its law.")
@click.option("--caller", type=click.Choice(list(CALLERS)), default="new", help="Who calls, and when.")
def walk(name: str, languages: str, country: str, caller: str) -> None:
    """Be the caller: keys, nothing (Enter), `say` at the microphone. Places of help and mailboxes are invented."""
    loaded = _load(name)
    catalogue = _catalogue()
    offered = _offered(languages, catalogue) or loaded.languages
    fresh = fresh_in(read_topics(TOPICS), country, utcnow().date(), days=10**5)
    facts = replace(facts_of(offered, caller), country=country, fresh=fresh)
    turn = start(loaded, facts)
    while True:
        _speak(catalogue, turn)
        if turn.wait is None:
            click.echo("— the call ends —")
            return
        turn = resume(loaded, turn.position, _ask(loaded, turn), facts)


def _speak(catalogue: Catalogue, turn: Turn) -> None:
    for clip in turn.plays:
        meaning = catalogue.text(clip.prompt, "en")
        words = catalogue.text(clip.prompt, clip.language)
        click.echo(f"  [{clip.language}] {words}" + (f"   ({meaning})" if words != meaning else ""))


def _ask(loaded: Tree, turn: Turn) -> Heard:
    if isinstance(turn.wait, Record):
        said = click.prompt("● microphone: `say`, or Enter for silence", default="", show_default=False)
        return Recorded(5) if said.strip() else NothingRecorded()
    if isinstance(turn.wait, Dial):
        talked = click.prompt("staff are rung: `talk`, or Enter for nobody", default="", show_default=False)
        return Talked() if talked.strip() else NobodyTook()
    assert isinstance(turn.wait, Gather)
    keys = click.prompt(f"key ({turn.wait.seconds} s)", default="", show_default=False).strip()
    return press(loaded, turn.position, keys) if keys else NoKey()
