"""One small job search, told from now: what each message must lead to was worked out by hand."""

from datetime import datetime, timedelta

from agent.mailbox import FolderRole
from tests.letters import letter, request

INTERVIEWS = """
- id: acme-backend
  company: Acme Robotics
  domains: [acme.example]
  role: Backend Engineer
  applied_on: 2026-01-05
  timezone: Europe/London
  contacts:
    - {name: Dana Cole, email: dana@acme.example, role: recruiter}
- id: birch-data
  company: Birch Analytics
  domains: [birch.example]
  role: Data Engineer
  timezone: Europe/London
  contacts:
    - {name: Ines Moreau, email: ines@birch.example, role: hiring_manager}
- id: cedar-platform
  company: Cedar Mutual
  domains: [cedar.example]
  role: Platform Engineer
  timezone: Europe/London
  contacts:
    - {name: Tom Okafor, email: tom@cedar.example, role: recruiter}
"""


def messages(now: datetime) -> list[tuple[FolderRole, datetime, bytes]]:
    """Return the mail of the search, oldest first: folder, when it came in, bytes.

    Acme invites and waits for an answer; Birch rejects, vouched for; Cedar receives a forged rejection after a genuine receipt.
    """
    hours = [(now - timedelta(hours=each)).replace(microsecond=0) for each in range(60)]
    return [
        (
            FolderRole.INBOX,
            hours[50],
            letter(
                message_id="<receipt@cedar.example>",
                at=hours[50],
                sender="Tom Okafor <tom@cedar.example>",
                subject="Your application to Cedar Mutual",
                body="Dear Robin,\n\nThank you for applying for the Platform Engineer position. We have received your "
                "application and will review it.\n\nKind regards\nTom Okafor\n",
            ),
        ),
        (
            FolderRole.INBOX,
            hours[30],
            letter(
                message_id="<rejection@birch.example>",
                at=hours[30],
                sender="Ines Moreau <ines@birch.example>",
                subject="Data Engineer at Birch Analytics",
                body="Dear Robin,\n\nThank you for taking the time to speak with us. Unfortunately, we have decided not to "
                "move forward with your application for the Data Engineer role.\n\nAll the best\nInes\n",
            ),
        ),
        (
            FolderRole.INBOX,
            hours[6],
            letter(
                message_id="<invitation@acme.example>",
                at=hours[6],
                sender="Dana Cole <dana@acme.example>",
                subject="Interview for Backend Engineer",
                body="Hi Robin,\n\nWe would like to invite you to an interview for the Backend Engineer role. "
                "Could you let me know your availability next week?\n\nBest\nDana\n",
            ),
        ),
        (
            FolderRole.INBOX,
            hours[4],
            letter(
                message_id="<forged@elsewhere.example>",
                at=hours[4],
                sender="Tom Okafor <tom@cedar.example>",
                subject="Platform Engineer",
                body="Dear Robin,\n\nWe regret to inform you that we will not be moving forward with your application.\n\nTom\n",
                vouched="fail",
            ),
        ),
        (
            FolderRole.INBOX,
            hours[3],
            letter(
                message_id="<alert@jobs.example>",
                at=hours[3],
                sender="Job Alerts <alerts@jobs.example>",
                subject="12 new jobs for you: Backend Engineer",
                body="Backend Engineer at Acme Robotics. Platform Engineer at Cedar Mutual. Apply now!\n\nUnsubscribe\n",
                headers=(("List-Unsubscribe", "<https://jobs.example/u>"),),
            ),
        ),
    ]


def calendar_invitation(*, start: datetime, uid: str, at: datetime) -> bytes:
    """Return a mail of Acme's with a calendar part that fixes an interview of an hour."""
    return letter(
        message_id=f"<{uid}>",
        at=at,
        sender="Dana Cole <dana@acme.example>",
        subject="Invitation: Interview Backend Engineer",
        body="Hi Robin,\n\nyour interview is confirmed, details in the attached invitation.\n\nDana\n",
        calendar=request(
            uid=uid,
            start=start,
            end=start + timedelta(hours=1),
            summary="Interview Backend Engineer",
            organizer="dana@acme.example",
        ),
    )
