"""Edge: the configuration file and the secrets."""
