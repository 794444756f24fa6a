"""Passwords by NIST SP 800-63B: long enough, not among the common ones, no rules of composition."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher

SHORTEST = 12
LONGEST = 128
# What people choose when twelve characters are asked for; compared without case, spaces and digits at the end.
COMMON = """
password passwort passwordpassword qwertyuiop qwertyuiopasdf asdfghjkl zxcvbnm letmein iloveyou welcome
administrator hotline workerhotline changeme abcdefghijkl aaaaaaaaaaaa monkey dragon football baseball
master superman sunshine princess trustno
"""
WORDS = """
anchor basket bridge candle carrot cedar cloud copper corner cotton creek desert dragon feather field
finger flower forest garden ginger harbor island jacket kettle ladder lantern lemon linen market meadow
mirror morning mountain needle night ocean orange pepper pillow planet pocket rain ribbon river saddle
salt shadow silver spring stone summer thread timber tunnel valley velvet village violet walnut water
willow window winter yellow
"""


class WeakPassword(ValueError):
    """The text says what is wrong with it."""


def check_password(password: str) -> None:
    """Raises: WeakPassword."""
    if len(password) < SHORTEST:
        raise WeakPassword(f"a password has at least {SHORTEST} characters; a short sentence does well")
    if len(password) > LONGEST:
        raise WeakPassword(f"a password has at most {LONGEST} characters")
    bare = "".join(password.lower().split()).rstrip("0123456789!.?*")
    if bare in COMMON.split() or len(set(password)) < 5:
        raise WeakPassword("that password is among the first that are tried; take a short sentence")


def hash_new_password(password: str) -> str:
    """Check it, then hash it as Flask-Security does (NFKD, argon2id). Raises: WeakPassword."""
    normal = unicodedata.normalize("NFKD", password)  # the same word typed on two keyboards is one password
    check_password(normal)
    return _hasher().hash(normal)


def make_password() -> str:
    """Four words by chance and a number: easy to type from a screen once."""
    return "-".join([*(secrets.choice(WORDS.split()) for _ in range(4)), str(secrets.randbelow(90) + 10)])


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()
