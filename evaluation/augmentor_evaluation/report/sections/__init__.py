"""The sections, in the order in which a person decides."""

from .ablations import Ablations
from .answers import Answers
from .arms import Arms
from .cost import Cost
from .diversity import Diversity
from .funnel import Funnel
from .harm import Harm
from .judge import JudgeHealth
from .leakage import Leakage
from .lineage import Families
from .provenance import Provenance
from .slices import Slices
from .training import Training
from .verdict import Verdict

SECTIONS = (Verdict, Arms, Ablations, JudgeHealth, Answers, Slices, Training, Funnel, Families, Diversity, Leakage, Harm, Cost, Provenance)
