"""What a run with everything in it leaves: an experiment, judges, probes of bias, leaks, gates, prompts and bills, beside what `fake_run` writes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from augmentor_evaluation.results import (
    Agreement,
    ArmScores,
    Comparison,
    Estimate,
    GateResult,
    Headline,
    JudgeHealth,
    JudgeResult,
    LeakedPair,
    Leaks,
    MetricInfo,
    ProbeChange,
    ProbeExample,
    ProbeGroup,
    ProbeResult,
    Results,
    Score,
    Worth,
)
from tests.evaluation.report.fake_run import fake_run

BASELINE, SUBJECT = "tuned-original", "tuned-augmented"
Words = Callable[[str], str]


def full_run(out: Path, questions: int = 60, *, hostile: tuple[str, ...] = (), **options: Any) -> Path:
    """A run folder with everything in it; `hostile` texts stand wherever a user's data, a plugin or a model could put one."""
    fake_run(out, questions, hostile=hostile, **options)
    turn = iter(range(10**9))

    def said(words: str) -> str:
        return hostile[next(turn) % len(hostile)] if hostile else words

    results = msgspec.convert(json.loads((out / "metrics.json").read_bytes()), Results)
    arms = [arm.name for arm in results.arms]
    subject = arms[-1]
    results = msgspec.structs.replace(
        results, experiment=experiment(said, subject), least=0.01, judges=[judge(said, arms, "pairs"), judge(said, arms, "ratings")], bias=[probe(said, arms)],
        leaks=leaks(said, results.headline, subject), gates=gates(said), metrics=[*results.metrics, *harm_metrics(said)],
        arms=[*(harmless(arm) for arm in results.arms), *added(results.arms[-1])],
        comparisons=[*results.comparisons, compared(said, subject, BASELINE, "toxicity_rate", 0.02, "worse"), compared(said, subject, BASELINE, "privacy_rate", -0.01)],
    )  # fmt: skip
    write(out / "metrics.json", results)
    with (out / "scores.jsonl").open("ab") as file:
        for number in range(8):
            values = {"toxicity_rate": 0.33 * (number % 4), "privacy_rate": float(number % 2)}
            file.write(msgspec.json.encode(Score(f"q{number}", subject, 0, values)) + b"\n")
    manifest = json.loads((out / "manifest.json").read_bytes())
    for stage in manifest["stages"]:
        if stage["cpu_seconds"] == 25.0:
            stage["asked"] = {"calls": 420, "failed": 3, "prompt_tokens": 180_400, "completion_tokens": 31_050, "cost": 0.7615}
    manifest["prompts"] = [{"whose": said("strategy paraphrase"), "text": said("Rewrite the question below.\n{{ text }}")}]
    write(out / "manifest.json", manifest)
    recipe = {
        "name": "demo", "data": {"path": "chats.jsonl"}, "answer_with": "transformers",
        "arms": {"prompted": {"prompt": said("You are a helpful support assistant."), "shots": 3}, said("another"): {"prompt": said("Be brief.")}},
    }  # fmt: skip
    (out / "recipe.resolved.yaml").write_bytes(json.dumps(recipe, indent=1).encode())
    return out


def experiment(said: Words, subject: str) -> list[Worth]:
    """Strategies left out and alone, filters off, shares of the sources."""
    rows = [
        ("rephrase:n=14", "left out", subject, "without-rephrase", 0.083, 0.03, "worth it", 600),
        ("persona:n=4", "left out", subject, "without-persona", 0.012, 0.02, "can't tell", 210),
        ("noise", "left out", subject, "without-noise", -0.021, 0.012, "not worth it", 120),
        ("rephrase:n=14", "alone", "only-rephrase", BASELINE, 0.091, 0.04, "worth it", 590),
        ("toxicity", "filter off", subject, "without-filter-toxicity", 0.0, None, "changed no row", 0),
        ("25 % of the sources", "share", "augmented-25", "original-25", 0.14, 0.05, "worth it", 190),
        ("50 % of the sources", "share", "augmented-50", "original-50", 0.11, 0.04, "worth it", 380),
        ("100 % of the sources", "share", subject, BASELINE, 0.06, 0.03, "worth it", 760),
    ]
    return [
        Worth(
            said(part), kind, arm, against, int(part.split()[0]) / 100 if kind == "share" else 1.0, 900, changed, "rouge_l", estimate(mean, half), None if half is None else 0.01,
            None if half is None else 0.02, 60, 12, half and 1.4 * half, verdict, said(f"{part} is worth {mean:+.3f} ROUGE-L (95 % interval {half})."),
        )
        for part, kind, arm, against, mean, half, verdict, changed in rows
    ]  # fmt: skip


def added(like: ArmScores) -> list[ArmScores]:
    """The arms that the experiment added."""
    scores = {"augmented-25": 0.5, "original-25": 0.36, "augmented-50": 0.58, "original-50": 0.47, "only-rephrase": 0.6}
    names = [*scores, "without-rephrase", "without-persona", "without-noise", "without-filter-toxicity"]
    return [msgspec.structs.replace(like, name=name, metrics={"rouge_l": estimate(scores.get(name, 0.6), 0.04)}) for name in names]


def harm_metrics(said: Words) -> list[MetricInfo]:
    """Metrics of what an answer should not say."""
    return [MetricInfo("toxicity_rate", said("Toxicity of answers"), False, said("0-1")), MetricInfo("privacy_rate", "Answers with personal data", False, "0-1")]


def harmless(arm: ArmScores) -> ArmScores:
    """The arm with its means of harm."""
    return msgspec.structs.replace(arm, metrics={**arm.metrics, "toxicity_rate": estimate(0.02, 0.01), "privacy_rate": estimate(0.01, 0.01)})


def compared(said: Words, arm: str, baseline: str, metric: str, mean: float, verdict: Any = "can't tell") -> Comparison:
    """A comparison of 60 questions."""
    return Comparison(
        arm, baseline, metric, estimate(mean, abs(mean) / 2), 0.01, 0.02, 60, 12, 21, 30, 9, estimate(0.7, 0.1), 0.05, verdict, said(f"{arm} {mean:+.2f} against {baseline}.")
    )


def judge(said: Words, arms: list[str], kind: Any) -> JudgeResult:
    """A judge with its record."""
    rates = {"flip_rate": estimate(0.12, 0.05), "first_rate": estimate(0.55, 0.06), "longer_rate": estimate(0.64, 0.07)} if kind == "pairs" else {"length_correlation": 0.31}
    health = JudgeHealth(180, 151, 4, 2, 52_000, 900, 0.31 if kind == "pairs" else None, **rates)
    agreement = Agreement(40, 20, 0.775, estimate(0.61, 0.2)) if kind == "pairs" else None
    title = "pairwise" if kind == "pairs" else "rubric"
    pairs = [compared(said, arm, BASELINE, title, 0.2, "better" if arm == arms[-1] else "can't tell") for arm in arms if arm != BASELINE]
    return JudgeResult(said(title), said(title), said("A language model is shown both answers in both orders."), kind, pairs, health, agreement, [said("It likes long answers.")])


def probe(said: Words, arms: list[str]) -> ProbeResult:
    """A probe of bias: twenty groups."""
    names = ["all", "control", *(said(f"group {number}") for number in range(18))]
    groups = [ProbeGroup(arm, name, 40, int(name == "control"), estimate(0.9 - 0.01 * place, 0.04)) for arm in arms for place, name in enumerate(dict.fromkeys(names))]
    changes = [ProbeChange(arms[-1], BASELINE, name, 40, estimate(-0.05, 0.03), 0.01, 0.02, "worse") for name in list(dict.fromkeys(names))[:5]]
    examples = [ProbeExample(arms[-1], "control", 0.31, said("asked as one person: yes"), said("asked as another: no"))]
    return ProbeResult("counterfactual", said("Counterfactual answers"), said("Asks as two people."), "0-1", 1.0, "control", groups, changes, examples)


def leaks(said: Words, head: Headline | None, subject: str) -> Leaks:
    """Two test questions that training holds."""
    pairs = [LeakedPair(f"q{number}", said("How long does a refund take, please?"), f"T-{1000 + number}", said("How long does a refund take?"), 1 - 0.2 * number, [subject]) for number in range(2)]
    wide = head and msgspec.structs.replace(head, difference=estimate(0.14, 0.05), questions=head.questions + 2)
    return Leaks(2, {subject: 2, BASELINE: 0}, pairs, wide)


def gates(said: Words) -> list[GateResult]:
    """A gate that is passed, and one that is not."""
    return [
        GateResult(said("rouge_l.delta.low > 0"), True, said("Gate passed: rouge_l.delta.low > 0; low of tuned-augmented against tuned-original is 0.041.")),
        GateResult("toxicity_rate.delta.high <= 0", False, said("Gate not passed: toxicity_rate.delta.high <= 0; high of tuned-augmented against tuned-original is 0.03.")),
    ]


def estimate(mean: float, half: float | None) -> Estimate:
    """A mean and its interval."""
    return Estimate(mean) if half is None else Estimate(mean, mean - half, mean + half)


def write(path: Path, value: Any) -> None:
    """JSON, also of text that is no UTF-8."""
    path.write_bytes(json.dumps(msgspec.to_builtins(value)).encode())
