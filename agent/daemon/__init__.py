"""Edge: when to wake, how to stop, and one pass over the mailbox."""
