"""The page in a real browser: labelling by keyboard alone and by mouse, through kills of the server; clips in step."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from guerdon.evaluation.datasets import load_preferences
from guerdon.evaluation.preference_store import read_answers

from .browser import Browser, find_browser
from .conftest import PAIRS

VERB = "import sys; from guerdon.scripts.cli import main; main(sys.argv[1:])"
CLOCKS = "[...document.querySelectorAll('video')].map((video) => video.currentTime)"
DONE = "document.getElementById('finished').hidden === false"
APART_S = 0.1


class Server:
    """`guerdon label`, as a process of its own."""

    def __init__(self, folder: Path, port: int = 0):
        command = [sys.executable, "-P", "-c", VERB, "label", str(folder), "--no-open", "--port", str(port)]
        self.process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        assert self.process.stdout is not None
        self.said = ""
        while "Ctrl-C" not in self.said:
            line = self.process.stdout.readline()
            assert line, f"the command ended: {self.said}"
            self.said += line
        self.url = re.findall(r"http://127\.0\.0\.1:\d+/", self.said)[0]
        self.port = int(self.url.rpartition(":")[2].strip("/"))

    def kill(self) -> None:
        """End it with all that it has started, in the middle of whatever they do."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self._end()

    def interrupt(self) -> str:
        """Press Ctrl-C and return what is printed after that."""
        self.process.send_signal(signal.SIGINT)
        assert self.process.stdout is not None
        said = self.process.stdout.read()
        self._end()
        return said

    def _end(self) -> None:
        assert self.process.stdout is not None
        self.process.wait(20)
        self.process.stdout.close()


class Sitting:
    """A person before the page."""

    def __init__(self, browser: Browser, folder: Path):
        self.browser, self.folder = browser, folder
        self.server = Server(folder)
        browser.open(self.server.url)
        browser.until("labelling.ready()")

    def at(self, pair: int) -> None:
        """Wait for a pair to be shown and playing."""
        self.browser.until(f"labelling.shown() === {pair} && labelling.ready()")

    def press(self, key: str, then: int | None) -> None:
        """Press a key and wait for the pair that has to come, None for the end."""
        self.browser.press(key)
        self.browser.until(DONE) if then is None else self.at(then)

    def restart(self) -> None:
        """Start the command again, on the same port."""
        self.server = Server(self.folder, self.server.port)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    path = find_browser()
    if path is None:
        pytest.skip("NO BROWSER: the labelling page is not tested; put chromium or google-chrome on the PATH")
    made = Browser(path, tmp_path_factory.mktemp("browser") / "profile")
    yield made
    made.close()


@pytest.fixture
def sitting(browser: Browser, folder: Path) -> Iterator[Sitting]:
    browser.errors.clear()
    made = Sitting(browser, folder)
    yield made
    if made.server.process.poll() is None:
        made.server.kill()
    browser.call("Page.navigate", url="about:blank")


@pytest.mark.parametrize("folder", ["filmed"], indirect=True)
def test_ten_pairs_by_keyboard_alone_through_a_kill(sitting: Sitting) -> None:
    browser, folder = sitting.browser, sitting.folder
    assert "Pair 1 of 10" in browser.run("document.getElementById('where').textContent")
    browser.down("ArrowLeft")
    sitting.at(1)
    browser.down("ArrowLeft", repeats=True)  # held down: still one answer
    time.sleep(0.3)
    browser.press("ArrowUp")
    sitting.at(1)
    assert read_answers(folder) == {0: 1.0}
    sitting.press("3", then=2)
    sitting.press("ArrowDown", then=3)
    sitting.press("s", then=4)
    sitting.press("u", then=3)
    assert read_answers(folder) == {0: 1.0, 1: 0.0, 2: 0.5}
    sitting.press("Backspace", then=2)
    sitting.press("2", then=3)
    sitting.press("S", then=4)
    sitting.press("ArrowRight", then=5)

    sitting.server.kill()
    kept = {0: 1.0, 1: 0.0, 2: 0.5, 3: None, 4: 0.0}
    assert read_answers(folder) == kept
    browser.press("1")  # the answer waits in the page until there is a server again
    browser.until("document.getElementById('note').textContent.includes('does not answer')")
    sitting.restart()
    assert "labelled 4 of 10 pairs, skipped 1" in sitting.server.said
    sitting.at(6)
    assert read_answers(folder) == {**kept, 5: 1.0}
    assert browser.run("document.getElementById('note').hidden")

    sitting.server.kill()  # and once more, with a page that is opened anew
    sitting.restart()
    browser.open(sitting.server.url)
    sitting.at(6)
    assert "Pair 7 of 10" in browser.run("document.getElementById('where').textContent")
    for _ in range(20):
        browser.press("Tab")
        if browser.run("document.activeElement.id") == "equal":
            break
    assert browser.run("document.activeElement.matches(':focus-visible')")
    sitting.press("Enter", then=7)
    sitting.press(" ", then=8)  # a button that has the focus is what Space presses
    sitting.press("ArrowLeft", then=9)
    sitting.press("ArrowRight", then=None)
    text = browser.run("document.body.innerText")
    assert "All 10 pairs are answered" in text
    assert "guerdon fit --model bradley-terry --data" in text
    sitting.press("u", then=9)
    sitting.press("3", then=None)

    expected = [1.0, 0.0, 0.5, np.nan, 0.0, 1.0, 0.5, 0.5, 1.0, 0.0]
    found = load_preferences(folder)
    np.testing.assert_array_equal(found.labels, expected)
    assert found.source == "human"
    assert "labelled 9 of 10 pairs, skipped 1" in sitting.server.interrupt()
    assert sitting.server.process.returncode == 0
    assert browser.errors == []


def assert_it_can_be_read_aloud(browser: Browser) -> None:
    nameless = """[...document.querySelectorAll('button, video, progress, output, section')]
        .filter((one) => !(one.getAttribute('aria-label') || one.getAttribute('aria-labelledby') || one.innerText))"""
    assert browser.run(f"{nameless}.length") == 0
    assert browser.run("document.querySelector('#where[aria-live=polite]').textContent") == f"Pair 1 of {PAIRS}"
    assert browser.run("document.documentElement.lang") == "en"
    assert browser.run("document.querySelector('#goal span').textContent.length") > 0 or browser.run(
        "document.querySelectorAll('figcaption .goal:not([hidden])').length"
    )
    assert browser.run("document.documentElement.scrollHeight <= innerHeight")


@pytest.mark.parametrize("folder", ["filmed"], indirect=True)
def test_by_mouse(sitting: Sitting) -> None:
    browser = sitting.browser
    assert_it_can_be_read_aloud(browser)
    for pair, (button, label) in enumerate({"left": 1.0, "right": 0.0, "equal": 0.5, "skip": None}.items()):
        browser.click(f"#{button}")
        sitting.at(pair + 1)
        assert read_answers(sitting.folder)[pair] == label
    browser.click("#undo")
    sitting.at(3)
    browser.click("#left")
    sitting.at(4)
    before = read_answers(sitting.folder)
    browser.press(" ")  # replays, although the last click was on a button
    browser.until("labelling.playing()")
    browser.click("#faster")
    assert browser.run("document.querySelector('output').textContent") == "1.5×"
    assert browser.run("[...document.querySelectorAll('video')].map((video) => video.playbackRate > 1.2)") == [True] * 2
    browser.click("#slower")
    assert read_answers(sitting.folder) == before == {0: 1.0, 1: 0.0, 2: 0.5, 3: 1.0}
    assert browser.errors == []


@pytest.mark.parametrize("folder", ["filmed"], indirect=True)
def test_both_clips_are_in_step(sitting: Sitting) -> None:
    browser = sitting.browser
    pairs = load_preferences(sitting.folder).pairs
    uneven = int(np.abs(np.diff(pairs[:, :, 2] - pairs[:, :, 1], axis=1)).argmax())
    for pair in range(uneven):
        sitting.press("2", then=pair + 1)
    lengths = browser.run("[...document.querySelectorAll('video')].map((video) => video.duration)")
    assert lengths[0] == lengths[1] >= 2

    def watch(times: int) -> list[list[float]]:
        seen = []
        for _ in range(times):
            time.sleep(0.06)
            if browser.run("labelling.playing()"):
                seen.append(browser.run(CLOCKS))
        return seen

    browser.press(" ")
    browser.until("labelling.playing()")
    seen = watch(15)
    assert len(seen) >= 10
    assert seen[-1][0] - seen[0][0] > 0.3
    assert max(abs(left - right) for left, right in seen) < APART_S

    for push in (0.12, 0.6):  # one clip stumbles: it is slowed down, or set back
        browser.press(" ")
        browser.until("labelling.playing() && document.querySelector('video').currentTime < 0.5")
        browser.run(f"void (document.querySelectorAll('video')[1].currentTime += {push})")
        browser.until("labelling.playing() && document.querySelector('video').currentTime > 0.2")
        browser.until(f"Math.abs(labelling.drift()) < {APART_S / 2}")
        assert browser.run("labelling.playing()")
        assert browser.run("document.querySelector('video').currentTime") < lengths[0]

    browser.press("p")
    browser.until("!labelling.playing()")
    still = browser.run(CLOCKS)
    time.sleep(0.2)
    assert browser.run(CLOCKS) == still
    assert abs(still[0] - still[1]) < APART_S
    browser.press(" ")  # and from the start again
    browser.until("labelling.playing()")
    assert max(browser.run(CLOCKS)) < still[0] + 0.5
    assert browser.errors == []
