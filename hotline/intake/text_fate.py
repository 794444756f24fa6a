"""Why a text of ours did not arrive, in plain words."""

NAMED, REFUSED, LATE = "names the hotline", "refused", "late"  # errors of ours: it was never sent
UNKNOWN = "unknown"  # ours, too: it may have been sent
# Ours, and what Twilio's error codes of messages mean: https://www.twilio.com/docs/api/errors
WHY = {
    REFUSED: "they said not to text them",
    "21610": "they said not to text them",
    NAMED: "they asked not to have the hotline named",
    LATE: "it was not sent within the hour that it was good for",
    UNKNOWN: "the carrier did not say in time whether it took it",
    "21211": "the number is not one that can be texted",
    "21614": "the number is not a mobile phone’s",
    "30003": "the phone is off or out of reach",
    "30004": "the phone or its network blocks our texts",
    "30005": "nobody has this number, or the phone is off",
    "30006": "it is a landline, or its network takes no texts",
    "30007": "their network took it for advertising",
    "30036": "the phone was not reached within the hour that it was good for",
}
LOST = ("failed", "undelivered")


def why_not_arrived(error: str | None) -> str:
    """Empty where nothing is known but the carrier's number, or not even that."""
    return WHY.get(error or "", "")
