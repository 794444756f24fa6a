"""This evening: until when somebody can ask to be called in it."""

from datetime import datetime, time

THIS_EVENING = "this_evening"  # as it is answered to `when` (nodes.question)
TOO_LATE = time(20, 30)


def is_evening_over(here: datetime) -> bool:
    """Whether clocks that show this leave too little of the evening to call anybody in it."""
    return here.time() >= TOO_LATE
