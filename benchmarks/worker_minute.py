"""The worker's first minute: seconds from the answer to the beep, and keys pressed, in every language and way.

    .venv/bin/python -m benchmarks.worker_minute [--tree main] [--languages my,th,…]

Without --languages: the tree's own line, then the other languages with a full script, on lines of four like it.
Lengths are those of the sounds that callers hear now (recordings, else the voices made at set-up). A caller presses as
soon as the sentence with their key has been said: of a menu, the share of its words up to there.
Targets: new caller 2 keys and 35 s; returning 1 key and 15 s; danger 2 keys and 20 s; no key ever 60 s.
"""

import argparse
import os
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hotline.flow.engine import Clip, Facts, Heard, NoKey, Pressed, Record, Turn, resume, start
from hotline.flow.keys import KEYS, MORE_KEY
from hotline.flow.load_tree import load_trees
from hotline.flow.prompts import PROMPTS, Catalogue
from hotline.flow.tree import Tree

PRESSING = 0.5  # seconds from knowing the key to pressing it
TARGETS = {
    "leave a message": (2, 35),
    "danger, at once": (2, 20),
    "danger, language first": (2, 20),
    "danger, returning": (2, 20),
    "returning caller": (1, 15),
    "no key at all": (0, 60),
    "no key at all, returning": (0, 60),
    "no key at all, on a holiday": (0, 60),
    "no key at all, returning on a holiday": (0, 60),
    "wrong keys": (9, 90),
}
LINES = (("km", "lo", "vi", "id"), ("bn", "hi", "ta", "fil"))  # beside the tree's own


@dataclass
class Minute:
    """How it went."""

    seconds: float = 0.0
    keys: int = 0


Way = Callable[
    [Turn, int], Heard
]  # (what is heard, how many waits there were before) -> what the caller does


def walk(tree: Tree, facts: Facts, catalogue: Catalogue, way: Way) -> Minute:
    """From the answer to the beep."""
    minute, turn = Minute(), start(tree, facts)
    for waits in range(20):
        if isinstance(turn.wait, Record) or turn.wait is None:
            minute.seconds += _length(catalogue, turn.plays)
            return minute
        answer = way(turn, waits)
        minute.seconds += _until(catalogue, turn, answer)
        minute.keys += isinstance(answer, Pressed)
        turn = resume(tree, turn.position, answer, facts)
    return minute


def _until(catalogue: Catalogue, turn: Turn, answer: Heard) -> float:
    """Seconds that this wait takes."""
    if not isinstance(answer, Pressed):
        return _length(catalogue, turn.plays) + getattr(turn.wait, "seconds", 0)
    heard = 0.0
    for at, clip in enumerate(turn.plays):
        after = turn.plays[at + 1] if at + 1 < len(turn.plays) else None
        if clip.prompt == "language.press" and after and after.prompt == f"digit.{answer.digits}":
            return heard + _length(catalogue, (clip, after)) + PRESSING
        share = _share(catalogue.text(clip.prompt, clip.language), answer.digits)
        if share is not None and clip.prompt != "language.press":
            return heard + share * _length(catalogue, (clip,)) + PRESSING
        heard += _length(catalogue, (clip,))
    return heard + PRESSING


def _share(words: str, key: str) -> float | None:
    """How much of a menu has been said when this key is."""
    for found in re.finditer(r"\d", words):
        if str(int(found[0])) == key:
            return found.end() / len(words)
    return None


def _length(catalogue: Catalogue, clips: tuple[Clip, ...]) -> float:
    return sum(catalogue.sound(clip).seconds for clip in clips)


def load_sounds() -> Catalogue:
    """What callers hear on this machine, from its data folder."""
    return Catalogue.load(PROMPTS, Path(os.environ.get("HOTLINE_DATA", ".hotline")) / "prompts")


def ways(language: str, facts: Facts) -> Iterator[tuple[str, Facts, Way]]:
    """Each way to the microphone."""
    keys = _keys(facts.languages, language)
    yield "leave a message", facts, lambda turn, waits: Pressed((*keys, "1")[min(waits, len(keys))])
    yield "danger, at once", facts, lambda turn, waits: Pressed("0")
    yield "danger, language first", facts, lambda turn, waits: Pressed((*keys, "0")[min(waits, len(keys))])
    yield "danger, returning", replace(facts, remembered=language), lambda turn, waits: Pressed("2")
    yield "returning caller", replace(facts, remembered=language), lambda turn, waits: Pressed("1")
    yield "no key at all", facts, lambda turn, waits: NoKey()
    yield "no key at all, returning", replace(facts, remembered=language), lambda turn, waits: NoKey()
    holiday = replace(facts, hours="holiday")
    yield "no key at all, on a holiday", holiday, lambda turn, waits: NoKey()
    yield (
        "no key at all, returning on a holiday",
        replace(holiday, remembered=language),
        lambda turn, waits: NoKey(),
    )
    yield "wrong keys", facts, lambda turn, waits: Pressed("8")


def _keys(languages: tuple[str, ...], language: str) -> tuple[str, ...]:
    """What leads to a language: of more than nine, 9 turns to the next eight."""
    if len(languages) <= len(KEYS):
        return (KEYS[languages.index(language)],)
    page, at = divmod(languages.index(language), len(KEYS) - 1)
    return (*[MORE_KEY] * page, KEYS[at])


def main() -> int:
    asked = argparse.ArgumentParser()
    asked.add_argument("--tree", default="main")
    asked.add_argument("--languages", default="")
    given = asked.parse_args()
    catalogue = load_sounds()
    tree = load_trees(PROMPTS)[given.tree]
    if unknown := set(filter(None, given.languages.split(","))) - set(catalogue.scripts):
        asked.error(f"no script for {', '.join(sorted(unknown))}")
    lines = [tuple(given.languages.split(","))] if given.languages else [tree.languages, *LINES]
    for language in sorted({language for line in lines for language in line}):
        if (heard := catalogue.sound(Clip("consent", language)).language) != language:
            print(f"{language} has no voice here and is measured in {heard}.")
    print("| language | way | keys | seconds to the beep | target | |")
    print("|---|---|---|---|---|---|")
    missed = 0
    asked_of = [(language, Facts(line)) for line in lines for language in line]
    for language, (name, facts, way) in ((one, way) for one, at in asked_of for way in ways(one, at)):
        minute, (keys, seconds) = walk(tree, facts, catalogue, way), TARGETS[name]
        met = minute.keys <= keys and minute.seconds <= seconds
        missed += not met
        print(
            f"| {language} | {name} | {minute.keys} | {minute.seconds:.1f} | {keys} keys, {seconds} s | {'' if met else 'missed'} |"
        )
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
