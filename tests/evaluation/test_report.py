import io
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import matplotlib
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from guerdon.evaluation.comparison import Comparison
from guerdon.evaluation.report import print_table, render_page, save_headline, save_page
from guerdon.evaluation.report.canvas import spread
from guerdon.evaluation.report.style import looks, short_labels
from guerdon.evaluation.report.words import lead, number, percent, verdict

from .synthetic import make_runs

BUSY, SUCCESS = "household/busy-v1", "household/success-v1"


class Checker(HTMLParser):
    """Follows tags, collects ids and everything that a browser would fetch."""

    VOID = frozenset({"meta", "link", "br", "img", "input", "hr", "path", "use"})

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.fetched, self.headings = [], [], [], []

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag not in self.VOID:
            self.open.append(tag)
        if values.get("id"):
            self.ids.append(values["id"])
        self.fetched += [values[key] for key in ("src", "href", "xlink:href", "poster") if values.get(key)]
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag


@pytest.fixture(scope="module")
def page(comparison):
    return render_page(comparison)


def test_the_page_is_whole_and_fetches_nothing(page):
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    assert len(set(checker.ids)) == len(checker.ids)
    assert all(address.startswith("#") and address[1:] in checker.ids for address in checker.fetched)
    assert "<script" not in page
    assert "@import" not in page
    assert set(re.findall(r"url\((.)", page)) <= {"#"}
    assert checker.headings[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(checker.headings))


def test_the_page_says_what_it_must(page, comparison):
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
    assert verdict(comparison) in text
    for row in comparison.rows:
        assert row.id in text
        assert row.hash[:16] in text
    assert "HACKED" in text
    assert "4f0c2d1e9a7b" in text
    assert "prefers-color-scheme: dark" in page
    assert page.count("<svg") == 4 + len(comparison.rows)
    assert not re.search(r">\s*(nan|NaN|None)\s*<", page)


def test_figures_follow_the_theme_and_leave_matplotlib_alone(page, comparison):
    for look in looks(comparison).values():
        assert f"var(--{look.key}, {look.colour})" in page
    assert not re.search(r"(fill|stroke): ?#(?!fff)[0-9a-f]{6}", page)
    assert matplotlib.rcParams["svg.fonttype"] == matplotlib.rcParamsDefault["svg.fonttype"]


def test_equal_comparisons_give_equal_bytes(page, comparison, tmp_path):
    assert render_page(comparison) == page
    first = save_headline(comparison, tmp_path / "a.png").read_bytes()
    assert save_headline(comparison, tmp_path / "b.png").read_bytes() == first
    assert first.startswith(b"\x89PNG")
    assert int.from_bytes(first[16:20], "big") == 1800


def test_videos_are_embedded_within_the_budget(tmp_path):
    folders = make_runs(tmp_path, seeds=1, num_tasks=6, rewards=(BUSY, SUCCESS))
    for folder in folders:
        if "/ppo/" in folder.as_posix():
            (folder / "videos").mkdir()
            (folder / "videos" / "ep000_success.mp4").write_bytes(b"s" * 50)
            (folder / "videos" / "ep001_failure.mp4").write_bytes(b"f" * 60)
    comparison = Comparison.from_runs(folders, root=tmp_path)
    page = save_page(comparison, tmp_path / "report.html", base=tmp_path).read_text()
    assert page.count("data:video/mp4;base64,ZmZm") == 2  # failures are what both agents mostly do
    assert "2 more videos" in page
    assert render_page(comparison, tmp_path, max_video_bytes=70).count("data:video/mp4") == 1
    assert "<video" not in render_page(comparison, tmp_path / "elsewhere")


def test_a_bare_comparison_still_makes_a_page(tmp_path):
    """One reward, one seed, no scripted policy, no learning curve, one set."""
    (folder,) = [f for f in make_runs(tmp_path, 1, 6, (SUCCESS,)) if "/ppo/" in f.as_posix()]
    (folder / "metrics.jsonl").unlink()
    episodes = folder / "episodes.csv"
    lines = episodes.read_text().splitlines()
    episodes.write_text("\n".join(line for line in lines if not line.startswith("unseen")))
    comparison = Comparison.from_runs([folder], root=tmp_path)
    page = render_page(comparison)
    assert "There is one seed" in page
    assert "trained under one reward" in page
    checker = Checker()
    checker.feed(page)
    assert checker.open == []
    print_table(comparison, Console(file=io.StringIO()))
    with pytest.raises(ValueError, match="needs two rewards"):
        save_headline(comparison, tmp_path / "x.png")


def test_the_table_fits_80_columns_and_shows_what_counts(comparison):
    out = io.StringIO()
    print_table(comparison, Console(file=out, width=80))
    text = out.getvalue()
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "…" not in text
    rows = [line for line in text.splitlines() if re.match(r" ?(plan-distance|subgoals|success |busy)", line)]
    rows = rows[:5]  # the verdict below names rewards as well
    assert rows[0].split()[0] == "plan-distance"
    assert rows[-1].split()[0] == "busy"
    assert "HACKED" in rows[-1]
    assert text.count("HACKED") == 1
    assert rows[0].split()[-1] == "3"


def test_names_from_outside_are_escaped(comparison):
    row = replace(comparison.rows[0], id="a/<script>[red]-v1")
    odd = replace(comparison, rows=(row,), improvements=(), baselines=())
    assert "<script>" not in render_page(odd)
    out = io.StringIO()
    print_table(odd, Console(file=out, width=100))
    assert "[red]" in out.getvalue()


def test_verdict_and_lead(comparison):
    assert re.fullmatch(
        r"plan-distance solves \d+% of the tasks never trained on; busy was hacked: "
        r"it earns \d+% of the best return known while solving \d+%\.",
        verdict(comparison),
    )
    assert "under 5 rewards for 24,000 steps each, with 3 seeds" in lead(comparison)
    honest = replace(comparison, rows=tuple(r for r in comparison.rows if r.id != BUSY))
    assert verdict(honest).endswith("; no reward was hacked.")


def test_labels_stay_unique():
    assert short_labels([BUSY, "household/success-v1 + 0.1 * household/novelty-v1"]) == {
        BUSY: "busy",
        "household/success-v1 + 0.1 * household/novelty-v1": "success + 0.1 × novelty",
    }
    assert set(short_labels(["a/x-v1", "a/x-v2"]).values()) == {"x-v1", "x-v2"}
    assert set(short_labels(["a/x-v1", "b/x-v1"]).values()) == {"a/x-v1", "b/x-v1"}


def test_percentages_do_not_round_to_certainty():
    assert [percent(x) for x in (0.0, 0.001, 0.5, 0.999, 1.0)] == ["0%", "<1%", "50%", ">99%", "100%"]
    assert [number(x) for x in (None, 0.0, 2.414, 21.66, 1234.5)] == ["NaN", "0.00", "2.41", "21.7", "1,234"]


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from([0.05, 0.1])), max_size=6))
def test_spread_labels_keep_their_order_and_distance(labels):
    places, sizes = [place for place, _ in labels], [size for _, size in labels]
    moved = spread(places, sizes, 0.0, 1.0)
    ordered = [moved[i] for i in sorted(range(len(places)), key=lambda i: (places[i], i))]
    assert all(b - a >= 0.05 - 1e-9 for a, b in pairwise(ordered))
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in moved)


def test_importing_the_report_loads_no_plotting():
    code = (
        "import sys; import guerdon.evaluation.report, guerdon.evaluation.comparison; "
        "print([m for m in ('matplotlib', 'jinja2', 'torch') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
