"""Something is said, and the call goes on."""

from typing import Literal

from hotline.flow.nodes.base import Onward


class Play(Onward):
    """Played whole, then on."""

    kind: Literal["play"]
