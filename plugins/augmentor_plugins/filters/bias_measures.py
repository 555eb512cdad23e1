"""How a data set treats groups of people, in figures: who is in it, what is said of whom, and who is answered otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from augmentor.examples import Example

from .bias import biased
from .group_mentions import DIMENSIONS, groups_of, mentions
from .log_odds import Odds, log_odds, wilson
from .toxicity import judged
from .unequal_answers import Unequal, unequal_pairs
from .wordlists import sections

_SHOWN = 5
_ABUSE = "abuse"
_STEREOTYPE = "stereotypes"
_UNSAID = "without"  # people do not say that somebody has no disability: no share of it is to be expected
_MILD = ("", "profanity")
_EMPTY_WORDS = frozenset(
    "a an the i me my we our us you your he him his she her hers it its they them their this that these those is are was were be been am do does did have has had will would can could should may might must to of in on at for with"
    " from by about as into and or but if so than then there here what which who whom when where why how not no yes just very please also all any some".split()
)


@dataclass(frozen=True)
class GroupCount:
    """How many families name a group, its share of all such mentions of the dimension with the interval, and the share expected."""

    dimension: str
    group: str
    families: int
    share: float
    low: float
    high: float
    expected: float

    @property
    def off(self) -> bool:
        """Whether the expected share is outside the interval."""
        return not self.low <= self.expected <= self.high


@dataclass(frozen=True)
class Association:
    """What is said of a group beside the other groups of its dimension: sets of words, and the words that stand out most."""

    dimension: str
    group: str
    sets: tuple[Odds, ...]
    words: tuple[Odds, ...]


@dataclass(frozen=True)
class BiasMeasures:
    """The measures of a data set; `statements` are stereotypes told as facts (text, words), `compared` counts pairs that differ in a group only."""

    examples: int
    families: int
    groups: tuple[GroupCount, ...] = ()
    associations: tuple[Association, ...] = ()
    statements: tuple[tuple[str, str], ...] = ()
    compared: int = 0
    unequal: tuple[Unequal, ...] = ()

    def table(self) -> list[tuple[str, str, str]]:
        """What stands out, as lines to show: subject, finding, figures.

        A share whose interval leaves the expected one out, sets of words whose interval leaves 0 out, words that stay clear of 0 when all
        the words are reckoned with, and the first stereotypes and unequal answers.
        """
        lines = [
            (f"{count.dimension}: {count.group}", "named more than expected" if count.share > count.expected else "named less than expected", f"{count.families} families, {count.share:.0%} ({count.low:.0%} to {count.high:.0%}), expected {count.expected:.0%}")
            for count in self.groups
            if count.off
        ]
        for association in self.associations:
            sure = [odds for odds in association.sets if odds.low > 0 or odds.high < 0] + [odds for odds in association.words if odds.clear]
            for odds in sure:
                more = "more" if odds.ratio > 0 else "less"
                lines.append((f"{association.dimension}: {association.group}", f"{odds.what!r} is said {more} of them", f"log-odds {odds.ratio:+.2f} ({odds.low:+.2f} to {odds.high:+.2f}), {odds.here} to {odds.elsewhere}"))
        lines += [("stereotypes", f"{words!r}", text) for text, words in self.statements[:_SHOWN]]
        lines += [(f"answers: {pair.change}", "differ where only the group does", f"{pair.one} and {pair.other}") for pair in self.unequal[:_SHOWN]]
        return lines


@dataclass
class _Counts:
    """Families that name a group, that say a word with it, and that speak of a set of words with it."""

    families: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    words: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    sets: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    seen: set[tuple[str, str, str]] = field(default_factory=set)

    def add(self, group: str, root: str, counter: Mapping[str, Counter[str]], what: Iterable[str]) -> None:
        """Count each once a family, as variants say again what their source says."""
        for word in what:
            if (group, root, word) not in self.seen:
                self.seen.add((group, root, word))
                counter[group][word] += 1


def measure(examples: Sequence[Example], dimensions: Sequence[str] = DIMENSIONS, expected: Mapping[str, Mapping[str, float]] | None = None) -> BiasMeasures:
    """The bias of a data set, in figures. English; the same examples give the same figures in any order.

    Groups are found by the word files of `counterfactual`. Families are counted, not rows, so that augmentation changes nothing by
    saying things again. What is said of a group is what its sentences say, compared with the sentences about the other groups of
    the dimension (Monroe, Colaresi and Quinn 2008): words, sets of words (`words/associations.txt`), abuse and stereotypes.

    Args:
        examples: sources, or sources and variants.
        dimensions: in what groups differ, of `group_mentions.DIMENSIONS`.
        expected: the shares that a dimension's groups should have (`{"gender": {"female": 0.6, "male": 0.4}}`); equal ones else.
    """
    lists = {name: frozenset(words) for name, words in sections("associations").items()}
    counts: list[GroupCount] = []
    associations: list[Association] = []
    for dimension in dimensions:
        found = _counted(examples, dimension, lists)
        wanted = (expected or {}).get(dimension, {})
        counts += _representation(dimension, found, wanted)
        associations += _associations(dimension, found)
    statements = {(message.text, words) for example in examples for message in example.messages for score, words in [biased(message.text)] if score}
    pairs, compared = unequal_pairs(examples, dimensions)
    return BiasMeasures(len(examples), len({example.root for example in examples}), tuple(counts), tuple(associations), tuple(sorted(statements)), compared, tuple(pairs))


def _counted(examples: Sequence[Example], dimension: str, lists: Mapping[str, frozenset[str]]) -> _Counts:
    found = _Counts()
    judgements: dict[str, list[str]] = {}
    for example in examples:
        for message in example.messages:
            for mention in mentions(message.text, dimension):
                words = [word for word in mention.words if word not in _EMPTY_WORDS]
                topics = {name for name, known in lists.items() if not known.isdisjoint(words)}
                if mention.sentence not in judgements:
                    judgements[mention.sentence] = [name for name, told in ((_ABUSE, judged(mention.sentence)[0] not in _MILD), (_STEREOTYPE, biased(mention.sentence)[0] > 0)) if told]
                for group in mention.groups:
                    found.families[group].add(example.root)
                    found.add(group, example.root, found.words, words)
                    found.add(group, example.root, found.sets, (f"[{name}]" for name in (*topics, *judgements[mention.sentence])))
    return found


def _representation(dimension: str, found: _Counts, wanted: Mapping[str, float]) -> list[GroupCount]:
    groups = groups_of(dimension)
    total = sum(len(found.families[group]) for group in groups)
    if not total or (_UNSAID in groups and not wanted):
        return []
    counts = []
    for group in groups:
        number = len(found.families[group])
        low, high = wilson(number, total)
        counts.append(GroupCount(dimension, group, number, round(number / total, 4), round(low, 4), round(high, 4), wanted.get(group, 1 / len(groups))))
    return counts


def _associations(dimension: str, found: _Counts) -> list[Association]:
    made = []
    groups = [group for group in groups_of(dimension) if found.words[group]]
    for group in groups if len(groups) > 1 else ():
        words, sets = found.words[group], found.sets[group]
        other_words = sum((found.words[other] for other in groups if other != group), Counter[str]())
        other_sets = sum((found.sets[other] for other in groups if other != group), Counter[str]())
        size = words.total(), other_words.total()
        among = log_odds(words, other_words)
        said = [odds._replace(what=odds.what.strip("[]")) for odds in log_odds(sets, other_sets, size=size)]
        made.append(Association(dimension, group, tuple(said), tuple(among[:_SHOWN])))
    return made
