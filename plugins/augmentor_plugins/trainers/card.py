"""The model card: what a tuned model is, written from what its training and evaluation recorded and from nothing else.

It is the README.md of the model's directory, with the front matter that model hubs read. What the data does not say of itself is "not
stated"; what was not measured is "not measured".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import msgspec

from augmentor.files import write_bytes

from .reproducing import command

NAME = "README.md"
WATTS_A_CORE = 15
"""What a busy processor core is taken to draw, where nobody measured; a card that uses it says so."""


def write(facts: Mapping[str, Any], model: Path, arm: str = "", results: Mapping[str, Any] | None = None) -> None:
    """Put the card into the model's directory; with the `results` of the run in which the model is the arm `arm`, where it was evaluated."""
    write_bytes(model / NAME, card(facts, arm, results).encode())


def card(facts: Mapping[str, Any], arm: str = "", results: Mapping[str, Any] | None = None) -> str:
    """The card as Markdown."""
    options, data = facts["hyperparameters"], facts["lineage"]
    base = _base(options)
    title = f"{base}, tuned on {data['train']['examples']:,} examples"
    learnt = "the preferred of two answers" if facts["method"] == "dpo" else "the assistant's turns"
    parts = [
        _front_matter(options, facts, data),
        f"# {_plain(title)}",
        f"`{_plain(base)}`, fine-tuned with [Augmentor](https://pypi.org/project/augmentor-toolkit/) to give {learnt} of the data below.",
        *_data(data, facts),
        *_training(facts, options),
        *_evaluation(arm, results),
        *_bias(arm, results),
        *_use(data, results),
        *command(facts),
    ]
    return "\n\n".join(parts) + "\n"


def _base(options: Mapping[str, Any]) -> str:
    """The base model as the world may know it: of a path on this machine, the last part."""
    model = str(options["model"])
    return Path(model).name if Path(model).is_absolute() or model.startswith(("~", ".")) else model


def _front_matter(options: Mapping[str, Any], facts: Mapping[str, Any], data: Mapping[str, Any]) -> str:
    said: dict[str, Any] = {
        "base_model": _base(options),
        "library_name": "transformers",
        "pipeline_tag": "text-generation",
        "tags": ["augmentor", facts["method"], *(["lora"] if options["lora"] else [])],
    }
    if len(data["licences"]) == 1 and sum(data["licences"].values()) == data["train"]["examples"]:
        said |= {"license": "other", "license_name": next(iter(data["licences"]))}
    return f"---\n{msgspec.yaml.encode(said).decode()}---"


def _data(data: Mapping[str, Any], facts: Mapping[str, Any]) -> Iterable[str]:
    files = [("training", data["train"]), *([("validation", data["validation"])] if data["validation"] else [])]
    yield "## Data"
    yield _table(("part", "file", "examples", "SHA-256"), [(name, file["file"], f"{file['examples']:,}", f"`{file['sha256']}`") for name, file in files])
    yield (
        f"The training examples descend from {data['sources']:,} sources: {data['originals']:,} are the team's own, "
        f"{data['train']['examples'] - data['originals']:,} were made from them. {facts['learnt_tokens']:,} tokens were learnt (repeats counted), of "
        f"{facts['tokens']:,} read."
    )
    if data["made_by"]:
        yield _table(("made by", "examples"), [(f"`{_plain(name)}`", f"{count:,}") for name, count in data["made_by"].items()])
    yield _table(
        ("the data says of itself", "value", "examples"),
        [row for name, stated in (("licence", "licences"), ("consent", "consents"), ("source", "channels")) for row in _stated(name, data[stated], data)],
    )


def _stated(name: str, values: Mapping[str, int], data: Mapping[str, Any]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [(name, _plain(value), f"{count:,}") for value, count in values.items()]
    silent = data["train"]["examples"] - sum(values.values())
    return [*rows, (name, "not stated", f"{silent:,}")] if silent > 0 else rows


def _training(facts: Mapping[str, Any], options: Mapping[str, Any]) -> Iterable[str]:
    share = facts["trained_parameters"] / facts["parameters"]
    core_hours = facts["cpu_seconds"] / 3600
    rows = [
        ("method", {"sft": "supervised fine-tuning", "dpo": f"direct preference optimisation, beta {options['beta']:g}"}[facts["method"]]),
        ("weights trained", f"{facts['trained_parameters']:,} of {facts['parameters']:,} ({share:.1%})" + (f", LoRA rank {options['lora']}" if options["lora"] else "")),
        ("steps", f"{facts['steps']:,} of {options['batch_size'] * options['gradient_accumulation']} examples" + _ended(facts)),
        ("learning rate", f"{options['learning_rate']:g}, {options['schedule']}"),
        ("final training loss", f"{facts['final_loss']:.4f} nats"),
        ("lowest validation loss", _lowest(facts)),
        ("time", f"{facts['seconds']:,.0f} s on {facts['device']}, {core_hours * 3600:,.0f} s of processor cores"),
        ("energy", _energy(facts, core_hours)),
    ]
    if preferred := facts.get("preferred"):
        rows.append(("prefers the better answer more than before", f"{preferred['share']:.0%} of {preferred['pairs']} {preferred['of']} pairs"))
    yield "## Training"
    yield _table(("", ""), rows)
    if facts["warnings"]:
        yield "Said while it trained:\n\n" + "\n".join(f"- {_plain(warning['sentence'])}" for warning in facts["warnings"])


def _ended(facts: Mapping[str, Any]) -> str:
    best = f"; the weights are those of step {facts['best_step']}" if facts["best_step"] else ""
    return (f"; stopped early ({facts['stopped']})" if facts["stopped"] else "") + best


def _lowest(facts: Mapping[str, Any]) -> str:
    losses = [entry["validation_loss"] for entry in facts["history"] if "validation_loss" in entry]
    return f"{min(losses):.4f} nats" if losses else "not measured: there was no validation split"


def _energy(facts: Mapping[str, Any], core_hours: float) -> str:
    if facts["device"] != "cpu":
        return "not measured"
    return f"not measured; about {core_hours * WATTS_A_CORE:.2g} Wh, if a busy core draws {WATTS_A_CORE} W (an assumption)"


def _evaluation(arm: str, results: Mapping[str, Any] | None) -> Iterable[str]:
    yield "## Evaluation"
    if results is None:
        yield "Not evaluated yet. `augmentor evaluate` compares it with other models."
        return
    if headline := results.get("headline"):
        yield _plain(headline["sentence"])
    infos = {info["name"]: info for info in results["metrics"]}
    rows = []
    for row in results["arms"]:
        name = f"**{_plain(row['name'])}** (this model)" if row["name"] == arm else _plain(row["name"])
        rows.append((name, f"{row['questions']:,}", *(_estimate(row["metrics"].get(metric)) for metric in infos)))
    yield _table(("arm", "questions", *(_plain(info["title"]) for info in infos.values())), rows)
    yield f"In brackets: {results['confidence']:.0%} intervals, resampled by {results['cluster_by']}; seeds are averaged."


def _bias(arm: str, results: Mapping[str, Any] | None) -> Iterable[str]:
    yield "## Bias"
    rows = [
        (_plain(probe["title"]), _plain(group["group"]), f"{group['items']:,}", _estimate(group["value"]), f"{probe['ideal']:g} {_plain(probe['unit'])}")
        for probe in (results or {}).get("bias") or ()
        for group in probe["groups"]
        if group["arm"] == arm
    ]
    yield _table(("probe", "group", "items", "value", "without bias"), rows) if rows else "Not measured."


def _use(data: Mapping[str, Any], results: Mapping[str, Any] | None) -> Iterable[str]:
    kinds = f", which are about {data['labels']:,} kinds of request" if data["labels"] else ""
    yield "## Intended use"
    yield f"Answering questions of the kind that its training examples hold{kinds}. It was neither trained nor tested for anything else."
    limits = [
        "What it says may be wrong, also where it sounds sure: a person should check what matters.",
        "What the base model learnt before, with its faults, is still in it.",
        *(["There was no validation split, so nobody knows whether fewer steps would have been better."] if not data["validation"] else []),
        *map(_plain, (results or {}).get("limits") or ()),
    ]
    yield "## Limits\n\n" + "\n".join(f"- {limit}" for limit in limits)


def _estimate(value: Mapping[str, Any] | None) -> str:
    if not value or value["mean"] is None:
        return "-"
    interval = "" if value["low"] is None else f" ({value['low']:.3f} to {value['high']:.3f})"
    return f"{value['mean']:.3f}{interval}"


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (heads, ["---"] * len(heads), *rows))


def _plain(text: str) -> str:
    """Words from elsewhere in one line, without what Markdown or HTML would act on."""
    line = " ".join(str(text).split()).replace("`", "'").replace("<", "&lt;").replace(">", "&gt;")
    for sign in "\\*[]|":
        line = line.replace(sign, f"\\{sign}")
    return line
