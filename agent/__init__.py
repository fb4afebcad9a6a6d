"""Interview Agent: follows a job search in one person's mailbox and drafts the right follow-up at the right moment."""

__version__ = "0.1.0"
