"""Makes `agent/learned/weights.npz` and its card from the project's own corpus: `make train`."""
