"""Who writes: a language model, its recorded answers, or seeded changes of programs where there is no model."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import numpy as np

from ...core.random import derive_seed
from ...reward_models.language.answers import json_of
from ...reward_models.language.backend import Answer, LLMBackend, LLMError, Message, Query
from ...reward_models.programs.proposer import Proposer, SearchContext, TemplateProposer
from ...reward_models.programs.schema import program_schema
from ...reward_models.programs.state_fields import world_named
from .prompts import prompt_hash, repair_messages, writing_messages
from .request import Draft, Request
from .written import Form

__all__ = ["LanguageWriter", "TemplateWriter", "text_of"]

FENCE = re.compile(r"```(?:python|py|json)?[ \t]*\n(.*?)(?:```|\Z)", re.DOTALL)


@dataclass(frozen=True)
class LanguageWriter:
    """Asks a language model; with recorded answers, a `CachedBackend` in mode "replay" or a `ScriptedBackend`.

    Args:
        backend: the model.
        form: "program" is held to a JSON schema where the backend can do that; "code" is free Python.
        temperature: of the sampling; 1.0 is Eureka's.
        max_tokens: length limit of an answer.
        schema: whether to send the schema; it names every field of the state.
    """

    backend: LLMBackend
    form: Form = "program"
    temperature: float = 1.0
    max_tokens: int = 1024
    schema: bool = True

    @property
    def name(self) -> str:
        """The name of the model."""
        return self.backend.name

    def write(self, request: Request, n: int, seed: int) -> list[Draft]:
        """Ask n times, each with a seed of its own."""
        messages = writing_messages(request, self.form)
        return self._ask(messages, request, [derive_seed(seed, "sample", number) for number in range(n)])

    def repair(self, request: Request, draft: Draft, complaint: str, seed: int) -> Draft | None:
        """Show the text and what is wrong with it, and ask again."""
        return self._ask(repair_messages(request, self.form, draft.text, complaint), request, [seed])[0]

    def _ask(self, messages: tuple[Message, ...], request: Request, seeds: list[int]) -> list[Draft]:
        schema = program_schema(request.env) if self.form == "program" and self.schema else None
        queries = [Query(messages, schema, self.temperature, self.max_tokens, seed) for seed in seeds]
        about = {"writer": self.name, "prompt_sha256": prompt_hash(messages), "temperature": self.temperature}
        answers = self.backend.ask(queries)
        return [
            Draft(self.form, text_of(answer, self.form), {**about, "seed": seed, "tokens": answer.tokens})
            for seed, answer in zip(seeds, answers, strict=True)
        ]


def text_of(answer: Answer, form: Form) -> str:
    """Return the JSON or the code in an answer; all of it if there is none, which the check will refuse."""
    if form == "program":
        try:
            json_of(answer)
        except LLMError:
            match = FENCE.search(answer.text)
            return (match[1] if match else answer.text).strip()
        return answer.text[answer.text.find("{") : answer.text.rfind("}") + 1]
    match = FENCE.search(answer.text)
    if match:
        return match[1].strip() + "\n"
    start = answer.text.find("def reward")
    return (answer.text[start:] if start >= 0 else answer.text).strip() + "\n"


@dataclass(frozen=True)
class TemplateWriter:
    """Writes with a `TemplateProposer` or any other `Proposer`: seeded changes of the best program. It never mends."""

    proposer: Proposer = field(default_factory=TemplateProposer)
    name: str = "templates"

    def write(self, request: Request, n: int, seed: int) -> list[Draft]:
        """Propose n programs."""
        context = SearchContext(
            world_named(request.env),
            request.goal,
            request.best.program if request.best else None,
            request.worst.program if request.worst else None,
            tuple(one.program for one in request.past if one.program),
            request.feedback,
        )
        programs = self.proposer.propose(context, n, np.random.default_rng(seed))
        return [Draft("program", program.to_json(), {"writer": self.name, "seed": seed}) for program in programs]

    def repair(self, request: Request, draft: Draft, complaint: str, seed: int) -> Draft | None:
        """Return None."""
        return None
