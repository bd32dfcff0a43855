"""Runs one program inside Monty, batch after batch. Read as text and executed there; see `vectors`."""

from .numpy_like import make_numpy
from .vectors import Array

__all__ = ["run_batch"]

np = numpy = make_numpy()
place = {"row": 0}


class Record:
    """What `state` is to a program: an object with the columns as attributes."""


def run_batch(make, parameters, columns, size, most):
    """Call the program for each step; return ["ok", names, values by step] or ["output", what is wrong]."""
    names, values, plan = [], [], []
    for index, parameter in enumerate(parameters):
        for name in columns:
            head = name.split(".")
            if head[0] == parameter:
                plan.append(
                    (index, head[-1] if len(head) > 1 else "", columns[name], isinstance(columns[name][0], list))
                )
    for row in range(size):
        place["row"] = row
        arguments = [Record() for _ in parameters]
        for index, field, column, is_vector in plan:
            value = Array(column[row]) if is_vector else column[row]
            if field:
                setattr(arguments[index], field, value)
            else:
                arguments[index] = value
        paid = make()(**dict(zip(parameters, arguments, strict=True)))
        paid = paid if isinstance(paid, dict) else {"reward": paid}
        if row == 0:
            names = list(paid)
            if not 0 < len(names) <= most:
                return ["output", str(len(names)) + " terms; a reward has 1 to " + str(most)]
            for name in names:
                if not isinstance(name, str) or not 0 < len(name) <= 64:
                    return ["output", "a term's name is " + repr(name)[:40] + ", not a text of 1 to 64 characters"]
        elif len(paid) != len(names) or any(name not in paid for name in names):
            return ["output", "the terms are " + repr(list(paid)[:8]) + ", but were " + repr(names[:8]) + " before"]
        line = []
        for name in names:
            value = paid[name]
            if isinstance(value, Array) and len(value) == 1:
                value = value[0]
            if not isinstance(value, (int, float, bool)):
                return ["output", "term " + repr(name) + " is " + type(value).__name__ + ", not a number"]
            line.append(float(value))
        values.append(line)
    return ["ok", names, values]
