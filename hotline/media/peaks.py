"""The waveform: lowest and highest sample of each slice."""

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
    made = []
    for begin, end in pairwise(edges):
        part = samples[begin:end]
        made += [round(min(part) * 100 / 32768), round(max(part) * 100 / 32768)]
    return made
