"""The parts of the page, in the order in which a person decides."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from markupsafe import Markup

from augmentor.inspection import LABELS, Checked, Inspection, Spread
from augmentor.protocols import SectionContent

from .. import charts, figures
from ..templating import render
from ..visible import shorten
from .columns import columns

Part = tuple[str, SectionContent]

_LABELS_SHOWN = 20
_PERSONAL = ("privacy",)
_HARM = ("toxicity", "bias")
_ALIKE = ("near_duplicate",)
_MODEL = ("trainable",)
_APART = {*_PERSONAL, *_HARM, *_ALIKE, *_MODEL}
_WORDS = {"better": "ready", "unsure": "look first", "worse": "not yet"}
_PLACES = {"unreadable": "unreadable", "privacy": "personal-data", "toxicity": "abuse", "bias": "abuse", "near_duplicate": "duplicates", "exact_duplicate": "duplicates", "labels": "labels", "languages": "languages", "answers": "odd-rows", "rows": "lengths", "trainable": "model"}  # fmt: skip


def parts(found: Inspection) -> list[Part]:
    """All parts that have something to say."""
    made = (_verdict, _unreadable, _model, _personal, _harm, _people, _duplicates, _quality, _labels, _languages, _lengths, _odd, _how)
    return [part for make in made if (part := make(found)) is not None]


def _verdict(found: Inspection) -> Part:
    stop = any(one.level == "stop" for one in found.verdict.advice)
    kind = "better" if found.verdict.ready else "worse" if stop else "unsure"
    near = found.check("near_duplicate")
    advice = [(one, _PLACES.get(one.about, "quality")) for one in found.verdict.advice]
    html = render(
        "inspection/verdict.html", found=found, kind=kind, word=_WORDS[kind], advice=advice, near=near, language=_main_language(found)
    )
    return "verdict", SectionContent(found.verdict.sentence, str(html), "")


def _unreadable(found: Inspection) -> Part | None:
    if not found.quarantined:
        return None
    picture = _bars(islice(found.reasons.items(), 12), title="Why", unit="rows", note=f"n = {found.quarantined:,}")
    html = render("inspection/unreadable.html", found=found, picture=picture)
    return "unreadable", SectionContent(
        "What cannot be read", str(html), "These rows are in no figure below. What stands in them is not shown, as it may be secret."
    )


def _personal(found: Inspection) -> Part | None:
    return _checked(
        found,
        "personal data",
        "Personal data and secrets",
        "What a model is trained on, it can be made to say. All examples here are masked.",
        _PERSONAL,
    )


def _harm(found: Inspection) -> Part | None:
    return _checked(found, "abuse", "Abuse and stereotypes", "What a model learns to say of people. The rows may offend.", _HARM)


def _people(found: Inspection) -> Part | None:
    if not found.measures:
        return None
    html = render("inspection/measures.html", found=found, of=_of(found))
    return "people", SectionContent("Who is in it", str(html), "A model repeats what its data says of groups of people, and leaves out whom it leaves out.")


def _model(found: Inspection) -> Part | None:
    return _checked(
        found, "model", f"Can {found.model} learn from it?", "By its own tokenizer and chat template, as a training would read it.", _MODEL
    )


def _quality(found: Inspection) -> Part | None:
    names = [check.name for check in found.checks if check.name not in _APART]
    return _checked(found, "quality", "Rows that may be bad", "What each filter would take out, or repair.", names, bars=True)


def _checked(found: Inspection, name: str, title: str, summary: str, names: Sequence[str], *, bars: bool = False) -> Part | None:
    """A part about some checks; None where none was made."""
    checks = [check for check in found.checks if check.name in names]
    if not checks:
        return None
    able = [check for check in checks if not check.missing]
    picture = (
        _bars(
            sorted(((check.title, check.count) for check in able), key=lambda item: -item[1]),
            title="Rows found",
            unit="rows",
            note=_of(found),
        )
        if bars and able
        else None
    )
    if bars:
        checks = sorted(checks, key=lambda check: -check.count)
    rows = [(check, _kinds(check, found)) for check in checks]
    html = render("inspection/checks.html", found=found, checks=rows, picture=picture, of=_of(found), opened=not bars)
    return name, SectionContent(title, str(html), summary)


def _kinds(check: Checked, found: Inspection) -> Any:
    """How often for which reason; None where there is but one."""
    if len(check.kinds) < 2 and check.name not in _PERSONAL:
        return None
    unit = "findings" if check.name in _PERSONAL else "rows"
    return _bars(check.kinds.items(), title="By kind", unit=unit, note=_of(found))


def _duplicates(found: Inspection) -> Part:
    repeated = next((odd for odd in found.odd if odd.name == "repeated"), None)
    html = render("inspection/duplicates.html", found=found, near=found.check("near_duplicate"), repeated=repeated, of=_of(found))
    return "duplicates", SectionContent(
        "Duplicates", str(html), "What is there twice is learnt twice, and leaks from training into the test."
    )


def _labels(found: Inspection) -> Part | None:
    if not found.labels:
        return None
    known = list(found.labels.items())
    first = known if len(known) <= _LABELS_SHOWN + 2 else known[: _LABELS_SHOWN // 2]
    last = [] if first == known else known[-_LABELS_SHOWN // 2 :]
    most = known[0][1]
    groups = [
        [(name, number, charts.bar(number / most)) for name, number in group]
        for group in (first, known[len(first) : len(known) - len(last)][:500], last)
    ]
    html = render("inspection/labels.html", found=found, groups=groups, most=known[0], least=known[-1], cap=LABELS)
    return "labels", SectionContent("Labels", str(html), "Whatever is loudest is learnt best.")


def _languages(found: Inspection) -> Part | None:
    if found.languages is None:
        return None
    named = [("not sure" if code == "unsure" else code, number) for code, number in found.languages.items()]
    total = sum(found.languages.values())
    rest = sum(number for _, number in named[12:])
    picture = _bars(
        [*named[:12], *([("all others", rest)] if rest else [])],
        title="Languages",
        unit="examples, by ISO 639-1 code",
        note=f"n = {total:,}",
    )
    html = render("inspection/languages.html", picture=picture)
    return "languages", SectionContent("Languages", str(html), "As the texts themselves tell, drawn by chance.")


def _lengths(found: Inspection) -> Part:
    measured: tuple[tuple[str, Spread, str], ...] = (
        ("Turns", found.turns, "turns in a conversation"),
        ("Words asked", found.asked, "words in the first user turn"),
        ("Words answered", found.answered, "words in the last answer"),
    )
    charted = [
        (title, columns(spread.bins, label=f"{title}: median {spread.median:,}, most {spread.max:,}", x_title=unit))
        for title, spread, unit in measured
        if len(spread.bins) > 1
    ]
    table = [(title, spread) for title, spread, _ in measured] + [("Words in all", found.words), ("Tokens, about", found.tokens)]
    html = render("inspection/lengths.html", found=found, charts=charted, table=table)
    return "lengths", SectionContent("Lengths", str(html), "Heights are numbers of examples; the last column holds all that is longer.")


def _odd(found: Inspection) -> Part | None:
    odd = [one for one in found.odd if one.name != "repeated"]
    if not odd:
        return None
    return "odd rows", SectionContent(
        "Odd rows", str(render("inspection/odd.html", odd=odd)), "The ends of the file say more about it than its averages."
    )


def _how(found: Inspection) -> Part:
    html = render("inspection/how.html", found=found, command=" ".join(_command(found)))
    return "how", SectionContent("How this was found", str(html), "")


def _bars(items: Iterable[tuple[str, float]], *, title: str, unit: str, note: str) -> Markup:
    """A figure of bars, whose labels may be of any length."""
    return charts.bars([(shorten(label, 120), amount) for label, amount in items], title=title, unit=unit, note=note)


def _command(found: Inspection) -> Iterator[str]:
    from shlex import quote

    yield f"augmentor inspect {quote(found.file)}"
    if found.looked_at < found.examples:
        yield f"--sample {found.looked_at}"
    if found.model:
        yield f"--for {quote(found.model)}"
    yield "--html page.html"


def _of(found: Inspection) -> str:
    if found.looked_at == found.examples:
        return f"n = {found.examples:,}, all examples"
    return f"n = {found.looked_at:,} of {found.examples:,} examples, drawn by chance"


def _main_language(found: Inspection) -> tuple[str, str] | None:
    """The most frequent language, and its share."""
    known = [(code, number) for code, number in (found.languages or {}).items() if code != "unsure"]
    return (known[0][0], figures.percent(known[0][1], sum((found.languages or {}).values()))) if known else None
