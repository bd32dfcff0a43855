"""Instructions in words: how a shopper asks for a product of a type with certain attributes and options."""

from __future__ import annotations

from collections.abc import Mapping

from .draws import Draw, pick, shuffle
from .paraphrases import PARAPHRASES, SIZE_WORDS
from .words import Attribute, Name, ProductType, attributes_by_text, with_article

__all__ = ["TEMPLATES", "human_instruction", "synthetic_instruction"]

TEMPLATES = (
    "i'm looking for {thing}{clauses}{choices}",
    "i am looking for {thing}{choices}{clauses}",
    "can you find me {thing}{clauses}{choices}",
    "show me {thing}{clauses}{choices}",
    "i need {thing}{clauses}{choices}",
    "i want to buy {thing}{choices}{clauses}",
    "find me {thing}{clauses}{choices}",
    "please find {thing}{clauses}{choices}",
    "looking for {thing}{choices}{clauses}",
    "i would like {thing}{clauses}{choices}",
    "get me {thing}{choices}{clauses}",
    "help me find {thing}{clauses}{choices}",
    "do you have {thing}{clauses}{choices}",
    "i'm shopping for {thing}{clauses}{choices}",
    "i am in need of {thing}{clauses}{choices}",
    "could you show me {thing}{choices}{clauses}",
    "i want {thing}{clauses}{choices}",
    "where can i get {thing}{clauses}{choices}",
    "buy me {thing}{clauses}{choices}",
    "hi, i'd like to order {thing}{clauses}{choices}",
    "my sister asked for {thing}{clauses}{choices}",
    "it's time for {thing}{clauses}{choices}",
    "let's look for {thing}{choices}{clauses}",
    "{bare}{clauses}{choices}, please",
    "i need {plain}{choices}. {pronoun} should {demands}",
    "shopping list: {bare}{choices}. {pronoun} must {demands}",
    "i want {plain} and {pronoun} has to {demands}{choices}",
    "i've been searching for {plain} for days{choices}. {pronoun} needs to {demands}",
    "we are out of luck with {plain} in town. {pronoun} should {demands}{choices}",
    "{bare} wanted{choices}. must {demands}",
)
"""Wordings of human-style instructions.

thing: the product with its article and adjectives; bare: without the article; plain: without adjectives; clauses: what
follows it, such as " with a lid"; choices: wanted options; demands: all attributes as what it should do or be.
"""

_DEMANDS = {"is": "be {}", "with": "come with {}", "of": "be made of {}", "for": "be good for {}"}
_CLAUSES = {"is": "that {is} {}", "with": "with {}", "of": "made of {}", "for": "for {}"}
_CHOICES = {
    "color": (" in {}", " in {}", " in the color {}", ", color {}", ". i want the {} one", " in {} color"),
    "size": (" in size {}", ", size {}", ", size {}", " in {}", ". the size should be {}", " that comes in {}"),
    "style": (" in the {} style", ", {} style", ", the {} one"),
    "scent": (" with the {} scent", " that smells of {}", ", {} scented", ", scent {}"),
    "flavor": (" in {} flavor", ", {} flavored", " that tastes of {}", ", {} flavor"),
    "pack size": (", {}", ". i'd take the {}", " as a {}", " in a {}"),
    "material": (" in {}", ", material {}", ", the {} one"),
}
_SUBJECTS = ("vegans",)
_VERBS = {"is": "are", "was": "were", "does": "do", "has": "have", "goes": "go"}
_SHARE_PARAPHRASED = 0.33
_SHARE_REWORDED = 0.5
_SHARE_IN_FRONT = 0.7
_SHARE_CAPITAL = 0.08
_SYNTHETIC = ("i'm looking for {}", "find me {}", "i need {}", "looking for {}", "please find {}", "i want {}")


def human_instruction(
    product_type: ProductType, attributes: tuple[str, ...], options: Mapping[str, str], draw: Draw
) -> str:
    """Return a human-style instruction, without the price.

    Args:
        product_type: what is asked for.
        attributes: texts of the wanted attributes.
        options: wanted values by option name.
        draw: the source of randomness.
    """
    template = pick(TEMPLATES, draw)
    name = product_type.names[0] if draw() < 0.4 else pick(product_type.names, draw)
    wanted = [attributes_by_text()[text] for text in shuffle(attributes, draw)]
    front, clauses, demands = _said(wanted, name, "{demands}" in template, draw)
    goes_on = "{choices}{clauses}" in template
    values = [_choice(option, value, name, goes_on, draw) for option, value in shuffle(list(options.items()), draw)]
    # What begins a new sentence goes last.
    values.sort(key=lambda value: value.startswith("."))
    bare = f"{', '.join(front)} {name.text}".strip()
    text = template.format(
        thing=bare if name.phrase == name.text else with_article(bare),
        bare=bare,
        plain=name.phrase,
        clauses="".join(clauses),
        choices="".join(values),
        pronoun="they" if name.plural else "it",
        demands=demands,
    )
    if name.plural:
        text = text.replace("they has", "they have").replace("they needs", "they need")
    return text[0].upper() + text[1:] if draw() < _SHARE_CAPITAL else text


def synthetic_instruction(product_type: ProductType, attributes: tuple[str, ...], draw: Draw) -> str:
    """Return the instruction of the synthetic goals of a product, without options and price."""
    wanted = [attributes_by_text()[text] for text in attributes]
    front = ", ".join(attribute.text for attribute in wanted if attribute.kind == "is")
    behind = "".join(f" {_clause(attribute, product_type.names[0])}" for attribute in wanted if attribute.kind != "is")
    return pick(_SYNTHETIC, draw).format(f"{front} {product_type.query}{behind}".strip())


def _said(wanted: list[Attribute], name: Name, demanded: bool, draw: Draw) -> tuple[list[str], list[str], str]:
    """Return the attributes as adjectives in front, as clauses behind, and as demands."""
    front, clauses, demands = [], [], []
    for attribute in wanted:
        other = PARAPHRASES.get(attribute.text)
        if other and draw() < _SHARE_PARAPHRASED:
            if demanded:
                demands.append(f"be something {other}")
            else:
                clauses.append(f" {_plural(other) if name.plural else other}")
        elif demanded:
            demands.append(_DEMANDS[attribute.kind].format(attribute.text))
        elif attribute.kind == "is" and draw() < _SHARE_IN_FRONT:
            front.append(attribute.text)
        else:
            clauses.append(f" {_clause(attribute, name)}")
    # Long clauses go last, and two of a kind are joined.
    clauses.sort(key=lambda clause: clause.startswith(" that "))
    demands.sort(key=lambda demand: demand.startswith("be something "))
    if len(clauses) > 1 and clauses[-1].split()[0] == clauses[-2].split()[0]:
        clauses[-1] = " and" + clauses[-1]
    return front, clauses, _join(demands, draw)


def _plural(clause: str) -> str:
    """Return "that helps hair" as it is said of several things."""
    that, _, rest = clause.partition(" ")
    verb, _, rest = rest.partition(" ")
    if that != "that" or verb in _SUBJECTS or not verb.endswith("s"):
        return clause
    if verb in _VERBS:
        verb = _VERBS[verb]
    else:
        verb = f"{verb[:-3]}y" if verb.endswith("ies") else verb.removesuffix("es" if verb.endswith("ches") else "s")
    return f"that {verb} {rest}"


def _clause(attribute: Attribute, name: Name) -> str:
    return _CLAUSES[attribute.kind].format(attribute.text, **{"is": "are" if name.plural else "is"})


def _choice(option: str, value: str, name: Name, goes_on: bool, draw: Draw) -> str:
    """Return the words that ask for an option; no new sentence if the one that it is in goes on."""
    wording = pick(_CHOICES[option], draw)
    if goes_on and wording.startswith("."):
        wording = _CHOICES[option][0]
    if name.plural and wording.startswith(" that "):
        wording = f" {_plural(wording.strip())}"
    if value in SIZE_WORDS and draw() < _SHARE_REWORDED:
        value = SIZE_WORDS[value]
    return wording.format(value)


def _join(parts: list[str], draw: Draw) -> str:
    if len(parts) < 3 or draw() < 0.3:
        return " and ".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
