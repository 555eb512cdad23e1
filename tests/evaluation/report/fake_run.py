"""A run folder as a run would leave it, of any size, from a seed: for tests of the report and for looking at it."""

from __future__ import annotations

import hashlib
import math
from pathlib import Path
from random import Random

import msgspec

from augmentor.examples import Example, Message, content_id

FAQ = {
    "refund_timing": (
        "How long does a refund take?",
        "Refunds are booked every Tuesday and Friday once the parcel passes our bench check, and reach your bank within four working days.",
    ),
    "reset_password": (
        "I forgot my password",
        "Tap Lost key under the login box and we e-mail you an orange link. It works once and expires after 40 minutes.",
    ),
    "discount_code_rejected": (
        "My voucher code says invalid",
        "Codes starting with WARM need a basket above €60, and codes starting with NEST only cover sensors. Type them in capitals, one per order.",
    ),
    "away_mode": (
        "How do I set the app to away for two weeks?",
        "Choose Home > Suitcase and enter your return date: rooms fall to 14 degrees, and the boiler wakes six hours before you are back.",
    ),
    "sensor_offline": (
        "The kitchen sensor shows as offline",
        "Hold the dimple for five seconds until it blinks blue, then bring it within three metres of the hub. It rejoins by itself.",
    ),
    "change_address": (
        "I am moving house, can you change my address?",
        "Open Profile > Places and add the new flat before the 20th. Bills follow on the next cycle; the hub keeps its settings.",
    ),
    "invoice_copy": (
        "I need a copy of my invoice",
        "Invoices lie under Profile > Papers for seven years. For one with a VAT number, write it in the box before you download.",
    ),
    "warranty": (
        "Is my thermostat still under warranty?",
        "Thermostats carry five years from the date on the box. Send us a photo of the serial plate and we answer the same day.",
    ),
    "cancel_plan": (
        "Cancel my subscription please",
        "You can stop the plan on any day under Profile > Plan. What you paid for stays on until the month is over.",
    ),
    "installer_visit": (
        "When does the fitter come?",
        "Fitters come Monday to Saturday between 8 and 18. You get a text the evening before with a two-hour window.",
    ),
    "valve_noise": (
        "The radiator valve clicks all night",
        "Clicking is the valve learning its stroke; it stops after two nights. If not, run Settings > Valves > Measure again.",
    ),
    "holiday_hours": (
        "Are you open on public holidays?",
        "Phones rest on public holidays, chat is staffed from 10 to 14, and alarms are watched around the clock.",
    ),
}
OPENERS = ("", "Hi, ", "hello?? ", "Good afternoon, ", "Quick one: ", "sorry to bother you but ", "URGENT ", "Once more: ")
CLOSERS = (
    "",
    " Thanks!",
    " It has been three weeks.",
    " Please be quick.",
    " I have asked twice already.",
    " pls",
    " My neighbour has the same.",
)
ARMS = ("base", "prompted", "tuned-original", "tuned-augmented")
SKILL = {"base": 0.05, "prompted": 0.22, "tuned-original": 0.55, "tuned-augmented": 0.68}
VAGUE = (
    "I'm sorry to hear that. Please contact customer support and they will be able to help you with your request.",
    "Thank you for reaching out! You can find more information on our website in the help section.",
    "It depends on several factors. Could you give me more details about your order?",
)
STRATEGIES = (
    ("rephrase:n=14", ("topic=late", "topic=app", None)),
    ("persona:n=4", ("persona=terse_expert", "persona=worried_parent", "persona=non_native")),
    ("noise", (None,)),
)
DROPS = (
    ("near_duplicate", "as good as the same as variant {}: similarity 0.9{}"),
    ("length", "2 words, fewer than 3"),
    ("leakage", "too near to a test question: similarity 0.8{}"),
    ("toxicity", "insulting word"),
)


def fake_run(
    out: Path, questions: int = 60, *, families: int = 40, seeds: tuple[int, ...] = (0,), arms: tuple[str, ...] = ARMS, seed: int = 0, gain: float = 0.0,
    hostile: tuple[str, ...] = (), name: str = "demo", evaluated: bool = True,
) -> Path:  # fmt: skip
    """Write a run folder.

    Args:
        out: the folder.
        questions: test questions; every arm answers all of them under every seed.
        families: source examples that were augmented.
        gain: added to the skill of the last arm.
        hostile: texts that are worked into every field a user's data could reach.
        evaluated: False for a run that only made data.
    """
    rng = Random(seed)
    nasty = _Nasty(hostile, rng)
    _data(out, questions, families, rng, nasty)
    if evaluated:
        _evaluation(out, questions, seeds, arms, gain, rng, nasty)
        _trainings(out, seeds, [arm for arm in arms if arm.startswith("tuned")], rng, nasty)
    _manifest(out, seeds, name, nasty, evaluated=evaluated)
    return out


class _Nasty:
    """Puts a hostile text in the place of a harmless one, each in turn, or leaves the harmless one."""

    def __init__(self, texts: tuple[str, ...], rng: Random) -> None:
        self.texts, self.rng, self.turn = texts, rng, 0

    def __call__(self, text: str) -> str:
        if not self.texts:
            return text
        self.turn += 1
        return self.texts[self.turn % len(self.texts)]


def _ask(label: str, rng: Random) -> str:
    return rng.choice(OPENERS) + FAQ[label][0] + rng.choice(CLOSERS)


def _chat(question: str, answer: str) -> tuple[Message, ...]:
    return (Message(role="user", content=question), Message(role="assistant", content=answer))


def _data(out: Path, questions: int, families: int, rng: Random, nasty: _Nasty) -> None:
    labels = list(FAQ)
    train, dropped, made, lost = [], [], {name: 0 for name, _ in STRATEGIES}, {}
    for number in range(families):
        label = labels[number % len(labels)]
        messages = _chat(nasty(_ask(label, rng)), nasty(FAQ[label][1]))
        source = Example(id=f"T-{1000 + number}", messages=messages, label=nasty(label), meta={"channel": rng.choice(["chat", "app"])})
        train.append(source)
        for strategy, notes in STRATEGIES:
            for turn in range(rng.randint(1, 4)):
                words = _ask(label, rng).split()
                if strategy == "noise":
                    words = [word[::-1] if rng.random() < 0.15 else word for word in words]
                note = rng.choice(notes)
                variant = msgspec.structs.replace(
                    source, id=f"{source.id}-{strategy}-{turn}", messages=_chat(nasty(" ".join(words)), source.answer), parent=source.id, made_by=nasty(strategy),
                    variation=None if note is None else nasty(note), scores={"length": float(len(words))},
                )  # fmt: skip
                made[strategy] += 1
                if rng.random() < 0.22:
                    filter, reason = rng.choice(DROPS)
                    lost[filter] = lost.get(filter, 0) + 1
                    dropped.append(
                        {
                            "example": variant,
                            "filter": nasty(filter),
                            "reason": nasty(reason.format(turn, turn)),
                            "score": round(rng.random(), 3),
                        }
                    )
                else:
                    train.append(variant)
    bad = [Example(id=f"bad-{number}", messages=_chat("a" * number, "")) for number in range(7)]
    cleaned = [
        {"example": one, "filter": "length", "reason": f"{number} letters, fewer than 8", "score": float(number)}
        for number, one in enumerate(bad)
    ]
    quarantine = [
        {
            "file": nasty("chats.jsonl"),
            "line": 17,
            "reason": nasty("not JSON: it ends in the middle"),
            "raw": nasty('{"messages": [{"role": "user", "con'),
        },
        {"file": "chats.jsonl", "line": 88, "reason": "half a surrogate pair", "raw": '{"messages": ...}'},
    ]
    kept = sum(one.parent is not None for one in train)
    _lines(out / "data/train.jsonl", map(_row, train))
    _lines(out / "data/dropped.jsonl", (_row(row) for row in [*cleaned, *dropped]))
    _lines(out / "data/quarantine.jsonl", (_row(row) for row in quarantine))
    tests = (
        Example(id=f"q{number}", messages=_chat(f"{_ask(labels[number % len(labels)], Random(number))} ({number})", "x"))
        for number in range(min(questions, 2000))
    )
    _lines(out / "data/test.jsonl", map(_row, tests))
    funnel = {
        "read": families + 7 + 24, "quarantined": 2, "cleaned_out": {"length": 7}, "held_out": {"validation": 24, "test": questions}, "sources": families,
        "made": {nasty(key) if nasty.texts else key: value for key, value in made.items()}, "dropped": lost, "variants": kept, "kept": families + kept,
    }  # fmt: skip
    _write(out / "funnel.json", funnel)


def _answer(arm: str, skill: float, reference: str, rng: Random) -> str:
    luck = rng.random()
    if luck < skill:
        words = reference.split()
        if rng.random() < 0.5:
            words[rng.randrange(len(words))] = rng.choice(["usually", "40", "Monday", "Settings", "the", "never"])
        if rng.random() < 0.3:
            words += ["Let", "me", "know", "if", "this", "helps."]
        return " ".join(words)
    if arm.startswith("tuned"):
        return rng.choice(list(FAQ.values()))[1]
    return rng.choice(VAGUE)


def _overlap(prediction: str, reference: str) -> float:
    a, b = prediction.casefold().split(), reference.casefold().split()
    common = sum(min(a.count(word), b.count(word)) for word in set(a))
    return 2 * common / (len(a) + len(b)) if a and b else 0.0


def _evaluation(out: Path, questions: int, seeds: tuple[int, ...], arms: tuple[str, ...], gain: float, rng: Random, nasty: _Nasty) -> None:
    labels, asked, cache = list(FAQ), [], {}
    for number in range(questions):
        label = labels[number % len(labels)]
        asked.append((f"q{number}", nasty(label), nasty(f"{_ask(label, rng)} ({number})"), nasty(FAQ[label][1]), FAQ[label][1]))
    scores: list[bytes] = []
    means: dict[str, dict[str, list[float]]] = {}
    by_arm = {}
    for arm in arms:
        own = seeds if arm.startswith("tuned") else seeds[:1]
        failed, by_seed = 0, {"rouge_l": {}, "exact_match": {}}
        for one in own:
            lines, values = [], []
            skill = SKILL.get(arm, 0.4) + (gain if arm == arms[-1] else 0.0)
            for id, label, question, reference, right in asked:
                error = nasty("the endpoint answered 503") if rng.random() < 0.004 else None
                answer = "" if error else _answer(arm, skill, right, rng)
                key = (answer, right)
                if key not in cache:
                    cache[key] = _overlap(answer, right)
                value = cache[key]
                shown = nasty(answer) if nasty.texts else answer
                lines.append(
                    _row(
                        {
                            "id": id,
                            "root": id,
                            "label": label,
                            "question": question,
                            "reference": reference,
                            "prediction": shown,
                            "error": error,
                            "prompt_tokens": 30,
                            "completion_tokens": 24,
                        }
                    )
                )
                if error:
                    failed += 1
                    continue
                exact = float(answer == right)
                scores.append(_row({"id": id, "arm": arm, "seed": one, "metrics": {"rouge_l": round(value, 4), "exact_match": exact}}))
                means.setdefault(arm, {}).setdefault(id, []).append(value)
                values.append((value, exact))
            by_seed["rouge_l"][str(one)] = sum(value for value, _ in values) / max(1, len(values))
            by_seed["exact_match"][str(one)] = sum(exact for _, exact in values) / max(1, len(values))
            _lines(out / f"predictions/{arm}.{one}.jsonl", lines)
        by_arm[arm] = {
            "name": arm, "seeds": list(own), "questions": len(means[arm]), "clusters": min(questions, 12), "failed": failed,
            "metrics": {key: _estimate(list(some.values()), 0.02) for key, some in by_seed.items()}, "by_seed": by_seed, "completion_tokens": 24.0 + len(arm),
        }  # fmt: skip
    _lines(out / "scores.jsonl", scores)
    flat = {arm: {id: sum(values) / len(values) for id, values in some.items()} for arm, some in means.items()}
    _write(out / "metrics.json", _results(flat, by_arm, arms, asked, nasty))


def _estimate(values: list[float], spread: float | None = None) -> dict[str, float | None]:
    if not values:
        return {"mean": None, "low": None, "high": None}
    mean = sum(values) / len(values)
    half = (
        spread
        if spread is not None
        else 1.96 * math.sqrt(sum((value - mean) ** 2 for value in values) / max(1, len(values) - 1) / len(values))
    )
    return {"mean": mean, "low": mean - half, "high": mean + half}


def _results(
    flat: dict[str, dict[str, float]], by_arm: dict[str, object], arms: tuple[str, ...], asked: list[tuple[str, ...]], nasty: _Nasty
) -> dict[str, object]:
    baseline, subject = arms[-2], arms[-1]
    pairs = [(arm, baseline) for arm in arms if arm != baseline] + [(subject, arm) for arm in arms[:-2]]
    comparisons = []
    for metric, scale in (("rouge_l", 1.0), ("exact_match", 0.6)):
        for arm, other in pairs:
            comparisons.append(_compared(flat, arm, other, metric, scale))
    head = comparisons[pairs.index((subject, baseline))]
    groups: dict[tuple[str, str], list[str]] = {}
    for id, label, question, *_ in asked:
        groups.setdefault(("label", label), []).append(id)
        size = "short" if len(question.split()) < 8 else "medium" if len(question.split()) < 14 else "long"
        groups.setdefault(("length of the question", size), []).append(id)
    slices = []
    for (group, value), ids in groups.items():
        both = [id for id in ids if id in flat[subject] and id in flat[baseline]]
        slices.append({
            "group": nasty(group), "value": nasty(value), "questions": len(both), "clusters": len(both), "difference": _estimate([flat[subject][id] - flat[baseline][id] for id in both]),
            "subject": _estimate([flat[subject][id] for id in both])["mean"], "baseline": _estimate([flat[baseline][id] for id in both])["mean"], "small": len(both) < 6,
        })  # fmt: skip
    return {
        "headline": {"metric": "rouge_l", "subject": subject, "baseline": baseline, **{key: head[key] for key in ("verdict", "difference", "questions", "clusters", "sentence")}, "seeds": [0]},
        "arms": list(by_arm.values()), "comparisons": comparisons,
        "gaps": [{"metric": "rouge_l", "baseline": arms[0], "subject": subject, "ceiling": baseline, "closed": {"mean": 1.2, "low": 1.0, "high": 1.4}, "sentence": nasty("tuned-augmented closes 120 % of the gap between base and tuned-original (95 % interval 104 % to 140 %).")}],
        "slices": slices,
        "metrics": [
            {"name": "rouge_l", "title": nasty("ROUGE-L"), "higher_is_better": True, "about": nasty("F1 of the longest common subsequence of words between answer and reference, 0 to 1.")},
            {"name": "exact_match", "title": "Exact match", "higher_is_better": True, "about": "1 where the answer is the reference, but for case and spaces; else 0."},
        ],
        "cluster_by": "label", "confidence": 0.95,
        "limits": ["All test questions come from twelve intents: nothing is known of others.", nasty("One seed: another training run could come out differently."), "ROUGE-L counts shared words. It does not know whether an answer is true."],
        "schema": 1,
    }  # fmt: skip


def _compared(flat: dict[str, dict[str, float]], arm: str, other: str, metric: str, scale: float) -> dict[str, object]:
    changes = [scale * (flat[arm][id] - flat[other][id]) for id in flat[arm] if id in flat[other]]
    difference = _estimate(changes)
    low, high, mean = (difference[key] or 0.0 for key in ("low", "high", "mean"))
    verdict = "better" if low > 0 else "worse" if high < 0 else "can't tell"
    wins, losses = sum(change > 1e-9 for change in changes), sum(change < -1e-9 for change in changes)
    return {
        "arm": arm, "baseline": other, "metric": metric, "difference": difference, "p": 0.0004 if low > 0.05 else 0.18, "q": 0.0007 if low > 0.05 else 0.21,
        "questions": len(changes), "clusters": min(len(changes), 12), "wins": wins, "ties": len(changes) - wins - losses, "losses": losses,
        "win_share": {"mean": wins / max(1, wins + losses), "low": None, "high": None}, "detectable": 1.43 * (high - mean), "verdict": verdict,
        "sentence": f"{arm} scores {mean:+.3f} against {other} (95 % interval {low:+.3f} to {high:+.3f}; {len(changes)} questions).",
    }  # fmt: skip


def _trainings(out: Path, seeds: tuple[int, ...], arms: list[str], rng: Random, nasty: _Nasty) -> None:
    for number, arm in enumerate(arms):
        for seed in seeds:
            history: list[object] = []
            for step in range(0, 301, 10):
                floor = 0.35 + 0.25 * number
                history.append({"step": max(1, step), "loss": floor + 2.6 * math.exp(-step / (50 + 30 * number)) + rng.gauss(0, 0.05)})
                if step and step % 30 == 0:
                    drift = max(0, step - 150) * (0.0016 if number == 0 else 0.0)
                    history.append({"step": step, "validation_loss": floor + 0.5 + 2.2 * math.exp(-step / 70) + drift})
            facts = {
                "steps": 300, "best_step": None, "final_loss": 0.4, "seconds": 312.4 + 20 * number, "history": history, "tokens": 184_220, "device": "cpu",
                "hyperparameters": {"model": nasty("smollm2-135m-instruct"), "learning_rate": 2e-4, "lora": 16, "batch_size": 8, "seed": seed},
            }  # fmt: skip
            _write(out / f"models/{arm}.{seed}/facts.json", facts)


def _manifest(out: Path, seeds: tuple[int, ...], name: str, nasty: _Nasty, *, evaluated: bool) -> None:
    stages = [("read", 0.4, 0.3, 71), ("split", 1.2, 1.1, 64), ("augment", 14.8, 25.0, 512)]
    if evaluated:
        stages += [
            ("train:tuned-original.0", 312.0, 598.2, None),
            ("train:tuned-augmented.0", 332.0, 641.0, None),
            ("predict:base.0", 61.0, 117.0, 60),
            ("compare", 3.1, 3.0, None),
        ]
    recipe = (
        "name: demo\ndata:\n  path: chats.jsonl\naugment:\n- rephrase: {n: 14}\n- persona: {n: 4}\nseeds: "
        + str(list(seeds))
        + "\n# "
        + nasty("end").replace("\n", " ")
        + "\n"
    )
    path = out / "recipe.resolved.yaml"
    path.write_bytes(recipe.encode("utf-8", "replace"))
    _write(out / "manifest.json", {
        "version": "0.1.0", "name": nasty(name), "created": "2026-11-21T22:10:00Z", "command": nasty("augmentor run recipe.resolved.yaml"), "seed": 0, "seeds": list(seeds),
        "recipe_hash": hashlib.sha256(path.read_bytes()).hexdigest(), "data": [{"path": nasty("chats.jsonl"), "sha256": content_id([Message(role="user", content=name)]) * 4, "rows": 71}],
        "versions": {"python": "3.11.2", "torch": "2.9.0", "transformers": nasty("5.2.0")}, "machine": {"system": nasty("Linux"), "machine": "x86_64"},
        "plugins": [{"name": nasty("strategies"), "distribution": "augmentor-toolkit", "version": "0.1.0"}],
        "stages": [{"name": nasty(stage) if nasty.texts else stage, "seconds": seconds, "cpu_seconds": cpu, "rows": rows} for stage, seconds, cpu, rows in stages],
    })  # fmt: skip


def _row(value: object) -> bytes:
    return _encode(value) + b"\n"


def _encode(value: object) -> bytes:
    try:
        return msgspec.json.encode(value)
    except UnicodeEncodeError:  # a lone surrogate: as other tools write it
        import json

        return json.dumps(msgspec.to_builtins(value)).encode()


def _lines(path: Path, lines: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        for line in lines:  # type: ignore[attr-defined]
            file.write(line)


def _write(path: Path, value: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_encode(value))
