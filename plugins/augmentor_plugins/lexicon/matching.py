"""Which topics fit a question."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from augmentor.errors import LexiconError

from .files import Line, Topic, read_sets, read_topics
from .questions import kinds, states_fact_word, strip_asides
from .words import FUNCTION_WORDS, NEGATIONS, Token, base_forms, respell, tokens

DATA = Path(__file__).parent / "data"
_GAP = 3  # tokens that may stand between two words of a phrase: "log ME BACK in"
_FORBIDDEN_GAP = 1
_SAME_WORDS_COUNT_FOR = 0.2  # a question that names the same object as an example is so much more like it
_DETERMINERS = frozenset("a an the my our your this that these those some any his her its their no".split())
_JOINERS = frozenset({"'s"})


@dataclass(frozen=True, slots=True)
class Match:
    """A topic that fits a question: which words it accounts for, and where `{o}` stands in the respelt text."""

    topic: Topic
    kinds: frozenset[str]
    groups: int
    likeness: float  # to the nearest of the topic's own examples, 0 to 1
    extra: int  # content words that only `{o}` carries along
    optional: int  # content words that only the `ok:` line accounts for
    object: tuple[int, int]  # start and end in `text`
    text: str
    lines: tuple[str, ...]  # what this question allows to be said
    goals: tuple[str, ...]

    @property
    def fit(self) -> tuple[float, ...]:
        """How well the topic accounts for the question; smaller is better."""
        return (self.extra, -self.likeness, self.optional, -self.groups)


@dataclass(frozen=True, slots=True)
class _Rule:
    topic: Topic
    examples: _Examples
    kinds: frozenset[str]
    groups: tuple[tuple[tuple[str, ...], ...], ...]
    optional: frozenset[str]
    forbidden_words: frozenset[str]
    forbidden: tuple[tuple[str, ...], ...]  # phrases
    lines: tuple[_Saying, ...]
    goals: tuple[_Saying, ...]


class _Examples:
    """The questions a topic is known by, as content words, and as what is left of these around a rule's object."""

    def __init__(self, texts: Sequence[list[Token]]) -> None:
        self._texts = texts
        self._frames: dict[int, list[frozenset[str]]] = {}
        self.contents = [_content(words) for words in texts]

    def frames(self, rule: _Rule) -> list[frozenset[str]]:
        """Of the examples that the rule finds its words in."""
        found = self._frames.get(id(rule))
        if found is None:
            found = []
            for words in self._texts:
                if spread := _spread(rule, [word.base for word in words]):
                    found.append(_content(words, *_noun_phrase(words, spread[0], spread[1])))
            self._frames[id(rule)] = found
        return found


@dataclass(frozen=True, slots=True)
class _Saying:
    text: str
    words: tuple[tuple[str, ...], ...]
    absent: bool

    def allowed(self, bases: list[str]) -> bool:
        return not self.words or any(_positions(phrase, bases) for phrase in self.words) is not self.absent


class _Group:
    """The words and phrases of which a question must have one."""

    __slots__ = ("phrased", "single", "words")

    def __init__(self, group: Sequence[tuple[str, ...]]) -> None:
        self.single = frozenset(phrase[0] for phrase in group if len(phrase) == 1)
        self.phrased: dict[str, list[frozenset[str]]] = defaultdict(list)  # a content word of the phrase -> the phrase
        for phrase in group:
            if len(phrase) > 1:
                self.phrased[next((word for word in phrase if word not in FUNCTION_WORDS), phrase[-1])].append(frozenset(phrase))
        self.words = self.single | self.phrased.keys()
        """One of these is in any question that has one of the group."""

    def phrase_within(self, present: frozenset[str]) -> bool:
        """Whether all words of one of the phrases are among those of a question, in whatever order."""
        return any(phrase <= present for word in present & self.phrased.keys() for phrase in self.phrased[word])


class Lexicon:
    """Topics, indexed by the words of their patterns."""

    def __init__(self, topics: Sequence[Topic]) -> None:
        self.topics = topics
        self._phrases: dict[str, tuple[str, ...]] = {}
        self.base = base_forms(frozenset(word for phrase in _phrases(topics) for word in respell(phrase).lower().split()))
        self._rules: list[_Rule] = []
        for topic in topics:
            optional = frozenset(base for phrase in topic.optional for base in (*self._phrase(phrase), " ".join(self._phrase(phrase))))
            barred = [self._phrase(phrase) for phrase in topic.forbidden]
            forbidden = tuple(phrase for phrase in barred if len(phrase) > 1)
            forbidden_words = frozenset(phrase[0] for phrase in barred if len(phrase) == 1)
            lines, goals = (tuple(map(self._saying, some)) for some in (topic.lines, topic.goals))
            examples = _Examples([self.tokens(strip_asides(respell(example))) for _, example in topic.accepts])
            for pattern in topic.patterns:
                groups = tuple(tuple(self._phrase(phrase) for phrase in group) for group in pattern.groups)
                self._rules.append(_Rule(topic, examples, pattern.kinds, groups, optional, forbidden_words, forbidden, lines, goals))
        self._groups = [[_Group(group) for group in rule.groups] for rule in self._rules]
        self._index = self._indexed()

    def _indexed(self) -> dict[str, list[int]]:
        """Word -> the rules to look at when a question has it: each rule under the words of its rarest group only."""
        named = Counter(word for groups in self._groups for group in groups for word in group.words)
        index: dict[str, list[int]] = defaultdict(list)
        for number, groups in enumerate(self._groups):
            groups.sort(key=lambda group: sum(named[word] for word in group.words))
            for word in groups[0].words:
                index[word].append(number)
        return index

    def _saying(self, line: Line) -> _Saying:
        return _Saying(line.text, tuple(map(self._phrase, line.words)), line.absent)

    def _phrase(self, phrase: str) -> tuple[str, ...]:
        found = self._phrases.get(phrase)
        if found is None:
            found = self._phrases[phrase] = tuple(token.base for token in tokens(respell(phrase), self.base))
        return found

    def tokens(self, text: str) -> list[Token]:
        """The words of a *respelt* text, with base forms as this lexicon knows them."""
        return tokens(text, self.base)

    def match(self, text: str) -> list[Match]:
        """Every topic that accounts for every content word of `text`, the most specific first."""
        text = strip_asides(respell(text))
        words = self.tokens(text)
        bases = [word.base for word in words]
        asked = kinds(text)
        fact = states_fact_word(text)
        found: dict[int, Match] = {}
        for rule in self._complete(frozenset(bases)):
            if not rule.kinds & asked:
                continue
            match = _fit(rule, text, words, bases, asked, fact)
            if match and ((best := found.get(id(rule.topic))) is None or _rank(match) < _rank(best)):
                found[id(rule.topic)] = match
        return sorted(found.values(), key=_rank)

    def _complete(self, present: frozenset[str]) -> Iterator[_Rule]:
        """The rules of which every group could be in a question with these words."""
        for number in sorted({number for base in present for number in self._index.get(base, ())}):
            for group in self._groups[number]:
                if group.single.isdisjoint(present) and not (group.phrased and group.phrase_within(present)):
                    break
            else:
                if self._rules[number].forbidden_words.isdisjoint(present):
                    yield self._rules[number]


def _rank(match: Match) -> tuple[float | str, ...]:
    return (*match.fit, match.topic.file, match.topic.line)


def _fit(rule: _Rule, text: str, words: list[Token], bases: list[str], asked: frozenset[str], fact: str | None) -> Match | None:
    if any(_positions(phrase, bases, _FORBIDDEN_GAP) for phrase in rule.forbidden):
        return None
    spread = _spread(rule, bases)
    if spread is None:
        return None
    covered, last, named = spread
    usable = rule.kinds & asked
    if fact and fact not in rule.optional and not any(name == fact or name.startswith(fact + " ") for name in named):
        usable -= {"ask"}
        if fact not in {"why", "where"}:
            usable -= {"fix"}
    if not usable:
        return None
    start, end = _noun_phrase(words, covered, last)
    left_over = {
        index for index, word in enumerate(words)
        if index not in covered and word.base not in rule.optional and (word.counts or word.base in NEGATIONS)
        and not (fact and index and bases[index - 1] == "how" and fact == f"how {word.base}")
    }
    inside = {index for index in left_over if start <= index < end}
    if left_over - inside:
        return None
    extra = {index for index in inside if not (index and words[index].text[0].isupper())}  # a brand in front of the object changes no need
    optional = sum(word.counts and index not in covered and index not in inside for index, word in enumerate(words))
    likeness = max(
        _jaccard(_content(words), rule.examples.contents),
        _jaccard(_content(words, start, end), rule.examples.frames(rule)) - _SAME_WORDS_COUNT_FOR,
    )
    return Match(rule.topic, usable, len(rule.groups), likeness, len(extra), optional, (words[start].start, words[end - 1].end), text, _allowed(rule.lines, bases), _allowed(rule.goals, bases))


def _allowed(sayings: tuple[_Saying, ...], bases: list[str]) -> tuple[str, ...]:
    return tuple(saying.text for saying in sayings if saying.allowed(bases))


def _spread(rule: _Rule, bases: list[str]) -> tuple[set[int], set[int], set[str]] | None:
    """Which tokens the groups of a rule name, which its last group does, and the phrases found; None when a group finds none."""
    covered: set[int] = set()
    named: set[str] = set()
    last: set[int] = set()
    present = frozenset(bases)
    for group in rule.groups:
        last = set()
        for phrase in group:
            for positions in _positions(phrase, bases) if phrase and phrase[0] in present else ():
                last.update(positions)
                named.add(" ".join(phrase))
        if not last:
            return None
        covered |= last
    return covered, last, named


def _content(words: list[Token], start: int = 0, end: int = 0) -> frozenset[str]:
    """The content words of a question, with those from token `start` to `end` (the object) as one."""
    outside = {word.base for index, word in enumerate(words) if not start <= index < end and (word.counts or word.base in NEGATIONS)}
    return frozenset(outside | {"{o}"} if end else outside)


def _jaccard(words: frozenset[str], examples: Iterable[frozenset[str]]) -> float:
    """Jaccard similarity with the nearest example, in steps of a tenth."""
    return max((round(len(words & example) / len(words | example), 1) for example in examples if words | example), default=0.0)


def _noun_phrase(words: list[Token], covered: set[int], core: set[int]) -> tuple[int, int]:
    """The span of tokens around the last group's last match, from its determiner on."""
    end = max(core) + 1
    start = end - 1
    while start - 1 in core:
        start -= 1
    while start > 0:
        before = words[start - 1]
        if before.text.lower() in _DETERMINERS:
            return start - 1, end
        if not (before.counts and start - 1 not in covered) and before.base not in _JOINERS:
            break
        start -= 1
    return start, end


def _positions(phrase: tuple[str, ...], bases: list[str], gap: int = _GAP) -> Iterable[tuple[int, ...]]:
    if len(phrase) == 1:
        return [(index,) for index, base in enumerate(bases) if base == phrase[0]]
    found = []
    for index, base in enumerate(bases):
        if phrase and base == phrase[0] and (rest := _follow(phrase[1:], bases, index + 1, gap)) is not None:
            found.append((index, *rest))
    return found


def _follow(phrase: tuple[str, ...], bases: list[str], start: int, gap: int) -> tuple[int, ...] | None:
    if not phrase:
        return ()
    for index in range(start, min(start + gap + 1, len(bases))):
        if bases[index] == phrase[0] and (rest := _follow(phrase[1:], bases, index + 1, gap)) is not None:
            return (index, *rest)
    return None


def _phrases(topics: Iterable[Topic]) -> set[str]:
    """Every word or phrase that a pattern, a list or a condition names."""
    found: set[str] = set()
    for topic in topics:
        found.update(topic.optional, topic.forbidden)
        found.update(word for line in (*topic.lines, *topic.goals) for word in line.words)
        found.update(phrase for pattern in topic.patterns for group in pattern.groups for phrase in group)
    return found


def read_lexicon(*own: Path) -> Lexicon:
    """The shipped lexicon, after the user's `own` files.

    Raises:
        LexiconError: a file cannot be read; names every line that is wrong.
    """
    common = common_sets()
    topics: list[Topic] = []
    errors: list[LexiconError] = []
    for path in [*own, *(path for path in sorted(DATA.glob("*.txt")) if path.name != "common.txt")]:
        new, wrong = read_topics(path, common)
        topics += new
        errors += wrong
    if errors:
        raise LexiconError("\n".join(map(str, errors)))
    return Lexicon(topics)


@cache
def common_sets() -> dict[str, tuple[str, ...]]:
    """The sets that every file may use."""
    return read_sets(DATA / "common.txt")
