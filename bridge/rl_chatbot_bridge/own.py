"""Agents of the operator's own, named `module:attribute`.

Only modules of one folder (`BRIDGE_MODULES` of the server) may be named: a name in an agent's settings must not import
whatever the machine happens to have.
"""

import importlib
import inspect
import os
import sys
from pathlib import Path
from typing import Any, TypeVar

from .turn import NotConfigured

FOLDER = "RL_CHATBOT_BRIDGE_MODULES"

Made = TypeVar("Made")


async def made(entry: str, kind: type[Made], given: dict[str, Any]) -> Made:
    """The agent of that name: as it stands in the module, or what the function there makes of `given`."""
    found = _found(entry)
    if not isinstance(found, kind) and callable(found):
        wanted = inspect.signature(found).parameters
        found = found(**{name: value for name, value in given.items() if name in wanted})
        if inspect.isawaitable(found):
            found = await found
    if not isinstance(found, kind):
        raise NotConfigured(f"`{entry}` is a {type(found).__name__}, expected a {kind.__name__} or a function that makes one")
    return found


def _found(entry: str) -> Any:
    module_name, _, attribute = entry.partition(":")
    if not module_name.isidentifier() or not attribute.isidentifier() or attribute.startswith("_"):
        raise NotConfigured(f"`entry` is `{entry}`, expected `module:attribute` such as `my_agents:support`")
    module = _module(module_name)
    if not hasattr(module, attribute):
        raise NotConfigured(f"the module {module_name} has no `{attribute}`")
    return getattr(module, attribute)


def _module(name: str) -> Any:
    folder = os.environ.get(FOLDER, "")
    if not folder:
        raise NotConfigured("agents of your own need BRIDGE_MODULES: set it to the folder of your Python modules and start again")
    root = Path(folder).resolve()
    if not any(path.resolve().is_relative_to(root) and path.is_file() for path in (root / f"{name}.py", root / name / "__init__.py")):
        raise NotConfigured(f"there is no module {name} in BRIDGE_MODULES ({root})")
    if str(root) not in sys.path:
        sys.path.insert(0, str(root))
    try:
        module = importlib.import_module(name)
    except Exception as error:
        raise NotConfigured(f"the module {name} cannot be imported: {type(error).__name__}: {error}") from error
    if not Path(module.__file__ or "").resolve().is_relative_to(root):
        raise NotConfigured(f"the name {name} is taken by another module; rename yours")
    return module
