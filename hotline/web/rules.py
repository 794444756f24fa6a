"""Who may do what: one table, and a rule for every route. A route without one stops the start."""

import uuid
from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any, TypeVar, cast

from flask import Flask, abort, current_app, request
from flask_security import auth_required, current_user

View = TypeVar("View", bound=Callable[..., Any])

TRANSCRIBER, CASEWORKER, SUPERVISOR, ADMINISTRATOR = (
    "transcriber",
    "caseworker",
    "supervisor",
    "administrator",
)
READS = frozenset({TRANSCRIBER, CASEWORKER, SUPERVISOR})

MAY: dict[str, frozenset[str]] = {
    "see_queue": READS,
    "claim": READS,
    "listen": READS,
    "write_down": READS,
    "hand_in": READS,
    "see_case_header": READS,
    "see_all_languages": frozenset({SUPERVISOR}),
    "reassign": frozenset({SUPERVISOR}),
    "open_case": frozenset({CASEWORKER, SUPERVISOR}),
    "read_case": frozenset({CASEWORKER, SUPERVISOR}),
    "change_case": frozenset({CASEWORKER, SUPERVISOR}),
    "text": frozenset({CASEWORKER, SUPERVISOR}),
    "call_back": frozenset({CASEWORKER, SUPERVISOR}),
    "unmask": frozenset({CASEWORKER, SUPERVISOR}),
    "open_original": frozenset({CASEWORKER, SUPERVISOR}),  # as it came, with the place that it may hold
    "see_board": frozenset({SUPERVISOR}),
    "turn_away": frozenset({SUPERVISOR}),
    "announce": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "manage_prompts": READS | {ADMINISTRATOR},  # one's own languages (hotline.studio.take)
    "manage_menus": frozenset({SUPERVISOR, ADMINISTRATOR}),
    "manage_places": frozenset({SUPERVISOR}),
    "export": frozenset({SUPERVISOR}),
    "see_ledger": frozenset({SUPERVISOR, ADMINISTRATOR}),  # counts alone
    "manage_lines": frozenset({ADMINISTRATOR}),
    "manage_staff": frozenset({ADMINISTRATOR}),
    "manage_oneself": READS | {ADMINISTRATOR},
}

RULE = "hotline_rule"
PUBLIC, CARRIER, TOKEN = "public", "signed by the carrier", "bears a token"
# Routes of libraries, which cannot bear a mark: what they let through is theirs to say.
LIBRARIES = {"static": PUBLIC, "security": "Flask-Security's own"}


def may(action: str, role: str) -> bool:
    """Whether a role may do this. An action that is not in the table is a fault of ours."""
    return role in MAY[action]


def i_may(action: str) -> bool:
    """Whether the person signed in may; for pages that show a way only to those who may go it."""
    return bool(current_user.is_authenticated) and may(action, current_user.role)


def my_id() -> uuid.UUID:
    return cast(uuid.UUID, current_user.id)


def allowed(action: str) -> Callable[[View], View]:
    """Only who is signed in and may do this; everybody else learns nothing about what exists."""
    if action not in MAY:
        raise LookupError(f"{action} is in no rule")

    def guard(view: View) -> View:
        @auth_required("session")
        @wraps(view)
        def guarded(*args: Any, **kwargs: Any) -> Any:
            if not may(action, current_user.role):
                abort(403)
            return view(*args, **kwargs)

        return _marked(cast(View, guarded), action)

    return guard


def public(view: View) -> View:
    """Anybody may see this."""
    return _marked(view, PUBLIC)


def signed_by_carrier(view: View) -> View:
    """Verified by the carrier's signature (hotline.webhooks.door)."""
    return _marked(view, CARRIER)


def bears_token(view: View) -> View:
    """For a program that bears a token of the settings; the view compares it."""
    return _marked(view, TOKEN)


def rules_of(app: Flask) -> Iterable[tuple[str, str | None]]:
    """(endpoint, its rule) for each route."""
    return ((rule.endpoint, _rule(app, rule.endpoint)) for rule in app.url_map.iter_rules())


def rule_here() -> str | None:
    """The rule of the route that is asked for; nothing where there is no such route."""
    return _rule(current_app, request.endpoint) if request.endpoint else None


def require_rules(app: Flask) -> None:
    """Raises: LookupError, naming the routes that have no rule."""
    bare = sorted(endpoint for endpoint, rule in rules_of(app) if rule is None)
    if bare:
        raise LookupError(f"no rule says who may use {', '.join(bare)}")


def _rule(app: Flask, endpoint: str) -> str | None:
    mark: str | None = getattr(app.view_functions[endpoint], RULE, None)
    return mark or LIBRARIES.get(endpoint.partition(".")[0])


def _marked(view: View, rule: str) -> View:
    setattr(view, RULE, rule)
    return view
