"""Programs that nobody should have to trust: what they try, and how a sandbox may answer.

Every program is asked for `reward(x, v)` with a number and a vector of three. One that reaches what it is after returns
42. CANARY stands for a file outside, which holds the secret 42.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HOSTILE", "Hostile"]

CONTAINED = "forbidden error ok crash"
"""What code without the lint may come to when it reaches for the outside: refused, or it went on without."""


@dataclass(frozen=True)
class Hostile:
    """A program and what may become of it.

    Attributes:
        name: what it tries.
        code: its text.
        linted: verdicts that are right when the syntax tree is looked at first.
        bare: verdicts that are right without, when it has all of Python's builtins; "" if that makes no difference.
        batches: how often it is called.
    """

    name: str
    code: str
    linted: str
    bare: str = ""
    batches: int = 1


def _body(text: str) -> str:
    """Return a program with these lines as the function's body."""
    return "def reward(x, v):\n" + "".join(f"    {line}\n" for line in text.strip("\n").split("\n"))


def _forbidden(name: str, text: str, bare: str = CONTAINED, batches: int = 1) -> Hostile:
    return Hostile(name, _body(text), "forbidden", bare, batches)


TIME = [
    Hostile("loop for ever", _body("while True:\n    pass"), "timeout"),
    Hostile("loop for very long", _body("n = 0\nfor i in range(10**12):\n    n += i\nreturn n"), "timeout"),
    Hostile(
        "loop that catches everything",
        _body("while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"),
        "forbidden",
        "timeout",
    ),
    Hostile("exponential recursion", _body("f = lambda n: f(n - 1) + f(n - 1) if n else 1\nreturn f(80)"), "timeout"),
    Hostile("power of ints", _body("return (10**8 + 1) ** 10**8 % 7"), "timeout memory"),
    Hostile("pow of ints", _body("return pow(7, 10**10)"), "timeout memory"),
    Hostile(
        "list of an endless iterator", _body("return len(list(zip(*[iter(lambda: 1, 2)])))"), "timeout memory error"
    ),
    Hostile("loop at the top level", "while True:\n    pass\ndef reward(x, v):\n    return 1.0", "timeout"),
    Hostile(
        "recursion error caught for ever",
        "def f():\n    return f()\n"
        + _body("while True:\n    try:\n        f()\n    except RecursionError:\n        pass"),
        "timeout recursion",
    ),
    _forbidden("sleep", "import time\ntime.sleep(60)\nreturn 0", "forbidden timeout ok"),
    _forbidden(
        "regular expression that explodes",
        "import re\nreturn float(bool(re.match('(a+)+$', 'a' * 64 + 'b')))",
        "timeout error ok memory",
    ),
    Hostile(
        "destructor that loops",
        "class A:\n    def __del__(self):\n        while True:\n            pass\n" + _body("a = A()\na = 1\nreturn 1"),
        "timeout ok",
    ),
    _forbidden(
        "generator that does not close",
        "def f():\n    while True:\n        try:\n            yield 1\n"
        "        except GeneratorExit:\n            pass\n"
        "g = f()\nnext(g)\ng.close()\nreturn 1",
        "error timeout syntax",
    ),
    Hostile(
        "exception whose text loops",
        "class E(Exception):\n    def __str__(self):\n        while True:\n            pass\n" + _body("raise E()"),
        "timeout error",
    ),
    _forbidden(
        "signals ignored, then a loop",
        "import signal\nfor s in range(1, 32):\n    try:\n        signal.signal(s, signal.SIG_IGN)\n"
        "    except (OSError, ValueError):\n        pass\nwhile True:\n    pass",
        "timeout error forbidden",
    ),
]

MEMORY = [
    Hostile("huge list", _body("return len([0] * 10**11)"), "memory timeout"),
    Hostile("huge text", _body("return len('a' * 10**11)"), "memory timeout"),
    Hostile("huge bytes", _body("return len(bytes(10**11))"), "memory error"),
    Hostile("list that grows", _body("a = []\nwhile True:\n    a.append([0] * 10**6)"), "memory timeout"),
    Hostile("text that doubles", _body("a = 'a'\nwhile True:\n    a += a"), "memory timeout"),
    Hostile("dict that grows", _body("a = {}\nwhile True:\n    a[len(a)] = [0] * 10**6"), "memory timeout"),
    Hostile("shift of an int", _body("return (1 << 10**12) % 7"), "memory error"),
    Hostile("wide format", _body("return len(f'{1:>9999999999}')"), "memory error timeout"),
    Hostile(
        "text of nested lists",
        _body("a = [1]\nfor _ in range(64):\n    a = [a, a]\nreturn len(repr(a))"),
        "memory timeout",
    ),
    Hostile("huge numpy array", _body("return np.ones(10**11).sum()"), "memory"),
    Hostile("huge numpy matrix", _body("return np.ones((10**6, 10**6)).sum()"), "memory output error ok timeout"),
    Hostile("huge range of numpy", _body("return np.linspace(0, 1, 10**11).sum()"), "memory timeout"),
]

RECURSION = [
    Hostile("recursion", "def f(n):\n    return f(n + 1)\n" + _body("return f(0)"), "recursion"),
    Hostile(
        "two that call each other",
        "def f():\n    return g()\ndef g():\n    return f()\n" + _body("return f()"),
        "recursion",
    ),
    Hostile(
        "text of itself",
        "class A:\n    def __repr__(self):\n        return repr(self)\n" + _body("return len(repr(A()))"),
        "recursion",
    ),
    Hostile(
        "deep list, compared",
        _body("a, b = [], []\nfor _ in range(10**5):\n    a, b = [a], [b]\nreturn a == b"),
        "recursion crash ok",
    ),
    Hostile(
        "deep list, shown",
        _body("a = []\nfor _ in range(10**5):\n    a = [a]\nreturn len(repr(a))"),
        "recursion crash ok memory timeout",
    ),
]

TEXT = [
    Hostile("prose", "Sure! Here is the reward function you asked for:", "syntax"),
    Hostile("open parentheses", "def reward(x, v):\n    return " + "(" * 5000, "syntax"),
    Hostile("nested parentheses", "def reward(x, v):\n    return " + "(" * 150 + "1" + ")" * 150, "ok syntax"),
    Hostile("nested lists", "def reward(x, v):\n    return " + "[" * 900 + "]" * 900, "syntax"),
    Hostile("minus, thirty thousand times", "def reward(x, v):\n    return " + "-" * 30_000 + "1", "syntax"),
    Hostile(
        "sum of ten thousand", "def reward(x, v):\n    return " + "+".join(["1"] * 10_000), "syntax ok recursion error"
    ),
    Hostile("attribute of attribute", "def reward(x, v):\n    return x" + ".a" * 20_000, "syntax"),
    Hostile("null byte", "def reward(x, v):\n    return 1\0", "syntax"),
    Hostile("half a character", "def reward(x, v):\n    return len('\ud800')", "syntax"),
    Hostile("deep indentation", "def reward(x, v):\n" + "".join(f"{' ' * n}if x:\n" for n in range(1, 120)), "syntax"),
    Hostile("a long number", "def reward(x, v):\n    return " + "9" * 10_000, "syntax"),
    Hostile("a long text", "def reward(x, v):\n    return 1\n" + "#" * 100_000, "syntax"),
    Hostile("return outside", "return 1\ndef reward(x, v):\n    return 1", "syntax"),
    Hostile("no such function", "def prize(x, v):\n    return 1", "error"),
    Hostile("wrong parameters", "def reward(observation, x):\n    return 1", "error"),
    Hostile("any parameters", "def reward(*args, **kwargs):\n    return 1", "error"),
    Hostile("a coroutine", "async def reward(x, v):\n    return 1", "error"),
]

FILES = [
    _forbidden("read a file", "return float(open('CANARY').read())"),
    _forbidden("read a file, quietly", "try:\n    return float(open('CANARY').read())\nexcept OSError:\n    return 0"),
    _forbidden("write a file", "open('CANARY', 'w').write('7')\nreturn 42"),
    _forbidden("add to a file", "with open('CANARY', 'a') as f:\n    f.write('7')\nreturn 42"),
    _forbidden("remove a file", "import os\nos.remove('CANARY')\nreturn 42"),
    _forbidden("replace a file by a link", "import os\nos.symlink('/', 'CANARY.link')\nreturn 42"),
    _forbidden("file by descriptor", "import os\nreturn float(os.read(os.open('CANARY', 0), 9))"),
    _forbidden("file by pathlib", "from pathlib import Path\nreturn float(Path('CANARY').read_text())"),
    _forbidden("file by io", "import io\nreturn float(io.open('CANARY').read())"),
    _forbidden("file by numpy", "return float(np.fromfile('CANARY', dtype='u1')[0]) and 42"),
    _forbidden("file by numpy's pickles", "return float(np.load('CANARY', allow_pickle=True))"),
    _forbidden("file by memmap", "return 42 if len(np.memmap('CANARY')) else 0"),
    _forbidden("save by numpy", "np.savetxt('CANARY', [7])\nreturn 42"),
    _forbidden("list a folder", "import os\nreturn 42 if os.listdir('/') else 0"),
    _forbidden("own memory", "f = open('/proc/self/mem', 'r+b')\nreturn 42"),
    _forbidden("the environment", "import os\nreturn float(os.environ.get('GUERDON_SECRET', 0))"),
    _forbidden("the parent's environment", "import os\nopen(f'/proc/{os.getppid()}/environ').read()\nreturn 42"),
    _forbidden("files left open", "import os\nfor n in range(2, 200):\n    try:\n        os.fstat(n)\n"
               "        return 42\n"
               "    except OSError:\n        pass\nreturn 0"),
    _forbidden("change of root", "import os\nos.chroot('/')\nreturn 42"),
    _forbidden(
        "mount",
        "import ctypes\nc = ctypes.CDLL(None, use_errno=True)\nc.mount(b'/none', b'/none', None, 4096, None)\n"
        "return 0 if ctypes.get_errno() == 1 else 42",
    ),
]  # fmt: skip

NETWORK = [
    _forbidden("connect", "import socket\nsocket.create_connection(('127.0.0.1', 22), 1)\nreturn 42"),
    _forbidden("send a datagram", "import socket\nsocket.socket(2, 2).sendto(b'x', ('127.0.0.1', 9))\nreturn 42"),
    _forbidden(
        "a socket in the file system", "import socket\nsocket.socket(1, 1).connect('/run/docker.sock')\nreturn 42"
    ),
    _forbidden("a pair of sockets", "import socket\nsocket.socketpair()\nreturn 42"),
    _forbidden("fetch a page", "import urllib.request\nurllib.request.urlopen('http://127.0.0.1/')\nreturn 42"),
    _forbidden(
        "raw system call for a socket", "import ctypes\nreturn 42 if ctypes.CDLL(None).syscall(41, 2, 1, 0) >= 0 else 0"
    ),
]

PROCESSES = [
    _forbidden("shell", "import os\nreturn 42 if os.system('true') == 0 else 0"),
    _forbidden("subprocess", "import subprocess\nsubprocess.run(['true'])\nreturn 42"),
    _forbidden("fork", "import os\nfor _ in range(4):\n    if os.fork() == 0:\n        os._exit(0)\nreturn 42"),
    _forbidden("become another program", "import os\nos.execv('/bin/true', ['true'])"),
    _forbidden("signal the parent", "import os\nos.kill(os.getppid(), 0)\nreturn 42"),
    _forbidden("signal everybody", "import os\nos.kill(-1, 0)\nreturn 42"),
    _forbidden("signal the group", "import os\nos.killpg(0, 0)\nreturn 42"),
    _forbidden("thread", "import _thread\n_thread.start_new_thread(print, ())\nreturn 42"),
    _forbidden("many processes", "import multiprocessing\nmultiprocessing.Process(target=print).start()\nreturn 42"),
    _forbidden(
        "trace the parent",
        "import ctypes, os\nreturn 42 if ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0) == 0 else 0",
    ),
    _forbidden("raise the limits", "import resource\nresource.setrlimit(resource.RLIMIT_AS, (-1, -1))\nreturn 42"),
    _forbidden("a new user namespace", "import ctypes\nreturn 42 if ctypes.CDLL(None).unshare(0x10000000) == 0 else 0"),
    _forbidden("leave at once", "import os\nos._exit(0)"),
    _forbidden("abort", "import os\nos.abort()"),
    _forbidden("read from nowhere", "import ctypes\nctypes.string_at(1)\nreturn 42"),
    _forbidden(
        "executable memory",
        "import ctypes\nf = ctypes.CDLL(None).mmap\nf.restype = ctypes.c_long\n"
        "return 42 if f(None, 4096, 7, 0x22, -1, 0) != -1 else 0",
    ),
    Hostile("exit", _body("raise SystemExit(0)"), "error crash"),
    Hostile("interrupt", _body("raise KeyboardInterrupt"), "error crash"),
    Hostile("end of generators", _body("raise GeneratorExit"), "error"),
]

TRICKS = [
    _forbidden("import by name", "return 42 if __import__('os').system('true') == 0 else 0"),
    _forbidden(
        "import by importlib", "import importlib\nreturn 42 if importlib.import_module('os').system('true') == 0 else 0"
    ),
    _forbidden("import everything", "from os.path import join\nreturn 0"),
    _forbidden("relative import", "from . import x\nreturn 0"),
    _forbidden(
        "walk over classes",
        "for c in ().__class__.__bases__[0].__subclasses__():\n    if c.__name__ == '_wrap_close':\n"
        "        return 42 if c.__init__.__globals__['system']('true') == 0 else 0\nreturn 0",
    ),
    _forbidden("walk by getattr", "return len(getattr(getattr((), '__cl' + 'ass__'), '__ba' + 'ses__'))"),
    _forbidden(
        "walk by format", "return len('{0.__class__.__init__.__globals__}'.format(reward))", CONTAINED + " output"
    ),
    _forbidden("walk in an f-string", "return len(f'{().__class__.__base__}')"),
    _forbidden("eval", 'return eval(\'__import__("os").system("true")\') == 0 and 42'),
    _forbidden("exec", "exec('import os; os.system(\"true\")')\nreturn 0"),
    _forbidden(
        "broken bytecode",
        "f = lambda: 0\nf.__code__ = f.__code__.replace(co_code=b'\\xff' * 64)\nreturn f()",
        "crash error timeout",
    ),
    _forbidden("globals of a function", "return len(reward.__globals__)"),
    _forbidden("attrgetter", "import operator\nreturn len(operator.attrgetter('__class__.__mro__')(1))"),
    _forbidden(
        "module behind a module",
        "import dataclasses\nreturn 42 if dataclasses.sys.modules['os'].system('true') == 0 else 0",
    ),
    Hostile(  # the annotation is a text that typing evaluates: the lint sees none of it
        "a way past the lint",
        "import typing\n"
        "def f(a: \"[c for c in ().__class__.__base__.__subclasses__() if c.__name__ == '_wrap_close']\"\n"
        "      \"[0].__init__.__globals__['open']('CANARY', 1)\"):\n    pass\n"
        + _body("typing.get_type_hints(f)\nreturn 42"),
        "error forbidden",
    ),
    _forbidden(
        "the caller's frame",
        "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    f = e.__traceback__.tb_frame\n    while f.f_back:\n"
        "        f = f.f_back\n        f.f_globals.clear()\nreturn 7",
        "error ok crash output",
    ),
    _forbidden("a pickle", "import pickle\nreturn pickle.loads(b\"cos\\nsystem\\n(S'true'\\ntR.\") == 0 and 42"),
    Hostile(
        "itself as a value",
        "class A:\n    def __reduce__(self):\n        return (print, ())\n" + _body("return A()"),
        "output",
    ),
]

TAMPERING = [
    _forbidden("change numpy", "np.pi = 3\nreturn np.pi", "ok error"),
    _forbidden("change math", "math.sqrt = lambda a: 42\nreturn math.sqrt(4) - 40", "ok error"),
    Hostile(
        "change numpy by another name",
        _body("class A:\n    def f(self):\n        self.pi = 3\nA.f(np)\nreturn 1"),
        "ok error",
    ),
    _forbidden(
        "change builtins",
        "import builtins\nbuiltins.float = builtins.len = lambda *a: 7.0\nreturn 7",
        CONTAINED + " output",
    ),
    _forbidden("change json", "import json\njson.dumps = lambda *a, **k: '{}'\nreturn 7", "ok crash output error"),
    _forbidden("close the pipes", "import os\nos.close(1)\nos.close(0)\nreturn 1"),
    _forbidden("read the pipe", "import os\nos.read(0, 100)\nreturn 1", "timeout forbidden error"),
    _forbidden(
        "write to the pipe",
        "import os\nwhile True:\n    os.write(1, b'x' * 4096)",
        "output timeout crash forbidden error",
    ),
    _forbidden(
        "announce a giant answer", "import os\nos.write(1, b'\\xff' * 8)\nreturn 1", "output crash forbidden error"
    ),
    _forbidden(
        "answer in a thousand lists",
        "import os, struct\nt = b'[' * 60000\nos.write(1, struct.pack('<II', len(t), 0) + t)\nreturn 1",
        "output crash forbidden error",
    ),
    _forbidden(
        "forge an answer",
        "import os, json, struct\nt = json.dumps({'kind': 'ok', 'names': ['reward'], 'call': 9}).encode()\n"
        "os.write(1, struct.pack('<II', len(t), 8) + t + b'\\0' * 8)\nreturn 1",
        "output crash forbidden error",
    ),
    _forbidden(
        "forge a verdict",
        "import os, json, struct\nt = json.dumps({'kind': 'ok' * 9, 'message': {'a': 1}, 'call': 1}).encode()\n"
        "os.write(1, struct.pack('<II', len(t), 0) + t)\nreturn 1",
        "output crash forbidden error",
    ),
]

OUTPUT = [
    Hostile("many terms", _body("return {str(i): 0.0 for i in range(10**5)}"), "output"),
    Hostile("a long name", _body("return {'a' * 10**7: 0.0}"), "output"),
    Hostile("a name of control characters", _body("return {'\\x1b[2J': 0.0}"), "output"),
    Hostile("a number as a name", _body("return {1: 0.0}"), "output"),
    Hostile("no terms", _body("return {}"), "output"),
    Hostile("nothing", _body("pass"), "output"),
    Hostile("a text", _body("return '1.0'"), "output"),
    Hostile("a complex number", _body("return {'a': (-1) ** 0.5}"), "output error not-finite"),
    Hostile("a vector", _body("return v"), "output"),
    Hostile("a list", _body("return [1.0, 2.0]"), "output"),
    Hostile("dicts in dicts", _body("return {'a': {'b': 1.0}}"), "output"),
    Hostile("not a number", _body("return float('nan')"), "not-finite"),
    Hostile("infinity", _body("return {'a': 1.0, 'b': -1e308 * 10}"), "not-finite"),
    Hostile("numpy's nan", _body("return np.log(-1.0) + np.sum(v)"), "not-finite"),
    Hostile("a number that is no float", _body("return 10**400"), "error not-finite output"),
    Hostile("names by the row", _body("return {'a': 1.0} if x < 5 else {'b': 1.0}"), "output"),
    Hostile("names by the number", _body("return {str(x): 1.0}"), "output"),
    Hostile("terms that come and go", _body("return {'a': 1.0, 'b': 2.0} if x < 5 else {'a': 1.0}"), "output"),
    Hostile("flood of prints", _body("while True:\n    print('flood ' * 100)"), "output timeout"),
    Hostile("one giant print", _body("print('a' * 10**7)\nreturn 1"), "output"),
    Hostile(
        "a float of its own",
        "class F(float):\n    def __float__(self):\n        while True:\n            pass\n" + _body("return F(1.0)"),
        "timeout error ok",
    ),
    Hostile(
        "a dict of its own",
        "class D(dict):\n    def __iter__(self):\n        while True:\n            yield 'a'\n"
        + _body("return D(a=1.0)"),
        "forbidden",
        "timeout memory error output",
    ),
]  # fmt: skip

MEMORIES = [
    _forbidden("count with a global name",
               "global n\nn = n + 1 if 'n' in globals() else 0\nreturn 1 / (100 - n)", "ok error"),
    Hostile("count in a default",
            "def reward(x, v, n=[0]):\n    n[0] += 1\n    return 1.0 / (2 - n[0])", "ok", batches=3),
    Hostile("count in a list", "n = [0]\n" + _body("n.append(1)\nreturn 1.0 / (3 - len(n))"), "ok", batches=3),
    Hostile(
        "keep a name that is there already",
        "try:\n    n\nexcept NameError:\n    n = []\n" + _body("n.append(1)\nreturn 1.0 / (2 - len(n))"),
        "ok",
        batches=3,
    ),
    Hostile(
        "harmless a hundred times, then a loop",
        _body("class A:\n    def f(self):\n        self.calls = (self.calls if hasattr(self, 'calls') else 0) + 1\n"
              "        return self.calls\nwhile A.f(np) > 100:\n    pass\nreturn 1"),
        "timeout ok error",
        batches=3,
    ),
    _forbidden(
        "harmless a hundred times, then gone",
        "import os\nos.calls = getattr(os, 'calls', 0) + 1\nif os.calls > 100:\n    os._exit(3)\nreturn 1",
        "crash error",
        batches=3,
    ),
    _forbidden("wait for a day", "import time\nreturn 42 if time.time() < 0 else 1", "ok"),
    _forbidden("chance", "return float(np.random.rand())"),
    _forbidden("chance by the system", "import os\nreturn float(os.urandom(1)[0])"),
]  # fmt: skip

HOSTILE = [*TIME, *MEMORY, *RECURSION, *TEXT, *FILES, *NETWORK, *PROCESSES, *TRICKS, *TAMPERING, *OUTPUT, *MEMORIES]
