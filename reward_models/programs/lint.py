"""A look at a program's syntax tree before it runs: clear messages for mistakes and for what a reward may not use.

This is a lint. It is easy to get round, and nothing depends on it: what keeps code in is the sandbox.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .verdict import Kind, SandboxError, Verdict

__all__ = ["MODULES", "Facts", "check", "inspect_source"]

MODULES = frozenset({"math", "numpy", "typing", "dataclasses", "__future__"})
"""What a program may import; `math` and `numpy` (also as `np`) are there without an import."""

NUMERIC = frozenset({"float", "int", "bool", "min", "max", "abs", "round", "sum", "len"})
_NAMES = """eval exec compile open input globals locals vars dir getattr setattr delattr breakpoint help memoryview exit
quit id object"""
_ATTRIBUTES = """format format_map mro gi_frame gi_code cr_frame ag_frame tb_frame tb_next f_globals f_builtins f_locals
f_back f_code func_globals co_code ctypes ctypeslib random load loads save savez savez_compressed savetxt loadtxt
genfromtxt fromfile tofile memmap open_memmap fromregex f2py lib testing core distutils seterr seterrcall setbufsize
set_printoptions frompyfunc vectorize getbuffer sys os modules builtins inspect operator"""
NAMES, ATTRIBUTES = frozenset(_NAMES.split()), frozenset(_ATTRIBUTES.split())
BROAD = frozenset({"BaseException", "Exception", "SystemExit", "KeyboardInterrupt", "GeneratorExit"})


@dataclass(frozen=True)
class Facts:
    """What a program says of itself.

    Attributes:
        source, function: as they were given.
        parameters: of the function.
        optional: those of them that have a default, and need no column.
        line: where the function begins.
        uses_numpy: whether `np` or `numpy` stands in it.
        attributes: every name that is read with a dot anywhere, with the line where it first is.
        own: for each parameter the attributes that the function reads of it by name, with their lines.
        terms: the term names that it returns, in order, as far as the text tells; () if it does not.
        tree: its syntax tree.
    """

    source: str
    function: str
    parameters: tuple[str, ...]
    optional: frozenset[str]
    line: int
    uses_numpy: bool
    attributes: dict[str, int]
    own: dict[str, dict[str, int]]
    terms: tuple[str, ...]
    tree: ast.Module = field(repr=False, compare=False)

    def __deepcopy__(self, memo: dict[int, Any]) -> Facts:
        return self


def inspect_source(source: str, function: str, most: int = 65_536) -> Facts:
    """Parse a program and find out what it asks for.

    Raises:
        SandboxError: it is too long, no Python, or does not define the function with plain parameters.
    """
    if len(source) > most:
        raise _error(Kind.SYNTAX, f"the program has {len(source)} characters, more than {most}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd escapes and the like
            tree = ast.parse(source)
            compile(tree, "<reward>", "exec", dont_inherit=True)  # what the grammar allows and Python does not
    except SyntaxError as error:
        raise _error(Kind.SYNTAX, error.msg, error.lineno) from None
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        raise _error(Kind.SYNTAX, f"cannot be read: {error or type(error).__name__}") from None
    nodes = list(ast.walk(tree))
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == function]
    if not found:
        raise _error(Kind.ERROR, f"there is no function {function}() at the top level")
    made = found[-1]
    arguments = made.args
    if arguments.vararg or arguments.kwarg or arguments.posonlyargs:
        raise _error(Kind.ERROR, f"{function}() must name its parameters, without * and /", made.lineno)
    parameters = tuple(one.arg for one in (*arguments.args, *arguments.kwonlyargs))
    optional = [one.arg for one in arguments.args[len(arguments.args) - len(arguments.defaults) :]]
    pairs = zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    optional += [one.arg for one, default in pairs if default is not None]
    attributes: dict[str, int] = {}
    own: dict[str, dict[str, int]] = {name: {} for name in parameters}
    for node in nodes:
        if isinstance(node, ast.Attribute):
            attributes.setdefault(node.attr, node.lineno)
    for node in ast.walk(made):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in own:
            own[node.value.id].setdefault(node.attr, node.lineno)
    names = {node.id for node in nodes if isinstance(node, ast.Name)} | {
        alias.name.partition(".")[0] for node in nodes if isinstance(node, ast.Import) for alias in node.names
    }
    froms = {(node.module or "").partition(".")[0] for node in nodes if isinstance(node, ast.ImportFrom)}
    numpy = bool({"np", "numpy"} & (names | froms))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    defaults, terms = frozenset(optional), _terms(made, functions) or ()
    return Facts(source, function, parameters, defaults, made.lineno, numpy, attributes, own, terms, tree)


def check(facts: Facts) -> None:
    """Raise `SandboxError` if a program uses what a reward may not."""
    for node in ast.walk(facts.tree):
        for reason in _reasons(node):
            raise _error(Kind.FORBIDDEN, reason, getattr(node, "lineno", None))


def _reasons(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or "."]
        for module in modules:
            if module.partition(".")[0] not in MODULES or getattr(node, "level", 0):
                yield f"import of {module!r}; a reward may import {', '.join(sorted(MODULES - {'__future__'}))}"
        for alias in node.names:
            if alias.name == "*" or alias.name.startswith("_") or alias.name.rpartition(".")[2] in ATTRIBUTES:
                yield f"import of {alias.name!r}"
    elif isinstance(node, ast.Name):
        if node.id in NAMES or node.id.startswith("__"):
            yield f"the name {node.id!r}"
    elif isinstance(node, ast.Attribute):
        if node.attr.startswith("_") or node.attr in ATTRIBUTES:
            yield f"the attribute {node.attr!r}"
        elif not isinstance(node.ctx, ast.Load) and not (isinstance(node.value, ast.Name) and node.value.id == "self"):
            yield f"setting the attribute {node.attr!r} of something else than self"
    elif isinstance(node, ast.Global | ast.Nonlocal):
        yield "global and nonlocal names; a reward has no memory"
    elif isinstance(node, ast.Yield | ast.YieldFrom | ast.Await | ast.AsyncFunctionDef | ast.AsyncFor | ast.AsyncWith):
        yield "generators and coroutines"
    elif isinstance(node, ast.ExceptHandler):
        kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
        if any(kind is None or (isinstance(kind, ast.Name) and kind.id in BROAD) for kind in kinds):
            yield "catching every exception, which would hide the program's own mistakes; name the one that is expected"


Functions = dict[str, ast.FunctionDef]


def _terms(function: ast.FunctionDef, functions: Functions) -> tuple[str, ...] | None:
    """Return the names that a function's returns agree on; ("reward",) for numbers; None if the text does not tell.

    Args:
        function: whose returns are looked at.
        functions: the program's others, which it may call.
    """
    inner = {id(n) for node in ast.walk(function) if node is not function and _is_scope(node) for n in ast.walk(node)}
    own = [node for node in ast.walk(function) if id(node) not in inner]
    own.sort(key=lambda node: getattr(node, "lineno", 0))  # the walk goes level by level
    others = {name: one for name, one in functions.items() if one is not function}  # no endless circles
    found = [_returned(node.value, own, others) for node in own if isinstance(node, ast.Return)]
    if None in found or len({frozenset(names or ()) for names in found}) != 1:
        return None
    return found[0]


def _is_scope(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef)


def _returned(value: ast.expr | None, own: list[ast.AST], functions: Functions) -> tuple[str, ...] | None:
    if isinstance(value, ast.Dict):
        return _keys(value)
    if isinstance(value, ast.Name):
        return _variable(value.id, own, functions)
    if isinstance(value, ast.IfExp):
        first, second = (_returned(one, own, functions) for one in (value.body, value.orelse))
        return first if first and second and set(first) == set(second) else None
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in functions:
        return _terms(functions[value.func.id], functions)
    return ("reward",) if _is_number(value) else None


def _is_number(value: ast.expr | None) -> bool:
    """Tell whether an expression looks like a number. If it is none after all, the first step says so."""
    if isinstance(value, ast.Call):
        if isinstance(value.func, ast.Attribute):
            return value.func.attr not in ("copy", "fromkeys")
        return isinstance(value.func, ast.Name) and value.func.id in NUMERIC
    return isinstance(
        value, ast.BinOp | ast.UnaryOp | ast.BoolOp | ast.Constant | ast.Compare | ast.Attribute | ast.Subscript
    )


def _variable(name: str, own: list[ast.AST], functions: Functions) -> tuple[str, ...] | None:
    """Return the keys that a variable is given, in the order of the text; ("reward",) if it is made by arithmetic."""
    names: dict[str, int] = {}
    kinds = set()
    for node in own:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign | ast.AugAssign) else targets
        for target in targets:
            made = getattr(node, "value", None)
            line = getattr(node, "lineno", 0)
            if isinstance(target, ast.Name) and target.id == name:
                if isinstance(node, ast.AugAssign):
                    continue
                # Not through another variable, which might come back to this one.
                keys = None if isinstance(made, ast.Name) else _returned(made, own, functions)
                if keys is None:
                    return None
                kinds.add(keys == ("reward",) and not isinstance(made, ast.Dict))
                names |= {key: line for key in keys if key not in names}
            elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name) and target.value.id == name:
                if not (isinstance(target.slice, ast.Constant) and isinstance(target.slice.value, str)):
                    return None
                names.setdefault(target.slice.value, line)
    return tuple(sorted(names, key=lambda key: names[key])) if len(kinds) == 1 else None


def _keys(made: ast.Dict) -> tuple[str, ...] | None:
    keys = [key.value for key in made.keys if isinstance(key, ast.Constant) and isinstance(key.value, str)]
    return tuple(dict.fromkeys(keys)) if len(keys) == len(made.keys) else None


def _error(kind: Kind, message: str, line: int | None = None) -> SandboxError:
    return SandboxError(Verdict(kind, message, line))
