"""What is sealed opens only with its key and in its place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline.vault.keys import Vault
from hotline.vault.sealing import CannotOpen, new_key, seal, unseal

OLD, NEW = new_key(), new_key()


@given(st.binary(max_size=200), st.text(max_size=30))
def test_what_is_sealed_for_a_place_opens_there(plain: bytes, place: str) -> None:
    assert unseal(OLD, seal(OLD, plain, place), place) == plain


@given(st.binary(min_size=1, max_size=60), st.integers(min_value=0))
def test_one_altered_bit_is_refused(plain: bytes, where: int) -> None:
    sealed = bytearray(seal(OLD, plain, "here"))
    sealed[where % len(sealed)] ^= 1
    with pytest.raises(CannotOpen):
        unseal(OLD, bytes(sealed), "here")


def test_another_place_or_another_key_is_refused() -> None:
    sealed = seal(OLD, b"wages", "messages.body:1")
    for key, place in ((OLD, "messages.body:2"), (NEW, "messages.body:1")):
        with pytest.raises(CannotOpen):
            unseal(key, sealed, place)


def test_a_rotated_ring_opens_old_values_and_seals_with_the_newest_key() -> None:
    before = Vault({"a": OLD}, b"l" * 32, b"a" * 32).seal(b"wages", "here")
    ring = Vault({"b": NEW, "a": OLD}, b"l" * 32, b"a" * 32)
    assert ring.open(before, "here") == b"wages"
    after = ring.seal(b"wages", "here")
    assert Vault({"b": NEW}, b"l" * 32, b"a" * 32).open(after, "here") == b"wages"
    with pytest.raises(CannotOpen):
        Vault({"b": NEW}, b"l" * 32, b"a" * 32).open(before, "here")


@given(st.binary(max_size=40))
def test_nonsense_is_refused_and_nothing_else(sealed: bytes) -> None:
    with pytest.raises(CannotOpen):
        Vault({"a": OLD}, b"l" * 32, b"a" * 32).open(sealed, "here")


def test_the_index_of_a_number_depends_on_the_key_alone() -> None:
    one, other = Vault({"a": OLD}, b"l" * 32, b"a" * 32), Vault({"b": NEW}, b"l" * 32, b"a" * 32)
    assert one.index("+66812345678") == other.index("+66812345678")
    assert one.index("+66812345678") != Vault({"a": OLD}, b"m" * 32, b"a" * 32).index("+66812345678")
