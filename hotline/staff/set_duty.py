"""Whether a member takes calls, at which phone, and in which hours of their week."""

from hotline.carrier.numbers import is_phone
from hotline.flow.opening import read_hours
from hotline.staff.models import User


def set_duty(member: User, *, phone: str, takes_calls: bool, duty: str) -> None:
    """Raises: ValueError, in one sentence for who typed it."""
    phone = phone.replace(" ", "").replace("-", "")
    if phone and not is_phone(phone):
        raise ValueError(f"{phone} is not a whole number such as +66812345678.")
    if takes_calls and not phone:
        raise ValueError("To take calls, write down where your phone is reached.")
    read_hours(duty)
    member.phone, member.takes_calls, member.duty = phone or None, takes_calls, duty.strip()
