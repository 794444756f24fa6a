"""What a trial call has shown of the carrier's claims."""

from collections.abc import Callable

from hotline.carrier.profiles import Profile
from hotline.preflight.finding import Finding, fault, fine
from hotline.preflight.mend_claim import mend_claim
from hotline.preflight.trial import KEY, Trial
from hotline.webhooks.signature import bears_signature

SAYS = {
    "initiated": {"initiated", "queued"},
    "ringing": {"ringing"},
    "answered": {"in-progress"},
    "completed": {"completed"},
}  # what CallStatus is in a callback about each event


def is_signed(profile: Profile, trial: Trial, tokens: tuple[str, ...]) -> list[Finding]:
    """Whether each webhook of the call bears the signature that the profile names."""
    asked = trial.asked
    if not asked:
        return fault("The carrier asked nothing.", "Look whether it runs on this machine.")
    if not all(bears_signature(tokens, one.address, one.pairs, one.signature) for one in asked):
        mend = "Look at TWILIO_AUTH_TOKEN; a carrier that signs otherwise is let in nowhere."
        return fault(f"Its webhooks do not bear the signature {profile.signature}.", mend)
    return fine(f"Each of its {len(asked)} webhooks bears {profile.signature}.")


def are_verbs_played(profile: Profile, trial: Trial) -> list[Finding]:
    """Whether its documents are followed to their end, and what is in them done."""
    if not trial.was_asked("/play"):
        tried = [verb for verb in ("Pause", "Say") if verb in profile.verbs]
        says = f"A document with {', '.join((*tried, 'Redirect'))} was not followed to its end."
        return fault(says, mend_claim(profile, "verbs", "only those that it plays"))
    key_told = KEY in trial.told("/pressed", "Digits")
    seen = (
        ("Play", "/sound.wav" in trial.fetched, "Play does not fetch its sound."),
        ("Gather", trial.was_asked("/keys"), "After Gather with nothing pressed the call does not go on."),
        ("Gather", key_told, "Gather does not tell the key that was pressed."),
        ("Reject", trial.rung == "busy", "Reject does not end a ring as busy, so it may cost its caller."),
    )
    wrong = [
        Finding(says, mend_claim(profile, "verbs", f"not {verb}, without which it cannot be used"))
        for verb, is_so, says in seen
        if verb in profile.verbs and not is_so
    ]
    return wrong or fine(
        "It plays what the profile claims, as far as a trial uses it; Play, Gather and Reject are proved."
    )


def are_call_events_told(profile: Profile, trial: Trial) -> list[Finding]:
    told = trial.told("/status", "CallStatus")
    missing = [event for event in profile.call_events if not SAYS[event] & told]
    if missing:
        says = f"Of a call, {', '.join(missing)} is not told, though the profile claims it."
        return fault(says, mend_claim(profile, "call_events", "only what is told"))
    return fine(f"Of a call it tells: {', '.join(profile.call_events)}.")


def are_recording_events_told(profile: Profile, trial: Trial) -> list[Finding]:
    told = trial.told("/recording", "RecordingStatus")
    missing = [event for event in profile.recording_events if event not in told]
    if missing:
        says = f"Of a recording, {', '.join(missing)} is not told, though the profile claims it."
        return fault(says, mend_claim(profile, "recording_events", "only what is told"))
    return fine(f"Of a recording it tells: {', '.join(profile.recording_events)}.")


def is_silence_as_claimed(profile: Profile, trial: Trial) -> list[Finding]:
    seen = "falls through" if trial.was_asked("/fell") else "goes to its action"
    if not trial.was_asked("/fell", "/silent"):
        return fault(
            "After Record the call did not go on.", "Without it nobody hears their number: ask the carrier."
        )
    if seen != profile.empty_recording:
        says = f"Record with nothing said {seen}, and not as the profile claims."
        return fault(says, mend_claim(profile, "empty_recording", seen))
    return fine(f"Record with nothing said {seen}.")


def is_fallback_asked(profile: Profile, trial: Trial) -> list[Finding]:
    if profile.fallback and not trial.was_asked("/fallback"):
        says = "Where the hotline fails nobody else is asked, though the profile claims a fallback."
        return fault(says, mend_claim(profile, "fallback", "false"))
    return fine(
        "Its fallback is asked." if profile.fallback else "It has no fallback: our own errors are answers."
    )


def is_key_asked_for(profile: Profile, trial: Trial) -> list[Finding]:
    if profile.whispers and not trial.was_asked("/whisper"):
        says = "Who is rung by Dial is not asked for a key first, so a voicemail could take a caller."
        return fault(says, mend_claim(profile, "whispers", "false"))
    if not profile.whispers:
        return fine("Nobody is put through: who is rung cannot be asked for a key first.")
    return fine("Who is rung by Dial is asked for a key first.")


def does_refusal_bear_code(profile: Profile, trial: Trial) -> list[Finding]:
    if profile.error_codes and trial.refusal is None:
        says = (
            "A refusal bears no code, though the profile claims it: a STOP at the carrier would not be seen."
        )
        return fault(says, mend_claim(profile, "error_codes", "false"))
    return fine(
        "Refusals bear a code." if profile.error_codes else "Refusals bear no code: our own list is kept."
    )


def are_keywords_answered(profile: Profile, trial: Trial) -> list[Finding]:
    """Where both it and we reply, a worker has two texts for one; where neither does, none."""
    seen = f"{'It replies' if trial.replied else 'Nobody replies'} to HELP where we do not"
    if trial.replied != profile.keywords:
        says = f"{seen}, and the profile claims otherwise."
        return fault(says, mend_claim(profile, "keywords", str(trial.replied).lower()))
    return fine(f"{seen}.")


SHOWN: dict[str, Callable[[Profile, Trial], list[Finding]]] = {
    "Verbs in a call": are_verbs_played,
    "Callbacks of calls": are_call_events_told,
    "Callbacks of recordings": are_recording_events_told,
    "Silence at the microphone": is_silence_as_claimed,
    "Fallback": is_fallback_asked,
    "Putting through": is_key_asked_for,
    "Refusals": does_refusal_bear_code,
    "Keywords": are_keywords_answered,
}
