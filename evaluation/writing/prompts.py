"""The prompts: the state as a class, the task, how to answer, examples, what was written before and what came of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from ...reward_models.language.backend import Message
from ...reward_models.programs.documentation import document_state
from .request import Request
from .written import Form

__all__ = ["prompt_hash", "repair_messages", "writing_messages"]

SYSTEM = (
    "You write reward functions for reinforcement learning. An agent that is paid by your reward must learn the task, "
    "and must not be able to earn more by doing something else. You see only what the reward may read."
)
ANSWER = {
    "program": 'Answer with one JSON object, {"world": ..., "terms": [...]}, and nothing else. A term is '
    '{"name": ..., "kind": ..., "a": ..., "b": ..., "scale": ..., "when": ..., "weight": ...}; leave out what a kind '
    "does not have.",
    "code": """Answer with one block of Python and nothing else:

```python
def reward(state, next_state, action):
    ...
    return {"name_of_term": value, ...}
```

It is called for every step; state and next_state have the attributes above, vectors as numpy arrays. np and math are \
there; no imports. The terms have the same names in every return, each is finite and at most 10 in size, and they are \
summed. It has no memory of earlier steps.""",
}
BEFORE = "What you wrote last is above. {feedback}\n\nWrite an improved reward. {answer}"
REPAIR = "This reward was checked on recorded episodes, and does not pass:\n{complaint}\n\nCorrect it. {answer}"


def writing_messages(request: Request, form: Form) -> tuple[Message, ...]:
    """Return the chat that asks for a reward: at most four messages, the best so far standing as the model's own.

    That only the best one and what was said of it stay in the chat is Eureka's rule (its list of messages is kept at
    four). The class view of the state is Text2Reward's. The wording is our own.
    """
    document = document_state(request.env)
    parts = [f"The state of the world:\n\n{document.text}"]
    if form == "program":
        parts.append(document.language)
    if document.task:
        parts.append(f"The task: {document.task}")
    parts.append(f"What is wanted: {request.goal}")
    parts += [f"An example, for {one.env} ({one.goal}):\n\n{_block(one.text, form)}" for one in request.examples]
    parts.append(ANSWER[form])
    messages = [Message("system", SYSTEM), Message("user", "\n\n".join(parts))]
    if request.best is not None:
        feedback = request.feedback or "It can be better."
        if request.past:
            feedback += "\n\nEarlier good ones, the latest last:\n\n" + "\n\n".join(one.shown for one in request.past)
        told = BEFORE.format(feedback=feedback, answer=ANSWER[form])
        messages += [Message("assistant", _block(request.best.text, form)), Message("user", told)]
    elif request.feedback:
        messages[1] = Message("user", f"{messages[1].content}\n\n{request.feedback}")
    return tuple(messages)


def repair_messages(request: Request, form: Form, text: str, complaint: str) -> tuple[Message, ...]:
    """Return the chat that asks to mend a text, told what is wrong with it."""
    told = REPAIR.format(complaint=complaint, answer=ANSWER[form])
    first = writing_messages(request, form)
    return (*first, Message("assistant", _block(text, form)), Message("user", told))


def prompt_hash(messages: Sequence[Message]) -> str:
    """Return the sha256 over a chat."""
    return hashlib.sha256(json.dumps([[one.role, one.content] for one in messages]).encode()).hexdigest()


def _block(text: str, form: Form) -> str:
    return text if form == "program" else f"```python\n{text.strip()}\n```"
