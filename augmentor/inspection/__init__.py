"""What is in a data set: counted in one pass and bounded memory, looked over by the filters, judged in a sentence."""

from .counting import LABELS, approximate_tokens, balance, spread
from .inspecting import EXAMPLES, inspect
from .result import Advice, Checked, Inspection, Odd, Shown, Spread, Table, Verdict

__all__ = [
    "EXAMPLES",
    "LABELS",
    "Advice",
    "Checked",
    "Inspection",
    "Odd",
    "Shown",
    "Spread",
    "Table",
    "Verdict",
    "approximate_tokens",
    "balance",
    "inspect",
    "spread",
]
