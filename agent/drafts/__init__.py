"""Pure: from what is due to the text of a draft, the last checks on it, and its bytes.

`compose` is the way in: it chooses a wording, fills it with what is known and checks the result.
`draft_bytes` makes the mail of it.
"""

from agent.drafts.compose import compose
from agent.drafts.draft import Draft, Refused, User
from agent.drafts.mail import DRAFT_HEADER, draft_bytes, draft_message_id
from agent.drafts.templates import Templates

__all__ = ["DRAFT_HEADER", "Draft", "Refused", "Templates", "User", "compose", "draft_bytes", "draft_message_id"]
