"""Does a lexicon file do what its own examples say?"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from .files import Topic, read_topics
from .matching import DATA, Lexicon, _fit, _positions, common_sets
from .questions import kinds, states_fact_word
from .words import respell

_SLOT = re.compile(r"\{([^{}]*)\}")


def check(path: Path, *, alone: bool = False) -> Iterator[str]:
    """Every fault of a file, one message each: unreadable lines, examples that fail, lines that cannot be used.

    Examples are run against the file together with the shipped files, so that base forms are the same as in use;
    `alone` leaves the shipped ones out.
    """
    topics, errors = read_topics(path, common_sets())
    yield from map(str, errors)
    others: list[Topic] = []
    if not alone:
        for other in sorted(DATA.glob("*.txt")):
            if other.name not in {"common.txt", path.name}:
                others += read_topics(other, common_sets())[0]
    lexicon = Lexicon([*topics, *others])
    yield from faults_of(topics, lexicon)


def faults_of(topics: Sequence[Topic], lexicon: Lexicon) -> Iterator[str]:
    """Every fault of a file's topics, asked of the lexicon that holds them."""
    titles: dict[str, Topic] = {}
    for topic in topics:
        if topic.title in titles:
            yield f"{topic.where}: another topic of this file has the same title (line {titles[topic.title].line})"
        titles[topic.title] = topic
        yield from _faults(topic, lexicon)


def _faults(topic: Topic, lexicon: Lexicon) -> Iterator[str]:
    if not topic.patterns:
        yield f"{topic.where}: no pattern; add a line 'do: ...', 'fix: ...' or 'ask: ...'"
        return
    if len(topic.accepts) < 2 or not topic.rejects:
        yield f"{topic.where}: needs at least two '+' examples and one '-' example"
    if not topic.lines:
        yield f"{topic.where}: no '=' line, so it says nothing"
    for number, example in topic.accepts:
        if not any(match.topic is topic for match in lexicon.match(example)):
            yield f"{topic.file}:{number}: '+ {example}' does not match: {_why_not(topic, example, lexicon)}"
    for number, example in topic.rejects:
        if any(match.topic is topic for match in lexicon.match(example)):
            yield f"{topic.file}:{number}: '- {example}' matches but must not"
    said = [line.text for line in (*topic.goals, *topic.lines)]
    for line in said:
        for slot in _SLOT.findall(line):
            if slot != "o" and slot.count("/") != 1:
                yield f"{topic.where}: unknown slot {{{slot}}} in {line!r}; use {{o}} or {{singular/plural}}"
    for twin in sorted({line for line in said if said.count(line) > 1}):
        yield f"{topic.where}: twice: {twin!r}"


def _why_not(topic: Topic, example: str, lexicon: Lexicon) -> str:
    """The nearest reason, for the person who has to mend the file."""
    text = respell(example)
    asked = kinds(text)
    words = lexicon.tokens(text)
    bases = [word.base for word in words]
    reasons: list[tuple[int, str]] = []
    for rule in lexicon._rules:
        if rule.topic is not topic:
            continue
        lacking = [group for group in rule.groups if not any(_positions(phrase, bases) for phrase in group)]
        if lacking:
            shown = " | ".join(" ".join(phrase) for phrase in lacking[0][:6])
            reasons.append((4 + len(lacking), f"it has none of: {shown} ..."))
        elif rule.forbidden_words & set(bases) or any(_positions(phrase, bases) for phrase in rule.forbidden):
            reasons.append((1, "a word of the 'no:' line is in it"))
        elif not rule.kinds & asked:
            reasons.append((2, f"it reads as {'/'.join(sorted(asked))}, the pattern is for {'/'.join(sorted(rule.kinds))}"))
        elif _fit(rule, text, words, bases, asked, None):
            reasons.append((3, f"the question word {states_fact_word(text)!r} is not named by the pattern (or its kind)"))
        else:
            covered = {position for group in rule.groups for phrase in group for found in _positions(phrase, bases) for position in found}
            left = [word.text for index, word in enumerate(words) if index not in covered and word.base not in rule.optional and (word.counts or word.base == "not")]
            reasons.append((0, f"these words are not accounted for: {', '.join(left)}"))
    return min(reasons)[1]
