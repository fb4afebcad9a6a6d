"""What lies in the mailbox and in the downloads of the reader of the pages; all of it is told from now."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime

READER = "alex@mail.example"
TRACKED = """- id: acme-backend
  company: Acme Robotics
  role: Backend Engineer
  domains: [acme.example]
  applied_on: {applied}
  contacts: [{{name: Dana Cole, email: dana@acme.example, role: recruiter}}]
"""


def business_days_ago(now: datetime, count: int, hour: int) -> datetime:
    """Return an hour (UTC) of a day so many business days before `now`."""
    day = now
    while count:
        day -= timedelta(days=1)
        count -= day.weekday() < 5
    return day.replace(hour=hour, minute=0, second=0, microsecond=0)


def tracked(now: datetime) -> str:
    """Return the interviews file of the reader."""
    return TRACKED.format(applied=business_days_ago(now, 20, 9).date())


def letters(now: datetime) -> Iterator[tuple[str, datetime, bytes]]:
    """Yield folder, time of arrival and bytes: a search in which an interview is over and the answer is waited for."""
    dana, talk = "Dana Cole <dana@acme.example>", business_days_ago(now, 8, 14)
    yield _letter(
        business_days_ago(now, 19, 10),
        "Acme Robotics Careers <careers@acme.example>",
        "Your application as Backend Engineer at Acme Robotics",
        "Dear Alex,\n\nthank you for applying for the Backend Engineer role at Acme Robotics. We have received your application "
        "and will be in touch.\n\nAcme Robotics Careers\n",
        "received@acme.example",
    )
    yield _letter(
        business_days_ago(now, 12, 11),
        dana,
        "Backend Engineer at Acme Robotics",
        "Hi Alex,\n\nwe would like to invite you to an interview for the Backend Engineer role. Which times suit you next "
        "week?\n\nBest,\nDana\n",
        "invite@acme.example",
    )
    yield _letter(
        business_days_ago(now, 11, 11),
        dana,
        "Re: Backend Engineer at Acme Robotics",
        f"Hi Alex,\n\nyour interview is confirmed for {talk:%A, %d %B} at {talk:%H:%M} UTC. I look forward to meeting you.\n\n"
        "Best,\nDana\n",
        "times@acme.example",
        answers="invite@acme.example",
    )
    yield _letter(
        business_days_ago(now, 3, 9),
        "Birch Talent <talent@birch.example>",
        "Your application for Data Analyst at Birch Labs",
        "Dear Alex,\n\nthank you for applying for the Data Analyst role at Birch Labs. We have received your application and "
        "will review it.\n\nBirch Talent\n",
        "received@birch.example",
    )


def _letter(
    at: datetime, sender: str, subject: str, text: str, message_id: str, *, answers: str = ""
) -> tuple[str, datetime, bytes]:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, f"Alex Example <{READER}>", subject
    letter["Date"], letter["Message-ID"] = format_datetime(at), f"<{message_id}>"
    if answers:
        letter["In-Reply-To"] = letter["References"] = f"<{answers}>"
    domain = message_id.partition("@")[2]
    letter["Authentication-Results"] = f"mx.mail.example; dkim=pass header.d={domain}; dmarc=pass header.from={domain}"
    letter.set_content(text)
    return "INBOX", at, letter.as_bytes()


def mbox(now: datetime) -> bytes:
    """Return the same letters as an mbox, as a provider's export has them."""
    return b"".join(
        b"From MAILER-DAEMON " + at.astimezone(UTC).strftime("%a %b %d %H:%M:%S %Y").encode() + b"\n" + raw + b"\n"
        for _, at, raw in letters(now)
    )


DOWNLOADS = {
    "huntr.csv": "Title,Company,List,Date Added,URL\nData Analyst,Birch Labs,Applied,2026-10-01,https://birch.example/jobs/1\n",
    "applications.csv": "Company,Position,Status,Date Applied\nCedar Works,Platform Engineer,Applied,2026-10-05\n",
}
"""Files by name: what trackers and spreadsheets export."""
