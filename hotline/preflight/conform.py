"""Whether the carrier does what its profile claims.

With the rehearsal carrier a trial call is held. With any other nothing is called, sent or deleted, unless a
recording or a text's picture is named that may go; what only a call can show is said to be unproved.
"""

from dataclasses import dataclass

from hotline.carrier.asking import Account
from hotline.carrier.client import Carrier
from hotline.carrier.errors import CarrierError
from hotline.preflight.ask_all import Answer
from hotline.preflight.at_carrier import account_of, is_carrier_ready
from hotline.preflight.calls import SHOWN, is_signed
from hotline.preflight.finding import Finding, fault, fine
from hotline.preflight.lists import are_lists_as_claimed
from hotline.preflight.pictures import do_pictures_come
from hotline.preflight.recordings import are_recordings_as_claimed
from hotline.preflight.trial import Trial, hold_trial, is_rehearsal
from hotline.preflight.verbs import are_our_verbs_played
from hotline.rehearsal.client import PhoneError
from hotline.settings import Settings

UNPROVED = (
    "Not proved without a call: Play, Gather and Reject, the signature, the callbacks, Record with nothing said, the"
    " fallback, putting through, the replies to STOP, START and HELP."
    " Call a line from a phone of yours, say nothing, call again and speak: both are then in `hotline ledger`."
)


@dataclass(frozen=True)
class MayGo:
    """Ids at the carrier: a recording, and a text whose picture, that may be deleted to prove that they can be."""

    recording: str = ""
    text: str = ""


NOTHING = MayGo()


def conform(settings: Settings, may_go: MayGo = NOTHING) -> list[Answer]:
    """Each claim by its name, and whether it is true."""
    account, known = account_of(settings), is_carrier_ready(settings)
    profile = account.profile
    answers = [
        _answer("Profile", fine(f"{profile.name} ({profile.key}); HOTLINE_CARRIER names another.")),
        _answer("Credentials", known),
        _answer("Verbs of our answers", are_our_verbs_played(profile)),
    ]
    if any(finding.wrong for finding in known):
        return answers  # nothing else can be asked
    carrier = Carrier(
        settings.twilio_account_sid, settings.twilio_auth_tokens[0], settings.twilio_api_url, profile
    )
    shown, may_go = _try_a_call(settings, account, may_go)
    return [
        *answers,
        *shown,
        _answer("Lists", are_lists_as_claimed(account)),
        _answer("Recordings", are_recordings_as_claimed(account, carrier, may_go.recording)),
        _answer("Pictures", do_pictures_come(account, carrier, may_go.text)),
    ]


def _try_a_call(settings: Settings, account: Account, may_go: MayGo) -> tuple[list[Answer], MayGo]:
    """What a trial showed, and what may be deleted."""
    if not is_rehearsal(settings.twilio_api_url):
        return [_answer("Calls", fine(UNPROVED))], may_go
    try:
        trial: Trial = hold_trial(account, settings.twilio_api_url)
    except (CarrierError, PhoneError) as failed:
        mend = "Look whether the rehearsal carrier runs, and what its log says."
        return [
            _answer("Calls", fault(f"A trial call could not be held ({type(failed).__name__}).", mend))
        ], may_go
    if not trial.ended:
        found = fault("The trial call did not end, or its end was not told.", "Look at the carrier’s log.")
        return [_answer("Calls", found)], may_go
    signed = _answer("Signature", is_signed(account.profile, trial, settings.twilio_auth_tokens))
    shown = [_answer(about, look(account.profile, trial)) for about, look in SHOWN.items()]
    return [signed, *shown], MayGo(may_go.recording or trial.recording, may_go.text or trial.text)


def _answer(about: str, findings: list[Finding]) -> Answer:
    return Answer(about, tuple(findings))
