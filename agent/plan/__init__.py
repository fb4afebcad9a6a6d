"""Pure: from what is new and what is known to a list of typed actions, each with its reason.

`take_in` plans for one message, `follow_up` for the clock. `once`, the daemon, `replay` and `demo` carry out the same plans.
"""
