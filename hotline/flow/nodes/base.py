"""What every kind of node has."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from hotline.flow.position import Position
from hotline.flow.turn import Act, Clip, Facts, Heard, Wait

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Prompt = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{0,39}$")]
MICROPHONE = "microphone"  # a target that every tree knows: its own message node
REFERENCE = "reference"  # stands among prompts for the digits of the report's number


@dataclass(frozen=True, slots=True)
class Scene:
    """A node entered: what it plays, what it waits for, and where it goes on when it waits for nothing."""

    position: Position
    plays: tuple[Clip, ...]
    wait: Wait | None = None
    then: str | None = None
    does: Act | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """Where an answer leads. `first` is played on the way."""

    position: Position
    to: str
    first: tuple[Clip, ...] = ()
    unsent: tuple[Clip, ...] = ()  # in its place, where they are not sent what they asked for
    chose_language: bool = False
    replay: bool = False  # the caller's own last message is played first
    does: Act | None = None
    topic: str = ""  # of an information that is sent, in the words of the scripts or in these
    words: str = ""
    replies: tuple[str, ...] = ()  # the ids of staff's answers by voice


class Node(BaseModel):
    """One place of a tree, as it is written there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    says: tuple[Prompt, ...] = ()
    text: Prompt | None = None  # its words where the tree is walked by texts (`texts` of the script)

    def enter(self, position: Position, facts: Facts) -> Scene:
        """The caller comes here."""
        raise NotImplementedError

    def hear(self, position: Position, heard: Heard, facts: Facts) -> Way:
        """The caller answered here; what this kind does not expect leads back to itself."""
        return Way(position, position.node)

    def text_here(self, facts: Facts) -> str:
        """The name of its words in a text to this person; nothing where it has none for them."""
        return self.text or ""

    def texts(self) -> Iterator[str]:
        """The names of all its words in texts."""
        if self.text:
            yield self.text

    def targets(self) -> Iterator[tuple[str, str]]:
        """(where it is written, node it names), for each."""
        return iter(())

    def own_keys(self) -> Iterator[tuple[str, str]]:
        """(where it is written, key), of each key that does something here rather than lead on."""
        return iter(())

    def passes(self) -> Iterator[str]:
        """Nodes it may go on to without waiting for anything."""
        return iter(())

    def prompts(self) -> Iterator[str]:
        """Every prompt it may play."""
        return (prompt for prompt in self.says if prompt != REFERENCE)

    def speaks(self) -> Iterator[str]:
        """Every kind of number, day or count it may speak, by its rules (spoken_numbers.ASKED)."""
        return iter(())


class Onward(Node):
    """A node that waits for nothing: what it says, then `next`."""

    next: Name

    def enter(self, position: Position, facts: Facts) -> Scene:
        return Scene(position, spoken(self.says, position, facts), then=self.next)

    def passes(self) -> Iterator[str]:
        yield self.next

    def targets(self) -> Iterator[tuple[str, str]]:
        yield "next", self.next


def spoken(prompts: tuple[str, ...], position: Position, facts: Facts) -> tuple[Clip, ...]:
    """Prompts as clips in the caller's language, the line's first where none was chosen."""
    language = position.language or facts.languages[0]
    clips: list[Clip] = []
    for prompt in prompts:
        if prompt == REFERENCE:
            clips += [Clip(f"digit.{digit}", language) for digit in position.reference]
        else:
            clips.append(Clip(prompt, language))
    return tuple(clips)


def leave(position: Position) -> Position:
    """The same call without the counts of the node it leaves."""
    if position.misses or position.wrong or position.page:
        return replace(position, misses=0, wrong=0, page=0)
    return position
