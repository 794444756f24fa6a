from tests.transcription.test_in_a_browser import *
import pytest
@pytest.mark.parametrize("n", range(4))
def test_seek(bench, n):
    page = bench
    page.evaluate("""() => {
      window.logged = [];
      const orig = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'currentTime');
      Object.defineProperty(HTMLMediaElement.prototype, 'currentTime', {get() {window.media=this; return orig.get.call(this)}, set(v) {window.media=this; if(!this.hooked){this.hooked=1; for (const e of ['seeking','seeked','timeupdate','pause','play','loadstart','emptied','error','stalled','waiting','durationchange','ended']) this.addEventListener(e, () => window.logged.push([e, orig.get.call(this), this.seeking, this.duration]));}; window.logged.push(['set', v, this.seekable.length ? this.seekable.end(0) : null, this.readyState]); orig.set.call(this, v)}});
    }""")
    page.get_by_label("As spoken, from 0:00").focus()
    page.keyboard.press("Escape")
    expect(page.locator("[data-clock]")).not_to_have_text("0:00", timeout=5000)
    page.keyboard.press("Escape")
    page.keyboard.press("F2")
    page.keyboard.press("F2")
    page.wait_for_timeout(1500)
    t = page.evaluate("window.media.currentTime")
    print(n, t)
    if not 5.9 < t < 9: print(page.evaluate("window.logged"))
