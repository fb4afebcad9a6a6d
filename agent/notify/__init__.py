"""Edge: what leaves the machine without being a draft: the digest to the user's own address, and the word to systemd."""
