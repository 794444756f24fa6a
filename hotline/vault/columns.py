"""A column whose text the database never sees."""

from typing import Any

from sqlalchemy import LargeBinary, TypeDecorator
from sqlalchemy.sql import operators

from hotline.vault.keys import vault


class _OnlyNull(LargeBinary.Comparator[Any]):
    """Sealed values differ each time: comparing them would silently match nothing."""

    def operate(self, op: Any, *other: Any, **kwargs: Any) -> Any:
        if op in (operators.is_, operators.is_not):
            return super().operate(op, *other, **kwargs)
        raise TypeError("a sealed column cannot be compared; look it up by its index")


class SealedText(TypeDecorator[str]):
    """Text sealed with the ring, bound to its table and column (`place`)."""

    impl = LargeBinary
    cache_ok = True
    comparator_factory = _OnlyNull

    def __init__(self, place: str) -> None:
        super().__init__()
        self.place = place

    def process_bind_param(self, value: str | None, dialect: Any) -> bytes | None:
        return None if value is None else vault().seal(value.encode(), self.place)

    def process_result_value(self, value: bytes | None, dialect: Any) -> str | None:
        return None if value is None else vault().open(value, self.place).decode()
