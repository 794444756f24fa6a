"""The waveform: lowest and highest sample of each slice."""

import audioop  # of the standard library until 3.12, then of audioop-lts
from array import array
from itertools import pairwise

SLICES = 800


def peaks_of(samples: "array[int]", slices: int = SLICES) -> list[int]:
    """(low, high) of each slice in turn, as whole percents of full scale: what the player draws."""
    count = len(samples)
    if not count:
        return []
    slices = min(slices, count)
    edges = [count * at // slices for at in range(slices + 1)]
    lows_and_highs = (audioop.minmax(samples[begin:end], samples.itemsize) for begin, end in pairwise(edges))
    return [round(peak * 100 / 32768) for both in lows_and_highs for peak in both]
