"""`python -m diavlex` is `diavlex`."""

import sys

from diavlex.cli.main import main

sys.exit(main())
