"""What every answer tells the browser: run nothing of others, show nothing inside others, keep nothing."""

from flask import Flask, Response, request

from hotline.settings import Settings
from hotline.web.rules import CARRIER, rule_here

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "media-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The key of a second factor is drawn into the page that shows it, and has no address of its own.
QR_PAGE, QR_POLICY = ("security.two_factor_setup", POLICY.replace("img-src 'self'", "img-src 'self' data:"))


def set_headers(app: Flask, settings: Settings) -> None:
    secure = settings.public_url.startswith("https://")

    @app.after_request
    def _guard(answer: Response) -> Response:
        if rule_here() == CARRIER:  # no browser reads these, and a caller waits for them
            return answer
        answer.headers.setdefault(
            "Content-Security-Policy", QR_POLICY if request.endpoint == QR_PAGE else POLICY
        )
        answer.headers.setdefault("Referrer-Policy", "no-referrer")
        answer.headers.setdefault("X-Content-Type-Options", "nosniff")
        answer.headers.setdefault("X-Frame-Options", "DENY")
        answer.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        answer.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        answer.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        if secure:
            answer.headers.setdefault("Strict-Transport-Security", "max-age=63072000")
        if "Cache-Control" not in answer.headers or request.blueprint not in ("files", "prompts"):
            answer.headers["Cache-Control"] = "no-store"
        return answer
