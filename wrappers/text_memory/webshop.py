"""The memory for the web-shop: what is wanted, what was listed, opened, read and chosen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from .base import TextMemory, register
from .webshop_page import Page, read_page
from .webshop_sheet import KINDS, read_sheet
from .webshop_wish import content, read_wish, terms

__all__ = ["WebshopMemory"]

HITS = 50
"""Most products that a search finds."""


@register
class WebshopMemory(TextMemory):
    """Reads WebShop's text mode. What is held is what has been chosen.

    An action such as "click[b0abc12345]" says nothing, so a product is told by how its title and price, as the page of
    results gives them, fit the goal; an option by name, value and fit. Words are compared by stem; words such as "find"
    or "price" do not count, nor does the sentence with the price bound. The words of titles stay out of the arrays:
    a policy with them learns the products it is trained on by heart and buys fewer of the others right.
    """

    __slots__ = ("_chosen", "_covered", "_instruction", "_item", "_listed", "_notes", "_sheet", "_tried")

    name = "webshop"
    worlds = ("WebShop",)
    FLAGS: ClassVar[Mapping[str, str]] = {
        **{f"is_{kind}": f"it is of this kind: {kind}" for kind in KINDS},
        "match": "share of the goal's words in the title (item, buy), the query or the option's value; of a value, "
        "the share of its words that are in the goal",
        "focus": "share of the title's or query's words that are in the goal",
        "phrase": "longest run of goal words in the title or query, up to 4, in quarters; 1 for a value that stands "
        "in the goal word for word",
        "price_ok": "item, buy: the price, or its low end, is within the bound",
        "early": "item: 1 for the first on the page, 0.1 for the tenth; next, prev: 1 / page",
        "best": "item: the best match on its page that is not too dear; option: the best match of its name",
        "tried": "taken before in this place: page of results, item or start",
        "tried_often": "how often, up to 3 times, in thirds",
        "visited": "item: opened before in this episode",
        "covered": "buy, visited item: share of the goal's words in title, options and the pages read of it",
        "behind": "buy: how much better the best match seen is that was not opened",
        "outdone": "buy: another item that was opened covers more and is not too dear",
        "chosen": "option: it is chosen",
        "rival_chosen": "option: another value of its name is chosen",
        "wanted": "option: it stands in the goal, is the best of its name and is not chosen",
        "unchosen": "buy: an option is still to be chosen, of which a value stands in the goal",
        "seen": "search, next, home: how many products were listed so far, in parts of 50",
    }
    GOAL, HELD, ACTION = 32, 8, 8

    def __init__(self, observation: str, admissible: Sequence[str] = ()):
        super().__init__(observation, admissible)
        self._instruction = read_page(observation, ()).instruction or observation
        self.goal = read_wish(self._instruction).words
        self._sheet = read_sheet(observation, tuple(admissible), self._instruction)
        self._tried: dict[tuple[str, str], int] = {}
        self._item = ""  # the id of the item that is open
        self._chosen: dict[str, str] = {}
        self._listed: dict[str, float] = {}  # id to score of its title; -1 for what is too dear
        self._notes: dict[str, frozenset[str]] = {}  # id of an opened item to the stems read of it
        self._covered: dict[str, float] = {}  # the same as a share; -1 for what is too dear
        self._arrive("", self._sheet.page)

    def update(self, action: str, observation: str, admissible: Sequence[str] = ()) -> None:
        """Note one step."""
        before, self.observation = self._sheet, observation
        place = self._place(), action
        self._tried[place] = self._tried.get(place, 0) + 1
        self._sheet = read_sheet(observation, tuple(admissible), self._instruction)
        page = self._sheet.page
        offer = before.offers.get(action)
        if page.kind == before.page.kind == "item" and offer is not None and offer.kind == "option":
            self._chosen = {**self._chosen, offer.option: offer.value}
        self._arrive(offer.value if offer is not None and offer.kind == "item" else "", page)

    def _arrive(self, opened: str, page: Page) -> None:
        """Note what a page says; `opened` is the id of the item just clicked."""
        if page.kind == "item":
            self._item = opened or self._item or page.title
            self._chosen = {**self._chosen, **page.chosen}
            offered = content(" ".join([page.title, *page.options, *(v for vs in page.options.values() for v in vs)]))
            self._note(offered, page.price)
        elif page.kind == "sub":
            self._note(content(page.text), None)
        else:
            self._item, self._chosen = "", {}
            self._listed.update(self._sheet.scores)
        self.held = tuple(word for value in self._chosen.values() for word in terms(value))

    def _note(self, found: frozenset[str], price: str | None) -> None:
        wish, item = read_wish(self._instruction), self._item
        notes = self._notes[item] = self._notes.get(item, frozenset()) | found
        too_dear = self._covered.get(item, 0.0) < 0 if price is None else not wish.allows(price)
        self._covered[item] = -1.0 if too_dear else wish.share(notes)

    def _place(self) -> str:
        page = self._sheet.page
        return f"{page.kind} {self._item or page.number}"

    def situation(self) -> tuple[str, ...]:
        """Return the kind of page and what is known of it, one word each; the words of a page of no known kind."""
        sheet = self._sheet
        page, told = sheet.page, [f"page:{sheet.page.kind}"]
        if page.kind == "results":
            best = max(sheet.scores.values(), default=-1.0)
            told += [f"number:{min(page.number, 6)}", f"best:{int(4 * max(best, 0.0))}"]
        elif page.kind == "item":
            told += [f"covered:{int(5 * max(self._covered[self._item], 0.0))}", f"unchosen:{self._unchosen()}"]
            told += [f"price_ok:{read_wish(self._instruction).allows(page.price)}"]
        elif page.kind == "other":
            return (*terms(page.text), *told)
        return tuple(told)

    def describe(self, action: str) -> tuple[str, ...]:
        """Return the kind of an action, the size of its price, the words of its option or query."""
        offer = self._sheet.offers.get(action)
        return offer.description if offer is not None else terms(action)

    def _unchosen(self) -> bool:
        return any(self._chosen.get(name) != value for name, value in self._sheet.wanted.items())

    def flags(self, action: str) -> tuple[float, ...]:
        """Return what is known of an admissible action; see `FLAGS`."""
        tried = self._tried.get((self._place(), action), 0)
        offer = self._sheet.offers.get(action)
        if offer is None:
            return (*NOTHING, float(tried > 0), min(tried, 3) / 3, *NO_NOTES)
        kind, notes = offer.kind, NO_NOTES
        if kind == "item":
            covered = self._covered.get(offer.value)
            if covered is not None:
                notes = (1.0, max(covered, 0.0), *NO_NOTES[2:])
        elif kind == "option":
            chosen = self._chosen.get(offer.option)
            is_chosen = chosen == offer.value
            wanted = offer.is_wanted and not is_chosen
            notes = (0.0, 0.0, 0.0, 0.0, float(is_chosen), float(not is_chosen and chosen is not None), float(wanted))
            notes = (*notes, 0.0, 0.0)
        elif kind == "buy":
            notes = self._known_of_buying()
        elif kind in ("search", "next", "home"):
            notes = (*NO_NOTES[:-1], min(len(self._listed), HITS) / HITS)
        return (*offer.flags, float(tried > 0), min(tried, 3) / 3, *notes)

    def _known_of_buying(self) -> tuple[float, ...]:
        covered, listed = self._covered, self._listed
        best_unopened = max((listed[item] for item in listed.keys() - covered.keys()), default=0.0)
        own = max(covered.get(self._item, 0.0), 0.0)
        behind = min(max(best_unopened - self._sheet.fit.score, 0.0), 1.0)
        outdone = max(covered.values(), default=0.0) > own
        return (0.0, own, behind, float(outdone), 0.0, 0.0, 0.0, float(self._unchosen()), 0.0)


FIRST = list(WebshopMemory.FLAGS).index("tried")
NOTHING = (0.0,) * FIRST
NO_NOTES = (0.0,) * (len(WebshopMemory.FLAGS) - FIRST - 2)
