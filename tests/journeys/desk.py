"""The console of a hotline that runs, as a browser talks to it."""

import requests

from tests.signing_in import PASSWORD, token_of


class Desk:
    """A supervisor at the console, as a browser talks to it."""

    def __init__(self, url: str, email: str) -> None:
        self._url, self._browser = url, requests.Session()
        self.post("/staff/sign-in", "/staff/sign-in", email=email, password=PASSWORD)

    def get(self, path: str, **headers: str) -> requests.Response:
        return self._browser.get(self._url + path, headers=headers, timeout=20)

    def post(self, page: str, path: str, **fields: str) -> requests.Response:
        said = fields | {"csrf_token": token_of(self.get(page).text)}
        answer = self._browser.post(self._url + path, data=said, headers={"Referer": self._url}, timeout=20)
        assert answer.status_code < 400, (path, answer.status_code)
        return answer

    def save(self, page: str, words: str) -> None:
        said = {"version": 0, "segments": [{"at": 0, "spoken": words, "meaning": "They keep my wages."}]}
        headers = {"X-CSRFToken": token_of(self.get(page).text), "Referer": self._url}
        answer = self._browser.post(f"{self._url}{page}/draft", json=said, headers=headers, timeout=20)
        assert answer.status_code == 200, answer.text
