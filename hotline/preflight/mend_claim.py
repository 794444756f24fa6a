"""How a claim that is false is mended."""

from hotline.carrier.profiles import Profile


def mend_claim(profile: Profile, claim: str, ought: str) -> str:
    """What to write where; a profile is also wrong where it is another carrier's."""
    file = f"hotline/carrier/known/{profile.key}.yaml"
    return f"Write in {file}, at {claim}: {ought}; or name the right profile with HOTLINE_CARRIER."
