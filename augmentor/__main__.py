"""`python -m augmentor`"""

from .cli import main

main()
