"""The pages of docs/reference, made from the code: `python -m tests.project.reference` writes them anew."""
