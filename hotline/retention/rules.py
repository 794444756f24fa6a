"""How long each table's rows and each kind of file are kept: one table, and a test that nothing is missing.

Starting values: lessons of peers (audio and texts 180 days after the case closes, audit 5 years).
"""

PERSON = "180 days (HOTLINE_KEEP_DAYS) after the person's last case closed and their last call, text or mailbox visit"
COUNTED = f"words and numbers: {PERSON}; the row itself stays to be counted, and holds nobody's words"
SERVICE = "while it is in service"
DAYS_OF_DONE_WORK = 30
DAYS_OF_TRIES = 30  # guesses are counted by the hour and day; who looks into an attack has a month
DAYS_OF_COMPARISONS = 365
DAYS_OF_SPOKEN = 30  # who recorded sees for so long why something could not be used; the take itself stays
DAYS_WITHDRAWN = 365  # so that a place can come back
DAYS_OF_PLACES = 2  # nothing is heard there after one

TABLES: dict[str, str] = {
    "contacts": COUNTED,
    "calls": COUNTED,
    "steps": COUNTED,
    "recordings": COUNTED,
    "messages": COUNTED,
    "attachments": COUNTED,
    "text_places": f"{DAYS_OF_PLACES} days, or until the conversation is over",
    "carrier_events": COUNTED,
    "reports": PERSON,
    "transcripts": PERSON,
    "claims": PERSON,
    "cases": PERSON,
    "case_notes": PERSON,
    "case_changes": PERSON,
    "voice_replies": PERSON,
    "callbacks": COUNTED,
    "mailboxes": PERSON,
    "mailbox_tries": f"{DAYS_OF_TRIES} days, or until the caller is erased",
    "outbox": f"{DAYS_OF_DONE_WORK} days after the work was done; what is due stays",
    "reconciliations": f"{DAYS_OF_COMPARISONS} days",
    "audit": "5 years (HOTLINE_AUDIT_YEARS), then month by month, whole",
    "audit_closings": "for good: the chain stands on them",
    "audit_head": "for good: the end of the chain",
    "lines": SERVICE,
    "studio_pins": "an hour, or until given back; ended ones go with the next purge",
    "studio_tries": f"{DAYS_OF_TRIES} days, or until the caller is erased",
    "spoken_prompts": f"{DAYS_OF_SPOKEN} days; one of which nobody knows what it is until a person says so",
    "takes": "for good: earlier recordings of prompts stay",
    "help_places": f"{SERVICE}, and {DAYS_WITHDRAWN} days after it was withdrawn",
    "help_names": "as the place that is named",
    "area_names": "while a place in the area is kept",
    "tree_versions": "for good: what callers heard at any time can be shown",
    "tree_releases": "for good, likewise",
    "users": SERVICE + "; who was let go stays named in the audit trail",
    "roles": SERVICE,
    "roles_users": SERVICE,
}
FILES: dict[str, str] = {
    "media": f"originals, playback copies, copies of pictures: {PERSON}; what no row names goes with the next purge",
    "spool": "until the database has taken it; a refused one until a person has looked",
    "erasures.jsonl": "for good, outside the backups: it makes every restore erase again",
    "prompts": SERVICE,
    "takes": "a copy of the recordings that are on the line",
    "places.json": "a copy of the places where help is, made anew whenever they change",
    "trees.json": "a copy of the trees that are live, made anew whenever they change",
}
