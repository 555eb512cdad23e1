"""The page itself: sections in order, nothing fetched from elsewhere, nothing that could run but its own script."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from augmentor.files import write_bytes
from augmentor.protocols import Section, SectionContent

from .comparison import compared
from .runview import RunView
from .splitting import Beside
from .templating import render


@dataclass(frozen=True)
class Placed:
    """A section with its anchor."""

    anchor: str
    title: str
    summary: str
    html: Markup


def write_report(runs: Sequence[Path], out: Path, sections: Sequence[Section], split_assets: bool = False) -> None:
    """Write the page of one run, or of several compared, to `out`; it is whole or not there.

    With `split_assets` its style sheet, script and rows are files in a folder beside it, such as `report_files` for `report.html`.
    """
    if len(runs) == 1:
        run = RunView(runs[0], beside=runs[0].resolve() == out.parent.resolve())
        parts = [_tried(section.name, partial(section.render, run)) for section in sorted(sections, key=_place)]
        title, subtitle = run.name, moment(str(run.manifest.get("created", "")))
    else:
        views = [RunView(path, beside=False) for path in runs]
        parts = [_tried(name, part) for name, part in compared(views, sections)]
        title, subtitle = "Runs compared", " · ".join(view.name for view in views)
    known = [(name, part) for name, part in parts if part is not None]
    beside = Beside(f"{out.stem}_files") if split_assets else None
    html = page(title, subtitle, known, beside)
    if beside:
        for name, data in beside.files.items():
            write_bytes(out.parent / beside.folder / name, data)
    write_bytes(out, html)


def page(title: str, subtitle: str, parts: Sequence[tuple[str, SectionContent]], beside: Beside | None = None) -> bytes:
    """The bytes of the page. Its policy allows this style sheet and this script by their hashes, and nothing else.

    With `beside` they are put into it, and the policy allows files from the page's own place only.
    """
    style, script = _asset("style.css"), _asset("script.js")
    allowed = ("'self'", "'self'") if beside else (_hash(script), _hash(style))
    html = render(
        "page.html",
        title=title,
        subtitle=subtitle,
        sections=_placed(parts, beside),
        style=Markup(style),  # noqa: S704 # ours
        script=Markup(script),  # noqa: S704 # ours
        links={"style": quote(beside.put("style.css", style)), "script": quote(beside.put("script.js", script))} if beside else None,
        policy="default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'".format(*allowed),
    )
    return html.encode("utf-8", "backslashreplace")


def moment(written: str) -> str:
    """A time of the manifest, to the minute; anything else as it is.

    >>> moment("2026-11-21T22:10:05Z")
    '2026-11-21 22:10 UTC'
    """
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\dZ", written)
    return f"{found[1]} {found[2]} UTC" if found else written


def _place(section: Section) -> tuple[int, str]:
    return (section.order, section.name)


def _tried(name: str, make: Callable[[], SectionContent | None]) -> tuple[str, SectionContent | None]:
    """A section, or words on why it is not there: one that fails must not take the report down."""
    try:
        return name, make()
    except Exception as error:  # a stranger's section, or a damaged file, raises anything
        words: Any = f"{type(error).__name__}: {error}"
        return name, SectionContent(
            name.capitalize(), str(render("failed.html", words=words)), "This part of the report could not be made."
        )


def _placed(parts: Sequence[tuple[str, SectionContent]], beside: Beside | None) -> list[Placed]:
    """Sections with anchors that are good ids and differ."""
    placed: list[Placed] = []
    for name, content in parts:
        anchor = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "section"
        taken = {one.anchor for one in placed}
        anchor = next(one for one in (anchor, *(f"{anchor}-{number}" for number in range(2, len(taken) + 3))) if one not in taken)
        html = beside.lifted(content.html) if beside else Markup(content.html)  # noqa: S704 # the protocol: already escaped
        placed.append(Placed(anchor, content.title, content.summary, html))
    return placed


def _asset(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8").strip()


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
