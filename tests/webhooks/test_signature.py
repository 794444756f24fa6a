"""Who may speak through the carrier's door: judged beside the twilio package's own validator."""

from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from twilio.request_validator import RequestValidator
from werkzeug.datastructures import MultiDict
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from hotline.webhooks.form import read_form
from hotline.webhooks.signature import _signs, _validates, is_signed, raw_path

PUBLIC, TOKEN = "https://hotline.example", "secret"
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


def _request(path: str, fields: MultiDict[str, str], signature: str | None) -> Request:
    builder = EnvironBuilder(
        path=path.partition("?")[0],
        query_string=path.partition("?")[2],
        method="POST",
        data=urlencode(list(fields.items(multi=True))),
        content_type="application/x-www-form-urlencoded",
        headers={"X-Twilio-Signature": signature} if signature is not None else {},
    )
    environ = builder.get_environ()
    environ["RAW_URI"] = path
    return Request(environ)


@given(
    st.lists(st.tuples(texts, texts), max_size=8),
    st.sampled_from(["/voice/step?l=my&n=4", "/sms/incoming", "/voice/step?q=%27%2F%E1%80%80"]),
)
def test_what_the_carriers_library_signs_is_let_in_and_one_changed_sign_is_not(
    pairs: list[tuple[str, str]], path: str
) -> None:
    fields = MultiDict(pairs)
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, fields)
    request = _request(path, fields, signature)
    assert is_signed((TOKEN,), PUBLIC, request, read_form(request).pairs)
    assert is_signed(("new", TOKEN), PUBLIC, request, read_form(request).pairs)
    assert not is_signed(("other",), PUBLIC, request, read_form(request).pairs)
    altered = _request(path + "x", fields, signature)
    assert not is_signed((TOKEN,), PUBLIC, altered, read_form(altered).pairs)


@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
@given(
    body=st.binary(max_size=200),
    signature=st.one_of(st.none(), st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)),
)
def test_nonsense_is_refused_and_never_an_error(
    client: FlaskClient, body: bytes, signature: str | None
) -> None:
    headers = {"X-Twilio-Signature": signature} if signature is not None else {}
    for path in ("/voice/incoming", "/sms/incoming", "/voice/recorded?a=%ff"):
        answer = client.post(
            path, data=body, content_type="application/x-www-form-urlencoded", headers=headers
        )
        assert answer.status_code == 403


def test_the_host_header_says_nothing(client: FlaskClient, line: str) -> None:
    fields = {"CallSid": "CA1", "From": "+66812345678", "To": line}
    signature = RequestValidator("test-token").compute_signature("http://hotline.test/voice/incoming", fields)
    answer = client.post(
        "/voice/incoming",
        data=fields,
        headers={"X-Twilio-Signature": signature, "Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )
    assert answer.status_code == 200 and b"evil" not in answer.data


def test_a_body_over_64_kb_is_refused(client: FlaskClient) -> None:
    answer = client.post(
        "/voice/incoming", data=b"a=" + b"b" * 70_000, content_type="application/x-www-form-urlencoded"
    )
    assert answer.status_code in (403, 413)


def test_a_slash_at_the_end_and_a_get_are_understood(client: FlaskClient, line: str) -> None:
    query = urlencode({"CallSid": "CA1", "From": "+66812345678", "To": line})
    for path in (f"/voice/incoming/?{query}", f"/voice/incoming?{query}"):
        signature = RequestValidator("test-token").compute_signature("http://hotline.test" + path, {})
        assert client.get(path, headers={"X-Twilio-Signature": signature}).status_code == 200


@pytest.mark.parametrize("token", ["", "test-token"])
def test_no_signature_is_no_entry(client: FlaskClient, token: str) -> None:
    headers = {"X-Twilio-Signature": token} if token else {}
    assert client.post("/voice/incoming", data={"CallSid": "CA1"}, headers=headers).status_code == 403


@given(st.lists(st.tuples(texts, texts), max_size=8), st.text(max_size=30))
def test_the_short_way_says_what_the_library_says(pairs: list[tuple[str, str]], given_: str) -> None:
    address, fields = PUBLIC + "/voice/step?l=my", MultiDict(pairs)
    signature = RequestValidator(TOKEN).compute_signature(address, fields)
    form = tuple(fields.items(multi=True))
    assert _signs(TOKEN, address, form, signature) is _validates(TOKEN, address, form, signature) is True
    assert _signs("other", address, form, signature) is _validates("other", address, form, signature) is False
    assert _signs(TOKEN, address, form, given_) is False


def test_what_is_no_text_is_signed_by_nobody() -> None:
    form = (("Body", "\ud800"),)
    assert _signs(TOKEN, PUBLIC, form, "x") is False and _validates(TOKEN, PUBLIC, form, "x") is False


def test_the_carrier_may_name_the_port_or_not() -> None:
    fields = MultiDict({"CallSid": "CA1"})
    named = RequestValidator(TOKEN).compute_signature(PUBLIC + ":443/voice/incoming", fields)
    request = _request("/voice/incoming", fields, named)
    assert is_signed((TOKEN,), PUBLIC, request, read_form(request).pairs)
    assert is_signed(("new", TOKEN), PUBLIC, request, read_form(request).pairs)
    assert not is_signed(("other",), PUBLIC, request, read_form(request).pairs)


def test_the_address_is_read_as_it_was_sent_whoever_serves() -> None:
    for name in ("RAW_URI", "REQUEST_URI"):  # gunicorn, others
        assert (
            raw_path(Request(EnvironBuilder(path="/x").get_environ() | {"RAW_URI": "", name: "/v?q=%27"}))
            == "/v?q=%27"
        )
    bare = EnvironBuilder(path="/voice/step").get_environ() | {"RAW_URI": "", "REQUEST_URI": ""}
    assert raw_path(Request(bare)) == "/voice/step"
    asked = EnvironBuilder(path="/voice/step", query_string="a=1").get_environ() | {
        "RAW_URI": "",
        "REQUEST_URI": "",
    }
    assert raw_path(Request(asked)) == "/voice/step?a=1"
