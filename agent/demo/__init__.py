"""The mail of the demo: a job search in progress, and the embedded IMAP server that serves it."""
