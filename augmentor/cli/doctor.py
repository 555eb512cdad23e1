"""`augmentor doctor`"""

from __future__ import annotations

import os
import platform
import shutil
from typing import Any

import click

from .common import json_option, show_json

_EXTRAS = {
    "local": ("torch", "transformers", "trl", "peft", "accelerate"),
    "llamacpp": ("xllamacpp",),
    "openai": ("openai",),
    "parquet": ("pyarrow",),
    "encoder": ("wordllama", "tokenizers", "safetensors"),
    "evaluate": ("evaluate",),
    "serve": ("starlette", "uvicorn", "python_multipart"),
}


@click.command()
@json_option
def command(as_json: bool) -> None:
    """Say what works on this machine, and what to install for the rest."""
    from importlib.util import find_spec

    from .. import __version__, models
    from ..plugins import plugins

    home = models.home()
    existing = next(path for path in (home, *home.parents) if path.exists())
    checks: list[dict[str, Any]] = [
        {"what": "augmentor", "ok": True, "note": f"{__version__} on Python {platform.python_version()}, {os.cpu_count()} cores"},
        {"what": "disk", "ok": shutil.disk_usage(existing).free > 4e9, "note": f"{shutil.disk_usage(existing).free / 1e9:.0f} GB free at {home}"},
    ]
    for extra, modules in _EXTRAS.items():
        missing = [module for module in modules if find_spec(module) is None]
        note = f"missing {', '.join(missing)}: pip install 'augmentor-toolkit[{extra}]'" if missing else ", ".join(modules)
        checks.append({"what": f"extra {extra}", "ok": not missing, "note": note})
    for name, _ in plugins()["model"]:
        here = models.fetched(name)
        checks.append({"what": f"model {name}", "ok": here, "note": str(models.directory(name)) if here else f"not here: augmentor models fetch {name}"})
    checks += [{"what": f"plugin {failure.name}", "ok": False, "note": f"{failure.error} ({failure.distribution})"} for failure in plugins().failures()]
    if os.environ.get("HF_HUB_OFFLINE") == "1":
        checks.append({"what": "Hugging Face hub", "ok": True, "note": "offline, as HF_HUB_OFFLINE=1 asks"})
    if as_json:
        show_json(checks)
        return
    for check in checks:
        click.echo(f"{'ok' if check['ok'] else '--'}  {check['what']:<32} {check['note']}")
