"""Measured directions: one file a study, which names itself by its docstring and is found by `record_studies`.

A study is a module with a docstring (first line: its title; then what was published and what is measured here), a
function `measure(seeds)` that returns rows, and a function `finding(rows)` that returns one or two sentences computed
from them. A row is a dict of plain data: texts, numbers, None, or lists of numbers, one a seed, which are shown as mean
and 95% interval.
"""
