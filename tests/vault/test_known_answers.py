"""What is written down today must fit in ten years: digests and chains of known values, letter by letter.

A change here would make every audit trail, every index of numbers and every noted fingerprint useless.
"""

import uuid
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from hotline.intake.models import Contact
from hotline.settings import Settings
from hotline.vault import keys
from hotline.vault.chain import BEGINNING, Act, mac_of, seal_of
from hotline.vault.keys import Vault, fingerprint, unlock, vault
from hotline.vault.sealing import new_key, seal

KEY = b"k" * 32
BANGKOK = timezone(timedelta(hours=7))
ACT = Act(
    datetime(2026, 11, 26, 10, 0, 0, 1234, tzinfo=BANGKOK), uuid.UUID(int=7), "listened", "reports", "9",
    {"b": "ภาษา", "a": [1, None]}, None,
)  # fmt: skip


def test_the_mac_of_an_act_is_the_one_it_always_was() -> None:
    assert mac_of(KEY, BEGINNING, 5, ACT).hex() == (
        "b6be209bce69f7eae0e1d5b6eafda4a07da6c1af849eee9201d328fc64a759da"
    )
    nobody = replace(ACT, actor_id=None, once="x", detail={"s": "\udc80"})
    assert mac_of(KEY, b"m" * 32, 6, nobody).hex() == (
        "93eed8822b450fa0c19e75c74b3966e3be19fccd7167d4a29d24a4d20d15457b"
    )


def test_the_seal_of_an_end_is_the_one_it_always_was() -> None:
    assert seal_of(KEY, "head", 5, b"m" * 32).hex() == (
        "310670c4e2aa3ca407283b3c7f4e218008bda260c0c98d1ead9623f85b480b6f"
    )


def test_fingerprints_and_the_index_of_numbers_are_those_they_always_were() -> None:
    assert fingerprint(KEY) == "8f9c0a325c249002"
    index = Vault({"a": KEY}, b"l" * 32, b"a" * 32).index("+66812345678")
    assert index.hex() == "d73a731b365073b0ee5c7c4495468f3c"


def test_a_sealed_value_is_its_nonce_the_words_and_a_tag_and_no_two_are_alike() -> None:
    sealed = {seal(KEY, b"wages", "here") for _ in range(50)}
    assert len(sealed) == 50 and {len(one) for one in sealed} == {12 + 5 + 16}
    assert len({one[:12] for one in sealed}) == 50
    assert len(new_key()) == 32


def test_nothing_opens_before_the_vault_does(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keys, "_unlocked", None)
    with pytest.raises(RuntimeError, match="locked"):
        vault()
    assert unlock(settings) is vault()
    assert vault().audit_key == settings.audit_key


def test_a_vault_shows_no_key_and_cannot_be_changed() -> None:
    made = Vault({"a": KEY}, b"l" * 32, b"a" * 32)
    assert "kkkk" not in repr(made) and "llll" not in repr(made)
    with pytest.raises(AttributeError):
        made.audit_key = b""  # type: ignore[misc]


def test_a_sealed_column_is_compared_with_nothing_but_nothing() -> None:
    with pytest.raises(TypeError, match="index"):
        sa.select(Contact).where(Contact.number == "+66812345678")
    assert "IS NULL" in str(sa.select(Contact.id).where(Contact.number.is_(None)))
