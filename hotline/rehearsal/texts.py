"""Texts as the carrier carries them, with the words it acts on by itself."""

import threading
import time
from collections.abc import Sequence
from datetime import UTC, datetime

from hotline.rehearsal.exchange import Exchange, Text
from hotline.rehearsal.webhook import NoAnswer, ask, tell

# Twilio, "Advanced Opt-Out": the default keywords and answers.
STOP = {"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
START = {"START", "YES", "UNSTOP"}
HELP = {"HELP", "INFO"}
ANSWERS = {
    "STOP": "You have successfully been unsubscribed. You will not receive any more messages from this number."
    " Reply START to resubscribe.",
    "START": "You have successfully been re-subscribed to messages from this number.",
    "HELP": "Reply STOP to unsubscribe. Msg&Data Rates May Apply.",
}  # fmt: skip


class Stopped(Exception):
    """21610: this number has sent STOP."""


def text_in(
    exchange: Exchange, from_: str, to: str, body: str, files: Sequence[tuple[str, bytes]] = ()
) -> Text:
    """A phone sends a text to a line, with files (what type each says it is, and its bytes). With `no_mms` they are
    dropped on the way."""
    now = datetime.now(UTC)
    sid, media = _keep_files(exchange, files)
    text = _keep(exchange, Text(sid, from_, to, body, True, "received", now, sent_at=now, media=media))
    word = body.strip().upper()
    kind = "" if exchange.config.gaps.no_codes else _keyword(word)
    fields = {
        "AccountSid": exchange.config.account_sid, "ApiVersion": "2010-04-01", "Body": body, "From": from_,
        "MessageSid": text.sid, "NumMedia": str(len(media)), "NumSegments": "1", "SmsMessageSid": text.sid,
        "SmsSid": text.sid, "SmsStatus": "received", "To": to,
    }  # fmt: skip
    for number, (type, _) in zip(range(len(media)), files, strict=False):
        fields[f"MediaContentType{number}"] = type
        fields[f"MediaUrl{number}"] = f"{exchange.account_url}/Messages/{sid}/Media/{media[number]}"
    if kind:
        fields["OptOutType"] = kind
        (exchange.stopped.add if kind == "STOP" else exchange.stopped.discard)((to, from_))
        answer = Text(
            exchange.new_sid("SM"),
            to,
            from_,
            ANSWERS[kind],
            False,
            "delivered",
            now,
            by_carrier=True,
            sent_at=now,
        )
        _keep(exchange, answer)
    asked = exchange.leads(to)["sms_url"]
    if exchange.faults.is_slow:
        tell(exchange.config, exchange.faults, asked, fields)
        return text
    try:
        ask(exchange.config, exchange.faults, asked, fields)
    except NoAnswer:
        text.status = "failed"
    return text


def _keep_files(exchange: Exchange, files: Sequence[tuple[str, bytes]]) -> tuple[str, tuple[str, ...]]:
    """(id of the text, those of its files)."""
    if exchange.config.gaps.no_mms:
        files = ()
    sid = exchange.new_sid("MM" if files else "SM")
    return sid, tuple(exchange.keep_media(sid, type, file).sid for type, file in files)


def _keyword(word: str) -> str:
    return "STOP" if word in STOP else "START" if word in START else "HELP" if word in HELP else ""


def text_out(
    exchange: Exchange,
    from_: str,
    to: str,
    body: str,
    callback: str | None,
    files: Sequence[tuple[str, bytes]] = (),
) -> Text:
    """The hotline sends a text to a phone, with files as `text_in` has them. Raises: Stopped."""
    if (from_, to) in exchange.stopped:
        raise Stopped
    sid, media = _keep_files(exchange, files)
    text = Text(sid, from_, to, body, False, "queued", datetime.now(UTC), media=media)
    _keep(exchange, text)
    threading.Thread(target=_deliver, args=(exchange, text, callback), daemon=True).start()
    return text


def _deliver(exchange: Exchange, text: Text, callback: str | None) -> None:
    """Queued, sent, delivered: each is told before the next, unless callbacks are to come in any order."""
    text.error_code = exchange.faults.text_error
    for status in ("queued", "sent", "undelivered" if text.error_code else "delivered"):
        if status != "queued":
            time.sleep(0.5 / exchange.config.speed)
        if status == "sent":
            text.sent_at = datetime.now(UTC)
        text.status = status
        told = _tell(exchange, text, callback) if callback else None
        if told and not exchange.faults.shuffle:
            told.join()


def _tell(exchange: Exchange, text: Text, callback: str) -> threading.Thread | None:
    fields = {
        "AccountSid": exchange.config.account_sid, "ApiVersion": "2010-04-01", "From": text.from_,
        "MessageSid": text.sid, "MessageStatus": text.status, "SmsSid": text.sid, "SmsStatus": text.status,
        "To": text.to,
    }  # fmt: skip
    if text.status == "undelivered":
        fields["ErrorCode"] = str(text.error_code)
    return tell(exchange.config, exchange.faults, callback, fields)


def _keep(exchange: Exchange, text: Text) -> Text:
    with exchange.lock:
        exchange.texts[text.sid] = text
    return text
