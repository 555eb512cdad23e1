"""A Hugging Face text classifier that says how abusive texts are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from augmentor.errors import BadOption

from ...models.loading import _loading, _source, choose_device, require

if TYPE_CHECKING:
    import torch

_BATCH = 32
_LONGEST = 512
_OVERLAP = 32
_BAD = re.compile(r"tox|hate|offens|insult|threat|obscen|abus|attack|profan|sexual|harass|violen|bully|racis|sexis", re.IGNORECASE)
_GOOD = re.compile(r"^(?:non|not|no|neutral|normal|safe|clean|ok|acceptable)(?:[\W_]|(?=tox|hat|off|abus|ins))", re.IGNORECASE)


def abusiveness(reference: str, texts: Sequence[str], labels: tuple[str, ...] = ()) -> list[float]:
    """How sure a classifier is that each text is abusive, 0 to 1, to 4 places.

    The probability of the abusive labels together where a text has one label, the highest of them where it may have several. A text
    longer than the model reads is read in overlapping pieces, of which the worst counts. Weights are read from safetensors
    only, and no code of the model's is run.

    Args:
        reference: a directory, a fetched model or a Hugging Face name.
        texts: what to judge; an empty one is not abusive.
        labels: the labels that mean abuse; empty: those whose name says so (`toxic`, `hate`, `LABEL_1` beside `LABEL_0` ...).

    Raises:
        MissingExtra: transformers is not installed.
        GenerationError: there is no such model.
        BadOption: it has no such label, or none that names abuse.
    """
    tokenizer, model = _loaded(reference)
    wanted = _positions(reference, {int(place): str(name) for place, name in model.config.id2label.items()}, labels)
    worst = [0.0] * len(texts)
    order = sorted((place for place, text in enumerate(texts) if text.strip()), key=lambda place: (len(texts[place]), texts[place]))
    for start in range(0, len(order), _BATCH):
        batch = order[start : start + _BATCH]
        for owner, score in _scores(tokenizer, model, [texts[place] for place in batch], wanted):
            worst[batch[owner]] = max(worst[batch[owner]], round(score, 4))
    return worst


@cache
def _loaded(reference: str) -> tuple[Any, Any]:
    require("torch", "transformers")
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    source = _source(reference)
    with _loading(reference):
        tokenizer = AutoTokenizer.from_pretrained(**source)
        model = AutoModelForSequenceClassification.from_pretrained(**source, use_safetensors=True)
    return tokenizer, model.eval().to(choose_device(None))


def _positions(reference: str, names: dict[int, str], labels: tuple[str, ...]) -> list[int]:
    unknown = set(labels) - set(names.values())
    if unknown:
        raise BadOption(f"the classifier '{reference}' has no label {min(unknown)!r}; it has {', '.join(names.values())}")
    found = [place for place, name in names.items() if (name in labels if labels else _BAD.search(name) and not _GOOD.search(name))]
    if not found and not labels and [names[place].upper() for place in sorted(names)] == ["LABEL_0", "LABEL_1"]:
        found = [1]
    if not found:
        raise BadOption(f"which labels of the classifier '{reference}' mean abuse? Name them in `labels`; it has {', '.join(names.values())}")
    return found


def _scores(tokenizer: Any, model: Any, texts: list[str], wanted: list[int]) -> list[tuple[int, float]]:
    """For each piece of a text: the number of the text, and its score."""
    import torch

    longest = min(tokenizer.model_max_length, getattr(model.config, "max_position_embeddings", None) or _LONGEST, _LONGEST)
    if model.config.model_type in {"roberta", "xlm-roberta", "camembert"}:
        longest = min(longest, model.config.max_position_embeddings - 2)  # their positions begin at 2
    overlap = min(_OVERLAP, longest // 4)
    pieces = tokenizer(texts, truncation=True, max_length=longest, stride=overlap, padding=True, return_tensors="pt", return_overflowing_tokens=tokenizer.is_fast)
    owners = pieces.pop("overflow_to_sample_mapping", torch.arange(len(texts))).tolist()
    with torch.inference_mode():
        logits: torch.Tensor = model(**{name: values.to(model.device) for name, values in pieces.items()}).logits.float().cpu()
    if logits.shape[1] == 1 or model.config.problem_type == "multi_label_classification":
        scores = logits.sigmoid()[:, wanted].amax(dim=1)
    else:
        scores = logits.softmax(dim=1)[:, wanted].sum(dim=1)
    return list(zip(owners, scores.tolist(), strict=True))
