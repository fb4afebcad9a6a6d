"""What stands in for systemd: it hears what the service says on its socket."""

import socket
import threading


class Manager:
    """The service manager: it listens all the time, for the socket holds only a few words."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening
        self._words: list[str] = []
        self._heard = threading.Condition()
        self.thread = threading.Thread(target=self._listen)

    def heard(self) -> list[str]:
        """Return all that has been said since the last time, without what the policy plans next."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as asking, self._heard:
            asking.sendto(b"?", self._listening.getsockname())
            assert self._heard.wait_for(lambda: "?" in self._words, 10)
            words = [word.partition(", next by the clock")[0] for word in self._words[: self._words.index("?")]]
            self._words.clear()
            return words

    def hears_within(self, seconds: float, number: int = 1) -> list[str]:
        """Wait until so many words have been said, at most so long; return what has been said."""
        with self._heard:
            self._heard.wait_for(lambda: len(self._words) >= number, seconds)
            return self._words[:number]

    def _listen(self) -> None:
        while (word := self._listening.recv(4096).decode()) != "end":
            with self._heard:
                self._words.append(word)
                self._heard.notify_all()
