"""The arms of a run: train what is to be trained, then have every arm answer the test questions."""

from __future__ import annotations

import shutil
from collections.abc import Collection, Mapping
from pathlib import Path

from ..plugins import plugins
from ..protocols import ArmPredictions, Trainer
from ..recipe import Recipe
from .contenders import Contender, contenders
from .folder import RunFolder, key_of
from .predicting import answered, predict, questions_of
from .probing import likelihoods_known, probe, read_likelihoods
from .training import matched_steps, settles, train

__all__ = ["Contender", "arms_stage", "contenders", "predict"]


def arms_stage(run: RunFolder, recipe: Recipe, files: Mapping[str, Path], added: Collection[str] = ()) -> list[ArmPredictions]:
    """Train and question every contender -> `models/ARM.SEED/`, `predictions/ARM.SEED.jsonl`.

    Args:
        run: the run folder.
        recipe: whose arms take part.
        files: what each tuned arm trains on.
        added: arms that an experiment added. They get the steps that the others get, train only where their answers are not there
            yet, and lose their weights afterwards unless the recipe keeps them.
    """
    trainer: Trainer = plugins()["trainer"].make(recipe.trainer)
    steps = recipe.steps or matched_steps(trainer, {arm: path for arm, path in files.items() if arm not in added})
    questions = questions_of(run, recipe)
    found = []
    for contender in contenders(recipe):
        model = basis = trainer.base_model
        if contender.arm in files:
            depends_on = settles(run, recipe, contender, files[contender.arm], steps)
            basis = key_of(depends_on)
            known = answered(run, recipe, contender, basis, questions) and likelihoods_known(run, recipe, contender, basis)
            if contender.arm not in added or not known:
                model = train(run, trainer, contender, files[contender.arm], steps, depends_on)
        predict(run, recipe, contender, model, questions, basis)
        likelihoods = read_likelihoods(run, recipe, contender, model, questions, basis)
        if contender.arm not in added:
            probe(run, recipe, contender, model, questions, basis)
        if contender.arm in added and not recipe.experiment.keep:
            shutil.rmtree(run / f"models/{contender.name}/work", ignore_errors=True)
        found.append(ArmPredictions(contender.arm, contender.seed, run / f"predictions/{contender.name}.jsonl", likelihoods))
    return found
