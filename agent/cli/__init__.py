"""Edge: the commands, one file a group, each imported when it is called."""
