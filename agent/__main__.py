"""`python -m agent` is `interview-agent`."""

import sys

from agent.cli.main import main

sys.exit(main())
