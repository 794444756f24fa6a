"""Numbers, dates and counts as clips, put together by rules that every language writes as data.

The rules are a small part of rule-based number format (Unicode's CLDR and ICU: "RbnfRules"), whose words are
names of prompts. A rule speaks numbers from its own up to the next rule's; its power is the highest of 1, 10,
100, 1,000 that its own number reaches.

    20: "number.20[ >number>]"            number.20, then what is left over of 20, by the rules `number`
    100: "<number< number.100[ >>]"       how many hundreds, by the rules `number`, and so on; >> is these rules
    1: "number.and =number="              the number itself, by other rules
    0: "digit.=0="                        0 in a prompt's name: in digits, as digit.7

What stands in [brackets] is said only where something is left over.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

MOST = 9_999  # that can be spoken
MOST_ANSWERS = 31  # that are counted aloud: a date needs the numbers up to here recorded, a count no more
DAYS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
TODAY, YESTERDAY = 0, 1
DATES = (
    range(TODAY, YESTERDAY + 1),
    *(range(month * 100 + 1, month * 100 + days + 1) for month, days in enumerate(DAYS, 1)),
)
LEFT, ANSWERS = "left", "answers"  # the sentences: when they left their message; how many answers wait
ASKED: Mapping[str, tuple[range, ...]] = {  # what each language has rules for, and for which numbers
    "number": (range(MOST + 1),),
    "date": DATES,
    LEFT: DATES,
    ANSWERS: (range(2, MOST_ANSWERS + 1),),
}
PARTS = (
    "number.",
    "month.",
    "day.",
)  # how the names of prompts begin that are heard in one breath with others
DIGITS = "0"  # in the place of rules: the number as it is written
NAME = "[a-z0-9_.]*"
WORD = re.compile(rf"({NAME})(?:([<>=])(0|[a-z_]*)\2({NAME}))?")


class RuleFault(Exception):
    """Rules that cannot be used; the text names rule and fault."""


@dataclass(frozen=True, slots=True)
class Part:
    """A prompt, or what becomes of the number (=), of how many powers are in it (<), of what is left over (>)."""

    before: str
    takes: str = ""
    by: str = ""
    after: str = ""
    left_over: bool = False  # said only where something is left over


@dataclass(frozen=True, slots=True)
class Rule:
    """How numbers are spoken from `base` on."""

    rules: str  # whose it is
    base: int
    parts: tuple[Part, ...]

    def __str__(self) -> str:
        return f"{self.rules} {self.base}"

    @property
    def power(self) -> int:
        return int(10 ** (len(str(self.base)) - 1))


@dataclass(frozen=True)
class SpokenNumbers:
    """The rules of one language."""

    rules: dict[str, tuple[Rule, ...]]
    needs: dict[str, frozenset[str]] = field(
        default_factory=dict
    )  # by kind of ASKED: every prompt it may need

    def say(self, name: str, number: int) -> tuple[str, ...]:
        """The prompts that speak a number by the rules of this name (ASKED, or one of the language's own)."""
        rules = self.rules[name]
        rule = rules[bisect_right(rules, number, key=lambda rule: rule.base) - 1]
        times, left = divmod(number, rule.power)
        said: list[str] = []
        for part in rule.parts:
            taken = {"<": times, ">": left, "=": number}.get(part.takes, 0)
            if part.left_over and not left:
                continue
            if part.takes and part.by != DIGITS:
                said += self.say(part.by, taken)
            else:
                said.append(f"{part.before}{taken if part.takes else ''}{part.after}")
        return tuple(said)

    def example(self, prompt: str) -> tuple[str, ...]:
        """The prompts of something that may be said with this one, of more than one where there is such; else none."""
        said = (self.say(kind, number) for kind, spans in ASKED.items() for span in spans for number in span)
        return next((each for each in said if prompt in each and len(each) > 1), ())

    def find_needs(self, kind: str) -> dict[str, Rule]:
        """Every prompt that a kind of ASKED may need, and the first rule to need it.

        Raises: RuleFault, for a number that no rule speaks, or one that is never done with.
        """
        if kind not in self.rules:
            raise RuleFault(f"there are no rules {kind}")
        needed: dict[str, Rule] = {}
        for numbers in ASKED[kind]:
            self._follow(kind, numbers[0], numbers[-1], (), needed, set())
        return needed

    def _follow(
        self, name: str, low: int, high: int, way: tuple[Rule, ...], needed: dict[str, Rule], seen: set[Any]
    ) -> None:
        """Look where all numbers from `low` to `high` lead; `way` are the rules met with the very same number."""
        rules = self.rules[name]
        if low < rules[0].base:
            raise RuleFault(f"{name}: no rule speaks {low}; the first begins at {rules[0].base}")
        ends = [*(rule.base - 1 for rule in rules[1:]), high]
        for rule, end in zip(rules, ends, strict=True):
            first, last = max(low, rule.base), min(high, end)
            if first > last:
                continue
            if rule in way:
                raise RuleFault(f"{rule}: {first} is never done with: {' > '.join(map(str, (*way, rule)))}")
            if (name, first, last) in seen:
                continue
            seen.add((name, first, last))
            for part, taken, same in _taken(rule, first, last):
                if not part.takes:
                    needed.setdefault(part.before, rule)
                elif part.by == DIGITS:
                    for number in range(taken[0], taken[1] + 1):
                        needed.setdefault(f"{part.before}{number}{part.after}", rule)
                elif part.by not in self.rules:
                    raise RuleFault(f"{rule}: there are no rules {part.by}")
                else:
                    self._follow(part.by, *taken, (*way, rule) if same else (), needed, seen)


def read_rules(written: Mapping[Any, Mapping[Any, Any]], spoken: Mapping[str, str]) -> SpokenNumbers:
    """The rules of one language, as its script holds them, checked; `spoken` are the prompts that have words.

    Raises: RuleFault.
    """
    made = SpokenNumbers({str(name): _read(str(name), rules) for name, rules in written.items()})
    for kind in ASKED:
        needed = made.find_needs(kind)
        for prompt, rule in needed.items():
            if not spoken.get(prompt):
                raise RuleFault(f"{rule}: {prompt} has no words in prompts")
        made.needs[kind] = frozenset(needed)
    return made


def number_of(day: date, today: date) -> int:
    """A day as the rules for dates are asked for it: today, yesterday, else month and day (3 November is 1103)."""
    if day >= today:
        return TODAY
    return YESTERDAY if (today - day).days == 1 else day.month * 100 + day.day


def _read(name: str, written: Mapping[Any, Any]) -> tuple[Rule, ...]:
    if not isinstance(written, Mapping) or not written:
        raise RuleFault(f"{name}: rules are numbers and what is said from them on")
    if wrong := next((base for base in written if not (type(base) is int and 0 <= base <= MOST)), None):
        raise RuleFault(f"{name} {wrong}: not a number from 0 to {MOST}")
    rules = tuple(Rule(name, base, tuple(_parts(name, base, str(said)))) for base, said in written.items())
    for rule, after in pairwise(rules):
        if after.base <= rule.base:
            raise RuleFault(f"{after}: stands after {rule.base}; the lower number comes first")
    return rules


def _parts(name: str, base: int, said: str) -> Iterator[Part]:
    pieces = re.split(r"\[([^\[\]]*)\]", said)  # every second one stood in brackets
    for at, piece in enumerate(pieces):
        for word in piece.split():
            found = WORD.fullmatch(word)
            if not found:
                raise RuleFault(f"{name} {base}: {word} is neither a prompt nor a number by rules")
            before, takes, by, after = found.groups(default="")
            by = by or name if takes else ""
            if takes and by != DIGITS and (before or after):
                raise RuleFault(f"{name} {base}: {word} wants blanks around {takes}{by}{takes}")
            yield Part(before, takes, by, after, left_over=at % 2 == 1)


def _taken(rule: Rule, low: int, high: int) -> Iterator[tuple[Part, tuple[int, int], bool]]:
    """Each part with the numbers it takes, as (lowest, highest), and whether they are the rule's own."""
    power = rule.power
    for part in rule.parts:
        spans = _left_over(low, high, power, int(part.left_over))
        if part.left_over and not spans:
            continue
        if part.takes == ">":
            yield from ((part, span, False) for span in spans)
        elif part.takes == "<":
            yield part, (low // power, high // power), power == 1
        else:
            yield part, (low, high), True


def _left_over(low: int, high: int, power: int, least: int) -> list[tuple[int, int]]:
    """What dividing the numbers from `low` to `high` leaves over, from `least` on, as (lowest, highest)."""
    match high // power - low // power:
        case 0:
            spans = [(low % power, high % power)]
        case 1:
            spans = [(low % power, power - 1), (0, high % power)]
        case _:
            spans = [(0, power - 1)]
    return [(max(first, least), last) for first, last in spans if last >= max(first, least)]
