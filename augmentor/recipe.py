"""The recipe: what a run does, as YAML, validated, with every default written out."""

from __future__ import annotations

import difflib
from pathlib import Path
from typing import Any, Literal

import msgspec

from .errors import RecipeError, UsageError
from .generation import Account, price_of_generator
from .naming import named
from .plugins import plugins
from .registry import Spec
from .splits import Split

Component = str | dict[str, Any]


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the team's text is. Paths are relative to the recipe."""

    path: str
    format: str = "auto"
    columns: dict[str, str] = {}


class SplitSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How to split; see `augmentor.splits.Split`. `test` is not used when the recipe names a test file.

    `auto` splits by label when there is a test file (every label has to be trained on), by root otherwise.
    """

    by: Literal["auto", "root", "label"] = "auto"
    test: float = 0.1
    validation: float = 0.1
    key: str | None = None
    stratify: str | None = None
    time: str | None = None
    alike: float = 0.6


class TrainPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Training data made for one arm: `augment` and `filters` are the recipe's where left out, on a `share` of the sources.

    The share is drawn by root; the roots of a smaller share are among those of a larger one.
    """

    augment: list[Component] | None = None
    filters: list[Component] | None = None
    share: float = 1.0


class Arm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One contender: a model, told something or not, tuned on something or not.

    `train` is `original`, `augmented`, a data file, a plan (`TrainPlan`), or null for the untuned model. `prompt` is a system prompt;
    `shots` puts that many training examples before the question.
    """

    train: str | TrainPlan | None = None
    prompt: str = ""
    shots: int = 0


class Evaluation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How arms are compared. `questions` caps the test questions (0: all), drawn evenly over labels.

    `judges` are language models that say which answers are better; `probes` look at what a model does beyond the test questions,
    such as treating people alike. `gates` are conditions such as `rouge_l.delta.low > 0` that the results have to meet.
    """

    metrics: list[Component] = msgspec.field(default_factory=lambda: ["rouge_l", "exact_match", "token_f1"])
    judges: list[Component] = []
    probes: list[Component] = []
    headline: str = "rouge_l"
    subject: str = "tuned-augmented"
    baseline: str = "tuned-original"
    ceiling: str | None = None
    questions: int = 0
    max_tokens: int = 64
    confidence: float = 0.95
    gates: list[str] = []


class Budget(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the run may take of the model that `generator` names; null means no limit.

    `max_tokens` counts what the model writes, `max_cost` is in US dollars.
    """

    max_tokens: int | None = None
    max_cost: float | None = None


class Experiment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which arms to add, to learn what each part of the recipe is worth; see docs/experiments.md.

    `leave_out` and `alone` add an arm for each strategy, `filters` one for each filter that is switched off, `curve` two for each
    percentage of the sources. A gain below `least`, in the headline metric's unit, would not be worth the trouble. The weights of
    these arms are removed once they have answered, unless `keep` says otherwise.
    """

    leave_out: bool = False
    alone: bool = False
    filters: bool = False
    curve: list[int] = []
    least: float = 0.01
    keep: bool = False

    @property
    def asks(self) -> bool:
        """Whether any arm is to be added."""
        return bool(self.leave_out or self.alone or self.filters or self.curve)


ARMS = {
    "base": Arm(),
    "prompted": Arm(prompt="You are a helpful support assistant. Answer the customer's question in one or two sentences.", shots=3),
    "tuned-original": Arm(train="original"),
    "tuned-augmented": Arm(train="augmented"),
}


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A whole run. Every list of components takes names, `name:option=value`, or `name: {option: value}`."""

    data: Data
    name: str = "run"
    seed: int = 0
    seeds: list[int] = msgspec.field(default_factory=lambda: [0])
    clean: list[Component] = msgspec.field(default_factory=lambda: [
            "mojibake", "markup", "mail", "whitespace", "length", "refusal", "privacy", "toxicity", "exact_duplicate", "near_duplicate", "leakage",
        ])
    test: Data | None = None
    split: SplitSettings = SplitSettings()
    augment: list[Component] = msgspec.field(default_factory=lambda: ["rephrase", "persona", "noise"])
    turns: Literal["first", "last", "all"] = "first"
    generator: Component | None = None
    budget: Budget = Budget()
    filters: list[Component] = msgspec.field(default_factory=lambda: ["length", "exact_duplicate", "near_duplicate", "leakage", "privacy", "toxicity", "bias"])
    trainer: Component = "huggingface"
    steps: int | None = None
    answer_with: Component = "transformers"
    arms: dict[str, Arm] = msgspec.field(default_factory=lambda: dict(ARMS))
    experiment: Experiment = Experiment()
    evaluate: Evaluation = Evaluation()

    def how_to_split(self) -> Split:
        """The split; none is taken from the data for testing when there is a test file."""
        settings = self.split
        by: Literal["root", "label"] = ("label" if self.test else "root") if settings.by == "auto" else settings.by
        return Split(by, 0.0 if self.test else settings.test, settings.validation, settings.key, settings.stratify, settings.time, settings.alike)


LISTS = {"clean": "filter", "augment": "strategy", "filters": "filter"}
EVALUATION_LISTS = {"metrics": "metric", "judges": "judge", "probes": "probe"}


def read_recipe(path: Path, overrides: dict[str, Any] | None = None) -> Recipe:
    """The recipe in a file, checked down to the options of every component.

    Raises:
        RecipeError: the file cannot be read, or says something it cannot mean; names the place and the nearest known word.
    """
    try:
        raw = msgspec.yaml.decode(path.read_bytes())
    except FileNotFoundError:
        raise RecipeError(f"there is no recipe {path}. Make a starter with: augmentor init {path.parent}") from None
    except (msgspec.DecodeError, OSError, UnicodeDecodeError) as error:
        raise RecipeError(f"{path}: this is no YAML: {error}") from None
    if not isinstance(raw, dict):
        raise RecipeError(f"{path}: a recipe is a mapping with at least 'data: {{path: FILE}}'")
    for key, value in (overrides or {}).items():
        _override(raw, key.split("."), value)
    try:
        recipe = msgspec.convert(raw, Recipe)
    except msgspec.ValidationError as error:
        raise RecipeError(f"{path}: {error}{_nearest(str(error))}") from None
    try:
        check(recipe)
    except UsageError as error:
        raise RecipeError(f"{path}: {error}") from None
    return recipe


def specs(recipe: Recipe, field: str) -> tuple[Spec, ...]:
    """The components of one list of the recipe."""
    return tuple(canonical(LISTS[field], item) for item in getattr(recipe, field))


def canonical(kind: str, item: Component) -> Spec:
    """A component with the options that are not at their defaults, in its own order: the same, however a recipe writes it.

    Chance, lineage and what a stage depended on go by this, so that the resolved recipe does what the recipe did.
    """
    registry = plugins()[kind]
    component, name = registry.make(item), registry.parse(item).name
    set_to = {option.name: getattr(component, option.name) for option in registry.options(name) if option.required or getattr(component, option.name) != option.default}
    return Spec(name, msgspec.to_builtins(set_to, enc_hook=str))


def check(recipe: Recipe) -> None:
    """Raise `UsageError` where a component or its options do not exist, or arms do not fit together."""
    for field, kind in LISTS.items():
        for item in getattr(recipe, field):
            plugins()[kind].make(item)
    plugins()["trainer"].make(recipe.trainer)
    plugins()["generator"].parse(recipe.answer_with)
    if recipe.generator is not None:
        price = price_of_generator(plugins()["generator"].make(recipe.generator))
        Account(price, recipe.budget.max_tokens, recipe.budget.max_cost)  # refuses a cap on the cost of a model without a price
    metrics = list(named("metric", recipe.evaluate.metrics))
    check_questioning(recipe)
    if recipe.evaluate.headline not in metrics:
        raise RecipeError(f"evaluate.headline {recipe.evaluate.headline!r} is not among evaluate.metrics: {', '.join(metrics)}")
    for role in ("subject", "baseline", "ceiling"):
        arm = getattr(recipe.evaluate, role)
        if arm is not None and arm not in recipe.arms:
            raise RecipeError(f"evaluate.{role} {arm!r} is not among the arms: {', '.join(recipe.arms)}")
    for name, arm in recipe.arms.items():
        if isinstance(arm.train, TrainPlan):
            _check_plan(name, arm.train)
        if not name.replace("-", "").replace("_", "").isalnum() or not name.isascii():
            raise RecipeError(f"the arm {name!r} names files: use letters, digits, '-' and '_'")
    curve = recipe.experiment.curve
    if any(not 1 <= percent <= 100 for percent in curve) or len(set(curve)) < len(curve):
        raise RecipeError(f"experiment.curve is a list of different percentages from 1 to 100, not {curve}")
    if not recipe.seeds or len(set(recipe.seeds)) < len(recipe.seeds):
        raise RecipeError("'seeds' must be a list of different whole numbers, at least one")


def check_questioning(recipe: Recipe) -> None:
    """Raise `UsageError` where a judge has no generator, or the models' generator cannot give what metrics and probes need."""
    for judge in named("judge", recipe.evaluate.judges).values():
        plugins()["generator"].make(judge.generator)
    spec = plugins()["generator"].parse(recipe.answer_with)
    for kind in ("metric", "probe"):
        for name, component in named(kind, recipe.evaluate.metrics if kind == "metric" else recipe.evaluate.probes).items():
            if getattr(component, "likelihoods", False) and not hasattr(plugins()["generator"].find(spec.name), "likelihoods"):
                raise RecipeError(f"the {kind} {name!r} needs log-likelihoods, which the generator {spec.name!r} does not give; answer with 'transformers', or leave it out")


def _check_plan(name: str, plan: TrainPlan) -> None:
    if not 0 < plan.share <= 1:
        raise RecipeError(f"arm {name!r}: 'share' is above 0 and at most 1, not {plan.share:g}")
    for field in ("augment", "filters"):
        for item in getattr(plan, field) or ():
            plugins()[LISTS[field]].make(item)


def resolved(recipe: Recipe) -> bytes:
    """The recipe as YAML with every default written out, options of components included."""
    fields = msgspec.to_builtins(recipe)
    for field, kind in LISTS.items():
        fields[field] = [_written_out(kind, item) for item in getattr(recipe, field)]
    for arm in fields["arms"].values():
        if isinstance(arm["train"], dict):
            for field in ("augment", "filters"):
                if arm["train"][field] is not None:
                    arm["train"][field] = [_written_out(LISTS[field], item) for item in arm["train"][field]]
    fields["trainer"] = _written_out("trainer", recipe.trainer)
    for field, kind in EVALUATION_LISTS.items():
        fields["evaluate"][field] = [_written_out(kind, item) for item in getattr(recipe.evaluate, field)]
    return msgspec.yaml.encode(fields)


def _written_out(kind: str, item: Component) -> Any:
    registry = plugins()[kind]
    component = registry.make(item)
    options = {option.name: getattr(component, option.name) for option in registry.options(registry.parse(item).name)}
    return {registry.parse(item).name: msgspec.to_builtins(options, enc_hook=str)}


def _override(raw: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        raw = raw.setdefault(key, {})
        if not isinstance(raw, dict):
            raise RecipeError(f"--set {'.'.join(keys)}: {key!r} holds no settings")
    raw[keys[-1]] = msgspec.yaml.decode(value) if isinstance(value, str) else value


def _nearest(message: str) -> str:
    if "unknown field" not in message:
        return ""
    word = message.split("`")[1]
    known = [name for struct in (Recipe, Data, SplitSettings, Arm, TrainPlan, Experiment, Evaluation, Budget) for name in struct.__struct_fields__]
    near = difflib.get_close_matches(word, known, n=1)
    return f". Did you mean {near[0]!r}?" if near else f". Known: {', '.join(Recipe.__struct_fields__)}"
