"""What all rules files have in common: how ids, sentences and requirements look."""

from typing import Annotated

from pydantic import StringConstraints

Line = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
"""Text that is not empty."""
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]
"""Name of a rule, a frame or a wording."""
Requirement = Annotated[str, StringConstraints(pattern=r"^[A-E][1-9][0-9]?$")]
"""Id of a guide requirement, such as B4."""
