"""Charts as SVG: pure functions, sized in per cent so that they fit any screen, coloured by the page's variables.

`bars`, `lines`, `histogram` and `scatter` make a whole figure; `interval`, `axis` and `bar` make a cell of a table, where the numbers
stand beside the picture. Every figure names its unit and its n.
"""

from .bars import bar, bars, stack
from .histogram import histogram
from .interval import axis, interval, interval_kind
from .lines import Series, lines
from .scale import Scale
from .scatter import scatter
from .svg import tag

__all__ = ["Scale", "Series", "axis", "bar", "bars", "histogram", "interval", "interval_kind", "lines", "scatter", "stack", "tag"]
