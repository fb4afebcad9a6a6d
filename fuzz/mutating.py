"""Changes to an input that chance seldom makes: repeats, nesting, torn characters, lengths that lie, two inputs in one."""

import random

_NUMBERS = (b"0", b"-1", b"1", b"255", b"65536", b"4294967296", b"99999999999999999999")


def mutated(data: bytes, words: tuple[bytes, ...], longest: int, seed: int) -> bytes:
    """Return `data` with one such change, the same for the same seed, at most `longest` octets."""
    chance = random.Random(seed)  # noqa: S311 (nothing secret)
    change = chance.choice((_repeat, _nest, _tear, _lie, _put, _put, _put, _swap))
    return change(bytearray(data), words, chance, longest)[:longest]


def _span(data: bytearray, chance: random.Random) -> tuple[int, int]:
    start = chance.randint(0, len(data))
    return start, chance.randint(start, min(len(data), start + chance.choice((1, 4, 40, 400, 4000))))


def _repeat(data: bytearray, words: tuple[bytes, ...], chance: random.Random, longest: int) -> bytes:
    start, end = _span(data, chance)
    piece = bytes(data[start:end]) or chance.choice(words)
    times = min(chance.choice((2, 10, 100, 1000, 30_000)), max(1, (longest - len(data)) // len(piece)))
    return bytes(data[:end]) + piece * times + bytes(data[end:])


def _nest(data: bytearray, _: tuple[bytes, ...], chance: random.Random, longest: int) -> bytes:
    inside = bytes(data)
    for number in range(chance.choice((1, 3, 40))):
        mark = f"n{number % chance.choice((1, 7, 100))}".encode()
        kind = chance.choice((b"multipart/mixed", b"multipart/alternative", b"multipart/report", b"multipart/digest"))
        inside = b"Content-Type: " + kind + b"; boundary=" + mark + b"\n\n--" + mark + b"\n" + inside + b"\n--" + mark + b"--\n"
        if len(inside) > longest:
            break
    return inside


def _tear(data: bytearray, _: tuple[bytes, ...], chance: random.Random, __: int) -> bytes:
    wide = [at for at, octet in enumerate(data) if octet > 0x7F] or list(range(len(data)))
    if wide:
        del data[chance.choice(wide)]
    return bytes(data)


def _lie(data: bytearray, _: tuple[bytes, ...], chance: random.Random, __: int) -> bytes:
    digits = [at for at, octet in enumerate(data) if 0x30 <= octet <= 0x39]
    if digits:
        at = chance.choice(digits)
        data[at : at + 1] = chance.choice(_NUMBERS)
    return bytes(data)


def _put(data: bytearray, words: tuple[bytes, ...], chance: random.Random, _: int) -> bytes:
    start, end = _span(data, chance)
    data[start : end if chance.random() < 0.3 else start] = chance.choice(words or (b"a",))
    return bytes(data)


def _swap(data: bytearray, _: tuple[bytes, ...], chance: random.Random, __: int) -> bytes:
    lines = bytes(data).split(b"\n")
    one, other = chance.randrange(len(lines)), chance.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)
