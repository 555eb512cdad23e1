"""Vectors of tokens in their context, from an encoder model on this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from augmentor.errors import MissingExtra, UsageError

if TYPE_CHECKING:
    import numpy as np

_BATCH = 32


@dataclass(frozen=True)
class Contextual:
    """A Hugging Face encoder in a directory, read without network, pickle or code of its own."""

    model: str

    def tokens(self, texts: Sequence[str], layer: int) -> list[np.ndarray[Any, Any]]:
        """Unit vectors of each text's tokens but for the special ones, shape (tokens, dimensions); the texts in batches of like length."""
        import numpy as np
        import torch

        tokenizer, model = self._loaded
        order = sorted(range(len(texts)), key=lambda place: (-len(texts[place]), place))
        found: list[np.ndarray[Any, Any]] = [np.empty((0, 0), dtype=np.float32)] * len(texts)
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            batch = [texts[place].encode("utf-8", "replace").decode() for place in places]
            given = tokenizer(batch, return_tensors="pt", padding=True, truncation=True, max_length=self._room, return_special_tokens_mask=True)
            special = given.pop("special_tokens_mask")
            with torch.inference_mode():
                states = model(**given, output_hidden_states=True).hidden_states[layer]
            states = torch.nn.functional.normalize(states.float(), dim=-1)
            kept = (given["attention_mask"] * (1 - special)).bool()
            for row, place in enumerate(places):
                found[place] = states[row][kept[row]].numpy()
        return found

    @property
    def _room(self) -> int:
        return min(int(getattr(self._loaded[1].config, "max_position_embeddings", 512)), 512)

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        try:
            from transformers import AutoModel, AutoTokenizer
        except ImportError:
            raise MissingExtra("BERTScore on a model", "local") from None
        folder = Path(self.model).expanduser()
        if not (folder / "config.json").is_file():
            raise UsageError(f"there is no encoder model at {self.model}: name a directory with config.json, *.safetensors and a tokenizer")
        tokenizer = AutoTokenizer.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False)
        model = AutoModel.from_pretrained(str(folder), local_files_only=True, trust_remote_code=False, use_safetensors=True)
        return tokenizer, model.eval()
