"""Edge: the YAML that users edit, read from the shipped folder with the user's folder laid over it.

Each file of this room turns one kind of YAML into the values of the pure room that uses them; all errors of a file are told at
once, each with file, line, column, what is wrong and how to mend it.
"""

from agent.rulebook.problems import RuleProblem, RulesRefused

__all__ = ["RuleProblem", "RulesRefused"]
