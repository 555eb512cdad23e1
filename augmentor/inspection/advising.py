"""Ready to train, or what to look at first: rules over what was counted and found, each with what to do about it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from typing import Literal

from .masking import cut
from .result import Advice, Checked, Inspection, Verdict

FEWEST = 10
"""As few examples as the OpenAI protocol accepts; below that nothing is learnt that a test could see."""

_EVEN = 0.75
_LOUDEST = 20.0
_COPIES = 0.01
_OTHER_LANGUAGE = 0.02
# Which share of the rows looked at a check may flag before a person has to look: none of what does harm, some of what is normal.
_BEARABLE = {"privacy": 0.0, "bias": 0.0, "mojibake": 0.0, "trainable": 0.0, "near_duplicate": 0.05, "outlier": 0.02, "refusal": 0.002}
_USUALLY = 0.005
_FOUND = {
    "privacy": "hold personal data or secrets",
    "toxicity": "threaten, attack or insult",
    "bias": "say of a group of people what stereotypes say",
    "near_duplicate": "are nearly the same as another",
    "outlier": "are about something far from all others",
    "length": "have an empty turn, or a very short or long one",
    "gibberish": "hold letters that make no words",
    "noise": "are hardly text",
    "mojibake": "hold text in a wrong encoding",
    "repetition": "say the same over and over",
    "truncated": "have an answer that breaks off",
    "refusal": "have an answer that refuses",
    "trainable": "cannot be trained on as they are",
}
_DO = {
    "privacy": "Mask it; it would be learnt by heart.",
    "toxicity": "Read them, then take them out, unless a model is to recognise abuse.",
    "bias": "Read them, then take them out.",
    "near_duplicate": "Keep one of each, or the model learns these above all, and a test split may hold copies.",
    "outlier": "Read them: wrong labels and rows of another data set end up here.",
    "mojibake": "Repair it.",
    "refusal": "Take them out, or the model learns to refuse.",
    "trainable": "Shorten or drop them before you pay for a training.",
}
_FILTERS = {"toxicity": "toxicity"}
_BY_HAND = frozenset({"outlier"})
_REPAIRS = frozenset({"mojibake", "privacy"})


def judged(found: Inspection) -> Verdict:
    """The verdict on what was found."""
    advice = tuple(sorted(_advice(found), key=lambda one: one.level != "stop"))
    stops = sum(one.level == "stop" for one in advice)
    if stops:
        sentence = "Not ready to train: " + advice[0].sentence[:1].lower() + advice[0].sentence[1:]
    elif advice:
        sentence = "Look at this first" if len(advice) == 1 else f"Look at these {len(advice)} things first"
    else:
        sentence = "Ready to train"
    return Verdict(not advice, sentence.rstrip("."), advice, _command(found, advice))


def _advice(found: Inspection) -> Iterator[Advice]:
    if found.unanswered == found.examples:
        yield Advice("stop", "answers", "No row has an answer for a model to learn.", "Name the answers with --columns answer=NAME, or have them written.")
    elif found.unanswered:
        yield Advice("look", "answers", f"{_of(found.unanswered, found.examples)} have no answer.", "They teach nothing; leave them out or have them answered.")
    if found.examples < FEWEST:
        yield Advice("stop", "rows", f"There {_are(found.examples, 'example')}, and a fine-tune takes at least {FEWEST}.", "Collect more, or make variants with `augmentor augment`.")
    if found.quarantined:
        yield Advice("look", "unreadable", f"{_of(found.quarantined, found.rows)} cannot be read.", "With `augmentor convert` they are kept apart in a quarantine file, with the reasons.")
    for check in found.checks:
        if _flagged(check):
            level: Literal["stop", "look"] = "stop" if check.name == "trainable" and check.count == check.looked_at else "look"
            yield Advice(level, check.name, f"{_of(_serious(check), check.looked_at)} {_FOUND.get(check.name, check.title)}.", _DO.get(check.name, "Read them; take them out if they are as bad as they look."))
    if found.duplicates > _COPIES * found.examples:
        yield Advice("look", "exact_duplicate", f"{_of(found.duplicates, found.examples)} are exact copies of an earlier one.", "Keep one of each.")
    yield from _spread_out(found)


def _spread_out(found: Inspection) -> Iterator[Advice]:
    """What is told too loudly."""
    counts = list(found.labels.values())
    if len(counts) > 1 and found.balance is not None and (found.balance < _EVEN or counts[0] > _LOUDEST * counts[-1]):
        first, last = next(iter(found.labels)), list(found.labels)[-1]
        sentence = f"Labels are uneven: {cut(first, 60)!r} has {counts[0]:,} examples, {cut(last, 60)!r} {counts[-1]:,}."
        yield Advice("look", "labels", sentence, "Augment the rare ones, or cap the frequent ones with the filter `balance`.")
    known = {code: number for code, number in (found.languages or {}).items() if code != "unsure"}
    total = sum((found.languages or {}).values())
    others = [code for code, number in list(known.items())[1:] if number >= max(2, _OTHER_LANGUAGE * total)]
    if others:
        yield Advice("look", "languages", f"More than one language: {next(iter(known))}, and {', '.join(others)}.", "If that is not meant, keep one with the filter `language`.")


def _flagged(check: Checked) -> bool:
    return _serious(check) > _BEARABLE.get(check.name, 0.0 if check.name == "toxicity" else _USUALLY) * check.looked_at


def _serious(check: Checked) -> int:
    """How many a person has to see to: swearing at nobody is shown, and no reason to wait."""
    mild = sum(number for kind, number in check.kinds.items() if "(mild)" in kind) if check.name == "toxicity" else 0
    return check.count - mild


def _command(found: Inspection, advice: tuple[Advice, ...]) -> str | None:
    """A command that takes out or repairs what filters can."""
    able = {check.name: check.filter for check in found.checks if check.name not in _BY_HAND} | {"exact_duplicate": "exact_duplicate"} | _FILTERS
    chosen = [able[one.about] for one in sorted(advice, key=lambda one: one.about not in _REPAIRS) if one.about in able]
    if not chosen:
        return None
    return f"augmentor filter {shlex.quote(found.file)} -o clean.jsonl " + " ".join(f"-f {shlex.quote(name)}" for name in chosen)


def _of(part: int, whole: int) -> str:
    share = 100 * part / whole
    return f"{part:,} of {whole:,} rows ({f'{share:.0f}' if share >= 9.95 else f'{share:.1f}' if share >= 0.05 else '<0.1'} %)"


def _are(number: int, thing: str) -> str:
    return f"is 1 {thing}" if number == 1 else f"are {number:,} {thing}s"
