"""From a fresh clone to a result with one command: makes `.venv`, installs the project, runs what was asked.

    python3 scripts/bootstrap.py compare [ARGS...]   train and compare rewards; ARGS as for `guerdon compare`
    python3 scripts/bootstrap.py test [ARGS...]      ruff, pyright and pytest; ARGS are pytest's
    python3 scripts/bootstrap.py lint                ruff and pyright only

Needs Python 3.11 or newer and a package index that pip can reach, and uses the standard library alone. A second
run installs only what has changed: requirements when pyproject.toml or constraints.txt have, the package when its
sources have.

The install is a normal one. Type checkers do not see the package through the import hook of setuptools' editable
installs, and a normal install tests what users get.
"""

import ast
import hashlib
import importlib.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

# Stands before anything that an old Python cannot evaluate; the whole file keeps to the syntax of 3.6.
if sys.version_info < (3, 11):  # noqa: UP036 - run by path, so nothing has checked `requires-python` yet
    sys.exit(f"error: guerdon needs Python 3.11 or newer, and {sys.executable} is {platform.python_version()}")

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "guerdon-bootstrap.json"
LOG = VENV / "guerdon-bootstrap.log"

PARALLEL = ("-n", "auto", "--dist", "loadscope")
"""One process a CPU, each with whole test modules, since tests of a module share what is dear to make."""
INPUTS = ("pyproject.toml", "setup.py", "constraints.txt")
FRONT = ("pyproject.toml", "setup.py", "README.md", "LICENSE", "src")


class BootstrapError(Exception):
    """Something that the user can put right; the message is one line that says how."""


def main(args: list[str]) -> int:
    """Run one command; return the exit code."""
    command, rest = (args[0], args[1:]) if args else ("", [])
    try:
        if command == "compare":
            install(groups=[])
            return replace_process("-m", "guerdon.scripts.cli", "compare", *rest)
        if command == "test":
            install(groups=["test", "lint"])
            fetch_weights()
            # -P: with the root on sys.path, `core`, `envs`, ... could be imported by a second name.
            return run_checks({**lint_steps(), "pytest": ["-P", "-m", "pytest", "-rs", *PARALLEL, *rest]})
        if command == "lint":
            install(groups=["test", "lint"])
            return run_checks(lint_steps())
        print(__doc__)
        return 0 if command in ("-h", "--help") else 2
    except BootstrapError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


# The environment


def install(groups: list[str]) -> None:
    """Bring `.venv` up to date with the tree, doing only what has changed since the last time.

    Args:
        groups: dependency groups of pyproject.toml to install besides the project's own dependencies.
    """
    stamp = _open_venv()
    wanted = {"inputs": _digest(ROOT / name for name in INPUTS), "sources": _digest(_sources())}
    if stamp.get("inputs") != wanted["inputs"] or not set(groups) <= set(stamp.get("groups", [])):
        groups = sorted({*groups, *stamp.get("groups", [])})
        what = "guerdon's dependencies (the first time takes some minutes: PyTorch is large)"
        _write_stamp({})  # an install that is broken off is done again
        _pip(what, "-c", str(ROOT / "constraints.txt"), *_requirements(groups))
        _write_stamp({"inputs": wanted["inputs"], "groups": groups})
        stamp = {"inputs": wanted["inputs"], "groups": groups}
    if stamp.get("sources") != wanted["sources"]:
        _write_stamp({**stamp, "sources": None})
        # A build in the tree itself would leave build/ there, whose stale modules the next wheel would ship.
        with tempfile.TemporaryDirectory(prefix="guerdon-") as folder:
            stage(ROOT, Path(folder))
            _pip("guerdon", "--no-deps", "--no-build-isolation", "--force-reinstall", folder)
        _write_stamp({**stamp, "sources": wanted["sources"]})


def fetch_weights() -> None:
    """Fetch the language model that some tests ask; without it they are skipped, so a failure is only said."""
    if _run(["-P", "-m", "guerdon.scripts.cli", "weights"]):
        print("warning: no language model; the tests that ask a real one are skipped", file=sys.stderr)


def package_folders(root: Path) -> list[str]:
    """Return the top-level folders that install as subpackages: `FOLDERS` of setup.py, kept in one place."""
    for node in ast.parse((root / "setup.py").read_text("utf-8")).body:
        if isinstance(node, ast.Assign) and any(isinstance(n, ast.Name) and n.id == "FOLDERS" for n in node.targets):
            return ast.literal_eval(node.value)
    raise BootstrapError(f"{root / 'setup.py'} has no list FOLDERS")


def stage(root: Path, target: Path) -> None:
    """Copy what a build needs, and nothing that an earlier build has left, from the tree to an empty folder."""
    for name in (*FRONT, *package_folders(root)):
        source = root / name
        if source.is_dir():
            shutil.copytree(source, target / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
        elif source.exists():
            shutil.copy(source, target / name)


def _open_venv() -> dict[str, Any]:
    """Make `.venv` unless a usable one is there, and return its stamp."""
    python = f"{platform.python_implementation()} {sys.version_info[0]}.{sys.version_info[1]} {platform.machine()}"
    if VENV.exists() and any(VENV.iterdir()):
        if not STAMP.exists():
            raise BootstrapError(f"{VENV} was not made by this script; rename or delete it, then run this again")
        stamp = json.loads(STAMP.read_text("utf-8"))
        if PYTHON.exists() and stamp["python"] == python:
            return stamp
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            package = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
            raise BootstrapError(f"this Python has no {module} module; on Debian and Ubuntu: apt install {package}")
    shutil.rmtree(VENV, ignore_errors=True)
    VENV.mkdir()
    _write_stamp({"python": python})
    print(f"creating {VENV}", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", str(VENV)], capture_output=True, text=True)
    if made.returncode:
        raise BootstrapError(f"`{sys.executable} -m venv {VENV}` failed: {_last_line(made.stdout + made.stderr)}")
    return {"python": python}


def _write_stamp(changes: dict[str, Any]) -> None:
    """Record what is installed. What is not in `changes` is forgotten, except the Python version."""
    python = json.loads(STAMP.read_text("utf-8"))["python"] if STAMP.exists() else None
    temporary = STAMP.with_suffix(".part")
    temporary.write_text(json.dumps({"python": python, **changes}), "utf-8")
    temporary.replace(STAMP)


def _requirements(groups: list[str]) -> list[str]:
    """Return what to install, from pyproject.toml: groups by hand, since the pip of a new venv may be too old."""
    project = _pyproject()
    found = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    for group in groups:
        for entry in project["dependency-groups"][group]:
            found += [entry] if isinstance(entry, str) else _requirements([entry["include-group"]])
    return found


def _pyproject() -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise BootstrapError(f"{ROOT / 'pyproject.toml'}: {error}") from None


def _sources() -> list[Path]:
    parts = [ROOT / "src", *(ROOT / folder for folder in package_folders(ROOT))]
    return [path for part in parts for path in part.rglob("*") if path.is_file() and "__pycache__" not in path.parts]


def _digest(paths: Iterable[Path]) -> str:
    """Return one hash over the names and contents of files, whatever the order in which they are given."""
    total = hashlib.sha256()
    for path in sorted(paths):
        content = hashlib.sha256(path.read_bytes()).hexdigest()
        total.update(f"{path.relative_to(ROOT).as_posix()} {content}\n".encode())
    return total.hexdigest()


def _pip(what: str, *args: str) -> None:
    """Run `pip install`, quietly unless it fails; its full output goes to the log file."""
    print(f"installing {what} ...", flush=True)
    began = time.monotonic()
    command = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", "--no-input", *args]
    with LOG.open("w", encoding="utf-8") as log:
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, env=_environment())
        while True:
            try:
                process.wait(timeout=60)
                break
            except subprocess.TimeoutExpired:
                print(f"... {time.monotonic() - began:.0f} s", flush=True)
    if process.returncode:
        tail = LOG.read_text("utf-8", errors="replace").rstrip().splitlines()[-15:]
        print("\n".join(tail), file=sys.stderr)
        raise BootstrapError(f"pip could not install {what.partition(' (')[0]}; the whole output is in {LOG}")
    print(f"installed in {time.monotonic() - began:.0f} s", flush=True)


def _environment() -> dict[str, str]:
    """Return the caller's environment without what would lead Python out of `.venv`."""
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PYTHONHOME")}
    # Pyright brings its own engine and node; without this it would also ask the network for a newer release.
    return {**kept, "PYRIGHT_PYTHON_IGNORE_WARNINGS": "1"}


def _last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1] if lines else "no output"


# The commands


def replace_process(*args: str) -> int:
    """Run the venv's Python in place of this process, so that signals reach it directly."""
    if os.name != "nt":
        os.execve(PYTHON, [str(PYTHON), *args], _environment())
    return subprocess.call([str(PYTHON), *args], env=_environment())  # exec on Windows would not wait


def lint_steps() -> dict[str, list[str]]:
    """Return the static checks: name to arguments of the venv's Python."""
    return {
        "ruff check": ["-m", "ruff", "check", "."],
        "ruff format": ["-m", "ruff", "format", "--check", "."],
        "pyright": ["-m", "pyright"],
    }


def run_checks(steps: dict[str, list[str]]) -> int:
    """Run every check, whether the ones before have passed or not; return 1 if any fails.

    Args:
        steps: name to arguments of the venv's Python.
    """
    results = {}
    for name, args in steps.items():
        print(f"\n== {name}", flush=True)
        began = time.monotonic()
        code = _run_pyright(args) if name == "pyright" else _run(args)
        results[name] = ("ok" if code == 0 else f"FAILED ({code})", time.monotonic() - began)
    print("\n== " + ", ".join(f"{name} {result} {seconds:.0f} s" for name, (result, seconds) in results.items()))
    return int(any(result != "ok" for result, _ in results.values()))


def _run(args: list[str]) -> int:
    return subprocess.call([str(PYTHON), *args], cwd=ROOT, env=_environment())


def _run_pyright(args: list[str]) -> int:
    """Check the types of the installed package, and show its files by their names in the tree.

    By their paths in the tree the files would be seen as `core.x` and as `guerdon.core.x`, two different modules.
    """
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.run([str(PYTHON), "-c", where], capture_output=True, text=True, check=True).stdout.strip()
    settings = _pyproject()["tool"]["pyright"]
    package = Path(os.path.relpath(site, VENV), "guerdon").as_posix()
    config = VENV / "pyrightconfig.json"
    # The default excludes hold every folder whose name begins with a dot, and with it all of .venv.
    settings.update(include=[package], exclude=["**/__pycache__"], stubPath=str(ROOT / settings["stubPath"]))
    config.write_text(json.dumps(settings), "utf-8")
    command = [str(PYTHON), *args, "--project", str(config), "--pythonpath", str(PYTHON), "--outputjson"]
    run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=_environment())
    try:
        report = json.loads(run.stdout)
    except json.JSONDecodeError:
        print(run.stdout + run.stderr)
        return run.returncode or 1
    for found in report["generalDiagnostics"]:
        name = found["file"].replace(os.path.join(site, "guerdon", ""), "")
        line = found["range"]["start"]["line"] + 1 if "range" in found else 1
        print(f"{name}:{line}: {found['severity']}: {found['message']} ({found.get('rule', 'syntax')})")
    summary = report["summary"]
    print(f"{summary['errorCount']} errors in {summary['filesAnalyzed']} files", flush=True)
    # A wrong path would be no error to pyright: it would check nothing and be content.
    return run.returncode or int(summary["filesAnalyzed"] == 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
