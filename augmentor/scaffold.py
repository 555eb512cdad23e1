"""Files to start from: a recipe with data, a plugin."""

from __future__ import annotations

_RECIPE = """\
# What `augmentor run` does. Everything that is left out has a default; the run folder's recipe.resolved.yaml shows them all.
name: first

data:
  path: data.csv            # your questions and answers: CSV, JSONL, JSON, Parquet; columns are guessed and said

test:
  path: test.csv            # questions in other words that people really ask, with the answer that is right

augment:
  - rephrase: {n: 8}        # other words and situations
  - persona: {n: 2}         # as different people type it
  - noise: {n: 1}           # typos

trainer:
  huggingface: {model: smollm2-135m-instruct}   # get it with: augmentor models fetch smollm2-135m-instruct
"""

_DATA = """\
question,answer,topic
How do I reset my password?,Open the login page and choose Forgot password; the link we send works for 30 minutes.,password
How do I cancel my order?,Open Orders and choose Cancel; until it is packed this is free.,cancel order
When will my parcel arrive?,We deliver within three working days; the tracking link is in the dispatch e-mail.,delivery time
How do I change my delivery address?,Open Account and choose Addresses; orders that are packed keep the old one.,address
Can I return a product?,You can send it back within 60 days; the label is in the box.,return
How do I download my invoice?,Open Orders and choose Invoice beside the order.,invoice
Why was my card declined?,Your bank has to approve the first payment; confirm it in the bank's app and try again.,card declined
How do I close my account?,Write to us from your account's e-mail address; we close it within two days.,close account
"""

_TEST = """\
question,answer,topic
I can't get in any more and the old secret word is forgotten,Open the login page and choose Forgot password; the link we send works for 30 minutes.,password
I bought the wrong thing by mistake please don't send it,Open Orders and choose Cancel; until it is packed this is free.,cancel order
"""


def starter_files() -> dict[str, str]:
    """A recipe, data and test file, by name."""
    return {"recipe.yaml": _RECIPE, "data.csv": _DATA, "test.csv": _TEST}


def plugin_files(name: str) -> dict[str, str]:
    """A plugin with one strategy, as a package that can be installed, by path."""
    module = f"augmentor_{name}"
    title = "".join(part.capitalize() for part in name.split("_"))
    return {
        "pyproject.toml": f"""\
[project]
name = "augmentor-{name.replace("_", "-")}"
version = "0.1.0"
dependencies = ["augmentor-toolkit"]

[project.entry-points.augmentor]
{name} = "{module}"

[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"

[tool.hatch.build.targets.wheel]
only-include = ["{module}.py", "test_{module}.py"]
""",
        f"{module}.py": f'''\
"""What this strategy is for, in a sentence."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from augmentor import hookimpl


@dataclass(frozen=True)
class {title}:
    """Say the same with `mark` behind it. This docstring is the help that users read; the fields are the options."""

    mark: str = "!"

    def vary(self, text: str, rng: Random) -> Iterator[str]:
        yield text.rstrip(".!?") + self.mark


@hookimpl
def augmentor_register_strategies(register) -> None:
    register({title}, "{name}")
''',
        f"test_{module}.py": f"""\
from random import Random

from augmentor.testing import check_strategy
from {module} import {title}


def test_it_keeps_the_rules():
    check_strategy({title}())


def test_it_puts_the_mark_behind_the_text():
    assert list({title}().vary("Hello.", Random(0))) == ["Hello!"]
""",
    }
