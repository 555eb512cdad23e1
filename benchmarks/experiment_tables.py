"""The tables of finished experiments as Markdown, for docs/quality.md: every arm's scores, and what each part is worth.

`make experiments` runs the experiments and this. With --into the tables take the place of what this wrote there before.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from augmentor.cli.worth import TITLES
from augmentor.files import write_bytes
from augmentor_evaluation.results import Estimate, Results


def tables(run: Path) -> Iterator[str]:
    """The lines of a run's tables."""
    results = msgspec.json.decode((run / "metrics.json").read_bytes(), type=Results)
    head = results.headline
    if head is None:
        raise SystemExit(f"{run} has no headline comparison")
    added = {arm for one in results.experiment for arm in (one.arm, one.against)} - {head.subject, head.baseline}
    names = [metric.name for metric in results.metrics]
    yield head.sentence
    yield from (gap.sentence for gap in results.gaps if gap.metric == head.metric)
    yield ""
    yield f"Means with {results.confidence:.0%} intervals, {head.questions} questions in {head.clusters} clusters, seeds {', '.join(map(str, head.seeds))}:"
    yield ""
    yield f"| arm | {' | '.join(metric.title for metric in results.metrics)} |"
    yield "|---" * (1 + len(names)) + "|"
    for arm in results.arms:
        if arm.name not in added:
            yield f"| `{arm.name}` | {' | '.join(number(arm.metrics[name]) for name in names)} |"
    for kind, title in TITLES.items():
        rows = [one for one in results.experiment if one.kind == kind]
        if not rows:
            continue
        yield ""
        yield f"{title} ({head.metric}):"
        yield ""
        means = {arm.name: number(arm.metrics[head.metric]) for arm in results.arms}
        curve = f" `{head.baseline}` | `{head.subject}` |" if kind == "share" else ""
        yield f"| part |{curve} rows changed | worth | q | verdict |"
        yield "|---" * (7 if curve else 5) + "|"
        for one in rows if kind == "share" else sorted(rows, key=lambda one: (not one.changed, -(one.difference.mean or 0.0))):
            q = "" if one.q is None else f"{one.q:.3f}"
            both = f" {means[one.against]} | {means[one.arm]} |" if curve else ""
            yield f"| {one.part} |{both} {one.changed:,} | {number(one.difference, sign='+') if one.changed else ''} | {q} | {one.verdict} |"


def number(estimate: Estimate, sign: str = "") -> str:
    """`0.39 (0.32 to 0.46)`."""
    if estimate.mean is None:
        return "not defined"
    bounds = "" if estimate.low is None or estimate.high is None else f" ({estimate.low:{sign}.2f} to {estimate.high:{sign}.2f})"
    return f"{estimate.mean:{sign}.2f}{bounds}"


def put(page: Path, name: str, text: str) -> None:
    """The text between this block's marks in the page, or at its end under a heading where it is new."""
    first, last = f"<!-- experiment {name} -->", f"<!-- end of experiment {name} -->"
    block = f"{first}\n\n{text}\n\n{last}"
    old = page.read_text("utf-8")
    found = re.compile(re.escape(first) + ".*?" + re.escape(last), re.DOTALL)
    new = found.sub(lambda _: block, old) if found.search(old) else f"{old.rstrip()}\n\n## What each part was worth: {name}\n\n{block}\n"
    write_bytes(page, new.encode())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, help="the run folder of an experiment")
    parser.add_argument("--name", default="", help="what the block is called in the page; the folder's name otherwise")
    parser.add_argument("--into", type=Path, help="the page to write into; standard output otherwise")
    args = parser.parse_args()
    text = "\n".join(tables(args.run))
    if args.into:
        put(args.into, args.name or args.run.name, text)
    else:
        print(text)


if __name__ == "__main__":
    main()
