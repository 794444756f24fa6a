"""Two doors of one application: no staff page behind the carrier's, no webhook behind the console's."""

import pytest

from hotline import create_app
from hotline.settings import Settings


@pytest.mark.parametrize(
    ("door", "open_", "shut"),
    [
        ("carrier", "/healthz", "/staff/sign-in"),
        ("console", "/staff/sign-in", "/prompts/0123456789.wav"),
    ],
)
def test_each_door_serves_its_own(settings: Settings, door: str, open_: str, shut: str) -> None:
    client = create_app(settings.model_copy(update={"door": door})).test_client()
    assert client.get(open_).status_code == 200
    assert client.get(shut).status_code == 404
    webhook = client.post("/voice/incoming", data={"CallSid": "CA1"}).status_code
    assert webhook == (403 if door == "carrier" else 404)
