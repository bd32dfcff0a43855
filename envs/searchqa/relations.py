"""What can hold between things, and how it is asked for and told: the world's grammar, as data."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["NOISE", "RELATIONS", "Relation"]


@dataclass(frozen=True, slots=True)
class Relation:
    """One kind of fact about a thing of one kind.

    Attributes:
        label: its name in triples, "born in". No two relations share one.
        of: kind of thing that has it.
        phrases: ways to name its object inside a question, with {x} for the thing; none if it cannot be gone on from.
        asked: whole questions for its object.
        told: sentences that state it, with {x} for the thing and {y} for the object or objects.
    """

    label: str
    of: str
    phrases: tuple[str, ...]
    asked: tuple[str, ...]
    told: tuple[str, ...]


_TABLE = (
    ("capital", "country",
     ("the capital of {x}", "the town from which {x} is ruled"),
     ("What is the capital of {x}?", "From which town is {x} ruled?"),
     ("Its capital is {y}.", "{x} is ruled from {y}.")),
    ("head of state", "country",
     ("the head of state of {x}", "the person who governs {x}"),
     ("Who is the head of state of {x}?", "Who governs {x}?"),
     ("The head of state is {y}.", "{x} is governed by {y}.")),
    ("official language", "country",
     (), ("What is the official language of {x}?", "What do people speak in {x}?"),
     ("The official language is {y}.", "In the streets of {x} people speak {y}.")),
    ("rivers", "country",
     (), ("Which rivers are there in {x}?", "Which rivers cross {x}?"),
     ("Its rivers are {y}.", "The rivers that cross {x} are {y}.")),
    ("country", "town",
     ("the country of {x}", "the country in which {x} lies"),
     ("In which country does {x} lie?", "What is the country of {x}?"),
     ("{x} is a town in the country of {y}.", "The country around {x} is {y}.")),
    ("mayor", "town",
     ("the mayor of {x}", "the person who heads the council of {x}"),
     ("Who is the mayor of {x}?", "Who heads the council of {x}?"),
     ("Its mayor is {y}.", "{y} heads the council.")),
    ("river", "town",
     ("the river at {x}", "the river on which {x} stands"),
     ("On which river does {x} stand?", "What is the river at {x}?"),
     ("{x} stands on the river {y}.", "Its bridge is over the river {y}.")),
    ("known for", "town",
     (), ("What is {x} known for?", "For what is {x} famous?"),
     ("It is known for {y}.", "{x} is famous for {y}.")),
    ("flows through", "river",
     (), ("Through which towns does {x} flow?", "Which towns lie along {x}?"),
     ("It flows through {y}.", "Along its banks lies {y}.")),
    ("sea", "river",
     (), ("Into which sea does {x} run?", "Which sea does {x} reach?"),
     ("It runs into the sea called {y}.", "{x} reaches the sea at the shores of {y}.")),
    ("founded by", "company",
     ("the founder of {x}", "the person who started {x}"),
     ("Who founded {x}?", "Who started {x}?"),
     ("It was founded by {y}.", "{y} started it with a loan.")),
    ("head office", "company",
     ("the seat of {x}", "the town where {x} has its office"),
     ("Where does {x} have its office?", "Which town is the seat of {x}?"),
     ("Its head office is in {y}.", "{x} has its seat in {y}.")),
    ("opened in", "company",
     (), ("In which year did {x} open?", "In which year was {x} opened?"),
     ("It opened its doors in {y}.", "{x} was opened in {y}.")),
    ("makes", "company",
     (), ("What does {x} make?", "What is made by {x}?"),
     ("It makes {y}.", "What is made there is {y}.")),
    ("born in", "person",
     ("the birthplace of {x}", "the town where {x} was born"),
     ("Where was {x} born?", "What is the birthplace of {x}?"),
     ("{x} was born in {y}.", "{y} is the birthplace of {x}.")),
    ("works for", "person",
     ("the employer of {x}", "the company that {x} works for"),
     ("Which company does {x} work for?", "What is the employer of {x}?"),
     ("{x} works for {y}.", "The employer of {x} is {y}.")),
    ("married to", "person",
     ("the spouse of {x}", "the person whom {x} married"),
     ("Whom did {x} marry?", "Who is the spouse of {x}?"),
     ("{x} is married to {y}.", "The spouse of {x} is {y}.")),
    ("profession", "person",
     (), ("What is the profession of {x}?", "Which trade did {x} learn?"),
     ("By profession {x} is a {y}.", "{x} learned the trade of a {y}.")),
    ("age", "person",
     (), ("How old is {x}?", "What is the age of {x}?"),
     ("{x} is {y} years old.", "At the age of {y}, {x} still swims.")),
    ("wrote", "person",
     (), ("Which books did {x} write?", "Of which books is {x} the writer?"),
     ("{x} is the writer of {y}.", "The books by {x} are {y}.")),
    ("written by", "book",
     ("the author of {x}", "the person who wrote {x}"),
     ("Who wrote {x}?", "Who is the author of {x}?"),
     ("{y} wrote it.", "Its author is {y}.")),
    ("set in", "book",
     ("the scene of {x}", "the town in which {x} is set"),
     ("In which town is {x} set?", "What is the scene of {x}?"),
     ("The story is set in {y}.", "Its scene is {y}.")),
    ("published by", "book",
     ("the publisher of {x}", "the company that printed {x}"),
     ("Which company printed {x}?", "What is the publisher of {x}?"),
     ("It was printed by {y}.", "Its publisher is {y}.")),
    ("appeared in", "book",
     (), ("In which year did {x} appear?", "In which year was {x} first sold?"),
     ("It appeared in {y}.", "The first copies of it were sold in {y}.")),
)  # fmt: skip

RELATIONS: dict[str, Relation] = {row[0]: Relation(*row) for row in _TABLE}
"""Label to relation. The words that tell relations apart ("born", "office") are never shared by two of them."""

NOISE: dict[str, tuple[str, ...]] = {
    "country": ("Its stamps are sought after.", "Winters are long there.", "The coast is rocky."),
    "town": ("A market is held on Fridays.", "The tower burned down twice.", "Visitors come for the quiet."),
    "river": ("In spring it floods the fields.", "Trout are caught in it.", "It freezes in hard winters."),
    "company": ("Its sign shows a heron.", "A strike lasted three weeks.", "Few outsiders have been inside."),
    "person": ("Neighbours speak of a good cook.", "A portrait hangs in the library.", "Little else is certain."),
    "book": ("Critics were divided.", "A film was planned, and dropped.", "The cover shows a boat."),
}
"""Kind of thing to sentences that state nothing that is ever asked for."""
