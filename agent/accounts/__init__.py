"""Edge: the configuration file and the secrets.

Nothing is imported here: `agent.accounts.settings` loads pydantic, which takes most of a second that only some commands owe.
"""
