"""`python -m augmentor_plugins.lexicon check FILE...`"""

import sys
from pathlib import Path

from .checking import check

faults = [fault for name in sys.argv[2:] for fault in check(Path(name))]
print(*faults, sep="\n") if faults else print("no faults")
print(f"{len(faults)} faults")
sys.exit(bool(faults))
