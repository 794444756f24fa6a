"""The sentence that says that the call is recorded and who will hear it."""

from dataclasses import replace
from typing import Literal

from pydantic import Field

from hotline.flow.nodes.base import Onward, Prompt, Scene, spoken
from hotline.flow.position import Position
from hotline.flow.turn import Facts


class Consent(Onward):
    """Played once a call, then it goes on."""

    kind: Literal["consent"]
    says: tuple[Prompt, ...] = Field(min_length=1)

    def enter(self, position: Position, facts: Facts) -> Scene:
        plays = () if position.consented else spoken(self.says, position, facts)
        return Scene(replace(position, consented=True), plays, then=self.next)
